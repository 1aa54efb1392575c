# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SQLite for several threads that write. Runs inside the packages' environment.

A transaction that reads first and writes later fails with "database is locked" if somebody wrote
in between, whatever the busy timeout: its view of the data is outdated. The services begin every
transaction before they read. Here it begins with the first statement that writes, and takes its
place in the queue of writers at once; what was read before is as fresh as on a database server.
"""

from __future__ import annotations

import importlib
from typing import Any

READING = ("SELECT", "PRAGMA", "EXPLAIN", "WITH")


def install() -> None:
    """For every engine of this process."""
    event = importlib.import_module("sqlalchemy.event")
    engine = importlib.import_module("sqlalchemy.engine").Engine
    event.listen(engine, "before_cursor_execute", _begin_late, retval=True)


def _begin_late(
    _connection: Any, cursor: Any, statement: str, parameters: Any, *_more: Any
) -> tuple[str, Any]:
    words = statement.split(None, 1)
    if words == ["BEGIN"]:
        return "SELECT 1", parameters
    if words and words[0].upper() not in READING and not cursor.connection.in_transaction:
        cursor.connection.execute("BEGIN IMMEDIATE")
    return statement, parameters
