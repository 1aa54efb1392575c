# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nova's own tables, read from its source as text: nothing of Nova is imported or installed."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

VERSION = "34.0.0"
_CACHE = Path.home() / ".cache" / "curator.glance"
_WHEEL = _CACHE / f"nova-{VERSION}" / f"nova-{VERSION}-py3-none-any.whl"
_ENUM = "BaseEnumField"


def nova() -> zipfile.Path:
    """The released source of Nova, fetched once from the package index that pip is set up for.

    Without an index a developer does without, and is told; where the project itself is tested (CI
    is set), nothing is left out.
    """
    if (why := _missing()) is not None:
        why = f"no Nova to compare with: {why}"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    return zipfile.Path(_WHEEL)


@cache
def _missing() -> str | None:
    """Why there is no such file, though it was asked for once."""
    if _WHEEL.exists():
        return None
    _CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_CACHE) as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        wanted = ["--no-deps", "--only-binary=:all:", "--dest", folder, f"nova=={VERSION}"]
        done = subprocess.run([*pip, *wanted], check=False, capture_output=True, text=True)
        if done.returncode:
            return done.stderr.strip()
        _WHEEL.parent.mkdir(exist_ok=True)
        # Another run may have been quicker: whole files only, and the same.
        Path(folder, _WHEEL.name).replace(_WHEEL)
    return None


class Source:
    """A file of Nova, with what is said in it in plain values."""

    def __init__(self, path: str, **imported: Source) -> None:
        self.tree = ast.parse((nova() / path).read_text(encoding="utf-8"))
        self._imported = imported
        self._names: dict[str, Any] = dict(self._constants(self.tree.body, {}))

    def __getitem__(self, name: str) -> Any:
        """A constant of the module."""
        return self._names[name]

    def classes(self) -> Iterator[ast.ClassDef]:
        return (node for node in self.tree.body if isinstance(node, ast.ClassDef))

    def members(self, name: str) -> dict[str, Any]:
        """The constants of a class."""
        (found,) = [node for node in self.classes() if node.name == name]
        return dict(self._constants(found.body, self._names))

    def _constants(self, body: list[ast.stmt], known: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        names = dict(known)
        for statement in body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    try:
                        names[name] = self._value(value, names)
                    except LookupError:
                        continue  # What is made by a call is none of the tables.
                    yield name, names[name]

    def _value(self, node: ast.expr, names: dict[str, Any]) -> Any:
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                return names[name]
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return tuple(self._value(part, names) for part in parts)
            case ast.Dict(keys=keys, values=values):
                return {
                    self._value(key, names): self._value(value, names)
                    for key, value in zip(keys, values, strict=True)
                    if key is not None
                }
            case ast.Attribute(value=ast.Name(id=module), attr=name):
                return self._imported[module][name]
            case ast.Call(func=ast.Attribute(attr=field)):
                # A field of an object: its kind is what there is to know.
                return field
        raise LookupError(ast.dump(node))


@cache
def fields() -> dict[str, str]:
    """The image properties that Nova reads, and the kind of field of each."""
    source = Source("nova/objects/image_meta.py")
    found: dict[str, str] = source.members("ImageMetaProps")["fields"]
    return found


@cache
def older_names() -> dict[str, str]:
    """The older names that Nova reads as well, and today's."""
    source = Source("nova/objects/image_meta.py")
    found: dict[str, str] = source.members("ImageMetaProps")["_legacy_property_map"]
    return found


@cache
def values() -> dict[str, tuple[str, ...]]:
    """The values of each kind of field that has a list of them."""
    source = Source(
        "nova/objects/fields.py",
        arch=Source("nova/virt/arch.py"),
        network_model=Source("nova/network/model.py"),
    )
    found = {}
    for node in source.classes():
        match node:
            case ast.ClassDef(
                name=kind,
                bases=[ast.Name(id=base)],
                body=[ast.Assign(value=ast.Call(func=ast.Name(id=enum)))],
            ) if base == _ENUM:
                members = source.members(enum)
                if "ALL" in members:
                    found[kind] = members["ALL"]
    return found


@cache
def spellings() -> dict[str, str]:
    """The network models that VMware calls by other names."""
    source = Source("nova/objects/fields.py", network_model=Source("nova/network/model.py"))
    found: dict[str, str] = source.members("VIFModel")["LEGACY_VALUES"]
    return found


@cache
def buses() -> dict[str, tuple[str, ...]]:
    """The buses of each hypervisor that the libvirt driver knows."""
    found: dict[str, tuple[str, ...]] = Source("nova/virt/libvirt/blockinfo.py")[
        "SUPPORTED_DEVICE_BUSES"
    ]
    return found


@cache
def network_models() -> dict[str, tuple[str, ...]]:
    """The network models of each hypervisor that the libvirt driver knows."""
    model = Source("nova/network/model.py")
    found: dict[str, tuple[str, ...]] = Source("nova/virt/libvirt/vif.py", network_model=model)[
        "SUPPORTED_VIF_MODELS"
    ]
    return found


@cache
def vmware_network_models() -> tuple[str, ...]:
    """The network models of vSphere."""
    constants = Source(
        "nova/virt/vmwareapi/constants.py", network_model=Source("nova/network/model.py")
    )
    found: tuple[str, ...] = Source("nova/virt/vmwareapi/vm_util.py", constants=constants)[
        "ALL_SUPPORTED_NETWORK_DEVICES"
    ]
    return found
