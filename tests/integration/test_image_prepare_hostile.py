# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""image_prepare on guests that are damaged, or made to harm who opens them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench import processes
from faults.run import Run, beside
from support.appliances import Appliances, counted
from support.guest_disk import Content, Hole, Link, Pipe, guest_disk, is_sound, read, zero
from support.running import run_module
from support.waiting import until

MODULE = "image_prepare"
_GIB = 1 << 30
# Of the module and of what speaks for it to libguestfs; its machine has memory of its own.
_MOST_MEMORY = 256 << 20
PASSWD, RESOLV_CONF = "/etc/passwd", "/etc/resolv.conf"


@pytest.fixture
def appliances(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Appliances:
    """libguestfs, ready to be started; each start is counted."""
    return counted(tmp_path, monkeypatch)


@pytest.fixture(autouse=True)
def this_host() -> Iterator[None]:
    """What links in a guest seem to name stays as it is here."""
    files = [Path(path) for path in (PASSWD, RESOLV_CONF) if Path(path).exists()]
    before = [path.read_bytes() for path in files]
    yield
    assert [path.read_bytes() for path in files] == before


def _prepared(disk: Path, *operations: Any, **options: Any) -> dict[str, Any]:
    return run_module(MODULE, path=str(disk), in_place=True, operations=operations, **options)


REFUSED: dict[str, tuple[str, Content, str]] = {
    "a pipe": ("etc/crypttab", Pipe(), "/etc/crypttab"),
    "a folder": ("etc/crypttab", Link("/etc"), "/etc/crypttab"),
    # By libguestfs itself, which finds no operating system then.
    "a pipe for libguestfs": ("etc/fstab", Pipe(), "no operating system"),
    "a link for libguestfs": ("etc/fstab", Link("../../../../etc/passwd"), "no operating system"),
}


@pytest.mark.long
@pytest.mark.parametrize("case", REFUSED)
def test_what_should_be_a_file(tmp_path: Path, appliances: Appliances, case: str) -> None:
    """It is refused, and nobody waits for the other end of a pipe."""
    path, content, named = REFUSED[case]
    disk = guest_disk(tmp_path / "disk.raw", {path: content})
    before = hashlib.sha256(disk.read_bytes()).digest()
    result = _prepared(disk, "device_names")
    assert result["failed"]
    assert "refused" in result["msg"]
    assert named in result["msg"]
    assert "daemon:" not in str(result)
    assert hashlib.sha256(disk.read_bytes()).digest() == before
    assert appliances.started == 1


@pytest.mark.long
def test_links_to_files_of_this_host(tmp_path: Path, appliances: Appliances) -> None:
    """They lead to the guest's own, absolute or not, to be read and to be written."""
    own = "root:x:0:0:its own:/root:/bin/sh\n"
    disk = guest_disk(
        tmp_path / "disk.raw",
        {
            "etc/passwd": own,
            "etc/crypttab": Link("../../../../../../../etc/passwd"),
            "etc/hostname": Link(PASSWD),
            "etc/hosts": Link(RESOLV_CONF),
            "etc/machine-id": Link("machine-id"),
            "etc/motd": Link("../../../etc/passwd"),
        },
    )
    result = _prepared(
        disk,
        "device_names",
        "machine_identity",
        "serial_console",
        {"append_line": {"path": "/etc/motd", "line": "mallory:x:0:0::/:/bin/sh"}},
        {"append_line": {"path": "/etc/hosts", "line": "192.0.2.1 example"}},
        diff=True,
        secrets="ignore",
    )
    # That is in the host's file, and not in the guest's.
    assert "daemon:" not in str(result)
    assert not result.get("failed"), result
    assert (read(disk, "etc/passwd") or b"").decode() == f"{own}mallory:x:0:0::/:/bin/sh\n"
    assert read(disk, RESOLV_CONF[1:]) == b"192.0.2.1 example\n"
    assert appliances.started == 1


@pytest.mark.slow
def test_nothing_of_a_secret_is_left(tmp_path: Path, appliances: Appliances) -> None:
    """Neither behind a linked folder, nor in what no file uses: the raw disk is what one gets."""
    secret, token = "correct horse battery staple", "s.5f3b9c0d1e2a4b6c"
    disk = guest_disk(
        tmp_path / "disk.raw",
        {
            "etc/passwd": "root:x:0:0::/root:/bin/sh\nweb:x:1000:1000::/home/web:/bin/sh\n",
            "etc/shadow": f"root:{secret}:19000:0:99999:7:::\n",
            "home": Link("/data/home"),
            "data/home/web/.bash_history": f"mysql -p'{secret}'\n",
            # It leads to a file, which goes as well.
            "data/home/web/.vault-token": Link("/data/token"),
            "data/token": token,
            "data/home/web/.ssh/authorized_keys": "ssh-ed25519 AAAA\n",
            "etc/ssh/ssh_host_rsa_key": secret,
            "data/kept": "kept",
        },
    )
    assert secret.encode() in disk.read_bytes()
    result = _prepared(disk, "machine_identity", "users", secrets="remove")
    assert not result.get("failed"), result
    assert result["secrets"] == []
    raw = disk.read_bytes()
    assert secret.encode() not in raw
    assert token.encode() not in raw
    for gone in ("data/home/web/.bash_history", "data/token", "data/home/web/.ssh/authorized_keys"):
        assert read(disk, gone) is None, gone
    assert read(disk, "etc/shadow") == b"root:*:19000:0:99999:7:::\n"
    assert read(disk, "data/kept") == b"kept"
    assert is_sound(disk)
    assert appliances.started == 1


@pytest.mark.long
def test_a_damaged_file_system(tmp_path: Path, appliances: Appliances) -> None:
    """What cannot be read is refused, and said to be damaged; the disk stays as it is."""
    disk = guest_disk(tmp_path / "disk.raw", {"var/data": b"\1" * (8 << 20)})
    with disk.open("r+b") as file:
        file.seek(1 << 20)
        for _n in range(24):
            file.write(b"\xa5" * (256 << 10))
            file.seek(64 << 10, 1)
    before = hashlib.sha256(disk.read_bytes()).digest()
    result = _prepared(disk, "users")
    assert result["failed"]
    assert "refused" in result["msg"]
    assert hashlib.sha256(disk.read_bytes()).digest() == before
    assert appliances.started == 1


@pytest.mark.long
def test_a_damaged_folder(tmp_path: Path, appliances: Appliances) -> None:
    """Damage that shows only where one looks is refused by its place, as all other is."""
    passwd = "root:x:0:0:root:/root:/bin/sh\nweb:x:1000:1000::/home/web:/bin/sh\n"
    disk = guest_disk(
        tmp_path / "disk.raw",
        {"etc/passwd": passwd, "home/web/.ssh/authorized_keys": "ssh-rsa A\n"},
    )
    zero(disk, "home/web/.ssh")
    before = hashlib.sha256(disk.read_bytes()).digest()
    result = _prepared(disk, "users")
    assert result["failed"]
    assert "The disk is refused. Its /home/web/.ssh" in result["msg"]
    assert hashlib.sha256(disk.read_bytes()).digest() == before
    assert appliances.started == 1


@pytest.mark.slow
def test_a_file_without_end(tmp_path: Path, appliances: Appliances) -> None:
    """It is refused by its size before it is read: in a moment, and in no memory."""
    disk = guest_disk(tmp_path / "disk.raw", {"etc/fstab": Hole(10 * _GIB)})
    options = {"path": str(disk), "in_place": True, "operations": ["device_names"]}
    largest = 0
    with beside({f"curator.glance.{MODULE}": options}) as run:
        until(lambda: appliances.started, "the machine of libguestfs is started", 300)

        def ended() -> bool:
            nonlocal largest
            largest = max(largest, _memory(run))
            return run.played.done()

        until(ended, "the task has ended", 300)
        played = run.played.result()
    assert played.status != 0
    assert "Its /etc/fstab has 10 GiB" in played.result_of("task")["msg"]
    assert 0 < largest < _MOST_MEMORY


def _memory(run: Run) -> int:
    """What the module takes, with all that it has started but the machine of libguestfs."""
    counted_in = {
        below
        for pid in run.running(f"AnsiballZ_{MODULE}")
        for below in processes.tree(pid)
        if not any("qemu" in word for word in processes.arguments(below)[:1])
    }
    return sum(map(processes.memory, counted_in))
