# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file that a task wants the console in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils.errors import NoSpace, NotFound
from ansible_collections.curator.glance.plugins.module_utils.work import boot_checking
from ansible_collections.curator.glance.plugins.module_utils.work.boot_checking import check_boot
from ansible_collections.curator.glance.plugins.module_utils.work.boot_place import Errand

from support.paper_boots import Clock, PaperGuest
from unit.domain.boot.wishes import expect, wish

Check = Callable[[Path, PaperGuest], bool]

SAID = "Grüße\r\nlogin: \ud800\n"


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Check a guest on paper, and say whether it passed."""
    return partial(_check, monkeypatch, tmp_path)


def _check(
    monkeypatch: pytest.MonkeyPatch, cache: Path, console_log: Path, guest: PaperGuest
) -> bool:
    @contextmanager
    def place(_errand: Errand) -> Iterator[PaperGuest]:
        yield guest

    monkeypatch.setattr(boot_checking, "_place_of", lambda *_what: place)
    asked = wish(
        expect=expect(ssh=False, console="login"),
        console_log=str(console_log),
        cache_dir=str(cache),
    )
    return bool(check_boot(asked, lambda: None)["passed"])  # type: ignore[arg-type,return-value]


def test_it_is_written_in_one_way_everywhere(clock: Clock, tmp_path: Path, check: Check) -> None:
    """Whatever language this machine speaks, and whatever the guest writes."""
    log = tmp_path / "console.log"
    assert check(log, PaperGuest(clock, says=lambda _now: SAID))
    assert log.read_bytes().decode() == "Grüße\r\nlogin: ?\n"


def test_it_is_written_also_if_the_check_ends_by_an_error(
    clock: Clock, tmp_path: Path, check: Check
) -> None:
    """Then more than ever, somebody wants to know what was going on."""

    def says(now: float) -> str:
        if now > 3:
            raise NotFound("The server is gone.")
        return "so far\n"

    log = tmp_path / "console.log"
    with pytest.raises(NotFound):
        check(log, PaperGuest(clock, says=says))
    assert log.read_text() == "so far\n"


def test_a_folder_that_is_not_there_is_told_before_anything_starts(
    clock: Clock, tmp_path: Path, check: Check
) -> None:
    """Nobody waits for a check whose console is lost."""
    guest = PaperGuest(clock)
    with pytest.raises(NoSpace, match="console_log"):
        check(tmp_path / "nowhere/console.log", guest)
    assert clock.now == 0
    assert not guest.ended
