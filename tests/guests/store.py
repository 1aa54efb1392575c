# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where guests and what they are made of are kept: built once, whoever asks first."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
_KEPT_SECONDS = 7 * 24 * 3600
# Programs of the system are not on everybody's PATH.
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


class GuestError(Exception):
    """A guest cannot be built, in words for who runs the tests."""


def kept(name: str, build: Callable[[Path], None]) -> Path:
    """The folder of this name in the cache; where it is missing, built first, whole or not."""
    cache = _cache()
    cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = cache / name
    if folder.exists():
        os.utime(folder)
        return folder
    with (cache / f"{name}.lock").open("w") as lock:
        # Two runs of the tests may want it at once.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            beside = Path(tempfile.mkdtemp(prefix=f"{name}.", dir=cache))
            try:
                build(beside)
                # Used now; unpacked, it can have the time at which its package was made.
                os.utime(beside)
                beside.rename(folder)
                _forget(cache, name.partition("-")[0])
            finally:
                shutil.rmtree(beside, ignore_errors=True)
    return folder


def fingerprint(files: Iterable[Path], *more: str) -> str:
    """What a guest is built from, in short: it changes whenever the guest would."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.relative_to(HERE)}\0".encode() + path.read_bytes())
    for text in more:
        digest.update(f"{text}\0".encode())
    return digest.hexdigest()[:12]


def ran(*command: str | Path, cwd: Path | None = None, stdin: bytes | None = None) -> str:
    """What a program says, once it has done its work."""
    program = shutil.which(str(command[0]), path=_PATH)
    if program is None:
        raise GuestError(
            f"The program {command[0]} is not installed, and guests for tests are built with it. "
            "make setup installs it, or names its package."
        )
    done = subprocess.run(
        [program, *map(str, command[1:])],
        check=False,
        capture_output=True,
        cwd=cwd,
        input=stdin,
        env={**os.environ, "PATH": _PATH, "LC_ALL": "C"},
    )
    if done.returncode:
        said = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise GuestError(f"{' '.join(map(str, command))} failed: {said[-2000:]}")
    return done.stdout.decode(errors="replace")


def _forget(cache: Path, kind: str) -> None:
    """Remove what nobody has used for long: each change of a script makes another one."""
    for folder in cache.glob(f"{kind}-*/"):
        if folder.stat().st_mtime < time.time() - _KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _cache() -> Path:
    base = os.environ.get("CURATOR_CACHE")
    if not base:
        base = f"{os.environ.get('XDG_CACHE_HOME') or '~/.cache'}/curator.glance"
    return Path(base).expanduser().absolute() / "guests-for-tests"
