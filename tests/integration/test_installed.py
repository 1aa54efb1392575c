# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What users have is the tarball: built, installed, and run from there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from support.cloud import LoopbackCloud
from support.house import ROOT
from support.running import play


def _galaxy(folder: Path, *words: str | Path) -> None:
    """Run ansible-galaxy where there is no collection but what is in the folder."""
    program = str(Path(sys.executable).with_name("ansible-galaxy"))
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(folder)}
    command = [program, "collection", *map(str, words)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)


@pytest.fixture(scope="session")
def tarball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The collection as `make build` makes it."""
    folder = tmp_path_factory.mktemp("built")
    staged = folder / "staged"
    subprocess.run(
        [sys.executable, ROOT / "tests/tools/stage_collection.py", staged], check=True, cwd=ROOT
    )
    _galaxy(folder, "build", "--output-path", folder, staged)
    (built,) = folder.glob("*.tar.gz")
    return built


@pytest.fixture(scope="session")
def installed(tarball: Path) -> Path:
    """A folder of collections in which there is ours, from the tarball, and nothing else."""
    folder = tarball.parent / "collections"
    _galaxy(folder, "install", "--offline", "-p", folder, tarball)
    return folder


def test_the_tarball_holds_what_users_need_and_nothing_of_ours(tarball: Path) -> None:
    """No environments, caches or clouds; and all that a user or an execution environment reads."""
    with tarfile.open(tarball) as archive:
        names = archive.getnames()
    tops = {name.partition("/")[0] for name in names}
    assert {"plugins", "roles", "playbooks", "meta", "README.md", "LICENSE"} <= tops
    for name in ("meta/runtime.yml", "meta/execution-environment.yml", "meta/ee-requirements.txt"):
        assert name in names
    unwanted = {".venv", ".cloud", ".git", ".ci", ".ansible", "build"}
    assert not tops & unwanted
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]
    assert not [name for name in names if "clouds.yaml" in name]


def test_the_playbook_runs_from_the_installed_collection(
    cloud: LoopbackCloud, installed: Path, tmp_path: Path
) -> None:
    """Far from the checkout: shared, accepted, reported, and once more for nothing."""
    image = cloud.new_image()
    report = tmp_path / "report.json"
    variables = {
        "share_images_cloud": "provider",
        "share_images_report_file": str(report),
        "share_images_list": [
            {
                "image": image["name"],
                "projects": ["customer_a", "customer_b"],
                "accept_with": ["customer_a"],
            }
        ],
    }
    for changed in (2, 0):
        played = play(
            "curator.glance.share", "-v", "-e", json.dumps(variables), collections=installed
        )
        assert played.status == 0, played.output
        assert str(ROOT) not in played.output
        done = [result for result in played.results if result.get("changed")]
        assert len([result for result in done if "Write" not in result["task"]]) == changed
    assert cloud["provider"].members(image["id"]) == {
        cloud["customer_a"].project_id: "accepted",
        cloud["customer_b"].project_id: "pending",
    }
    written = json.loads(report.read_text())["images"][image["name"]]
    assert {member["project_name"] for member in written["members"]} == {
        "customer_a",
        "customer_b",
    }
