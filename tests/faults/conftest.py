# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every fault test has: a scene on the cloud, and a cloud of its own to break."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.ruin import Ruin
from faults.scene import Scene, Source, make_source, staged
from integration.conftest import cloud, running_cloud
from support.cloud import LoopbackCloud

__all__ = ["cloud", "running_cloud"]

MIB = 1 << 20


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """A disk with data at both ends and a hole between, bigger than any socket's buffer."""
    chance = random.Random(1)  # noqa: S311  # Data, not a secret.
    ends = [chance.randbytes(8 * MIB) for _n in range(2)]
    return make_source(tmp_path_factory.mktemp("source"), [ends[0], bytes(4 * MIB), ends[1]])


@pytest.fixture(scope="session")
def other_source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """What upstream releases next."""
    chance = random.Random(2)  # noqa: S311  # As above.
    return make_source(tmp_path_factory.mktemp("other"), [chance.randbytes(MIB)])


@pytest.fixture
def scene(cloud: LoopbackCloud, source: Source, tmp_path: Path) -> Iterator[Scene]:
    """A task that nobody has run yet."""
    with staged(cloud, source, tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def ruin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ruin]:
    """A cloud whose services a test may kill, gone after the last of them."""
    folder = tmp_path_factory.mktemp("ruin") / "cloud"
    try:
        yield Ruin(folder)
    finally:
        Ruin(folder).down()


@pytest.fixture
def doomed(ruin: Ruin, source: Source, tmp_path: Path) -> Iterator[Scene]:
    """A task on that cloud, which is whole at the beginning and made whole again at the end."""
    ruin.up()
    with staged(ruin.cloud, source, tmp_path) as made:
        yield made
        ruin.up()
        made.cloud = ruin.cloud
