# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a boot check makes in a cloud: which flavor, which request, and whose it is afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.instance import (
    Needs,
    choose_flavor,
    nothing_to_grow,
    require_bootable,
    server_request,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.ticket import (
    Ticket,
    ticket_of,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.flavor import Flavor
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image
from ansible_collections.curator.glance.plugins.module_utils.domain.lineage import Maker
from ansible_collections.curator.glance.plugins.module_utils.domain.network import (
    Network,
    named_network,
    only_network,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.server import Server
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    Ambiguous,
    CheckFailed,
    CuratorError,
    InvalidRequest,
    NotFound,
)

from unit.domain.boot.wishes import expect, wish

TINY = Flavor(id="1", name="tiny", ram=256, disk=1, vcpus=1)
SMALL = Flavor(id="2", name="small", ram=768, disk=3, vcpus=1)
LARGE = Flavor(id="3", name="large", ram=4096, disk=40, vcpus=4)
DISKLESS = Flavor(id="4", name="diskless", ram=512, disk=0, vcpus=1)
FLAVORS = [LARGE, DISKLESS, SMALL, TINY]
HERE = Maker(host="here", pid=4711, start=99)
TICKET = Ticket.of(HERE, 1795275062.9)


def _image(**described: Any) -> Image:
    shown = {"id": "i", "name": "Debian 12", "status": "active", "visibility": "private"}
    return Image.from_glance({**shown, **described})


@pytest.mark.parametrize(
    "image, options, chosen",
    [
        ({}, {}, TINY),
        ({"min_ram": 512}, {}, SMALL),
        ({"min_disk": 2}, {}, SMALL),
        ({"virtual_size": (3 << 30) + 1}, {}, LARGE),
        ({}, {"ram": 300}, SMALL),
        ({}, {"vcpus": 2}, LARGE),
        ({}, {"disk": 3}, SMALL),
        ({"min_disk": 20, "min_ram": 300}, {"boot_from_volume": True}, DISKLESS),
        ({"min_disk": 20}, {"flavor": "tiny"}, TINY),
        # With room to grow where a flavor has it, and where that is expected.
        ({"virtual_size": 1 << 30}, {}, SMALL),
        ({"virtual_size": 1 << 30}, {"expect": expect(grown=False)}, TINY),
        ({"virtual_size": 40 << 30}, {}, LARGE),
        ({}, {"flavor": "3"}, LARGE),
    ],
)
def test_the_smallest_flavor_that_fits(
    image: dict[str, Any], options: dict[str, Any], chosen: Flavor
) -> None:
    """By memory, processors and disk; the task's own choice is not questioned."""
    wanted = wish(**options)
    assert choose_flavor(FLAVORS, Needs.of(_image(**image), wanted), wanted) == chosen


def test_room_to_grow() -> None:
    """Where there is none, it is told; a volume has it always."""
    image, named = _image(virtual_size=1 << 30), wish(flavor="tiny")
    told = nothing_to_grow(TINY, Needs.of(image, named), named)
    assert told is not None
    assert "flavor tiny" in told
    assert nothing_to_grow(SMALL, Needs.of(image, named), named) is None
    assert nothing_to_grow(TINY, Needs.of(_image(), named), named) is None
    volume = wish(flavor="tiny", boot_from_volume=True)
    needs = Needs.of(image, volume)
    assert nothing_to_grow(TINY, needs, volume) is None
    assert (needs.disk, needs.roomy) == (1, 2)


@pytest.mark.parametrize(
    "image, options, error, told",
    [
        ({"min_ram": 9000}, {}, InvalidRequest, "No flavor has 1 processors, 9000 MiB"),
        ({}, {"flavor": "huge"}, NotFound, "there are: diskless, large, small, tiny"),
    ],
)
def test_no_flavor(
    image: dict[str, Any], options: dict[str, Any], error: type[CuratorError], told: str
) -> None:
    """What was looked for is said, and what there is."""
    wanted = wish(**options)
    with pytest.raises(error, match=told):
        choose_flavor(FLAVORS, Needs.of(_image(**image), wanted), wanted)


def test_the_request() -> None:
    """Marked; from the image, or from a volume that goes with the server."""
    asked: dict[str, Any] = {"networks": ["n"], "security_groups": ["g"], "key_name": "k"}
    request = server_request(TICKET, _image(), TINY, **asked, volume_size=None)
    assert request == {
        "name": TICKET.name,
        "metadata": {"curator_boot_check": TICKET.name, "expires_at": "2026-11-21T15:31:02Z"},
        "flavorRef": "1",
        "networks": [{"uuid": "n"}],
        "key_name": "k",
        "security_groups": [{"name": "g"}],
        "imageRef": "i",
    }
    asked.update(security_groups=None, key_name=None)
    request = server_request(TICKET, _image(), TINY, **asked, volume_size=4)
    (volume,) = request["block_device_mapping_v2"]
    assert (volume["uuid"], volume["volume_size"]) == ("i", 4)
    assert volume["delete_on_termination"]
    assert not {"imageRef", "key_name", "security_groups"} & request.keys()


def test_an_image_that_cannot_be_booted() -> None:
    """It is a verdict, and needs no server."""
    require_bootable(_image())
    with pytest.raises(CheckFailed, match="is deactivated"):
        require_bootable(_image(status="deactivated"))


def test_a_ticket_says_whose_it_is() -> None:
    """It is over when it has expired, or when its process is known to be dead."""
    assert Ticket.from_name(TICKET.name) == TICKET
    assert len(TICKET.name) <= 64
    other = Maker(host="elsewhere", pid=1, start=1)

    def over(now: float, here: Maker, *, dead: bool) -> bool:
        return TICKET.is_over(now, here, lambda maker: dead and maker == HERE)

    assert not over(1795275000, HERE, dead=False)
    assert over(1795275000, HERE, dead=True)
    # What runs on another host cannot be seen from here.
    assert not over(1795275000, other, dead=True)
    assert over(1795275063, other, dead=False)


@pytest.mark.parametrize(
    "name", ["", "web", "curator-boot-check", "curator-boot-check-by-hand", f"{TICKET.name}-copy"]
)
def test_what_bears_another_name_is_not_ours(name: str) -> None:
    """However alike it is."""
    assert Ticket.from_name(name) is None


def test_a_server_needs_both_signs() -> None:
    """A name that somebody copied is not enough, and neither is a mark."""
    ours = Server(id="s", name=TICKET.name, status="ACTIVE", metadata=TICKET.metadata())
    assert ticket_of(ours) == TICKET
    assert ticket_of(replace(ours, metadata={})) is None
    assert ticket_of(replace(ours, name="web")) is None


def test_networks() -> None:
    """A name is the own project's first; without one, there has to be only one."""
    own = Network(id="1", name="net", project="p")
    shared = Network(id="2", name="net", project="x", shared=True)
    outside = Network(id="3", name="internet", project="x", external=True, shared=True)
    strange = Network(id="4", name="net", project="y")
    everything = [outside, strange, shared, own]
    assert named_network(everything, "net", "p") == own
    assert named_network(everything, "4", "p") == strange
    with pytest.raises(Ambiguous, match="2, 4"):
        named_network([strange, shared], "net", "p")
    with pytest.raises(NotFound):
        named_network(everything, "none", "p")
    assert only_network([outside, strange, shared], "p") == shared
    with pytest.raises(InvalidRequest, match="several: net, net"):
        only_network(everything, "p")
    with pytest.raises(InvalidRequest, match="There is none"):
        only_network([outside, strange], "p")
