# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ssh servers on loopback: one that leads on to others, and one that stands for a guest."""

from __future__ import annotations

import asyncio
import shutil
import socket
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.script import BEGUN, MARK

_BEGINS_WITHIN = 30
# Of all that is on this machine.
_REACHED_WITHIN = 2
# What everybody is told who is let in: the beginning of the script's answer.
GREETING = f"{MARK}{BEGUN}\n"


@dataclass
class SshHost:
    """A server that lets in who has its key; each has a private one that it is entered with."""

    folder: Path
    # Whether it opens connections to others, for those whom it has let in.
    leads_on: bool = True
    port: int = 0
    # To which hosts and ports it was asked to lead.
    asked: list[tuple[str, int]] = field(default_factory=list)

    @property
    def key(self) -> Path:
        return self.folder / "own-key"

    def known_as(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """Have ssh know it by a name, as if by the user's own configuration.

        ssh looks for that in the home folder of the account, wherever HOME is.
        """
        programs = self.folder / "programs"
        programs.mkdir()
        configuration = self.folder / "config"
        configuration.write_text(
            f"Host {name}\n"
            f"    HostName 127.0.0.1\n"
            f"    Port {self.port}\n"
            f"    User somebody\n"
            f"    IdentityFile {self.key}\n"
            f"    IdentitiesOnly yes\n"
            f"    IdentityAgent none\n"
            f"    UserKnownHostsFile {self.folder / 'own-hosts'}\n"
            f"    StrictHostKeyChecking accept-new\n"
        )
        ssh = programs / "ssh"
        ssh.write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} -F "{configuration}" "$@"\n')
        ssh.chmod(0o755)
        monkeypatch.setenv("PATH", str(programs), prepend=":")


class _Server(asyncssh.SSHServer):
    """What one client meets."""

    def __init__(self, host: SshHost) -> None:
        self._host = host

    def connection_requested(
        self, dest_host: str, dest_port: int, _orig_host: str, _orig_port: int
    ) -> bool:
        self._host.asked.append((dest_host, dest_port))
        _refuse_as_openssh_does(dest_host, dest_port, leads_on=self._host.leads_on)
        return True


def _refuse_as_openssh_does(host: str, port: int, *, leads_on: bool) -> None:
    """Say why nobody is reached there, in words that clients know."""
    if not leads_on:
        raise asyncssh.ChannelOpenError(asyncssh.OPEN_ADMINISTRATIVELY_PROHIBITED, "open failed")
    try:
        socket.create_connection((host, port), timeout=_REACHED_WITHIN).close()
    except OSError as error:
        why = error.strerror or "Connection timed out"
        raise asyncssh.ChannelOpenError(asyncssh.OPEN_CONNECT_FAILED, why) from error


@contextmanager
def ssh_host(folder: Path, *, leads_on: bool = True) -> Iterator[SshHost]:
    """A server on a free port, until the end of the block."""
    folder.mkdir(exist_ok=True)
    host = SshHost(folder, leads_on)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def done(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(_BEGINS_WITHIN)

    try:
        server = done(_listening(host))
        host.port = server.get_port()
        yield host
        server.close()
        done(server.wait_closed())
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _listening(host: SshHost) -> asyncssh.SSHAcceptor:
    own = asyncssh.generate_private_key("ssh-ed25519")
    own.write_private_key(host.key)
    host.key.chmod(0o600)
    allowed = own.export_public_key().decode()

    async def greet(process: asyncssh.SSHServerProcess[str]) -> None:
        process.stdout.write(GREETING)
        process.exit(0)

    return await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=lambda: _Server(host),
        server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")],
        authorized_client_keys=asyncssh.import_authorized_keys(allowed),
        process_factory=greet,
    )
