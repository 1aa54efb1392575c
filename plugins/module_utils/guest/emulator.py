# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A guest under QEMU on this machine: started, watched, ended; its disk is only read.

A guest is a stranger's program. It gets no way to this machine or to any network: what it opens
itself is dropped, and only what comes in through its doors reaches it. QEMU may start nothing and
become nobody else, and dies with the process that started it.
"""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Network
from pathlib import Path
from typing import Any

from ..domain.boot.machine import Machine
from .console import Console
from .firmware import uefi_for
from .programs import environment, path_of, run

MAC = "52:54:00:c0:ff:ee"
# What the emulated network gives to the guest; its router is the second address of each.
ADDRESS = IPv4Address("10.0.2.15")
NETWORK = IPv6Network("fd5e:ed5e:ed::/64")
ROUTER = NETWORK[2]
_SAID_AT_MOST = 500
# What QEMU says of a port that is not free any more.
_PORT_TAKEN = "Could not set up host forwarding rule"
_TRIES = 5
# Firmware for BIOS speaks at once. That for UEFI need not, and runs all the same.
_SETTLES_WITHIN = 2.0
_LOOKS_EVERY = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """All that a guest is made of."""

    # Its disk as a node for QEMU (json:...), the open file behind that, and the size it shall have.
    disk: str
    disk_number: int
    size: int
    seed: Path
    machine: Machine
    # MiB.
    ram: int
    vcpus: int
    kvm: bool
    # Ports of the guest to be reached.
    ports: Sequence[int] = ()
    # For what the guest writes.
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A guest that runs."""

    console: Console
    # Ports of this machine by those of the guest.
    doors: Mapping[int, int]
    process: subprocess.Popen[bytes]
    # What QEMU itself has to say.
    errors: Path

    def trouble(self) -> str | None:
        """Why it does not run any more, if so."""
        code = self.process.poll()
        if code is None:
            return None
        said = _said(self.errors)
        if code:
            return f"QEMU ended with {code}: {said}" if said else f"QEMU ended with {code}"
        return "the guest switched itself off"


@contextmanager
def running(guest: Guest) -> Iterator[Running]:
    """A guest for as long as the block lasts."""
    for left in reversed(range(_TRIES)):
        started = _start(guest)
        try:
            _settle(started)
            if left and _PORT_TAKEN in _said(started.errors):
                # Somebody took a port between our look and QEMU's.
                continue
            yield started
            return
        finally:
            started.process.kill()
            started.process.wait()
            started.console.close()


def _start(guest: Guest) -> Running:
    doors = {port: _free_port() for port in guest.ports}
    errors = guest.folder / "qemu.err"
    # Whatever ends us ends QEMU.
    dies_with_us = [path_of("setpriv"), "--pdeathsig", "KILL", "--"]
    with errors.open("wb") as said:
        process = subprocess.Popen(  # noqa: S603  # Words of our own, and files by number.
            [*dies_with_us, emulator(), *_words(guest, doors)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            pass_fds=[guest.disk_number],
            env=environment(),
            start_new_session=True,
        )
    if process.stdout is None:
        raise AssertionError(process)
    return Running(console=Console(process.stdout), doors=doors, process=process, errors=errors)


def _settle(started: Running) -> None:
    """Wait until the machine runs, or QEMU said why it does not."""
    deadline = time.monotonic() + _SETTLES_WITHIN
    while time.monotonic() < deadline:
        if started.console.text or started.trouble():
            return
        time.sleep(_LOOKS_EVERY)


def overlay(folder: Path, size: int) -> Path:
    """A file for all that the guest writes. That there is a disk below it stands in no file."""
    path = folder / "overlay.qcow2"
    run(path_of("qemu-img"), "create", "-q", "-f", "qcow2", path, str(size))
    return path


def emulator() -> str:
    """The program that runs guests."""
    return path_of("qemu-system-x86_64", "qemu-kvm")


def require(machine: Machine, folder: Path) -> None:
    """Look whether all that such a machine takes is here; MissingTool says what is not."""
    emulator()
    for program in ("setpriv", "qemu-img"):
        path_of(program)
    if machine.uefi:
        uefi_for(machine.board, secure_boot=machine.secure_boot, folder=folder)


def _words(guest: Guest, doors: Mapping[int, int]) -> list[str]:
    machine = guest.machine
    words = [
        *("-nodefaults", "-no-user-config", "-display", "none", "-vga", "std"),
        *("-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"),
        *("-m", str(guest.ram), "-smp", str(guest.vcpus)),
        *("-rtc", "base=localtime" if machine.local_time else "base=utc"),
        # What is written there is all that we see of the guest; nothing we say is heard.
        *("-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console"),
        *_network(machine, doors),
    ]
    if guest.kvm:
        words += ["-accel", "kvm", "-cpu", "host"]
    else:
        words += ["-accel", "tcg,thread=multi", "-cpu", "max"]
    # Without a screen, the BIOS and all that writes with its help speak on the console.
    board = f"{machine.board},graphics=off"
    if machine.uefi:
        found = uefi_for(machine.board, secure_boot=machine.secure_boot, folder=guest.folder)
        board += ",smm=on" if found.needs_smm else ""
        if found.needs_smm:
            words += ["-global", "driver=cfi.pflash01,property=secure,value=on"]
        words += [
            *("-drive", f"if=pflash,unit=0,format=raw,readonly=on,file={found.code}"),
            *("-drive", f"if=pflash,unit=1,format=raw,file={found.variables}"),
        ]
    if machine.random:
        words += ["-device", "virtio-rng-pci"]
    return [*words, "-machine", board, *_disks(guest)]


def _disks(guest: Guest) -> list[str]:
    machine = guest.machine
    written = {
        "driver": "qcow2",
        "node-name": "disk",
        "file": {"driver": "file", "filename": str(overlay(guest.folder, guest.size))},
        "backing": json.loads(guest.disk.removeprefix("json:")),
        # Nobody reads it afterwards.
        "cache": {"no-flush": True},
        "discard": "unmap",
    }
    seed = {
        "driver": "raw",
        "node-name": "seed",
        "read-only": True,
        "file": {"driver": "file", "filename": str(guest.seed)},
    }
    controller = ["-device", machine.controller] if machine.controller else []
    return [
        *controller,
        *("-blockdev", json.dumps(written), "-device", f"{machine.disk},drive=disk,bootindex=1"),
        *("-blockdev", json.dumps(seed), "-device", f"{machine.seed},drive=seed"),
    ]


def _network(machine: Machine, doors: Mapping[int, int]) -> list[str]:
    told: dict[str, Any] = {
        "ipv4": "on",
        "ipv6": "on",
        "ipv6-prefix": NETWORK.network_address,
        "ipv6-prefixlen": NETWORK.prefixlen,
        # Nothing that the guest begins itself comes through.
        "restrict": "on",
    }
    options = ["user", "id=network", *(f"{name}={value}" for name, value in told.items())]
    options += [f"hostfwd=tcp:127.0.0.1:{ours}-{ADDRESS}:{port}" for port, ours in doors.items()]
    return [
        *("-netdev", ",".join(options)),
        # Nothing is ever booted over the network.
        *("-device", f"{machine.network},netdev=network,mac={MAC},romfile="),
    ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _said(errors: Path) -> str:
    lines = errors.read_text(errors="replace").strip().splitlines()
    return "".join(c for c in (lines or [""])[-1] if c.isprintable())[:_SAID_AT_MOST]
