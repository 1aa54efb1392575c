# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The other tools, each in an environment of its own in the user's cache.

pip runs with the user's own settings. The tools themselves are pinned, so that figures of two days
can be compared.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

from loopback import environment, files

_REQUIREMENTS = Path(__file__).with_name("requirements")


def cache() -> Path:
    """The folder in which the loopback cloud keeps its packages, too."""
    return environment.located().root.parent


def ensure() -> dict[str, Path]:
    """The folder of programs of each environment, by its name; made first if it is missing."""
    wanted = sorted(_REQUIREMENTS.glob("*.txt"))
    digest = hashlib.sha256(sys.version.encode())
    for path in wanted:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    root = cache() / f"bench-{digest.hexdigest()[:12]}"
    complete = root / "complete"
    cache().mkdir(parents=True, exist_ok=True)
    lock = root.with_name(f"{root.name}.lock")
    with files.locked(lock, f"waiting for another run that installs {root}") as held:
        if not complete.exists():
            print(f"Installing the other tools into {root} (once; some minutes)", file=sys.stderr)
            shutil.rmtree(root, ignore_errors=True)
            root.mkdir()
            for path in wanted:
                _make(root, path, held)
            files.write(complete, "")
    return {path.stem: root / path.stem / "bin" for path in wanted}


def _make(root: Path, requirements: Path, lock: int) -> None:
    log = root / "install.log"
    venv = root / requirements.stem
    pip: list[str | Path] = [
        venv / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
    ]
    environment.run(log, lock, sys.executable, "-m", "venv", venv)
    environment.run(log, lock, *pip, "--prefer-binary", "--requirement", requirements)
