# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""image_prepare on disks that are nothing but files, read by debugfs before and after."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from faults.run import beside
from support.appliances import Appliances, alive, counted
from support.disks import Workshop
from support.guest_disk import (
    ROOT_UUID,
    Content,
    everything,
    guest_disk,
    is_sound,
    read,
    rights,
)
from support.running import PATCHES, run_module
from support.waiting import until

MODULE = "image_prepare"
STATIC = "auto lo\niface lo inet loopback\nauto ens192\niface ens192 inet static\n"
GRUB = "menuentry a {\n linux /boot/vmlinuz root=/dev/sda1 ro\n initrd /boot/initrd\n}\n"
SECRET = "correct horse battery staple"
SPOILED: dict[str, Content] = {
    "etc/fstab": "/dev/sda1 / ext4 errors=remount-ro 0 1\n",
    "boot/grub/grub.cfg": GRUB,
    "etc/network/interfaces": STATIC,
    "sbin/ifup": "",
    "etc/machine-id": "0123456789abcdef0123456789abcdef\n",
    "etc/shadow": f"root:{SECRET}:19000:0:99999:7:::\n",
    "root/.bash_history": f"mysql -p'{SECRET}'\n",
    "etc/ssh/ssh_host_rsa_key": SECRET,
    "usr/share/zoneinfo/Europe/Stockholm": "TZif",
    "var/log/junk": b"\1" * (40 << 20),
}
OPERATIONS: list[Any] = [
    "device_names",
    "udev_net_rules",
    "network_dhcp",
    "serial_console",
    "machine_identity",
    "users",
    {"write": {"path": "/etc/motd", "content": "hello\n", "mode": "0640", "owner": 7}},
    {"append_line": {"path": "/etc/hosts", "line": "192.0.2.1 example"}},
    {"delete": "/var/log/*"},
    {"timezone": "Europe/Stockholm"},
    {"hostname": "mended"},
    "sparsify",
    "compress",
]
EPOCH = 1700000000


@pytest.fixture
def appliances(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Appliances:
    """libguestfs, ready to be started; each start is counted."""
    return counted(tmp_path, monkeypatch)


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """A guest that comes from somewhere else."""
    (tmp_path / "disks").mkdir()
    return guest_disk(tmp_path / "disks" / "guest.raw", SPOILED, mib=96)


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _as_raw(disk: Path) -> Path:
    raw = disk.with_suffix(".as-raw")
    subprocess.run(["qemu-img", "convert", "-O", "raw", disk, raw], check=True)
    return raw


@pytest.mark.slow
def test_operations_in_one_start(
    disk: Path, appliances: Appliances, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are done in one start; the disk stays whole; what stands is not made again."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH))
    before = _sha(disk)
    output = disk.with_name("prepared.qcow2")
    options: dict[str, Any] = {
        "path": str(disk),
        "output": str(output),
        "output_format": "qcow2",
        "operations": OPERATIONS,
        "secrets": "remove",
    }
    result = run_module(MODULE, diff=True, **options)
    assert not result.get("failed"), result
    assert appliances.started == 1
    assert result["changed"]
    changed = {one["name"]: one["changed"] for one in result["operations"]}
    assert changed.pop("udev_net_rules") is False
    assert all(changed.values()), changed
    assert _sha(disk) == before

    raw = _as_raw(output)
    assert is_sound(raw)
    assert read(raw, "etc/fstab") == f"UUID={ROOT_UUID} / ext4 errors=remount-ro 0 1\n".encode()
    grub = (read(raw, "boot/grub/grub.cfg") or b"").decode()
    assert f"root=UUID={ROOT_UUID} ro console=tty0 console=ttyS0,115200\n" in grub
    assert b"iface eth0 inet dhcp" in (read(raw, "etc/network/interfaces") or b"")
    assert read(raw, "etc/motd") == b"hello\n"
    told = rights(raw, "etc/motd")
    assert "Mode:  0640" in told
    assert "User:     7" in told
    assert f"mtime: {EPOCH:#010x}" in told
    assert read(raw, "root/.bash_history") is None
    assert read(raw, "var/log/junk") is None
    assert read(raw, "etc/shadow") == b"root:*:19000:0:99999:7:::\n"
    assert output.stat().st_size < 20 << 20

    shown = str(result)
    assert SECRET not in shown
    assert {one["before_header"] for one in result["diff"]} >= {"/etc/fstab", "/etc/motd"}
    assert sorted(path.name for path in disk.parent.iterdir() if path != raw) == [
        "guest.raw",
        "prepared.qcow2",
        "prepared.qcow2.prepared.json",
    ]
    assert SECRET not in output.with_name("prepared.qcow2.prepared.json").read_text()

    stands = output.stat()
    again = run_module(MODULE, **options)
    assert not again["changed"], again
    assert not any(one["changed"] for one in again["operations"])
    assert again["fingerprint"] == result["fingerprint"]
    # A copy of the disk is the same disk.
    disk.touch()
    assert not run_module(MODULE, check=True, **options)["changed"]
    assert (output.stat().st_ino, output.stat().st_mtime_ns) == (stands.st_ino, stands.st_mtime_ns)
    assert appliances.started == 1

    # Anew, at another time, it becomes the same.
    twin = run_module(MODULE, **{**options, "output": str(disk.with_name("twin.qcow2"))})
    assert twin["changed"]
    assert twin["fingerprint"] == result["fingerprint"]
    made, anew = everything(raw), everything(_as_raw(disk.with_name("twin.qcow2")))
    assert {"etc/motd", "etc/hosts", "boot/grub/grub.cfg"} < made.keys()
    assert made == anew


def test_no_libguestfs(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it, the packages to install are named, and nothing is left."""
    monkeypatch.setitem(PATCHES, ("module_utils.guest.libguestfs", "_PYTHONS"), ())
    result = run_module(MODULE, path=str(disk), in_place=True, operations=["users"])
    assert result["failed"]
    for word in ("Debian", "python3-guestfs", "Ubuntu", "Fedora", "RHEL", "python3-libguestfs"):
        assert word in result["msg"]
    assert [path.name for path in disk.parent.iterdir()] == ["guest.raw"]


def test_hostile_containers(tmp_path: Path, appliances: Appliances) -> None:
    """A disk that is refused is not opened: no machine is started for it."""
    base = tmp_path / "base.raw"
    base.write_bytes(bytes(1 << 20))
    path = tmp_path / "disk.qcow2"
    create = ["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", str(base), str(path)]
    subprocess.run(create, check=True)
    result = run_module(MODULE, path=str(path))
    assert result["failed"]
    assert "refused" in result["msg"]
    assert appliances.started == 0


@pytest.mark.parametrize(
    "options, said",
    [
        ({"operations": ["users"]}, "in_place"),
        ({"operations": ["polish"], "output": "/tmp/x"}, "no operation"),  # noqa: S108
        ({"operations": ["users"], "output": "/nowhere/x"}, "no folder /nowhere"),
        (
            {"operations": ["users"], "output": "/tmp/never.raw", "cache_dir": "/proc"},  # noqa: S108
            "another file system",
        ),
    ],
)
def test_said_before_anything(
    disk: Path, appliances: Appliances, options: dict[str, Any], said: str
) -> None:
    """What cannot be is said at once."""
    result = run_module(MODULE, path=str(disk), **options)
    assert result["failed"]
    assert said in result["msg"]
    assert appliances.started == 0


def test_a_file_of_others(disk: Path, shop: Workshop, appliances: Appliances) -> None:
    """What has the name of the output, and is not ours, is replaced only where that is said."""
    output = shop.file("other.qcow2", b"precious")
    result = run_module(MODULE, path=str(disk), output=str(output), operations=["users"])
    assert result["failed"]
    assert "overwrite" in result["msg"]
    assert output.read_bytes() == b"precious"
    assert appliances.started == 0


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    """A workshop for disks."""
    return Workshop(tmp_path)


@pytest.mark.long
def test_in_place(disk: Path, appliances: Appliances) -> None:
    """Check mode changes nothing and says the same; the second run changes nothing at all."""
    before = _sha(disk)
    disk.chmod(0o640)
    options: dict[str, Any] = {"path": str(disk), "in_place": True, "operations": OPERATIONS[:-2]}
    foreseen = run_module(MODULE, check=True, diff=True, **options)
    assert _sha(disk) == before
    made = run_module(MODULE, diff=True, **options)
    assert foreseen["diff"] == made["diff"]
    assert foreseen["operations"] == made["operations"]
    assert _sha(disk) != before
    assert disk.stat().st_mode & 0o777 == 0o640
    after = _sha(disk)
    again = run_module(MODULE, **options)
    assert not again["changed"], again
    assert _sha(disk) == after
    assert appliances.started == 3
    assert [path.name for path in disk.parent.iterdir()] == ["guest.raw"]


@pytest.mark.long
def test_secrets(disk: Path, appliances: Appliances) -> None:
    """They are named by place and kind; where they must not be, nothing is made."""
    told = run_module(MODULE, path=str(disk))
    kinds = {one["path"]: one["kind"] for one in told["secrets"]}
    assert kinds == {
        "/etc/shadow": "password hash",
        "/etc/ssh/ssh_host_rsa_key": "host key",
        "/root/.bash_history": "shell history",
    }
    assert any("3 secrets" in warning for warning in told["warnings"])
    output = disk.with_name("out.raw")
    refused = run_module(
        MODULE, path=str(disk), output=str(output), operations=["device_names"], secrets="fail"
    )
    assert refused["failed"]
    assert not output.exists()
    assert SECRET not in str(told) + str(refused)
    assert appliances.started == 2


@pytest.mark.long
def test_shrink(tmp_path: Path, appliances: Appliances) -> None:
    """The disk is smaller, its file system is sound, and all that was in it is there."""
    disk = guest_disk(tmp_path / "disk.raw", {"var/data": b"\2" * (3 << 20)}, mib=1024)
    output = tmp_path / "small.raw"
    result = run_module(
        MODULE, path=str(disk), output=str(output), operations=["shrink"], secrets="ignore"
    )
    assert not result.get("failed"), result
    assert output.stat().st_size < 400 << 20
    assert is_sound(output)
    assert read(output, "var/data") == b"\2" * (3 << 20)
    # Its partition table ends where the disk does.
    assert run_module("image_inspect", path=str(output))["safe"]
    assert appliances.started == 1


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_killed(disk: Path, appliances: Appliances, number: signal.Signals) -> None:
    """The disk is whole, nothing runs on, and at the latest the next run leaves no file."""
    before = _sha(disk)
    others = set(Path("/tmp").glob("libguestfs*/guestfsd.sock"))  # noqa: S108  # Where they are.
    options: dict[str, Any] = {"path": str(disk), "in_place": True, "operations": OPERATIONS}
    with beside({f"curator.glance.{MODULE}": options}) as run:
        until(lambda: appliances.started, "the machine of libguestfs is started", 300)
        until(lambda: run.running(f"AnsiballZ_{MODULE}"), "the module runs")
        for pid in run.running(f"AnsiballZ_{MODULE}"):
            os.kill(pid, number)
        until(lambda: not run.running("guestfs"), "the machine is gone, and who held it", 300)
    assert _sha(disk) == before
    assert run_module(MODULE, path=str(disk), in_place=True, check=True)["changed"] is False
    assert [path.name for path in disk.parent.iterdir()] == ["guest.raw"]
    # Others may have theirs there meanwhile, of machines that run.
    left = [path for path in Path("/tmp").glob("libguestfs*/guestfsd.sock") if path not in others]  # noqa: S108
    assert not [path for path in left if not alive(str(path.parent))]
