# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""openstack-image-manager as it is released: its schema, and the catalog that comes with it."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog import osism
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.osism import (
    Wishes,
    read_osism,
)

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).parents[4]
PINNED = REPOSITORY / "tests/bench/requirements/manager.txt"
PACKAGE = "openstack_image_manager"
IMAGES = 30


@pytest.fixture(scope="module")
def released() -> Iterator[ZipFile]:
    """The wheel that the benchmark uses, fetched once for all folders."""
    found = re.search(r"^openstack-image-manager==(\S+)$", PINNED.read_text("utf-8"), re.MULTILINE)
    assert found
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    kept = home / "curator.glance/wheels"
    wheel = kept / f"{PACKAGE}-{found[1]}-py3-none-any.whl"
    if not wheel.exists():
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(kept)]
        done = subprocess.run(
            [*pip, found[0]], check=False, capture_output=True, text=True, timeout=300
        )
        if done.returncode and not os.environ.get("CI"):
            pytest.skip(f"No package index: {done.stderr}")
        assert done.returncode == 0, done.stderr
    with ZipFile(wheel) as archive:
        yield archive


@pytest.fixture(scope="module")
def schema(released: ZipFile) -> dict[str, dict[str, str]]:
    """What may stand where, by the name of the part."""
    text = released.read(f"{PACKAGE}/etc/schema.yaml")
    return {name: part for found in yaml.safe_load_all(text) for name, part in found.items()}


def test_all_keys_are_known(schema: dict[str, dict[str, str]]) -> None:
    """None that the tool knows is taken for a slip, and none is known that it does not know."""
    assert schema["image"].keys() == osism._IMAGE_KEYS
    assert schema["versions"].keys() == osism._VERSION_KEYS


def test_all_values_of_metadata_are_taken(schema: dict[str, dict[str, str]]) -> None:
    """Whatever the schema allows by name becomes part of an entry."""
    refused = []
    for name, rule in schema["meta"].items():
        for value in _named(rule):
            image = {"name": "x", "meta": {name: value}}
            found = read_osism([{**image, "versions": [{"version": "1", "url": "u"}]}], Wishes())
            refused += [one for one in found.not_mapped if one.key == f"meta.{name}"]
    assert not refused


def _named(rule: str) -> list[Any]:
    """The values that a rule names."""
    calls = [node for node in ast.walk(ast.parse(rule)) if isinstance(node, ast.Call)]
    return [
        argument.value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "enum"
        for argument in call.args
        if isinstance(argument, ast.Constant)
    ]


@pytest.mark.parametrize(
    "wishes",
    [
        Wishes(),
        Wishes(disabled=True),
        Wishes(disabled=True, follow=True),
        Wishes(disabled=True, mirrors=False, latest=True),
    ],
)
def test_its_own_catalog(released: ZipFile, wishes: Wishes) -> None:
    """Each of its dozens of images becomes an entry that a catalog can have, or is told."""
    names = [name for name in released.namelist() if re.search(r"/etc/images/.*\.ya?ml$", name)]
    documents = [yaml.safe_load(released.read(name)) for name in names]
    images = [image for document in documents for image in document["images"]]
    assert len(images) > IMAGES
    found = read_osism(documents, wishes)
    assert not [one for one in found.not_mapped if one.key is None]
    for entry in found.entries:
        assert entry["checksum"]
        assert re.fullmatch(r"https://[^\s\\]+", entry["source"])
    made = {entry["name"] for entry in found.entries}
    assert len(made) == len(found.entries)
    left_out = {one.entry for one in found.not_mapped if one.key == "enable"}
    for image in images:
        name, versions = image["name"], [version["version"] for version in image["versions"]]
        possible = {name, *(f"{name} {one}" for one in versions)}
        assert bool(possible & made) != (name in left_out)
