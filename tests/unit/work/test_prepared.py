# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A prepared disk and its record: what a later run makes of them, however the earlier one ended."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.record import (
    SUFFIX,
    Record,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.wish import PrepareWish
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    InvalidRequest,
    SourceFailed,
)
from ansible_collections.curator.glance.plugins.module_utils.progress import NoProgress
from ansible_collections.curator.glance.plugins.module_utils.work import prepared
from ansible_collections.curator.glance.plugins.module_utils.work.prepared import (
    Made,
    Source,
    keep,
    standing,
    still_stands,
)

MARK = "mark"
OPTIONS: dict[str, Any] = {
    **dict.fromkeys(("format", "member", "output_format", "cache_dir")),
    "max_virtual_size": "2 TiB",
    "in_place": False,
    "overwrite": False,
    "operations": ["sparsify"],
    "secrets": "warn",
    "network": False,
}


class Died(BaseException):
    """The process is gone."""


class Bench:
    """A disk, and what is made of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.source = folder / "guest.raw"
        self.source.write_bytes(b"guest")
        self.output = folder / "prepared.raw"

    def wish(self, **options: Any) -> PrepareWish:
        given = {"path": str(self.source), "output": str(self.output), **OPTIONS, **options}
        return PrepareWish.from_params(given)

    def made(self, content: bytes = b"prepared", mark: str = MARK) -> Made:
        built = self.folder / f"built-{mark}"
        built.write_bytes(content)
        source = Source.of(self.source)
        result = {"changed": True, "diff": [], "secrets": [], "warnings": []}
        return Made(
            built=built,
            source=source,
            source_sha256=source.digest(NoProgress()),
            fingerprint=mark,
            result=result,
        )

    def standing(self, mark: str = MARK, **options: Any) -> Record | None:
        return standing(self.wish(**options), Source.of(self.source), mark, NoProgress())


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A disk, and what is made of it."""
    return Bench(tmp_path)


def test_kept(bench: Bench) -> None:
    """It has its name, and is known by the next run; other operations make another."""
    assert bench.standing() is None
    keep(bench.wish(), bench.made())
    assert bench.output.read_bytes() == b"prepared"
    assert bench.output.stat().st_mode & 0o777 == 0o600
    assert bench.standing() is not None
    assert bench.standing("other") is None
    assert sorted(path.name for path in bench.folder.iterdir()) == [
        "guest.raw",
        "prepared.raw",
        f"prepared.raw{SUFFIX}",
    ]


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("step", ["finish", "_remember", "give_name"])
@pytest.mark.parametrize("late", [True, False])
def test_ended_on_the_way(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, step: str, *, before: bool, late: bool
) -> None:
    """Wherever that was, the next run refuses none of ours, and takes none for another."""
    if before:
        keep(bench.wish(), bench.made(b"first", "first"))
    go_on = getattr(prepared, step)

    def die(*args: Any, **options: Any) -> None:
        if late:
            go_on(*args, **options)
        raise Died

    made = bench.made()
    with monkeypatch.context() as patch:
        patch.setattr(prepared, step, die)
        with pytest.raises(Died):
            keep(bench.wish(), made)

    is_named = bench.output.exists() and bench.output.read_bytes() == b"prepared"
    assert is_named == (step == "give_name" and late)
    assert (bench.standing() is not None) == is_named
    keep(bench.wish(), bench.made())
    assert bench.standing() is not None
    assert bench.output.read_bytes() == b"prepared"


def test_a_file_of_others(bench: Bench) -> None:
    """It is refused, also if it came while ours was made; unless it is to be replaced."""
    made = bench.made()
    bench.output.write_bytes(b"precious")
    for refused in (bench.standing, lambda: keep(bench.wish(), made)):
        with pytest.raises(InvalidRequest, match="overwrite"):
            refused()
    assert bench.output.read_bytes() == b"precious"
    keep(bench.wish(overwrite=True), made)
    assert bench.standing() is not None
    bench.output.write_bytes(b"changed since")
    with pytest.raises(InvalidRequest, match="overwrite"):
        bench.standing()


def test_two_at_once(bench: Bench) -> None:
    """The second finds what the first has made, which somebody may be sending already."""
    first = bench.made()
    second = replace(bench.made(mark="second"), fingerprint=MARK)
    begin = threading.Barrier(2)

    def run(made: Made) -> None:
        begin.wait(10)
        keep(bench.wish(), made)

    threads = [threading.Thread(target=run, args=(made,)) for made in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert bench.standing() is not None
    # One of the two was not needed.
    assert [made.built.exists() for made in (first, second)].count(True) == 1


def test_rights_of_what_is_replaced(bench: Bench) -> None:
    """Who was let in by hand stays in."""
    keep(bench.wish(), bench.made(b"first", "first"))
    bench.output.chmod(0o640)
    keep(bench.wish(), bench.made())
    assert bench.output.read_bytes() == b"prepared"
    assert bench.output.stat().st_mode & 0o777 == 0o640


def test_a_source_that_is_written_to(bench: Bench) -> None:
    """No record claims it, whichever time it has."""
    made = bench.made()
    time = bench.source.stat().st_mtime_ns
    bench.source.write_bytes(b"GUEST")
    os.utime(bench.source, ns=(time, time))
    with pytest.raises(SourceFailed, match="written to"):
        keep(bench.wish(), made)
    assert not bench.output.exists()

    keep(bench.wish(), bench.made())
    assert bench.standing() is not None
    bench.source.write_bytes(b"Guest")
    os.utime(bench.source, ns=(time, time))
    assert bench.standing() is None


def test_a_source_that_was_copied(bench: Bench) -> None:
    """The same bytes are the same disk; once that is known, they are not read again."""
    keep(bench.wish(), bench.made())
    bench.source.unlink()
    bench.source.write_bytes(b"guest")
    record = bench.standing()
    assert record is not None
    assert record.source == Source.of(bench.source).stamp
    still_stands(bench.wish(), record)
    stored = Record.from_text(Path(f"{bench.output}{SUFFIX}").read_text())
    assert stored == record


def test_secrets_that_nobody_looked_for(bench: Bench) -> None:
    """A disk that was made without a look does not pass for one without secrets."""
    keep(bench.wish(secrets="ignore"), bench.made())
    assert bench.standing(secrets="ignore") is not None
    assert bench.standing(secrets="warn") is None
    keep(bench.wish(secrets="warn"), bench.made())
    assert bench.standing(secrets="warn") is not None
    assert bench.standing(secrets="ignore") is not None
