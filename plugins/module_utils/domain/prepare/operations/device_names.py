# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""device_names: disks by what they hold, not by where a hypervisor attached them.

/dev/sda1 is /dev/vda1 on another bus. A UUID is in the file system itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ..disk_names import FSTAB, DiskNames, is_by_place
from ..edits import Edit, Remove, Write
from ..guest import Guest, encoded, is_there, lines, text
from ..kernel_arguments import GRUB_DEFAULTS, Change, arguments, changed
from ..kernels import kernels
from ..making_initramfs import making
from ..options import LocalFiles, Options

CRYPTTAB = "/etc/crypttab"
# The map of drives of an old GRUB is made anew where it is missing.
_MAPS = ("/boot/grub/device.map", "/boot/grub2/device.map")
_NO_UUIDS = re.compile(r"^(?=GRUB_DISABLE_(?:LINUX_)?UUID=[\"']?true)", re.MULTILINE)
# Arguments of the kernel that name a disk.
_ARGUMENT = re.compile(r"(root|resume|swap)=(/dev/\S+)")
_OTHER_DISK = re.compile(r"/dev/(?:[shv]d|xvd)[b-z]\d*")
_WAITS_FOR_NOTHING = frozenset({"nofail", "noauto"})
_RESUME = "/etc/initramfs-tools/conf.d/resume"


def understand(options: Options, _files: LocalFiles) -> Callable[[Guest], Iterator[Edit]]:
    options.end()
    return plan


def plan(guest: Guest) -> Iterator[Edit]:
    """Every name of the first disk becomes a UUID."""
    names, embedded = DiskNames(guest), False
    for path, column in ((FSTAB, 0), (CRYPTTAB, 1)):
        old = text(guest, path)
        if old is not None:
            new = "".join(_line(names, line, column) for line in old.splitlines(keepends=True))
            if new != old:
                embedded = embedded or path == CRYPTTAB
                yield Write(path=path, data=encoded(new))
    old = text(guest, _RESUME)
    if old is not None:
        new = re.sub(
            r"^RESUME=(/dev/\S+)",
            lambda m: f"RESUME={names.lasting(m[1])}",
            old,
            flags=re.MULTILINE,
        )
        if new != old:
            embedded = True
            yield Write(path=_RESUME, data=encoded(new))
    yield from changed(guest, _change(names))
    yield from _defaults(guest)
    yield from (Remove(path=path) for path in _MAPS if is_there(guest, path))
    if embedded:
        # An initramfs has a copy. Those without virtio are made anew by the operation virtio.
        having = [one for one in kernels(guest) if one.initramfs and not one.missing()]
        yield from making(guest, having)


def moving_names(guest: Guest) -> list[str]:
    """The names that would not be found on another bus, each with its file; for a verdict."""
    found, names = [], DiskNames(guest)
    for path, column in ((FSTAB, 0), (CRYPTTAB, 1)):
        for line in (text(guest, path) or "").splitlines():
            field = _field(line, column)
            if field and names.file_system(field):
                found.append(f"{path} names {field}")
    found += [f"{one.path} names a disk by its place" for one in changed(guest, _change(names))]
    return list(dict.fromkeys(found))


def other_disks(guest: Guest) -> list[str]:
    """Names of disks that are not this one, and that the guest waits for."""
    return [
        field
        for line in lines(guest, FSTAB)
        if (field := _field(line, 0)) and _OTHER_DISK.fullmatch(field)
        if not _WAITS_FOR_NOTHING & set((_field(line, 3) or "").split(","))
    ]


def stuck(guest: Guest) -> list[str]:
    """Where a disk is named by its place, and nobody knows what is there."""
    names = DiskNames(guest)
    found = [
        f"{path} names {field}"
        for path, column in ((FSTAB, 0), (CRYPTTAB, 1))
        for line in (text(guest, path) or "").splitlines()
        if (field := _field(line, column)) and is_by_place(field)
        if names.file_system(field) is None
    ]
    change = _change(names)
    found += [
        f"A kernel is started with {word}"
        for words in arguments(guest)
        for word in words
        if (match := _ARGUMENT.fullmatch(word)) and is_by_place(match[2])
        if change.each(word, True) == word  # noqa: FBT003  # As Change calls it.
    ]
    return list(dict.fromkeys(found))


def _line(names: DiskNames, line: str, column: int) -> str:
    field = _field(line, column)
    new = names.lasting(field) if field else None
    if field is None or new == field:
        return line
    # Only the first of its kind in the line, and in its column.
    before = r"\s*" + r"\S+\s+" * column
    return re.sub(rf"^({before}){re.escape(field)}(?=\s|$)", lambda m: f"{m[1]}{new}", line)


def _field(line: str, column: int) -> str | None:
    fields = line.split()
    return fields[column] if len(fields) > column and not line.lstrip().startswith("#") else None


def _change(names: DiskNames) -> Change:
    def each(word: str, initramfs: bool) -> str:  # noqa: FBT001  # As Change calls it.
        match = _ARGUMENT.fullmatch(word)
        found = names.file_system(match[2]) if match else None
        if match is None or found is None:
            return word
        # Without an initramfs, the kernel finds partitions only, and knows no file systems.
        if not initramfs and match[1] == "root":
            return f"root=PARTUUID={found.partition_uuid}" if found.partition_uuid else word
        return f"{match[1]}=UUID={found.uuid}"

    return Change(each=each)


def _defaults(guest: Guest) -> Iterator[Write]:
    old = text(guest, GRUB_DEFAULTS)
    if old is not None:
        new = _NO_UUIDS.sub("#", old)
        if new != old:
            yield Write(path=GRUB_DEFAULTS, data=encoded(new))
