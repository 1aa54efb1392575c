# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Running modules and playbooks as Ansible does, each apart from the tests and from the others."""

from __future__ import annotations

import importlib
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

from support.documents import COLLECTION
from support.house import ROOT

# Beyond every limit that a test sets itself: a module that hangs is killed and the test fails.
_HANGS_AFTER = 120


def run_module(
    module: str,
    /,
    *,
    check: bool = False,
    diff: bool = False,
    env: dict[str, str] | None = None,
    **options: Any,
) -> dict[str, Any]:
    """The result of a module in a process of its own: real code, real cloud, no play around it."""
    # Forked: what takes a module its time is imports, and they are made once here.
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    params = {"_ansible_check_mode": check, "_ansible_diff": diff, **options}
    child = context.Process(target=_in_child, args=(sender, module, params, env or {}))
    child.start()
    sender.close()
    try:
        if not receiver.poll(_HANGS_AFTER):
            raise TimeoutError(f"{module} did not end within {_HANGS_AFTER} s")
        printed: str = receiver.recv()
    finally:
        if child.is_alive() and not receiver.poll(0):
            child.join(1)
            child.kill()
        child.join()
    result: dict[str, Any] = json.loads(printed.strip().splitlines()[-1])
    if "warnings" in result:
        result["warnings"] = [_text(warning) for warning in result["warnings"]]
    return result


def _text(warning: Any) -> str:
    """A warning's text; ansible-core wraps it since 2.19."""
    return str(warning["event"]["msg"] if isinstance(warning, dict) else warning)


def _in_child(sender: Any, name: str, params: dict[str, Any], env: dict[str, str]) -> None:
    os.environ.update(env)
    printed = io.StringIO()
    module = importlib.import_module(f"ansible_collections.{COLLECTION}.plugins.modules.{name}")
    with patch_module_args(params), redirect_stdout(printed), suppress(SystemExit):
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
            timeout=_HANGS_AFTER,
            cwd=folder,
        )
        results = [json.loads(line) for line in recorded.read_text().splitlines()]
    return Played(status=ended.returncode, output=ended.stdout, results=results)
