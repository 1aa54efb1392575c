# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the result of every task to a file, for tests to read instead of the screen."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: recorder
type: notification
short_description: Write results to a file
description: For the tests of this collection alone.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "recorder"

    def _record(self, outcome: str, result: Any) -> None:
        shown = {"task": result.task_name, "outcome": outcome, **result._result}
        with Path(os.environ["RECORDER_FILE"]).open("a") as stream:
            stream.write(json.dumps(shown, default=str) + "\n")

    def v2_runner_on_ok(self, result: Any) -> None:
        self._record("ok", result)

    def v2_runner_on_failed(
        self,
        result: Any,
        ignore_errors: bool = False,  # noqa: FBT001, FBT002, ARG002  # As Ansible calls it.
    ) -> None:
        self._record("failed", result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._record("skipped", result)
