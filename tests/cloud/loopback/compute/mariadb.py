# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The database server of Nova and what is beside it, for which SQLite is not enough.

Nova reads and then writes in one transaction, from many threads; and Neutron's migrations do not
run on SQLite at all.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from loopback.daemon import Daemon
from loopback.layout import CloudError
from loopback.processes import Kept

DATABASES = ("placement", "neutron", "nova_api", "nova", "nova_cell0", "cinder")
NAME = "mariadb"
_SOCKET = "mariadb.sock"
_OPTIONS = (
    "--no-defaults",
    # Reached through its socket alone, which lies in a folder that only its owner may enter.
    "--skip-networking",
    "--skip-log-bin",
    "--performance-schema=off",
    "--max-connections=400",
    "--character-set-server=utf8mb3",
    # Survives a killed process all the same; only a power cut could lose something.
    "--innodb-flush-log-at-trx-commit=2",
    "--innodb-doublewrite=0",
    # Small, because every cloud begins with a copy.
    "--innodb-buffer-pool-size=64M",
    "--innodb-log-file-size=16M",
    "--innodb-file-per-table=0",
    "--innodb-autoextend-increment=8",
)


def url(database: str) -> str:
    """The address of a database, the same in every cloud: also one that Nova has stored."""
    # Services work in the folder of the socket. Its whole path may be too long for an address.
    return f"mysql+pymysql://root@localhost/{database}?unix_socket={_SOCKET}&charset=utf8mb4"


def program(name: str) -> str:
    """The path of a program, which may be where only root looks."""
    path = f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin:/sbin"
    found = shutil.which(name, path=path)
    if found is None:
        raise CloudError(f"{name} is not installed; `up --compute` installs it where it may")
    return found


def daemon(data: Path, kept: Kept, socket_in: Path, log: Path, *more: str) -> Daemon:
    """The server of a folder of data; more options only where the databases are made."""
    socket = socket_in / _SOCKET
    return Daemon(
        kept=kept,
        command=(
            program("mariadbd"),
            *_OPTIONS,
            *more,
            f"--datadir={data}",
            # It works in the folder of its data.
            f"--socket={os.path.relpath(socket, data)}",
            *_as_root(),
        ),
        files=(),
        log=log,
        socket=socket,
    )


def install_command(data: Path) -> tuple[str, ...]:
    """Makes a folder of data without any database of ours."""
    return (
        program("mariadb-install-db"),
        *(option for option in _OPTIONS if option.startswith(("--no-defaults", "--innodb"))),
        f"--datadir={data}",
        "--skip-test-db",
        "--auth-root-authentication-method=normal",
        *_as_root(),
    )


def _as_root() -> tuple[str, ...]:
    # It refuses to run as root unless told to, and knows nobody else here.
    return ("--user=root",) if os.geteuid() == 0 else ()
