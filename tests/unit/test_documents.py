# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is documented is what is there."""

from __future__ import annotations

import re
from typing import Any

import jmespath
import pytest
import yaml

from support.documents import documentation, module_names, plugin, read_yaml, role_names
from support.house import ROOT

AUTHENTICATION = plugin("module_utils.authentication").AUTHENTICATION
# Keys of an argument spec that documentation repeats, with their defaults.
SPECIFIED: dict[str, Any] = {
    "type": "str",
    "required": False,
    "default": None,
    "choices": None,
    "elements": None,
    "aliases": [],
}


def _facts(option: dict[str, Any]) -> dict[str, Any]:
    return {key: option.get(key, default) for key, default in SPECIFIED.items()}


def _talks_to_a_cloud(module: str) -> bool:
    return bool({"cloud", "auth"} & documentation("module")[module]["doc"]["options"].keys())


@pytest.mark.parametrize("module", module_names())
def test_documentation_equals_the_argument_spec(module: str) -> None:
    """Every option is documented as it is, and none is that is not there."""
    documented = documentation("module")[module]["doc"]["options"]
    spec = dict(plugin(f"modules.{module}").OPTIONS)
    if _talks_to_a_cloud(module):
        spec |= AUTHENTICATION
    assert {name: _facts(option) for name, option in documented.items()} == {
        name: _facts(option) for name, option in spec.items()
    }


@pytest.mark.parametrize("module", module_names())
def test_a_module_that_talks_to_a_cloud_takes_every_authentication_option(module: str) -> None:
    """A group default that one module did not know would break that module."""
    options = documentation("module")[module]["doc"]["options"]
    if _talks_to_a_cloud(module):
        assert options.keys() >= AUTHENTICATION.keys()


def test_the_action_group_has_the_modules_that_talk_to_a_cloud() -> None:
    """One module_defaults entry names the cloud for all of them, and for nothing else."""
    group = read_yaml("meta/runtime.yml")["action_groups"]["glance"]
    members = [entry for entry in group if isinstance(entry, str)]
    assert members == sorted(filter(_talks_to_a_cloud, module_names()))


@pytest.mark.parametrize("module", module_names())
def test_every_module_promises_check_mode_and_idempotency(module: str) -> None:
    """The attributes say what the runner gives to all modules."""
    attributes = documentation("module")[module]["doc"]["attributes"]
    assert attributes["check_mode"]["support"] == "full"
    assert attributes["idempotent"]["support"] == "full"
    assert attributes["diff_mode"]["support"] in {"full", "N/A"}


@pytest.mark.parametrize("module", module_names())
def test_examples_are_tasks_without_passwords(module: str) -> None:
    """Examples use full names, name a cloud, and teach nobody to write a password down."""
    examples = documentation("module")[module]["examples"]
    assert f"curator.glance.{module}:" in examples
    assert "password" not in examples


@pytest.mark.parametrize("module", module_names())
def test_queries_in_examples_are_jmespath(module: str) -> None:
    """An example that does not even compile teaches the wrong thing."""
    for task in yaml.safe_load(documentation("module")[module]["examples"]):
        for options in task.values():
            if isinstance(options, dict) and "query" in options:
                jmespath.compile(options["query"])


def _floors() -> dict[str, str]:
    lines = (ROOT / "meta/ee-requirements.txt").read_text().splitlines()
    found = [re.match(r"([\w.-]+)\s*>=\s*([\d.]+)", line) for line in lines]
    return {floor[1]: floor[2] for floor in found if floor}


def test_the_python_requirements_are_stated_once() -> None:
    """The modules' own check and their documentation repeat meta/ee-requirements.txt."""
    floors = _floors()
    checked = plugin("module_utils.cloud.sdk").REQUIREMENT
    assert checked == f"openstacksdk >= {floors['openstacksdk']}"
    stated = set()
    for module in module_names():
        for requirement in documentation("module")[module]["doc"].get("requirements", []):
            # What has no version is a program.
            if found := re.match(r"([\w.-]+) >= ([\d.]+)", requirement):
                assert floors[found[1]] == found[2], module
                stated.add(found[1])
    assert stated == floors.keys()


def test_the_development_environment_restates_no_floor() -> None:
    """tests/requirements.txt takes the floors from the one place that has them."""
    text = (ROOT / "tests/requirements.txt").read_text()
    assert "meta/ee-requirements.txt" in text
    for library in _floors():
        assert not re.search(rf"(?m)^{library}\b", text)


@pytest.mark.parametrize("role", role_names())
def test_role_defaults_are_documented(role: str) -> None:
    """Every default of a role stands in its argument spec, with the same value."""
    defaults = read_yaml(f"roles/{role}/defaults/main.yml") or {}
    specs = read_yaml(f"roles/{role}/meta/argument_specs.yml")["argument_specs"]
    options = specs["main"]["options"]
    assert {name: options.get(name, {}).get("default") for name in defaults} == defaults
    with_default = {name for name, option in options.items() if "default" in option}
    assert with_default == defaults.keys()
    assert all(name.startswith(f"{role}_") for name in options)
