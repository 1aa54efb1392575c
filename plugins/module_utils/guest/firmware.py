# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""UEFI firmware for guests, found as QEMU's distributors describe it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from ..errors import MissingTool

# What comes first wins over a file of the same name behind it.
_FOLDERS = (Path("/etc/qemu/firmware"), Path("/usr/share/qemu/firmware"))
_BOARDS = {"pc": "pc-i440fx-7.2", "q35": "pc-q35-7.2"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Firmware:
    """The code, and variables of this guest's own."""

    code: Path
    variables: Path
    # Some firmware protects its variables, for which the board has to help.
    needs_smm: bool


def uefi_for(board: str, *, secure_boot: bool, folder: Path) -> Firmware:
    """UEFI for a board, with a copy of its variables."""
    for described in _described():
        features = described.get("features", ())
        if "enrolled-keys" in features and not secure_boot:
            continue
        if secure_boot and not {"secure-boot", "enrolled-keys"} <= set(features):
            continue
        if "uefi" in described.get("interface-types", ()) and _is_for(described, board):
            mapping = described.get("mapping", {})
            with suppress(KeyError, OSError):
                code = Path(mapping["executable"]["filename"])
                template = Path(mapping["nvram-template"]["filename"])
                if mapping["executable"]["format"] == mapping["nvram-template"]["format"] == "raw":
                    variables = Path(shutil.copyfile(template, folder / "variables.fd"))
                    return Firmware(
                        code=code, variables=variables, needs_smm="requires-smm" in features
                    )
    kind = "UEFI firmware with Secure Boot" if secure_boot else "UEFI firmware"
    raise MissingTool(
        f"There is no {kind} for the board {board} on the host that runs the module. Install ovmf "
        "(Debian, Ubuntu), edk2-ovmf (Red Hat) or qemu-ovmf-x86_64 (SUSE)."
    )


def _described() -> Iterator[dict[str, Any]]:
    files: dict[str, Path] = {}
    for folder in _FOLDERS:
        for path in folder.glob("*.json"):
            files.setdefault(path.name, path)
    for name in sorted(files):
        # One that cannot be read, or is none, describes nothing.
        with suppress(OSError, ValueError):
            described = json.loads(files[name].read_text())
            if isinstance(described, dict):
                yield described


def _is_for(described: dict[str, Any], board: str) -> bool:
    return any(
        target.get("architecture") == "x86_64"
        and any(fnmatch(_BOARDS[board], pattern) for pattern in target.get("machines", ()))
        for target in described.get("targets", ())
    )
