# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook awx_setup, with the modules of awx.awx as they are, and an AWX that is not one.

The modules check their options with Ansible's own validator, and look up by name what a task names.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support import awx
from support.awx_api import Api, awx_api
from support.house import ROOT

pytestmark = pytest.mark.slow

_PLAYBOOK = "awx_setup.yml"
_SECRET = "clouds: {provider: {auth: {password: not-a-real-one}}}\n"
_HANGS_AFTER = 600


@dataclass(frozen=True)
class Operator:
    """Somebody with an AWX, and with the package that awx.awx comes in."""

    programs: Path
    folder: Path
    api: Api
    address: str

    def set_up(self, *arguments: str, **settings: Any) -> subprocess.CompletedProcess[str]:
        """Run the playbook; in a copy, so that a test can spoil it."""
        told = {
            "awx_setup_repository": "https://git.example.com/cloud/images.git",
            "awx_setup_image": "registry.example.com/cloud/ee:1",
            "awx_setup_clouds_file": str(self.folder / "clouds.yaml"),
            **settings,
        }
        return subprocess.run(
            [
                self.programs / "ansible-playbook",
                self.folder / _PLAYBOOK,
                *("--extra-vars", json.dumps(told)),
                *arguments,
            ],
            check=False,
            capture_output=True,
            text=True,
            env={
                **os.environ,
                "CONTROLLER_HOST": self.address,
                "CONTROLLER_OAUTH_TOKEN": "none",
                "ANSIBLE_LOCALHOST_WARNING": "false",
                "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            },
            timeout=_HANGS_AFTER,
            stdin=subprocess.DEVNULL,
        )


@pytest.fixture(scope="session")
def programs() -> Path:
    """The programs of the package ansible, which the bench keeps for its own ends."""
    asked = "from bench import environments; print(environments.ensure()['ansible'])"
    path = f"{ROOT / 'tests'}:{ROOT / 'tests' / 'cloud'}"
    found = subprocess.run(
        [sys.executable, "-c", asked],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    return Path(found.stdout.strip())


@pytest.fixture
def operator(programs: Path, tmp_path: Path) -> Iterator[Operator]:
    """An operator who has not set up anything."""
    shutil.copy(ROOT / "playbooks" / _PLAYBOOK, tmp_path)
    shutil.copytree(awx.AWX, tmp_path / "awx")
    (tmp_path / "clouds.yaml").write_text(_SECRET)
    with awx_api() as (api, address):
        yield Operator(programs, tmp_path, api, address)


def test_all_is_set_up_once(operator: Operator) -> None:
    """Every module takes its task, no secret is shown, and a second run changes nothing."""
    settings = {"awx_setup_slices": 3, "awx_setup_report_page": "/srv/images/index.html"}
    ended = operator.set_up(**settings)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "not-a-real-one" not in ended.stdout
    assert operator.api.secrets == [_SECRET]

    _see_the_credential(operator.api)
    _see_the_templates(operator.api)
    _see_the_night(operator.api)

    again = operator.set_up(**settings)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "changed=0" in again.stdout, again.stdout


def test_a_check_changes_nothing(operator: Operator) -> None:
    """It tells which of the settings would change what there is."""
    assert operator.set_up().returncode == 0
    ended = operator.set_up("--check", awx_setup_slices=5)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "changed=1" in ended.stdout, ended.stdout
    assert operator.api.named("job_templates")["Images: publish"]["job_slice_count"] == 2


def _see_the_credential(api: Api) -> None:
    kind = api.named("credential_types")["Images: clouds.yaml"]
    assert kind["injectors"] == {
        "file": {"template": "{{ clouds }}"},
        "env": {"OS_CLIENT_CONFIG_FILE": "{{ tower.filename }}", "OS_CLOUD": "{{ cloud }}"},
    }
    assert api.named("credentials")["Images: cloud"]["inputs"]["cloud"] == "provider"


def _see_the_templates(api: Api) -> None:
    templates = api.named("job_templates")
    assert len(templates) == 9
    for template in templates.values():
        asked = api.surveys[template["id"]]
        assert asked == awx.survey(template["playbook"].removesuffix(".yml"))
        assert template["survey_enabled"]
        links = api.targets(template, "credentials")
        assert [credential["name"] for credential in links] == ["Images: cloud"]
    assert templates["Images: publish"]["job_slice_count"] == 3
    completing = json.loads(templates["Images: complete"]["extra_vars"])
    assert completing == {"publish_images_check_upstream": False}
    reporting = json.loads(templates["Images: report"]["extra_vars"])
    assert reporting == {"report_images_page_file": "/srv/images/index.html"}


def _see_the_night(api: Api) -> None:
    """One step after the other; what publishes and retires, whatever the one before came to."""
    nodes = api.named("workflow_job_template_nodes")
    after = {
        (name, link): [other["identifier"] for other in api.targets(node, link)]
        for name, node in nodes.items()
        for link in ("success_nodes", "always_nodes", "failure_nodes")
    }
    assert {key: others for key, others in after.items() if others} == {
        ("repository", "success_nodes"): ["entries"],
        ("entries", "success_nodes"): ["publish"],
        ("publish", "always_nodes"): ["complete"],
        ("complete", "always_nodes"): ["retire"],
        ("retire", "always_nodes"): ["report"],
    }
    scheduled = api.named("schedules")["Images: every night"]
    assert (
        scheduled["unified_job_template"]
        == api.named("workflow_job_templates")["Images: nightly"]["id"]
    )
    assert "FREQ=DAILY" in scheduled["rrule"]


def test_what_is_missing_is_named(operator: Operator) -> None:
    """Before anything is set up."""
    ended = operator.set_up(awx_setup_image="")
    assert ended.returncode == 2
    assert "Give awx_setup_image" in ended.stdout
    assert not operator.api.kept["projects"]


@pytest.mark.parametrize(
    "file, of, wrong, words",
    [
        pytest.param(
            "catalog.yml",
            "scm_clean: true",
            "scm_tidy: true",
            "Unsupported parameters for .*project.* scm_tidy",
            id="unknown",
        ),
        pytest.param(
            "catalog.yml", "overwrite: true", "overwrite: maybe", "not a valid boolean", id="type"
        ),
        pytest.param(
            "catalog.yml",
            'source_project: "{{ awx_setup_prefix }}: repository"',
            "source_project: nothing",
            "source project",
            id="nothing of the name",
        ),
    ],
)
def test_a_wrong_option_is_seen(
    operator: Operator, file: str, of: str, wrong: str, words: str
) -> None:
    """The test above can fail: the modules refuse what they do not know."""
    tasks = operator.folder / "awx" / "tasks" / file
    text = tasks.read_text()
    assert of in text
    tasks.write_text(text.replace(of, wrong))
    ended = operator.set_up()
    assert ended.returncode == 2
    assert re.search(words, ended.stdout, re.DOTALL), ended.stdout
