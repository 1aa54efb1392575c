# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""tests/cloud/up --compute: what tests with servers stand on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from functools import partial
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import requests

from guests.tiny import tiny_guest
from support.cloud import LoopbackCloud
from support.compute import ComputeCloud, offers_ssh
from support.shared_cloud import call
from support.waiting import until

MIB = 1 << 20


def up(folder: Path, *words: str) -> ComputeCloud:
    """Bring a cloud up, and read anew what it says of itself."""
    done = call("up", folder, *words)
    assert done.returncode == 0, done.stderr
    return ComputeCloud(LoopbackCloud(folder))


def pids(compute: ComputeCloud) -> dict[str, int]:
    services = compute.cloud.description["clouds"]["first"]["services"]
    return {name: service["pid"] for name, service in services.items()}


def left_of(compute: ComputeCloud) -> list[str]:
    """Processes and network interfaces of a cloud, as the kernel tells of them."""
    folder = str(compute.cloud.folder).encode()
    left = [
        path.parent.name
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if folder in _read(path) and b"pytest" not in _read(path)
    ]
    network = compute.facts["network"]
    shown = subprocess.run(["ip", "-json", "address"], check=True, capture_output=True, text=True)
    for link in json.loads(shown.stdout):
        addresses = [ip_address(address["local"]) for address in link["addr_info"]]
        if any(
            address in ip_network(network["ipv4"]) for address in addresses if address.version == 4
        ):
            left.append(link["ifname"])
    return left


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        # It has ended meanwhile.
        return b""


def await_login(compute: ComputeCloud, server: dict[str, Any]) -> None:
    until(
        lambda: "login:" in compute.console(server["id"]),
        "the guest lets people log in",
        within=300,
    )


def boots(compute: ComputeCloud) -> dict[str, Any]:
    """A server of the tiny guest, which offers ssh at both of its addresses."""
    image = compute.new_guest_image(tiny_guest(), "customer_a")
    server = compute.new_server(image)
    await_login(compute, server)
    for version in (4, 6):
        address = compute.addresses(server)[version]
        assert offers_ssh(address), f"{address}: {compute.console(server['id'])}"
    return server


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for a cloud of the test's own, too deep for a socket's address, gone in the end."""
    path = tmp_path / ("deep" * 25) / "cloud"
    yield path
    call("down", path, "--purge")


def test_a_server_comes_and_goes(fake_compute_cloud: ComputeCloud) -> None:
    """With an address of each family, a snapshot that has bytes, and nothing left in the end."""
    compute = fake_compute_cloud
    image = compute.cloud.new_image("customer_a")
    server = compute.new_server(image["id"])
    network = compute.facts["network"]
    for version, address in compute.addresses(server).items():
        assert ip_address(address) in ip_network(network[f"ipv{version}"])
    snapshot = compute.snapshot(server["id"])
    assert (snapshot["size"], snapshot["disk_format"]) == (MIB, "raw")
    data = compute.cloud["customer_a"].http("GET", f"/images/{snapshot['id']}/file").content
    assert data.startswith(f"snapshot of {server['id']}".encode())
    compute.delete(server["id"])
    assert compute.nova("customer_a", "GET", f"/servers/{server['id']}").status_code == 404
    ports = compute.neutron_done("provider", "GET", f"/v2.0/ports?device_id={server['id']}")
    assert ports == {"ports": []}


def test_a_server_is_seen_by_whom_it_concerns(fake_compute_cloud: ComputeCloud) -> None:
    """By its project and, if asked for all, by the provider; no other customer knows of it."""
    compute = fake_compute_cloud
    server = compute.new_server(compute.cloud.new_image("customer_a")["id"])
    assert server["id"] in compute.servers("customer_a")
    assert server["id"] in compute.servers("provider", all_tenants="true")
    assert server["id"] not in compute.servers("customer_b")
    everybody = compute.nova("customer_b", "GET", "/servers", params={"all_tenants": "true"})
    assert everybody.status_code == requests.codes.forbidden
    other = compute.nova("customer_b", "GET", f"/servers/{server['id']}")
    assert other.status_code == requests.codes.not_found


def test_a_server_stops_and_starts(fake_compute_cloud: ComputeCloud) -> None:
    """SHUTOFF when it was stopped, ACTIVE again when it was started."""
    compute = fake_compute_cloud
    server = compute.new_server(compute.cloud.new_image("customer_a")["id"])["id"]
    for action, status in (("os-stop", "SHUTOFF"), ("os-start", "ACTIVE")):
        compute.nova_done("customer_a", "POST", f"/servers/{server}/action", json={action: None})
        compute.becomes(server, status)


def test_up_again_changes_nothing(fake_compute_cloud: ComputeCloud) -> None:
    """The same processes, also where compute is not asked for again."""
    before = pids(fake_compute_cloud)
    assert None not in before.values()
    assert pids(up(fake_compute_cloud.cloud.folder)) == before


def test_another_kind_is_refused(fake_compute_cloud: ComputeCloud) -> None:
    """What Nova knows of servers that do not run is of no use to one whose servers do."""
    done = call("up", fake_compute_cloud.cloud.folder, "--compute", "libvirt")
    assert done.returncode != 0
    assert "has --compute fake" in done.stderr


@pytest.mark.long
def test_a_guest_boots(compute_cloud: ComputeCloud) -> None:
    """It is reached over IPv4, IPv6 and a floating IP, and its snapshot is a qcow2."""
    server = boots(compute_cloud)
    floating = compute_cloud.new_floating_address(server)
    assert offers_ssh(floating)
    snapshot = compute_cloud.snapshot(server["id"])
    assert (snapshot["disk_format"], snapshot["size"] > MIB) == ("qcow2", True)
    compute_cloud.delete(server["id"])
    assert not offers_ssh(compute_cloud.addresses(server)[4])
    assert not offers_ssh(floating)


@pytest.mark.long
def test_a_guest_boots_from_a_volume(compute_cloud: ComputeCloud) -> None:
    """Which was made from an image; an image of it is raw, and as long as it is."""
    compute = compute_cloud
    volume = compute.new_volume(compute.new_guest_image(tiny_guest(), "customer_a"))
    disk = {"uuid": volume, "boot_index": 0, "source_type": "volume", "destination_type": "volume"}
    server = compute.new_server("", block_device_mapping_v2=[disk])
    await_login(compute, server)
    assert compute.volume(volume)["status"] == "in-use"
    compute.delete(server["id"])
    until(lambda: compute.volume(volume)["status"] == "available", "the volume is free again")
    wish = {"image_name": f"test {volume}", "disk_format": "raw", "container_format": "bare"}
    image = compute.cinder_done(
        "customer_a",
        "POST",
        f"/volumes/{volume}/action",
        json={"os-volume_upload_image": wish},
    )["os-volume_upload_image"]["image_id"]
    compute.cloud.forget_later("customer_a", image)
    owner = compute.cloud["customer_a"]
    until(lambda: owner.image(image)["status"] == "active", "the image is active", within=180)
    assert owner.image(image)["size"] == compute.volume(volume)["size"] << 30
    until(lambda: compute.volume(volume)["status"] == "available", "the volume is read")


@pytest.mark.long
def test_a_cloud_beside_another(compute_cloud: ComputeCloud, folder: Path) -> None:
    """Its guest runs again after a power cut, and down leaves nothing of it; the other's stays."""
    ours = boots(compute_cloud)
    other = up(folder, "--compute", "libvirt")
    assert other.facts["network"]["bridge"] != compute_cloud.facts["network"]["bridge"]
    server = boots(other)
    addresses = other.addresses(server)
    assert left_of(other)
    for end in (_kill_libvirt, _down):
        end(folder)
        assert not offers_ssh(addresses[4])
        if end is _down:
            assert left_of(other) == []
        other = up(folder)
        until(partial(offers_ssh, addresses[6]), "the guest is back", within=300)
        assert other.server(server["id"])["status"] == "ACTIVE"
    assert offers_ssh(compute_cloud.addresses(ours)[4])


def _down(folder: Path) -> None:
    assert call("down", folder).returncode == 0


def _kill_libvirt(folder: Path) -> None:
    record = json.loads((folder / "first/run/libvirtd.json").read_text())
    os.kill(record["pid"], signal.SIGKILL)


@pytest.mark.long
def test_killed_services_are_repaired(folder: Path) -> None:
    """One after the other, with the servers that there were before."""
    compute = up(folder, "--compute", "fake")
    image = compute.cloud.new_image("customer_a")["id"]
    server = compute.new_server(image)["id"]
    for service in ("nova", "neutron", "placement"):
        before = pids(compute)
        assert call("service", folder, f"first.{service}", "kill").returncode == 0
        compute = up(folder)
        changed = {name for name, pid in pids(compute).items() if pid != before[name]}
        assert changed == {service}
        assert compute.server(server)["status"] == "ACTIVE"
        compute.new_server(image)
