# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""image_hw_props and what a cloud defines for itself: its metadata definitions."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

import pytest

from integration.conftest import RunModule
from support.cloud import LoopbackCloud
from support.faults import Answer, Fault
from support.messages import sentence
from support.proxy import behind, proxy
from support.running import PATCHES, run_module

METADEFS = "/v2/metadefs"


@pytest.fixture
def equip(cloud: LoopbackCloud) -> RunModule:  # noqa: ARG001  # Its environment is set up there.
    """Run image_hw_props."""

    def run(**options: Any) -> dict[str, Any]:
        return run_module("image_hw_props", **{"cloud": "provider", **options})

    return run


@contextmanager
def definitions(
    cloud: LoopbackCloud,
    properties: dict[str, Any],
    *,
    user: str = "provider",
    visibility: str = "public",
    prefix: str | None = None,
) -> Iterator[None]:
    """A namespace of metadata definitions that the cloud has meanwhile."""
    name = f"Test::{uuid.uuid4().hex}"
    admin = cloud["provider"]
    tie = {"name": "OS::Glance::Image"} | ({"prefix": prefix} if prefix else {})
    body = {
        "namespace": name,
        "visibility": visibility,
        "owner": cloud[user].project_id,
        "resource_type_associations": [tie],
        "properties": properties,
    }
    admin.done("POST", "/metadefs/namespaces", json=body)
    try:
        yield
    finally:
        admin.done("DELETE", f"/metadefs/namespaces/{name}")


def asked_for_definitions(seen: list[str]) -> bool:
    return any(METADEFS in line for line in seen)


def test_the_cloud_knows_more_than_the_tables(
    cloud: LoopbackCloud, equip: RunModule, image: dict[str, Any]
) -> None:
    """Names and values that it defines are as good, for a plain member too; asked only then."""
    own = {
        "acme_gpu": {"title": "GPU", "type": "string", "enum": ["big", "small"]},
        "disk_bus": {"title": "Bus", "type": "string", "enum": ["nvmeof"]},
    }
    theirs = cloud.new_image("customer_a")
    wish = {"properties": {"hw_acme_gpu": "big", "hw_disk_bus": "nvmeof"}}
    with cloud.requests_seen("glance") as seen:
        assert equip(image=image["id"], properties={"hw_disk_bus": "ide"})["changed"]
    assert not asked_for_definitions(seen)

    assert "hw_acme_gpu" in sentence(equip(image=image["id"], **wish))
    with definitions(cloud, own, prefix="hw_"):
        with cloud.requests_seen("glance") as seen:
            assert equip(image=image["id"], **wish)["changed"]
        listings = [line for line in seen if line.startswith(f"GET {METADEFS}/namespaces?")]
        assert len(listings) == 1
        assert not equip(image=image["id"], **wish)["changed"]
        assert equip(cloud="customer_a", image=theirs["id"], **wish)["changed"]
        wrong = equip(image=image["id"], properties={"hw_acme_gpu": "bigg"})
        assert "small" in sentence(wrong)
    assert cloud["customer_a"].image(theirs["id"])["hw_acme_gpu"] == "big"


def test_every_page_of_the_definitions_is_read(
    cloud: LoopbackCloud,
    equip: RunModule,
    image: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each public namespace once, however short a cloud makes its pages."""
    query = {"resource_types": "OS::Glance::Image", "limit": "1000"}
    # An administrator would be shown private ones, too.
    listing = cloud["customer_a"].done("GET", "/metadefs/namespaces", params=query)
    monkeypatch.setitem(PATCHES, ("module_utils.cloud.glance", "_PAGE"), "7")
    with cloud.requests_seen("glance") as seen:
        equip(image=image["id"], properties={"hw_acme": "x"}, check=True)
    read = [unquote(line.rpartition("/")[2]) for line in seen if METADEFS in line]
    names = [name for name in read if not name.startswith("namespaces?")]
    assert sorted(names) == sorted(one["namespace"] for one in listing["namespaces"])
    assert len(read) - len(names) >= len(names) / 7


def test_what_a_project_defines_for_itself_is_for_its_own(
    cloud: LoopbackCloud, equip: RunModule, image: dict[str, Any]
) -> None:
    """An administrator is shown it, and it says nothing about the administrator's images."""
    private = {"user": "customer_a", "visibility": "private"}
    theirs = cloud.new_image("customer_a")
    with definitions(cloud, {"hw_acme": {"title": "Acme", "type": "string"}}, **private):
        assert equip(image=image["id"], properties={"hw_acme": "x"})["failed"]
        own = equip(cloud="customer_a", image=theirs["id"], properties={"hw_acme": "x"})
        assert own["changed"]


@pytest.mark.parametrize("status", [403, 404])
def test_definitions_that_are_closed_are_no_failure(
    cloud: LoopbackCloud, equip: RunModule, image: dict[str, Any], status: int
) -> None:
    """The tables decide alone then, and the finding says so."""
    with proxy(cloud["provider"].glance_url) as between:
        between.fault(Fault(deed=Answer(status), on=f"GET {METADEFS}/namespaces"))
        warned = equip(
            cloud=behind(cloud["provider"], glance=between),
            image=image["id"],
            properties={"hw_acme": "x"},
            validation="warn",
        )
    assert warned["changed"]
    assert "closed to this session" in warned["findings"][0]
