# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Boot checks of the tiny guest through Nova, each in its parts: `make bench-boot`."""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import machine, plays, processes
from bench.boots.observer import observing
from bench.boots.parts import TITLES, Parts, row, typical, verdicts
from bench.contenders import Line
from bench.contest import MEMBER
from bench.measure import Cost, measured
from bench.table import aligned, verdict_lines
from guests.tiny import USER, tiny_guest
from loopback import files
from support.boot_checks import MODULE
from support.cloud import LoopbackCloud
from support.compute import ComputeCloud
from support.house import ROOT
from support.shared_cloud import shared_cloud

_OUTPUT = ROOT / "build" / "bench"


def main() -> int:
    asked = _arguments()
    processes.adopt_orphans()
    # What was started ends with us, and the folders and images go.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    folder = _OUTPUT / "scratch-boots"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        with shared_cloud("libvirt") as place:
            cloud = LoopbackCloud(place)
            of_cloud = Path(cloud.description["environment"], "venv", "bin")
            described = machine.described({"cloud": of_cloud})
            runs = _runs(ComputeCloud(cloud), Line(cloud, {}), folder, asked.runs)
    finally:
        shutil.rmtree(folder)
    return _report(runs, described)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.boots", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    return parser.parse_args()


def _runs(compute: ComputeCloud, line: Line, folder: Path, number: int) -> list[Parts]:
    image = compute.new_guest_image(tiny_guest(), MEMBER, image_original_user=USER)
    try:
        # Once unmeasured: Nova fetches the image, and caches fill.
        _once(compute, line, folder, image)
        return [_once(compute, line, folder, image) for _number in range(number)]
    finally:
        compute.sweep()


def _once(compute: ComputeCloud, line: Line, folder: Path, image: str) -> Parts:
    task = {"name": "Boot", f"curator.glance.{MODULE}": {"cloud": MEMBER, "image": image}}
    nothing = _measured(line, plays.NOTHING, folder / "nothing")
    with observing(compute, MEMBER) as seen:
        whole = _measured(line, plays.play(task), folder / "check")
    parts = Parts(
        whole=whole.seconds,
        ansible=nothing.seconds,
        starting=seen.between("begun", "active"),
        booting=seen.between("active", "answering"),
        deleting=seen.between("deleting", "gone"),
    )
    print(f"{parts.whole:.1f} s, the rest {parts.ours:.1f} s", file=sys.stderr, flush=True)
    return parts


def _measured(line: Line, content: list[dict[str, object]], work: Path) -> Cost:
    work.mkdir(exist_ok=True)
    command = line.playbook("ours", content, work)
    return measured(command.words, environment=command.environment, work=work, module=MODULE)


def _report(runs: Sequence[Parts], described: dict[str, str]) -> int:
    judged = verdicts(runs)
    rows = [row(run) for run in [*runs, typical(runs)]]
    header = ["", *(str(number) for number in range(1, len(runs) + 1)), "median"]
    lines = [[title, *(f"{one[key]:.2f}" for one in rows)] for key, title in TITLES.items()]
    written = {"machine": described, "runs": rows[:-1], "median": rows[-1]}
    files.write(_OUTPUT / "boots.json", json.dumps(written, indent=2) + "\n")
    print(aligned([header, *lines]), verdict_lines(judged), sep="\n\n")
    print(*(f"{name}: {value}" for name, value in described.items()), sep="\n")
    return 0 if all(each.holds for each in judged) else 1


if __name__ == "__main__":
    sys.exit(main())
