# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which images can be read, and what their bytes have to be."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image
from ansible_collections.curator.glance.plugins.module_utils.domain.readable import (
    goes_on,
    known_digest,
    refuse_unreadable,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import NotReady

VOLUMES = '[{"snapshot_id": "5c1f", "boot_index": 0}]'


def image(**facts: Any) -> Image:
    """An image with 512 bytes."""
    told = {"id": "i1", "name": "x", "status": "active", "visibility": "private", "size": 512}
    return Image(**{**told, **facts})


@pytest.mark.parametrize(
    "facts, words",
    [
        ({"status": "queued", "size": None}, "never sent"),
        ({"status": "saving", "size": None}, "on its way"),
        ({"status": "importing"}, "on its way"),
        ({"status": "killed"}, "gone"),
        ({"status": "pending_delete"}, "gone"),
        ({"size": 0}, "0 bytes"),
        ({"size": 0, "properties": {"block_device_mapping": "[]"}}, "0 bytes"),
        ({"size": 0, "properties": {"block_device_mapping": VOLUMES}}, "image create --volume"),
    ],
)
def test_images_without_bytes_are_refused(facts: dict[str, Any], words: str) -> None:
    """Each with what it is, and what to do."""
    with pytest.raises(NotReady, match=words) as refused:
        refuse_unreadable(image(**facts))
    assert refused.value.message.startswith("Image i1 cannot be read: it ")


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"size": None},
        {"properties": {"block_device_mapping": VOLUMES}},
        # To an administrator.
        {"status": "deactivated"},
    ],
)
def test_images_with_bytes_pass(facts: dict[str, Any]) -> None:
    """Also those of which only asking tells."""
    refuse_unreadable(image(**facts))


def test_the_best_digest_decides() -> None:
    """What Glance has computed itself comes before md5, unless nobody here can compute it."""
    both = image(os_hash_algo="sha256", os_hash_value="aa", checksum="bb")
    known = known_digest(both)
    assert known
    assert (known.algorithm, known.value, known.told_by) == ("sha256", "aa", "os_hash_value")
    for facts in ({"os_hash_algo": "rot13", "os_hash_value": "aa"}, {}):
        known = known_digest(image(checksum="bb", **facts))
        assert known
        assert (known.algorithm, known.value, known.told_by) == ("md5", "bb", "checksum")
    assert known_digest(image()) is None


@pytest.mark.parametrize(
    "told, fits",
    [
        ("bytes 100-511/512", True),
        ("bytes 100-511/*", True),
        ("bytes 99-511/512", False),
        ("bytes 100-400/512", False),
        ("bytes 100-400/*", False),
        ("bytes 100-611/612", False),
        ("bytes */512", False),
        ("", False),
    ],
)
def test_a_part_has_to_be_the_rest(told: str, *, fits: bool) -> None:
    """From the byte that was asked for to the end of the image."""
    assert goes_on(told, start=100, size=512) == fits


def test_of_an_image_without_a_size_the_server_knows_the_end() -> None:
    """Then its own words decide."""
    assert goes_on("bytes 100-511/512", start=100, size=None)
    assert not goes_on("bytes 100-400/512", start=100, size=None)
