# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images moved by this collection and by other tools, side by side: `make bench-migrate`."""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from bench import environments, machine, processes
from bench.contenders import Line
from bench.contest import MEMBER
from bench.migrations.race import Race
from bench.migrations.targets import TITLES, verdicts
from bench.results import Results
from bench.sources import SIZES, Shelf, Source
from bench.stage import Stage
from bench.table import table, verdict_lines
from loopback import files
from support.cloud import LoopbackCloud, cloud_dir
from support.house import ROOT

_OUTPUT = ROOT / "build" / "bench"


def main() -> int:
    asked = _arguments()
    processes.adopt_orphans()
    # What was started ends with us, and the folders and images go.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    cloud = LoopbackCloud(cloud_dir())
    programs = environments.ensure()
    shelf = Shelf(environments.cache())
    rehearsed, source = (shelf.source(SIZES[size].disk) for size in ("small", asked.size))
    of_cloud = Path(cloud.description["environment"], "venv", "bin")
    found = Results(
        machine=machine.described({**programs, "cloud": of_cloud}),
        source=asdict(source),
        titles=TITLES,
        notes={},
    )
    folder = _OUTPUT / "scratch-migrations"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # Nothing is fetched, so there is no upstream.
    stage = Stage(cloud, shelf.folder, "", folder)
    line = Line(cloud, programs)
    try:
        # Once unmeasured: caches fill.
        with _standing(stage, rehearsed) as image_id:
            Race(stage, line, replace(found, runs={}), rehearsed, image_id).once(0)
        with _standing(stage, source) as image_id:
            for number in range(asked.runs):
                Race(stage, line, found, source, image_id).once(number)
    finally:
        shutil.rmtree(folder)
    return _report(found)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.migrations", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="full", help="of the image")
    parser.add_argument("--runs", type=int, default=3, help="of each tool")
    return parser.parse_args()


@contextmanager
def _standing(stage: Stage, source: Source) -> Iterator[str]:
    """The id of an image of a plain member's that has these bytes."""
    folder = stage.folder / "standing"
    folder.mkdir()
    apart = replace(stage, folder=folder)
    owner = stage.cloud[MEMBER]
    with apart.jobs([source], MEMBER) as (job,):
        raw = apart.raw(source)
        octets = {"Content-Type": "application/octet-stream"}
        with raw.open("rb") as stream:
            owner.done("PUT", apart.waiting_image(job, MEMBER), data=stream, headers=octets)
        raw.unlink()
        apart.check([job], MEMBER)
        (image,) = stage.cloud.images_named(job.image, MEMBER)
        yield image["id"]
    folder.rmdir()


def _report(found: Results) -> int:
    judged = verdicts(found)
    written = {**asdict(found), "verdicts": [asdict(each) for each in judged]}
    files.write(_OUTPUT / "migrations.json", json.dumps(written, indent=2) + "\n")
    print(table(found), verdict_lines(judged), sep="\n\n")
    print(*(f"{TITLES[key]} failed: {reason}" for key, reason in found.missing.items()), sep="\n")
    print(*(f"{name}: {value}" for name, value in found.machine.items()), sep="\n")
    return 0 if all(each.holds for each in judged) else 1


if __name__ == "__main__":
    sys.exit(main())
