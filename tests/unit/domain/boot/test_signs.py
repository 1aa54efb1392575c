# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Consoles as guests really wrote them, and what is understood of each."""

from __future__ import annotations

import time

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.signs import (
    found_on,
    last_lines,
    plain,
    read_console,
)

SEABIOS = "\x1bc\x1b[?7l\x1b[2J\x1b[0mSeaBIOS (version 1.16.2-debian-1.16.2-1)\r\n"
NO_LOADER = (
    f"{SEABIOS}Booting from Hard Disk...\r\nBoot failed: not a bootable disk\r\n\r\n"
    "Booting from Floppy...\r\nBoot failed: could not read the boot disk\r\n\r\n"
    "No bootable device.\r\n"
)
NO_UEFI_LOADER = (
    'BdsDxe: failed to load Boot0001 "UEFI Misc Device" from PciRoot(0x0)/Pci(0x4,0x0): '
    "Not Found\r\n"
    "\r\n>>Start PXE over IPv4."
)
NO_DRIVER = (
    "Begin: Running /scripts/local-block ... done.\r\ndone.\r\n"
    "Gave up waiting for root file system device.  Common problems:\r\n"
    " - Boot args (cat /proc/cmdline)\r\n"
    "ALERT!  LABEL=cloudimg-rootfs does not exist.  Dropping to a shell!\r\n\r\n"
    "BusyBox v1.36.1 (Ubuntu 1:1.36.1-6ubuntu3) built-in shell (ash)\r\n(initramfs) "
)
DRACUT = (
    "[  191.2] dracut-initqueue[371]: Warning: dracut-initqueue: timeout, still waiting:\r\n"
    "[  191.3] dracut-initqueue[371]: Warning: Could not boot.\r\ndracut:/# "
)
PANIC = (
    '[    2.51] VFS: Cannot open root device "vda1" or unknown-block(0,0): error -6\n'
    "[    2.52] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\n"
)
OTHER_PANIC = "[    9.1] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100\n"
RESCUE = "error: no such device: 2f1c0d1e-9d6b.\r\nEntering rescue mode...\r\ngrub rescue> "
EMERGENCY = (
    "[\x1b[0;1;31mDEPEND\x1b[0m] Dependency failed for Local File Systems.\r\n"
    'You are in emergency mode. After logging in, type "journalctl -xb" to view\r\n'
)
LOGIN = "\r\nDebian GNU/Linux 12 boot-check ttyS0\r\n\r\nboot-check login: "
CLOUD_INIT = (
    "[   11.2] cloud-init[391]: Cloud-init v. 22.4.2 running 'init' at Sat, 21 Nov 2026\r\n"
)
FINISHED = (
    "[   21.0] cloud-init[512]: Cloud-init v. 22.4.2 finished at Sat, 21 Nov 2026 15:31:02 +0000."
    " Datasource DataSourceConfigDrive [net,ver=2][source=/dev/vdb].  Up 20.99 seconds\r\n"
)


@pytest.mark.parametrize(
    "text, told",
    [
        (NO_LOADER, "firmware finds no boot loader on the disk"),
        (NO_UEFI_LOADER, "UEFI firmware finds no boot loader"),
        (NO_DRIVER, "root disk, LABEL=cloudimg-rootfs: it has no driver for the bus"),
        (DRACUT, "does not find its root disk"),
        (PANIC, "cannot mount its root file system: it has no driver"),
        (OTHER_PANIC, "kernel panicked: Attempted to kill init! exitcode=0x00000100"),
        (RESCUE, "GRUB finds no system to start: no such device: 2f1c0d1e-9d6b"),
        ("\r\ngrub> ", "GRUB finds no configuration"),
        (EMERGENCY, "emergency mode"),
        (SEABIOS * 5, "restarts again and again"),
    ],
)
def test_what_ends_a_boot_is_told(text: str, told: str) -> None:
    """The cause is named as soon as it stands on the console."""
    reading = read_console(text)
    assert told in (reading.fatal or ""), reading
    assert not reading.up


@pytest.mark.parametrize(
    "text",
    [
        "",
        SEABIOS,
        f"{SEABIOS}Booting from Hard Disk...\r\nGRUB loading...\r\nWelcome to GRUB!\r\n",
        CLOUD_INIT,
        # A prompt comes early, and cloud-init goes on.
        CLOUD_INIT + LOGIN,
        # The words are there, but of something else.
        "[ 4.1] systemd[1]: Reached target emergency.target\r\n",
        "echo grub rescue> /dev/null",
    ],
)
def test_a_boot_that_goes_on_is_neither_up_nor_over(text: str) -> None:
    """Nothing is concluded while more is to come."""
    reading = read_console(text)
    assert (reading.up, reading.fatal) == (False, None)


@pytest.mark.parametrize("text", [LOGIN, CLOUD_INIT + FINISHED, CLOUD_INIT + LOGIN + FINISHED])
def test_a_guest_that_is_up(text: str) -> None:
    """A login prompt tells it, and the end of cloud-init where there is one."""
    assert read_console(text).up


@pytest.mark.parametrize(
    "text, hint",
    [
        (
            "ci-info: no authorized SSH keys fingerprints found for user debian.\r\n",
            "cloud-init found no key for the user debian",
        ),
        (FINISHED.replace("DataSourceConfigDrive", "DataSourceNone"), "no data from the cloud"),
        ("[FAILED] Failed to start cloud-init.service - Cloud-init.\r\n", "failed"),
        ("udhcpc: no lease, failing\r\n", "nobody answered its DHCP"),
        ("[FAILED] Failed to start ssh.service - OpenBSD Secure Shell server.\r\n", "failed"),
        ("[ 1.2] I/O error, dev vda, sector 2048\r\n", "reading its disk vda failed"),
    ],
)
def test_hints_explain_what_is_missing(text: str, hint: str) -> None:
    """What is no end by itself is kept, for the message of what failed later."""
    reading = read_console(text)
    assert reading.fatal is None
    assert hint in "; ".join(reading.hints)


def test_a_console_that_floods_is_read_at_its_end() -> None:
    """However much there is, the end is what counts."""
    assert read_console("x" * 80 + "\n" * 1_000_000 + LOGIN).up


def test_consoles_become_text() -> None:
    """Without colours, cursors and what no terminal shows."""
    assert plain(f"{SEABIOS}\x1b[1;31mred\x1b[0m\x00\x07\r\n").endswith(
        "SeaBIOS (version 1.16.2-debian-1.16.2-1)\nred\n"
    )
    assert last_lines("".join(f"{n}\r\n\r\n" for n in range(100)), lines=2) == "98\n99"
    assert len(last_lines("y" * 100_000)) <= 4000
    assert found_on(r"^\w+ login:", LOGIN.replace("boot-check", "office")) == "office login:"
    assert found_on("nothing of it", LOGIN) is None


@pytest.mark.parametrize(
    "words",
    [
        "A start job is running for Network",
        "A start job is running for Network (",
        "error: x\n",
        "error: grub rescue\n",
        "ALERT!\n",
        "[FAILED] Failed to start cloud-init ",
        "[] ",
        "cloud-init[1]: ERROR ",
        "dracut-initqueue ",
        "Warning: /dev/x",
        "Booting from Hard Disk...\n\n",
        "XFS (",
        "\x1b]",
        "\x1b[0;",
        "Initramfs unpacking failed: \n",
        "Cloud-init v. ",
        "x.login",
        "\n",
    ],
)
def test_a_guest_cannot_keep_us_reading(words: str) -> None:
    """However a console is made, it is read in a moment: by far less than this even if busy."""
    text = words * ((256 << 10) // len(words))
    began = time.process_time()
    read_console(text)
    found_on(r"Cloud.*init.*finished", text)
    assert time.process_time() - began < 3


def test_the_error_before_the_rescue_prompt() -> None:
    """The last one is why GRUB stopped; what other programs call so before does not count."""
    text = "error: early and harmless.\nWelcome to GRUB!\nerror: no such partition.\nabc\n"
    told = read_console(f"{text}Entering rescue mode...\ngrub rescue> ls\nerror: later\n").fatal
    assert told == "GRUB finds no system to start: no such partition"
    assert read_console("grub rescue> ").fatal == (
        "GRUB finds no system to start, and waits at its rescue prompt"
    )
