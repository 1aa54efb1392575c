# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where images of openstack-image-manager come from, and what proves them."""

from __future__ import annotations

from datetime import date

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.entry import Entry

from support.osism import URL, Said, converted, image, only, reported, version


@pytest.mark.parametrize(
    "given, expected",
    [
        ({"checksum": "sha256:" + "A" * 64}, "sha256:" + "A" * 64),
        ({"checksum": "a" * 128}, "sha512:" + "a" * 128),
        ({"checksum": "a" * 64, "checksums_url": URL}, "sha256:" + "a" * 64),
        ({"checksums_url": "https://e.org/SHA384SUMS"}, "sha384:https://e.org/SHA384SUMS"),
        ({"checksum_url": "https://e.org/x.sha512"}, "sha512:https://e.org/x.sha512"),
        ({"checksums_url": "https://e.org/CHECKSUM"}, "sha256:https://e.org/CHECKSUM"),
        ({"checksums_url": "https://sha512.org/SUMS"}, "sha256:https://sha512.org/SUMS"),
    ],
)
def test_proofs(given: Said, expected: str) -> None:
    """A digest counts more than a list, and the name of a list tells its algorithm."""
    entries, not_mapped = converted(image({"version": "1", "url": URL, **given}))
    assert only(entries)["checksum"] == expected
    guessed = expected.startswith("sha256:https")
    both = len(given) == 2
    assert reported(not_mapped).keys() == ({"checksums_url"} if guessed or both else set())


def test_a_list_counts_for_what_is_latest() -> None:
    """A digest beside it would be that of a release that is over."""
    given = version(
        "latest", checksums_url="https://e.org/SHA512SUMS", checksum_url="https://e.org/x"
    )
    entries, not_mapped = converted(image(given))
    assert only(entries)["checksum"] == "sha512:https://e.org/SHA512SUMS"
    assert reported(not_mapped).keys() == {"checksum", "checksum_url"}


def test_weak_checksums_are_taken_and_told() -> None:
    """That tool takes them; here somebody has to know."""
    entries, not_mapped = converted(image(version(checksum="md5:" + "0" * 32)))
    assert only(entries)["allow_weak_checksum"] is True
    assert "forged" in reported(not_mapped)["checksum"]
    Entry.from_plain(only(entries))


@pytest.mark.parametrize("checksum", ["blake3:" + "0" * 64, "sha256:" + "0" * 63, "who knows"])
def test_what_is_no_checksum_is_refused_and_not_dropped(checksum: str) -> None:
    """An image that was to be proven is never published without: it is left out, and told."""
    entries, not_mapped = converted(image(version(checksum=checksum)))
    assert not entries
    assert (only(not_mapped)["entry"], only(not_mapped)["key"]) == ("Example", None)
    assert "checksum" in only(not_mapped)["reason"]


def test_no_checksum_at_all() -> None:
    """The image is taken, and somebody is told that nothing proves it."""
    entries, not_mapped = converted(image({"version": "1", "url": URL}))
    assert "checksum" not in only(entries)
    assert "Nothing proves" in reported(not_mapped)["checksum"]


def test_mirrors() -> None:
    """What is fetched is the mirror's copy, and what customers are told is upstream."""
    given = image(version(mirror_url="https://mirror.example.com/1"))
    entries, not_mapped = converted(given)
    assert only(entries)["source"] == "https://mirror.example.com/1"
    assert only(entries)["image_source"] == URL
    assert not not_mapped
    entries, not_mapped = converted(given, mirrors=False)
    assert only(entries)["source"] == URL
    assert reported(not_mapped).keys() == {"mirror_url"}


PATTERN = r"https://images.example.org/example-HEREBE\d+DRAGONS.qcow2"
MIRROR = "https://mirror.example.com/1.qcow2"


@pytest.mark.parametrize("mirrors", [True, False])
def test_an_address_that_is_none(*, mirrors: bool) -> None:
    """Some stand there as a pattern for an updater; then the mirror is what is left."""
    given = image(version(url=PATTERN, mirror_url=MIRROR))
    entries, not_mapped = converted(given, mirrors=mirrors)
    assert only(entries)["source"] == only(entries)["image_source"] == MIRROR
    assert reported(not_mapped).keys() == {"url"}


@pytest.mark.parametrize(
    "given, reason",
    [
        ({"url": PATTERN}, "a pattern that nobody can fetch"),
        ({"url": "ftp://images.example.org/1.img"}, "only http, https and files"),
        ({"mirror_url": "ftps://mirror.example.com/1.img"}, "only http, https and files"),
        ({"checksum": None, "checksums_url": "ftp://e.org/SUMS"}, "checksums_url is 'ftp:"),
    ],
)
def test_what_nobody_can_fetch(given: Said, reason: str) -> None:
    """It is left out with the reason, and the versions beside it are not."""
    entries, not_mapped = converted(image(version("1"), version("2", **given)))
    assert [entry["name"] for entry in entries] == ["Example (1)"]
    assert (only(not_mapped)["entry"], only(not_mapped)["key"]) == ("Example", None)
    assert reason in only(not_mapped)["reason"]


@pytest.mark.parametrize(
    "url, mirror, told",
    [
        ("https://e.org/1.raw.xz", "https://mirror.example.com/1", True),
        ("https://e.org/1.raw", "https://mirror.example.com/1.GZ", True),
        ("https://e.org/1.raw.xz", "https://mirror.example.com/1.tar.xz", False),
        ("https://e.org/1.qcow2", "https://mirror.example.com/1", False),
    ],
)
def test_a_mirror_that_unpacks(url: str, mirror: str, *, told: bool) -> None:
    """One checksum is not that of two files, and nobody knows whose it is."""
    _entries, not_mapped = converted(image(version(url=url, mirror_url=mirror)))
    assert reported(not_mapped).keys() == ({"mirror_url"} if told else set())


@pytest.mark.parametrize(
    "url, source, told",
    [
        ("file:///srv/a%20b.img", "/srv/a%20b.img", "file:a%20b.img"),
        ("file://srv/b.img", "/srv/b.img", "file:b.img"),
        ("file:b.img", "b.img", "file:b.img"),
    ],
)
def test_files(url: str, source: str, told: str) -> None:
    """Their paths are read as they stand, and nobody is told the folder."""
    entries, _reported = converted(image(version(url=url)))
    assert only(entries)["source"] == source
    assert only(entries)["image_source"] == told


LATEST = {
    "latest_url": "https://images.example.org/latest/example.qcow2",
    "latest_checksum_url": "https://images.example.org/latest/SUMS",
}


def test_following_upstream() -> None:
    """The newest version is whatever is released; its date is not known, its algorithm is."""
    given = image(
        version("1", build_date=date(2026, 1, 1)),
        version("2", checksum="sha512:" + "0" * 128, build_date=date(2026, 2, 1)),
        **LATEST,
    )
    entries, not_mapped = converted(given, follow=True)
    assert entries[0]["source"] == LATEST["latest_url"]
    assert entries[0]["image_source"] == LATEST["latest_url"]
    assert entries[0]["checksum"] == f"sha512:{LATEST['latest_checksum_url']}"
    assert "image_build_date" not in entries[0]
    assert entries[1]["source"] == URL
    assert not not_mapped


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"multi": False}, "in the image's name"),
        ({"latest_checksum_url": None}, "It takes latest_url and"),
        ({"latest_url": r"https://example.org/x-HEREBE\d+DRAGONS.qcow2"}, "a pattern"),
        ({"latest_url": "ftp://example.org/x.qcow2"}, "Only http and https"),
    ],
)
def test_what_cannot_be_followed(changes: Said, reason: str) -> None:
    """Then the version that is written down counts, as if nobody had asked."""
    entries, not_mapped = converted(image(**LATEST | changes), follow=True)
    assert only(entries)["source"] == URL
    assert reason in reported(not_mapped)["latest_url"]


@pytest.mark.parametrize(
    "given, expected",
    [
        ("raw", {"format": "raw"}),
        ("iso", {"format": "iso", "disk_format": "iso"}),
        ("aki", {"disk_format": "aki"}),
    ],
)
def test_formats(given: str, expected: Said) -> None:
    """Disks are stored raw; what is no disk is stored as it is."""
    entries, _reported = converted(image(format=given))
    found = {key: value for key, value in only(entries).items() if key.endswith("format")}
    assert found == expected
    Entry.from_plain(only(entries))
