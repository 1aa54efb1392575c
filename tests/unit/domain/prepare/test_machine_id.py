# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A machine-id that is one already, and one that is to become one."""

from __future__ import annotations

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.inspecting import (
    inspect,
)

from support.paper_guest import PaperGuest, done


@pytest.mark.parametrize("stock", ["", "uninitialized\n"])
def test_machine_id_that_is_none(stock: str) -> None:
    """As images have it; "uninitialized" also tells systemd that it never started before."""
    guest = PaperGuest({"/etc/machine-id": stock})
    assert not done(guest, "machine_identity")[1].changed
    assert not inspect(guest)["machine_id"]
