# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way into a guest, with the real client of OpenSSH: directly, and through a jump host."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.seen import Answer
from ansible_collections.curator.glance.plugins.module_utils.guest.ssh import (
    Client,
    Door,
    Key,
    Said,
)

from support.ssh_hosts import GREETING, SshHost, ssh_host

JUMP = "jump"


@pytest.fixture
def guest(tmp_path: Path) -> Iterator[SshHost]:
    """What the client shall get into."""
    with ssh_host(tmp_path / "guest") as host:
        yield host


@pytest.fixture
def jump(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SshHost]:
    """A host that the user's configuration knows, which leads to others."""
    with ssh_host(tmp_path / "jump") as host:
        host.known_as(JUMP, monkeypatch)
        yield host


def _enter(key: Path, folder: Path, port: int, *, jump: str | None = None) -> Said:
    client = Client(folder, Key(path=key, public=""), "tiny")
    said = client.run(Door(host="127.0.0.1", port=port, jump=jump), "true").wait(30, lambda: None)
    assert said is not None
    return said


def _nowhere() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def test_directly(guest: SshHost, tmp_path: Path) -> None:
    """With its key somebody is let in; with another, the server says so itself."""
    assert _enter(guest.key, tmp_path, guest.port).output == GREETING
    other = Key.new(tmp_path)
    assert _enter(other.path, tmp_path, guest.port).answer is Answer.DENIED
    assert _enter(guest.key, tmp_path, _nowhere()).answer is Answer.REFUSED


def test_through_a_jump_host(guest: SshHost, jump: SshHost, tmp_path: Path) -> None:
    """With two keys: the user's for the jump host, and that of the check for the guest."""
    said = _enter(guest.key, tmp_path, guest.port, jump=JUMP)
    assert (said.answer, said.output) == (Answer.LET_IN, GREETING)
    assert jump.asked == [("127.0.0.1", guest.port)]
    # The guest's own no is told from that of the jump host.
    other = Key.new(tmp_path)
    assert _enter(other.path, tmp_path, guest.port, jump=JUMP).answer is Answer.DENIED
    refused = _enter(guest.key, tmp_path, _nowhere(), jump=JUMP)
    assert refused.answer is Answer.REFUSED
    assert "onnection refused" in refused.said


def test_a_jump_host_that_leads_nowhere(guest: SshHost, jump: SshHost, tmp_path: Path) -> None:
    """Nothing of it is taken for a word of the guest, and the reason is its own."""
    jump.leads_on = False
    said = _enter(guest.key, tmp_path, guest.port, jump=JUMP)
    assert (said.answer, "prohibited" in said.said) == (Answer.NO_WAY, True), said
    jump.key.write_bytes(guest.key.read_bytes())
    said = _enter(guest.key, tmp_path, guest.port, jump=JUMP)
    assert (said.answer, "Permission denied" in said.said) == (Answer.NO_WAY, True), said
    said = _enter(guest.key, tmp_path, guest.port, jump=f"127.0.0.1:{_nowhere()}")
    assert (said.answer, "Connection refused" in said.said) == (Answer.NO_WAY, True), said
