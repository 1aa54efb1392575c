# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One machine in everything that it may come in: what the cloud has is always the same."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from support.cloud import LoopbackCloud
from support.disks import FORMATS, PACKERS, Workshop, tar, zipped
from support.importing import Importer, assert_stored, raw_of
from support.linux_disk import linux_disk
from support.ovas import ovirt_ova, virtualbox_ova, vmware_ova

# What qemu-img calls the formats whose name in Glance is another one.
_QEMU = {"vhd": "vpc"}
# For each packer another format, and the one that shows itself at its end only.
_PACKED = {
    "gz": "raw",
    "bz2": "vmdk-monolithicSparse",
    "xz": "vhd-fixed",
    "zst": "qcow2-zlib",
}
_HANGS_AFTER = 1200
# A disk as it is, a packed one, an OVA, an archive.
_EVERY = 4


def _kinds(workshop: Workshop, folder: Path) -> dict[str, tuple[Path, bytes]]:
    """A source of each kind, and what qemu-img makes of its disk."""
    sources: dict[str, tuple[Path, bytes]] = {}
    plain = {kind: workshop.disk(kind, linux_disk()) for kind in FORMATS}
    raws = {k: raw_of(disk, _QEMU.get(FORMATS[k][0], FORMATS[k][0])) for k, disk in plain.items()}
    for kind, disk in plain.items():
        sources[kind] = (disk, raws[kind])
    for suffix, kind in _PACKED.items():
        packed = folder / f"disk.{FORMATS[kind][0]}.{suffix}"
        packed.write_bytes(PACKERS[suffix](plain[kind].read_bytes()))
        sources[f"{kind}.{suffix}"] = (packed, raws[kind])
    vmdk, qcow2 = "vmdk-streamOptimized", "qcow2"
    for ova, kind in ((vmware_ova, vmdk), (virtualbox_ova, vmdk), (ovirt_ova, qcow2)):
        made = ova(folder / f"{ova.__name__}.ova", [plain[kind]])
        sources[ova.__name__] = (made, raws[kind])
    for name, archive in (("zip", zipped), ("tar", tar)):
        path = folder / f"disk.{name}"
        path.write_bytes(archive({"machine/disk.qcow2": plain[qcow2].read_bytes()}))
        sources[name] = (path, raws[qcow2])
    return sources


@pytest.mark.slow
def test_every_format(
    cloud: LoopbackCloud,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """More than twenty machines in one run: each is stored as qemu-img converts it, byte for byte.

    Run again for some of them, it changes nothing.
    """
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    bring = Importer(cloud, tmp_path)
    sources = _kinds(Workshop(tmp_path_factory.mktemp("disks")), tmp_path)
    assert len(sources) > 20
    machines = [
        {"name": bring.name(kind), "source": str(source)}
        for kind, (source, _raw) in sources.items()
    ]
    first = bring.run("--forks", "4", list=machines, hangs_after=_HANGS_AFTER)
    assert first.status == 0, first.output
    assert len(first.hosts) == len(sources)
    for kind, (_source, raw) in sources.items():
        image = bring.standing(bring.name(kind))
        assert_stored(bring, image, raw)
        assert zlib.crc32(bring.stored(image)[: 8 << 20]) == zlib.crc32(linux_disk())
        assert image["hw_disk_bus"] in {"ide", "sata", "scsi", "virtio"}
    again = bring.run("--forks", "4", list=machines[::_EVERY], hangs_after=_HANGS_AFTER)
    assert (again.status, again.changed) == (0, 0), again.output
