# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists and tables of machines, as people write them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.machine_list import (
    machines_of,
    rows_of,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest

PLAIN = {"name": "Accounting", "source": "/srv/accounting.ova"}


def machine(**keys: Any) -> dict[str, Any]:
    (found,) = machines_of([{**PLAIN, **keys}])
    return found


def refused(*elements: Any, **rest: Any) -> str:
    with pytest.raises(InvalidRequest) as error:
        machines_of(list(elements), **rest)
    return error.value.message


def test_a_machine_says_little() -> None:
    """A name and a source are enough; the proposal is taken."""
    assert machine() == {
        **PLAIN,
        "profile": ["auto"],
        "tags": [],
        "hardware": {},
        "properties": {},
        "slug": "accounting",
    }


def test_what_goes_for_all() -> None:
    """A machine's own word wins; tags and properties are added to one another."""
    common = {
        "profile": ["virtio"],
        "tags": ["imported"],
        "properties": {"hw_video_model": "vga", "team": "it"},
    }
    own = {"profile": "uefi,legacy-ide", "tags": ["old"], "properties": {"team": "finance"}}
    one, other = machines_of([{**PLAIN, **own}, {**PLAIN, "name": "Wiki"}], defaults=common)
    assert one["profile"] == ["uefi", "legacy-ide"]
    assert other["profile"] == ["virtio"]
    assert one["tags"] == ["imported", "old"]
    assert one["properties"] == {"team": "finance"}
    assert one["hardware"] == other["hardware"] == {"hw_video_model": "vga"}


def test_one_guest_is_prepared_and_another_is_not() -> None:
    """A machine's own word wins, and files of operations lie beside the list."""
    operations = [{"write": {"path": "/etc/motd", "src": "motd"}}]
    one, two, three = machines_of(
        [
            {**PLAIN, "prepare": operations},
            {**PLAIN, "name": "Wiki", "prepare": "no"},
            {**PLAIN, "name": "Print server"},
        ],
        defaults={"prepare": "auto"},
        base_dir="/srv/lists",
    )
    assert one["prepare"]["operations"][0]["write"]["src"] == "/srv/lists/motd"
    assert (two["prepare"], three["prepare"]) == ({}, "auto")
    told = refused({**PLAIN, "prepare": "sometimes"})
    assert told.startswith("Machine 1 (Accounting): prepare is 'sometimes'. Give auto")


def test_paths_begin_beside_the_list() -> None:
    """A relative path is one in the folder of the list; addresses stay as they are."""
    given = {
        "name": "Wiki",
        "source": "exports/wiki.qcow2",
        "checksum": "sha256:SHA256SUMS",
        "signature": "https://example.org/SHA256SUMS.sig",
        "keyring": "~/keys.gpg",
    }
    (found,) = machines_of([given], base_dir="/srv/lists")
    assert found["source"] == "/srv/lists/exports/wiki.qcow2"
    assert found["checksum"] == "sha256:/srv/lists/SHA256SUMS"
    assert found["signature"] == "https://example.org/SHA256SUMS.sig"
    assert found["keyring"] == "~/keys.gpg"


@pytest.mark.parametrize(
    "name, format_",
    [("a.vhd", None), ("a.vhd.xz", "vhd"), ("a.VHD.gz", "vhd"), ("a.vhdx.xz", None)],
)
def test_a_packed_fixed_vhd_is_known_by_its_name(name: str, format_: str | None) -> None:
    """Its content would show that at the end only."""
    assert machine(source=f"https://example.org/{name}?version=2").get("format") == format_


@pytest.mark.parametrize("given", ["2027-06-30", date(2027, 6, 30)])
def test_days(given: Any) -> None:
    """YAML makes a date of a day without quotes."""
    assert machine(expires=given)["expires"] == "2027-06-30"


@pytest.mark.parametrize(
    "keys, says",
    [
        ({"source": None}, "source has no value"),
        ({"sourec": "x"}, "Write source"),
        ({"min_ram": "much"}, "Give a whole number of MiB"),
        ({"format": "qcow"}, "Possible are raw, qcow2"),
        ({"expires": "soon"}, "Give a day, such as 2027-06-30"),
        ({"profile": ["auto", "virtio"]}, "Give auto alone"),
        ({"checksum": "SHA256SUMS"}, "sha512:"),
        ({"properties": ["a"]}, "Give a map"),
        ({"source": "https://me:hunter2@example.org/a"}, "A list holds no secrets"),
        ({"source": "{{ exports }}/a"}, "a list is plain data"),
    ],
)
def test_what_cannot_be_meant(keys: dict[str, Any], says: str) -> None:
    """The error names the machine, and what to write."""
    message = refused({**PLAIN, "name": "Wiki"}, {**PLAIN, **keys})
    assert message.startswith("Machine 2 (Accounting)")
    assert says in message
    assert "hunter2" not in message


def test_lists_that_are_none() -> None:
    """An empty list, an element that is no map, and one without a source."""
    assert "empty" in refused()
    assert "Machine 1 is 'a.ova'" in refused("a.ova")
    assert "Machine 1 (Wiki) has no source" in refused({"name": "Wiki"})
    assert "What goes for all machines has no key 'source_dir'" in refused(
        PLAIN, defaults={"source_dir": "/srv"}
    )


def test_namesakes() -> None:
    """Two machines of one name would take it from one another, unless others own them."""
    assert "have the name Accounting" in refused(PLAIN, PLAIN)
    owned = [{**PLAIN, "owner": owner} for owner in ("customer_a", "customer_b")]
    slugs = [found["slug"] for found in machines_of(owned)]
    assert slugs == ["accounting-customer-a", "accounting-customer-b"]


def test_each_machine_is_a_host_of_its_own() -> None:
    """Whatever names and owners come to when they stand together; else one would be lost."""
    alike = [
        {"name": "r4 a", "owner": "customer_a"},
        {"name": "r4 a", "owner": "customer_b"},
        {"name": "r4 a customer_a"},
        {"name": "R4: A", "owner": "customer_a"},
    ]
    found = machines_of([{**PLAIN, **one} for one in alike])
    assert len({one["slug"] for one in found}) == len(alike)
    forged = machines_of([{**PLAIN, "name": name} for name in ("a!", "a?")])[0]["slug"]
    assert f"The machines a! and {forged} cannot be told apart" in refused(
        *({**PLAIN, "name": name} for name in ("a!", "a?", forged))
    )


def test_a_name_that_another_ones_disk_may_get() -> None:
    """How many disks a machine has, shows when it is looked into: too late for a refusal."""
    message = refused({**PLAIN, "name": "Wiki disk 2"}, {**PLAIN, "name": "Wiki"})
    assert (
        "a machine Wiki disk 2, and a disk of the machine Wiki may be called just that" in message
    )
    assert machine(name="Wiki disk 2")["name"] == "Wiki disk 2"
    elsewhere = {**PLAIN, "name": "Wiki", "owner": "customer_b"}
    assert len(machines_of([{**PLAIN, "name": "Wiki disk 2"}, elsewhere])) == 2


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_tables(separator: str) -> None:
    """A row is a machine; an empty cell says nothing, and a column may be one property."""
    table = "\ufeffname|source| tags|min_ram|properties.hw_vif_model\n".replace("|", separator)
    table += 'Wiki|"wiki, old.vmdk"|a b||\r\n'.replace("|", separator)
    table += "\nPrint|print.vmdk||2048|e1000\n".replace("|", separator)
    assert rows_of(table) == [
        {"name": "Wiki", "source": "wiki, old.vmdk", "tags": "a b"},
        {
            "name": "Print",
            "source": "print.vmdk",
            "min_ram": "2048",
            "properties": {"hw_vif_model": "e1000"},
        },
    ]
    one, other = machines_of(rows_of(table))
    assert one["tags"] == ["a", "b"]
    assert other["min_ram"] == 2048
    assert other["hardware"] == {"hw_vif_model": "e1000"}


def test_a_table_with_too_many_cells() -> None:
    """A separator within a cell shifts all that follows: the row is named."""
    with pytest.raises(InvalidRequest, match="Row 1 of the table has more cells"):
        rows_of("name,source\nWiki,wiki, old.vmdk\n")


@pytest.mark.parametrize(
    "table, says",
    [
        (b"name,source\nB\xfcro,a.vmdk\n", "not in UTF-8: line 2"),
        ("name,source\nWiki,a.vmdk\n".encode("utf-16"), "not in UTF-8: line 1"),
        (b"name,source,name\nWiki,a.vmdk,Print\n", "several columns name"),
        (b"name,source,properties\nWiki,a.vmdk,x\n", "such as properties.hw_disk_bus"),
        (b'name,source\nWiki,"a.vmdk\nPrint,b.vmdk\n', "cannot be read at line"),
        (b"name,source\nWiki," + b"a" * 200_000, "field larger than field limit"),
    ],
)
def test_tables_that_cannot_be_read(table: bytes, says: str) -> None:
    """Nothing is guessed, and no machine is lost in the cell of another one."""
    with pytest.raises(InvalidRequest, match=says):
        rows_of(table.decode(errors="surrogateescape"))


def test_line_breaks_in_a_cell() -> None:
    """They are a part of it, and of no line's end."""
    table = '\r\nname,source,properties.image_description\r\nWiki,a.vmdk,"Old,\nand slow"\r\n'
    assert rows_of(table)[0]["properties"] == {"image_description": "Old,\nand slow"}
