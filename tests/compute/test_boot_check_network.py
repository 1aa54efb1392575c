# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The network that image_boot_check makes for itself, and takes away again."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from faults.run import beside
from guests.tiny import USER as TINY
from guests.tiny import tiny_guest
from support.boot_checks import CONSOLE, MODULE, PREFIX, assert_passed, checks
from support.compute import ComputeCloud
from support.own_networks import names_left, own_network, served
from support.running import run_module
from support.waiting import until

USER = "customer_a"


@pytest.fixture
def image(fake_compute_cloud: ComputeCloud) -> str:
    """An image of the customer; what is in it does not matter here."""
    made = fake_compute_cloud.cloud.new_image(
        USER, b"\0" * 512, disk_format="raw", image_original_user=TINY
    )
    return str(made["id"])


@pytest.fixture
def outside(fake_compute_cloud: ComputeCloud, name: str) -> Iterator[dict[str, Any]]:
    """An external network, whose addresses are those that a check would take for itself."""

    def made(kind: str, **wish: Any) -> dict[str, Any]:
        path, body = f"/v2.0/{kind}s", {kind: {"name": name, **wish}}
        answer = fake_compute_cloud.neutron_done("provider", "POST", path, json=body)
        record: dict[str, Any] = answer[kind]
        return record

    network = made("network", **{"router:external": True})
    subnet = made("subnet", network_id=network["id"], cidr="198.18.0.0/16", ip_version=4)
    yield {**network, "cidr": subnet["cidr"]}
    path = f"/v2.0/networks/{network['id']}"
    fake_compute_cloud.neutron_done("provider", "DELETE", path)


def _check(image: str, **options: Any) -> dict[str, Any]:
    given = {"cloud": USER, "image": image, "expect": CONSOLE, **options}
    return run_module(MODULE, **{"temporary_network": True, **given})


def test_nothing_is_left_of_it(fake_compute_cloud: ComputeCloud, image: str) -> None:
    """Nothing is made in check mode, and all is taken away afterwards."""
    foreseen = _check(image, check=True)
    assert (foreseen["passed"], foreseen["changed"]) == (None, False), foreseen
    result = _check(image)
    assert checks(result) == dict.fromkeys(("started", "boot"), True), result
    assert "warnings" not in result
    assert names_left(fake_compute_cloud, USER) == []


@pytest.mark.slow
def test_what_a_killed_check_left(
    fake_compute_cloud: ComputeCloud, image: str, outside: dict[str, Any]
) -> None:
    """Network, subnets, router and floating address: the next check, without any, sweeps them."""
    compute = fake_compute_cloud
    task = {
        "cloud": USER,
        "image": image,
        "temporary_network": True,
        "floating_network": outside["name"],
    }
    with beside({f"curator.glance.{MODULE}": task}) as run:
        own = own_network(compute, USER)
        assert own.network["name"].startswith(PREFIX)
        assert own.network["description"] == "Until the end of a boot check"
        assert own.subnets[4]["enable_dhcp"]
        assert not ip_network(own.subnets[4]["cidr"]).overlaps(ip_network(outside["cidr"]))
        assert own.subnets[6]["ipv6_ra_mode"] == own.subnets[6]["ipv6_address_mode"] == "slaac"
        assert own.router["external_gateway_info"]["network_id"] == outside["id"]
        assert {fixed["subnet_id"] for port in own.inside for fixed in port["fixed_ips"]} == {
            subnet["id"] for subnet in own.subnets.values()
        }
        run.kill_all()
    # Network, two subnets, router: all bear the name.
    assert names_left(compute, USER) == [own.network["name"]] * 4
    # A cloud that is slow to delete makes no check wait: what is left is left to the one after it.
    until(lambda: _sweeps(compute, image), "it is swept", within=180)


def _sweeps(compute: ComputeCloud, image: str) -> bool:
    result = _check(image, temporary_network=False)
    assert result["passed"], result
    return names_left(compute, USER) == []


@pytest.mark.long
def test_a_guest_in_it(compute_cloud: ComputeCloud, tmp_path: Path) -> None:
    """It gets its addresses there, and is reached at the floating one alone."""
    compute = compute_cloud
    image = compute.new_guest_image(tiny_guest(), USER, image_original_user=TINY)
    task = {
        "cloud": USER,
        "image": image,
        "temporary_network": True,
        "floating_network": compute.facts["outside"]["name"],
    }
    with beside({f"curator.glance.{MODULE}": task}) as run:
        own = own_network(compute, USER)
        with served(compute, own, tmp_path):
            played = run.played.result()
    assert played.status == 0, played.output
    assert_passed(played.result_of("task"))
    assert names_left(compute, USER) == []
