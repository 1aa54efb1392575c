# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A guest that image_boot_check reaches the long way: a floating address, and a jump host."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from guests.tiny import USER, tiny_guest
from support.boot_checks import MODULE, assert_passed
from support.compute import ComputeCloud
from support.running import run_module
from support.ssh_hosts import ssh_host

MEMBER = "customer_a"
JUMP = "jump"


@pytest.mark.slow
def test_through_a_jump_host_to_a_floating_address(
    compute_cloud: ComputeCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody takes another way; what was made for it is gone."""
    compute = compute_cloud
    image = compute.new_guest_image(tiny_guest(), MEMBER, image_original_user=USER)
    with ssh_host(tmp_path / "jump") as jump:
        jump.known_as(JUMP, monkeypatch)
        result = run_module(
            MODULE,
            cloud=MEMBER,
            image=image,
            floating_network=compute.facts["outside"]["name"],
            jump_host=JUMP,
        )
    assert_passed(result)
    led = {(ip_address(host), port) for host, port in jump.asked}
    assert {port for _host, port in led} == {22}
    (ipv4,) = {host for host, _port in led if host.version == 4}
    assert ipv4 in ip_network(compute.facts["outside"]["ipv4"])
    addresses = compute.neutron_done(MEMBER, "GET", "/v2.0/floatingips")["floatingips"]
    assert addresses == []
