# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""tests/cloud/up and down: what everything else here stands on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from support.cloud import LoopbackCloud, cloud_dir
from support.house import ROOT

TOOLS = ROOT / "tests" / "cloud"


def call(tool: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run one of the cloud's tools as a user does."""
    return subprocess.run(
        [TOOLS / tool, *words], check=False, capture_output=True, text=True, timeout=300
    )


def up(folder: Path) -> dict[str, Any]:
    """Bring a cloud up and read what it says of itself."""
    done = call("up", folder)
    assert done.returncode == 0, done.stderr
    description: dict[str, Any] = json.loads((folder / "cloud.json").read_text())
    return description


def pids(description: dict[str, Any]) -> list[int]:
    return [
        service["pid"]
        for cloud in description["clouds"].values()
        for service in cloud["services"].values()
    ]


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended may stay listed until somebody asks how."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in {"Z", "X"}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for a cloud of the test's own, which is gone when the test is."""
    path = tmp_path / "cloud"
    yield path
    call("down", path, "--purge")


def test_what_is_secret_is_readable_by_its_owner_only(running_cloud: LoopbackCloud) -> None:
    """Random passwords, in files that nobody else reads."""
    folder = running_cloud.folder
    assert folder.stat().st_mode & 0o777 == 0o700
    for name in ("clouds.yaml", "secrets.json", "cloud.json"):
        assert (folder / name).stat().st_mode & 0o777 == 0o600
    users = ("provider", "customer_a", "customer_b", "publisher", "elsewhere")
    passwords = {running_cloud.auth(user)["password"] for user in users}
    assert len(passwords) == len(users)
    assert min(map(len, passwords)) >= 20


def test_it_listens_on_loopback_only(running_cloud: LoopbackCloud) -> None:
    """Read from the kernel, not from a configuration."""
    ports = {
        int(service["url"].rpartition(":")[2])
        for cloud in running_cloud.description["clouds"].values()
        for service in cloud["services"].values()
    }
    listening = "0A"
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    addresses = {
        int(local.partition(":")[2], 16): local.partition(":")[0]
        for local, state in ((line[1], line[3]) for line in lines)
        if state == listening
    }
    assert {addresses[port] for port in ports} == {"0100007F"}


def test_up_again_changes_nothing(running_cloud: LoopbackCloud) -> None:
    """The same processes, the same files."""
    before = pids(running_cloud.description)
    text = running_cloud.clouds_yaml.read_text()
    assert pids(up(running_cloud.folder)) == before
    assert running_cloud.clouds_yaml.read_text() == text


def test_users_are_who_they_should_be(running_cloud: LoopbackCloud) -> None:
    """One administrator a cloud; the publisher is none, and policy lets it publish all the same."""
    roles = running_cloud.description["clouds"]["first"]["users"]
    assert "admin" in roles["provider"]
    for user in ("customer_a", "customer_b", "publisher"):
        assert "admin" not in roles[user]
        listing = running_cloud[user].http("GET", f"{running_cloud[user].auth_url}/projects")
        assert listing.status_code == requests.codes.forbidden
    elsewhere = running_cloud["elsewhere"]
    assert elsewhere.auth_url != running_cloud["provider"].auth_url


def test_metadata_definitions_and_import_methods(running_cloud: LoopbackCloud) -> None:
    """What later tasks are checked against is there on both clouds."""
    for user in ("provider", "elsewhere"):
        namespaces = running_cloud[user].done("GET", "/metadefs/namespaces?limit=100")
        names = {namespace["namespace"] for namespace in namespaces["namespaces"]}
        assert "OS::Compute::LibvirtImage" in names
        methods = running_cloud[user].done("GET", "/info/import")["import-methods"]["value"]
        assert {"glance-direct", "web-download"} <= set(methods)


@pytest.mark.slow
def test_two_folders_are_two_clouds(folder: Path, tmp_path: Path) -> None:
    """Their own processes, ports and passwords, and one environment; down ends its own alone."""
    other = tmp_path / "other"
    first, second = up(folder), up(other)
    try:
        assert first["environment"] == second["environment"]
        assert not set(pids(first)) & set(pids(second))
        assert call("down", folder).returncode == 0
        assert not any(map(alive, pids(first)))
        assert all(map(alive, pids(second)))
    finally:
        assert call("down", other, "--purge").returncode == 0
    assert not any(map(alive, pids(second)))
    assert not other.exists()


@pytest.mark.slow
@pytest.mark.parametrize("service", ["glance", "keystone"])
def test_a_killed_service_is_repaired(folder: Path, service: str) -> None:
    """With what was stored before."""
    description = up(folder)
    cloud = LoopbackCloud(folder)
    image = cloud.new_image("customer_a")
    victim = description["clouds"]["first"]["services"][service]["pid"]
    os.killpg(victim, signal.SIGKILL)
    repaired = up(folder)
    assert repaired["clouds"]["first"]["services"][service]["pid"] != victim
    assert LoopbackCloud(folder)["customer_a"].image(image["id"])["status"] == "active"


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.3, 1.5, 3])
def test_an_interrupted_start_is_repaired(folder: Path, seconds: float) -> None:
    """Killed wherever it was; the next one ends in a whole cloud, and nothing is left over."""
    # A choice of instants, not a wait for anything: each is a place to die.
    starting = subprocess.Popen(
        [TOOLS / "up", folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        starting.wait(seconds)
    except subprocess.TimeoutExpired:
        starting.kill()
        starting.wait()
    description = up(folder)
    assert LoopbackCloud(folder).new_image("elsewhere")["status"] == "active"
    assert call("down", folder).returncode == 0
    assert not any(map(alive, pids(description)))


@pytest.mark.slow
def test_down_refuses_what_is_no_cloud(tmp_path: Path) -> None:
    """It removes folders: only those that it made."""
    (tmp_path / "letters").mkdir()
    assert call("down", tmp_path, "--purge").returncode != 0
    assert (tmp_path / "letters").exists()
    assert cloud_dir() != tmp_path
