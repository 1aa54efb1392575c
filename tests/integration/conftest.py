# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every integration test has: the running cloud, and modules to run against it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from support.cloud import LoopbackCloud, cloud_dir
from support.migrating import forget
from support.running import run_module
from support.sources import Offer, new_release
from support.upstream import upstream


class RunModule(Protocol):
    """Run a module with these options; the cloud is the provider's unless the test says which."""

    def __call__(self, **options: Any) -> dict[str, Any]: ...


@pytest.fixture(scope="session")
def running_cloud() -> LoopbackCloud:
    """The cloud that tests/cloud/up left running; integration tests do without nothing."""
    folder = cloud_dir()
    if not (folder / "cloud.json").exists():
        pytest.fail(f"no cloud in {folder}; run: tests/cloud/up {folder} (or make integration)")
    return LoopbackCloud(folder)


@pytest.fixture
def cloud(running_cloud: LoopbackCloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackCloud]:
    """The cloud, swept of what the test made in it."""
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(running_cloud.clouds_yaml))
    yield running_cloud
    running_cloud.sweep()


def _module(name: str) -> RunModule:
    def run(**options: Any) -> dict[str, Any]:
        if not {"cloud", "auth"} & options.keys():
            options["cloud"] = "provider"
        return run_module(name, **options)

    return run


@pytest.fixture
def share(cloud: LoopbackCloud) -> RunModule:  # noqa: ARG001  # Its environment is set up there.
    """Run image_share."""
    return _module("image_share")


@pytest.fixture
def describe(cloud: LoopbackCloud) -> RunModule:  # noqa: ARG001  # As above.
    """Run image_metadata."""
    return _module("image_metadata")


@pytest.fixture
def find(cloud: LoopbackCloud) -> RunModule:  # noqa: ARG001  # As above.
    """Run image_info."""
    return _module("image_info")


@pytest.fixture
def upload(cloud: LoopbackCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunModule:
    """Run image_upload_raw, with a home folder of the test's own for its cache."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    run = _module("image_upload_raw")

    def upload(**options: Any) -> dict[str, Any]:
        result = run(**options)
        if result.get("image"):
            user = options.get("cloud", "provider")
            cloud.forget_later(user, result["image"]["id"])
        return result

    return upload


@pytest.fixture
def migrate(cloud: LoopbackCloud) -> Iterator[RunModule]:
    """Run image_migrate, to the other cloud unless the test says where."""
    moved: list[str] = []

    def run(**options: Any) -> dict[str, Any]:
        if not {"destination", "destinations"} & options.keys():
            options["destination"] = {"cloud": "elsewhere"}
        moved.append(options["image"])
        return _module("image_migrate")(**options)

    yield run
    for user in ("elsewhere", "provider", "customer_a", "customer_b"):
        forget(cloud, user, *moved)


@pytest.fixture
def name() -> str:
    """A name that no other test uses."""
    return f"test {uuid.uuid4().hex}"


@pytest.fixture
def offer(name: str, tmp_path: Path) -> Iterator[Offer]:
    """A qcow2 that upstream released, with its checksums, on a server."""
    release = new_release(tmp_path / "upstream", "disk.qcow2")
    with upstream(release.folder) as server:
        yield Offer(name=name, release=release, server=server)


@pytest.fixture
def image(cloud: LoopbackCloud) -> dict[str, Any]:
    """A private image of the provider, with data."""
    return cloud.new_image()
