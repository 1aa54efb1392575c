# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The catalogs to start from: each entry can be carried out, as far as it can be told from here."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.catalog import Catalog
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.document import Document
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.entry import Entry
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.checking import check
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.profiles import (
    combined,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.manifest import digest_in
from ansible_collections.curator.glance.plugins.module_utils.domain.proof import ChecksumWish

from support.house import ROOT

CATALOGS = ROOT / "playbooks/catalogs"
DATA = Path(__file__).parent / "data"
RECORDED = {
    one["entry"]: one for one in yaml.safe_load((DATA / "manifests.yml").read_text("utf-8"))
}
USERS = yaml.safe_load((DATA / "users.yml").read_text("utf-8"))


def read(path: Path) -> Catalog:
    document = Document.of(yaml.safe_load(path.read_text("utf-8")))
    return Catalog.read(document, base_dir="/srv/catalog")


FILES = sorted(CATALOGS.glob("*.yml"))
DISTRIBUTIONS = read(CATALOGS / "distributions.yml").entries
ENTRIES = [entry for path in FILES for entry in read(path).entries]


def named(entry: Entry) -> str:
    return entry.name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_is_wrong_with_a_catalog(path: Path) -> None:
    """By the schema, and by what its entries say against each other."""
    catalog = read(path)
    assert catalog.entries
    assert not catalog.faults
    assert not catalog.warnings


def test_all_the_usual_distributions_are_there() -> None:
    """Those that people look for first, and each with a user who is known."""
    assert {entry.os["distro"] for entry in DISTRIBUTIONS} == USERS.keys()


@pytest.mark.parametrize("entry", ENTRIES, ids=named)
def test_the_hardware_is_what_a_cloud_takes(entry: Entry) -> None:
    """Profiles exist, and what they come to does not contradict itself."""
    wanted = combined(entry.profiles, {}, entry.hardware_properties)
    whole = {name: str(value) for name, value in wanted.items() if value is not None}
    assert whole
    assert not check(wanted, whole, hypervisor="kvm", definitions=None)


@pytest.mark.parametrize("entry", ENTRIES, ids=named)
def test_an_entry_says_what_customers_want_to_know(entry: Entry) -> None:
    """What it is, for whom, how long, and where to read on."""
    assert {"distro", "version", "user", "architecture", "purpose"} <= entry.os.keys()
    assert {
        "replace_frequency",
        "provided_until",
        "uuid_validity",
        "image_description",
    } <= entry.standard.keys()
    assert entry.visibility == "public"
    assert entry.min_ram
    assert entry.keep


@pytest.mark.parametrize("entry", DISTRIBUTIONS, ids=named)
def test_who_can_log_in(entry: Entry) -> None:
    """The user that somebody has recorded for the distribution."""
    assert entry.os["user"] == USERS[entry.os["distro"]]["user"]


@pytest.mark.parametrize("entry", DISTRIBUTIONS, ids=named)
def test_every_source_comes_by_https_and_is_proven(entry: Entry) -> None:
    """By a checksum, or by a signature of the image itself; never by a weak one."""
    assert entry.source.startswith("https://")
    assert entry.checksum or entry.signature
    assert not entry.allow_weak_checksum
    for where in (entry.checksum, entry.signature):
        assert "http://" not in (where or "")


def manifest_of(entry: Entry) -> ChecksumWish | None:
    """The list that the entry names, if it names one."""
    wish = ChecksumWish.from_option(entry.checksum) if entry.checksum else None
    return wish if wish and wish.manifest else None


LISTED = [entry for entry in DISTRIBUTIONS if manifest_of(entry)]


@pytest.mark.parametrize("entry", LISTED, ids=named)
def test_the_recorded_list_has_the_source(entry: Entry) -> None:
    """Under the name that the source has in its address, in the algorithm of the entry."""
    wish = manifest_of(entry)
    assert wish is not None
    record = RECORDED[entry.name]
    digest = digest_in(
        record["text"],
        algorithm=wish.algorithm,
        file_name=entry.source.rpartition("/")[2],
        manifest=str(wish.manifest),
    )
    assert digest in record["text"]


@pytest.mark.parametrize("entry", LISTED, ids=named)
def test_how_the_list_is_signed(entry: Entry) -> None:
    """In place where the record shows it; else in a file that is named for the list."""
    wish = manifest_of(entry)
    assert wish is not None
    signed_in_place = RECORDED[entry.name]["text"].startswith("-----BEGIN PGP SIGNED MESSAGE-----")
    assert (entry.signature == "inline") == signed_in_place
    if entry.signature and not signed_in_place:
        assert entry.signature.startswith(f"{wish.manifest}.")


def test_records_are_of_entries_and_say_where_they_are_from() -> None:
    """None is left over from an entry that is gone, and none is without a date."""
    assert RECORDED.keys() == {entry.name for entry in LISTED}
    for record in RECORDED.values():
        assert record["what"] in {"lines", "digest", "form"}
        assert record["origin"]
        assert record["recorded"].startswith("20")


@pytest.mark.parametrize("entry", ENTRIES, ids=named)
def test_where_a_keyring_is_from_is_told(entry: Entry) -> None:
    """Beside the catalog, under the name that the entry has for it."""
    told = (CATALOGS / "README.md").read_text("utf-8")
    if entry.keyring:
        assert f"`{entry.keyring.removeprefix('/srv/catalog/')}`" in told


@pytest.mark.parametrize("entry", DISTRIBUTIONS, ids=named)
def test_what_was_checked_is_told(entry: Entry) -> None:
    """Each entry is in the table, and those whose digest is made up are said to be."""
    told = (CATALOGS / "README.md").read_text("utf-8").partition("## What was checked")[2]
    (row,) = [line for line in told.splitlines() if line.startswith(f"| {entry.name} | ")]
    made_up = RECORDED.get(entry.name, {}).get("what") == "form"
    assert row.endswith("| the form, not a digest |") == made_up
