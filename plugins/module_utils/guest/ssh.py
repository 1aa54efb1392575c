# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Entering a guest over ssh, with a key that exists for one try only."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO

from ..domain.boot.answers import answered
from ..domain.boot.seen import Answer
from .programs import environment, path_of, run

# Of an answer, and of what the client says beside it.
_ANSWER_AT_MOST = 1 << 20
_SAID_AT_MOST = 4 << 10
# Until the server has said its first words.
_CONNECT_SECONDS = 4
# The same where another host has to let us in before.
_CONNECT_THROUGH_SECONDS = 15
_ALIVE_SECONDS = 5
_LOOKS_EVERY = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where the ssh server of a guest is reached."""

    host: str
    port: int = 22
    # Hosts to go through, as the option -J of ssh has them.
    jump: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A pair of keys in files that only we can read."""

    path: Path
    public: str

    @classmethod
    def new(cls, folder: Path) -> Key:
        """A pair that nobody else has."""
        path = folder / "key"
        run(path_of("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path)
        kind, blob = path.with_suffix(".pub").read_text().split()[:2]
        return cls(path=path, public=f"{kind} {blob}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How a session ended."""

    answer: Answer
    output: str
    # Where nobody was let in, the client's own words, or those of the guest.
    said: str


class Session:
    """A program in a guest, and what it has said so far."""

    def __init__(self, process: subprocess.Popen[bytes], output: Path, errors: Path) -> None:
        self._process = process
        self._output = output
        self._errors = errors

    @property
    def output(self) -> str:
        """What the program has written by now."""
        return _head(self._output, _ANSWER_AT_MOST)

    def ended(self) -> Said | None:
        """How it ended, once it has."""
        if self._output.stat().st_size > _ANSWER_AT_MOST:
            # No guest needs so many words; one that does not stop would fill the disk.
            self.end()
        code = self._process.poll()
        if code is None:
            return None
        client = _head(self._errors, _SAID_AT_MOST).strip()
        output = self.output
        answer, told = answered(output, client, succeeded=code == 0)
        return Said(answer=answer, output=output, said=told)

    def wait(self, seconds: float, check: Callable[[], None]) -> Said | None:
        """How it ends within so many seconds; `check` raises where waiting is to end."""
        deadline = time.monotonic() + seconds
        try:
            said = self.ended()
            while said is None and time.monotonic() < deadline:
                check()
                time.sleep(_LOOKS_EVERY)
                said = self.ended()
        finally:
            self.end()
        return said

    def end(self) -> None:
        """End it, whatever it does."""
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()


class Client:
    """The ssh client of one try: its own key, its own memory of hosts, nobody's configuration."""

    def __init__(self, folder: Path, key: Key, user: str) -> None:
        self._folder = folder
        self._key = key
        self.user = user
        self._program = path_of("ssh")
        self._numbers = count(1)

    def run(self, door: Door, *command: str, script: str = "") -> Session:
        """Begin a program in the guest, with this text to read."""
        return self._begin(door, [self._target(door), *command], script)

    def connect(self, door: Door, host: str, port: int) -> Session:
        """Have the guest open a connection from inside, and close it."""
        return self._begin(door, ["-W", f"[{host}]:{port}", self._target(door)], "")

    def _begin(self, door: Door, words: list[str], script: str) -> Session:
        number = next(self._numbers)
        output, errors = (self._folder / f"ssh-{number}.{name}" for name in ("out", "err"))
        with (
            output.open("wb") as out,
            errors.open("wb") as err,
            _as_file(self._folder / f"ssh-{number}.in", script) as given,
        ):
            process = subprocess.Popen(  # noqa: S603  # The words are ours, and checked.
                [self._program, *self._options(door), *words],
                stdin=given,
                stdout=out,
                stderr=err,
                env=environment(),
                start_new_session=True,
            )
        return Session(process, output, errors)

    def _target(self, door: Door) -> str:
        return f"{self.user}@{door.host}"

    def _options(self, door: Door) -> list[str]:
        told = {
            "BatchMode": "yes",
            "ConnectTimeout": _CONNECT_THROUGH_SECONDS if door.jump else _CONNECT_SECONDS,
            "ControlMaster": "no",
            "ControlPath": "none",
            "ForwardAgent": "no",
            # A guest is new each time, whatever had its address before.
            "GlobalKnownHostsFile": "/dev/null",
            "IdentitiesOnly": "yes",
            "IdentityAgent": "none",
            "IdentityFile": self._key.path,
            # Why it was not let in is said at this level.
            "LogLevel": "INFO",
            "PreferredAuthentications": "publickey",
            "ServerAliveCountMax": 3,
            "ServerAliveInterval": _ALIVE_SECONDS,
            "StrictHostKeyChecking": "no",
            "UpdateHostKeys": "no",
            "UserKnownHostsFile": self._folder / "known_hosts",
        }
        options = [word for name, value in told.items() for word in ("-o", f"{name}={value}")]
        # The way through a jump host is the user's own, with all that they configured for it.
        way = ["-J", door.jump] if door.jump else ["-F", "none"]
        return ["-T", "-p", str(door.port), *way, *options]


def _as_file(path: Path, text: str) -> IO[bytes]:
    path.write_text(text)
    return path.open("rb")


def _head(path: Path, size: int) -> str:
    with path.open("rb") as file:
        return file.read(size).decode(errors="replace")
