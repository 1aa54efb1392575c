# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of Placement, Neutron and Nova."""

from __future__ import annotations

from pathlib import Path
from string import Template

from loopback.compute import libvirt, mariadb
from loopback.compute.chosen import Chosen
from loopback.compute.places import Places
from loopback.environment import Environment
from loopback.layout import SERVICE_PROJECT

SERVICE_USER = "compute"
NAMES = ("placement", "neutron", "cinder", "nova")
INSIDE = Path(__file__).resolve().parent / "inside"
_TEMPLATES = Path(__file__).resolve().parent / "templates"
_DRIVERS = {"fake": "loopback_fake.FakeDriver", "libvirt": "loopback_libvirt.LibvirtDriver"}


def rendered(
    name: str,
    places: Places,
    chosen: Chosen,
    *,
    packages: Environment,
    identity_url: str,
    region: str,
) -> dict[Path, str]:
    """Path -> text of the files of one of these services."""
    etc = places.rooms.etc / name
    credentials = {
        "auth_type": "password",
        "auth_url": identity_url,
        "www_authenticate_uri": identity_url,
        "username": SERVICE_USER,
        "password": chosen.password,
        "project_name": SERVICE_PROJECT,
        "user_domain_id": "default",
        "project_domain_id": "default",
        "region_name": region,
    }
    values = {
        "api_database": mariadb.url("nova_api"),
        "credentials": "\n".join(f"{key} = {value}" for key, value in credentials.items()),
        "database": mariadb.url(name),
        "driver": _DRIVERS[chosen.kind],
        "instances": places.instances,
        "libvirt": libvirt.uri(places, seen_from=places.rooms.run),
        "paste": packages.data,
        "region": region,
        "state": places.state,
    }
    template = Template((_TEMPLATES / f"{name}.conf").read_text())
    texts = {etc / f"{name}.conf": template.substitute(values)}
    if name == "nova":
        # Nova looks for it beside its configuration.
        paste = "api-paste.ini"
        texts[etc / paste] = (packages.data / name / paste).read_text()
    return texts


def variables(name: str, places: Places, chosen: Chosen) -> dict[str, str]:
    """What tells the services where their configuration is, and our drivers what to do."""
    etc = str(places.rooms.etc / name)
    if name == "placement":
        return {"OS_PLACEMENT_CONFIG_DIR": etc}
    if name == "neutron":
        return {
            "OS_NEUTRON_CONFIG_DIR": etc,
            "OS_NEUTRON_CONFIG_FILES": "neutron.conf",
            "LOOPBACK_VIF_TYPE": "tap" if chosen.boots else "ovs",
            "LOOPBACK_BRIDGE": chosen.bridge if chosen.boots else "",
        }
    if name == "cinder":
        return {
            "LOOPBACK_CINDER_CONFIG": f"{etc}/cinder.conf",
            "LOOPBACK_VOLUMES": str(places.volumes),
            "OS_CINDER_DISABLE_EVENTLET_PATCHING": "true",
            # Cinder hands work to Eventlet's threads all the same; without any, it does it itself.
            "EVENTLET_THREADPOOL_SIZE": "0",
        }
    return {
        "OS_NOVA_CONFIG_DIR": etc,
        # Threads, not Eventlet.
        "OS_NOVA_DISABLE_EVENTLET_PATCHING": "true",
        "LOOPBACK_BRIDGE": chosen.bridge,
    }
