# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWX is given: surveys, playbooks that read their answers, an environment for jobs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from support import awx
from support.documents import read_yaml
from support.house import ROOT

_BUILDER = Path(sys.executable).with_name("ansible-builder")
_TASKS = sorted((awx.AWX / "tasks").glob("*.yml"))
# Those that a survey may leave empty: AWX refuses an empty integer and an empty choice.
_TEXT = {"text", "textarea"}


def _project(name: str) -> str:
    return (awx.PROJECT / f"{name}.yml").read_text()


def _templates() -> dict[str, dict[str, Any]]:
    """The job templates, by the last word of their names."""
    block = read_yaml("playbooks/awx/tasks/templates.yml")[0]["block"]
    made = [task["awx.awx.job_template"] for task in block]
    return {template["name"].split(": ")[1]: template for template in made}


@pytest.mark.parametrize("name", awx.names())
def test_a_survey_can_be_left_as_it_is(name: str) -> None:
    """AWX takes the survey, and each question has an answer that AWX takes, too."""
    survey = awx.survey(name)
    assert set(survey) == {"name", "description", "spec"}
    for question in survey["spec"]:
        assert set(question) - {"choices"} == {
            *("question_name", "question_description", "variable"),
            *("type", "default", "required"),
        }
        assert isinstance(question["default"], str)
        if question["type"] == "multiplechoice":
            assert all(isinstance(choice, str) for choice in question["choices"])
            assert question["default"] == question["choices"][0]
        else:
            assert question["type"] in _TEXT
    assert len(awx.untouched(name)) == len(survey["spec"]), "two questions have one variable"


@pytest.mark.parametrize("name", awx.names())
def test_each_answer_is_read(name: str) -> None:
    """The project's playbook reads the answers to its survey, and no others."""
    assert set(re.findall(r"\bsurvey_\w+", _project(name))) == set(awx.untouched(name))


@pytest.mark.parametrize("name", awx.names())
def test_answers_become_variables_of_the_role(name: str) -> None:
    """What the project's playbook sets, the role of the playbook that it imports knows."""
    plays = yaml.safe_load(_project(name))
    imported = [play.get("ansible.builtin.import_playbook", "") for play in plays]
    playbook = "".join(imported).removeprefix("curator.glance.")
    text = (ROOT / "playbooks" / f"{playbook}.yml").read_text()
    role = re.findall(r"(?:role|name): curator\.glance\.(\w+)", text)[0]
    known = read_yaml(f"roles/{role}/meta/argument_specs.yml")["argument_specs"]["main"]
    set_here = {
        variable for task in plays[0]["tasks"] for variable in task["ansible.builtin.set_fact"]
    }
    assert set_here <= set(known["options"])


def test_templates_name_what_is_there() -> None:
    """Each job template has a playbook of the project, and the survey of that name."""
    for template in _templates().values():
        assert template["playbook"].removesuffix(".yml") in awx.names()
        assert f"'/{template['playbook']}'" in template["survey_spec"]


def test_a_slice_never_retires() -> None:
    """Publishing is cut into slices, and what retires is not."""
    templates = _templates()
    assert "awx_setup_slices" in str(templates["publish"]["job_slice_count"])
    assert templates["complete"]["job_slice_count"] == 1
    assert "job_slice_count" not in templates["retire"]


def test_every_setting_is_described() -> None:
    """What the tasks are told, and what of it has to be given, is in settings.yml."""
    settings = (awx.AWX / "settings.yml").read_text()
    playbook = (ROOT / "playbooks" / "awx_setup.yml").read_text()
    used = {
        name
        for text in (playbook, *(path.read_text() for path in _TASKS))
        for name in re.findall(r"\bawx_setup_[a-z_]+", text)
    }
    described = set(re.findall(r"^(?:# )?(awx_setup_\w+):", settings, re.MULTILINE))
    assert used == described


def test_the_execution_environment_has_what_we_need(tmp_path: Path) -> None:
    """ansible-builder makes a build context of the definition, with this version of the collection.

    What the collection needs beside itself, the build asks of the collection that was put in.
    """
    galaxy = read_yaml("galaxy.yml")
    tarball = f"{galaxy['namespace']}-{galaxy['name']}-{galaxy['version']}.tar.gz"
    (tmp_path / tarball).touch()
    definition = tmp_path / "execution-environment.yml"
    definition.write_text((awx.AWX / definition.name).read_text())
    context = tmp_path / "context"
    _build("create", "--file", definition, "--context", context, "--output-filename=Containerfile")

    made = (context / "Containerfile").read_text()
    assert "ansible-core" in made
    assert "ansible-runner" in made
    assert (context / "_build" / "collections" / tarball).exists()
    wanted = yaml.safe_load((context / "_build" / "requirements.yml").read_text())
    assert wanted["collections"] == [{"name": f"collections/{tarball}", "type": "file"}]

    found = yaml.safe_load(_build("introspect", ROOT / ".venv" / "collections"))
    python = {re.split(r"[><=;]", line)[0] for line in found["python"]}
    assert {"openstacksdk", "oslo.utils"} <= python
    system = {line.split()[0] for line in found["system"] if "platform:rpm" in line}
    assert {"qemu-img", "libnbd", "gnupg2", "openssh-clients"} <= system


def _build(*arguments: str | Path) -> str:
    ended = subprocess.run([_BUILDER, *arguments], check=False, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout
