# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Taking away what a check made, where the task is told to stop meanwhile or something stays."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.ticket import Ticket
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image
from ansible_collections.curator.glance.plugins.module_utils.domain.server import Server
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    CheckFailed,
    CuratorError,
    Interrupted,
    NotFound,
)
from ansible_collections.curator.glance.plugins.module_utils.guest.ssh import Key
from ansible_collections.curator.glance.plugins.module_utils.progress import NoProgress
from ansible_collections.curator.glance.plugins.module_utils.work import boot_cloud
from ansible_collections.curator.glance.plugins.module_utils.work.boot_cloud import CloudPlace
from ansible_collections.curator.glance.plugins.module_utils.work.boot_leftovers import take_away
from ansible_collections.curator.glance.plugins.module_utils.work.boot_place import Errand
from ansible_collections.curator.glance.plugins.module_utils.work.watching import Stop

from unit.domain.boot.wishes import wish

TICKET = Ticket(expires=1_800_000_000, host="0123abcd", pid=7, start=9)
STOPPED = Interrupted("The task was stopped: it got the signal SIGTERM.")


@dataclass
class PaperCloud:
    """A project on paper with a server and a key pair of one ticket."""

    # What happens when its server is deleted.
    on_delete: Callable[[], None] = lambda: None
    # Whether servers go when they are deleted.
    goes: bool = True
    timeout: float = 0
    project_id: str = "project"
    ticket: Ticket = TICKET
    left: set[str] = field(default_factory=lambda: {"server", "key pair"})

    @property
    def nova(self) -> PaperCloud:
        return self

    neutron = nova

    def servers(self, _query: Mapping[str, str], **_doing: str) -> list[Server]:
        return [found] if (found := self.server("server")) else []

    def server(self, _id: str) -> Server | None:
        record = {"id": "1", "name": self.ticket.name, "metadata": self.ticket.metadata()}
        return Server.from_nova(record) if "server" in self.left else None

    def delete_server(self, _id: str) -> None:
        self.on_delete()
        if self.goes:
            self.left.discard("server")

    def keypairs(self) -> list[str]:
        return [self.ticket.name] if "key pair" in self.left else []

    def delete_keypair(self, _name: str) -> None:
        self.left.discard("key pair")

    def _nothing(self, *_which: object) -> Mapping[str, str]:
        return {}

    floating_addresses = security_groups = routers = _nothing

    def networks(self) -> list[Any]:
        return []


def _interrupts_once() -> Callable[[], None]:
    to_come: list[Exception] = [STOPPED]

    def interrupt() -> None:
        if to_come:
            raise to_come.pop()

    return interrupt


def test_a_task_that_is_told_to_stop_cleans_up_and_stops() -> None:
    """A signal in the middle of deleting neither leaves anything nor is forgotten."""
    cloud = PaperCloud(on_delete=_interrupts_once())
    with pytest.raises(Interrupted, match=r"SIGTERM\.$"):
        take_away(cloud, TICKET.__eq__, patience=60)  # type: ignore[arg-type]
    assert not cloud.left


def test_what_stays_then_is_told() -> None:
    """It is in the one message that there is."""
    cloud = PaperCloud(on_delete=_interrupts_once(), goes=False)
    with pytest.raises(Interrupted, match=r"SIGTERM.*Server 1 .* is not gone yet.*next check"):
        take_away(cloud, TICKET.__eq__, patience=0)  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class _Place(CloudPlace):
    """A place where starting a guest fails."""

    error: BaseException

    def _guest(self, ticket: Ticket, _choices: object) -> Any:
        self.cloud.ticket = ticket  # type: ignore[attr-defined]
        self.cloud.left.add("server")  # type: ignore[attr-defined]
        raise self.error


def _started(cloud: PaperCloud, error: BaseException, folder: Path) -> Errand:
    errand = Errand(
        wish=wish(),
        key=Key(path=folder / "key", public="ssh-ed25519 AAAA"),
        folder=folder,
        cache=folder,
        progress=NoProgress(),
        stop=Stop(),
    )
    cloud.left.clear()
    image = Image.from_glance(
        {"id": "i", "name": "Debian 12", "status": "active", "visibility": "private"}
    )
    place = _Place(errand=errand, cloud=cloud, image=image, error=error)  # type: ignore[arg-type]
    with pytest.raises(type(error)) as raised, place.started():
        pass
    errand.warnings.append(str(raised.value))
    return errand


@pytest.fixture(autouse=True)
def _nothing_to_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boot_cloud, "choose", lambda *_what: None)


def test_an_error_that_ends_the_check_tells_what_is_left(tmp_path: Path) -> None:
    """Warnings are heard of a check that comes to a verdict only."""
    error = NotFound("There is no such network.", http_status=404)
    cloud = PaperCloud(goes=False)
    *_warned, message = _started(cloud, error, tmp_path).warnings
    assert message.startswith("There is no such network.")
    assert "Server 1" in message
    assert "The next check takes it away." in message


def test_a_verdict_keeps_its_words(tmp_path: Path) -> None:
    """What is left is a warning beside it."""
    warned, message = _started(PaperCloud(goes=False), CheckFailed("It is ill."), tmp_path).warnings
    assert "Server 1" in warned
    assert message == "It is ill."


def test_nothing_is_added_where_nothing_is_left(tmp_path: Path) -> None:
    """An error is told as it is."""
    assert _started(PaperCloud(), CuratorError("No."), tmp_path).warnings == ["No."]


def test_nothing_expires_while_it_may_be_needed(tmp_path: Path) -> None:
    """Nova and its quotas may take their own time before the guest has its."""
    cloud, began = PaperCloud(), time.time()
    _started(cloud, CuratorError("No."), tmp_path)
    asked = wish()
    assert cloud.ticket.expires >= began + asked.time_limit + 2 * asked.patience + 3599
