# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Runs make targets as the stages of a test run:
#
#   stages.py LANE...      a lane is targets with commas between them: lint,sanity
#
# Lanes run beside each other, the stages of a lane one after the other. A stage that fails does not
# stop the others: one run shows all that is wrong. Each stage's output goes to build/logs/ and is
# printed in one piece when it ends.

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

LOGS = Path("build/logs")
PRINTING = threading.Lock()
ABOUT_MAKE = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL"}


@dataclass(frozen=True, slots=True)
class Outcome:
    stage: str
    seconds: float
    passed: bool

    @property
    def word(self) -> str:
        return "passed" if self.passed else "FAILED"


def run_stage(stage: str) -> Outcome:
    log = LOGS / f"{stage}.log"
    say(f"{stage}: started (follow it in {log})")
    start = time.monotonic()
    with log.open("wb") as output:
        done = subprocess.run(
            ["make", "--no-print-directory", stage],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # The flags of the make above us are not meant for this one.
            env={name: value for name, value in os.environ.items() if name not in ABOUT_MAKE},
            check=False,
        )
    outcome = Outcome(stage, time.monotonic() - start, done.returncode == 0)
    # tests/tools/totals.py knows this line.
    heading = f"\n──── {stage}: {outcome.word} after {outcome.seconds:.0f} s ────\n"
    say(heading + log.read_text(errors="replace"))
    return outcome


def run_lane(stages: list[str]) -> list[Outcome]:
    return [run_stage(stage) for stage in stages]


def say(text: str) -> None:
    with PRINTING:
        print(text, flush=True)


def table(outcomes: list[Outcome]) -> str:
    rows = [("stage", "seconds", "result")]
    rows += [(outcome.stage, f"{outcome.seconds:.0f}", outcome.word) for outcome in outcomes]
    return "\n".join(f"{stage:<12} {seconds:>7}  {word}" for stage, seconds, word in rows)


def main(lanes: list[str]) -> int:
    LOGS.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    with ThreadPoolExecutor(max_workers=len(lanes)) as pool:
        done = pool.map(run_lane, [lane.split(",") for lane in lanes])
        outcomes = [outcome for lane in done for outcome in lane]
    passed = all(outcome.passed for outcome in outcomes)
    outcomes.append(Outcome("all", time.monotonic() - start, passed))
    say("\n" + table(outcomes))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
