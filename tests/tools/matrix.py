# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Runs the tests with each ansible-core that the collection supports, on the oldest Python that it
# can share with our modules, in environments of their own under build/matrix. Needs the cloud.

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = (ROOT / "meta/ee-requirements.txt", ROOT / "tests/requirements-test.txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    core: str
    python: str
    # With the oldest libraries that we say we work with, so that the floors are true.
    floors: bool = False

    @property
    def venv(self) -> Path:
        return ROOT / "build/matrix" / self.core

    def __str__(self) -> str:
        libraries = ", oldest libraries" if self.floors else ""
        return f"ansible-core {self.core} on Python {self.python}{libraries}"


ROWS = (
    Row(core="2.19.14", python="3.11", floors=True),
    Row(core="2.20.10", python="3.12"),
    Row(core="2.21.5", python="3.13"),
)


def find_python(version: str) -> str | None:
    found = subprocess.run(
        [ROOT / "tests/tools/find-python", version], capture_output=True, text=True, check=False
    )
    return found.stdout.strip() if found.returncode == 0 else None


def make_environment(row: Row, python: str) -> None:
    needs, tools = (path.read_text() for path in REQUIREMENTS)
    if row.floors:
        needs = needs.replace(">=", "==")
    wanted = f"ansible-core=={row.core}\n{needs}\n{tools}"
    digest = hashlib.sha256(f"{python}\n{row.venv}\n{wanted}".encode()).hexdigest()
    stamp = row.venv / "requirements.sha256"
    if stamp.exists() and stamp.read_text() == digest:
        return
    subprocess.run([python, "-m", "venv", "--clear", row.venv], check=True)
    requirements = row.venv / "requirements.txt"
    requirements.write_text(wanted)
    subprocess.run(
        [row.venv / "bin/python", "-m", "pip", "install", "-qq", "--requirement", requirements],
        check=True,
    )
    stamp.write_text(digest)


def run_tests(row: Row) -> bool:
    programs = row.venv / "bin"
    # What it does not have, such as the openstack client, is found in .venv.
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
    commands: tuple[list[str | Path], ...] = (
        [
            programs / "python",
            "-m",
            "pytest",
            "-m",
            "not slow and not long",
            "tests/unit",
            "tests/integration",
        ],
        ["tests/tools/sanity", programs / "python"],
    )
    # Both, whatever the first one says.
    results = [
        subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        for command in commands
    ]
    return not any(results)


def outcome(row: Row) -> str:
    python = find_python(row.python)
    if python is None:
        return f"skipped: there is no Python {row.python} here"
    print(f"\n──── {row} ────", flush=True)
    try:
        make_environment(row, python)
    except subprocess.CalledProcessError as problem:
        return f"FAILED: no environment ({problem})"
    return "passed" if run_tests(row) else "FAILED"


def main() -> int:
    outcomes = {row: outcome(row) for row in ROWS}
    print("\n" + "\n".join(f"{row!s:<55} {word}" for row, word in outcomes.items()))
    words = outcomes.values()
    return 1 if any(word.startswith("FAILED") for word in words) or "passed" not in words else 0


if __name__ == "__main__":
    sys.exit(main())
