# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The root file system of a Debian, and packages for it: made once, by root, in about two minutes.

All guests of Debian are made of it, and none of them needs a network.
"""

from __future__ import annotations

import os
from pathlib import Path

from guests.store import HERE, GuestError, fingerprint, kept, ran

_SUITE = "bookworm"
_PACKAGES = (
    *("linux-image-cloud-amd64", "initramfs-tools", "systemd-sysv", "dbus", "udev", "zstd"),
    *("cloud-guest-utils", "openssh-server", "sudo", "iproute2", "netbase", "e2fsprogs"),
    *("ca-certificates", "python3-minimal"),
)
# What guests get besides. It is fetched with all that it needs.
_FURTHER = {
    "cloud-init": ("cloud-init",),
    "networkd": ("systemd-resolved",),
    "ifupdown": ("ifupdown", "isc-dhcp-client"),
    "netplan": ("netplan.io",),
    "NetworkManager": ("network-manager",),
    "dracut": ("dracut",),
}
_LEFT_OUT = ("/usr/share/man/*", "/usr/share/doc/*", "/usr/share/info/*", "/usr/share/locale/*")
_FETCH = HERE / "debian" / "fetch"
_TREE = "root.tar.zst"


def root_file_system() -> Path:
    """An archive of it, packed with zstd."""
    return _made() / _TREE


def packages(group: str) -> list[Path]:
    """The files of a group of packages, with those of all that they need."""
    return sorted((_made() / group).glob("*.deb"))


def _made() -> Path:
    return kept(f"debianroot-{fingerprint([HERE / 'debian_root.py', _FETCH])}", _make)


def _make(folder: Path) -> None:
    if os.geteuid() != 0:
        raise GuestError("Debian guests are built by root only: they hold files of other users.")
    hooks = [
        f"--customize-hook={_FETCH} {folder / group} {' '.join(names)}"
        for group, names in _FURTHER.items()
    ]
    ran(
        *("mmdebstrap", "--mode=root", "--variant=minbase"),
        *(f"--include={','.join(_PACKAGES)}", '--aptopt=Acquire::Languages "none"'),
        *(f"--dpkgopt=path-exclude={pattern}" for pattern in _LEFT_OUT),
        *hooks,
        *(_SUITE, str(folder / _TREE)),
    )
