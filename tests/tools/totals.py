# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Adds up what test runs printed: totals.py LOG...
#
# Counted are the tests that pytest reports when it closes, and stages that failed otherwise.

from __future__ import annotations

import re
import sys
from pathlib import Path

CLOSING = re.compile(r"^=+ (.*) in [\d.]+s\b.*=+$", re.MULTILINE)
STAGE = re.compile(r"^──── ([\w-]+): (passed|FAILED) after .*$", re.MULTILINE)


def count(text: str) -> tuple[int, int]:
    passed = failed = 0
    for closing in CLOSING.findall(text):
        for number, word in re.findall(r"(\d+) (\w+)", closing):
            if word == "passed":
                passed += int(number)
            elif word in {"failed", "error", "errors"}:
                failed += int(number)
    return passed, failed


def main(logs: list[str]) -> None:
    passed = failed = 0
    for log in logs:
        # Split at the stages' headings: what is before the first, then word and output of each.
        _name, *stages = STAGE.split(Path(log).read_text(errors="replace"))
        for word, output in zip(stages[1::3], stages[2::3], strict=True):
            stage_passed, stage_failed = count(output)
            passed += stage_passed
            failed += stage_failed or (word == "FAILED")
    print(f"{passed} passed, {failed} failed")


if __name__ == "__main__":
    main(sys.argv[1:])
