# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""virtio: each kernel finds its disk on the buses that clouds have.

An initramfs made on another hypervisor may hold that hypervisor's drivers only. The settings that
it is made from are changed first, so that the next kernel's has them as well.

A Windows has drivers put in from the outside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ....errors import CheckFailed
from ..edits import Edit, PutDrivers, Write
from ..guest import Guest, encoded, text
from ..kernels import BUS, DRIVERS, Kernel, kernels
from ..making_initramfs import Maker, maker_of, making
from ..options import LocalFiles, Options
from ..windows_drivers import lacking

_INITRAMFS_TOOLS = "/etc/initramfs-tools/modules"
_DRACUT_CONF = "/etc/dracut.conf.d/90-virtio.conf"
# For any machine, as images for clouds have it: else it would be made for the one that makes it,
# which is libguestfs' own.
_DRACUT_LINES = 'hostonly="no"\nadd_drivers+=" {} "\n'
_MKINITCPIO = "/etc/mkinitcpio.conf"
_MKINITFS = "/etc/mkinitfs/mkinitfs.conf"
_MODULES_LINE = re.compile(r"^MODULES=[(\"']([^)\"']{0,2048})[)\"'][ \t]*$", re.MULTILINE)
_FEATURES_LINE = re.compile(r"^features=\"([^\"\n]*)\"", re.MULTILINE)


def understand(options: Options, files: LocalFiles) -> Callable[[Guest], Iterator[Edit]]:
    source = options.text("drivers")
    options.end()

    def plan(guest: Guest) -> Iterator[Edit]:
        if guest.system.type == "windows":
            if lacking(guest):
                yield PutDrivers(source=files.windows_drivers(source))
        else:
            yield from _for_linux(guest)

    return plan


def _for_linux(guest: Guest) -> Iterator[Edit]:
    found = kernels(guest)
    require(found)
    lacking = [kernel for kernel in found if kernel.initramfs and kernel.missing()]
    if not lacking:
        return
    match maker_of(guest):
        case Maker.INITRAMFS_TOOLS:
            yield from _for_initramfs_tools(guest, lacking)
        case Maker.DRACUT:
            yield from _for_dracut(guest, lacking)
        case Maker.MKINITCPIO:
            yield from _for_mkinitcpio(guest)
        case Maker.MKINITFS:
            yield from _for_mkinitfs(guest)
        case None:
            raise CheckFailed(
                f"The kernel {lacking[0].version} starts without "
                f"{', '.join(lacking[0].missing())}, and the guest has none of the programs that "
                "are known here to make an initramfs: update-initramfs, dracut, mkinitcpio, "
                "mkinitfs. Make it with the operation run, or give the image the hardware profile "
                "legacy-ide."
            )
    yield from making(guest, lacking)


def require(found: list[Kernel]) -> None:
    """See that there is a kernel that knows virtio at all."""
    if found and not any(kernel.has_virtio for kernel in found):
        versions = ", ".join(kernel.version for kernel in found)
        raise CheckFailed(
            f"No kernel of the guest ({versions}) has drivers for virtio. Install a newer one, or "
            "give the image the hardware profile legacy-ide."
        )


def _for_initramfs_tools(guest: Guest, lacking: list[Kernel]) -> Iterator[Edit]:
    old = text(guest, _INITRAMFS_TOOLS) or ""
    known = {line.split("#")[0].strip() for line in old.splitlines()}
    missing = [name for name in _wanted(lacking) if name not in known]
    if missing:
        begin = f"{old.rstrip()}\n" if old.strip() else ""
        content = begin + "".join(f"{name}\n" for name in missing)
        yield Write(path=_INITRAMFS_TOOLS, data=encoded(content))


def _for_dracut(guest: Guest, lacking: list[Kernel]) -> Iterator[Edit]:
    wanted = _DRACUT_LINES.format(" ".join(_wanted(lacking)))
    if text(guest, _DRACUT_CONF) != wanted:
        yield Write(path=_DRACUT_CONF, data=wanted.encode())


def _for_mkinitcpio(guest: Guest) -> Iterator[Edit]:
    old = text(guest, _MKINITCPIO) or ""
    match = _MODULES_LINE.search(old)
    words = match[1].split() if match else []
    words += [name for name in (BUS, *DRIVERS.values()) if name not in words]
    line = f"MODULES=({' '.join(words)})"
    new = _MODULES_LINE.sub(line, old, count=1) if match else f"{old}\n{line}\n"
    if new != old:
        yield Write(path=_MKINITCPIO, data=encoded(new))


def _for_mkinitfs(guest: Guest) -> Iterator[Edit]:
    old = text(guest, _MKINITFS) or ""
    match = _FEATURES_LINE.search(old)
    words = match[1].split() if match else ["base", "ext4"]
    words += [name for name in ("scsi", "virtio") if name not in words]
    line = f'features="{" ".join(words)}"'
    new = _FEATURES_LINE.sub(line, old, count=1) if match else f"{old}{line}\n"
    if new != old:
        yield Write(path=_MKINITFS, data=encoded(new))


def _wanted(lacking: list[Kernel]) -> list[str]:
    """All drivers that any of the kernels has as a module."""
    names = (BUS, *DRIVERS.values())
    return [name for name in names if any(name in kernel.modules for kernel in lacking)]
