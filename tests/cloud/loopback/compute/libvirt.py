# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A libvirtd of the cloud's own, whose guests QEMU emulates.

It neither sees nor touches the machine's own libvirt, nor that of another cloud, see apart.py.
"""

from __future__ import annotations

import os
from pathlib import Path

from loopback import files, system
from loopback.compute import apart
from loopback.compute.mariadb import program
from loopback.compute.places import Places
from loopback.daemon import Daemon
from loopback.processes import Kept

NAME = "libvirtd"
_TEMPLATES = Path(__file__).resolve().parent / "templates"
# Where libvirt keeps things, by what we call them.
_PLACES = {
    "etc": "/etc/libvirt",
    "run": "/run/libvirt",
    "lib": "/var/lib/libvirt",
    "log": "/var/log/libvirt",
    "cache": "/var/cache/libvirt",
}
_USER = "libvirt-qemu"
_MODULES = ("libvirt", "libvirtmod", "libvirt_qemu", "libvirtmod_qemu")


def bring_up(places: Places, python: Path) -> bool:
    """Make it run, in a world that this Python makes; says whether there was anything to do."""
    for name in _PLACES:
        (places.libvirt / name).mkdir(parents=True, exist_ok=True)
    # It insists that this user and these groups exist, whoever its guests then run as.
    _add_to("passwd", f"{_USER}:x:64055:64055::/nonexistent:/usr/sbin/nologin", places)
    _add_to("group", f"{_USER}:x:64055:\nkvm:x:64056:", places)
    system.link_bindings(places.bindings, *_MODULES)
    return _daemon(places, python).bring_up()


def _add_to(name: str, lines: str, places: Places) -> None:
    """Let libvirtd see a file of /etc with these lines, where it has no such names."""
    text = Path("/etc", name).read_text()
    known = {line.partition(":")[0] for line in text.splitlines()}
    more = [line for line in lines.splitlines() if line.partition(":")[0] not in known]
    files.write(places.libvirt / name, "\n".join([text.rstrip("\n"), *more]) + "\n")


def uri(places: Places, seen_from: Path | None = None) -> str:
    """Its address for clients, which may be relative to the folder that they work in."""
    path = str(_socket(places))
    return f"qemu+unix:///system?socket={os.path.relpath(path, seen_from) if seen_from else path}"


def _socket(places: Places) -> Path:
    return places.libvirt / "run" / "libvirt-sock"


def _daemon(places: Places, python: Path) -> Daemon:
    etc = places.libvirt / "etc"
    seen = {**_PLACES, "passwd": "/etc/passwd", "group": "/etc/group"}
    mounts = [f"{places.libvirt / name}={place}" for name, place in seen.items()]
    return Daemon(
        kept=Kept(places.rooms.run, NAME),
        command=(
            *(str(python), "-I", apart.__file__, *mounts, "--"),
            *(program("libvirtd"), "--config", "/etc/libvirt/libvirtd.conf"),
            # Its own choice is outside of the folders that each has for itself.
            *("--pid-file", "/run/libvirt/libvirtd.pid"),
        ),
        files=tuple(
            (etc / name, (_TEMPLATES / name).read_text()) for name in ("libvirtd.conf", "qemu.conf")
        ),
        log=places.rooms.log / f"{NAME}.log",
        socket=_socket(places),
    )
