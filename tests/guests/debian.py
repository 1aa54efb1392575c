# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Disks of Debian guests, each made of one root file system in less than a minute."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from guests.debian_root import packages, root_file_system
from guests.partitioned import write_disk
from guests.store import HERE, fingerprint, kept, ran

USER = "debian"
LABEL = "debian-root"
_SCRIPTS = HERE / "debian"
_MADE_BY = (
    *(HERE / name for name in ("debian.py", "partitioned.py", "grub.py")),
    *(_SCRIPTS / name for name in ("install", "finish")),
)


def debian_guest() -> Path:
    """A Debian as it is made for clouds: cloud-init, systemd-networkd, ssh; about 400 MB."""
    script = _SCRIPTS / "for-clouds"
    groups = ("networkd", "cloud-init")
    return debian_disk("debian", groups, lambda tree: _run(script, tree), made_by=[script])


def debian_disk(
    name: str,
    groups: Sequence[str],
    change: Callable[[Path], None],
    *,
    made_by: Sequence[Path],
) -> Path:
    """A disk with these groups of packages, a qcow2; `change` has its root file system at last."""
    root = root_file_system()

    def build(folder: Path) -> None:
        with tempfile.TemporaryDirectory(dir=folder) as work:
            tree = Path(work, "tree")
            tree.mkdir()
            ran("tar", "--extract", "--zstd", "--file", root, "--directory", tree)
            # Several groups may need the same.
            files = {path.name: path for group in groups for path in packages(group)}
            _run(_SCRIPTS / "install", tree, *files.values())
            _run(_SCRIPTS / "finish", tree, LABEL)
            change(tree)
            disk = Path(work, "disk.raw")
            write_disk(disk, tree, LABEL)
            ran("qemu-img", "convert", "-O", "qcow2", disk, folder / "disk.qcow2")
            # The tree has links of its own, which must not be followed when it is removed.
            shutil.rmtree(tree)

    mark = fingerprint([*_MADE_BY, *made_by], root.parent.name, *groups)
    return kept(f"{name}-{mark}", build) / "disk.qcow2"


def _run(script: Path, tree: Path, *words: str | Path) -> None:
    ran(script, tree, *words)
