# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a file is by its first bytes, and which member of an archive is the disk."""

from __future__ import annotations

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.disk_members import (
    choose,
    may_be_disk,
    plain_name,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.disk_signs import (
    other_than_disk,
    packing_of,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    Ambiguous,
    InvalidRequest,
    RefusedDisk,
)

from support.disks import PACKERS, gpt_disk, tar, zipped


@pytest.mark.parametrize("packer", PACKERS)
def test_what_packs_a_file(packer: str) -> None:
    """Also when it packs nothing."""
    assert packing_of(PACKERS[packer](b"data")) == packer
    assert packing_of(PACKERS[packer](b"")) == packer


def test_archives() -> None:
    """By the checksum of a tar header, and the beginning of a zip."""
    assert packing_of(tar({"a": b""})) == "tar"
    assert packing_of(zipped({"a": b""})) == "zip"
    assert packing_of(zipped({})) == "zip"
    assert packing_of(b"\x50\x2a\x4d\x18\x04\x00\x00\x00") == "zst"


@pytest.mark.parametrize("head", [b"", bytes(512), gpt_disk()[:4096], b"BZh9 is no bzip2", b"PK"])
def test_what_is_not_packed(head: bytes) -> None:
    """A disk may begin with anything; a magic of two letters would find it often."""
    assert packing_of(head) is None


@pytest.mark.parametrize(
    "text", ["#!/bin/sh\n", "ä" * 2048, "x" + "ä" * 2048, "x" + "€" * 2048, "\ufeffname,value\r\n"]
)
def test_texts(text: str) -> None:
    """Also where their last letter is cut in two."""
    assert other_than_disk(text.encode()[:4096]) == "a text"


@pytest.mark.parametrize("data", [bytes(4096), gpt_disk()[:4096], b"text\x00", b"\xff\xfe" * 999])
def test_what_is_no_text(data: bytes) -> None:
    """A zero is enough, and so is what is no UTF-8."""
    assert other_than_disk(data) is None


@pytest.mark.parametrize(
    "name, plain",
    [("./vm/disk.raw", "vm/disk.raw"), ("disk.raw", "disk.raw"), ("a\\b", "a/b"), ("..a", "..a")],
)
def test_names_in_archives(name: str, plain: str) -> None:
    """In one way of writing."""
    assert plain_name(name) == plain


@pytest.mark.parametrize("name", ["/x", "../x", "a/../../x", "a\\..\\x", "\\x", "C:\\x", "C:/x"])
def test_names_that_lead_out(name: str) -> None:
    """However they are written."""
    with pytest.raises(RefusedDisk, match="outside"):
        plain_name(name)


@pytest.mark.parametrize("name", ["vm.ovf", "VM.MF", "a.nvram", "SHA512SUMS", "a.sha256", "x/._d"])
def test_what_lies_beside_disks(name: str) -> None:
    """Passed over."""
    assert not may_be_disk(name)


@pytest.mark.parametrize("name", ["disk.raw", "disk", "debian-12.5", "x.vmdk.gz", "a.qcow2", "i"])
def test_what_may_be_a_disk(name: str) -> None:
    """Everything else: its content decides."""
    assert may_be_disk(name)


def test_the_choice() -> None:
    """One is taken; several are a question; none is no disk."""
    assert choose(["vm.ovf", "disk.vmdk"], None, "vm.ova") == "disk.vmdk"
    assert choose(["a.vmdk", "b.vmdk"], "./b.vmdk", "vm.ova") == "b.vmdk"
    assert choose(["a.txt", "b.vmdk"], "a.txt", "vm.ova") == "a.txt"
    with pytest.raises(Ambiguous, match="holds several") as asked:
        choose(["a.vmdk", "b.vmdk"], None, "vm.ova")
    assert asked.value.facts["candidates"] == ["a.vmdk", "b.vmdk"]
    with pytest.raises(RefusedDisk, match=r"no disk, only: a\.txt"):
        choose(["a.txt"], None, "vm.ova")
    with pytest.raises(InvalidRequest, match="no member named 'c'"):
        choose(["a", "b"], "c", "vm.ova")
    with pytest.raises(InvalidRequest, match="2 members named 'a'"):
        choose(["a", "a"], "a", "vm.ova")
