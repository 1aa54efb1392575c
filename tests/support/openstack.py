# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The openstack command line client, as an independent reader."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any


def openstack(cloud: str, *words: str) -> Any:
    """What the client says, read as JSON."""
    # Beside Python, else on PATH: it does not install beside the oldest SDK that modules work with.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    client = shutil.which("openstack", path=path)
    assert client
    command = [client, "--os-cloud", cloud, *words, "-f", "json"]
    shown = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    return json.loads(shown.stdout)
