# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection that breaks while an image is read: a retry mends it, or one sentence says why."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from faults.run import beside
from support.cloud import LoopbackCloud
from support.faults import (
    ALWAYS,
    PATIENCE,
    Answer,
    Cut,
    Deed,
    Drip,
    Fault,
    Flip,
    HangUp,
    Point,
    Silence,
    answered,
)
from support.proxy import Proxy, proxy
from support.saving import READ, Saving, ranges
from support.small_disk import small_disk

MIB = 1 << 20
SIZE = 12 * MIB
slow = pytest.mark.slow


@pytest.fixture(scope="module")
def data() -> bytes:
    """A disk bigger than any socket's buffer, with a hole in its middle."""
    chance = random.Random(7)  # noqa: S311  # Data, not a secret.
    return chance.randbytes(5 * MIB) + bytes(2 * MIB) + chance.randbytes(SIZE - 7 * MIB)


@pytest.fixture
def saving(cloud: LoopbackCloud, data: bytes, tmp_path: Path) -> Saving:
    """A task that nobody has run yet."""
    folder = tmp_path / "images"
    folder.mkdir()
    return Saving(cloud, cloud.new_image(data=data), data, folder)


@pytest.fixture
def glance(saving: Saving) -> Iterator[Proxy]:
    """What stands between the task and the cloud."""
    with proxy(saving.owner.glance_url) as standing:
        yield standing


def broken(deed: Deed, at: Point | None = None, **when: float) -> Fault:
    """A fault of a request for the data."""
    return Fault(deed=deed, on=READ, at=at or answered(), **when)  # type: ignore[arg-type]


def without_ranges(glance: Proxy, answer: int = 400) -> None:
    """The next request is refused, as Ceph's store refuses every part of an image."""
    glance.fault(broken(Answer(answer)))


def row(name: str, deed: Deed, at: Point | None = None, *, rare: bool = True) -> object:
    """A row of a table; a rare one is for `make test-slow` alone."""
    return pytest.param(broken(deed, at), id=name, marks=[slow] if rare else [])


MENDED = [
    row("cut before the head", Cut()),
    row("cut after the first byte", Cut(), answered(octets=1)),
    row("cut just before the end", Cut(), answered(0.99)),
    row("401 at the start", Answer(401), rare=False),
    row("500 at the start", Answer(500)),
    row("503 at the start", Answer(503), rare=False),
    row("429 at the start", Answer(429)),
    row("silent from the start", Silence()),
    row("silent in the middle", Silence(), answered(0.5)),
    row("slow from the middle", Drip(2 * MIB), answered(0.5)),
]


@pytest.mark.parametrize("planned", MENDED)
def test_one_fault_is_mended(saving: Saving, glance: Proxy, planned: Fault) -> None:
    """It costs a request and nothing else."""
    glance.fault(planned)
    result = saving.run(glance, timeout=PATIENCE, api_timeout=PATIENCE)
    saving.assert_saved(result)
    assert result["action"] == "created"
    assert result["proven_by"] == "os_hash_value"


def test_a_cut_goes_on_at_the_byte_that_was_reached(saving: Saving, glance: Proxy) -> None:
    """No byte comes twice where the store gives parts of an image."""
    glance.fault(broken(Cut(), answered(0.5)))
    result = saving.run(glance)
    saving.assert_saved(result)
    first, second = ranges(glance)
    assert first is None
    assert second is not None
    assert 0 < int(second.removeprefix("bytes=").rstrip("-")) <= SIZE // 2
    assert result["transfer"]["bytes"] == SIZE


@pytest.mark.parametrize("answer", [400, pytest.param(416, marks=slow)])
def test_a_store_that_gives_no_parts(saving: Saving, glance: Proxy, answer: int) -> None:
    """All of it comes again, what is here already is compared, and each byte is written once."""
    glance.fault(broken(Cut(), answered(0.5)))
    without_ranges(glance, answer)
    glance.fault(broken(Cut(), answered(0.75)))
    result = saving.run(glance)
    saving.assert_saved(result)
    # After the first refusal no part is asked for any more.
    assert [asked is None for asked in ranges(glance)] == [True, False, True, True]
    assert result["transfer"]["bytes"] > SIZE


@pytest.mark.parametrize("parts", [True, False], ids=["with ranges", "without"])
def test_other_bytes_after_a_cut(saving: Saving, glance: Proxy, *, parts: bool) -> None:
    """They are seen, whichever way they came, and nothing is left of them."""
    glance.fault(broken(Cut(), answered(0.5)))
    if not parts:
        without_ranges(glance)
    glance.fault(broken(Flip(), answered(octets=1000)))
    words = "Glance has" if parts else "other bytes than when it was read before"
    saving.assert_failed(saving.run(glance), words, "Run the task again")
    assert saving.names() == set()


def test_a_fault_that_stays_leaves_the_rest_to_the_next_run(saving: Saving, glance: Proxy) -> None:
    """The message says where the part is, and how much; the next run reads only what is missing."""
    glance.fault(broken(Cut(), answered(0.5)))
    glance.fault(broken(Answer(503), times=ALWAYS))
    message = saving.assert_failed(saving.run(glance, retries=1), "503", str(saving.part))
    kept = saving.part.stat().st_size
    assert 0 < kept <= SIZE // 2
    assert re.search(r"What came so far, [\d.]+ MiB, is kept in", message)
    with proxy(saving.owner.glance_url) as mended:
        result = saving.run(mended)
        assert ranges(mended) == [f"bytes={kept}-"]
    saving.assert_saved(result)
    assert result["transfer"]["resumed"] == kept
    assert result["transfer"]["bytes"] == SIZE - kept


@slow
def test_retries_are_counted_anew_when_something_came(saving: Saving, glance: Proxy) -> None:
    """More cuts than retries are borne, as long as each request brings something."""
    for _n in range(3):
        glance.fault(broken(HangUp(), answered(octets=2 * MIB)))
    saving.assert_saved(saving.run(glance, retries=1))
    assert len(ranges(glance)) == 4


@slow
def test_no_retries(saving: Saving, glance: Proxy) -> None:
    """The first failure is the last."""
    glance.fault(broken(Cut(), answered(0.5)))
    saving.assert_failed(saving.run(glance, retries=0), "was cut")
    assert len(ranges(glance)) == 1


def test_a_part_that_is_damaged(saving: Saving, glance: Proxy) -> None:
    """What a crash left on the disk is found to be wrong, and read once more from its beginning."""
    saving.part.write_bytes(bytes(3 * MIB))
    saving.assert_saved(saving.run(glance))
    assert ranges(glance) == [f"bytes={3 * MIB}-", None]


@slow
def test_a_part_that_is_longer_than_the_image(saving: Saving) -> None:
    """It is no part of it."""
    saving.part.write_bytes(bytes(SIZE + 1))
    saving.assert_saved(saving.run())


def test_killed_and_run_again(saving: Saving, glance: Proxy) -> None:
    """All processes at once, in the middle: the next run reads from there on."""
    held = glance.hold(on=READ, at=answered(0.5))
    with beside({"curator.glance.image_download": saving.task(glance)}) as run:
        held.wait()
        run.kill_all()
    kept = saving.part.stat().st_size
    assert 0 < kept <= SIZE // 2
    assert not saving.path.exists()
    with proxy(saving.owner.glance_url) as mended:
        result = saving.run(mended)
        assert ranges(mended) == [f"bytes={kept}-"]
    saving.assert_saved(result)


@slow
def test_interrupted(saving: Saving, glance: Proxy) -> None:
    """Told to stop, it says what it keeps."""
    held = glance.hold(on=READ, at=answered(0.5))
    with beside({"curator.glance.image_download": saving.task(glance)}) as run:
        held.wait()
        run.interrupt()
        run.played.result()
    assert saving.names() == {saving.part.name}
    saving.assert_saved(saving.run())


def test_a_disk_that_is_too_small(saving: Saving, glance: Proxy) -> None:
    """That is seen before a byte moves."""
    with small_disk(saving.folder, 8):
        saving.assert_failed(saving.run(glance), "needs 12 MiB", "where 8 MiB are free")
        assert saving.names() == set()
    assert ranges(glance) == []


def test_a_disk_that_fills_up(saving: Saving, glance: Proxy) -> None:
    """What came is kept for when there is room."""
    held = glance.hold(on=READ, at=answered(0.5))
    with small_disk(saving.folder, 14), ThreadPoolExecutor(1) as pool:
        running = pool.submit(saving.run, glance)
        held.wait()
        filling = saving.folder / "filling"
        filling.write_bytes(bytes(7 * MIB))
        held.release()
        saving.assert_failed(running.result(), "does not fit", "is kept in", str(saving.part))
        filling.unlink()
        saving.assert_saved(saving.run())


@slow
def test_two_runs_at_once(saving: Saving, glance: Proxy) -> None:
    """The second waits for the first, and finds that there is nothing left to do."""
    held = glance.hold(on=READ, at=answered(0.5))
    with beside({"curator.glance.image_download": saving.task(glance)}) as first:
        held.wait()
        refused = saving.run(wait=False)
        assert "Another run saves the same image" in refused["msg"]
        with beside({"curator.glance.image_download": saving.task(glance)}) as second:
            held.release()
            results = [run.played.result().results[-1] for run in (first, second)]
    assert [result["action"] for result in results] == ["created", "unchanged"]
    saving.assert_saved(results[0])
