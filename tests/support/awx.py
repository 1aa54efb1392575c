# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWX does with our project files: answers to surveys, inventories cut into slices, jobs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from support.house import ROOT

AWX = ROOT / "playbooks" / "awx"
PROJECT = AWX / "project"
SURVEYS = AWX / "surveys"

_PROGRAMS = Path(sys.executable).parent
_COLLECTIONS = str(ROOT / ".venv" / "collections")
_HANGS_AFTER = 600


def names() -> list[str]:
    """The playbooks of the project; each has a survey of the same name."""
    return sorted(path.stem for path in SURVEYS.glob("*.yml"))


def survey(name: str) -> dict[str, Any]:
    """A survey as AWX is given it."""
    found: dict[str, Any] = yaml.safe_load((SURVEYS / f"{name}.yml").read_text())
    return found


def untouched(name: str) -> dict[str, str]:
    """The answers of somebody who has read the survey, and pressed the button."""
    return {question["variable"]: question["default"] for question in survey(name)["spec"]}


class _Answers(yaml.SafeDumper):
    """AWX marks the text of answers, as it is not to be evaluated as a template."""


_Answers.add_representer(str, lambda dumper, text: dumper.represent_scalar("!unsafe", text))


def as_awx_passes(answers: Mapping[str, Any]) -> str:
    """The file of variables that a job is started with: one document, each answer by itself."""
    return "".join(yaml.dump({key: value}, Dumper=_Answers) for key, value in answers.items())


def copied_project(folder: Path, catalog: Any = None) -> Path:
    """The project, as AWX has it from a repository."""
    shutil.copytree(PROJECT, folder)
    if catalog is not None:
        (folder / "catalog.yml").write_text(yaml.safe_dump(catalog, sort_keys=False))
    return folder


def inventory(source: Path) -> dict[str, Any]:
    """What AWX keeps of an inventory source: the answer of ansible-inventory."""
    found: dict[str, Any] = json.loads(
        subprocess.run(
            [_PROGRAMS / "ansible-inventory", "-i", source, "--list", "--export"],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": _COLLECTIONS},
        ).stdout
    )
    return found


def cut(found: Mapping[str, Any], number: int, count: int) -> dict[str, Any]:
    """The inventory of one slice: every so many hosts, and what all groups say."""
    hosts = sorted(found["_meta"]["hostvars"])[number - 1 :: count]
    groups = {
        name: {**group, "hosts": [host for host in group.get("hosts", []) if host in hosts]}
        for name, group in found.items()
        if name != "_meta"
    }
    return {"_meta": {"hostvars": {h: found["_meta"]["hostvars"][h] for h in hosts}}, **groups}


@dataclass(frozen=True)
class Credential:
    """What a credential comes to in a job: a clouds.yaml, and variables of the environment."""

    clouds: str
    environment: Mapping[str, str] = field(default_factory=dict)


def publish_in_slices(
    project: Path,
    hosts: Mapping[str, Any],
    credential: Credential,
    *,
    count: int,
    variables: str = "",
) -> list[dict[str, Any]]:
    """Publish at the same moment in so many jobs, each with a part of the hosts; their reports."""

    def run(number: int) -> dict[str, Any]:
        job = Job(project.parent / f"slice-{number}", "publish.yml")
        report = job.folder / "report.json"
        # What the template itself says is not marked, as its author is trusted.
        reporting = yaml.safe_dump({"publish_images_report_file": str(report)})
        job.prepare(project, cut(hosts, number, count), credential, variables + reporting)
        job.run()
        told: dict[str, Any] = json.loads(report.read_text())
        return told

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(1, count + 1)))


@dataclass(frozen=True)
class Job:
    """A job as AWX hands it to ansible-runner: a folder with project, inventory and credential."""

    folder: Path
    playbook: str

    def prepare(
        self, project: Path, hosts: Mapping[str, Any], credential: Credential, variables: str
    ) -> None:
        """Write all that the job gets."""
        shutil.copytree(project, self.folder / "project")
        script = f"#!{sys.executable}\nprint({json.dumps(hosts)!r})\n"
        self._write("inventory/hosts", script).chmod(0o700)
        self._write("env/extravars", variables)
        clouds = self._write("env/tmp_credential", credential.clouds)
        environment = {
            **credential.environment,
            "OS_CLIENT_CONFIG_FILE": str(clouds),
            "ANSIBLE_COLLECTIONS_PATH": _COLLECTIONS,
            "PATH": f"{_PROGRAMS}:{os.environ['PATH']}",
        }
        self._write("env/envvars", yaml.safe_dump(environment))
        self._write("env/cmdline", "--forks=2 -u root")

    def run(self) -> str:
        """Run it to its end; what it printed."""
        runner = str(_PROGRAMS / "ansible-runner")
        command = [runner, "run", str(self.folder), "--playbook", self.playbook]
        ended = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=_HANGS_AFTER
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def _write(self, path: str, text: str) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file
