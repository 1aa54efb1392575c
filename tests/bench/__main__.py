# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Uploads by this collection and by other tools, side by side: `make bench`."""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
from dataclasses import asdict
from pathlib import Path

from bench import environments, machine, processes
from bench.contenders import Line
from bench.plot import plot
from bench.results import Results
from bench.rounds import Rounds
from bench.sources import SIZES, Shelf
from bench.stage import Stage
from bench.table import remarks, table, verdict_lines
from bench.targets import verdicts
from bench.web import serving
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
    sizes = SIZES[asked.size]
    small = shelf.source(SIZES["small"].disk)
    source = shelf.source(sizes.disk)
    several = [shelf.source(shape) for shape in sizes.several]
    wide = shelf.source(sizes.wide)

    line = Line(cloud, programs)
    found = Results(
        machine=machine.described({**programs, "cloud": _programs_of(cloud)}),
        source=asdict(source),
        titles={each.key: each.title for each in line.contenders},
        notes={each.key: each.note for each in line.contenders if each.note},
    )
    folder = _OUTPUT / "scratch"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with serving(shelf.folder) as upstream:
        rounds = Rounds(Stage(cloud, shelf.folder, upstream, folder), line, found)
        try:
            rounds.rehearse(small)
            for number in range(asked.runs):
                rounds.once(source, several, number)
            rounds.wide(wide)
        finally:
            shutil.rmtree(folder)
    return _report(found)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="full", help="of what is uploaded")
    parser.add_argument("--runs", type=int, default=3, help="of each contender")
    return parser.parse_args()


def _programs_of(cloud: LoopbackCloud) -> Path:
    return Path(cloud.description["environment"], "venv", "bin")


def _report(found: Results) -> int:
    judged = verdicts(found)
    written = {
        **asdict(found),
        "verdicts": [asdict(each) for each in judged],
    }
    files.write(_OUTPUT / "bench.svg", plot(found))
    files.write(_OUTPUT / "bench.json", json.dumps(written, indent=2) + "\n")
    print(table(found), verdict_lines(judged), remarks(found), sep="\n\n")
    print(f"\n{_OUTPUT}/bench.json, {_OUTPUT}/bench.svg")
    return 0 if all(each.holds for each in judged) else 1


if __name__ == "__main__":
    sys.exit(main())
