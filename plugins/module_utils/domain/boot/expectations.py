# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What is expected of a guest that boots, as a task names it or leaves it to follow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from ...errors import InvalidRequest

# What is read in the guest itself, and so can be expected only where somebody may log in.
_READ_INSIDE = ("authorized_keys", "single_nic", "cloud_init", "grown", "clock")
# What is seen by reaching the guest.
_REACHED = ("ipv4", "ipv6")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectations:
    """What has to hold; what is not expected is not checked."""

    # A regular expression to be found on the console.
    console: str | None = None
    ssh: bool = True
    rdp: bool = False
    ipv4: bool = True
    ipv6: bool = True
    authorized_keys: bool = True
    # How many network interfaces beside lo.
    interfaces: int | None = 1
    cloud_init: bool = True
    grown: bool = True
    clock: bool = True

    @property
    def console_only(self) -> bool:
        """Whether nothing but the console shows how the guest is."""
        return not (self.ssh or self.rdp)

    @classmethod
    def from_option(cls, option: Mapping[str, Any]) -> Self:
        """Read `expect`; what it does not name follows from how the guest can be reached."""
        ssh, rdp = option["ssh"], option["rdp"]
        if not ssh:
            _require_way_in(option)
        if rdp and not ssh and option["ipv6"]:
            raise InvalidRequest(
                "expect.ipv6 is true, but only ssh is tried over IPv6. Leave expect.ipv6 out, or "
                "expect ssh as well."
            )
        if not (ssh or rdp):
            _require_reach(option)

        def follows(name: str, otherwise: bool) -> bool:  # noqa: FBT001
            return otherwise if option[name] is None else bool(option[name])

        return cls(
            console=_pattern(option["console"]),
            ssh=ssh,
            rdp=rdp,
            ipv4=follows("ipv4", ssh or rdp),
            ipv6=follows("ipv6", ssh),
            authorized_keys=follows("authorized_keys", ssh),
            interfaces=_interfaces(option, ssh=ssh),
            cloud_init=follows("cloud_init", ssh),
            grown=follows("grown", ssh),
            clock=follows("clock", ssh),
        )


def _require_way_in(option: Mapping[str, Any]) -> None:
    wanted = [name for name in _READ_INSIDE if option[name]]
    if option["interfaces"] is not None:
        wanted.append("interfaces")
    if wanted:
        raise InvalidRequest(
            f"expect.ssh is false, but expect.{wanted[0]} is read in the guest over ssh. Leave "
            f"{', '.join(wanted)} out, or expect ssh."
        )


def _require_reach(option: Mapping[str, Any]) -> None:
    wanted = [name for name in _REACHED if option[name]]
    if wanted:
        raise InvalidRequest(
            f"expect.{wanted[0]} is true, but nothing is expected to answer there. Expect ssh or "
            f"rdp as well, or leave {' and '.join(wanted)} out."
        )


def _pattern(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        found = re.compile(text).search("")
    except re.error as error:
        raise InvalidRequest(
            f"expect.console is no regular expression ({error}): {text!r}. Characters such as ( "
            "and [ that are meant themselves need a backslash."
        ) from error
    if found:
        raise InvalidRequest(
            f"expect.console is found on an empty console already: {text!r}. Name what the guest "
            "writes when it is ready."
        )
    return text


def _interfaces(option: Mapping[str, Any], *, ssh: bool) -> int | None:
    number = option["interfaces"]
    if number is None:
        single = ssh if option["single_nic"] is None else option["single_nic"]
        return 1 if single else None
    if number < 0:
        raise InvalidRequest(f"expect.interfaces is {number}. Give how many there shall be.")
    if option["single_nic"] and number != 1:
        raise InvalidRequest(
            f"expect.single_nic is true, and expect.interfaces is {number}. Leave one of them out."
        )
    return int(number)
