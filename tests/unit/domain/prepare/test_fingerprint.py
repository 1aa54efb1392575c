# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tells one list of operations from another, and a record from what is none."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.record import (
    Record,
    Stamp,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.table import fingerprint
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.wish import PrepareWish
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest
from ansible_collections.curator.glance.plugins.module_utils.work.local_files import (
    LocalFiles,
    fingerprint_of,
)

from support.paper_guest import Files

WRITE = {"write": {"path": "/a", "src": "/here"}}
RECORD = Record(
    source=Stamp(size=1, mtime_ns=2, inode=5, ctime_ns=6),
    source_sha256="ab",
    fingerprint="cd",
    secrets="warn",
    output=Stamp(size=3, mtime_ns=4),
    replaced=Stamp(size=7, mtime_ns=8),
    result={"changed": True},
)
OPTIONS: dict[str, Any] = {
    **dict.fromkeys(("format", "member", "output", "output_format", "cache_dir")),
    "path": "/a.qcow2",
    "max_virtual_size": "2 TiB",
    "in_place": False,
    "overwrite": False,
    "operations": [],
    "secrets": "warn",
    "network": False,
}


def _mark(*asked: Any, here: bytes = b"1", more: str = "") -> str:
    return fingerprint(asked, Files({"/here": here}), more)


def test_same() -> None:
    """The same operations have the same fingerprint, in whichever order options stand."""
    turned = {"write": {"src": "/here", "path": "/a"}}
    assert _mark("users", WRITE) == _mark("users", turned)


def test_different() -> None:
    """Another order, another option, another file's content, another time: another guest."""
    marks = {
        _mark("users", WRITE),
        _mark(WRITE, "users"),
        _mark("users", WRITE, here=b"2"),
        _mark("users", WRITE, more="1700000000"),
        _mark({"users": {"keep": ["a"]}}, WRITE),
        _mark(),
    }
    assert len(marks) == 6


def test_where_files_lie() -> None:
    """A file is told by its name and what is in it: another operator has it in another folder."""
    here, there = Files({"/here/a.deb": b"1"}), Files({"/there/a.deb": b"1", "/there/b.deb": b"1"})

    def mark(folder: str, name: str, files: Files) -> str:
        return fingerprint([{"install": {"files": [f"{folder}/{name}"]}}], files)

    assert mark("/here", "a.deb", here) == mark("/there", "a.deb", there)
    # The tool that installs it looks at its name.
    assert mark("/here", "a.deb", here) != mark("/there", "b.deb", there)


def test_other_wishes() -> None:
    """Whatever makes another disk of the same file, or asks more of it, is another wish."""
    wishes: list[dict[str, Any]] = [
        {},
        {"member": "second.vmdk"},
        {"network": True},
        {"secrets": "remove"},
        {"secrets": "fail"},
        {"output_format": "raw"},
    ]
    marks = {_wished(**options) for options in wishes}
    assert len(marks) == len(wishes)
    # Where it is made, and what is only said about it, makes no other disk.
    for options in ({"secrets": "ignore"}, {"overwrite": True}, {"cache_dir": "/var/tmp"}):  # noqa: S108
        assert _wished(**options) == _wished()


def _wished(**options: Any) -> str:
    wish = PrepareWish.from_params({**OPTIONS, "output": "/b", **options})
    return fingerprint_of(wish, LocalFiles())


def test_record() -> None:
    """A record comes back as it was written; what is none is not taken for one."""
    assert Record.from_text(RECORD.as_text()) == RECORD
    for text in ("", "[]", "{}", '{"edition": 0}', RECORD.as_text().replace('"size"', '"length"')):
        assert Record.from_text(text) is None


@pytest.mark.parametrize(
    "options, said",
    [
        ({"operations": ["users"]}, "in_place"),
        ({"output": "/b", "in_place": True}, "exclude each other"),
        ({"secrets": "remove"}, "Operations need a place"),
        ({"operations": ["nonsense"], "output": "/b"}, "no operation"),
    ],
)
def test_contradictions(options: dict[str, Any], said: str) -> None:
    """What contradicts itself is refused before anything is opened."""
    with pytest.raises(InvalidRequest, match=said):
        PrepareWish.from_params({**OPTIONS, **options})
