# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""catalog_plan on a real Glance: what it says is what the modules do, and then it says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.catalogs import Distributor, Provider, distributor
from support.cloud import LoopbackCloud
from support.running import run_module
from support.signing import signer


@pytest.fixture
def provider(cloud: LoopbackCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """The provider, with a home folder of the test's own for the cache."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return Provider(cloud=cloud)


@pytest.fixture
def upstream(tmp_path: Path) -> Iterator[Distributor]:
    """A distributor with one release."""
    with distributor(tmp_path / "upstream") as somebody:
        yield somebody


def actions(plan: dict[str, Any]) -> dict[str, str]:
    """What each entry needs, by its name."""
    assert not plan.get("failed"), plan
    assert plan["changed"] is False
    return {entry["name"]: entry["action"] for entry in plan["entries"]}


def full(upstream: Distributor, name: str, **said: Any) -> dict[str, Any]:
    """An entry that says something of everything."""
    return upstream.entry(
        name,
        os={"distro": "debian", "version": "12", "user": "debian", "architecture": "x86_64"},
        profiles=["virtio"],
        properties={"note": 1, "hw_rng_model": "virtio", "flag": True},
        tags=["one", "two"],
        min_ram=512,
        visibility="public",
        replace_frequency="monthly",
        uuid_validity="last-2",
        **said,
    )


def test_from_nothing_to_nothing_to_do(
    cloud: LoopbackCloud, provider: Provider, upstream: Distributor, name: str
) -> None:
    """Once the modules did what the plan said, it costs two listings, and upstream no content."""
    catalog = [full(upstream, name)]
    first = provider.plan(catalog)
    assert actions(first) == {name: "upload"}
    assert "diff" not in first
    assert provider.plan(catalog, check=True) == first
    assert upstream.server.count("disk.qcow2") == 0
    image = provider.carry_out(first)[name]
    stored = cloud["provider"].image(image)
    assert (stored["name"], stored["visibility"], stored["os_version"]) == (name, "public", "12")
    assert stored["hw_disk_bus"] == "virtio"

    sent = upstream.server.sent("SHA512SUMS")
    with cloud.requests_seen("glance") as seen:
        again = provider.plan(catalog, diff=True)
    assert actions(again) == {name: "none"}
    assert again["entries"][0]["image"] == image
    assert again["diff"] == {"before": "", "after": ""}
    assert again["table"] == ["1 of 1 entries need nothing."]
    listings = [line for line in seen if line != "GET /"]
    assert len(listings) == 2
    assert all(line.startswith("GET /v2/images?owner=") for line in listings)
    assert upstream.server.sent("SHA512SUMS") == sent


DRIFT: list[dict[str, Any]] = [
    {"visibility": "private"},
    {"hidden": True},
    {"tags": ["managed_by_curator"]},
    {"min_ram": 1},
    {"properties": {"os_version": "11", "replace_frequency": None, "flag": "no"}},
    {"properties": {"hw_disk_bus": "ide", "hw_vif_model": None}},
]
AT_ONCE: dict[str, Any] = {
    **{key: value for drift in DRIFT for key, value in drift.items()},
    "properties": {**DRIFT[4]["properties"], **DRIFT[5]["properties"]},
}


@pytest.mark.parametrize("drifts", [[AT_ONCE], pytest.param(DRIFT, marks=pytest.mark.slow)])
def test_drift_is_seen_and_repaired(
    cloud: LoopbackCloud,
    provider: Provider,
    upstream: Distributor,
    name: str,
    drifts: list[dict[str, Any]],
) -> None:
    """Of each kind; and the same image stays, as no byte of it is other than it was."""
    catalog = [full(upstream, name)]
    image = provider.carry_out(provider.plan(catalog))[name]
    published = cloud["provider"].image(image)
    for drift in drifts:
        run_module("image_metadata", cloud="provider", image=image, **drift)
        plan = provider.plan(catalog)
        assert actions(plan) == {name: "update_metadata"}, drift
        before = plan["work"][0]["changes"]["before"]
        assert drift.keys() <= before.keys()
        assert {*drift.get("properties", {})} <= {
            *before.get("properties", {}),
            *plan["work"][0]["changes"]["after"].get("properties", {}),
        }
        assert provider.carry_out(plan) == {name: image}
        assert actions(provider.plan(catalog)) == {name: "none"}, drift
    stored = cloud["provider"].image(image)
    moving = {"updated_at": None, "tags": None}
    assert stored | moving == published | moving
    assert set(stored["tags"]) == set(published["tags"])
    assert upstream.server.count("disk.qcow2") == 1


def test_a_new_release_and_what_becomes_of_the_old_ones(
    cloud: LoopbackCloud, provider: Provider, upstream: Distributor, name: str
) -> None:
    """Noticed by its checksum; the old ones step back, and go no further than they are to."""
    catalog = [upstream.entry(name, keep=1)]
    ids = [provider.carry_out(provider.plan(catalog))[name]]
    for seed in (2, 3):
        upstream.release(seed)
        plan = provider.plan(catalog)
        assert actions(plan) == {name: "swap"}
        (work,) = plan["work"]
        assert (work["previous"], work["image"]) == (ids[-1], ids[-1])
        assert plan["superseded"][0]["id"] == ids[-1]
        ids.append(provider.carry_out(plan)[name])
    names = [cloud["provider"].image(image)["name"] for image in ids]
    assert names[-1] == name
    assert names[-2] != name
    due = provider.plan(catalog, retire_level="deactivate")
    assert actions(due) == {name: "none"}
    assert [one["id"] for one in due["retire"]] == ids[:1]
    provider.carry_out(due)
    assert cloud["provider"].image(ids[0])["status"] == "deactivated"
    assert provider.plan(catalog, retire_level="deactivate")["retire"] == []


def test_an_entry_that_is_to_go(
    cloud: LoopbackCloud, provider: Provider, upstream: Distributor, name: str
) -> None:
    """It is retired, and then there is nothing more to do."""
    image = provider.carry_out(provider.plan([upstream.entry(name)]))[name]
    retired = [{"name": name, "state": "retired"}]
    plan = provider.plan(retired)
    assert actions(plan) == {name: "retire"}
    provider.carry_out(plan)
    assert cloud["provider"].image(image)["os_hidden"]
    assert actions(provider.plan(retired)) == {name: "none"}


def test_an_image_that_was_staged_only_needs_its_name(
    provider: Provider, upstream: Distributor, name: str
) -> None:
    """No byte moves a second time."""
    catalog = [full(upstream, name)]
    (work,) = provider.plan(catalog)["work"]
    staged = run_module("image_upload_raw", cloud="provider", **work["tasks"]["upload"])
    provider.cloud.forget_later("provider", staged["image"]["id"])
    plan = provider.plan(catalog)
    assert actions(plan) == {name: "resume"}
    assert plan["work"][0]["staged"] == staged["image"]["id"]
    assert provider.carry_out(plan) == {name: staged["image"]["id"]}
    assert actions(provider.plan(catalog)) == {name: "none"}
    assert upstream.server.count("disk.qcow2") == 1


def test_an_image_that_was_renamed_by_hand_gets_its_name_back(
    cloud: LoopbackCloud, provider: Provider, upstream: Distributor, name: str
) -> None:
    """It is still the one that the entry wants."""
    catalog = [upstream.entry(name)]
    image = provider.carry_out(provider.plan(catalog))[name]
    run_module("image_metadata", cloud="provider", image=image, name=f"{name} renamed")
    plan = provider.plan(catalog)
    assert actions(plan) == {name: "resume"}
    assert provider.carry_out(plan) == {name: image}
    assert cloud["provider"].image(image)["name"] == name
    assert actions(provider.plan(catalog)) == {name: "none"}


def test_a_name_that_an_unmanaged_image_has(
    cloud: LoopbackCloud, provider: Provider, upstream: Distributor, name: str
) -> None:
    """Nothing is done to it unless the entry adopts the name."""
    there = cloud.new_image(name=name)
    plan = provider.plan([upstream.entry(name)])
    assert actions(plan) == {name: "error"}
    assert plan["errors"][0]["image"] == there["id"]
    assert "adopt: true" in plan["errors"][0]["reasons"][0]
    adopting = [upstream.entry(name, adopt=True)]
    plan = provider.plan(adopting)
    assert actions(plan) == {name: "swap"}
    provider.carry_out(plan)
    assert cloud["provider"].image(there["id"])["name"] != name
    assert actions(provider.plan(adopting)) == {name: "none"}


def test_what_tenants_have_disturbs_nothing(
    cloud: LoopbackCloud, provider: Provider, upstream: Distributor, name: str
) -> None:
    """An administrator's listing would show it, with marks like ours and all."""
    catalog = [upstream.entry(name)]
    image = provider.carry_out(provider.plan(catalog))[name]
    marks = {
        key: value
        for key, value in cloud["provider"].image(image).items()
        if key.startswith("curator_")
    }
    cloud.new_image("customer_a", name=name, tags=["managed_by_curator"], **marks)
    assert actions(provider.plan(catalog)) == {name: "none"}


def test_a_plain_member_plans_and_publishes(
    cloud: LoopbackCloud, provider: Provider, upstream: Distributor, name: str
) -> None:
    """As `publisher`, whom policy lets publish."""
    publisher = Provider(cloud=cloud, user="publisher")
    catalog = [full(upstream, name)]
    publisher.carry_out(publisher.plan(catalog))
    assert actions(publisher.plan(catalog)) == {name: "none"}
    # The provider has none of it.
    assert actions(provider.plan(catalog)) == {name: "upload"}


def test_for_some_projects_only(
    cloud: LoopbackCloud, provider: Provider, upstream: Distributor, name: str
) -> None:
    """Shared before it gets its name, accepted, and looked after with one request more."""
    catalog = [upstream.entry(name, projects=["customer_a"], accept_with=["customer_a"])]
    image = provider.carry_out(provider.plan(catalog))[name]
    customer = cloud["customer_a"]
    assert cloud["provider"].members(image) == {customer.project_id: "accepted"}
    with cloud.requests_seen("glance") as seen:
        assert actions(provider.plan(catalog)) == {name: "none"}
    assert len([line for line in seen if line != "GET /"]) == 3

    for method, answer in (("PUT", {"status": "pending"}), ("DELETE", None)):
        path = f"/images/{image}/members/{customer.project_id}"
        (customer if answer else cloud["provider"]).done(method, path, json=answer)
        plan = provider.plan(catalog)
        assert actions(plan) == {name: "update_metadata"}
        provider.carry_out(plan)
        assert actions(provider.plan(catalog)) == {name: "none"}

    nobody = provider.plan([upstream.entry(f"{name} 2", projects=["no such project"])])
    assert actions(nobody) == {f"{name} 2": "error"}
    assert "no such project" in nobody["errors"][0]["reasons"][0]


def test_upstream_that_lies_or_is_gone(
    cloud: LoopbackCloud, provider: Provider, upstream: Distributor, name: str, tmp_path: Path
) -> None:
    """Each is the entry's own error; what is published stays, and the others go on."""
    with signer() as alice:
        sums = (upstream.folder / "SHA512SUMS").read_bytes()
        keyring = tmp_path / "keys.gpg"
        keyring.write_bytes(alice.public_keys())
        upstream.server.write("SHA512SUMS.sign", alice.detached(sums))
        signed = upstream.entry(
            f"{name} signed",
            signature=upstream.server.url("SHA512SUMS.sign"),
            keyring=str(keyring),
        )
        image = provider.carry_out(provider.plan([signed]))[f"{name} signed"]
        catalog = [
            signed,
            upstream.entry(f"{name} other"),
            {**signed, "name": f"{name} keyless", "keyring": str(tmp_path / "none.gpg")},
            upstream.entry(f"{name} unlisted", source=upstream.server.url("other.qcow2")),
            upstream.entry(f"{name} gone", checksum=f"sha512:{upstream.server.url('GONE')}"),
            upstream.entry(
                f"{name} unfetchable",
                source=upstream.server.url("x/disk.qcow2"),
            ),
        ]
        plan = provider.plan(catalog)
        assert list(actions(plan).values()) == ["none", "upload", *["error"] * 4]
        told = {
            error["name"].removeprefix(f"{name} "): error["reasons"] for error in plan["errors"]
        }
        assert "none.gpg cannot be read" in told["keyless"][0]
        assert "does not list other.qcow2" in told["unlisted"][0]
        assert "HTTP 404" in told["gone"][0]
        assert "x/disk.qcow2: the server answered HTTP 404" in told["unfetchable"][0]
        # One sentence or two, on one line.
        assert all("\n" not in reason for reasons in told.values() for reason in reasons)
        assert upstream.server.count("SHA512SUMS") == 3

        upstream.release(2)
        tampered = provider.plan([signed, upstream.entry(f"{name} other")])
    assert list(actions(tampered).values()) == ["error", "upload"]
    assert "is not over the manifest" in tampered["errors"][0]["reasons"][0]
    assert tampered["errors"][0]["image"] == image
    assert cloud["provider"].image(image)["name"] == f"{name} signed"


def test_without_asking_upstream(provider: Provider, upstream: Distributor, name: str) -> None:
    """What is there is taken for the newest, and its drift is seen all the same."""
    catalog = [full(upstream, name)]
    assert actions(provider.plan(catalog, check_upstream=False)) == {name: "upload"}
    image = provider.carry_out(provider.plan(catalog))[name]
    upstream.release(2)
    upstream.server.requests.clear()
    assert actions(provider.plan(catalog, check_upstream=False)) == {name: "none"}
    run_module("image_metadata", cloud="provider", image=image, min_ram=1)
    assert actions(provider.plan(catalog, check_upstream=False)) == {name: "update_metadata"}
    assert upstream.server.requests == []
    assert actions(provider.plan(catalog)) == {name: "swap"}


def test_sources_that_nothing_proves(provider: Provider, upstream: Distributor, name: str) -> None:
    """By what the server says of them, or by what stands in the file."""
    url = {"name": name, "source": upstream.server.url("disk.qcow2")}
    path = {"name": f"{name} file", "source": str(upstream.folder / "disk.qcow2")}
    provider.carry_out(provider.plan([url, path]))
    assert set(actions(provider.plan([url, path])).values()) == {"none"}
    # Written anew with the same content: to the server another version, to us the same file.
    disk = upstream.folder / "disk.qcow2"
    upstream.server.write(disk.name, disk.read_bytes())
    assert actions(provider.plan([url, path])) == {name: "swap", f"{name} file": "none"}
    upstream.release(2)
    assert set(actions(provider.plan([url, path])).values()) == {"swap"}


def test_hardware_that_only_the_cloud_can_judge(
    cloud: LoopbackCloud, provider: Provider, upstream: Distributor, name: str
) -> None:
    """It is asked once, where that decides something, and before a byte moves."""
    wrong = [
        upstream.entry(f"{name} {number}", properties={"hw_disk_bus": "scssi"}) for number in (1, 2)
    ]
    with cloud.requests_seen("glance") as seen:
        plan = provider.plan([*wrong, upstream.entry(name)])
    assert list(actions(plan).values()) == ["error", "error", "upload"]
    assert "scsi" in plan["errors"][0]["reasons"][0]
    assert len([line for line in seen if line.startswith("GET /v2/metadefs/namespaces?")]) == 1


def test_a_catalog_in_a_file(
    provider: Provider, upstream: Distributor, name: str, tmp_path: Path
) -> None:
    """With paths that begin beside it, and each mistake with its line."""
    file = upstream.folder / "catalog.yml"
    good = {"name": name, "source": "disk.qcow2", "checksum": "sha512:SHA512SUMS"}
    file.write_text(yaml.safe_dump([good, {**good, "name": f"{name} b", "visibility": "publik"}]))
    plan = provider.plan(str(file))
    assert actions(plan) == {name: "upload", f"{name} b": "error"}
    (error,) = plan["errors"]
    lines = file.read_text().splitlines()
    assert "publik" in lines[int(error["reasons"][0].split(":")[0].removeprefix("Line ")) - 1]
    assert plan["work"][0]["entry"]["source"] == str(upstream.folder / "disk.qcow2")
    # As plain data it means the same from anywhere.
    assert provider.plan([plan["work"][0]["entry"]])["work"] == plan["work"]

    part = provider.plan(str(file), only=[name])
    assert actions(part) == {name: "upload"}
    assert (part["complete"], part["left_alone"]) == (False, None)
    elsewhere = provider.plan(str(file), base_dir=str(tmp_path))
    assert "cannot be read" in elsewhere["errors"][0]["reasons"][0]


@pytest.mark.parametrize(
    "catalog, told",
    [
        ("/nonexistent/catalog.yml", "No such file"),
        ([], "no entries"),
        ({"images": []}, "no entries"),
        (7, "is no list but 7"),
    ],
    ids=str,
)
def test_what_is_no_catalog_fails(provider: Provider, catalog: Any, told: str) -> None:
    """In one sentence, before anything is asked of the cloud."""
    with provider.cloud.requests_seen("glance") as seen:
        result = provider.plan(catalog)
    assert result["failed"]
    assert told in result["msg"]
    assert seen == []
