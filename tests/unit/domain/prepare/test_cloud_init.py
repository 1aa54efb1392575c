# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""cloud-init at work: started, free to ask the cloud, and told nothing by installers."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.inspecting import (
    inspect,
)

from support.paper_guest import Link, PaperGuest, content, done

INSTALLED: dict[str, Any] = {"/usr/bin/cloud-init": "", "/usr/bin/growpart": ""}
FOLDER = "/etc/cloud/cloud.cfg.d"
# As Ubuntu's installer and curtin leave it, and as somebody does who wants no cloud-init for it.
SUBIQUITY = """\
# This is the network config written by 'subiquity'
network:
  ethernets:
    ens160:
      addresses:
      - 192.0.2.17/24
      nameservers:
        addresses: []
        search: []
      routes:
      - to: default
        via: 192.0.2.1
  version: 2
"""
CURTIN = """\
network:
  config:
  - id: eno1
    name: eno1
    subnets:
    - address: 192.0.2.17/24
      type: static
    type: physical
  version: 1
"""
NETPLAN = {
    "/usr/sbin/netplan": "",
    "/etc/netplan/50-cloud-init.yaml": (
        "network:\n  version: 2\n  ethernets:\n    ens160:\n      addresses: [192.0.2.17/24]\n"
    ),
}
# Debian 12: its generator starts the target, and the target starts what was enabled.
SYSTEMD: dict[str, Any] = {
    "/lib/systemd/systemd": "",
    "/lib/systemd/system-generators/cloud-init-generator": "",
    "/lib/systemd/system/cloud-init.target": "[Unit]\nAfter=multi-user.target\n",
    "/lib/systemd/system/cloud-init-local.service": "[Install]\nWantedBy=cloud-init.target\n",
    "/lib/systemd/system/cloud-init.service": "[Install]\nWantedBy=cloud-init.target\n",
    "/lib/systemd/system/cloud-config.service": "[Install]\nWantedBy=cloud-init.target\n",
    "/lib/systemd/system/cloud-final.service": "[Install]\nWantedBy=cloud-init.target\n",
}
ENABLED = {
    f"/etc/systemd/system/cloud-init.target.wants/{name}.service": Link(
        f"/lib/systemd/system/{name}.service"
    )
    for name in ("cloud-init-local", "cloud-init", "cloud-config", "cloud-final")
}
ALPINE: dict[str, Any] = {
    "/sbin/openrc": "",
    **{
        f"/etc/init.d/{name}": "#!/sbin/openrc-run\n"
        for name in ("cloud-init-local", "cloud-init", "cloud-config", "cloud-final")
    },
}
IN_RUNLEVELS = {
    f"/etc/runlevels/{level}/{name}": Link(f"/etc/init.d/{name}")
    for level, name in (
        ("boot", "cloud-init-local"),
        ("default", "cloud-init"),
        ("default", "cloud-config"),
        ("default", "cloud-final"),
    )
}


def _enabled(files: dict[str, Any]) -> bool:
    told = inspect(PaperGuest({**INSTALLED, **files}))["cloud_init"]["enabled"]
    assert isinstance(told, bool)
    return told


@pytest.mark.parametrize("operation", ["cloud_init", "network_dhcp"])
@pytest.mark.parametrize(
    "path, told",
    [
        (f"{FOLDER}/90-installer-network.cfg", SUBIQUITY),
        (f"{FOLDER}/50-curtin-networking.cfg", CURTIN),
    ],
)
def test_address_of_an_installer(operation: str, path: str, told: str) -> None:
    """cloud-init believes its settings rather than the cloud, and would set it up again."""
    guest = PaperGuest({**INSTALLED, **NETPLAN, path: told})
    after, _carried = done(guest, operation, "network_dhcp")
    assert content(after, path) is None
    assert content(after, "/etc/netplan/50-cloud-init.yaml") is None
    assert not done(after, operation, "network_dhcp")[1].changed


def test_what_else_is_in_such_a_file_stays() -> None:
    """Only the network is the cloud's."""
    path = f"{FOLDER}/90-site.cfg"
    guest = PaperGuest({**INSTALLED, path: f"{SUBIQUITY}preserve_hostname: true\n"})
    after, _carried = done(guest, "cloud_init")
    assert (content(after, path) or "").endswith("preserve_hostname: true\n")
    assert "192.0.2.17" not in (content(after, path) or "")


def test_no_network_by_the_kernel() -> None:
    """Without cloud-init, the guest itself asks for an address; switched on, it does not."""
    grub = {"/boot/grub/grub.cfg": "linux /k root=LABEL=r network-config=disabled ro\n"}
    guest = PaperGuest({**INSTALLED, **NETPLAN, **grub})
    alone, _carried = done(guest, "network_dhcp")
    assert "dhcp4: true" in (content(alone, "/etc/netplan/90-ethernet.yaml") or "")
    after, _carried = done(guest, "cloud_init", "network_dhcp")
    assert content(after, "/boot/grub/grub.cfg") == "linux /k root=LABEL=r ro\n"
    assert content(after, "/etc/netplan/90-ethernet.yaml") is None


def test_seeds() -> None:
    """What lies in the guest for an instance that was would win over the cloud."""
    seed = "/var/lib/cloud/seed/nocloud-net/user-data"
    guest = PaperGuest({**INSTALLED, seed: "#cloud-config\n"})
    after, carried = done(guest, "cloud_init")
    assert carried.changed
    assert content(after, seed) is None
    assert not done(after, "cloud_init")[1].changed
    # Unless that is where it shall look.
    after, _carried = done(guest, {"cloud_init": {"datasources": ["NoCloud"]}})
    assert content(after, seed) is not None


@pytest.mark.parametrize(
    "files, enabled",
    [
        ({**SYSTEMD, **ENABLED}, True),
        # The generator alone starts a target that wants nothing.
        (SYSTEMD, False),
        # CentOS 7, without a generator.
        (
            {
                "/usr/lib/systemd/systemd": "",
                "/etc/systemd/system/multi-user.target.wants/cloud-init.service": "",
            },
            True,
        ),
        # As a distribution may have it that lets nobody choose.
        (
            {
                "/usr/lib/systemd/systemd": "",
                "/usr/lib/systemd/system/cloud-init.target.wants/cloud-init.service": "",
            },
            True,
        ),
        ({**ALPINE, **IN_RUNLEVELS}, True),
        (ALPINE, False),
        # An init that is not known here.
        ({"/etc/inittab": "::sysinit:/etc/rc\n"}, True),
    ],
)
def test_what_nothing_starts(files: dict[str, Any], *, enabled: bool) -> None:
    """That the program is there does not make it work."""
    assert _enabled(files) == enabled


@pytest.mark.parametrize("files, links", [(SYSTEMD, ENABLED), (ALPINE, IN_RUNLEVELS)])
def test_it_is_started(files: dict[str, Any], links: dict[str, Link]) -> None:
    """As enabling it in the guest would do it; what the network needs can rely on it then."""
    after, _carried = done(PaperGuest({**INSTALLED, **files}), "cloud_init")
    assert {path: after.link(path) for path in links} == {
        path: link.target for path, link in links.items()
    }
    assert not done(after, "cloud_init")[1].changed


def test_network_without_it() -> None:
    """A guest whose cloud-init nothing starts has to ask for an address itself."""
    interfaces = {"/sbin/ifup": "", "/etc/network/interfaces": "auto lo\niface lo inet loopback\n"}
    after, _carried = done(PaperGuest({**INSTALLED, **ALPINE, **interfaces}), "network_dhcp")
    assert "iface eth0 inet dhcp" in (content(after, "/etc/network/interfaces") or "")


def test_what_it_looks_at_by_itself() -> None:
    """CentOS 7 says nothing of datasources: the clouds that are meant here are among its own."""
    guest = PaperGuest({**INSTALLED, "/etc/cloud/cloud.cfg": "users:\n - default\n"})
    assert not done(guest, "cloud_init")[1].changed
    assert done(guest, {"cloud_init": {"datasources": ["Ec2"]}})[1].changed
