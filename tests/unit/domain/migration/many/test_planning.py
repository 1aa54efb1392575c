# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which of many images have to be moved where: by content and origin, from listings alone."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest

from support.listings import actions, decided, moved, reasons, shown


def test_all_that_is_lacking_is_moved() -> None:
    """Into an empty cloud, whole; each image is a job of its own."""
    here = [shown("one"), shown("two", size=3 << 20)]
    plan = decided(["one", here[1]["id"]], here=here)
    assert actions(plan) == ["create", "create"]
    assert plan["bytes"] == {"read": 4 << 20, "written": 4 << 20}
    assert [job["slug"] for job in plan["work"]] == ["one", "two"]
    assert plan["work"][0]["images"] == [
        {"id": here[0]["id"], "name": "one", "options": {}, "destinations": [0], "there": {}}
    ]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({}, id="as it was brought"),
        pytest.param({"name": "renamed since"}, id="renamed"),
        pytest.param({"hidden": True}, id="hidden"),
        pytest.param({"status": "deactivated"}, id="deactivated"),
    ],
)
def test_what_is_there_already_is_no_work(said: dict[str, Any]) -> None:
    """Whatever it is called by now."""
    image = shown("one")
    plan = decided(["one"], here=[image], there=[moved(image, **said)])
    assert actions(plan) == ["none"]
    assert plan["work"] == []
    assert plan["bytes"]["written"] == 0
    assert plan["busy"] == ["0 of 1 images to move."]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"properties": {"curator_state": "staged"}}, id="not published"),
        pytest.param({"status": "queued", "name": "one (staged 1)"}, id="queued"),
        pytest.param({"owner": "somebody else"}, id="a stranger's"),
        pytest.param({"os_hash_value": "0", "checksum": "0", "name": "x"}, id="other content"),
    ],
)
def test_what_only_seems_to_be_there_is_moved(said: dict[str, Any]) -> None:
    """A run that died in between left an image that nobody has proven or published."""
    image = shown("one")
    there = moved(image, **said)
    if "os_hash_value" in said:
        there["properties"] = {}
    assert actions(decided(["one"], here=[image], there=[there])) == ["create"]


def test_a_converted_image_is_known_by_its_origin() -> None:
    """Its bytes are others than those of the source."""
    image = shown("one", disk_format="qcow2")
    there = moved(image, convert="raw", os_hash_value="other", checksum="other")
    raw = {"disk_format": "raw"}
    assert actions(decided(["one"], here=[image], there=[there], common=raw)) == ["none"]
    # Kept as it is, it would be another one, and the name is taken.
    assert actions(decided(["one"], here=[image], there=[there])) == ["error"]


def test_a_name_that_is_taken() -> None:
    """It stays with the image that has it, unless that is to step back."""
    here, there = [shown("one")], [moved(shown("one", content="other"))]
    refused = decided(["one"], here=here, there=there)
    assert actions(refused) == ["error"]
    assert "is there with other content" in reasons(refused)[0]
    rotated = decided([{"image": "one", "on_conflict": "rotate"}], here=here, there=there)
    assert actions(rotated) == ["rotate"]
    assert rotated["images"][0]["moves"][0]["image"]["id"] == there[0]["id"]
    elsewhere = decided([{"image": "one", "name": "two"}], here=here, there=there)
    assert actions(elsewhere) == ["create"]
    assert elsewhere["work"][0]["images"][0]["there"] == {"name": "two"}


def test_what_cannot_be_moved_says_why() -> None:
    """Without stopping the others."""
    here = [
        shown("queued", status="queued", size=None, os_hash_value=None, checksum=None),
        shown("volume", size=0, properties={"block_device_mapping": '[{"snapshot_id": "1"}]'}),
        shown("twice"),
        shown("twice", id="11111111-1111-1111-1111-111111111111"),
        shown("fine"),
    ]
    plan = decided(["queued", "volume", "twice", "missing", "fine"], here=here)
    assert actions(plan) == ["error", "error", "error", "missing", "create"]
    assert "queued" in reasons(plan)[0]
    assert "snapshot of a server with volumes" in reasons(plan)[1]
    assert "2 images are named 'twice'" in reasons(plan)[2]
    assert "no image 'missing' at here" in reasons(plan)[3]
    assert [job["name"] for job in plan["work"]] == ["fine"]


def test_what_the_clouds_cannot_do_by_themselves() -> None:
    """It is foreseen, not tried."""
    common = {"disk_format": "raw", "method": "server"}
    plan = decided(["one"], here=[shown("one", disk_format="qcow2")], common=common)
    assert actions(plan) == ["error"]
    assert "method: stream" in reasons(plan)[0]


def test_own_images_come_before_those_of_others() -> None:
    """An administrator sees every project's; what is private elsewhere is nobody's business."""
    own, theirs = shown("one"), shown("one", owner="other", visibility="public")
    private = shown("private", owner="other")
    plan = decided(["one", "private"], here=[theirs, private, own])
    assert plan["images"][0]["image"] == own["id"]
    assert actions(plan) == ["create", "missing"]
    # What somebody shows to all is found where there is none of one's own.
    assert actions(decided(["one"], here=[theirs])) == ["create"]
    # By its id, an administrator may move anything.
    assert actions(decided([private["id"]], here=[private])) == ["create"]


def test_what_a_listing_leaves_out() -> None:
    """It is among those that were looked for one by one."""
    offered = shown("offered", owner="other", visibility="shared")
    assert actions(decided([offered["id"]], found=[offered])) == ["create"]


def test_a_selection() -> None:
    """Of the own images, hidden ones too; the list says more about some of them."""
    here = [shown("raw"), shown("qcow", disk_format="qcow2"), shown("hidden", hidden=True)]
    here.append(shown("theirs", owner="other", visibility="public"))
    plan = decided(here=here, select="[?disk_format=='raw']")
    assert [image["name"] for image in plan["images"]] == ["raw", "hidden"]
    both = decided([{"image": "raw", "name": "other"}], here=here, select="[].id")
    assert [image["name"] for image in both["images"]] == ["raw", "qcow", "hidden"]
    assert both["work"][0]["images"][0]["there"] == {"name": "other"}
    # An owner that the source names is the one whose images were listed.
    of_another = {"cloud": "here", "owner": "other"}
    plan = decided(here=here[3:], source=of_another, select="[]")
    assert actions(plan) == ["create"]


def test_several_destinations() -> None:
    """The image is read once for those that lack it; one that cannot be seen stops no other."""
    image = shown("one")
    there = {
        "a": [],
        "b": [moved(image)],
        "c": {"failed": True, "msg": "Nothing answers at c."},
        "d": [],
    }
    plan = decided(["one"], here=[image], destinations=list(there), there=there)
    assert actions(plan) == ["create", "none", "error", "create"]
    assert reasons(plan)[2] == "Nothing answers at c."
    assert plan["work"][0]["images"][0]["destinations"] == [0, 3]
    assert plan["bytes"] == {"read": 1 << 20, "written": 2 << 20}


def test_a_kernel_that_was_asked_for_itself() -> None:
    """It is in one job with what needs it, and before that; it is counted once."""
    kernel = shown("kernel", disk_format="aki", container_format="aki")
    boots = {"kernel_id": kernel["id"]}
    here = [shown("one", properties=boots), kernel, shown("two", properties=boots), shown("apart")]
    plan = decided(["one", "kernel", "two", "apart"], here=here)
    jobs = [[image["name"] for image in job["images"]] for job in plan["work"]]
    assert jobs == [["kernel", "one", "two"], ["apart"]]
    assert plan["bytes"]["read"] == 4 << 20
    # Not asked for, it comes along.
    plan = decided(["one"], here=here)
    assert plan["bytes"]["read"] == 2 << 20
    assert "with 'kernel', which it needs" in plan["table"][1]
    # There already, it costs nothing.
    assert decided(["one"], here=here, there=[moved(kernel)])["bytes"]["read"] == 1 << 20


def test_two_images_that_want_one_name() -> None:
    """Neither is moved, as each would be in the other's way."""
    here = [shown("one"), shown("two")]
    given = [{"image": "one", "name": "same"}, {"image": "two", "name": "same"}]
    plan = decided(given, here=here)
    assert actions(plan) == ["error", "error"]
    assert "2 images would be called 'same'" in reasons(plan)[0]
    # One that has the name by right keeps it.
    there = [moved(here[0], name="two")]
    assert actions(decided(["one", "two"], here=here, there=there)) == ["none", "error"]


def test_one_image_twice_is_refused() -> None:
    """By its name and by its id."""
    image = shown("one")
    with pytest.raises(InvalidRequest, match=r"Element 1 .* and Element 2 .* are both image"):
        decided(["one", image["id"]], here=[image])


def test_members_are_looked_for_where_that_is_wanted() -> None:
    """No listing has them; images that nobody can share are left alone."""
    shared, private = shown("shared", visibility="shared"), shown("private")
    there = [moved(shared), moved(private)]

    def found(**said: Any) -> list[str]:
        common = {"project_map": {"sales": "sales"}, **said.pop("common", {})}
        given = ["shared", "private"]
        return actions(decided(given, here=[shared, private], there=there, common=common, **said))

    assert found() == ["none", "none"]
    assert found(update_members=True) == ["complete", "none"]
    assert found(update_members=True, common={"members": False}) == ["none", "none"]


def test_two_of_a_name_are_two_hosts() -> None:
    """Their slugs differ, and stay the same whatever else is in the run."""
    here = [shown("same"), shown("same", id="22222222-2222-2222-2222-222222222222", content="2")]
    given = [{"image": image["id"], "name": f"{image['id'][:4]}"} for image in here]
    first, second = (job["slug"] for job in decided(given, here=here)["work"])
    assert first != second
    assert decided(given[::-1], here=here)["work"][1]["slug"] == first


def test_the_table() -> None:
    """Every image with its size, what would happen, and why not; and the sum."""
    here = [shown("one", size=5 << 30), shown("two"), shown("queued", status="queued", size=None)]
    plan = decided(["one", "two", "queued"], here=here, there=[moved(here[1], name="renamed")])
    lines = plan["table"]
    assert lines[0].split() == ["IMAGE", "SIZE", "ACTION", "TO", "WHY"]
    assert lines[1].split() == ["one", "5.0", "GiB", "move", "there"]
    assert lines[2].startswith("two     1.0 MiB  nothing  there  there as image ")
    assert lines[2].endswith("named 'renamed'")
    assert "cannot" in lines[3]
    assert lines[4] == "1 of 3 images to move, 5.0 GiB to read, 1 cannot be."
    # Without check mode, what needs nothing is only counted.
    assert [line.split()[0] for line in plan["busy"]] == ["IMAGE", "one", "queued", "1"]
