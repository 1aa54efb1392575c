# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the loopback clouds are, and where in their folder everything lives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
SERVICE_PROJECT = "service"
SERVICE_USER = "glance"


class CloudError(Exception):
    """Something that the person at the terminal has to know; shown without a traceback."""


@dataclass(frozen=True)
class Account:
    """A user and the project of the same name, the only one in which it has roles."""

    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Spec:
    """One cloud: a Keystone and a Glance that know nothing of any other."""

    name: str
    region: str
    accounts: tuple[Account, ...]
    converts_to_raw: bool
    shows_direct_url: bool
    member_quota: int

    @property
    def admin(self) -> Account:
        """The first account: Keystone is bootstrapped with it."""
        return self.accounts[0]


# The two differ on purpose, so that tests meet both kinds of cloud.
SPECS = (
    Spec(
        name="first",
        region="RegionOne",
        accounts=(
            Account("provider", ("admin",)),
            Account("customer_a", ("member",)),
            Account("customer_b", ("member",)),
            Account("publisher", ("member", "image_publisher")),
        ),
        converts_to_raw=False,
        shows_direct_url=False,
        member_quota=128,  # Glance's own default.
    ),
    Spec(
        name="second",
        region="RegionTwo",
        accounts=(Account("elsewhere", ("admin",)),),
        converts_to_raw=True,
        shows_direct_url=True,
        member_quota=10,  # Soon reached by a test.
    ),
)


@dataclass(frozen=True)
class Rooms:
    """The folders of one cloud."""

    root: Path

    @property
    def etc(self) -> Path:
        return self.root / "etc"

    @property
    def db(self) -> Path:
        return self.root / "db"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def stores(self) -> Path:
        return self.root / "stores"

    @property
    def ceph(self) -> Path:
        """There only in a cloud that stores its images in Ceph."""
        return self.root / "ceph"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def ports(self) -> Path:
        return self.root / "ports.json"

    @property
    def seeded(self) -> Path:
        return self.root / "seeded"

    def make(self) -> None:
        stores = [self.stores / name for name in ("images", "staging", "tasks")]
        for folder in (self.etc, self.db, self.keys, self.log, self.run, *stores):
            folder.mkdir(parents=True, exist_ok=True)


@dataclass(frozen=True)
class Home:
    """DIR: everything that belongs to one pair of clouds."""

    root: Path

    @property
    def mark(self) -> Path:
        return self.root / ".loopback-cloud"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets.json"

    @property
    def clouds_yaml(self) -> Path:
        return self.root / "clouds.yaml"

    @property
    def cloud_json(self) -> Path:
        return self.root / "cloud.json"

    def rooms(self, spec: Spec) -> Rooms:
        return Rooms(self.root / spec.name)
