# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Locks between runs, whose file may go away with what it guards."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.curator.glance.plugins.module_utils.source.locking import RunLock

from .conftest import Told


def test_one_writes_or_many_read(tmp_path: Path) -> None:
    """Whoever holds the lock may go from one to the other."""
    path = tmp_path / "lock"
    with RunLock(path, Told()) as one, RunLock(path, Told()) as other:
        one.read()
        other.read()
        assert not one.try_write()
        other.__exit__(None, None, None)
        one.write()
        assert not other.try_write()


def test_a_file_that_was_taken_away_locks_nothing(tmp_path: Path) -> None:
    """Who waited for it has to take the new one, as everybody else does."""
    path = tmp_path / "lock"
    with RunLock(path, Told()) as waiting:
        with RunLock(path, Told()) as first:
            first.write()
            assert not waiting.try_write()
            first.remove()
        waiting.write()
        with RunLock(path, Told()) as newcomer:
            assert not newcomer.try_write()
