# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Upstream breaks, lies or changes its mind, and the disk for what it sends is full."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.scene import Scene
from support.faults import PATIENCE, Answer, Cut, Deed, Fault, answered
from support.proxy import proxy
from support.small_disk import small_disk
from support.upstream import Fault as Flaw
from support.upstream import Upstream, upstream

slow = pytest.mark.slow
MIB = 1 << 20
DISK = "disk.qcow2"


@pytest.fixture
def published(scene: Scene, tmp_path: Path) -> Iterator[Upstream]:
    """The source, and a manifest of its checksum, on a web server."""
    folder = tmp_path / "published"
    folder.mkdir()
    shutil.copy(scene.source.path, folder / DISK)
    (folder / "SHA512SUMS").write_text(f"{scene.source.sha512}  {DISK}\n")
    with upstream(folder) as server:
        scene.options = {
            "source": server.url(DISK),
            "source_checksum": f"sha512:{server.url('SHA512SUMS')}",
            "timeout": PATIENCE,
        }
        yield server


@pytest.mark.parametrize(
    "flaws",
    [
        pytest.param([Flaw(method="GET", cut_after=5 * MIB)], id="cut once"),
        pytest.param([Flaw(method="GET", cut_after=5 * MIB, times=3)], id="cut often", marks=slow),
        pytest.param([Flaw(status=500)], id="500 once"),
        pytest.param([Flaw(method="GET", status=503, retry_after=1)], id="503", marks=slow),
        pytest.param(
            [Flaw(method="GET", cut_after=5 * MIB), Flaw(method="GET", skip=1, ignores_range=True)],
            id="cut, and then no ranges",
            marks=slow,
        ),
        pytest.param([Flaw(method="GET", hang_up=True)], id="hangs up", marks=slow),
    ],
)
def test_a_download_that_breaks_is_mended(
    scene: Scene, published: Upstream, flaws: list[Flaw]
) -> None:
    """Taken up again where that is possible; the image is whole in any case."""
    published.faults[DISK] += flaws
    scene.assert_published(scene.run())


def test_what_was_cut_is_not_fetched_again(scene: Scene, published: Upstream) -> None:
    """The second request asks for the rest alone."""
    with proxy(published.url()) as web:
        web.fault(Fault(deed=Cut(), on=f"GET /{DISK}", at=answered(octets=5 * MIB)))
        scene.assert_published(scene.run(source=f"{web.url}/{DISK}"))
        first, second = web.seen(f"GET /{DISK}")
    assert "Range" not in first.headers
    assert second.headers["Range"]


@pytest.mark.parametrize(
    "flaws, words",
    [
        pytest.param(
            [
                Flaw(method="GET", cut_after=5 * MIB),
                Flaw(method="GET", skip=1, becomes=b"QFI\xfb" + bytes(9 * MIB)),
            ],
            ["sha512"],
            id="changed between two ranges",
        ),
        pytest.param([Flaw(times=None, status=404)], ["404"], id="not there", marks=slow),
        pytest.param([Flaw(times=None, status=500)], ["500"], id="500 for ever", marks=slow),
        pytest.param([Flaw(times=None, silent=True)], [DISK], id="silent for ever", marks=slow),
        pytest.param(
            [Flaw(method="GET", times=None, cut_after=0)], [DISK], id="nothing ever", marks=slow
        ),
        pytest.param(
            [Flaw(method="GET", stall_after=5 * MIB)], ["timeout"], id="stalls", marks=slow
        ),
    ],
)
def test_a_download_that_cannot_be_had(
    scene: Scene, published: Upstream, flaws: list[Flaw], words: list[str]
) -> None:
    """One sentence with the reason, and Glance has heard of nothing."""
    published.faults[DISK] += flaws
    with proxy(scene.owner.glance_url) as glance:
        scene.assert_failed(scene.run(glance=glance), *words)
        assert not glance.seen("POST")
    published.faults.clear()
    published.write(DISK, scene.source.path.read_bytes())
    scene.assert_published(scene.run())


def test_a_truncated_file_is_not_the_released_one(scene: Scene, tmp_path: Path) -> None:
    """Its checksum says so, before Glance hears of anything."""
    short = tmp_path / "short.qcow2"
    short.write_bytes(scene.source.path.read_bytes()[: -MIB // 2])
    scene.assert_failed(scene.run(source=str(short)), "sha512")
    scene.assert_failed(scene.run(source=str(short), source_checksum=None))


@slow
@pytest.mark.parametrize("deed", [Cut(), Answer(503)], ids=["cut", "503"])
def test_a_manifest_that_breaks_once(scene: Scene, published: Upstream, deed: Deed) -> None:
    """It is asked for again."""
    with proxy(published.url()) as web:
        web.fault(Fault(deed=deed, on="GET /SHA512SUMS"))
        scene.assert_published(scene.run(source_checksum=f"sha512:{web.url}/SHA512SUMS"))


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system that has no room for the source."""
    folder = tmp_path / "small"
    with small_disk(folder, 8):
        yield folder


@pytest.mark.parametrize(
    "flaws",
    [
        pytest.param([], id="known before"),
        pytest.param([Flaw(times=None, no_length=True)], id="seen when it is full", marks=slow),
    ],
)
def test_no_room_for_the_source(
    scene: Scene, published: Upstream, full_disk: Path, flaws: list[Flaw]
) -> None:
    """The folder is named, and it is as empty as before."""
    published.faults[DISK] += flaws
    result = scene.run(cache_dir=str(full_disk))
    scene.assert_failed(result, str(full_disk))
    files = [path for path in full_disk.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < MIB
