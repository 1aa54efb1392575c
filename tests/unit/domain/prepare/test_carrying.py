# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is refused while operations are carried out: in check mode just as in a run."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.carrying import (
    carry_out,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.guest import Kind
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.overlay import Overlay
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.table import understand
from ansible_collections.curator.glance.plugins.module_utils.errors import CheckFailed

from support.paper_guest import Files, Link, Odd, PaperGuest, done

TOOL: dict[str, Any] = {"/usr/bin/apt-get": ""}


@pytest.mark.parametrize("operation", [{"install": "htop"}, "update"])
def test_what_fetches_needs_a_network(operation: Any) -> None:
    """It is said before a program of the guest tries in vain, and before anybody relies on it."""
    operations = understand([operation], Files())
    with pytest.raises(CheckFailed, match="network: true"):
        carry_out(operations, Overlay(PaperGuest(TOOL)), network=False)
    assert carry_out(operations, Overlay(PaperGuest(TOOL)), network=True).changed


def test_what_fetches_nothing_needs_none() -> None:
    """Packages that lie here are brought into the guest."""
    operations = understand([{"install": {"files": ["/here/htop_3_amd64.deb"]}}], Files())
    assert carry_out(operations, Overlay(PaperGuest(TOOL)), network=False).changed


@pytest.mark.parametrize("what", [Kind.OTHER, Kind.FOLDER])
def test_only_files_are_written(what: Kind) -> None:
    """A pipe would keep whoever writes to it, and a device would be written to."""
    guest = PaperGuest({"/odd": Odd(what), "/there": Link("/odd"), "/etc/motd": ""})
    for path in ("/odd", "/there"):
        with pytest.raises(CheckFailed, match=f"{path} is {what.value}"):
            done(guest, {"write": {"path": path, "content": "x"}})
    for path in ("/etc/motd", "/etc/issue"):
        assert done(guest, {"write": {"path": path, "content": "x"}})[1].changed


def test_commands_stand_in_no_result() -> None:
    """What they hold may be nobody's business, and results are shown and kept."""
    _guest, carried = done(PaperGuest({}), {"run": "echo web:secret | chpasswd"})
    assert carried.changed
    assert "secret" not in str([outcome.as_result() for outcome in carried.outcomes])
