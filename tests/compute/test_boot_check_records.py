# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What image_boot_check makes in a cloud and takes away again, with servers that are records.

Their console says the same at once, so a check that expects no more passes in a second.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from faults.run import beside
from support.boot_checks import CONSOLE, MODULE, PREFIX, assert_failed, checks
from support.compute import ComputeCloud
from support.disks import Workshop
from support.linux_disk import linux_disk
from support.messages import sentence
from support.running import run_module
from support.waiting import until

USER = "customer_a"
# What no fake server says: so the check waits.
NEVER = {"console": "nothing of the kind"}


@pytest.fixture
def image(fake_compute_cloud: ComputeCloud) -> str:
    """An image of the customer; what is in it does not matter here."""
    made = fake_compute_cloud.cloud.new_image(
        USER, b"\0" * 512, disk_format="raw", image_original_user="tiny"
    )
    return str(made["id"])


def _check(image: str, **options: Any) -> dict[str, Any]:
    return run_module(MODULE, **{"cloud": USER, "image": image, "expect": CONSOLE, **options})


def _left(compute: ComputeCloud) -> list[str]:
    """The names of all that a check may have made and not taken away."""
    owner = {"project_id": compute.cloud[USER].project_id}

    def listed(kinds: str, name: str) -> list[str]:
        path = f"/v2.0/{kinds}"
        answer = compute.neutron_done("provider", "GET", path, params=owner)
        return [one[name] for one in answer[kinds.replace("-", "_")]]

    pairs = compute.nova_done(USER, "GET", "/os-keypairs")["keypairs"]
    names = [
        *(server["name"] for server in compute.servers(USER).values()),
        *(pair["keypair"]["name"] for pair in pairs),
        *listed("security-groups", "name"),
        *listed("floatingips", "description"),
    ]
    return [name for name in names if name.startswith(PREFIX)]


@contextmanager
def _quota(compute: ComputeCloud, servers: int) -> Iterator[None]:
    """So many servers are all that the project may have."""
    path = f"/os-quota-sets/{compute.cloud[USER].project_id}"
    wish = {"quota_set": {"instances": servers}}
    compute.nova_done("provider", "PUT", path, json=wish)
    try:
        yield
    finally:
        compute.nova_done("provider", "DELETE", path)


def test_nothing_is_left_of_a_check(fake_compute_cloud: ComputeCloud, image: str) -> None:
    """Nothing is made in check mode, and all is taken away afterwards; the image is as before."""
    before = fake_compute_cloud.cloud[USER].image(image)
    foreseen = _check(image, check=True)
    assert (foreseen["passed"], foreseen["changed"]) == (None, False), foreseen
    assert checks(foreseen) == dict.fromkeys(("started", "boot"))
    result = _check(image)
    assert checks(result) == dict.fromkeys(("started", "boot"), True), result
    assert (result["where"], result["changed"]) == ("cloud", False)
    assert "flavor tiny" in result["checks"][0]["told"]
    assert _left(fake_compute_cloud) == []
    assert fake_compute_cloud.cloud[USER].image(image) == before


def test_what_is_made_for_a_guest_that_lets_somebody_in(
    fake_compute_cloud: ComputeCloud, image: str
) -> None:
    """A server with the key and the group of the check, for as long as that lasts."""
    compute = fake_compute_cloud
    options = {"cloud": USER, "image": image, "expect": NEVER}
    with beside({f"curator.glance.{MODULE}": options}) as run:
        until(lambda: _active(compute), "the server is ACTIVE", within=180)
        (server,) = _ours(compute)
        name = server["name"]
        assert server["metadata"]["curator_boot_check"] == name
        assert server["metadata"]["expires_at"] > time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        assert server["key_name"] == name
        until(lambda: len(_left(compute)) == len(("server", "key pair", "group")), "all is made")
        groups = compute.nova_done(USER, "GET", f"/servers/{server['id']}/os-security-groups")
        (group,) = groups["security_groups"]
        assert sorted(
            (rule["ip_protocol"], rule["from_port"], rule["to_port"]) for rule in group["rules"]
        ).count(("tcp", 22, 22)) == len(("IPv4", "IPv6"))
        os.kill(max(run.running(f"AnsiballZ_{MODULE}")), signal.SIGTERM)
        until(run.played.done, "the task has ended")
    assert _left(compute) == []


@pytest.mark.slow
def test_a_server_that_somebody_deletes(fake_compute_cloud: ComputeCloud, image: str) -> None:
    """That tells nothing of the image: the task fails, without a verdict."""
    compute = fake_compute_cloud
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(_check, image, expect=NEVER)
        until(lambda: _active(compute), "the server is ACTIVE")
        compute.delete(_ours(compute)[0]["id"])
        result = running.result()
    assert "somebody deleted it while it was checked" in sentence(result)
    assert "passed" not in result
    assert _left(compute) == []


@contextmanager
def _no_host(compute: ComputeCloud) -> Iterator[None]:
    """Nova has nowhere to start a server."""
    services = compute.nova_done("provider", "GET", "/os-services")["services"]
    (path,) = (f"/os-services/{one['id']}" for one in services if one["binary"] == "nova-compute")
    compute.nova_done("provider", "PUT", path, json={"status": "disabled"})
    try:
        yield
    finally:
        compute.nova_done("provider", "PUT", path, json={"status": "enabled"})


@pytest.mark.slow
def test_a_cloud_without_room(fake_compute_cloud: ComputeCloud, name: str, tmp_path: Path) -> None:
    """It takes no verdict away from an image that passed."""
    compute = fake_compute_cloud
    disk = Workshop(tmp_path).disk("qcow2", linux_disk())
    made = run_module("image_upload_raw", cloud=USER, name=name, source=str(disk))
    image = made["image"]["id"]
    compute.cloud.forget_later(USER, image)
    passed = _check(image, record=True)
    before = compute.cloud[USER].image(image)
    assert before["curator_verified_at"] == passed["verified_at"]
    with _no_host(compute):
        result = _check(image, record=True)
    assert result["failed"]
    assert (result["blame"], result["verified_at"]) == ("place", passed["verified_at"])
    assert any("stands on it" in warning for warning in result["warnings"])
    assert compute.cloud[USER].image(image) == before
    assert _left(compute) == []


def _ours(compute: ComputeCloud) -> list[dict[str, Any]]:
    return [s for s in compute.servers(USER).values() if "curator_boot_check" in s["metadata"]]


def _active(compute: ComputeCloud) -> bool:
    return any(server["status"] == "ACTIVE" for server in _ours(compute))


@pytest.fixture
def outside(fake_compute_cloud: ComputeCloud, name: str) -> Iterator[str]:
    """An external network, and a router from the guests' network to it."""
    compute = fake_compute_cloud

    def made(kind: str, **wish: Any) -> dict[str, Any]:
        path = f"/v2.0/{kind}s"
        answer = compute.neutron_done("provider", "POST", path, json={kind: {"name": name, **wish}})
        record: dict[str, Any] = answer[kind]
        return record

    network = made("network", **{"router:external": True})
    made("subnet", network_id=network["id"], cidr="203.0.113.0/24", ip_version=4)
    gateway = {"external_gateway_info": {"network_id": network["id"]}}
    router = f"/v2.0/routers/{made('router', **gateway)['id']}"
    listed = compute.neutron_done("provider", "GET", "/v2.0/subnets", params={"ip_version": "4"})
    (subnet,) = (s["id"] for s in listed["subnets"] if s["network_id"] == compute.network_id)
    # The subnet's own gateway has another port already.
    way = made("port", network_id=compute.network_id, fixed_ips=[{"subnet_id": subnet}])
    inside = {"port_id": way["id"]}
    compute.neutron_done("provider", "PUT", f"{router}/add_router_interface", json=inside)
    yield name
    compute.neutron_done("provider", "PUT", f"{router}/remove_router_interface", json=inside)
    compute.neutron_done("provider", "DELETE", router)
    compute.neutron_done("provider", "DELETE", f"/v2.0/networks/{network['id']}")


@pytest.mark.slow
def test_a_floating_address(fake_compute_cloud: ComputeCloud, outside: str) -> None:
    """The guest is looked for there, which the reason tells; it is given back."""
    compute = fake_compute_cloud
    image = compute.cloud.new_image("provider")["id"]
    result = _check(
        image,
        cloud="provider",
        network=["guests"],
        user="tiny",
        expect={"ipv6": False},
        floating_network=outside,
    )
    assert "nothing answers at port 22 of 203.0.113." in sentence(result)
    path = "/v2.0/floatingips"
    assert compute.neutron_done("provider", "GET", path)["floatingips"] == []


def test_the_next_check_sweeps_what_a_killed_one_left(
    fake_compute_cloud: ComputeCloud, image: str
) -> None:
    """And nothing else: not what is alike, and not what another run is at."""
    compute = fake_compute_cloud
    like = compute.new_server(image, USER, name=f"{PREFIX}-by-hand")
    options = {"cloud": USER, "image": image, "expect": NEVER}
    with beside({f"curator.glance.{MODULE}": options}) as run:
        until(lambda: _active(compute), "the server is ACTIVE", within=180)
        _check(image)
        # One that is at work is left in peace.
        assert _active(compute)
        run.kill_all()
    assert len(_left(compute)) == len(("by hand", "server", "key pair", "group"))
    result = _check(image)
    assert result["passed"], result
    assert _left(compute) == [like["name"]]


@pytest.mark.slow
def test_a_quota_that_is_full_is_waited_for(fake_compute_cloud: ComputeCloud, image: str) -> None:
    """The check begins when there is room; it says so where there never is any."""
    compute = fake_compute_cloud
    other = compute.new_server(image, USER)
    with _quota(compute, 1):
        full = _check(image, timeout=1)
        assert "had no room for a server of flavor tiny" in sentence(full)
        with ThreadPoolExecutor(1) as pool:
            before = _looks(compute)
            waiting = pool.submit(_check, image)
            until(lambda: _looks(compute) > before, "it has looked whether there is room")
            assert not waiting.done()
            compute.delete(other["id"], USER)
            assert waiting.result()["passed"], waiting.result()
    with _quota(compute, 0):
        never = _check(image)
        assert "never has room for a server of flavor tiny" in sentence(never)
    assert _left(compute) == []


def _looks(compute: ComputeCloud) -> int:
    services = compute.cloud.description["clouds"]["first"]["services"]
    return Path(services["nova"]["access_log"]).read_text().count("/limits")


@pytest.mark.slow
def test_eight_at_once(fake_compute_cloud: ComputeCloud, image: str) -> None:
    """More than the quota has room for: some wait, all pass, nothing is left."""
    with _quota(fake_compute_cloud, 3), ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _each: _check(image), range(8)))
    troubles = [result["msg"] for result in results if result.get("failed")]
    assert troubles == [], troubles
    assert _left(fake_compute_cloud) == []


def test_a_server_that_cannot_be_started(fake_compute_cloud: ComputeCloud, image: str) -> None:
    """It is a verdict, with Nova's own reason; nothing is left of it."""
    compute = fake_compute_cloud
    size = {"name": f"{image} vast", "ram": 1 << 24, "vcpus": 1, "disk": 1}
    made = compute.nova_done("provider", "POST", "/flavors", json={"flavor": size})["flavor"]
    compute.nova_done(
        "provider",
        "PUT",
        f"/os-quota-sets/{compute.cloud[USER].project_id}",
        json={"quota_set": {"ram": -1}},
    )
    try:
        result = _check(image, flavor=made["name"])
    finally:
        compute.nova_done("provider", "DELETE", f"/flavors/{made['id']}")
        compute.nova_done("provider", "DELETE", f"/os-quota-sets/{compute.cloud[USER].project_id}")
    assert_failed(result, "started", "nova could not start the image: No valid host was found")
    assert _left(compute) == []


@pytest.mark.parametrize(
    "options, told",
    [
        ({"flavor": "none"}, "There is no flavor 'none'"),
        ({"network": "none"}, "There is no network 'none'"),
        ({"floating_network": "none"}, "There is no network 'none'"),
        ({"ram": 1 << 20}, "No flavor has"),
        ({"image": "none of this name"}, "There is no image"),
    ],
)
def test_what_there_is_not(
    fake_compute_cloud: ComputeCloud, image: str, options: dict[str, Any], told: str
) -> None:
    """It is told before anything is made."""
    result = _check(**{"image": image, "check": True, **options})
    # What an earlier task may be about to make is no failure in check mode.
    message = result["warnings"][0] if "image" in options else sentence(result)
    assert told in message
    assert _left(fake_compute_cloud) == []
