# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a failed task has to say."""

from __future__ import annotations

from typing import Any


def sentence(result: dict[str, Any]) -> str:
    """The message of a failed task, which has to be in words: no traceback, no exception."""
    assert result.get("failed"), result
    message: str = result["msg"]
    assert "Traceback" not in message
    assert "\n" not in message
    assert "Exception" not in message
    assert "object at 0x" not in message
    assert "exception" not in result
    return message
