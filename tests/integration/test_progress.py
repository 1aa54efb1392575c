# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lines about a module that is at work: where they come, where they do not, and what they cost.

Nothing: the result is the module's own in every case. Plays run as a user's would; the module is a
stand-in that works until its line was shown.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from support.house import PLUGINS, ROOT
from support.running import Played, play

_SUPPORT = ROOT / "tests" / "support"
_MODULE = "curator.glance.image_upload_raw"
# As it is documented: which module and host, then what is known of the work.
_LINE = re.compile(
    r"image_upload_raw \[(?P<host>[^]]+)\] (?P<name>[^:]+): upload \d+ % "
    r"\(\d+ MiB of 1\.0 GiB, [\d.]+ MiB/s, \d+ (s|min) left\)"
)


@pytest.fixture
def collections(tmp_path: Path) -> Path:
    """The collection, with a stand-in for the module."""
    ours = tmp_path / "collections" / "ansible_collections" / "curator" / "glance"
    (ours / "plugins").mkdir(parents=True)
    (ours / "meta").symlink_to(ROOT / "meta")
    for room in ("action", "module_utils"):
        (ours / "plugins" / room).symlink_to(PLUGINS / room)
    (ours / "plugins" / "modules").symlink_to(_SUPPORT / "standin")
    return tmp_path / "collections"


def _task(name: str, **keywords: Any) -> dict[str, Any]:
    options = keywords.pop("options", {})
    return {"name": name, _MODULE: {"name": name, **options}, **keywords}


def _play(collections: Path, tmp_path: Path, *tasks: dict[str, Any], **keywords: Any) -> Played:
    log = tmp_path / "ansible.log"
    log.touch()
    plays = {"hosts": "localhost", "gather_facts": False, "tasks": list(tasks), **keywords}
    return play(
        [{**plays, "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}}],
        collections=collections,
        env={
            "ANSIBLE_LOG_PATH": str(log),
            # Whoever the tests run as may become that.
            "ANSIBLE_BECOME_ALLOW_SAME_USER": "true",
            "ANSIBLE_CONNECTION_PLUGINS": str(_SUPPORT / "connection"),
        },
    )


def test_lines_come_while_the_module_works(collections: Path, tmp_path: Path) -> None:
    """In loops, in check mode and where the task is delegated: each before its own result."""
    played = _play(
        collections,
        tmp_path,
        {
            "name": "in a loop",
            _MODULE: {"name": "{{ item }}", "until": "[localhost] {{ item }}: upload"},
            "loop": ["Debian 12", "Ubuntu 24.04"],
        },
        _task(
            "delegated",
            options={"until": "[localhost -> neighbour] delegated: upload"},
            delegate_to="neighbour",
            vars={"ansible_connection": "local"},
            check_mode=True,
        ),
    )
    assert played.status == 0, played.output
    shown = [found for found in map(_LINE.fullmatch, played.output.splitlines()) if found]
    assert [(line["host"], line["name"]) for line in shown] == [
        ("localhost", "Debian 12"),
        ("localhost", "Ubuntu 24.04"),
        ("localhost -> neighbour", "delegated"),
    ]
    for line in shown[:2]:
        assert line.start() < played.output.index(f"(item={line['name']})")

    # The process that prints is the one whose end the module has to notice.
    printing = re.search(r" p=(\d+) ", (tmp_path / "ansible.log").read_text())
    assert printing is not None
    results = [*played.result_of("in a loop")["results"], played.result_of("delegated")]
    for result in results:
        assert result["controller_lives"]
        assert result["told"]["CURATOR_CONTROLLER"].split(", ")[1].split()[0] == printing[1]
        assert set(result["told"]) == {"CURATOR_CONTROLLER", "CURATOR_PROGRESS_FILE"}
    assert [result["check"] for result in results] == [False, False, True]
    # Each had a file of its own, and none is left.
    files = {result["told"]["CURATOR_PROGRESS_FILE"] for result in results}
    assert len(files) == len(results)
    assert not any(Path(file).parent.exists() for file in files)


def test_nobody_follows_who_is_not_to_be_followed(collections: Path, tmp_path: Path) -> None:
    """Silenced, hidden, on another host, in the background: no lines, and the same result."""
    emptied = tmp_path / "sudo"
    # As sudo does: another environment, and then the command after the user's name.
    emptied.write_text('#!/bin/sh\nwhile [ "$1" != -u ]; do shift; done\nshift 2\nexec env -i "$@"')
    emptied.chmod(0o755)
    as_another = {"ansible_become_exe": str(emptied), "ansible_become_method": "sudo"}
    played = _play(
        collections,
        tmp_path,
        _task("silenced", vars={"curator_progress": "{{ 'no' }}"}),
        _task("hidden", no_log=True, register="hidden"),
        {"name": "uncovered", "ansible.builtin.debug": {"var": "hidden.told"}},
        _task("elsewhere", vars={"ansible_connection": "{{ item }}"}, loop=["local", "elsewhere"]),
        _task("in the background", **{"async": 60, "poll": 1}),
        _task("as another user", become=True, vars=as_another),
    )
    assert played.status == 0, played.output
    assert "image_upload_raw [" not in played.output
    # One worker runs all items of a loop: what it told the first is not for the second.
    beside_us, elsewhere = played.result_of("elsewhere")["results"]
    assert set(beside_us["told"]) == {"CURATOR_CONTROLLER", "CURATOR_PROGRESS_FILE"}
    for untold in (
        elsewhere,
        played.result_of("in the background"),
        played.result_of("as another user"),
    ):
        assert untold["changed"]
        assert untold["told"] == {}
    # No lines, but the module may know whose end is its own.
    silenced = played.result_of("silenced")
    assert silenced["controller_lives"]
    assert set(silenced["told"]) == {"CURATOR_CONTROLLER"}
    assert set(played.result_of("uncovered")["hidden.told"]) == {"CURATOR_CONTROLLER"}


def test_the_result_is_the_modules_own(collections: Path, tmp_path: Path) -> None:
    """Failures and retries included; defaults of the action group reach the module, too."""
    played = _play(
        collections,
        tmp_path,
        _task(
            "again",
            options={"fail_once": str(tmp_path / "failed")},
            register="again",
            until="again is succeeded",
            retries=2,
            delay=0,
        ),
        _task("fails", options={"fail_once": str(tmp_path / "other")}, ignore_errors=True),
        {"name": "defaults", _MODULE: {}},
        module_defaults={_MODULE: {"name": "from the defaults"}},
    )
    assert played.status == 0, played.output
    own = {"changed", "name", "check", "told", "controller_lives"}
    # The recorder adds the first two; Ansible the others, some of its versions more than others.
    around = {"task", "outcome", "invocation", "attempts", "ansible_facts", "warnings"}
    again = played.result_of("again")
    assert again["attempts"] == 2
    assert {name for name in again if not name.startswith("_ansible")} - around == own
    fails = played.result_of("fails")
    assert fails["outcome"] == "failed"
    assert fails["msg"] == "Not yet."
    defaults = played.result_of("defaults")
    assert defaults["name"] == "from the defaults"
