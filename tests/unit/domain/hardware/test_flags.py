# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How values are compared: as those who read them take them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.flags import (
    canonical,
    same_value,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest


@pytest.mark.parametrize("stored", ["true", "True", "yes", "1", "on", "Y", " t "])
@pytest.mark.parametrize("wanted", [True, "true", "True", "yes", 1, "1", "on"])
def test_a_switch_is_on_in_many_words(stored: str, wanted: Any) -> None:
    """Whoever wrote it, rewriting it would be no change."""
    assert same_value(stored, "hw_boot_menu", wanted)
    assert canonical("hw_boot_menu", wanted) == "true"
    assert not same_value(stored, "hw_boot_menu", False)  # noqa: FBT003  # A value, not an option.
    assert not same_value("off", "hw_boot_menu", wanted)


@pytest.mark.parametrize(
    "name, stored, wanted, same",
    [
        ("hw_cpu_sockets", "1", 1, True),
        ("hw_cpu_sockets", "1", "1", True),
        ("hw_cpu_sockets", "1", 1.0, True),
        ("hw_cpu_sockets", "01", 1, True),
        ("hw_cpu_sockets", "1.0", 1, False),
        ("hw_cpu_sockets", "2", 1, False),
        ("hw_numa_mem.0", "1024", 1024, True),
        ("hw_boot_menu", "maybe", False, False),
        ("hw_boot_menu", None, False, False),
        ("hw_disk_bus", "virtio", "virtio", True),
        ("hw_disk_bus", "Virtio", "virtio", False),
        ("hw_vif_model", "VirtualE1000", "e1000", False),
        ("hw_tpm_version", "2.0", 2.0, True),
        ("os_version", "22.04", 22.04, True),
        ("os_version", "12", 12, True),
        ("os_version", "4.10", 4.10, False),
        ("os_version", "yes", "true", False),
        ("hw_nobody_knows", "True", True, True),
        ("hw_nobody_knows", "1", True, False),
        ("hw_nobody_knows", "1", 1, True),
    ],
)
def test_values_are_the_same_where_they_are_read_so(
    name: str, stored: str | None, wanted: Any, *, same: bool
) -> None:
    """Numbers in any figures, text as it stands."""
    assert same_value(stored, name, wanted) is same


@pytest.mark.parametrize(
    "name, wanted, stored",
    [
        ("hw_boot_menu", "OFF", "false"),
        ("hw_boot_menu", "maybe", "maybe"),
        ("hw_video_ram", 16.0, "16"),
        ("hw_video_ram", " 16 ", "16"),
        ("hw_video_ram", 16.5, "16.5"),
        ("hw_video_ram", float("inf"), "inf"),
        ("hw_video_ram", True, "true"),
        ("hw_video_ram", "9" * 5000, "9" * 5000),
        ("hw_disk_bus", True, "true"),
        ("hw_vif_model", "VirtualE1000", "VirtualE1000"),
        ("note", 3, "3"),
    ],
)
def test_what_is_stored(name: str, wanted: Any, stored: str) -> None:
    """Switches and numbers in one spelling; what cannot be read is left for the check to tell."""
    assert canonical(name, wanted) == stored
    assert same_value(stored, name, wanted)


@pytest.mark.parametrize("wanted", [["ide"], {"a": 1}, "a\0b"])
def test_what_glance_cannot_store_is_refused(wanted: Any) -> None:
    """With the name of the property."""
    with pytest.raises(InvalidRequest, match="hw_disk_bus"):
        canonical("hw_disk_bus", wanted)
