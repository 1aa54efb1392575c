# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Blank databases: every table, and the one cell that Nova keeps its servers in."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from loopback import files, processes
from loopback.compute import mariadb
from loopback.environment import Environment, Run, cache
from loopback.processes import Kept


def version() -> str:
    """Of the server: another one may not read the folder that this one wrote."""
    shown = subprocess.run(
        [mariadb.program("mariadbd"), "--no-defaults", "--version"],
        check=True,
        capture_output=True,
        text=True,
    )
    return shown.stdout.strip()


def fill(environment: Environment, run: Run) -> None:
    """Make the databases with the services' own migrations."""
    root = environment.blanks
    data, work, log = root / "data", root / "run", environment.root / "install.log"
    # Remembered beside the environment, which is made anew after a run that was killed: the
    # server of that run would be forgotten along with it.
    kept = Kept(cache(), f"{environment.root.name}-mariadb")
    processes.end([kept])
    work.mkdir(parents=True)
    run(*mariadb.install_command(data))
    orders = root / "databases.sql"
    names = mariadb.DATABASES
    files.write(orders, "".join(f"CREATE DATABASE IF NOT EXISTS {name};\n" for name in names))
    try:
        mariadb.daemon(data, kept, work, log, f"--init-file={orders}").bring_up()
        for step in _migrations(root, environment.python.parent):
            run(*step, cwd=work)
    finally:
        processes.end([kept])
        kept.lock.unlink(missing_ok=True)


def copy(environment: Environment, target: Path) -> None:
    """Give a cloud its databases; those that are there already are never touched."""
    if target.exists():
        return
    draft = target.with_name(f".{target.name}")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(environment.blanks / "data", draft)
    draft.replace(target)


def _migrations(root: Path, programs: Path) -> list[list[str | Path]]:
    names = ("placement", "neutron", "cinder", "nova")
    placement, neutron, cinder, nova = (root / f"{name}.conf" for name in names)
    files.write(placement, f"[placement_database]\nconnection = {mariadb.url('placement')}\n")
    files.write(
        neutron,
        f"[DEFAULT]\ncore_plugin = ml2\n[database]\nconnection = {mariadb.url('neutron')}\n",
    )
    files.write(cinder, f"[database]\nconnection = {mariadb.url('cinder')}\n")
    files.write(
        nova,
        "[DEFAULT]\ntransport_url = fake:///\n"
        f"[api_database]\nconnection = {mariadb.url('nova_api')}\n"
        f"[database]\nconnection = {mariadb.url('nova')}\n",
    )
    manage: list[str | Path] = [programs / "nova-manage", "--config-file", nova]
    return [
        [programs / "placement-manage", "--config-file", placement, "db", "sync"],
        [programs / "neutron-db-manage", "--config-file", neutron, "upgrade", "heads"],
        [programs / "cinder-manage", "--config-file", cinder, "db", "sync"],
        [*manage, "api_db", "sync"],
        [*manage, "cell_v2", "map_cell0", "--database_connection", mariadb.url("nova_cell0")],
        [*manage, "db", "sync"],
        [*manage, "cell_v2", "create_cell", "--name", "cell1"],
    ]
