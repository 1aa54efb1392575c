# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands on an image of its last boot check, and for how long it is taken for true."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.expectations import (
    Expectations,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.record import (
    Failure,
    marks,
    outdated,
    stands_against,
    still_verified,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.wish import BootWish
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image
from ansible_collections.curator.glance.plugins.module_utils.domain.lineage import TAG
from ansible_collections.curator.glance.plugins.module_utils.domain.properties import applied

THEN, NOW = "2026-11-20T02:00:00Z", datetime(2026, 11, 21, 2, 0, 0, tzinfo=UTC)
PASSED = {"passed": True, "phases": {"started": 0.4, "ssh": 17.25}}
FAILED = {"passed": False, "reason": "The firmware finds no boot loader."}
WISH = BootWish(
    where="cloud",
    image="i1",
    properties={},
    expected=Expectations(),
    patience=600,
    time_limit=1800,
    recheck_after=7,
)
IMAGE = Image(
    id="i1",
    name="Debian 12",
    status="active",
    visibility="private",
    owner="p",
    tags=(TAG,),
    properties={"curator_id": "i1", "hw_disk_bus": "virtio", "os_distro": "debian"},
)


def checked(told: dict[str, Any], image: Image = IMAGE, at: str = THEN) -> Image:
    """The image after a check."""
    needed = marks(image, WISH, told, at)
    return replace(image, properties=applied(image.properties, needed))


def changed(image: Image, **properties: str) -> Image:
    return replace(image, properties={**image.properties, **properties})


def test_one_verdict_takes_the_place_of_another() -> None:
    """What passed says when and how quickly, what failed when and why; never both."""
    passed = checked(PASSED).properties
    assert passed["curator_verified_at"] == THEN
    assert passed["curator_verified"] == "started 0.4 s, ssh 17.2 s"
    assert Failure.of(checked(PASSED)) is None
    failed = checked(FAILED, checked(PASSED))
    assert Failure.of(failed) == Failure(at=THEN, reason=str(FAILED["reason"]))
    assert not {"curator_verified_at", "curator_verified", "curator_verified_as"} & set(
        failed.properties
    )
    assert checked(PASSED, failed) == checked(PASSED)


def test_what_the_place_is_to_blame_for_takes_no_verdict_away() -> None:
    """That the image passed stands, as long as it is the one that passed."""
    passed = checked(PASSED)
    no_host = {"passed": False, "blame": "place", "reason": "No valid host was found."}
    assert stands_against(passed, WISH, no_host) == THEN
    assert stands_against(passed, WISH, {**no_host, "blame": "guest"}) is None
    assert stands_against(IMAGE, WISH, no_host) is None
    assert stands_against(changed(passed, hw_disk_bus="ide"), WISH, no_host) is None


@pytest.mark.parametrize("name", ["hw_disk_bus", "image_original_user", "min_disk", "min_ram"])
def test_a_verdict_that_does_not_hold_any_more(name: str) -> None:
    """It goes with what it was about, and with nothing else."""
    gone = dict.fromkeys(("curator_verified_at", "curator_verified", "curator_verified_as"))
    assert outdated(checked(PASSED), ["description", name]) == gone
    assert outdated(checked(PASSED), ["description", "name", "tags"]) == {}
    assert outdated(IMAGE, [name]) == {}


def test_a_reason_can_be_stored() -> None:
    """On one line, without what Glance refuses, and no longer than Nova copies."""
    failed = checked({"passed": False, "reason": "It\nsays \U0001f4a5: " + "x" * 500})
    stored = failed.properties["curator_verify_failed"]
    assert stored.startswith(f"{THEN} It says  : xxx")
    assert len(stored) == 255


def test_a_verdict_holds_for_a_while() -> None:
    """Counted in days, from when it passed."""
    image = checked(PASSED)
    assert still_verified(image, WISH, "p", NOW) == THEN
    assert still_verified(image, replace(WISH, recheck_after=1), "p", NOW) is None
    assert still_verified(image, replace(WISH, recheck_after=None), "p", NOW) is None
    # A clock that is wrong says nothing.
    assert still_verified(checked(PASSED, at="2027-01-01T00:00:00Z"), WISH, "p", NOW) is None
    assert still_verified(changed(image, curator_verified_at="soon"), WISH, "p", NOW) is None
    assert still_verified(checked(FAILED, image), WISH, "p", NOW) is None


@pytest.mark.parametrize(
    "other",
    [
        {"expected": Expectations(ipv6=False)},
        {"user": "root"},
        {"boot_from_volume": True},
        {"network": ("another",)},
        {"temporary_network": True},
    ],
)
def test_a_verdict_is_about_what_was_asked(other: dict[str, Any]) -> None:
    """Whoever expects something else has it looked at."""
    assert still_verified(checked(PASSED), replace(WISH, **other), "p", NOW) is None


def test_the_user_of_the_image_is_the_same_by_any_name() -> None:
    """Whoever names the one that the image names asks for nothing else."""
    named = replace(WISH, user="debian")
    image = checked(PASSED, changed(IMAGE, image_original_user="debian"))
    assert still_verified(image, named, "p", NOW) == THEN
    assert still_verified(image, replace(WISH, user="root"), "p", NOW) is None


def test_a_verdict_is_about_the_image_as_it_was() -> None:
    """With other hardware it is another guest; with another description it is not."""
    image = checked(PASSED)
    assert still_verified(changed(image, hw_disk_bus="ide"), WISH, "p", NOW) is None
    assert still_verified(replace(image, min_ram=512), WISH, "p", NOW) is None
    described = replace(changed(image, image_description="x"), name="Ubuntu", visibility="public")
    assert still_verified(described, WISH, "p", NOW) == THEN


@pytest.mark.parametrize(
    "copy",
    [{"id": "i2"}, {"owner": "q"}, {"tags": ()}],
    ids=["snapshot", "stranger", "untagged"],
)
def test_the_marks_of_a_copy_say_nothing(copy: dict[str, Any]) -> None:
    """Whatever copies an image copies its properties."""
    assert still_verified(replace(checked(PASSED), **copy), WISH, "p", NOW) is None
