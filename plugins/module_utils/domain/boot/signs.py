# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What a guest's console says of its boot, long before any time is over.

The tables know the words of firmware, boot loaders, kernels, initramfs and systemd. Some end the
check at once: after them, nothing comes without a person at the keyboard. Others only explain, if
something is missing in the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# So much of the end is looked at: a console that floods is not read again and again.
_READ_AT_MOST = 256 << 10
# So much of each line: no pattern takes long on lines of this length, whatever a guest writes.
_LONGEST_LINE = 500
# Colours and cursor movements, and other sequences of terminals.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_a-z])")
_UNSHOWN = re.compile(r"[^\t\n -~\u00a0-\U0010ffff]")
# The firmware's own first words; more often than a first boot needs, it is a loop.
_FIRMWARE = re.compile(r"^SeaBIOS \(version|^UEFI firmware|^BdsDxe: loading Boot", re.MULTILINE)
_TOO_MANY_STARTS = 5
_LONGEST_QUOTE = 160


@dataclass(frozen=True, slots=True)
class Sign:
    """Words on a console, and what they mean; {0} stands for what was found in parentheses."""

    pattern: re.Pattern[str]
    told: str


def _sign(pattern: str, told: str) -> Sign:
    return Sign(re.compile(pattern, re.MULTILINE), told)


# The cause before what follows from it: of several, the first is told.
FATAL: tuple[Sign, ...] = (
    _sign(
        r"^(?:Boot failed: not a bootable disk|No bootable device\.|Operating System not found"
        r"|Missing operating system|Non-System disk or disk error|Invalid partition table)",
        "The firmware finds no boot loader on the disk",
    ),
    _sign(
        r"^BdsDxe: No bootable option or device was found|^>>Start PXE over IPv4"
        r"|^UEFI Interactive Shell",
        "The UEFI firmware finds no boot loader on the disk",
    ),
    _sign(
        r"^ALERT!\s+(\S+) does not exist",
        "The kernel does not find its root disk, {0}: it has no driver for the bus of the disk, or "
        "the name is wrong",
    ),
    _sign(
        r"dracut-initqueue.*(?:Could not boot|timed? ?out)"
        r"|^(?:\[.*\] )?Warning: (/dev/\S+) does not exist",
        "The kernel does not find its root disk{0}: it has no driver for the bus of the disk, or "
        "the name is wrong",
    ),
    _sign(
        r"Kernel panic - not syncing: (?:VFS: )?Unable to mount root fs.*$",
        "The kernel cannot mount its root file system: it has no driver for the bus of the disk, "
        "or no initramfs",
    ),
    _sign(r"Kernel panic - not syncing: (.+)\n", "The kernel panicked: {0}"),
    # Of its errors, the last: none of the lines between is read for an earlier one again.
    _sign(
        r"^error: (.+)\n(?:(?!error: ).*\n)*?grub rescue> ?",
        "GRUB finds no system to start: {0}",
    ),
    _sign(r"^grub rescue> ?", "GRUB finds no system to start, and waits at its rescue prompt"),
    _sign(r"^grub> ?", "GRUB finds no configuration, and waits at its prompt"),
    _sign(r"^\(initramfs\) ?|^dracut:/# ?", "The initramfs gave up, and waits at its prompt"),
    _sign(
        r"You are in (emergency|rescue) mode|^(?:\S+ )?Entering (emergency) mode"
        r"|Give root password for maintenance",
        "The guest stopped in emergency mode, and waits for a person",
    ),
    _sign(r"Display all menu entries|^FATAL: No bootable medium", "No system was found to start"),
)

HINTS: tuple[Sign, ...] = (
    _sign(
        r"no authorized SSH keys fingerprints found for user (\S+?)\.?$",
        "cloud-init found no key for the user {0}",
    ),
    _sign(r"DataSourceNone", "cloud-init found no data from the cloud"),
    _sign(r"url_helper\.py\[WARNING\]: Calling '(\S+)' failed", "cloud-init got no answer at {0}"),
    _sign(r"Failed to start (.*cloud-init.*)$", "{0} failed"),
    _sign(r"cloud-init\[\d+\]: .*(?:ERROR|CRITICAL|Traceback)(.*)$", "cloud-init had an error{0}"),
    _sign(r"Failed to start (.*(?:[Nn]etwork|DHCP|dhclient).*)$", "{0} failed"),
    _sign(r"A start job is running for ([^(\n]*[Nn]etwork[^(\n]*) \(", "it waits for: {0}"),
    _sign(r"^No DHCPOFFERS received|udhcpc: no lease, failing", "nobody answered its DHCP"),
    _sign(r"Failed to start (.*OpenSSH.*|.*[Ss]ecure [Ss]hell.*|sshd.*)$", "{0} failed"),
    _sign(r"^Out of memory: |oom-kill:|^error: out of memory", "it ran out of memory"),
    _sign(r"Initramfs unpacking failed: (.+)$", "its initramfs could not be unpacked: {0}"),
    _sign(r"I/O error, dev (\w+)", "reading its disk {0} failed"),
    _sign(r"EXT4-fs error|XFS \(.*\): Corruption|BTRFS critical", "its file system is damaged"),
    _sign(r"No space left on device", "its disk is full"),
    _sign(
        r"^Booting from Hard Disk\.\.\.\s*\Z", "nothing came after the firmware started the disk"
    ),
)

_LOGIN = re.compile(r"^[\w.-]{1,64} login: ?", re.MULTILINE)
_CLOUD_INIT = re.compile(r"cloud-init\[\d+\]:|^Cloud-init v\.", re.MULTILINE)
_CLOUD_INIT_ENDED = re.compile(r"Cloud-init v\. .* finished at ", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was understood of a console."""

    # Whether anything was written at all.
    begun: bool = False
    # Whether the guest says that it is through with its boot.
    up: bool = False
    fatal: str | None = None
    hints: tuple[str, ...] = ()


def read_console(text: str) -> Reading:
    """Understand what is on a console by now."""
    shown = _read(text)
    speaks, ended = _CLOUD_INIT.search(shown), _CLOUD_INIT_ENDED.search(shown)
    prompt = _LOGIN.search(shown)
    return Reading(
        begun=bool(shown.strip()),
        # A prompt comes while cloud-init is still at work, and its end also without a prompt.
        up=bool(ended or (prompt and not speaks)),
        fatal=_first(FATAL, shown) or _loop(shown),
        hints=tuple(dict.fromkeys(found for sign in HINTS if (found := _found(sign, shown)))),
    )


def plain(text: str) -> str:
    """A console as text: without what moves cursors, and with one kind of line."""
    lines = _ESCAPES.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return _UNSHOWN.sub("", lines)


def last_lines(text: str, *, lines: int = 40, characters: int = 4000) -> str:
    """The end of a console, as much of it as a result bears."""
    shown = [line.rstrip() for line in plain(text[-16 * characters :]).splitlines()]
    kept = [line for line in shown if line][-lines:]
    return "\n".join(kept)[-characters:]


def found_on(pattern: str, text: str) -> str | None:
    """What a regular expression of the user's finds on a console."""
    found = re.search(pattern, _read(text), re.MULTILINE)
    return found[0][:_LONGEST_QUOTE] if found else None


def _read(text: str) -> str:
    """So much of a console as is looked at."""
    lines = plain(text[-_READ_AT_MOST:]).split("\n")
    return "\n".join(line[:_LONGEST_LINE] for line in lines)


def _first(signs: tuple[Sign, ...], text: str) -> str | None:
    for sign in signs:
        if told := _found(sign, text):
            return told
    return None


def _found(sign: Sign, text: str) -> str | None:
    found = sign.pattern.search(text)
    if not found:
        return None
    quoted = next((group for group in found.groups() if group), "").strip()
    told = sign.told.replace("{0}", quoted[:_LONGEST_QUOTE].rstrip(". "))
    return told.rstrip()


def _loop(text: str) -> str | None:
    starts = len(_FIRMWARE.findall(text))
    if starts < _TOO_MANY_STARTS:
        return None
    return f"The guest restarts again and again: the firmware began {starts} times"
