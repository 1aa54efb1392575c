# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Preparing a disk for image_prepare: look, change a layer over it, and name the outcome."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..disk import layers
from ..disk.opening import OpenDisk, open_disk
from ..disk.saving import in_words
from ..domain.prepare.fulfil import fulfil, only_compressed, still, unchanged
from ..domain.prepare.guest import System
from ..domain.prepare.overlay import Overlay
from ..domain.prepare.verdict import CANNOT
from ..domain.prepare.wish import OUTPUT_FORMATS, PrepareWish
from ..errors import InvalidRequest, RefusedDisk
from ..guest.acceleration import CAN_TELL, kvm_works
from ..guest.appliance import Appliance, appliance
from ..guest.emulator import emulator
from ..guest.mounted import MountedGuest
from ..guest.mounting import mount
from ..guest.windows import put_drivers
from ..progress import Progress, progress_from_environment
from .initramfs import modules_of
from .local_files import EPOCH, LocalFiles, fingerprint_of
from .naming_output import finish, give_name
from .prepared import Made, Source, keep, standing, still_stands
from .scratch import scratch_folder
from .watching import Stop, stoppable

_CACHE = Path("~/.cache/curator.glance/guests")
# A sixteenth.
_SHARE_WORTH_IT = 4


def prepare(wish: PrepareWish) -> dict[str, Any]:
    """Make what the task asks for, unless it is there."""
    return _run(wish, check=False)


def foresee_prepare(wish: PrepareWish) -> dict[str, Any]:
    """What would be made; the disk is only read."""
    return _run(wish, check=True)


def _run(wish: PrepareWish, *, check: bool) -> dict[str, Any]:
    files = LocalFiles()
    progress = progress_from_environment(Path(wish.path).name)
    source = Source.of(Path(wish.path).resolve())
    mark = {"fingerprint": fingerprint_of(wish, files)}
    record = standing(wish, source, mark["fingerprint"], progress)
    if record is not None:
        if not check:
            still_stands(wish, record)
        return {**still(record.result, wish), **mark}
    with stoppable() as stop, scratch_folder(_beside(wish)) as folder:
        job = _Job(wish, files, source, folder, progress, stop)
        if check:
            return {**job.look(), **mark}
        made, built = job.make()
        result = {**made, **mark}
        if built is None:
            source.require_same()
        else:
            job.name(built, result)
        return result


def _beside(wish: PrepareWish) -> Path:
    """Where what is made lies until it has its name: on the same file system."""
    cache = Path(wish.cache_dir).expanduser() if wish.cache_dir else None
    if not wish.writes:
        return cache or _CACHE.expanduser()
    folder = Path(wish.output or wish.path).resolve().parent
    if not folder.is_dir():
        raise InvalidRequest(
            f"There is no folder {folder} on the host that runs the module. Make it, or give "
            "another path."
        )
    if cache is None:
        return folder
    with in_words(cache):
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    if cache.stat().st_dev != folder.stat().st_dev:
        raise InvalidRequest(
            f"The cache_dir {cache} is on another file system than {folder}, where the prepared "
            "disk is to be: it could not get its name all at once. Leave cache_dir out, or give "
            "one on that file system."
        )
    return cache


def _mounted(machine: Appliance, disk: OpenDisk, *, writes: bool) -> tuple[System, str]:
    """The file systems of the guest; a disk without any that can be read has a verdict, too."""
    try:
        return mount(
            machine,
            writes=writes,
            partition_table=disk.facts.partition_table,
            firmware=disk.facts.firmware,
        )
    except RefusedDisk as error:
        verdict = {"state": CANNOT, "needs": [], "reasons": [error.message], "warnings": []}
        raise RefusedDisk(error.message, verdict=verdict) from error


def is_smaller(built: Path, source: Path) -> bool:
    """Whether it takes so much less room that it is worth another file."""
    taken, before = (path.stat().st_blocks for path in (built, source))
    return taken < before - (before >> _SHARE_WORTH_IT)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """The disk, and the layer over it that is changed in its place."""

    disk: OpenDisk
    layer: Path
    is_compressed: bool


@dataclass(frozen=True, slots=True)
class _Job:
    wish: PrepareWish
    files: LocalFiles
    source: Source
    folder: Path
    progress: Progress
    stop: Stop

    def look(self) -> dict[str, Any]:
        """Everything but the changes."""
        with self._opened() as opened, self._guest(opened, writes=False) as guest:
            begin = self.progress.stage
            return fulfil(self.wish, self.files, Overlay(guest), check=True, begin=begin)

    def make(self) -> tuple[dict[str, Any], Path | None]:
        """Everything; and the disk that was made, if it is another one."""
        wish = self.wish
        with self._opened() as opened:
            with self._guest(opened, writes=wish.writes) as guest:
                begin = self.progress.stage
                result = fulfil(wish, self.files, guest, check=False, begin=begin)
                if wish.writes:
                    guest.finish()
            if not wish.writes or (wish.in_place and not result["changed"]):
                return result, None
            built = self._flattened(opened, guest)
        if wish.in_place and only_compressed(result) and not is_smaller(built, self.source.path):
            # What is in it was compressed before it was written, or is encrypted.
            return unchanged(result), None
        return result, built

    def name(self, built: Path, result: dict[str, Any]) -> None:
        """Let what was made be what the task names, unless its source is not what it was."""
        if self.wish.in_place:
            self.stop.check()
            self.source.require_same()
            finish(built, like=self.source.path)
            give_name(built, self.source.path)
            return
        made = Made(
            built=built,
            source=self.source,
            source_sha256=self.source.digest(self.progress),
            fingerprint=result["fingerprint"],
            result=result,
        )
        self.stop.check()
        keep(self.wish, made)

    @contextmanager
    def _opened(self) -> Iterator[_Opened]:
        layer = self.folder / "layer.qcow2"
        asked, progress = self.wish.disk, self.progress
        opened = open_disk(self.source.path, asked, scratch=self.folder, progress=progress)
        with opened as disk, disk.handed_over() as (node, number):
            if self.wish.in_place and (
                disk.facts.packing or disk.facts.format not in OUTPUT_FORMATS
            ):
                raise InvalidRequest(
                    f"{self.wish.path} cannot be changed in its place: only a qcow2 or raw disk "
                    "that is not packed can. Name an output."
                )
            packs = disk.facts.format == "qcow2" and layers.is_compressed(node, number)
            layers.put_layer(layer, node, number)
            yield _Opened(disk=disk, layer=layer, is_compressed=packs)

    @contextmanager
    def _guest(self, opened: _Opened, *, writes: bool) -> Iterator[MountedGuest]:
        self.progress.stage("start libguestfs")
        epoch = os.environ.get(EPOCH, "")
        # Elsewhere, libguestfs finds out by itself.
        kvm = not CAN_TELL or kvm_works(emulator(), _CACHE.expanduser())
        with appliance(self.folder, kvm=kvm, check=self.stop.check) as machine:

            def start() -> tuple[System, str]:
                machine.start(str(opened.layer), "qcow2", writes=writes, network=self.wish.network)
                self.progress.stage("look into the guest")
                return _mounted(machine, opened.disk, writes=writes)

            def with_drivers(source: str) -> tuple[System, str]:
                put_drivers(source, opened.layer, self.folder, kvm=kvm, check=self.stop.check)
                return start()

            system, root = start()
            yield MountedGuest(
                machine,
                system,
                root,
                folder=self.folder,
                with_drivers=with_drivers,
                modules_of=modules_of,
                data_size=lambda: layers.data_size(opened.layer),
                # A raw disk is as small as it gets.
                compressed=opened.is_compressed or self._output_format(opened.disk) == "raw",
                epoch=int(epoch) if epoch.isdecimal() else None,
                network=self.wish.network,
            )

    def _flattened(self, opened: _Opened, guest: MountedGuest) -> Path:
        size = opened.disk.facts.virtual_size or 0
        built = self.folder / "built"
        layers.flatten(
            opened.layer,
            built,
            disk_format=self._output_format(opened.disk),
            compressed=guest.compressed or opened.is_compressed,
            size=guest.new_size or size,
            virtual_size=size,
            progress=self.progress,
        )
        return built

    def _output_format(self, disk: OpenDisk) -> str:
        own = disk.facts.format if disk.facts.format in OUTPUT_FORMATS else "qcow2"
        return self.wish.output_format or own
