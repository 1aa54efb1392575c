# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The packages: virtual environments in the user's cache that every loopback cloud shares.

Next to them lie blank databases, made once by the services' own migrations: a cloud copies
them instead of running the same migrations again.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from loopback import blank, files
from loopback.layout import CloudError

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements"


@dataclass(frozen=True)
class Environment:
    root: Path

    @property
    def python(self) -> Path:
        return self.root / "venv" / "bin" / "python"

    @property
    def data(self) -> Path:
        """Where the packages put their own configuration."""
        return self.root / "venv" / "etc"

    @property
    def blanks(self) -> Path:
        return self.root / "blank"

    @property
    def complete(self) -> bool:
        # The interpreter that the environment was made with may have been uninstalled.
        return (self.root / "complete").exists() and self.python.exists()


@dataclass(frozen=True)
class Kit:
    """Packages that are installed together, and what is made with them once."""

    name: str
    title: str
    asked: Path
    constraints: tuple[Path, ...]
    # A change of these makes a new environment; the old one stays for whom it serves.
    sources: tuple[Path, ...]
    # Other programs that what is made depends on.
    versions: str
    fill: Callable[[Environment, Run], None]


# Runs a command as a step of the installation, in a folder.
Run = Callable[..., None]


def _fill_image(environment: Environment, run: Run) -> None:
    for step in blank.steps(environment.blanks, environment.python.parent, environment.data):
        run(*step)
    blank.finish(environment.blanks)


IMAGE = Kit(
    name="cloud",
    title="Keystone and Glance",
    asked=REQUIREMENTS / "image.txt",
    constraints=(REQUIREMENTS / "constraints.txt",),
    sources=(*sorted(REQUIREMENTS.glob("*.txt")), Path(blank.__file__)),
    versions="",
    fill=_fill_image,
)


def cache() -> Path:
    """The folder of whatever is worth keeping between clouds."""
    base = os.environ.get("CURATOR_CACHE")
    if not base:
        base = f"{os.environ.get('XDG_CACHE_HOME') or '~/.cache'}/curator.glance"
    return Path(base).expanduser().absolute()


def located(kit: Kit = IMAGE) -> Environment:
    """Where the environment for these requirements and this Python is, or will be."""
    digest = hashlib.sha256()
    for path in kit.sources:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    digest.update(f"{sys.version_info[0]}.{sys.version_info[1]} {platform.machine()}".encode())
    digest.update(kit.versions.encode())
    return Environment(cache() / f"{kit.name}-{digest.hexdigest()[:12]}")


def ensure(kit: Kit = IMAGE) -> Environment:
    """The environment, made first if it is missing or was left half made."""
    environment = located(kit)
    if environment.complete:
        return environment
    environment.root.parent.mkdir(parents=True, exist_ok=True)
    lock = environment.root.with_name(f"{environment.root.name}.lock")
    with files.locked(lock, f"waiting for another run that installs {environment.root}") as held:
        if not environment.complete:
            _make(kit, environment, held)
    return environment


def _make(kit: Kit, environment: Environment, lock: int) -> None:
    root = environment.root
    if root.exists():
        shutil.rmtree(root)
    root.mkdir()
    print(f"installing {kit.title} into {root} (once; about a minute)", file=sys.stderr)
    step = partial(run, root / "install.log", lock)
    pip: list[str | Path] = [environment.python, "-m", "pip", "install"]
    pip += ["--disable-pip-version-check", "--prefer-binary", "-r", kit.asked]
    for path in kit.constraints:
        pip += ["-c", path]
    step(sys.executable, "-m", "venv", root / "venv")
    step(*pip)
    kit.fill(environment, step)
    files.write(root / "complete", "")


def run(log: Path, lock: int, *command: str | Path, cwd: Path | None = None) -> None:
    """Run a step; it inherits the lock, so not even an orphan of it meets a second maker."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            list(map(str, command)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=(lock,),
            cwd=cwd,
            env=plain_environment(),
        )
        try:
            code = process.wait()
        except BaseException:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            raise
    if code:
        named = " ".join(map(str, command))
        raise CloudError(f"failed ({code}): {named}\n{tail(log)}\nthe whole log: {log}")


def plain_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of this process without what would steer the services somewhere else."""
    steering = ("CEPH_", "OS_", "PYTHON", "GUNICORN_", "VIRTUAL_ENV", "__PYVENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(steering)}
    return {**kept, "PYTHONNOUSERSITE": "1", **(extra or {})}


def tail(log: Path, lines: int = 25) -> str:
    try:
        text = log.read_text(errors="replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
