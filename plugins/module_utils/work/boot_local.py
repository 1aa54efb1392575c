# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The machine that runs the module as a place to boot guests: under QEMU, from a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from ..disk.opening import OpenDisk, open_disk
from ..domain.boot.config_drive import LABEL, ConfigDrive
from ..domain.boot.machine import Machine, machine_for
from ..domain.boot.seen import IPV4, IPV6, Answer, Assigned, Reach
from ..domain.boot.verdict import RDP_PORT, SSH_PORT
from ..domain.disk import readable
from ..errors import CheckFailed, InvalidRequest
from ..guest import emulator
from ..guest.acceleration import kvm_works
from ..guest.programs import path_of
from ..guest.seed import make_seed, seed_maker
from ..guest.ssh import Client, Door
from .boot_place import Errand

_GIB = 1 << 30
# What most guests need at the least, and few more than.
_RAM, _VCPUS = 1024, 1
# By how much the disk is larger than the image, so that a root file system has something to grow.
_MORE = _GIB
# Where nothing listens, and a router that is reached says so.
_DISCARD_PORT = 9
_LOOKS_EVERY = 0.1
_REACH_SECONDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalPlace:
    """One disk that was judged safe, and the machine that is made for it."""

    errand: Errand
    disk: OpenDisk
    machine: Machine

    def properties(self) -> Mapping[str, str]:
        return self.errand.wish.properties

    @contextmanager
    def started(self) -> Iterator[LocalGuest]:
        wish, folder = self.errand.wish, self.errand.folder
        kvm = kvm_works(emulator.emulator(), self.errand.cache)
        drive = ConfigDrive(uuid=str(uuid4()), key=self.errand.key.public, mac=emulator.MAC)
        seed = make_seed(folder, drive.files(), LABEL)
        ports = [SSH_PORT, *([RDP_PORT] if wish.expected.rdp else [])]
        with self.disk.handed_over() as (node, number):
            guest = emulator.Guest(
                disk=node,
                disk_number=number,
                size=self._size(),
                seed=seed,
                machine=self.machine,
                ram=wish.ram or _RAM,
                vcpus=wish.vcpus or _VCPUS,
                kvm=kvm,
                ports=ports,
                folder=folder,
            )
            with emulator.running(guest) as running:
                if trouble := running.trouble():
                    raise CheckFailed(f"The guest could not be started: {trouble}.")
                how = "KVM" if kvm else "emulation"
                yield LocalGuest(
                    errand=self.errand,
                    running=running,
                    told=f"It runs under QEMU with {how} on this machine.",
                )

    def foresee(self) -> None:
        self._size()
        emulator.require(self.machine, self.errand.folder)
        seed_maker()
        if self.errand.wish.expected.ssh:
            path_of("ssh")

    def _size(self) -> int:
        """The size of the guest's disk, which may be larger than its image and never smaller."""
        size = self.disk.facts.virtual_size or 0
        wanted = self.errand.wish.disk_size
        if wanted is None:
            return -(-(size + _MORE) // _GIB) * _GIB
        if wanted * _GIB < size:
            raise InvalidRequest(
                f"disk is {wanted} GiB, and {self.disk.facts.format} has {readable(size)}. Give at "
                f"least {-(-size // _GIB)}, or leave it out."
            )
        return wanted * _GIB


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalGuest:
    """A guest under QEMU."""

    errand: Errand
    running: emulator.Running
    told: str
    looks_every: float = _LOOKS_EVERY

    def console(self) -> str:
        return self.running.console.text

    def trouble(self) -> str | None:
        return self.running.trouble()

    def bytes_read(self) -> int | None:
        # Firmware and boot loaders tell more on its console.
        return None

    def assigned(self) -> Assigned:
        return Assigned(
            addresses=(str(emulator.ADDRESS),),
            networks=(str(emulator.NETWORK),),
            by="the network of QEMU",
        )

    def doors(self) -> Mapping[str, Door]:
        # QEMU forwards nothing over IPv6.
        return {IPV4: Door(host="127.0.0.1", port=self.running.doors[SSH_PORT])}

    def desktop(self) -> tuple[str, int] | None:
        port = self.running.doors.get(RDP_PORT)
        return ("127.0.0.1", port) if port else None

    def reach(self, family: str, client: Client) -> Reach:
        if family != IPV6:
            raise AssertionError(family)
        return self._reaches_router(client)

    def _reaches_router(self, client: Client) -> Reach:
        """Whether the router answers the guest over IPv6: nothing gets the other way round.

        It refuses, as it lets nothing through; but a refusal comes from outside of the guest.
        """
        router = str(emulator.ROUTER)
        session = client.connect(self.doors()[IPV4], router, _DISCARD_PORT)
        said = session.wait(_REACH_SECONDS, self.errand.stop.check)
        if said is None:
            return Reach(reached=False, told=f"its router, {router}, does not answer")
        if said.answer is Answer.REFUSED:
            return Reach(reached=True, told="its router answers there")
        if "prohibited" in said.said:
            return Reach(reached=None, told="its ssh server opens no connections for others")
        return Reach(reached=False, told=f"its router, {router}, is not reached: {said.said}")


@contextmanager
def local_place(errand: Errand) -> Iterator[LocalPlace]:
    """The file of a task, judged before anything opens it."""
    wish = errand.wish
    if wish.disk is None:
        raise AssertionError(wish)
    machine = machine_for(wish.properties)
    path = wish.disk.name
    with open_disk(path, wish.disk, scratch=errand.folder, progress=errand.progress) as disk:
        yield LocalPlace(errand=errand, disk=disk, machine=machine)
