# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Programs that read a disk, each with one file to read and no more of this machine than needed."""

from __future__ import annotations

import fcntl
import os
import re
import selectors
import shutil
import signal
import socket
import subprocess
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from ..errors import MissingTool
from .region import PIECE, Pieces

# No tool needs this much for an honest disk; one that is led to ask for more ends instead.
_ADDRESS_SPACE_KIB = 4 << 20
# The units are those of POSIX: seconds, KiB, blocks of 512 bytes. A limit that cannot be set is
# one that this machine has drawn lower already.
_LIMITED = (
    'for limit in "-c 0" "-t $1" "-v $2" "-f $3"; do ulimit $limit 2>/dev/null || :; done; '
    'shift 3; exec "$@"'
)
_SECONDS_OF_SILENCE = 300
# F_SETPIPE_SZ, which only Linux has: as much as one piece, so that program and reader take turns
# less often.
_SET_PIPE_SIZE = getattr(fcntl, "F_SETPIPE_SZ", 1031)
_SAID_AT_MOST = 600
# Above the few that programs use themselves.
_LOWEST_NUMBER = 100
# How the kernel ends a program of which it has had enough; and what a shell makes of that.
_OUT_OF_TIME = frozenset(
    {-signal.SIGXCPU, -signal.SIGKILL, 128 + signal.SIGXCPU, 128 + signal.SIGKILL}
)
# Who speaks, and of which file: known without it.
_NOT_TOLD = re.compile(r"^[\w-]+: (?!\d)|Could not open '.*': ")


class ToolFailed(Exception):
    """A program did not do its work; the message is what it said about that."""

    def __init__(self, message: str, code: int = 0) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a program may use."""

    cpu_seconds: int
    # Of each file that it writes.
    output_bytes: int = 0


# For questions that are answered from a few tables of the file.
A_QUESTION = Limits(cpu_seconds=60)


def have(*programs: str) -> bool:
    """Whether all of them are installed."""
    return all(map(shutil.which, programs))


def run(
    command: Sequence[str],
    limits: Limits,
    *,
    files: Sequence[int] = (),
    stdin: socket.socket | None = None,
) -> Pieces:
    """What a program writes, as it comes; after the last of it, an error unless it ended well.

    The program has these open files besides its own, and the socket for itself. Whoever stops
    reading ends it.
    """
    numbers = (limits.cpu_seconds, _ADDRESS_SPACE_KIB, -(-limits.output_bytes // 512))
    process = subprocess.Popen(  # noqa: S603  # The programs of this room, with its own words.
        ["/bin/sh", "-c", _LIMITED, "sh", *map(str, numbers), path_of(command[0]), *command[1:]],
        stdin=stdin.fileno() if stdin else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # What a program says is shown; in one language. And without this, each of its threads
        # would reserve address space for memory of its own.
        env={**os.environ, "LC_ALL": "C", "MALLOC_ARENA_MAX": "2"},
        pass_fds=files,
        # A group of its own, so that it can be ended with all that it started.
        start_new_session=True,
    )
    if stdin:
        # Or whoever waits at its other end would not hear of the program's end.
        stdin.close()
    with process:
        try:
            said = yield from _written(process)
            code = process.wait()
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    if code:
        raise ToolFailed(_complaint(code, said), code)


def ask(command: Sequence[str], limits: Limits = A_QUESTION, *, files: Sequence[int] = ()) -> bytes:
    """All that a program writes."""
    return b"".join(run(command, limits, files=files))


@contextmanager
def numbered(number: int) -> Iterator[int]:
    """An open file under a number at which a program can be handed it."""
    number = fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, _LOWEST_NUMBER)
    try:
        yield number
    finally:
        os.close(number)


def path_of(program: str) -> str:
    """Where a program is."""
    found = shutil.which(program)
    if found is None:
        raise MissingTool(
            f"The program {program} is not installed on the host that runs the module. Install "
            "qemu-utils and libnbd-bin (Debian, Ubuntu), or qemu-img and libnbd (Red Hat, SUSE)."
        )
    return found


def _written(process: subprocess.Popen[bytes]) -> Generator[bytes, None, bytes]:
    """The pieces of a program's output; returned is how it began to complain."""
    said = b""
    with selectors.DefaultSelector() as open_ends:
        for end in filter(None, (process.stdout, process.stderr)):
            open_ends.register(end, selectors.EVENT_READ)
        with suppress(OSError):  # Over the limit of an ordinary user: the pipe stays as it is.
            fcntl.fcntl(process.stdout or 0, _SET_PIPE_SIZE, PIECE)
        while open_ends.get_map():
            ready = open_ends.select(_SECONDS_OF_SILENCE)
            if not ready:
                raise ToolFailed(f"it came to a halt: nothing for {_SECONDS_OF_SILENCE} seconds")
            for key, _events in ready:
                piece = os.read(key.fd, PIECE)
                if not piece:
                    open_ends.unregister(key.fileobj)
                elif key.fileobj is process.stderr:
                    said = (said + piece)[:_SAID_AT_MOST]
                else:
                    yield piece
    return said


def _complaint(code: int, said: bytes) -> str:
    """Why a program failed, in its own first words; without what stood for the file."""
    if code in _OUT_OF_TIME:
        return "it used more time than an honest disk of that size needs"
    lines = said.decode("utf-8", "replace").strip().splitlines()
    first = lines[0] if lines else f"it ended with code {code}"
    return "".join(c for c in _NOT_TOLD.sub("", first) if c.isprintable()).rstrip(".")
