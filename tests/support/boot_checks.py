# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tests of image_boot_check share: the tiny guest's siblings, and what is said of each."""

from __future__ import annotations

from typing import Any

from guests.tiny import NO_BOOT_LOADER, NO_CLOUD_INIT, NO_NETWORK, NO_VIRTIO, Variant

MODULE = "image_boot_check"
PREFIX = "curator-boot-check"
ALL_CHECKS = (
    *("started", "boot", "ssh", "ipv4", "ipv6"),
    *("cloud_init", "authorized_keys", "interfaces", "grown", "clock"),
)
# Which check fails first, and why.
BROKEN: dict[Variant, tuple[str, str]] = {
    NO_BOOT_LOADER: ("boot", "the firmware finds no boot loader"),
    NO_VIRTIO: ("boot", "does not find its root disk, LABEL=tiny-root: it has no driver"),
    NO_CLOUD_INIT: ("ssh", "the key given at creation is not in authorized_keys"),
    NO_NETWORK: ("ssh", "its network is not configured"),
}
# The second interface is expected of the guest that is whole.
TWO_INTERFACES = {"interfaces": 2}
TWO_TOLD = ("interfaces", "1 network interface beside lo (eth0), and 2 were expected")
# A guest of which nothing but its console is expected.
CONSOLE = {"ssh": False}
# What the console of no guest says.
NEVER = {"ssh": False, "console": "nothing of the kind"}


def checks(result: dict[str, Any]) -> dict[str, bool | None]:
    """Each check by its name."""
    return {check["name"]: check["passed"] for check in result["checks"]}


def assert_passed(result: dict[str, Any]) -> None:
    """Everything that can be expected of the tiny guest was seen, and holds."""
    assert not result.get("failed"), result
    assert checks(result) == dict.fromkeys(ALL_CHECKS, True), result
    assert (result["changed"], result["passed"], result["reason"]) == (False, True, None)
    assert result["console"] == ""
    assert result["guest"]["cloud_init"] == "done"
    phases = result["phases"]
    order = ("started", "console", "ssh", "cloud_init", "ended")
    assert [phases[name] for name in order] == sorted(phases[name] for name in order)


def assert_failed(result: dict[str, Any], check: str, told: str) -> None:
    """One check failed, it is the reason in one line, and all that was seen is there."""
    assert result.get("failed"), result
    assert told in result["msg"][:1].lower() + result["msg"][1:], result["msg"]
    assert "\n" not in result["msg"]
    assert (result["passed"], result["reason"]) == (False, result["msg"])
    assert [name for name, passed in checks(result).items() if passed is False] == [check], result
    assert "ended" in result["phases"]
