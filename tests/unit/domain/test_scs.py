# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What images lack of the Sovereign Cloud Stack's metadata."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.scs import Verdict, verdicts
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest

TODAY = date(2026, 11, 21)
GIB = 1024**3
PROPERTIES = {
    "architecture": "x86_64",
    "os_distro": "debian",
    "os_version": "12",
    "os_purpose": "generic",
    "hw_disk_bus": "scsi",
    "hw_scsi_model": "virtio-scsi",
    "hw_rng_model": "virtio",
    "hw_firmware_type": "bios",
    "hypervisor_type": "qemu",
    "replace_frequency": "monthly",
    "provided_until": "2028-06-30",
    "uuid_validity": "last-2",
    "image_source": "https://cloud.example.org/debian-12.qcow2",
    "image_description": "https://www.example.org/debian",
    "image_build_date": "2026-11-10",
    "image_original_user": "debian",
}


def image(**changes: Any) -> dict[str, Any]:
    """An image that says it all; None takes something away."""
    attributes = {
        "id": "one",
        "name": "Debian 12",
        "visibility": "public",
        "hidden": False,
        "min_disk": 2,
        "min_ram": 512,
        "virtual_size": 2 * GIB,
        "created_at": "2026-11-11T01:02:03Z",
    }
    attributes |= {name: changes.pop(name) for name in [*changes] if name in attributes}
    properties = {n: v for n, v in {**PROPERTIES, **changes}.items() if v is not None}
    return {**attributes, "properties": properties}


def verdict(one: dict[str, Any], version: str = "v1.1") -> Verdict:
    return verdicts([one], today=TODAY, version=version)[0]


def test_an_image_that_says_it_all() -> None:
    """Nothing is missing, recommended or wrong."""
    assert verdict(image()) == Verdict(
        id="one", name="Debian 12", missing=(), recommended=(), wrong=()
    )


@pytest.mark.parametrize(
    "name",
    [
        *("architecture", "os_distro", "os_version", "hw_disk_bus", "replace_frequency"),
        *("provided_until", "uuid_validity", "image_source", "image_description"),
        *("image_build_date", "image_original_user", "min_disk", "min_ram"),
    ],
)
def test_what_is_mandatory(name: str) -> None:
    """Without it, the image does not comply; a minimum of 0 says nothing."""
    found = verdict(image(**{name: 0 if name.startswith("min_") else None}))
    assert found.missing == (name,)
    assert not found.compliant


@pytest.mark.parametrize("version", ["v1.1", "v2"])
def test_the_purpose(version: str) -> None:
    """It is recommended first, and mandatory in the second version."""
    found = verdict(image(os_purpose=None), version)
    assert found.compliant == (version == "v1.1")
    assert ("os_purpose" in found.recommended) == found.compliant
    assert ("os_purpose" in found.missing) != found.compliant


def test_the_old_purpose() -> None:
    """It came with the second version."""
    assert verdict(image(os_purpose="oldgeneric"), "v2").compliant
    assert "oldgeneric" in verdict(image(os_purpose="oldgeneric")).wrong[0]


@pytest.mark.parametrize(
    "changes, word",
    [
        ({"replace_frequency": "often"}, "replace_frequency is 'often'"),
        ({"provided_until": "soon"}, "provided_until is 'soon'"),
        ({"uuid_validity": "last-0"}, "uuid_validity is 'last-0'"),
        ({"image_source": "somewhere"}, "image_source is 'somewhere'"),
        ({"image_build_date": "10.11.2026"}, "image_build_date is '10.11.2026'"),
        ({"architecture": "amd64"}, "architecture is 'amd64'"),
        ({"hotfix_hours": "few"}, "hotfix_hours is 'few'"),
        ({"min_disk": 1}, "the image has 2"),
        ({"min_ram": 32}, "min_ram is 32"),
        ({"hw_scsi_model": None}, "hw_scsi_model"),
        ({"license_included": "true", "license_required": "True"}, "both true"),
        ({"image_build_date": "2026-11-12"}, "after the image was made"),
        ({"image_build_date": "2026-10-10", "replace_frequency": "weekly"}, "42 days ago"),
    ],
)
def test_what_is_wrong(changes: dict[str, Any], word: str) -> None:
    """It is said in a sentence, and the image does not comply."""
    found = verdict(image(**changes))
    assert [word in sentence for sentence in found.wrong] == [True]
    assert not found.compliant


@pytest.mark.parametrize(
    "changes",
    [
        {"replace_frequency": "never"},
        {"provided_until": "2026-11-20"},
        {"hidden": True},
        {"replace_frequency": "yearly"},
    ],
)
def test_an_old_image_that_may_be_old(changes: dict[str, Any]) -> None:
    """Never replaced, no longer provided, stepped back, or not that old for its frequency."""
    assert verdict(image(image_build_date="2026-02-01", **changes)).compliant


def test_a_grace_of_a_tenth() -> None:
    """34 days are a month yet, 35 are not."""
    assert verdict(image(image_build_date="2026-10-18")).compliant
    assert not verdict(image(image_build_date="2026-10-17")).compliant


def test_two_for_general_use() -> None:
    """Of public images in sight, one of a system is for general use."""
    (first, second) = verdicts([image(), image(id="two")], today=TODAY)
    assert "generic for debian 12 x86_64" in first.wrong[0]
    assert first.wrong == second.wrong
    for changes in (
        {"hidden": True},
        {"visibility": "private"},
        {"os_version": "13"},
        {"os_purpose": "minimal"},
    ):
        assert all(v.compliant for v in verdicts([image(), image(**changes)], today=TODAY))


@pytest.mark.parametrize("given", [{}, {"id": "one"}, {"properties": {}}, "abc", None])
def test_something_else(given: Any) -> None:
    """What is no image is refused with what to give."""
    with pytest.raises(InvalidRequest, match="image_info"):
        verdicts([given], today=TODAY)


def test_an_unknown_version() -> None:
    """It is refused with those that there are."""
    with pytest.raises(InvalidRequest, match=r"v1\.1, v2"):
        verdicts([image()], today=TODAY, version="v3")
