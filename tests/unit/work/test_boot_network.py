# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way into a server that is in several networks."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from ansible_collections.curator.glance.plugins.module_utils.errors import NotFound
from ansible_collections.curator.glance.plugins.module_utils.work.boot_network import lead_in


@dataclass
class _Neutron:
    """A router leads outside from the networks of these ports."""

    routed: set[str]

    def create_floating_address(self, network: str, port: str, _name: str) -> tuple[str, str]:
        if port not in self.routed:
            raise NotFound(f"External network {network} is not reachable from {port}.")
        return "f", f"198.18.0.9 for {port}"


@pytest.mark.parametrize("routed", ["a", "b", "c"])
def test_it_leads_to_a_port_that_can_be_reached(routed: str) -> None:
    """Whichever that is of them."""
    found = lead_in(_Neutron({routed}), "out", ["a", "b", "c"], "x")  # type: ignore[arg-type]
    assert found == f"198.18.0.9 for {routed}"


def test_where_none_can_be_reached() -> None:
    """Neutron's own words tell it."""
    with pytest.raises(NotFound, match="not reachable from b"):
        lead_in(_Neutron(set()), "out", ["a", "b"], "x")  # type: ignore[arg-type]
