# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libguestfs and virt-v2v take for a Windows: file system, folders and registry of one.

Nothing of Windows is in it, and it does not boot.
"""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Mapping
from pathlib import Path

from guests.hives import Values, hive
from guests.store import fingerprint, kept, ran

_HERE = Path(__file__).resolve().parent
# virt-v2v wants 100 MiB of it to be free.
_MIB = 256
_SYSTEM = "/Windows/System32"
_FOLDERS = (
    *(f"{_SYSTEM}/Config", f"{_SYSTEM}/Drivers", f"{_SYSTEM}/GroupPolicy"),
    *("/Windows/Inf", "/Program Files", "/Users"),
)
_SOFTWARE: Mapping[str, Values] = {
    r"Microsoft\Windows NT\CurrentVersion": {
        "ProductName": "Windows Server 2019 Standard",
        "CurrentVersion": "6.3",
        "CurrentMajorVersionNumber": 10,
        "CurrentMinorVersionNumber": 0,
        "CurrentBuildNumber": "17763",
        "EditionID": "ServerStandard",
        "InstallationType": "Server",
    },
    r"Microsoft\Windows\CurrentVersion": {"DevicePath": r"%SystemRoot%\\inf"},
}
_CONTROL = "ControlSet001"
_CONFIGURED: Mapping[str, Values] = {
    "Select": {"Current": 1, "Default": 1},
    rf"{_CONTROL}\Control\ComputerName\ComputerName": {"ComputerName": "ACCOUNTING"},
    rf"{_CONTROL}\Control\CriticalDeviceDatabase": {},
    rf"{_CONTROL}\Services\Tcpip\Parameters": {"Hostname": "accounting"},
    rf"{_CONTROL}\Enum": {},
    "MountedDevices": {},
    r"DriverDatabase\DriverPackages": {},
    r"DriverDatabase\DriverInfFiles": {},
    r"DriverDatabase\DeviceIds": {},
}
_DRIVERS = ("viostor", "vioscsi", "NetKVM", "Balloon", "viorng")


def windows_disk() -> Path:
    """A disk with it, made once. libguestfs has to be able to start."""
    made_of = (_HERE / "windows.py", _HERE / "hives.py")
    return kept(f"windows-{fingerprint(made_of)}", _make) / "disk.raw"


def virtio_win(folder: Path, version: str = "2k19") -> Path:
    """A folder as the ISO of virtio-win has it, for one Windows, with drivers of nothing."""
    for driver in _DRIVERS:
        place = folder / driver / version / "amd64"
        place.mkdir(parents=True)
        for kind in ("inf", "sys", "cat"):
            (place / f"{driver.lower()}.{kind}").write_text(f"{driver}.{kind}\n")
    return folder


def _make(folder: Path) -> None:
    disk = folder / "disk.raw"
    with disk.open("wb") as file:
        file.truncate(_MIB << 20)
    with tempfile.TemporaryDirectory() as made:
        here = Path(made)
        hive(here / "SOFTWARE", "SOFTWARE", _SOFTWARE)
        hive(here / "SYSTEM", "SYSTEM", _CONFIGURED)
        (here / "cmd.exe").write_bytes(_program())
        ran("guestfish", "--format=raw", "-a", disk, stdin=_script(here).encode())


def _script(here: Path) -> str:
    lines = [
        "run",
        "part-init /dev/sda mbr",
        "part-add /dev/sda p 2048 -2048",
        "part-set-bootable /dev/sda 1 true",
        "part-set-mbr-id /dev/sda 1 7",
        "mkfs ntfs /dev/sda1",
        "mount /dev/sda1 /",
        *(f'mkdir-p "{name}"' for name in _FOLDERS),
        *(f"upload {here}/{name} {_SYSTEM}/Config/{name}" for name in ("SOFTWARE", "SYSTEM")),
        f"upload {here}/cmd.exe {_SYSTEM}/cmd.exe",
        "touch /autoexec.bat",
    ]
    return "\n".join(lines) + "\n"


def _program() -> bytes:
    """As much of a program as tells for which processor it is."""
    machine, optional = 0x8664, 0x20B
    pe = struct.pack("<4sHHIIIHHH", b"PE", machine, 1, 0, 0, 0, 0xF0, 0x22, optional)
    return b"MZ".ljust(60, b"\0") + struct.pack("<I", 0x80) + bytes(64) + pe + bytes(400)
