# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Ansible itself says of our modules and roles, and what the files beside them say."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from support.house import PLUGINS, ROOT

COLLECTION = "curator.glance"
_PACKAGE = f"ansible_collections.{COLLECTION}.plugins"


def module_names() -> list[str]:
    """All modules of the collection."""
    return sorted(path.stem for path in (PLUGINS / "modules").glob("*.py"))


def role_names() -> list[str]:
    """All roles of the collection."""
    return sorted(path.parent.name for path in (ROOT / "roles").glob("*/meta"))


@cache
def documentation(kind: str) -> dict[str, Any]:
    """What ansible-doc shows of every plugin of a kind, fragments merged in."""
    command = [
        str(Path(sys.executable).with_name("ansible-doc")),
        *("--json", "--type", kind),
        *(f"{COLLECTION}.{name}" for name in module_names()),
    ]
    collections = str(ROOT / ".venv" / "collections")
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": collections}
    shown = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return {
        name.removeprefix(f"{COLLECTION}."): page for name, page in json.loads(shown.stdout).items()
    }


def plugin(path: str) -> Any:
    """A Python file of the collection, imported under the name that Ansible gives it."""
    return importlib.import_module(f"{_PACKAGE}.{path}")


def read_yaml(path: str) -> Any:
    """A YAML file of the collection."""
    return yaml.safe_load((ROOT / path).read_text())
