# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Blank databases: every table and Glance's metadata definitions, but no secret and no user."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from loopback import files
from loopback.layout import CloudError

SERVICES = ("keystone", "glance")


def url(database: Path) -> str:
    # Without a busy timeout, parallel writers meet "database is locked".
    return f"sqlite:///{database}?timeout=60"


def steps(folder: Path, programs: Path, data: Path) -> Iterator[list[str | Path]]:
    """The commands that fill the blank databases, in their order."""
    for service in SERVICES:
        config = folder / f"{service}.conf"
        files.write(config, f"[database]\nconnection = {url(folder / f'{service}.db')}\n")
        manage: list[str | Path] = [programs / f"{service}-manage", "--config-file", config]
        yield [*manage, "db_sync"]
        if service == "glance":
            yield [*manage, "db_load_metadefs", data / "glance" / "metadefs"]


def finish(folder: Path) -> None:
    """Write-ahead logging is stored in the file: readers never block the one writer."""
    for service in SERVICES:
        database = folder / f"{service}.db"
        with sqlite3.connect(database) as connection:
            (mode,) = connection.execute("pragma journal_mode=wal").fetchone()
        connection.close()
        leftovers = [path for path in folder.glob(f"{database.name}-*") if path.stat().st_size]
        if mode != "wal" or leftovers:
            raise CloudError(f"{database} could not be prepared (mode {mode}, {leftovers})")


def copy(folder: Path, target: Path) -> None:
    """Give a cloud its databases; one that is there already is never touched."""
    for service in SERVICES:
        database = target / f"{service}.db"
        if database.exists():
            continue
        draft = target / f".{service}.db"
        draft.write_bytes((folder / f"{service}.db").read_bytes())
        draft.replace(database)
