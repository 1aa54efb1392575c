# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clouds with compute: one whose guests boot, and one that only has records of servers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.conftest import name
from support.cloud import LoopbackCloud
from support.compute import ComputeCloud
from support.shared_cloud import shared_cloud

__all__ = ["name"]


@pytest.fixture(scope="session")
def running_compute_cloud() -> Iterator[Path]:
    """A cloud whose guests boot, and that has volumes, while the session lasts."""
    with shared_cloud("libvirt") as folder:
        yield folder


@pytest.fixture(scope="session")
def running_fake_compute_cloud() -> Iterator[Path]:
    """A cloud with records of servers and without volumes, which is much quicker."""
    with shared_cloud("fake") as folder:
        yield folder


@pytest.fixture
def compute_cloud(running_compute_cloud: Path) -> Iterator[ComputeCloud]:
    """The cloud whose guests boot, swept of what the test made in it."""
    yield from _swept(running_compute_cloud)


@pytest.fixture(scope="module")
def lasting_compute_cloud(running_compute_cloud: Path) -> Iterator[ComputeCloud]:
    """The same, for what all tests of a file look at; swept after the last of them."""
    yield from _swept(running_compute_cloud)


@pytest.fixture
def fake_compute_cloud(running_fake_compute_cloud: Path) -> Iterator[ComputeCloud]:
    """The cloud with records of servers, swept of what the test made in it."""
    yield from _swept(running_fake_compute_cloud)


def _swept(folder: Path) -> Iterator[ComputeCloud]:
    cloud = LoopbackCloud(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OS_CLIENT_CONFIG_FILE", str(cloud.clouds_yaml))
        compute = ComputeCloud(cloud)
        yield compute
        compute.sweep()
