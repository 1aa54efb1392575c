# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Rules: encrypted memory."""

from __future__ import annotations

from ..reading import BOARD
from .boot import X86
from .conditions import (
    Rule,
    is_not,
    is_one_of,
    is_other_than,
    is_set,
    lacks,
    never,
)

_ON = is_one_of("true")
_STATELESS = ("amd-sev-snp", "intel-tdx")

MEMORY_RULES: tuple[Rule, ...] = (
    never(
        "memory-encryption-needs-uefi",
        when={"hw_mem_encryption": _ON, "hw_firmware_type": is_not("uefi")},
        because="Encrypted guests start by UEFI, and Nova refuses the server without it.",
        instead="Set hw_firmware_type to uefi.",
    ),
    never(
        "memory-encryption-needs-q35",
        when={"hw_mem_encryption": _ON, BOARD: lacks("q35")},
        unless={"hw_architecture": is_other_than(*X86)},
        because="Encrypted guests need a Q35 board, and Nova refuses the others.",
        instead="Set hw_machine_type to q35.",
    ),
    never(
        "memory-encryption-needs-x86",
        when={"hw_mem_encryption": _ON, "hw_architecture": is_other_than(*X86)},
        because="Nova encrypts memory with AMD's and Intel's processors only.",
        instead="Remove hw_mem_encryption.",
    ),
    never(
        "memory-encryption-model-needs-encryption",
        when={"hw_mem_encryption_model": is_set, "hw_mem_encryption": is_not("true")},
        because="Nova reads the model only where encryption is asked for.",
        instead="Set hw_mem_encryption to true, or remove hw_mem_encryption_model.",
    ),
    never(
        "memory-encryption-needs-stateless-firmware",
        when={
            "hw_mem_encryption": _ON,
            "hw_mem_encryption_model": is_one_of(*_STATELESS),
            "hw_firmware_stateless": is_not("true"),
        },
        because="With that technology Nova refuses firmware that keeps variables.",
        instead="Set hw_firmware_stateless to true.",
    ),
    never(
        "tdx-needs-no-video",
        when={
            "hw_mem_encryption": _ON,
            "hw_mem_encryption_model": is_one_of("intel-tdx"),
            "hw_video_model": is_not("none"),
        },
        because="Nova refuses a graphics card beside TDX.",
        instead="Set hw_video_model to none.",
    ),
)
