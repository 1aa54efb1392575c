# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A password appears nowhere, and names that are no secrets do, through real ansible-playbook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support.cloud import LoopbackCloud
from support.running import play

# As loud as a user who looks for an error is likely to be.
LOUD = "-vvv"


def tasks(*options: dict[str, Any]) -> list[dict[str, Any]]:
    """A play whose tasks take their credentials from variables, as plays do."""
    return [
        {
            "hosts": "localhost",
            "gather_facts": False,
            "tasks": [
                {"name": f"task {number}", "curator.glance.image_info": task, "ignore_errors": True}
                for number, task in enumerate(options)
            ],
        }
    ]


@pytest.fixture
def secret_file(cloud: LoopbackCloud, tmp_path: Path) -> str:
    """The provider's credentials, and wrong ones, in a file of variables."""
    auth = cloud.auth("provider")
    variables = {
        "provider_auth": auth,
        "wrong_auth": auth | {"password": "wrong-hunter2"},
        "provider_cloud": {"auth": auth, "region_name": "RegionOne"},
        # Unquoted braces in YAML: a dict where a password belongs.
        "mapped_cloud": {"auth": auth | {"password": {"map-hunter4": None}}},
        "broken_cloud": {"auth": auth | {"secret": "odd-hunter3"}, "auth_type": "nonsense"},
    }
    path = tmp_path / "secrets.json"
    path.write_text(json.dumps(variables))
    return f"@{path}"


def test_passwords_appear_nowhere(cloud: LoopbackCloud, secret_file: str, tmp_path: Path) -> None:
    """As dicts, in clouds.yaml and in the environment; in success, failure and misspelling."""
    image = cloud.new_image()
    log = tmp_path / "sdk.log"
    password = cloud.auth("provider")["password"]
    # Newer versions of Ansible return the options of a task only where this is set.
    environment = {"ANSIBLE_INJECT_INVOCATION": "true"}
    environment |= {f"OS_{key.upper()}": value for key, value in cloud.auth("customer_b").items()}
    played = play(
        tasks(
            {"cloud": "{{ provider_cloud }}", "image": image["name"]},
            {"auth": "{{ provider_auth }}", "image": image["name"]},
            {"auth": "{{ wrong_auth }}", "image": image["name"]},
            {"cloud": "{{ broken_cloud }}"},
            {"auth": "{{ provider_auth }}", "imagge": "misspelt"},
            {"auth": "{{ provider_auth | to_json }}", "image": image["name"], "timeout": "soon"},
            {
                "cloud": "customer_a",
                "sdk_log_path": str(log),
                "sdk_log_level": "DEBUG",
            },
            {"cloud": "envvars", "image": "none"},
            {"cloud": "{{ mapped_cloud }}"},
        ),
        LOUD,
        "-e",
        secret_file,
        env=environment,
    )
    outcomes = [result["outcome"] for result in played.results]
    assert outcomes == ["ok", "ok", "failed", "failed", "failed", "failed", "ok", "ok", "failed"]

    everything = "\n".join([played.output, json.dumps(played.results), log.read_text()])
    for name in ("provider", "customer_a", "customer_b"):
        assert cloud.auth(name)["password"] not in everything, name
    assert "hunter2" not in everything
    assert "hunter3" not in everything
    assert "hunter4" not in everything
    assert password not in everything

    # Users and projects are no secrets, and a user called like a project stars nothing out.
    shown = json.dumps(played.result_of("task 1"))
    assert '"username": "provider"' in shown
    assert '"project_name": "provider"' in shown
    assert '"password": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"' in shown
    assert image["name"] in shown
    assert "Unsupported parameters" in played.result_of("task 4")["msg"]


def test_the_cloud_is_named_once_for_a_whole_play(cloud: LoopbackCloud) -> None:
    """module_defaults for the action group reach every module that talks to a cloud."""
    image = cloud.new_image("customer_a")
    played = play(
        [
            {
                "hosts": "localhost",
                "gather_facts": False,
                "module_defaults": {
                    "group/curator.glance.glance": {
                        "cloud": "customer_a",
                        "api_timeout": 30,
                        "endpoint_type": "public",
                        "verify": True,
                    }
                },
                "tasks": [
                    {"name": "info", "curator.glance.image_info": {"image": image["name"]}},
                    {
                        "name": "metadata",
                        "curator.glance.image_metadata": {
                            "image": image["name"],
                            "min_ram": 64,
                        },
                    },
                    {"name": "share", "curator.glance.image_share": {"image": image["name"]}},
                ],
            }
        ]
    )
    assert played.status == 0, played.output
    assert played.result_of("info")["images"][0]["id"] == image["id"]
    assert cloud["customer_a"].image(image["id"])["min_ram"] == 64
    assert played.result_of("share")["image"]["min_ram"] == 64


def test_secrets_of_the_configuration_are_masked(cloud: LoopbackCloud) -> None:
    """A task that repeats what stands in clouds.yaml or the environment shows stars."""
    environment = {"ANSIBLE_INJECT_INVOCATION": "true"}
    environment |= {f"OS_{key.upper()}": value for key, value in cloud.auth("customer_b").items()}
    for name, user in (("customer_a", "customer_a"), ("envvars", "customer_b")):
        password = cloud.auth(user)["password"]
        # The task's file is not shown: Ansible prints the lines around a task that fails.
        wanted = {"cloud": name, "image": "{{ secret_name }}"}
        variables = json.dumps({"secret_name": password})
        played = play(tasks(wanted), LOUD, "-e", variables, env=environment)
        assert password not in json.dumps(played.results)
        shown = played.result_of("task 0")["invocation"]["module_args"]["image"]
        assert shown == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
