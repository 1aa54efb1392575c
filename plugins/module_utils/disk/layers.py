# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A layer over a disk: what is written goes there, and the disk below it stays as it is.

The disk below is the open file that was judged, whatever its name has come to stand for: QEMU
opens it through this process.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from ..errors import NoSpace, RefusedDisk
from ..progress import Progress
from . import tools

_PERCENT = re.compile(rb"\(([\d.]+)/100%\)")
_NO_ROOM = "No space left on device"
# What a qcow2 has beside the data of the disk.
_SHARE_OF_TABLES = 6
_LEAST_TABLES = 16 << 20


def put_layer(path: Path, node: str, number: int) -> None:
    """An empty layer, in a new file, over a disk that was handed over."""
    below = node.replace(f"/dev/fd/{number}", f"/proc/{os.getpid()}/fd/{number}")
    driver = json.loads(below.removeprefix("json:"))["driver"]
    create = ["qemu-img", "create", "-q", "-f", "qcow2", "-F", driver, "-b", below, str(path)]
    tools.ask(create, limits=tools.Limits(cpu_seconds=60, output_bytes=_LEAST_TABLES))


def data_size(path: Path) -> int:
    """How many bytes of the disk are more than zeros, while a guest may be writing."""
    # Of a raw copy it would tell the size of the disk.
    question = ["qemu-img", "measure", "-U", "--output", "json", "-f", "qcow2", "-O", "qcow2"]
    return int(json.loads(tools.ask([*question, str(path)]))["required"])


def is_compressed(node: str, number: int) -> bool:
    """Whether most of a qcow2 is compressed."""
    try:
        said = tools.ask(["qemu-img", "check", "--output", "json", node], files=[number])
    except tools.ToolFailed:
        return False
    told = json.loads(said)
    return 2 * int(told.get("compressed-clusters", 0)) > int(told.get("allocated-clusters", 0))


def flatten(
    layer: Path,
    target: Path,
    *,
    disk_format: str,
    compressed: bool,
    size: int,
    virtual_size: int,
    progress: Progress,
) -> None:
    """The layer and what is below it as one file, of which the first `size` bytes are kept."""
    largest = size + (size >> _SHARE_OF_TABLES) + _LEAST_TABLES
    limits = tools.Limits(cpu_seconds=120 + 100 * (size >> 30), output_bytes=largest)
    source = str(layer)
    if size != virtual_size:
        node = {"driver": "qcow2", "file": {"driver": "file", "filename": source}}
        source = f"json:{json.dumps({'driver': 'raw', 'size': size, 'file': node})}"
    packing = ["-c"] if compressed and disk_format == "qcow2" else []
    command = ["qemu-img", "convert", "-p", *packing, "-O", disk_format, source, str(target)]
    progress.stage("write the disk", size)
    done = 0
    try:
        for through in _percents(command, limits, size):
            progress.moved(through - done)
            done = through
    except tools.ToolFailed as failure:
        if _NO_ROOM in str(failure):
            raise NoSpace(
                f"The prepared disk does not fit into {target.parent.parent}. Make room there, or "
                "name another output."
            ) from failure
        raise RefusedDisk(f"The prepared disk cannot be written: {failure}.") from failure


def _percents(command: list[str], limits: tools.Limits, size: int) -> Iterator[int]:
    for said in tools.run(command, limits):
        for percent in _PERCENT.findall(said):
            yield int(size * float(percent) / 100)
