# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Drivers of virtio: where they are missing, which tool puts them in, and when none can."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.edits import Run
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.inspecting import judge
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.kernels import kernels
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.overlay import Overlay
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.table import understand
from ansible_collections.curator.glance.plugins.module_utils.errors import CheckFailed

from support.paper_guest import Files, PaperGuest, content, done

VIRTIO = ("virtio_pci", "virtio_blk", "virtio_scsi", "virtio_net")
DEP = "".join(f"kernel/drivers/{name}.ko.xz: kernel/virtio.ko\n" for name in VIRTIO)
ALL = frozenset(VIRTIO)


def _guest(
    tool: Mapping[str, str], initramfs: str, found: frozenset[str] | None, **more: Any
) -> PaperGuest:
    version = more.get("version", "6.1.0-1-amd64")
    files = {
        f"/lib/modules/{version}/modules.dep": more.get("dep", DEP),
        f"/lib/modules/{version}/modules.builtin": more.get("builtin", ""),
        initramfs: "…",
        **tool,
    }
    return PaperGuest(files, initramfs={initramfs: found})


def _commands(guest: PaperGuest) -> list[tuple[str, ...]]:
    (operation,) = understand(["virtio"], Files())
    return [edit.command for edit in operation.plan(Overlay(guest)) if isinstance(edit, Run)]


def test_initramfs_tools() -> None:
    """The modules are listed for every later initramfs, and this one is made."""
    guest = _guest(
        {"/usr/sbin/update-initramfs": "", "/etc/initramfs-tools/modules": "# own\nvirtio_net\n"},
        "/boot/initrd.img-6.1.0-1-amd64",
        frozenset({"ata_piix"}),
    )
    after, carried = done(guest, "virtio")
    assert carried.changed
    assert content(after, "/etc/initramfs-tools/modules") == (
        "# own\nvirtio_net\nvirtio_pci\nvirtio_blk\nvirtio_scsi\n"
    )
    assert _commands(guest) == [("/usr/sbin/update-initramfs", "-u", "-k", "6.1.0-1-amd64")]


def test_dracut() -> None:
    """A file of settings of our own, and the initramfs where the kernel looks for it."""
    initramfs = "/boot/initramfs-5.14.0-1.el9.x86_64.img"
    guest = _guest({"/usr/bin/dracut": ""}, initramfs, frozenset(), version="5.14.0-1.el9.x86_64")
    after, _carried = done(guest, "virtio")
    assert content(after, "/etc/dracut.conf.d/90-virtio.conf") == (
        'hostonly="no"\nadd_drivers+=" virtio_pci virtio_blk virtio_scsi virtio_net "\n'
    )
    assert _commands(guest) == [("dracut", "--force", initramfs, "5.14.0-1.el9.x86_64")]


def test_mkinitcpio() -> None:
    """Modules that are wanted already stay in front."""
    guest = _guest(
        {"/usr/bin/mkinitcpio": "", "/etc/mkinitcpio.conf": "MODULES=(ext4)\nHOOKS=(base)\n"},
        "/boot/initramfs-linux.img",
        frozenset(),
        version="6.9.1-arch1-1",
    )
    after, _carried = done(guest, "virtio")
    assert (content(after, "/etc/mkinitcpio.conf") or "").startswith(
        "MODULES=(ext4 virtio_pci virtio_blk virtio_scsi virtio_net)\nHOOKS"
    )


def test_mkinitfs() -> None:
    """Alpine's knows features, not modules."""
    guest = _guest(
        {"/sbin/mkinitfs": "", "/etc/mkinitfs/mkinitfs.conf": 'features="ata base ext4"\n'},
        "/boot/initramfs-lts",
        frozenset(),
        version="6.6.1-0-lts",
    )
    after, _carried = done(guest, "virtio")
    assert content(after, "/etc/mkinitfs/mkinitfs.conf") == 'features="ata base ext4 scsi virtio"\n'
    assert _commands(guest) == [("/sbin/mkinitfs", "6.6.1-0-lts")]


@pytest.mark.parametrize(
    "found, builtin",
    [
        (ALL, ""),
        (frozenset(), DEP.replace(": kernel/virtio.ko", "")),
        # What cannot be unpacked here may be as it should be.
        (None, ""),
    ],
)
def test_nothing_to_do(found: frozenset[str] | None, builtin: str) -> None:
    """Drivers in the initramfs or in the kernel itself are all that it takes."""
    guest = _guest({}, "/boot/initrd.img-6.1.0-1-amd64", found, builtin=builtin)
    _after, carried = done(guest, "virtio")
    assert not carried.changed


def test_no_drivers_at_all() -> None:
    """A kernel from before virtio cannot be helped, and what can be done is said."""
    guest = _guest({}, "/boot/initrd.img-2.6", frozenset(), version="2.6", dep="kernel/ide.ko:\n")
    with pytest.raises(CheckFailed, match="legacy-ide"):
        done(guest, "virtio")


def test_no_tool() -> None:
    """Without a program that makes an initramfs there is none."""
    guest = _guest({}, "/boot/initrd.img-6.1.0-1-amd64", frozenset())
    with pytest.raises(CheckFailed, match="update-initramfs, dracut"):
        done(guest, "virtio")


def test_told() -> None:
    """Each kernel with what it starts with; a removed kernel's folder is none."""
    guest = _guest({}, "/boot/initrd.img-6.1.0-1-amd64", frozenset({"virtio_pci", "virtio_blk"}))
    guest.files["/lib/modules/5.10/extra"] = ""
    assert [kernel.as_result() for kernel in kernels(guest)] == [
        {
            "version": "6.1.0-1-amd64",
            "initramfs": "/boot/initrd.img-6.1.0-1-amd64",
            "has_virtio": True,
            "virtio": {"blk": True, "scsi": False, "net": False},
        }
    ]


def test_built_in_is_known() -> None:
    """What is in the kernel is there, whatever packed the initramfs; a disk needs its bus."""
    initramfs = "/boot/initrd.img-6.1.0-1-amd64"
    builtin = "kernel/virtio_blk.ko\nkernel/virtio_pci.ko\n"
    (told,) = kernels(_guest({}, initramfs, None, builtin=builtin))
    assert told.as_result()["virtio"] == {"blk": True, "scsi": None, "net": None}
    (told,) = kernels(_guest({}, initramfs, frozenset({"virtio_blk"})))
    assert told.as_result()["virtio"]["blk"] is False


@pytest.mark.parametrize(
    "found, more, said",
    [
        (None, {}, "cannot be unpacked here"),
        (ALL, {}, None),
        (frozenset(), {"builtin": "kernel/virtio_blk.ko\nkernel/virtio_pci.ko\n"}, None),
    ],
)
def test_kernels_that_nobody_can_rely_on(
    found: frozenset[str] | None, more: dict[str, str], said: str | None
) -> None:
    """Of what is not known there is a warning, and of no other."""
    guest = _guest({}, "/boot/initrd.img-6.1.0-1-amd64", found, **more)
    warned = [one for one in judge(guest)["warnings"] if "6.1.0-1-amd64" in one]
    assert bool(warned) == bool(said)
    assert said is None or said in warned[0]


def test_each_kernel_counts() -> None:
    """One that knows virtio does not speak for another that does not, or has no initramfs."""
    guest = _guest({}, "/boot/initrd.img-6.1.0-1-amd64", ALL)
    guest.files["/lib/modules/6.9/modules.dep"] = "kernel/ide.ko:\n"
    guest.files["/lib/modules/6.5/modules.dep"] = DEP
    verdict = judge(guest)
    assert "virtio" not in verdict["needs"]
    about = [one for one in verdict["warnings"] if "6.9" in one or "6.5" in one]
    assert "initramfs" in about[0]
    assert "no drivers" in about[1]
    assert [one["virtio"]["blk"] for one in verdict["kernels"]] == [True, False, False]


def test_several_kernels_of_arch() -> None:
    """Each has its own, by the name of its package; of others, nobody knows."""
    files = {
        f"/usr/lib/modules/{version}/{name}": content
        for version, package in (("6.6.8-arch1-1", "linux"), ("6.6.8-1-lts", "linux-lts"))
        for name, content in (("modules.dep", DEP), ("pkgbase", f"{package}\n"))
    }
    files["/usr/lib/modules/6.5.0-own/modules.dep"] = DEP
    initramfs = {
        "/boot/initramfs-linux.img": ALL,
        "/boot/initramfs-linux-lts.img": frozenset[str](),
    }
    guest = PaperGuest({**files, **dict.fromkeys(initramfs, "…")}, initramfs=initramfs)
    assert {kernel.version: kernel.initramfs for kernel in kernels(guest)} == {
        "6.5.0-own": None,
        "6.6.8-arch1-1": "/boot/initramfs-linux.img",
        "6.6.8-1-lts": "/boot/initramfs-linux-lts.img",
    }
    assert [kernel.version for kernel in kernels(guest) if kernel.missing()] == [
        "6.5.0-own",
        "6.6.8-1-lts",
    ]
