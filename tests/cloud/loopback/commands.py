# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the three programs up, down and service do with their arguments."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from loopback import environment, files, fleet, processes, published, secret, stores
from loopback.cloud import Cloud
from loopback.compute.chosen import KINDS, LIBVIRT
from loopback.compute.compute import choose_compute
from loopback.compute.compute import end as end_compute
from loopback.compute.configuration import NAMES as COMPUTE_NAMES
from loopback.layout import SPECS, CloudError, Home
from loopback.processes import Kept
from loopback.service import NAMES, Service
from loopback.waiting import Cancelled, cancelled

TOKEN_SECONDS = 3600
BUSY = "waiting for another run on {}"


def _home(text: str) -> Home:
    path = Path(text).expanduser().resolve()
    # These have a meaning of their own in configuration files or in database URLs.
    if bad := {letter for letter in str(path) if letter in "$?%#\"'," or not letter.isprintable()}:
        raise CloudError(f"{path}: a path with {' '.join(map(repr, sorted(bad)))} does not work")
    return Home(path)


def _refuse_foreign(home: Home) -> None:
    if home.root.exists() and not home.root.is_dir():
        raise CloudError(f"{home.root} is not a folder")
    if home.mark.exists() or not home.root.exists():
        return
    if any(path.name != home.lock.name for path in home.root.iterdir()):
        raise CloudError(f"{home.root} is neither empty nor a loopback cloud; name another folder")


def up(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="up", description="Bring two independent OpenStack clouds up on loopback."
    )
    parser.add_argument("folder", metavar="DIR", help="where everything of the clouds lives")
    parser.add_argument(
        "--token-seconds",
        type=int,
        default=TOKEN_SECONDS,
        help="life of Keystone's tokens (default %(default)s); a change restarts Keystone",
    )
    parser.add_argument(
        "--ceph",
        action="store_true",
        help="let the first cloud store its images in a Ceph of its own; said once, it stays so",
    )
    parser.add_argument(
        "--compute",
        choices=KINDS,
        nargs="?",
        const=LIBVIRT,
        help="let the first cloud have servers: guests that boot (libvirt, needs root; so without "
        "a word), or records of them (fake); said once, it stays so",
    )
    parser.add_argument(
        "--volumes",
        action="store_true",
        help="with --compute: let there be volumes, too; said once, it stays so",
    )
    options = parser.parse_args(arguments)
    if options.volumes and not options.compute:
        raise CloudError("--volumes is for servers; say --compute, too")
    if options.token_seconds < 1:
        raise CloudError("--token-seconds must be at least 1")
    begun = time.monotonic()
    home = _home(options.folder)
    _refuse_foreign(home)
    packages = environment.ensure()
    home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with files.locked(home.lock, BUSY.format(home.root)):
        _refuse_foreign(home)
        home.root.chmod(0o700)
        files.write(home.mark, "made by tests/cloud/up\n")
        if options.ceph:
            stores.choose_ceph(home.rooms(SPECS[0]))
        if options.compute:
            choose_compute(home, SPECS[0], options.compute, volumes=options.volumes)
        clouds = _clouds(home, options.token_seconds, packages)
        changed = _together([cloud.bring_up for cloud in clouds])
        published.publish(home, clouds)
    took = f"ready in {time.monotonic() - begun:.1f} s" if any(changed) else "already up"
    users = [account.name for spec in SPECS for account in spec.accounts]
    _say(
        f"{took}; clouds: {' '.join(users)}. Use them like this:\n"
        f"  export OS_CLIENT_CONFIG_FILE={shlex.quote(str(home.clouds_yaml))}\n"
        f"  OS_CLOUD={users[0]} openstack image list"
    )


def _clouds(home: Home, token_seconds: int, packages: environment.Environment) -> list[Cloud]:
    passwords = secret.passwords(home)
    return [Cloud(home, spec, passwords[spec.name], token_seconds, packages) for spec in SPECS]


def _together(tasks: list[Callable[[], bool]]) -> list[bool]:
    """Run the tasks side by side; the first failure stops the others."""
    results: list[bool] = []
    failures: list[BaseException] = []

    def work(task: Callable[[], bool]) -> None:
        try:
            results.append(task())
        except BaseException as error:  # noqa: BLE001  # Raised again below, in the main thread.
            failures.append(error)
            cancelled.set()

    threads = [threading.Thread(target=work, args=(task,)) for task in tasks]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    except KeyboardInterrupt:
        cancelled.set()
        for thread in threads:
            thread.join()
        raise
    # The failure that stopped the others tells more than the ones that were stopped.
    for error in sorted(failures, key=lambda error: isinstance(error, Cancelled)):
        raise error
    return results


def down(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="down", description="End the clouds of a folder; their data stays."
    )
    parser.add_argument("folder", metavar="DIR")
    parser.add_argument("--purge", action="store_true", help="remove the folder as well")
    options = parser.parse_args(arguments)
    home = _home(options.folder)
    if not home.root.exists():
        _say(f"nothing at {home.root}")
        return
    if not home.mark.exists():
        raise CloudError(f"{home.root} does not look like a loopback cloud; nothing was done")
    with files.locked(home.lock, BUSY.format(home.root)):
        count = sum(end_compute(home, spec) for spec in SPECS)
        count += processes.end([Kept(home.rooms(s).run, name) for s in SPECS for name in NAMES])
        count += sum(stores.of(home.rooms(spec)).end() for spec in SPECS)
        if options.purge:
            shutil.rmtree(home.root)
    _say(f"{count} services ended" + (f", {home.root} removed" if options.purge else ""))


def service(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="service", description="Stop, kill, freeze or start one service of a cloud."
    )
    titles = [f"{spec.name}.{name}" for spec in SPECS for name in NAMES]
    titles += [f"{SPECS[0].name}.{name}" for name in COMPUTE_NAMES]
    actions = ("start", "stop", "kill", "restart", "pause", "resume", "status")
    parser.add_argument("folder", metavar="DIR")
    parser.add_argument("service", choices=titles)
    parser.add_argument("action", choices=actions)
    options = parser.parse_args(arguments)
    home = _home(options.folder)
    known = files.read_json(home.cloud_json)
    if not home.mark.exists() or not isinstance(known, dict):
        raise CloudError(f"{home.root} is no loopback cloud that was ever up; run `up` first")
    with files.locked(home.lock, BUSY.format(home.root)):
        packages = environment.Environment(Path(known["environment"]))
        clouds = _clouds(home, int(known["token_seconds"]), packages)
        every = {one.title: one for cloud in clouds for one in cloud.services()}
        if options.service not in every:
            raise CloudError(f"{home.root} has no {options.service}: it was not up with --compute")
        _act(every[options.service], options.action)
        published.refresh(home, clouds)


def _act(service: Service, action: str) -> None:
    kept = service.kept
    if action in ("stop", "restart"):
        processes.end([kept])
    elif action == "kill":
        processes.end([kept], at_once=True)
    elif action in ("pause", "resume"):
        number = signal.SIGSTOP if action == "pause" else signal.SIGCONT
        processes.signal_all(kept, number)
    if action in ("start", "restart"):
        fleet.start_one(service)
    record = processes.alive(kept)
    _say(f"running, pid {record.pid}" if record else "not running")


def _say(text: str) -> None:
    """For whom it concerns; somebody who hangs up after the first line is no failure."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run(command: Callable[[list[str]], None]) -> None:
    """Run a program's command; errors become one message and an exit code."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    # Everything that is made here may hold a password.
    os.umask(0o077)
    # SIGINT as well: a shell script starts its background jobs deaf to it.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
    try:
        command(sys.argv[1:])
    except CloudError as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        print("interrupted; run it again to go on from here", file=sys.stderr)
        sys.exit(130)
