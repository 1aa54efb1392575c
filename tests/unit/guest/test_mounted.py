# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked of a guest's file systems, where a damaged or a false one answers."""

from __future__ import annotations

import select
import stat
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.edits import (
    Compress,
    Edit,
    Remove,
    Run,
    Trim,
    Write,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.guest import (
    Guest,
    System,
    homes,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.kernels import kernels
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    CheckFailed,
    CuratorError,
    MissingTool,
    RefusedDisk,
)
from ansible_collections.curator.glance.plugins.module_utils.guest import mounted
from ansible_collections.curator.glance.plugins.module_utils.guest.appliance import (
    Appliance,
    CallFailed,
)
from ansible_collections.curator.glance.plugins.module_utils.guest.mounted import MountedGuest

_FOLDER = stat.S_IFDIR | 0o755
_FILE = stat.S_IFREG | 0o644


def _guest(tmp_path: Path, answers: Callable[..., Any]) -> MountedGuest:
    return MountedGuest(
        SimpleNamespace(call=answers),  # type: ignore[arg-type]
        System(mounted={"/": "/dev/sda1"}),
        "/dev/sda1",
        folder=tmp_path,
        with_drivers=lambda _source: (System(), "/dev/sda1"),
        modules_of=lambda _path: frozenset(),
        data_size=lambda: 0,
        compressed=False,
        epoch=None,
        network=False,
    )


def _standing(mode: int, size: int = 9) -> dict[str, int]:
    return {"st_mode": mode, "st_size": size, "st_uid": 0, "st_gid": 0}


LOOKS: dict[str, tuple[int, Callable[[Guest], Any]]] = {
    "pread": (_FILE, lambda guest: guest.read("/etc/a", 100)),
    "ls": (_FOLDER, lambda guest: guest.names("/etc/a")),
    "download": (_FILE, lambda guest: guest.modules_in("/etc/a")),
    "statvfs": (_FOLDER, lambda guest: guest.excess),
    "statns": (_FOLDER, lambda guest: guest.standing("/etc/a")),
}


@pytest.mark.parametrize("call", LOOKS)
def test_damaged_where_one_looks(tmp_path: Path, call: str) -> None:
    """Whatever cannot be read is refused by its name."""
    mode, look = LOOKS[call]

    def answers(name: str, *_arguments: Any, **_options: Any) -> Any:
        if name == call:
            raise CallFailed(f"{name}: Structure needs cleaning")
        return _standing(mode)

    with pytest.raises(RefusedDisk, match=r"(/etc/a|/dev/sda1|Its /) .*Structure needs cleaning"):
        look(_guest(tmp_path, answers))


def test_damaged_where_a_link_is(tmp_path: Path) -> None:
    """What is no link says so in another way than a block that cannot be read."""
    said = "readlink: /etc/a: Invalid argument"

    def answers(name: str, *_arguments: Any, **_options: Any) -> Any:
        if name == "readlink":
            raise CallFailed(said)
        return ["a"] if name == "ls" else _standing(_FOLDER)

    assert _guest(tmp_path, answers).link("/etc/a") is None
    said = "readlink: /etc/a: Input/output error"
    with pytest.raises(RefusedDisk, match="/etc/a"):
        _guest(tmp_path, answers).link("/etc/a")


def test_read_once(tmp_path: Path) -> None:
    """Until something is changed, what was read is what is there."""
    reads: list[str] = []

    def answers(name: str, *arguments: Any, **_options: Any) -> Any:
        if name == "pread":
            reads.append(arguments[0])
            return b"content" if arguments[2] == 0 else b""
        return None if name in {"rm_rf", "ls"} else _standing(_FILE, 7)

    guest = _guest(tmp_path, answers)
    assert guest.read("/etc/a", 9) == guest.read("/etc/a", 9) == b"content"
    assert reads == ["/etc/a"]
    guest.apply(Remove(path="/etc/b"))
    guest.read("/etc/a", 9)
    assert reads == ["/etc/a", "/etc/a"]


def test_a_list_of_packages_that_cannot_be_read(tmp_path: Path) -> None:
    """It is not an empty one: nothing would be uninstalled, and that called unchanged."""

    def answers(name: str, *_arguments: Any, **_options: Any) -> Any:
        raise CallFailed(f"{name}: /var/lib/rpm/rpmdb.sqlite: database disk image is malformed")

    guest = _guest(tmp_path, answers)
    for _n in range(2):
        with pytest.raises(CheckFailed, match="malformed"):
            guest.packages()


@pytest.mark.parametrize("edit", [Remove(path="/etc/b"), Trim(), Compress()])
def test_what_puts_nothing_in_needs_no_label(tmp_path: Path, edit: Edit) -> None:
    """Only what was put in can lack one."""

    def answers(name: str, *_arguments: Any, **_options: Any) -> Any:
        return "/etc" if name == "realpath" else None

    guest = _guest(tmp_path, answers)
    guest.apply(edit)
    assert not guest.written


def test_passwords_are_overwritten_before_they_are_replaced(tmp_path: Path) -> None:
    """The file may come to another place of the disk, and leave the old one as it was."""
    asked: list[str] = []

    def answers(name: str, *arguments: Any, **_options: Any) -> Any:
        asked.append(name)
        if name == "realpath":
            return arguments[0]
        return len(arguments[1]) if name == "pwrite" else _standing(_FILE)

    guest = _guest(tmp_path, answers)
    guest.apply(Write(path="/etc/shadow", data=b"root:*:1::::::", secret=True))
    assert asked[asked.index("pwrite") :][:3] == ["pwrite", "sync", "write"]
    assert guest.written


def test_files_of_whoever_runs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tilde is that of this host, as it is where the file is read for the fingerprint."""
    monkeypatch.setenv("HOME", str(tmp_path))
    brought: list[str] = []

    def answers(name: str, *arguments: Any, **_options: Any) -> Any:
        if name == "upload":
            brought.append(arguments[0])

    _guest(tmp_path, answers).apply(
        Run(command=("dpkg", "--install"), why="install a", files=("~/a.deb",))
    )
    assert brought == [str(tmp_path / "a.deb")]


def test_a_folder_without_end(tmp_path: Path) -> None:
    """No honest one has so many names."""

    def answers(name: str, *_arguments: Any, **_options: Any) -> Any:
        return ["a"] * 100_001 if name == "ls" else _standing(_FOLDER)

    with pytest.raises(RefusedDisk, match="/etc has 100001 names"):
        _guest(tmp_path, answers).names("/etc")


def test_homes_without_end(tmp_path: Path) -> None:
    """A link to its own folder makes a home of every path through it."""
    homes_of_it = (f"/{a}" + "/s" * b for a in range(50) for b in range(40))
    passwd = "".join(f"u:x:1:1::{home}:/bin/sh\n" for home in homes_of_it).encode()

    def answers(name: str, *arguments: Any, **_options: Any) -> Any:
        if name == "pread":
            return passwd[arguments[2] :][: arguments[1]]
        return _standing(_FILE if arguments[0] == "/etc/passwd" else _FOLDER, len(passwd))

    with pytest.raises(RefusedDisk, match="1000 homes"):
        homes(_guest(tmp_path, answers))


def test_kernels_without_end(tmp_path: Path) -> None:
    """Nor are there so many kernels."""

    def answers(name: str, *arguments: Any, **_options: Any) -> Any:
        if name == "pread":
            return b"a.ko:\n"[arguments[2] :]
        path = arguments[0]
        if name == "ls":
            return [str(n) for n in range(1000)] if path.endswith("/modules") else []
        return _standing(_FILE if path.endswith(".dep") else _FOLDER, 6)

    with pytest.raises(RefusedDisk, match="64 kernels"):
        kernels(_guest(tmp_path, answers))


def test_looking_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each answer comes in time, and all together never end."""
    clock = 0.0

    def now() -> float:
        return clock

    def answers(_name: str, *_arguments: Any, **_options: Any) -> Any:
        nonlocal clock
        clock += 60
        return _standing(_FILE)

    monkeypatch.setattr(mounted, "monotonic", now)
    guest = _guest(tmp_path, answers)
    for number in range(15):
        guest.standing(f"/{number}")
    with pytest.raises(RefusedDisk, match="15 minutes"):
        guest.standing("/and/more")


class _Ended:
    """A worker that says nothing more."""

    def __init__(self, folder: Path) -> None:
        (folder / "empty").touch()
        self.stdout = (folder / "empty").open("rb")
        self.stdin = (folder / "asked").open("wb")


def _appliance(tmp_path: Path) -> Appliance:
    (tmp_path / "errors").write_text("libguestfs: error: appliance closed the connection\n")
    worker: Any = _Ended(tmp_path)
    return Appliance(worker, tmp_path / "errors", lambda: None)


def test_an_appliance_that_does_not_start(tmp_path: Path) -> None:
    """Before it runs, it is this host that lacks something."""
    with pytest.raises(MissingTool, match="does not start"):
        _appliance(tmp_path).start("/disk", "raw", writes=False, network=False)


def test_an_appliance_that_ends(tmp_path: Path) -> None:
    """Once it runs, it is not: nobody is told to install what is there."""
    machine = _appliance(tmp_path)
    machine.started = True
    with pytest.raises(CuratorError, match="ended while it was asked to ls") as caught:
        machine.call("ls", "/")
    assert "install" not in str(caught.value)


def test_a_program_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command of the task that takes too long is not the guest's guilt."""
    machine = _appliance(tmp_path)
    monkeypatch.setattr(select, "select", lambda *_a: ([], [], []))
    with pytest.raises(CheckFailed, match="within 0 s") as caught:
        machine.call("command", ["sleep", "9999"], within=0)
    assert "harm" not in str(caught.value)
    with pytest.raises(RefusedDisk, match="made to harm"):
        machine.call("ls", "/", within=0)
