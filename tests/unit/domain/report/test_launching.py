# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Examples to copy: right for their tools, whatever people called the image."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import hcl2
import pytest
import yaml
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image
from ansible_collections.curator.glance.plugins.module_utils.domain.report.launching import (
    launches,
    login,
)

GIB = 1024**3
ID = "9f1c2a34-0000-4000-8000-00000000abcd"
HOSTILE = [
    "Debian 12",
    "",
    "'; rm -rf ~; '",
    '"; exit 1 #',
    "$(reboot) `reboot` ${reboot} %{ if true }",
    "two\nlines: [a, b]",
    "carriage\rreturn\x85next\u2028line\u2029paragraph",
    "\x00\x1b[2J\x7f\ufeff\ufffe",
    "right \u202eto left\u202c",
    "{{ 7 * 7 }} {% raw %} #{x}",
    "& <b>bold</b> -->",
    "- : ? ! * & @ % |> key: value",
    "\U0001f427 Pinguin \u00e4\u00f6\u00fc \u4e2d\u6587",
    "back\\slash \\n \\u0041",
]


def image(**changes: Any) -> Image:
    """An image; attributes by their names, and its properties as such."""
    told = {"name": "Debian 12", "size": 2 * GIB, "min_disk": 4, "properties": {}, **changes}
    return Image(id=ID, status="active", visibility="public", **told)


def block(parsed: Any, *path: str) -> Any:
    """What stands in blocks of HCL inside one another; each may be there several times."""
    for name in path:
        parsed = parsed[0] if isinstance(parsed, list) else parsed
        parsed = parsed.get(name, parsed.get(f'"{name}"'))
    return parsed[0] if isinstance(parsed, list) else parsed


def carried_out(command: str) -> list[str]:
    """What a shell would hand to the client."""
    script = f'openstack() {{ printf "%s\\n" "$@"; }}\n{command}\n'
    done = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.parametrize("name", HOSTILE)
def test_the_command_line(name: str) -> None:
    """One command, of which every word is as it was meant."""
    assert carried_out(launches(image(name=name))["cli"]) == [
        *("server", "create", "--flavor", "FLAVOR", "--network", "NETWORK"),
        *("--key-name", "KEY", "--image", ID, "--boot-from-volume", "4", "my-server"),
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_heat(name: str) -> None:
    """A template with the one server, and a description that is a text."""
    template = yaml.safe_load(launches(image(name=name))["heat"])
    # YAML reads it as a day, as Heat does.
    assert str(template["heat_template_version"]) == "2018-08-31"
    assert isinstance(template["description"], str)
    assert template["resources"] == {
        "server": {
            "type": "OS::Nova::Server",
            "properties": {
                "name": "my-server",
                "flavor": "FLAVOR",
                "key_name": "KEY",
                "networks": [{"network": "NETWORK"}],
                "block_device_mapping_v2": [
                    {
                        "image": ID,
                        "volume_size": 4,
                        "boot_index": 0,
                        "delete_on_termination": True,
                    }
                ],
            },
        }
    }


@pytest.mark.parametrize("name", HOSTILE)
def test_terraform(name: str) -> None:
    """One resource and a comment of one line, out of which no name comes."""
    text = launches(image(name=name))["terraform"]
    assert text.splitlines()[0].startswith("# ")
    assert text.splitlines()[1].startswith("resource ")
    parsed = hcl2.loads(text)
    (resource,) = parsed["resource"]
    server = block(resource, "openstack_compute_instance_v2", "server")
    device = block(server, "block_device")
    assert str(device["uuid"]).strip('"') == ID
    assert int(device["volume_size"]) == 4


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_left_of_a_name(name: str) -> None:
    """A comment hides nothing, and turns nothing around."""
    for text in launches(image(name=name)).values():
        assert all(sign.isprintable() or sign == "\n" for sign in text)


def test_a_name_is_still_readable() -> None:
    """What harms nobody stays as people wrote it."""
    told = launches(image(name="\U0001f427 Pinguin \u00e4 \u4e2d\u6587"))
    assert told["terraform"].startswith("# \U0001f427 Pinguin \u00e4 \u4e2d\u6587\n")
    assert yaml.safe_load(told["heat"])["description"] == "\U0001f427 Pinguin \u00e4 \u4e2d\u6587"


def test_an_id_that_is_none() -> None:
    """Glance gives no such id; were there one, no tool would carry it out."""
    told = launches(replace(image(), id='${file("x")}%{if true}\'; reboot'))
    assert "$${file" in told["terraform"]
    assert "%%{if" in told["terraform"]
    assert carried_out(told["cli"])[9] == '${file("x")}%{if true}\'; reboot'


@pytest.mark.parametrize(
    "changes, size",
    [
        ({"min_disk": 4, "size": 2 * GIB}, "4"),
        ({"min_disk": 0, "size": 2 * GIB + 1}, "3"),
        ({"min_disk": 0, "size": GIB, "virtual_size": 10 * GIB}, "10"),
        ({"min_disk": 1, "size": 5 * GIB}, "5"),
        ({"min_disk": 0, "size": 0}, "1"),
        ({"min_disk": 0, "size": None}, "1"),
    ],
)
def test_the_volume_holds_the_image(changes: dict[str, Any], size: str) -> None:
    """Whatever an image says that it needs, its content has to fit."""
    assert f"--boot-from-volume {size} " in launches(image(**changes))["cli"]


def test_the_client_knows_the_options() -> None:
    """The options of the example are those of the real client."""
    client = Path(sys.executable).with_name("openstack")
    told = subprocess.run(
        [client, "server", "create", "--help"], capture_output=True, text=True, check=True
    ).stdout
    options = [word for word in carried_out(launches(image())["cli"]) if word.startswith("--")]
    assert options == ["--flavor", "--network", "--key-name", "--image", "--boot-from-volume"]
    for option in options:
        assert f" {option} <" in told


@pytest.mark.parametrize(
    "properties, command",
    [
        ({"image_original_user": "debian"}, "ssh debian@ADDRESS"),
        ({"os_admin_user": "core"}, "ssh core@ADDRESS"),
        ({"image_original_user": "none"}, None),
        ({"image_original_user": ""}, None),
        ({}, None),
        ({"image_original_user": "Administrator", "os_type": "windows"}, None),
        ({"image_original_user": "a; reboot"}, None),
        ({"image_original_user": "-oProxyCommand=reboot"}, None),
    ],
)
def test_logging_in(properties: dict[str, str], command: str | None) -> None:
    """As the user that the image names, where a key is what lets in."""
    assert login(image(properties=properties)) == command
