# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..filter.scs_0102 import scs_0102


def is_scs_0102(image: Any, version: str = "v1.1") -> bool:
    """Whether an image says all that it has to."""
    return bool(scs_0102([image], version)[0]["compliant"])


class TestModule:
    def tests(self) -> dict[str, Callable[..., bool]]:
        return {"scs_0102": is_scs_0102}
