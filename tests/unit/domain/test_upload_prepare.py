# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How an upload tells a prepared disk from others, without looking at one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.lineage import Lineage
from ansible_collections.curator.glance.plugins.module_utils.domain.upload import UploadWish
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest
from ansible_collections.curator.glance.plugins.module_utils.source.location import Location
from ansible_collections.curator.glance.plugins.module_utils.work.surveying import first_lineage

from support.documents import plugin


def wish(**options: Any) -> UploadWish:
    """What a task asks for that says no more than this."""
    spec = plugin("modules.image_upload_raw").OPTIONS
    defaults = {name: option.get("default") for name, option in spec.items()}
    return UploadWish.from_params({**defaults, "name": "img", "source": "d", **options})


def lineage(*operations: Any, **options: Any) -> Lineage:
    """What an upload with these operations looks for."""
    prepare = {"operations": list(operations), **options} if operations else None
    return first_lineage(wish(prepare=prepare), Location("https://example.org/d"), None, None)


def test_an_image_says_what_was_done_to_it() -> None:
    """Whoever reads it knows that these are not upstream's bytes."""
    done = lineage("as_needed", {"timezone": "Europe/Stockholm"}, "sparsify", "as_needed")
    assert done.as_properties()["curator_prepared"] == "as_needed, timezone, sparsify"
    assert "curator_prepared" not in lineage().as_properties()


def test_other_operations_are_another_image() -> None:
    """And the same are the same, whenever they are asked for."""
    recipes = {
        lineage().recipe,
        lineage("sparsify").recipe,
        lineage("sparsify", "compress").recipe,
        lineage({"timezone": "UTC"}).recipe,
        lineage({"timezone": "Europe/Stockholm"}).recipe,
        lineage("sparsify", secrets="remove").recipe,
        # Nobody looked, or had to, when the others were made.
        lineage("sparsify", secrets="fail").recipe,
        lineage("sparsify", network=True).recipe,
    }
    assert len(recipes) == 8
    assert lineage("sparsify") == lineage("sparsify")
    # What is only looked at, or where it is kept, changes nothing in the image.
    assert lineage("sparsify", secrets="ignore", output="/srv/x") == lineage("sparsify")


def test_a_file_that_is_written_to_the_guest_counts_with_its_content(tmp_path: Path) -> None:
    """Its name stays the same when somebody edits it."""
    file = tmp_path / "motd"
    operation = {"write": {"path": "/etc/motd", "src": str(file)}}
    file.write_text("one")
    before = lineage(operation)
    file.write_text("two")
    assert lineage(operation).recipe != before.recipe


def test_an_image_of_upstreams_own_bytes_is_not_the_prepared_one() -> None:
    """Nor the other way round, though both have the same proof."""
    plain = replace(lineage(), proof="sha512:ab")
    prepared = replace(lineage("sparsify"), proof="sha512:ab")
    assert plain.image_id("p", 0) != prepared.image_id("p", 0)


@pytest.mark.parametrize(
    "options", [{"disk_format": "iso"}, {"method": "web_download", "source": "https://a.org/d"}]
)
def test_what_cannot_be_prepared_is_refused(options: dict[str, str]) -> None:
    """Before anything is asked of anybody."""
    with pytest.raises(InvalidRequest, match="prepare"):
        wish(prepare={"operations": ["sparsify"]}, **options)
