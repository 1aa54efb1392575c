# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Settings in YAML, as cloud-init and netplan have them: looked up, and taken out.

A stranger wrote them. They are read as far as their form goes: nothing is made of them, no alias
is multiplied out, and no pattern is tried at each of a million lines.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ...errors import MissingLibrary, RefusedDisk
from ..disk import readable
from .guest import Guest, text

try:
    import yaml
except ImportError as error:
    _missing: ImportError | None = error
    yaml: Any = None  # type: ignore[no-redef]
else:
    _missing = None

LARGEST = 64 << 10


def settings_in(guest: Guest, path: str) -> str:
    """The text of a file of settings; empty if it is not there."""
    found = text(guest, path) or ""
    if len(found) > LARGEST:
        raise RefusedDisk(
            f"The disk is refused. Its {path} has {readable(len(found))}: no honest guest has more "
            f"than {readable(LARGEST)} of settings in a file."
        )
    return found


def at(content: str, *keys: str) -> str | list[str] | None:
    """What stands under a key of a key: a text, or the texts of a list; None for anything else."""
    node = _under(content, keys)
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [one.value for one in node.value if isinstance(one, yaml.ScalarNode)]
    return None


def names(content: str, *above: str) -> list[str]:
    """The keys under a key of a key."""
    return [str(name.value) for name, _value in _pairs(_under(content, above))]


def without(content: str, key: str) -> str | None:
    """The text with one of its settings taken out; None where no setting is left."""
    root = _root(content)
    others = [name for name, _value in _pairs(root) if name.value != key]
    if not others:
        return None
    for name, value in reversed(_pairs(root)):
        if name.value == key:
            cut = _from_braces if root.flow_style else _from_lines
            content = cut(content, name, value)
    return content


@lru_cache(maxsize=32)
def _root(content: str) -> Any:
    if _missing is not None:
        raise MissingLibrary(
            "Reading the settings of a guest needs PyYAML in the Python that runs the module "
            f"({_missing}). Install it there, or openstacksdk, which brings it along."
        )
    try:
        return yaml.compose(content, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        # Whoever should read it cannot do so either.
        return None


def _under(content: str, keys: tuple[str, ...]) -> Any:
    node = _root(content)
    for key in keys:
        node = next((value for name, value in _pairs(node) if name.value == key), None)
    return node


def _pairs(node: Any) -> list[tuple[Any, Any]]:
    if not isinstance(node, yaml.MappingNode):
        return []
    return [(name, value) for name, value in node.value if isinstance(name, yaml.ScalarNode)]


def _from_braces(content: str, name: Any, value: Any) -> str:
    return content[: name.start_mark.index] + content[value.end_mark.index :].lstrip(" ,")


def _from_lines(content: str, name: Any, value: Any) -> str:
    lines = content.splitlines(keepends=True)
    begin, end = name.start_mark.line, value.end_mark.line
    if value.end_mark.column > 0:
        end += 1
    # What stands before the next setting belongs to that one.
    while end > begin + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return "".join(lines[:begin] + lines[end:])
