# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Stands in for the module of this name where tests are about what is shown while it works: it works
# until a line about it was shown, and returns what it was told through the environment.

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.curator.glance.plugins.module_utils import processes, progress

_MIB = 1024 * 1024
# Nothing was shown, so nothing will be: in seconds.
_HOPELESS_AFTER = 60


TOLD = {"CURATOR_CONTROLLER", "CURATOR_PROGRESS_FILE"}


def main() -> None:
    module = AnsibleModule(  # type: ignore[no-untyped-call]
        {
            "name": {"type": "str", "required": True},
            # The work goes on until this text stands in Ansible's log; without one it ends at once.
            "until": {"type": "str"},
            # The task fails once, and leaves this file.
            "fail_once": {"type": "path"},
        },
        supports_check_mode=True,
    )
    told = {name: value for name, value in os.environ.items() if name in TOLD}
    _work(module.params["name"], module.params["until"])
    result: dict[str, Any] = {
        "name": module.params["name"],
        "check": module.check_mode,
        "told": told,
        "controller_lives": all(map(processes.lives, processes.controllers())),
    }
    failed = module.params["fail_once"]
    if failed and not Path(failed).exists():
        Path(failed).touch()
        module.fail_json(msg="Not yet.", **result)
    module.exit_json(changed=True, **result)


def _work(name: str, until: str | None) -> None:
    told = progress.progress_from_environment(name)
    told.stage("upload", 1024 * _MIB)
    if until is None:
        return
    log = Path(os.environ["ANSIBLE_LOG_PATH"])
    given_up = time.monotonic() + _HOPELESS_AFTER
    while until not in log.read_text() and time.monotonic() < given_up:
        told.moved(_MIB)
        time.sleep(0.05)


if __name__ == "__main__":
    main()
