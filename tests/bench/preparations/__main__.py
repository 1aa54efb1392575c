# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One operation on a guest, and ten, each in a task of image_prepare: `make bench-prepare`."""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench import machine, plays, processes
from bench.contenders import Line
from bench.measure import Cost, measured
from bench.results import Results
from bench.table import table, verdict_lines
from bench.targets import Verdict
from guests.spoiled import IFUPDOWN, spoiled_guest
from loopback import files
from support.appliances import kernel_environment
from support.cloud import LoopbackCloud, cloud_dir
from support.house import ROOT

MODULE = "image_prepare"
ONE, TEN = "one", "ten"
TITLES = {ONE: "image_prepare: one operation", TEN: "image_prepare: ten operations"}
OPERATIONS: dict[str, list[Any]] = {
    ONE: ["device_names"],
    # What runs no program of the guest, as the one: to make an initramfs takes its time anyway.
    TEN: [
        *("device_names", "udev_net_rules", "network_dhcp", "serial_console"),
        *("machine_identity", "users"),
        {"hostname": "measured"},
        {"write": {"path": "/etc/motd", "content": "Measured.\n"}},
        {"append_line": {"path": "/etc/hosts", "line": "192.0.2.1 measured"}},
        {"delete": "/var/log/*.log"},
    ],
}
_FACTOR = 1.5
_OUTPUT = ROOT / "build" / "bench"


def main() -> int:
    asked = _arguments()
    processes.adopt_orphans()
    # What was started ends with us, and the folder goes.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    guest = spoiled_guest(IFUPDOWN)
    found = Results(
        machine=machine.described({}),
        source={"guest": guest.name, "size": guest.stat().st_size},
        titles=TITLES,
        notes={},
    )
    line = Line(LoopbackCloud(cloud_dir()), {})
    folder = _OUTPUT / "scratch-preparations"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        # Once unmeasured: libguestfs makes its machine, and caches fill.
        _once(line, folder, guest, ONE)
        for number in range(asked.runs):
            keys = list(OPERATIONS)
            first = number % len(keys)
            for key in keys[first:] + keys[:first]:
                cost = _once(line, folder, guest, key)
                found.add(key, cost)
                print(f"{key}: {cost.seconds:.1f} s", file=sys.stderr, flush=True)
    finally:
        shutil.rmtree(folder)
    return _report(found)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.preparations", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="of each")
    return parser.parse_args()


def _once(line: Line, folder: Path, guest: Path, key: str) -> Cost:
    """A task that leaves nothing behind by which the next one would be quicker."""
    work = folder / key
    work.mkdir()
    task = {
        "name": "Prepare",
        f"curator.glance.{MODULE}": {
            "path": str(guest),
            "output": str(work / "prepared.qcow2"),
            "operations": OPERATIONS[key],
        },
    }
    command = line.playbook("ours", plays.play(task), work)
    environment = {**command.environment, **kernel_environment()}
    try:
        return measured(command.words, environment=environment, work=work, module=MODULE)
    finally:
        shutil.rmtree(work)


def verdicts(found: Results) -> Sequence[Verdict]:
    promise = f"ten operations in {_FACTOR} x the time of one"
    one, ten = found[ONE], found[TEN]
    if one is None or ten is None:
        return [Verdict(promise, None, "not measured")]
    factor = ten.seconds / one.seconds
    detail = f"{factor:.2f} x, {ten.seconds:.1f} s against {one.seconds:.1f} s"
    return [Verdict(promise, factor <= _FACTOR, detail)]


def _report(found: Results) -> int:
    judged = verdicts(found)
    written = {**asdict(found), "verdicts": [asdict(each) for each in judged]}
    files.write(_OUTPUT / "preparations.json", json.dumps(written, indent=2) + "\n")
    print(table(found), verdict_lines(judged), sep="\n\n")
    print(*(f"{name}: {value}" for name, value in found.machine.items()), sep="\n")
    return 0 if all(each.holds for each in judged) else 1


if __name__ == "__main__":
    sys.exit(main())
