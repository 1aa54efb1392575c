# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Rules: firmware, boards and architectures."""

from __future__ import annotations

from ..reading import BOARD, FIRMWARE
from .conditions import (
    Read,
    Rule,
    begins,
    complaint,
    is_missing,
    is_not,
    is_one_of,
    is_other_than,
    is_set,
    lacks,
    never,
)

_ARCHITECTURE = "hw_architecture"
X86 = ("x86_64", "i686")
# What QEMU and its distributors make UEFI firmware for, among the architectures that Nova knows.
_WITH_UEFI = (*X86, "aarch64", "armv7l")

# How the names of boards begin, and the architectures that have them.
_BOARDS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("pc", "q35", "isapc", "microvm", "xenfv", "xenpv"), X86),
    (("virt",), ("aarch64", "armv6", "armv7l", "armv7b")),
    (("pseries", "powernv"), ("ppc", "ppc64", "ppc64le")),
    (("s390",), ("s390", "s390x")),
)
_BOARD_BELONGS = "That board is none of this architecture, and Nova finds no host that has both."


def _board_of_another(read: Read) -> str | None:
    key = "hw_emulation_architecture" if read.get("hw_emulation_architecture") else _ARCHITECTURE
    board, architecture = read.get("hw_machine_type", ""), read.get(key)
    fitting = next((archs for names, archs in _BOARDS if board.startswith(names)), None)
    if architecture is None or fitting is None or architecture in fitting:
        return None
    instead = "Remove hw_machine_type to get the usual board, or name one of the architecture."
    return complaint(read, ("hw_machine_type", key), _BOARD_BELONGS, instead)


BOOT_RULES: tuple[Rule, ...] = (
    never(
        "secure-boot-needs-uefi",
        when={"os_secure_boot": is_one_of("required"), FIRMWARE: is_not("uefi")},
        because="Secure Boot is a part of UEFI, and with a BIOS Nova leaves it out in silence.",
        instead="Set hw_firmware_type to uefi, or remove os_secure_boot.",
    ),
    never(
        "secure-boot-needs-q35",
        when={
            "os_secure_boot": is_one_of("required"),
            FIRMWARE: is_one_of("uefi"),
            BOARD: lacks("q35"),
        },
        # A board of another architecture is another rule's business.
        unless={_ARCHITECTURE: is_other_than("x86_64"), BOARD: begins("virt")},
        because="On x86 only Q35 boards can protect the firmware, and Nova refuses the others.",
        instead="Set hw_machine_type to q35.",
    ),
    never(
        "uefi-needs-its-board",
        when={
            FIRMWARE: is_one_of("uefi"),
            BOARD: begins("isapc", "microvm", "xenpv", "pseries", "powernv", "s390"),
        },
        because="There is no UEFI firmware for that board.",
        instead="Remove hw_firmware_type, or choose another board with hw_machine_type.",
    ),
    never(
        "uefi-needs-its-architecture",
        when={FIRMWARE: is_one_of("uefi"), _ARCHITECTURE: is_other_than(*_WITH_UEFI)},
        # Else the rule above has said it.
        unless={BOARD: is_set},
        because="There is no UEFI firmware for that architecture.",
        instead="Remove hw_firmware_type.",
    ),
    never(
        "aarch64-needs-uefi",
        when={_ARCHITECTURE: is_one_of("aarch64"), "hw_firmware_type": is_one_of("bios")},
        unless={"hw_emulation_architecture": is_set},
        because="There is no BIOS for AArch64, which starts by UEFI.",
        instead="Remove hw_firmware_type, or set it to uefi.",
    ),
    never(
        "stateless-firmware-needs-uefi",
        when={"hw_firmware_stateless": is_one_of("true"), FIRMWARE: is_not("uefi")},
        because="Nova passes over it where the firmware is not UEFI.",
        instead="Set hw_firmware_type to uefi, or remove hw_firmware_stateless.",
    ),
    Rule(
        name="board-of-the-architecture",
        reason=_BOARD_BELONGS,
        concerns=("hw_machine_type", _ARCHITECTURE, "hw_emulation_architecture"),
        broken=_board_of_another,
    ),
    never(
        "command-line-needs-kernel",
        when={"os_command_line": is_set, "kernel_id": is_missing},
        because="Nova hands it to the kernel that kernel_id names, and to no other.",
        instead="Remove os_command_line, and set the command line in the guest's boot loader.",
    ),
)
