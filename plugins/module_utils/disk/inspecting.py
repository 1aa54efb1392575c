# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Judge a disk before any tool opens it: what it is by its content, and what speaks against it."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

from ..domain.disk import FORMATS, PLAIN_FORMATS, DiskWish, readable
from ..domain.disk_signs import (
    SECTOR,
    disk_of,
    has_vhd_footer,
    other_by_tail,
    other_than_disk,
    vhd_size,
)
from ..errors import MissingLibrary, RefusedDisk
from .faults import faults
from .region import PIECE, Region

# The floor is stated in meta/ee-requirements.txt; a test keeps this line equal to it.
REQUIREMENT = "oslo.utils >= 7.4.0"

try:
    from oslo_utils.imageutils import format_inspector

    # The youngest of what is used; who has it has all of it.
    _NEEDED = format_inspector.LUKSInspector
except (ImportError, AttributeError) as error:
    _missing: Exception | None = error
else:
    _missing = None

# As oslo.utils itself feeds its inspectors; some miss what comes in larger pieces.
_BITE = 4096
# The header of a VHDX may point this far for its metadata; programs put them into the first 4 MiB.
_FAR_ENOUGH = 16 << 20
# Findings of oslo.utils that faults.py puts into better words.
_SAID_BETTER = frozenset({"backing_file", "data_file", "unknown_features"})

# Where a task says what a disk is.
_THE_OPTION = "format (source_format of image_upload_raw)"

# What it finds is told by the module; without a handler it would also be written to its stderr.
logging.getLogger("oslo_utils").addHandler(logging.NullHandler())


def format_of(head: bytes, wish: DiskWish) -> str:
    """The format by the first bytes; refused is what is no disk, and what is not as declared.

    A fixed VHD looks like a raw disk from here: only its end shows what it is.
    """
    found = _recognised(head)
    name = next(iter(found - {"raw", "gpt", "iso"}), "iso" if "iso" in found else "raw")
    # An ISO that is also a disk for USB sticks is both.
    if wish.declared == "raw" and found == {"gpt", "iso"}:
        name = "raw"
    fixed_vhd = name == "raw" and wish.declared == "vhd"
    if wish.declared not in {None, name} and not fixed_vhd:
        raise RefusedDisk(contradiction(wish.declared, name))
    return name


def contradiction(declared: str | None, found: str) -> str:
    """What is said of a disk that is not what the task says."""
    return (
        f"It was said to be {declared}, and by its content it is {found}. If that is what it shall "
        f"be, correct {_THE_OPTION}; if not, it is not the file that it should be."
    )


def format_by_tail(file_format: str, region: Region, wish: DiskWish) -> str:
    """The format, with a look at the end of what looks like a plain disk from its beginning."""
    tail = region.read_at(region.size - SECTOR, SECTOR)
    if file_format not in PLAIN_FORMATS:
        return file_format
    if has_vhd_footer(tail) and wish.declared in {None, "vhd"}:
        return "vhd"
    require_plain_tail(tail, wish)
    return file_format


def require_plain_tail(tail: bytes, wish: DiskWish) -> None:
    """Refuse a plain disk that its last bytes show to be something else."""
    other = other_by_tail(tail)
    if other:
        raise RefusedDisk(f"By its last bytes it is {other}, and not the disk itself.")
    if wish.declared == "vhd":
        raise RefusedDisk(
            "It was said to be vhd, and has no footer of one: it is something else, or was cut "
            f"short. Correct {_THE_OPTION}, or fetch it again."
        )


def judge(file_format: str, region: Region, wish: DiskWish) -> int:
    """The virtual size that a disk announces; RefusedDisk with all reasons if there are any."""
    announced, findings = _inspected(file_format, region)
    ours = faults(file_format, region)
    reasons = [*ours, *(text for name, text in findings.items() if name not in _SAID_BETTER)]
    if announced > wish.max_virtual_size:
        reasons.append(too_large(announced, wish))
    reasons = reasons or list(findings.values())
    if reasons:
        raise RefusedDisk(" ".join(reasons), reasons=reasons)
    return announced


def too_large(size: int | None, wish: DiskWish) -> str:
    """What is said of a disk that is larger than it may be, by an unknown amount perhaps."""
    how = f"It is a disk of {readable(size)}" if size else "It goes on and on"
    return (
        f"{how}, and no more than {readable(wish.max_virtual_size)} are allowed here. If it is "
        "right, raise max_virtual_size."
    )


def _recognised(head: bytes) -> frozenset[str]:
    """The names, in the words of oslo.utils, of all that the first bytes match."""
    begin = disk_of(head)
    other = other_than_disk(head)
    if other and not begin:
        raise RefusedDisk(f"It is {other}, and no disk that can be read here.")
    found = _matches(head)
    if begin and begin not in found:
        raise RefusedDisk(
            f"It begins like a {begin} disk and is none: it was cut short, or is damaged."
        )
    special = found - {"raw", "gpt", "iso"}
    if len(special) > 1 or (special and found != special):
        raise RefusedDisk(
            f"It can be taken for several things: {', '.join(sorted(found))}. Programs that read "
            "it would not agree on what it holds."
        )
    if not special <= set(FORMATS):
        raise RefusedDisk(f"It is a {min(special)} disk, which no tool here may open.")
    return found


def _matches(head: bytes) -> frozenset[str]:
    wrapper = _inspectors().InspectWrapper(io.BytesIO(head))
    try:
        while wrapper.read(_BITE):
            pass
        wrapper.close()
        return frozenset(str(match) for match in wrapper.formats or ())
    except Exception as error:
        # It reads what anybody wrote: whatever it trips over is a reason to refuse.
        raise _not_understood(error) from error


def _inspected(file_format: str, region: Region) -> tuple[int, dict[str, str]]:
    """The virtual size that oslo.utils reads from a disk, and what it finds wrong with it."""
    if file_format == "vhd":
        # Of a fixed VHD it sees nothing, and of a dynamic one no more than this.
        footer = region.read_at(region.size - SECTOR, SECTOR)
        return vhd_size(footer) if has_vhd_footer(footer) else 0, {}
    inspector = _inspectors().get_inspector(file_format)()
    size = 0
    try:
        for bite in _bites(file_format, region):
            inspector.eat_chunk(bite)
        inspector.finish()
        size = int(inspector.virtual_size)
        inspector.safety_check()
    except format_inspector.SafetyCheckFailed as failed:
        return size, {
            name: f"It fails the check {name!r} of oslo.utils: {finding}."
            for name, finding in failed.failures.items()
        }
    except Exception as error:
        raise _not_understood(error) from error
    return size, {}


def _bites(file_format: str, region: Region) -> Iterator[bytes]:
    """What an inspector wants to see of a disk; reading all of it would take minutes."""
    if file_format == "vmdk" and region.size > 2 * PIECE:
        # Header and descriptor, and the footer that some have.
        yield from _bites("", region.part(0, PIECE))
        yield from _bites("", region.part(region.size - _BITE, _BITE))
        return
    for at in range(0, min(region.size, _FAR_ENOUGH), _BITE):
        yield region.read_at(at, _BITE)


def _not_understood(error: Exception) -> RefusedDisk:
    return RefusedDisk(f"It is damaged: its header cannot be understood ({error}).")


def _inspectors() -> Any:
    if _missing is not None:
        raise MissingLibrary(
            f"This needs {REQUIREMENT} in the Python that runs the module ({_missing}). Install it "
            "there, or point ansible_python_interpreter at a Python that has it."
        )
    return format_inspector
