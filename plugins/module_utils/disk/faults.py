# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What is wrong with a disk beyond what oslo.utils looks for, format by format.

oslo.utils judges what a server of OpenStack must not open. Here, a disk must also arrive whole: it
must not need another file, nor be cut short, nor say two different things about itself to two
programs that read it.
"""

from __future__ import annotations

import re
import struct
import sys
from array import array
from collections.abc import Callable, Iterator
from uuid import UUID

from ..domain.disk import readable
from ..domain.disk_signs import SECTOR, has_vhd_footer
from .region import Region

_CUT = "Fetch or copy it again."
_CONVERT_QCOW2 = "qemu-img convert -f qcow2 -O qcow2 disk.qcow2 whole.qcow2."
_CONVERT_VMDK = (
    "qemu-img convert -f vmdk -O vmdk -o subformat=streamOptimized disk.vmdk whole.vmdk."
)
# To convert is to open: a stranger's disk could put any file of this machine into an image.
_IF_TRUSTED = (
    "Only if you made it yourself, or trust who did, make one that stands alone; whatever file it "
    "names is copied into that: "
)
# A descriptor is read to its end by QEMU; a longer one than this is nothing that a program wrote.
_LONGEST_DESCRIPTOR = 1 << 20
_MOST_BLOCKS = 1 << 22
_UNUSED_BLOCK = 0xFFFFFFFF
_VHDX_REGIONS_AT = 192 << 10
_VHDX_METADATA = UUID("8b7ca206-4790-4b9a-b8fe-575f050f886e").bytes_le
_VHDX_PARAMETERS = UUID("caa16737-fa36-4d43-b3b6-33f0aa44e76b").bytes_le
_VHDX_HAS_PARENT = 2


def faults(file_format: str, region: Region) -> tuple[str, ...]:
    """What speaks against opening this disk, in sentences."""
    look = _LOOKS.get(file_format)
    if look is None:
        return ()
    try:
        return tuple(dict.fromkeys(look(region)))
    except struct.error:
        return (f"It ends before its header does: it was cut short. {_CUT}",)


def _qcow2(region: Region) -> Iterator[str]:
    head = region.read_at(0, 112)
    version, backing_at, backing_length, cluster_bits, cipher = struct.unpack_from(
        ">4xIQII8xI", head
    )
    if version not in {2, 3}:
        yield f"It is of version {version}, and only 2 and 3 are known here."
        return
    if backing_at:
        name = region.read_at(backing_at, min(backing_length, 1023)).decode("utf-8", "replace")
        shown = "".join(c for c in name if c.isprintable())[:200]
        yield (
            f"It has a backing file ({shown}): it is only the difference to another disk, which "
            f"would be read from the host that opens it. {_IF_TRUSTED}{_CONVERT_QCOW2}"
        )
    if cipher:
        yield (
            "It is encrypted, and nothing in a cloud has its key. Decrypt it first: qemu-img "
            "convert with --object secret."
        )
    l1_entries, l1_at, counts_at, counts_clusters = struct.unpack_from(">36xIQQI", head)
    ends = (l1_at + l1_entries * 8, counts_at + (counts_clusters << min(cluster_bits, 21)))
    if max(ends) > region.size:
        yield f"It ends before its own tables do: it was cut short. {_CUT}"
    if version == 3:  # noqa: PLR2004  # Version 2 has none of what follows.
        yield from _qcow2_features(head)


def _qcow2_features(head: bytes) -> Iterator[str]:
    """Snapshots and bitmaps are none of them: they do no harm, and a raw disk leaves them out."""
    features, length = struct.unpack_from(">72xQ20xI", head)
    if features & 0b10:
        yield "It is marked as corrupt. Repair it first: qemu-img check -f qcow2 -r all disk.qcow2."
    if features & 0b100:
        yield (
            "It keeps its data in another file, which would be read from the host that opens it. "
            f"{_IF_TRUSTED}{_CONVERT_QCOW2}"
        )
    if features & 0b10000:
        yield (
            "It uses extended L2 entries, which OpenStack does not take. Convert it first: "
            f"{_CONVERT_QCOW2}"
        )
    if features >> 5:
        yield (
            "It uses features that are not known here. Convert it with the program that made it: "
            f"{_CONVERT_QCOW2}"
        )
    if length > 104 and head[104] > 1:  # noqa: PLR2004  # The byte for the compression.
        yield f"It is compressed in a way that is not known here ({head[104]})."


def _vmdk(region: Region) -> Iterator[str]:
    magic, capacity, descriptor_at, descriptor_length = struct.unpack(
        "<4s8xQ8xQQ", region.read_at(0, 44)
    )
    if magic != b"KDMV":
        yield (
            "It is only the description of a VMDK, whose data is in other files. "
            f"{_IF_TRUSTED}{_CONVERT_VMDK}"
        )
        return
    if not capacity:
        yield "Its header gives it no size, which makes QEMU read other files that it names."
    length = min(descriptor_length * SECTOR, _LONGEST_DESCRIPTOR)
    text = region.read_at(descriptor_at * SECTOR, length).partition(b"\x00")[0]
    yield from _vmdk_descriptor(text.decode("utf-8", "replace"))


def _vmdk_descriptor(text: str) -> Iterator[str]:
    # QEMU searches case by case and anywhere in the text, oslo.utils in small letters and line by
    # line. Twice the same word could mean one thing to the one and another to the other.
    if len(re.findall(r"createtype", text, re.IGNORECASE)) != 1:
        yield "Its descriptor does not name exactly one type (createType)."
    parent = re.search(r"parentCID\s*=\s*(\w+)", text, re.IGNORECASE)
    if "parentfilenamehint" in text.lower() or (parent and parent[1].lower() != "ffffffff"):
        yield (
            "It is only the difference to another disk (parentCID, parentFileNameHint). "
            "Consolidate the snapshots in VMware first, or export the machine as an OVA."
        )
    extents = re.findall(r"^\s*(?:RW|RDONLY|NOACCESS)\s.*$", text, re.IGNORECASE | re.MULTILINE)
    if len(extents) != 1:
        yield f"It has {len(extents)} extents; a VMDK that is one file has one."
    for extent in extents:
        kind = (extent.split() + [""] * 3)[2].upper()
        if kind != "SPARSE" or "/" in extent or "\\" in extent:
            yield (
                f"Its extent is not inside it ({extent.strip()[:80]}). {_IF_TRUSTED}{_CONVERT_VMDK}"
            )


def _vdi(region: Region) -> Iterator[str]:
    head = region.read_at(0, 512)
    kind, data_at, block, used, link, parent = struct.unpack_from(
        "<76xI264xI28xI8xI32x16s16s", _padded(head)
    )
    if kind not in {1, 2} or any(link) or any(parent):
        yield (
            "It is only the difference to another disk. Clone the machine or the disk in "
            "VirtualBox first; a clone stands alone."
        )
    if data_at + used * block > region.size:
        yield (
            f"It names {readable(used * block)} of data and has {readable(region.size)} in all: "
            f"it was cut short. {_CUT}"
        )


def _vhd(region: Region) -> Iterator[str]:
    footer = region.read_at(region.size - SECTOR, SECTOR)
    if not has_vhd_footer(footer):
        yield f"It has no VHD footer at its end: it was cut short, or something follows it. {_CUT}"
        return
    at, size, kind = struct.unpack_from(">16xQ24xQ4xI", footer)
    if kind == 4:  # noqa: PLR2004  # 2 is fixed, 3 dynamic.
        yield (
            "It is only the difference to another disk. Merge it with its parent first: Merge-VHD "
            "or the disk wizard of Hyper-V."
        )
    elif kind == 2:  # noqa: PLR2004
        if size != region.size - SECTOR:
            yield (
                f"Its footer names {readable(size)}, and it has {readable(region.size - SECTOR)}: "
                f"it was cut short or grew. {_CUT}"
            )
    elif kind == 3:  # noqa: PLR2004
        yield from _dynamic_vhd(region, footer, at)
    else:
        yield f"It is a VHD of a kind that is not known here ({kind})."


def _dynamic_vhd(region: Region, footer: bytes, header_at: int) -> Iterator[str]:
    copy = region.read_at(0, SECTOR)
    if copy[16:24] + copy[40:64] != footer[16:24] + footer[40:64]:
        yield "Its footer and the copy at its beginning contradict each other."
    header = region.read_at(header_at, 1024)
    magic, table_at, count, block = struct.unpack_from(">8s8xQ4xII", _padded(header))
    if magic != b"cxsparse" or count > _MOST_BLOCKS:
        yield f"Its table of blocks is not where its footer says. {_CUT}"
        return
    table = array("I", region.read_at(table_at, 4 * count).ljust(4 * count, b"\xff"))
    if sys.byteorder == "little":
        table.byteswap()
    last = max((entry for entry in table if entry != _UNUSED_BLOCK), default=0)
    bitmap = -(-block // SECTOR // 8 // SECTOR) * SECTOR
    if table_at + 4 * count > region.size or last * SECTOR + bitmap + block > region.size:
        yield f"Its last block is beyond its end: it was cut short. {_CUT}"


def _vhdx(region: Region) -> Iterator[str]:
    table = region.read_at(_VHDX_REGIONS_AT, 64 << 10)
    entry = table.find(_VHDX_METADATA)
    if entry < 0:
        return  # oslo.utils has found nothing either, and says so.
    (metadata_at,) = struct.unpack_from("<Q", table, entry + 16)
    metadata = region.read_at(metadata_at, 64 << 10)
    item = metadata.find(_VHDX_PARAMETERS)
    if item < 0:
        return
    (parameters_at,) = struct.unpack_from("<I", metadata, item + 16)
    (flags,) = struct.unpack("<4xI", region.read_at(metadata_at + parameters_at, 8))
    if flags & _VHDX_HAS_PARENT:
        yield (
            "It is only the difference to another disk, as a checkpoint of Hyper-V is. Merge it "
            "with its parent first: Merge-VHD."
        )


def _padded(head: bytes) -> bytes:
    """Cut headers read as zeros; that they are cut is found by what they then lack."""
    return head.ljust(SECTOR, b"\x00")


_LOOKS: dict[str, Callable[[Region], Iterator[str]]] = {
    "qcow2": _qcow2,
    "vmdk": _vmdk,
    "vdi": _vdi,
    "vhd": _vhd,
    "vhdx": _vhdx,
}
