# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Drivers of virtio for a Windows, put in by virt-v2v, which knows the registry of each."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import CheckFailed, MissingTool
from .libguestfs import environment, last_line

# Later versions keep it where no user looks.
_PROGRAM, _ELSEWHERE = "virt-v2v-in-place", "/usr/libexec"
_NBDKIT = "nbdkit"
# As virt-v2v calls it, and where the package of virtio-win has it.
_VARIABLE = "VIRTIO_WIN"
_USUAL = ("/usr/share/virtio-win/virtio-win.iso", "/usr/share/virtio-win")
# Where it can be chosen, the bus on which Windows gives space back.
_CHOICE = ("--block-driver", "virtio-scsi")
_ERROR = re.compile(r"^virt-v2v[\w-]*: error: (.+(?:\n.+)*)", re.MULTILINE)
_SECONDS, _SECONDS_OF_HELP = 3600, 60
_BETWEEN_LOOKS = 0.5
_SAID_AT_MOST = 600


def find_drivers(given: str | None) -> str:
    """The ISO or folder of virtio-win, if it can be used here."""
    _program()
    for place in (given,) if given else (os.environ.get(_VARIABLE), *_USUAL):
        if place and os.access(Path(place).expanduser(), os.R_OK):
            return str(Path(place).expanduser().resolve())
    wanted = given or f"{_USUAL[0]}, or where the environment variable {_VARIABLE} says,"
    raise MissingTool(
        f"The drivers of virtio for Windows are not at {wanted} on the host that runs the module, "
        "or cannot be read there. Put the ISO of virtio-win there (Fedora and RHEL have it as the "
        "package virtio-win), or name it: virtio: {drivers: /path/to/virtio-win.iso}."
    )


def put_drivers(
    source: str, layer: Path, folder: Path, *, kvm: bool, check: Callable[[], None]
) -> None:
    """Into the Windows on a layer that nobody else has open."""
    program = _program()
    chosen = _CHOICE if _CHOICE[0] in _help(program) else ()
    said = folder / "virt-v2v.out"
    with said.open("wb") as output, _short(folder) as near:
        process = subprocess.Popen(  # noqa: S603  # A known program, with words of ours.
            [program, "-i", "disk", "-if", "qcow2", *chosen, str(layer)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**environment(folder, kvm=kvm), _VARIABLE: source, "TMPDIR": near},
            start_new_session=True,
        )
        try:
            code = _ended(process, check)
        finally:
            # With all that it started.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if code:
        raise CheckFailed(f"virt-v2v could not put the drivers of virtio in: {_why(said)}.")


def _program() -> str:
    """virt-v2v, in the form that changes a disk where it is."""
    found = shutil.which(_PROGRAM) or shutil.which(_PROGRAM, path=_ELSEWHERE)
    if found is None or not shutil.which(_NBDKIT):
        raise MissingTool(
            f"Drivers of virtio come into a Windows by {_PROGRAM} with {_NBDKIT}, and the host "
            f"that runs the module has no {_NBDKIT if found else _PROGRAM}. Install the packages "
            "virt-v2v and nbdkit."
        )
    return found


@contextmanager
def _short(folder: Path) -> Iterator[str]:
    """A name of our folder that leaves room for those of sockets, which are 108 bytes at most."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/{os.getpid()}/fd/{number}"
    finally:
        os.close(number)


def _ended(process: subprocess.Popen[bytes], check: Callable[[], None]) -> int:
    deadline = time.monotonic() + _SECONDS
    while process.poll() is None:
        check()
        if time.monotonic() > deadline:
            raise CheckFailed(
                f"virt-v2v did not put the drivers of virtio in within {_SECONDS // 60} minutes."
            )
        with suppress(subprocess.TimeoutExpired):
            process.wait(_BETWEEN_LOOKS)
    return process.wait()


def _help(program: str) -> str:
    asked = subprocess.run(  # noqa: S603  # A known program, with words of ours.
        [program, "--help"], check=False, capture_output=True, text=True, timeout=_SECONDS_OF_HELP
    )
    return asked.stdout


def _why(said: Path) -> str:
    text = said.read_text(errors="replace")
    error = _ERROR.search(text)
    told = " ".join(error[1].split()) if error else last_line(text)
    return "".join(c for c in told if c.isprintable())[:_SAID_AT_MOST].rstrip(".")
