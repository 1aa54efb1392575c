# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Running modules and playbooks as Ansible does, each apart from the tests and from the others."""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible.module_utils.testing import patch_module_args

from support.documents import plugin
from support.house import ROOT

# Beyond every limit that a test sets itself: a module that hangs is killed and the test fails.
_HANGS_AFTER = 600


# What tests change in the modules' own code, by file and name: the process that runs a module is
# no child of the one that runs the test.
PATCHES: dict[tuple[str, str], Any] = {}

# A server that has imported everything forks a process for each module: imports are what takes a
# module its time. The tests' own process has threads, which a fork would tear apart.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["support.running", "openstack.connection", "jmespath"])


@dataclass(frozen=True, kw_only=True)
class _Order:
    """All that a module is run with; a new process knows nothing of the test's own."""

    module: str
    params: dict[str, Any]
    environment: dict[str, str]
    folder: str
    patches: dict[tuple[str, str], Any]


def run_module(
    module: str,
    /,
    *,
    check: bool = False,
    diff: bool = False,
    hangs_after: float = _HANGS_AFTER,
    **options: Any,
) -> dict[str, Any]:
    """The result of a module in a process of its own: real code, real cloud, no play around it."""
    order = _Order(
        module=module,
        params={"_ansible_check_mode": check, "_ansible_diff": diff, **options},
        environment=dict(os.environ),
        folder=str(Path.cwd()),
        patches=PATCHES,
    )
    receiver, sender = _CONTEXT.Pipe(duplex=False)
    child = _CONTEXT.Process(target=_in_child, args=(sender, order))
    child.start()
    sender.close()
    try:
        if not receiver.poll(hangs_after):
            raise TimeoutError(f"{module} did not end within {hangs_after} s")
        printed: str = receiver.recv()
    finally:
        child.kill()
        child.join()
    result: dict[str, Any] = json.loads(printed.strip().splitlines()[-1])
    if "warnings" in result:
        result["warnings"] = [_text(warning) for warning in result["warnings"]]
    return result


def _text(warning: Any) -> str:
    """A warning's text; ansible-core wraps it since 2.19."""
    return str(warning["event"]["msg"] if isinstance(warning, dict) else warning)


def _in_child(sender: Any, order: _Order) -> None:
    os.environ.clear()
    os.environ.update(order.environment)
    os.chdir(order.folder)
    for (path, attribute), value in order.patches.items():
        setattr(plugin(path), attribute, value)
    printed = io.StringIO()
    module = plugin(f"modules.{order.module}")
    with patch_module_args(order.params), redirect_stdout(printed), suppress(SystemExit):
        module.main()
    sender.send(printed.getvalue())


@dataclass(frozen=True)
class Played:
    """What a run of ansible-playbook came to."""

    status: int
    output: str
    # Of localhost, in the order of the tasks: name and result.
    results: list[dict[str, Any]]

    def result_of(self, task: str) -> dict[str, Any]:
        """The result of the last task of this name."""
        return next(r for r in reversed(self.results) if r["task"] == task)


def play(
    plays: list[dict[str, Any]] | str,
    *arguments: str,
    env: dict[str, str] | None = None,
    collections: Path | None = None,
    hangs_after: float = _HANGS_AFTER,
) -> Played:
    """Run plays, or a playbook by its name, with ansible-playbook as a user would."""
    with tempfile.TemporaryDirectory() as folder:
        if isinstance(plays, str):
            playbook = plays
        else:
            playbook = f"{folder}/play.yml"
            Path(playbook).write_text(json.dumps(plays, indent=1))
        recorded = Path(folder, "results.jsonl")
        recorded.touch()
        environment = {
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(collections or ROOT / ".venv" / "collections"),
            "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "tests" / "support" / "callback"),
            "ANSIBLE_CALLBACKS_ENABLED": "recorder",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_NOCOLOR": "true",
            "RECORDER_FILE": str(recorded),
            **(env or {}),
        }
        ended = subprocess.run(
            [str(Path(sys.executable).with_name("ansible-playbook")), playbook, *arguments],
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
            stdin=subprocess.DEVNULL,
            timeout=hangs_after,
            cwd=folder,
        )
        results = [json.loads(line) for line in recorded.read_text().splitlines()]
    return Played(status=ended.returncode, output=ended.stdout, results=results)
