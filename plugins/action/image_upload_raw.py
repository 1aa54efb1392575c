# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The page of the module of the same name documents what this adds to it: lines while it works.

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import Any

from ansible import constants
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.utils.display import Display

from ..module_utils.following import followed
from ..module_utils.processes import CONTROLLER, as_controllers
from ..module_utils.progress import PROGRESS_FILE

# Ansible removes it with all that is in it. Its constants come to be while it starts.
_FOLDER_OF_THIS_RUN: str = constants.DEFAULT_LOCAL_TMP  # type: ignore[attr-defined]

# Longer than any line, in seconds: without an end, a signal might never be heard.
_LINE_TAKES = 2.0


class ActionModule(NormalAction):
    """The module, run as any other; where it runs beside us, it can tell us how far it is."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> Any:
        with ExitStack() as around:
            if self._runs_beside_us():
                told = {CONTROLLER: _this_run()}
                if self._wants_lines(task_vars or {}):
                    whole_lines = around.enter_context(_whole_lines())
                    say = self._say_for(task_vars or {}, whole_lines)
                    path = around.enter_context(followed(_FOLDER_OF_THIS_RUN, say))
                    told[PROGRESS_FILE] = str(path)
                around.enter_context(_environment(told))
            return super().run(tmp, task_vars)  # type: ignore[no-untyped-call]  # Ansible's.

    def _runs_beside_us(self) -> bool:
        """Whether the module inherits our environment, and ends before we do.

        A task in the background may outlive the run that started it: nobody follows it.
        """
        return self._connection.transport == "local" and not self._task.async_val

    def _wants_lines(self, variables: dict[str, Any]) -> bool:
        wanted = self._templar.template(variables.get("curator_progress", True))
        # What no_log hides, a name for one, has no place in our lines either.
        return not self._task.no_log and bool(
            boolean(wanted, strict=False)  # type: ignore[no-untyped-call]  # As above.
        )

    def _say_for(
        self, variables: dict[str, Any], whole_lines: threading.Lock
    ) -> Callable[[str], None]:
        module = self._task.action.rpartition(".")[2]
        host = variables.get("inventory_hostname", "")
        if self._task.delegate_to:
            host = f"{host} -> {self._task.delegate_to}"
        display = Display()

        def say(line: str) -> None:
            # From a worker, this goes through Ansible's own queue to the process that prints.
            with whole_lines:
                display.display(f"{module} [{host}] {line}")

        return say


def _this_run() -> str | None:
    """The processes that wait for the result: this worker, and Ansible's first, which began it."""
    first = multiprocessing.parent_process()
    return as_controllers(os.getpid(), *([first.pid] if first and first.pid else []))


@contextmanager
def _whole_lines() -> Iterator[threading.Lock]:
    """A lock for whoever says a line, so that no signal ends this process in the middle of one.

    Ansible's queue to the process that prints would stay locked, and that process wait for ever.
    """
    lock = threading.Lock()
    # Strategies that run tasks in threads end them in ways of their own.
    with ExitStack() as around:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                handler = signal.getsignal(number)
                if callable(handler):
                    around.callback(signal.signal, number, handler)
                    signal.signal(number, _after_the_line(lock, handler))
        yield lock


def _after_the_line(lock: threading.Lock, handler: Callable[..., Any]) -> Callable[..., Any]:
    def handle(number: int, frame: FrameType | None) -> None:
        lock.acquire(timeout=_LINE_TAKES)
        handler(number, frame)
        lock.release()

    return handle


@contextmanager
def _environment(variables: Mapping[str, str | None]) -> Iterator[None]:
    """Our environment, which the module inherits, with these in it for a while."""
    before = {name: os.environ.get(name) for name in variables}
    _set(variables)
    try:
        yield
    finally:
        _set(before)


def _set(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
