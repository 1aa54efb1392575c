# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the other integration tests have, on a cloud that stores its images in Ceph."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.ceph import Pool, pool_of, scratch, start
from support.cloud import LoopbackCloud


@pytest.fixture(scope="session")
def running_cloud() -> Iterator[LoopbackCloud]:
    """In place of the cloud of all tests: one of these tests' own, gone after the last of them."""
    with scratch() as folder:
        yield start(folder)


@pytest.fixture
def pool(cloud: LoopbackCloud) -> Pool:
    return pool_of(cloud)
