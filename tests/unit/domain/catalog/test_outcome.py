# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of a whole catalog: what is told of it, what is to go, and what is left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.catalog import Catalog
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.document import Document
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.entry import Entry
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.outcome import Outcome
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.quota import shortfalls
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.request import (
    CatalogWish,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest

from .conftest import OTHER_PROOF, PROOF, entry, image, listing, planned, stranger

TODAY = date(2026, 11, 21)


def told(entries: list[Entry], *images: Image, **wish: Any) -> dict[str, Any]:
    """The result for entries in a project that has these images."""
    catalog = Catalog.read(Document.of([one.as_plain() for one in entries]))
    part = catalog if wish.get("only") is None else catalog.only(wish["only"])
    plans = {one.name: planned(one, *images) for one in part.entries if one.is_present}
    return Outcome(
        catalog=part,
        listing=listing(*images),
        present=plans,
        wish=CatalogWish(catalog=None, **wish),
        today=TODAY,
    ).as_result()


def test_entries_in_their_order_and_work_in_full() -> None:
    """What needs nothing is told in a line; what does, with all that its tasks need."""
    first, second = entry(name="one"), entry(name="two")
    result = told([first, second], image(second, "i2"))
    assert result["entries"] == [
        {"name": "one", "slug": "one", "action": "upload", "image": None},
        {"name": "two", "slug": "two", "action": "none", "image": "i2"},
    ]
    (work,) = result["work"]
    assert work["entry"] == first.as_plain()
    assert work["tasks"] == first.as_tasks()
    assert (work["staged"], work["previous"]) == (None, None)
    assert work["proof"].startswith("sha512:a")
    counted = {action: count for action, count in result["summary"].items() if count}
    assert counted == {"entries": 2, "none": 1, "upload": 1}
    assert result["table"] == [
        "ENTRY  ACTION  WHY",
        "one    upload  There is no image of this name.",
        "1 of 2 entries need nothing.",
    ]


def test_errors_keep_their_place() -> None:
    """An entry that cannot be read, and one that cannot be carried out."""
    catalog = Catalog.read(Document.of([7, entry(name="b").as_plain()]))
    plans = {"b": planned(entry(name="b"), stranger(entry(name="b")))}
    result = Outcome(
        catalog=catalog,
        listing=listing(),
        present=plans,
        wish=CatalogWish(catalog=None),
        today=TODAY,
    ).as_result()
    assert [one["action"] for one in result["entries"]] == ["error", "error"]
    first, second = result["errors"]
    assert (first["name"], first["slug"], first["image"]) == ("entry 1", "entry-1", None)
    assert (second["name"], second["image"]) == ("b", "s1")
    assert result["work"] == []


def test_a_diff_says_how_it_was_and_how_it_will_be() -> None:
    """In lines; nothing where nothing changes."""
    wanted = entry(visibility="public")
    assert told([wanted], image(wanted))["diff"] == {"before": "", "after": ""}
    drifted = told([wanted], image(wanted, visibility="private"))["diff"]
    assert drifted == {
        "before": "img: visibility is private\n",
        "after": "img: visibility is public\n",
    }
    new = told([wanted])["diff"]
    assert new["before"] == ""
    assert new["after"].startswith("img: new image from sha512:aaaa")
    swapped = told([wanted], image(wanted, proof=OTHER_PROOF))
    assert swapped["diff"]["before"] == "img: image i1\n"
    assert swapped["diff"]["after"].endswith("img 2026-01-01: image i1\n")
    assert swapped["superseded"] == [
        {"entry": "img", "id": "i1", "name": "img", "becomes": "img 2026-01-01"}
    ]


def old(wanted: Entry, number: int, **other: Any) -> Image:
    """A version that stepped back in some month."""
    moment = f"2026-0{number}-01T00:00:00Z"
    properties = {"curator_published_at": moment, "curator_stepped_back_at": moment}
    return image(
        wanted,
        f"old{number}",
        "superseded",
        proof=OTHER_PROOF,
        name=f"img {number}",
        **{"hidden": True, "properties": {**properties, **other.pop("properties", {})}, **other},
    )


@pytest.mark.parametrize("keep, gone", [(0, ["old3", "old2", "old1"]), (2, ["old1"]), (3, [])])
def test_versions_beyond_those_to_keep(keep: int, gone: list[str]) -> None:
    """As the entry says, or else the run."""
    for wanted, wish in ((entry(keep=keep), {"keep": 7}), (entry(), {"keep": keep})):
        images = [image(wanted, "now"), *(old(wanted, n) for n in (1, 2, 3))]
        result = told([wanted], *images, **wish)
        assert [one["id"] for one in result["retire"]] == gone
        assert {one["entry"] for one in result["retire"]} <= {"img"}
        assert result["summary"]["none"] == 1


def test_a_promise_counts_more() -> None:
    """An id that is to work for ever is not taken away, however few are to be kept."""
    wanted = entry(keep=0, uuid_validity="forever")
    images = (image(wanted, "now"), old(wanted, 1))
    assert told([wanted], *images, retire_level="deactivate")["retire"] == []
    assert told([wanted], *images, retire_level="hide")["retire"] != []


def test_what_went_as_far_as_it_should_stays_there() -> None:
    """A second run has nothing to do."""
    wanted = entry(keep=0)
    done = {"curator_state": "retired", "curator_retired_as": "hide"}
    images = (image(wanted, "now"), old(wanted, 1, properties=done))
    assert told([wanted], *images)["retire"] == []
    assert told([wanted], *images, retire_level="deactivate")["retire"] != []


def test_an_entry_that_is_to_go() -> None:
    """First out of sight, and further only when nobody finds it by its name any more."""
    wanted = entry()
    retired = entry(state="retired")
    result = told([retired], image(wanted), old(wanted, 1), retire_level="delete")
    assert [(one["id"], one["level"]) for one in result["retire"]] == [
        ("old1", "delete"),
        ("i1", "community"),
    ]
    assert result["entries"][0]["action"] == "retire"
    assert result["summary"]["retire"] == 1
    gone = image(
        wanted, hidden=True, properties={"curator_state": "retired", "curator_retired_as": "hide"}
    )
    assert told([retired], gone)["entries"][0]["action"] == "none"
    assert told([retired], stranger(wanted))["retire"] == []


def test_an_entry_that_is_to_go_and_is_protected() -> None:
    """An error, and not a run that is green and did nothing; unless it is to go all the same."""
    retired, guarded = entry(state="retired"), image(entry(), protected=True)
    result = told([retired], guarded, old(entry(), 1))
    assert [one["id"] for one in result["retire"]] == ["old1"]
    (error,) = result["errors"]
    assert error["image"] == "i1"
    assert "Image i1 is protected" in error["reasons"][0]
    assert "retire_force: true" in error["reasons"][0]
    forced = told([retired], guarded, retire_force=True)
    assert [one["id"] for one in forced["retire"]] == ["i1"]
    assert forced["entries"][0]["action"] == "retire"
    # A slice retires nothing, whether it could or not.
    assert told([retired], guarded, only=("img",))["errors"] == []


def test_protected_versions_are_named() -> None:
    """They stay, and count as left alone; those within keep are no matter."""
    wanted = entry(keep=1)
    images = (image(wanted, "now"), *(old(wanted, n, protected=True) for n in (1, 2)))
    result = told([wanted], *images)
    assert (result["retire"], result["left_alone"]["protected"]) == ([], ["old1"])
    forced = told([wanted], *images, retire_force=True)
    assert [one["id"] for one in forced["retire"]] == ["old1"]
    assert forced["left_alone"]["protected"] == []


def test_what_will_be_due_once_a_new_image_is_there() -> None:
    """Foreseen in the table and the diff; due only when the old one did step back."""
    wanted = entry(keep=1)
    images = (image(wanted, proof=OTHER_PROOF, name="img"), old(wanted, 1))
    marked = replace(
        images[0],
        properties={**images[0].properties, "curator_published_at": "2026-05-01T00:00:00Z"},
    )
    result = told([wanted], marked, images[1])
    assert result["retire"] == []
    (coming,) = result["retire_next"]
    assert (coming["id"], coming["level"]) == ("old1", "hide")
    assert any(line.startswith("img 1: hide afterwards, ") for line in result["table"])
    assert result["diff"]["before"] == "img: image i1\nimg 1: image old1\n"
    assert result["diff"]["after"].endswith(
        "img 2026-01-01: image i1\nimg 1: image old1, retired: hide\n"
    )
    # What steps back may be due itself, and does not stand there twice.
    none_kept = told([entry(keep=0)], marked)
    assert [one["name"] for one in none_kept["retire_next"]] == ["img 2026-01-01"]
    assert none_kept["diff"]["before"] == "img: image i1\n"
    assert none_kept["diff"]["after"].count("i1") == 1
    assert told([wanted], marked, images[1], only=("img",))["retire_next"] == []


def test_what_failed_its_boot_check() -> None:
    """It goes once another version was published; not what is still wanted, or never failed."""
    wanted = entry()
    then, later = "2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z"
    new = image(wanted, properties={"curator_published_at": later})

    def staged(image_id: str, **other: Any) -> Image:
        failed = {"curator_verify_failed": f"{other.pop('at', then)} It does not boot."}
        given = {"proof": OTHER_PROOF, "name": "img (staged)", "properties": failed, **other}
        return image(wanted, image_id, "staged", **given)

    other = staged("never failed")
    other = replace(other, properties={**other.properties, "curator_verify_failed": ""})
    (gone,) = told(
        [wanted],
        new,
        staged("failed"),
        staged("failed since", at="2026-11-21T00:00:00Z"),
        staged("protected", protected=True),
        staged("seen", visibility="shared"),
        staged("of others", tags=()),
        staged("unproven", status="queued"),
        other,
    )["retire"]
    assert (gone["id"], gone["level"], gone["state"]) == ("failed", "delete", "staged")
    assert told([entry(name="another")], new, staged("failed"))["retire"] == []
    # Upstream has it again, and no other: it waits for its name, and says why it has none.
    old = image(wanted, "old", proof=OTHER_PROOF, properties={"curator_published_at": later})
    again = told([wanted], old, staged("i2", proof=PROOF))
    assert again["retire"] == []
    (work,) = again["work"]
    assert work["staged"] == "i2"
    assert f"When it was booted, at {then}: It does not boot." in work["reasons"][0]


def test_what_is_left_alone() -> None:
    """What others made, entries that were forgotten, and what was staged in vain."""
    wanted, forgotten = entry(), entry(name="forgotten")
    customers = image(wanted, "snap", name="snapshot", properties={"image_type": "snapshot"})
    vain = image(wanted, "vain", "staged", proof=OTHER_PROOF, name="img (staged vain)")
    result = told(
        [wanted], image(wanted), stranger(forgotten), customers, image(forgotten, "f"), vain
    )
    assert result["left_alone"] == {
        "unmanaged": 2,
        "names": ["forgotten", "snapshot"],
        "forgotten": ["forgotten"],
        "outdated": ["vain"],
        "protected": [],
    }
    assert result["retire"] == []


def test_a_part_of_the_catalog_judges_nothing_but_itself() -> None:
    """Neither what is to go nor what is left alone."""
    first, second = entry(name="one", keep=0), entry(name="two")
    result = told([first, second], image(first), old(first, 1), only=("one",))
    assert [one["name"] for one in result["entries"]] == ["one"]
    assert (result["complete"], result["left_alone"], result["retire"]) == (False, None, [])


def test_quotas_are_said_beforehand() -> None:
    """How many images, and how many bytes, as far as the last versions tell."""
    wanted = entry()
    plans = [
        planned(wanted, image(wanted, proof=OTHER_PROOF, size=5 << 20)),
        planned(entry(name="n")),
    ]
    assert list(shortfalls(plans, {})) == []
    unlimited = {"image_count_total": {"limit": -1, "usage": 5}}
    assert list(shortfalls(plans, unlimited)) == []
    tight = {
        "image_count_total": {"limit": 10, "usage": 9},
        "image_size_total": {"limit": 100, "usage": 96},
    }
    count, size = shortfalls(plans, tight)
    assert "makes 2 images, and the project's quota has room for 1" in count
    assert "image_size_total" in size
    enough = {name: {**told, "usage": 0} for name, told in tight.items()}
    assert list(shortfalls(plans, enough)) == []
    assert list(shortfalls([planned(wanted, image(wanted))], tight)) == []


def test_a_catalog_that_is_not_named() -> None:
    """Often a variable that is empty."""
    nothing = dict.fromkeys(("base_dir", "cache_dir", "only", "profile_definitions"))
    levels = {"keep": 2, "retire_level": "hide", "retire_force": False}
    options = {"catalog": "", "check_upstream": True, **levels, **nothing}
    with pytest.raises(InvalidRequest, match="catalog is empty"):
        CatalogWish.from_params(options)
    with pytest.raises(InvalidRequest, match="no path"):
        CatalogWish.from_params({**options, "catalog": "- name: a\n"})
    with pytest.raises(InvalidRequest, match="keep is -1"):
        CatalogWish.from_params({**options, "catalog": [], "keep": -1})
