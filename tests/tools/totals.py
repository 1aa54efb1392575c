# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Adds up what test runs printed: totals.py LOG...
#
# Counted are the tests that pytest reports when it closes, and stages that failed otherwise. What
# failed, and why, is said before the sum: a reader of an hour's log reads its end.

from __future__ import annotations

import re
import sys
from pathlib import Path

CLOSING = re.compile(r"^=+ (.*) in [\d.]+s\b.*=+$", re.MULTILINE)
STAGE = re.compile(r"^──── ([\w-]+): (passed|FAILED) after .*$", re.MULTILINE)

# What pytest says of a failure: where it was, and what was found there.
TOLD = re.compile(r"^(?:E  |FAILED |ERROR ).*$|^_{3,} .* _{3,}$", re.MULTILINE)
# Of another program, its last words.
LAST_LINES = 40
LONGEST = 120


def count(text: str) -> tuple[int, int]:
    passed = failed = 0
    for closing in CLOSING.findall(text):
        for number, word in re.findall(r"(\d+) (\w+)", closing):
            if word == "passed":
                passed += int(number)
            elif word in {"failed", "error", "errors"}:
                failed += int(number)
    return passed, failed


def trouble(output: str) -> list[str]:
    lines = TOLD.findall(output)
    return lines[-LONGEST:] if lines else output.strip().splitlines()[-LAST_LINES:]


def main(logs: list[str]) -> None:
    passed = failed = 0
    for log in logs:
        # Split at the stages' headings: what is before the first, then word and output of each.
        _name, *stages = STAGE.split(Path(log).read_text(errors="replace"))
        for name, word, output in zip(stages[::3], stages[1::3], stages[2::3], strict=True):
            stage_passed, stage_failed = count(output)
            passed += stage_passed
            failed += stage_failed or (word == "FAILED")
            if word == "FAILED":
                print(f"---- {name} failed:", *trouble(output), sep="\n", end="\n\n")
    print(f"{passed} passed, {failed} failed")


if __name__ == "__main__":
    main(sys.argv[1:])
