# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The openstack command line client, as an independent reader."""

from __future__ import annotations

import json
import subprocess
from typing import Any


def openstack(cloud: str, *words: str) -> Any:
    """What the client says, read as JSON."""
    # On PATH: it does not install beside the oldest SDK that the modules work with.
    command = ["openstack", "--os-cloud", cloud, *words, "-f", "json"]
    shown = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    return json.loads(shown.stdout)
