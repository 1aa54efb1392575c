# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The small machine of libguestfs, in which the file systems of a guest are opened.

No file system of a stranger is ever mounted on this machine. One appliance serves a whole task: to
start it takes longer than most of what is done in it.
"""

from __future__ import annotations

import base64
import inspect
import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias

from ..errors import CheckFailed, MissingTool, RefusedDisk
from . import appliance_worker
from .libguestfs import environment, explain, last_line, python_with_libguestfs

Value: TypeAlias = "str | int | bytes | bool"

_SECONDS = 120
# Under emulation, on a busy machine, and with an appliance to be built first.
_SECONDS_TO_START = 600
_SECONDS_TO_END = 75
_BETWEEN_LOOKS = 0.5
_SAID_AT_MOST = 2000
# The call that runs what the task has asked for, and takes what that takes.
_PROGRAM = "command"


class CallFailed(Exception):
    """libguestfs could not do what it was asked; the message is what it said."""


class Appliance:
    """A running appliance, asked one thing at a time."""

    def __init__(
        self, worker: subprocess.Popen[bytes], errors: Path, check: Callable[[], None]
    ) -> None:
        self._worker = worker
        self._errors = errors
        self._check = check
        self._waiting = b""
        self.started = False

    def call(
        self, name: str, *arguments: Value | list[str], within: int = _SECONDS, **options: Value
    ) -> Any:
        """What libguestfs answers; CallFailed with what it said, RefusedDisk where it hangs."""
        asked = {"call": name, "arguments": [_plain(one) for one in arguments], "options": options}
        with suppress(BrokenPipeError):
            self._input.write(json.dumps(asked).encode() + b"\n")
            self._input.flush()
        told = json.loads(self._line(name, within))
        if "error" in told:
            raise CallFailed(told["error"])
        return _value(told["result"])

    def start(self, disk: str, disk_format: str, *, writes: bool, network: bool) -> None:
        """Start the appliance with one disk."""
        discard = "besteffort" if writes else "disable"
        # What is written is a layer that is thrown away if this host goes down meanwhile: to wait
        # until it is on the host's disk would be for nothing.
        caching = "unsafe" if writes else "writeback"
        self.call(
            "add_drive_opts",
            disk,
            format=disk_format,
            readonly=not writes,
            discard=discard,
            cachemode=caching,
        )
        self.call("set_network", network)
        self.call("set_smp", min(os.cpu_count() or 1, 4))
        try:
            self.call("launch", within=_SECONDS_TO_START)
        except (CallFailed, RefusedDisk) as error:
            raise MissingTool(explain(str(error), self._said())) from error
        self.started = True

    @property
    def _input(self) -> Any:
        return self._worker.stdin

    def _line(self, name: str, within: int) -> bytes:
        """The next line of the worker, in the time that an honest guest needs at the most."""
        deadline = time.monotonic() + within
        output = self._worker.stdout
        if output is None:
            raise AssertionError(self._worker)
        while b"\n" not in self._waiting:
            self._check()
            if time.monotonic() > deadline:
                if name == _PROGRAM:
                    raise CheckFailed(f"A program of the guest had no end within {within} s.")
                raise RefusedDisk(
                    f"The disk is refused. libguestfs did not get through with it: {name} had no "
                    f"answer within {within} s. Its file systems are damaged, or made to harm."
                )
            if not select.select([output], [], [], _BETWEEN_LOOKS)[0]:
                continue
            piece = os.read(output.fileno(), 1 << 20)
            if not piece:
                raise MissingTool(self._why_it_ended(name))
            self._waiting += piece
        line, _end, self._waiting = self._waiting.partition(b"\n")
        return line

    def _why_it_ended(self, name: str) -> str:
        if not self.started:
            return explain("it ended", self._said())
        return (
            f"libguestfs' machine ended while it was asked to {name}: {last_line(self._said())}. "
            "Run the task again with more memory free on the host that runs the module; if it "
            "ends there each time, the guest's file system is damaged, or made to harm."
        )

    def _said(self) -> str:
        return self._errors.read_text(errors="replace")[-_SAID_AT_MOST:]


@contextmanager
def appliance(folder: Path, *, kvm: bool, check: Callable[[], None]) -> Iterator[Appliance]:
    """An appliance that is not started yet, for as long as the block lasts.

    `check` is called while one waits, and raises to stop.
    """
    errors = folder / "libguestfs.err"
    with errors.open("wb") as said:
        worker = subprocess.Popen(  # noqa: S603  # The system's Python, with a text of ours.
            [python_with_libguestfs(), "-I", "-c", inspect.getsource(appliance_worker)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            env=environment(folder, kvm=kvm),
            start_new_session=True,
        )
    try:
        yield Appliance(worker, errors, check)
    finally:
        _end(worker)


def _end(worker: subprocess.Popen[bytes]) -> None:
    """End the worker: it sees that nobody asks any more, and clears up behind itself."""
    with suppress(OSError):
        if worker.stdin:
            worker.stdin.close()
    try:
        worker.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    if worker.stdout:
        worker.stdout.close()


def _plain(value: Value | list[str]) -> Any:
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _value(value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"base64"}:
        return base64.b64decode(value["base64"])
    return value
