# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What a guest said of itself, read from the answers to the script."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from .script import BEGUN, ENDED, MARK

_SECTOR = 512
# 2: eth0    inet 10.0.2.15/24 brd 10.0.2.255 scope global dynamic eth0
_ADDRESS = re.compile(r"^\d+:\s+(\S+?)(?:@\S+)?\s+inet6?\s+([0-9a-f.:]+)/\d+\s(.*)$")
_RECOVERED = "recoverable_errors:"
# Of more, a hostile guest would fill a result.
_AT_MOST = 100
_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """A network interface with a device behind it, and its addresses that are seen by others."""

    name: str
    mac: str
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """The root file system and what it lies on, in bytes; None where the guest did not say."""

    filesystem: int | None = None
    device: int | None = None
    disk: int | None = None
    # Where the last partition ends.
    partitioned: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestFacts:
    """The guest from inside."""

    hostname: str = ""
    interfaces: tuple[Interface, ...] = ()
    # Of each line that may let somebody in, the first two words: of a key without options, all
    # that counts.
    keys: tuple[str, ...] = ()
    # What cloud-init says of itself, or None where there is none.
    cloud_init: str | None = None
    cloud_init_detail: str = ""
    # The errors that it got over.
    cloud_init_recovered: str = ""
    root: Root = Root()
    failed_units: tuple[str, ...] = ()
    clock: int | None = None

    def addresses_of(self, family: str) -> tuple[str, ...]:
        """All addresses of a family, each in its one way to be written."""
        version = 4 if family == "ipv4" else 6
        found = (each for interface in self.interfaces for each in interface.addresses)
        return tuple(
            str(address) for address in map(ip_address, found) if address.version == version
        )

    def as_result(self) -> dict[str, Any]:
        """As modules return it."""
        return {
            "hostname": self.hostname,
            "interfaces": [
                {"name": each.name, "mac": each.mac, "addresses": list(each.addresses)}
                for each in self.interfaces
            ],
            "cloud_init": self.cloud_init,
            "failed_units": list(self.failed_units),
        }


def is_in(answer: str) -> bool:
    """Whether the script has begun, so that somebody is logged in."""
    return f"{MARK}{BEGUN}\n" in answer


def facts_from(answer: str) -> GuestFacts | None:
    """What a whole answer says; None where it ends too early."""
    parts = _parts(answer)
    if ENDED not in parts:
        return None
    addresses = _addresses(parts.get("addresses", [])[:_AT_MOST])
    clock = _first_line(parts.get("clock", []))
    said = parts.get("cloud_init", [])[:_AT_MOST]
    status, detail = _cloud_init(said)
    return GuestFacts(
        hostname=_first_line(parts.get("hostname", [])),
        interfaces=tuple(
            Interface(name=name, mac=mac, addresses=tuple(addresses.get(name, ())))
            for name, mac in map(_two_words, parts.get("interfaces", [])[:_AT_MOST])
        ),
        keys=tuple(filter(None, map(_key, parts.get("authorized_keys", [])))),
        cloud_init=status,
        cloud_init_detail=detail,
        cloud_init_recovered=_recovered(said),
        root=_root(parts.get("root", [])),
        failed_units=tuple(line.split()[0] for line in parts.get("units", [])[:_AT_MOST]),
        clock=int(clock) if clock.isdecimal() else None,
    )


def _parts(answer: str) -> dict[str, list[str]]:
    """The lines of each part, with single blanks, and without those that show nothing."""
    parts: dict[str, list[str]] = {}
    lines: list[str] = []
    # Of what else Python takes for the end of a line, guests know nothing.
    for line in answer.split("\n"):
        if line.startswith(MARK):
            lines = parts.setdefault(line.removeprefix(MARK), [])
        elif shown := _shown(line):
            lines.append(shown)
    return parts


def _shown(line: str) -> str:
    words = "".join(c for c in line if c.isprintable() or c == "\t").split()
    return " ".join(words)[:_LONGEST]


def _key(line: str) -> str:
    """What counts of a line of authorized_keys, before which the script has put a word."""
    return " ".join(line.split()[1:3])


def _first_line(lines: list[str]) -> str:
    return lines[0].strip() if lines else ""


def _two_words(line: str) -> tuple[str, str]:
    first, _blank, rest = line.strip().partition(" ")
    return first, rest.strip()


def _addresses(lines: list[str]) -> dict[str, list[str]]:
    """What others see of each interface: no addresses of the link, and none that change daily."""
    found: dict[str, list[str]] = {}
    for line in lines:
        match = _ADDRESS.match(line)
        if not match:
            continue
        name, address, rest = match.groups()
        words = rest.split()
        if "global" in words and "temporary" not in words and _is_address(address):
            found.setdefault(name, []).append(address)
    return found


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _cloud_init(lines: list[str]) -> tuple[str | None, str]:
    """Its status, and what it says beside it; the first line is where the program is."""
    if not lines:
        return None, ""
    # What stands first is its own; texts of others follow.
    told = dict(line.split(":", 1) for line in reversed(lines[1:]) if re.match(r"\w+:", line))
    status = told.get("status", "").strip()
    detail = [
        line.strip() for line in lines[1:] if not re.match(r"(\w*status|\w*boot\w*|time):", line)
    ]
    return status or "unknown", " ".join(detail)


def _recovered(lines: list[str]) -> str:
    """The errors that cloud-init got over; they come last, below a line for each kind."""
    if _RECOVERED not in lines:
        return ""
    below = lines[lines.index(_RECOVERED) + 1 :]
    return "; ".join(line.removeprefix("- ") for line in below if line.startswith("- "))


def _root(lines: list[str]) -> Root:
    sizes: dict[str, int] = {}
    ends = []
    for line in lines:
        what, *numbers = line.split()
        if what == "filesystem" and len(numbers) > 1 and numbers[1].isdecimal():
            # df: the device, then its size in KiB.
            sizes[what] = int(numbers[1]) * 1024
        elif what in {"device", "disk"} and numbers and numbers[0].isdecimal():
            sizes[what] = int(numbers[0]) * _SECTOR
        elif what == "partition" and len(numbers) == 2 and all(map(str.isdecimal, numbers)):  # noqa: PLR2004
            ends.append((int(numbers[0]) + int(numbers[1])) * _SECTOR)
    return Root(
        filesystem=sizes.get("filesystem"),
        device=sizes.get("device"),
        disk=sizes.get("disk"),
        partitioned=max(ends, default=None),
    )
