# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers, volumes, flavors and limits, read as the APIs describe them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.flavor import Flavor, Room
from ansible_collections.curator.glance.plugins.module_utils.domain.server import Address, Server
from ansible_collections.curator.glance.plugins.module_utils.domain.volume import Volume


def test_a_server() -> None:
    """With its addresses, volumes and what goes on."""
    server = Server.from_nova(
        {
            "id": "s1",
            "name": "web",
            "status": "ACTIVE",
            "OS-EXT-STS:task_state": "image_uploading",
            "tenant_id": "p",
            "image": {"id": "i1", "links": []},
            "addresses": {
                "net": [
                    {
                        "addr": "192.0.2.7",
                        "version": 4,
                        "OS-EXT-IPS:type": "fixed",
                        "OS-EXT-IPS-MAC:mac_addr": "fa:16:3e:00:00:01",
                    },
                    {"addr": "198.51.100.7", "version": 4, "OS-EXT-IPS:type": "floating"},
                ]
            },
            "os-extended-volumes:volumes_attached": [{"id": "v1"}],
        }
    )
    assert (server.image_id, server.task_state, server.volumes) == (
        "i1",
        "image_uploading",
        ("v1",),
    )
    assert server.addresses == (
        Address(network="net", address="192.0.2.7", version=4, mac="fa:16:3e:00:00:01"),
        Address(network="net", address="198.51.100.7", version=4, floating=True),
    )
    assert server.label == "server s1 ('web')"


@pytest.mark.parametrize("image", ["", None])
def test_a_server_that_was_started_from_a_volume(image: Any) -> None:
    """It has no image."""
    assert Server.from_nova({"id": "s1", "image": image}).image_id is None


def test_a_server_in_error() -> None:
    """It says why."""
    failed = {"id": "s1", "status": "ERROR", "fault": {"message": "No valid host", "code": 500}}
    assert Server.from_nova(failed).fault == "No valid host"


def test_a_volume() -> None:
    """With the image that it was made from, and the servers that have it."""
    volume = Volume.from_cinder(
        {
            "id": "v1",
            "name": None,
            "status": "in-use",
            "size": 3,
            "os-vol-tenant-attr:tenant_id": "p",
            "volume_image_metadata": {"image_id": "i1", "os_distro": "debian"},
            "attachments": [{"server_id": "s1"}, {"host_name": "a"}],
        }
    )
    assert (volume.image_id, volume.servers, volume.size) == ("i1", ("s1",), 3)
    assert volume.as_result() == {"id": "v1", "name": "", "project_id": "p"}
    assert Volume.from_cinder({"id": "v2"}).image_id is None


def test_what_a_project_may_still_have() -> None:
    """Without a limit, and where a limit leaves nothing."""
    small = Flavor.from_nova({"id": "1", "name": "small", "ram": 512, "disk": 3, "vcpus": 1})
    limits = {
        "maxTotalInstances": 10,
        "totalInstancesUsed": 9,
        "maxTotalCores": -1,
        "totalCoresUsed": 50,
        "maxTotalRAMSize": 1024,
        "totalRAMUsed": 512,
    }
    room = Room.from_nova(limits)
    assert room == Room(servers=1, vcpus=None, ram=512)
    assert room.takes(small)
    for used in ("totalInstancesUsed", "totalRAMUsed"):
        assert not Room.from_nova({**limits, used: limits[used] + 1}).takes(small)
