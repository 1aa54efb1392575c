# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Telling a process that lives from one that ended, and from another one of its number."""

from __future__ import annotations

import os
import subprocess

import pytest
from ansible_collections.curator.glance.plugins.module_utils import processes


def test_a_process_lives_until_it_ends() -> None:
    """Also where nobody has asked for its exit status yet: a name with blanks does not matter."""
    # Ends with its standard input. The name is what a shell cannot split.
    program = "import ctypes, sys; ctypes.CDLL(None).prctl(15, b') Z 1 (', 0, 0, 0); print()"
    with subprocess.Popen(
        ["python3", "-c", f"{program}; sys.stdout.flush(); sys.stdin.read()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        child.stdout.readline()
        identity = processes.identity(child.pid)
        assert identity is not None
        assert identity.startswith(f"{child.pid} ")
        assert processes.lives(identity)
        child.stdin.close()
        # Waits for the end, and leaves the exit status for later.
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert not processes.lives(identity)
        assert processes.identity(child.pid) is None
    assert not processes.lives(identity)


def test_a_number_that_was_given_again_is_another_process() -> None:
    """Ours, had it started at another time."""
    assert processes.lives(str(processes.identity(os.getpid())))
    assert not processes.lives(f"{os.getpid()} 1")


@pytest.mark.parametrize("text", ["", "x", "-1 5", "1", f"{2**70} 1", "None"])
def test_what_names_no_process(text: str) -> None:
    """What came from an environment or from an image may be anything."""
    assert not processes.lives(text)


def test_those_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module knows them only where it was told, and one that is gone already is not named."""
    monkeypatch.delenv(processes.CONTROLLER, raising=False)
    assert processes.controllers() == ()
    told = processes.as_controllers(os.getpid(), os.getppid(), 2**22 + 1)
    assert told is not None
    monkeypatch.setenv(processes.CONTROLLER, told)
    assert processes.controllers() == (
        processes.identity(os.getpid()),
        processes.identity(os.getppid()),
    )
    assert processes.as_controllers(2**22 + 1) is None
