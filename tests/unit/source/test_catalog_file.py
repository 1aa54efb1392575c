# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Catalogs in files: what stands where, and files that are none."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.catalog import Catalog
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    CuratorError,
    InvalidRequest,
    SourceFailed,
)
from ansible_collections.curator.glance.plugins.module_utils.source.catalog_file import (
    read_catalog_file,
)

CATALOG = """\
# A catalog.
defaults:
  visibility: public
images:
  - &first
    name: Debian 12
    source: d.qcow2
    os:
      distro: debian
      version: "12"
  - <<: *first
    name: Debian 13
    min_ram: 1
    min_ram: 2
  - name: Debian 14
    visibility: publik
    os: {version: 24.10}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the catalog is."""
    path = tmp_path / "catalog.yml"
    path.write_text(CATALOG)
    return path


def test_entries_with_their_lines(file: Path) -> None:
    """Of the entry, of its keys, and of the keys of maps within it."""
    first, _second, third = read_catalog_file(file).items
    assert first.place.line == 5
    assert first.place.lines["name",] == 6
    assert first.place.lines["os", "version"] == 10
    assert third.place.lines["os", "version"] == 17
    assert third.place.file == str(file)
    assert first.content["visibility"] == "public"


def test_anchors_are_plain_yaml(file: Path) -> None:
    """What is merged is there; what stands beside it counts more."""
    second = read_catalog_file(file).items[1]
    assert second.content["name"] == "Debian 13"
    assert second.content["os"]["version"] == "12"


def test_mistakes_are_said_with_their_lines(file: Path) -> None:
    """Also a key that stands twice, of which YAML would take the last."""
    catalog = Catalog.read(read_catalog_file(file), base_dir="/srv")
    assert [entry.name for entry in catalog.entries] == ["Debian 12"]
    twice, wrong = catalog.faults
    assert twice.reasons == (
        "Line 14: min_ram stands a second time, after line 13. Leave one out.",
    )
    assert [reason[:8] for reason in wrong.reasons[:2]] == ["Line 16:", "Line 17:"]


@pytest.mark.parametrize(
    "content, error, told",
    [
        (b"", InvalidRequest, "no entries"),
        (b"# nothing\n", InvalidRequest, "no entries"),
        (b"--- 7\n", InvalidRequest, "is no list but 7"),
        (b"- name: 'a\n", InvalidRequest, "line 2 is no plain YAML"),
        (
            b"- name: a\n  x: !vault y\n",
            InvalidRequest,
            "line 2 is no plain YAML: could not determine",
        ),
        (b"- a: 1\n---\n- b: 2\n", InvalidRequest, "no plain YAML"),
        (b"- &x {a: *x}\n", InvalidRequest, "no plain YAML"),
        (b"[" * 9999, InvalidRequest, "no plain YAML"),
        (
            b"images: [{name: a}]\nimages: [{name: b}, {name: c}]\n",
            InvalidRequest,
            "Line 2: images stands a second time, after line 1",
        ),
        (
            b"defaults:\n  os: {}\ndefaults: {}\nimages: [a]\n",
            InvalidRequest,
            "Line 3: defaults stands a second time, after line 1",
        ),
        (
            b"defaults:\n  os:\n    type: a\n    type: b\nimages: [a]\n",
            InvalidRequest,
            "Line 4: type stands a second time, after line 3",
        ),
        (b"\xff\xfe\x00", InvalidRequest, "no text in UTF-8"),
        (b"$ANSIBLE_VAULT;1.1;AES256\n00\n", InvalidRequest, "encrypted by ansible-vault"),
        (b"- name: a\tb: c: d\n", InvalidRequest, "no plain YAML"),
    ],
    ids=lambda part: str(part)[:20],
)
def test_a_file_that_is_no_catalog(
    tmp_path: Path, content: bytes, error: type[CuratorError], told: str
) -> None:
    """One sentence, with the line where there is one, and never a traceback."""
    path = tmp_path / "broken.yml"
    path.write_bytes(content)
    with pytest.raises(error, match=told) as caught:
        read_catalog_file(path)
    assert str(path) in caught.value.message
    assert "\n" not in caught.value.message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Or is a folder."""
    with pytest.raises(SourceFailed, match="No such file"):
        read_catalog_file(tmp_path / "none.yml")
    with pytest.raises(SourceFailed, match="directory"):
        read_catalog_file(tmp_path)


def test_a_day_that_does_not_exist_spoils_no_other_entry(tmp_path: Path) -> None:
    """YAML would take it for a date, and fail; where a text will do, it is one."""
    path = tmp_path / "c.yml"
    proven = "source: b, checksum: sha256:sums"
    path.write_text(
        f"- {{name: a, {proven}, patchlevel: 2026-99-99}}\n"
        f"- {{name: b, {proven},\n   provided_until: 2026-02-30}}\n"
        f"- {{name: c, {proven}, provided_until: 2026-02-28}}\n"
    )
    catalog = Catalog.read(read_catalog_file(path), base_dir="/srv")
    first, third = (entry.standard for entry in catalog.entries)
    assert first == {"patchlevel": "2026-99-99"}
    assert third == {"provided_until": "2026-02-28"}
    (fault,) = catalog.faults
    assert fault.reasons[0].startswith("Line 3: provided_until is '2026-02-30', which no calendar")


def test_one_entry_that_is_no_map_spoils_no_other(tmp_path: Path) -> None:
    """The list is read all the same."""
    path = tmp_path / "c.yml"
    path.write_text("- 7\n- name: a\n  source: b\n  checksum: sha256:sums\n-\n")
    catalog = Catalog.read(read_catalog_file(path), base_dir="/srv")
    assert [entry.name for entry in catalog.entries] == ["a"]
    assert [fault.place.line for fault in catalog.faults] == [1, 5]
