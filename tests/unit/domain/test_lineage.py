# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where an image comes from, as it is told from the image alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image
from ansible_collections.curator.glance.plugins.module_utils.domain.lineage import (
    TAG,
    Lineage,
    Maker,
    is_ours,
    is_proven,
    maker_of,
    marks,
    recipe,
    staged_name,
)

LINEAGE = Lineage(entry="Debian 12", source="https://example.org/d", proof="sha512:ab", recipe="r")
MAKER = Maker(host="h", pid=7, start=11)
IMAGE = Image(
    id="i",
    name="Debian 12",
    status="active",
    visibility="private",
    owner="p",
    tags=("x", TAG),
    properties={**marks(LINEAGE, "i", MAKER, 0), "curator_state": "staged"},
)


def test_marks_are_read_back() -> None:
    """What is written into an image is what the next run finds."""
    assert is_ours(IMAGE, "p")
    assert is_proven(IMAGE)
    assert LINEAGE.made(IMAGE)
    assert maker_of(IMAGE) == MAKER


@pytest.mark.parametrize(
    "image, project",
    [
        (replace(IMAGE, owner="other"), "p"),
        (replace(IMAGE, tags=("x",)), "p"),
        (replace(IMAGE, id="another"), "p"),
        (replace(IMAGE, properties={**IMAGE.properties, "image_type": "snapshot"}), "p"),
        (replace(IMAGE, properties={**IMAGE.properties, "instance_uuid": "u"}), "p"),
        (replace(IMAGE, properties={}), "p"),
        (replace(IMAGE, owner=None), None),
    ],
)
def test_one_missing_sign_makes_it_foreign(image: Image, project: str | None) -> None:
    """Snapshots inherit properties: only all signs together say that an image is ours."""
    assert not is_ours(image, project)


@pytest.mark.parametrize(
    "image",
    [
        replace(IMAGE, status="queued"),
        replace(IMAGE, status="saving"),
        replace(IMAGE, properties=marks(LINEAGE, "i", MAKER, 0)),
        replace(IMAGE, properties={**IMAGE.properties, "curator_state": "dreamt"}),
    ],
)
def test_bytes_are_proven_only_by_a_state_written_after_them(image: Image) -> None:
    """An image that is complete may still hold anything."""
    assert not is_proven(image)


@pytest.mark.parametrize(
    "lineage",
    [
        replace(LINEAGE, proof="sha512:ac"),
        replace(LINEAGE, recipe="other"),
        replace(LINEAGE, proof="", version=""),
        replace(LINEAGE, proof="", version="etag"),
        replace(LINEAGE, proof="", source_sha512="cd"),
    ],
)
def test_other_bytes_are_seen(lineage: Lineage) -> None:
    """Other proof, other making, or nothing to compare: not the same."""
    assert not lineage.made(IMAGE)


@pytest.mark.parametrize("known", [{"version": "etag"}, {"source_sha512": "cd"}])
def test_without_a_proof_version_or_digest_decide(known: dict[str, str]) -> None:
    """A file copied anew has another time and the same digest."""
    lineage = replace(LINEAGE, proof="", **known)
    properties = {"curator_source_version": "etag", "curator_source_sha512": "cd"}
    image = replace(IMAGE, properties={"curator_recipe": "r", **properties})
    assert lineage.made(image)


def test_the_same_work_meets_at_the_same_id() -> None:
    """Every run that makes the same bytes of the same entry asks for the same ids in turn."""
    elsewhere = replace(LINEAGE, source="https://mirror.example.org/d", signed_by="F")
    assert LINEAGE.image_id("p", 0) == elsewhere.image_id("p", 0)
    others = {
        LINEAGE.image_id("p", 1),
        LINEAGE.image_id("q", 0),
        replace(LINEAGE, proof="sha512:ac").image_id("p", 0),
        replace(LINEAGE, entry="Debian 13").image_id("p", 0),
        replace(LINEAGE, recipe="s").image_id("p", 0),
        LINEAGE.image_id("p", 0),
    }
    assert len(others) == 6


def test_a_recipe_is_what_shapes_bytes() -> None:
    """Another member or format is another image."""
    assert (
        len(
            {
                recipe(disk_format=f, container_format="bare", member=m)
                for f in ("raw", "keep")
                for m in (None, "a")
            }
        )
        == 4
    )


@pytest.mark.parametrize("text", ["", "host", "host 1", "host one 2", "host 1 two"])
def test_what_is_no_maker_is_none(text: str) -> None:
    """Anybody can write anything into a property."""
    assert Maker.from_text(text) is None


def test_a_staged_name_fits() -> None:
    """Glance takes 255 characters."""
    assert staged_name("Debian 12", "0123456789ab", 255) == "Debian 12 (staged 01234567)"
    assert len(staged_name("x" * 255, "0123456789ab", 255)) == 255
