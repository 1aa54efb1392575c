# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook migrate, and its role: many images, each of them once, and nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.cloud import LoopbackCloud
from support.faults import UPLOAD
from support.moving import ROLE, Mover, moving

_ANY = r"\S+ /v2/"


@pytest.fixture
def mover(cloud: LoopbackCloud, tmp_path: Path) -> Iterator[Mover]:
    """Somebody who moves images."""
    with moving(cloud, tmp_path) as made:
        yield made


def test_a_list(mover: Mover) -> None:
    """Foreseen, moved with all that belongs to it, and then known by two listings of each cloud."""
    kernel = mover.image("kernel", disk_format="aki", container_format="aki")
    one = mover.image(
        "one", kernel_id=kernel["id"], hw_disk_bus="scsi", stores_note="kept", protected=True
    )
    hidden = mover.image("hidden", os_hidden=True, visibility="community", tags=["ours"])
    given: dict[str, Any] = {
        "list": [one["name"], kernel["id"], {"image": hidden["id"], "name": mover.name("other")}],
        "ledger": str(mover.folder / "ledger.yml"),
    }
    foreseen = mover.run("--check", **given)
    assert foreseen.played.status == 0, foreseen.output
    assert foreseen.summary == {"created": 3}
    assert "3 of 3 images to move, 12 KiB to read." in foreseen.output
    assert mover.there() == []
    assert not Path(given["ledger"]).exists()

    done = mover.run("--forks", "3", **given)
    assert done.played.status == 0, done.output
    assert done.summary == {"created": 3}
    # What needs another one is in one job with it.
    assert len(done.hosts) == 2
    images = {image["name"]: image for image in mover.there()}
    assert set(images) == {one["name"], kernel["name"], mover.name("other")}
    sources = {one["name"]: one, kernel["name"]: kernel, mover.name("other"): hidden}
    for name, source in sources.items():
        for key in ("size", "os_hash_value", "disk_format", "visibility", "protected", "os_hidden"):
            assert images[name][key] == source[key]
        assert done.end(source["name"])["image"] == images[name]["id"]
    here = mover.shown(one["id"], mover.source)
    there = mover.shown(images[one["name"]]["id"])
    assert here["properties"]["os_hash_value"] == there["properties"]["os_hash_value"]
    assert (here["size"], here["checksum"]) == (there["size"], there["checksum"])
    moved = images[one["name"]]
    assert (moved["hw_disk_bus"], moved["kernel_id"]) == ("scsi", images[kernel["name"]]["id"])
    assert "ours" in images[mover.name("other")]["tags"]

    ledger = Path(given["ledger"])
    assert ledger.stat().st_mode & 0o777 == 0o600
    written = ledger.read_bytes()
    entries = yaml.safe_load(written)["images"]
    assert {entry["id"] for entry in entries} == {image["id"] for image in images.values()}
    assert {(entry["bytes"], entry["action"]) for entry in entries} == {(4096, "created")}

    # Whatever people do to it there, it is there.
    _renamed(mover, images[kernel["name"]]["id"], mover.name("renamed"))
    with mover.proxies() as (source_glance, destination_glance, environment):
        again = mover.run(env=environment, **given)
        asked = [
            [request.line.split("&")[0] for request in glance.seen(_ANY)]
            for glance in (source_glance, destination_glance)
        ]
    assert (again.played.status, again.changed) == (0, 0), again.output
    assert again.summary == {"unchanged": 3}
    assert [len(lines) for lines in asked] == [2, 2], asked
    assert "[WARNING]" not in again.output, again.output
    assert ledger.read_bytes() == written
    assert len(mover.there()) == 3


def _renamed(mover: Mover, image_id: str, name: str) -> None:
    patch = {"Content-Type": "application/openstack-images-v2.1-json-patch"}
    change = [{"op": "replace", "path": "/name", "value": name}]
    owner = mover.cloud[mover.destination]
    owner.done("PATCH", f"/images/{image_id}", json=change, headers=patch)


@pytest.mark.slow
def test_some_fail(mover: Mover) -> None:
    """The others are moved, the report says why, and the end is red; then it is completed."""
    good, taken = mover.image("good"), mover.image("taken")
    mover.image("queued", data=None)
    other = mover.cloud.new_image(mover.destination, name=taken["name"])
    given: dict[str, Any] = {
        "list": [mover.name(label) for label in ("good", "taken", "queued", "missing")],
        "report_file": str(mover.folder / "report.json"),
    }
    run = mover.run(**given)
    assert run.played.status == 2, run.output
    assert run.summary == {"created": 1, "failed": 3}
    assert "is there with other content" in run.end(taken["name"])["message"]
    assert "it is queued" in run.end(mover.name("queued"))["message"]
    assert f"no image {mover.name('missing')!r}" in run.end(mover.name("missing"))["message"]
    assert yaml.safe_load(Path(given["report_file"]).read_text()) == run.report
    assert run.says("3 failed, and the report says why")
    assert [image["name"] for image in mover.there()] == [good["name"]]

    rotated = mover.run(list=[good["name"], taken["name"]], on_conflict="rotate")
    assert rotated.played.status == 0, rotated.output
    assert rotated.summary == {"unchanged": 1, "rotated": 1}
    assert rotated.end(taken["name"])["previous"]["id"] == other["id"]
    assert mover.cloud[mover.destination].image(other["id"])["os_hidden"]


@pytest.mark.slow
def test_images_at_the_same_time(mover: Mover) -> None:
    """As many as there are forks: with the first one held, the second one comes as far."""
    names = [mover.image(label)["name"] for label in ("one", "two")]
    with mover.proxies() as (_here, there, environment), ThreadPoolExecutor(1) as pool:
        held = there.hold()
        running = pool.submit(mover.run, "--forks", "2", env=environment, list=names)
        held.wait()
        there.wait_for(UPLOAD, 2)
        held.release()
        assert running.result().summary == {"created": 2}
    assert {image["name"] for image in mover.there()} == set(names)


@pytest.mark.parametrize(
    "variables, says",
    [
        ({}, "Say which images: in migrate_images_list"),
        ({"list": ["a"], "destinations": ["b"], "destination": "c"}, "Give either"),
        ({"list": ["a"], "destinations": "b"}, "takes a list of clouds"),
        ({"list": [{"name": "a"}]}, "Element 1 of migrate_images_list has no image"),
        ({"list": ["a"], "destination": {"owner": "b"}}, "names no cloud"),
        ({"list": ["a"], "ledger": "/nowhere/at/all.yml"}, "There is no folder /nowhere/at"),
        ({"list": ["a"], "ledger": "{here}"}, "is no ledger"),
        ({"select": "["}, "is no JMESPath expression"),
    ],
)
@pytest.mark.slow
def test_what_cannot_be_meant(mover: Mover, variables: dict[str, Any], says: str) -> None:
    """It is refused before anything is moved, and mostly before anything is asked."""
    if variables.get("ledger") == "{here}":
        (mover.folder / "notes.yml").write_text("notes: of somebody\n")
        variables = {**variables, "ledger": str(mover.folder / "notes.yml")}
    run = mover.run(**variables)
    assert run.played.status == 2
    assert run.says(says), run.output
    assert run.hosts == set()


@pytest.mark.slow
def test_a_selection_by_the_role_alone(mover: Mover) -> None:
    """All own images of a kind, hidden ones too; the list says more about one of them."""
    raw = [mover.image("a"), mover.image("b", os_hidden=True)]
    mover.image("qcow", disk_format="qcow2", data=None)
    query = f"[?contains(name, '{mover.sign}') && status=='active']"
    run = mover.run(
        playbook=ROLE,
        select=query,
        list=[{"image": raw[0]["name"], "name": mover.name("x")}],
        # With a single attempt, Ansible does not count them.
        attempts=1,
    )
    assert run.played.status == 0, run.output
    assert run.summary == {"created": 2}
    assert {image["name"] for image in mover.there()} == {mover.name("x"), raw[1]["name"]}
    again = mover.run(playbook=ROLE, select=query, list=[raw[0]["name"]])
    assert (again.changed, again.summary) == (0, {"unchanged": 2}), again.output


@pytest.mark.slow
def test_several_destinations(cloud: LoopbackCloud, tmp_path: Path) -> None:
    """Read once for those that lack it; one that cannot be reached is in the report."""
    with moving(cloud, tmp_path, "customer_a") as mover:
        image = mover.image("one", data=bytes(range(256)) * 4096)
        down = {"auth": {**cloud.auth("elsewhere"), "auth_url": "http://127.0.0.1:9/v3"}}
        given: dict[str, Any] = {
            "list": [image["name"]],
            "destinations": ["elsewhere", down, "customer_a"],
        }
        with mover.proxies() as (here, _there, environment):
            run = mover.run(env=environment, **given)
            assert len(here.seen(r"GET /v2/images/[^/]+/file")) == 1
        assert run.played.status == 2, run.output
        assert run.summary == {"created": 2, "failed": 1}
        assert "127.0.0.1:9" in run.end(image["name"], 1)["message"]
        for user in ("elsewhere", "customer_a"):
            (there,) = mover.there(user)
            assert there["os_hash_value"] == image["os_hash_value"]


@pytest.mark.slow
def test_members_and_secrets(cloud: LoopbackCloud, tmp_path: Path) -> None:
    """Clouds as options, members mapped, also those that came later; and no password anywhere."""
    there = cloud["elsewhere"]
    project, later = cloud.new_project("elsewhere"), cloud.new_project("elsewhere")
    with moving(cloud, tmp_path) as mover:
        image = mover.image("shared", visibility="shared")
        path = f"/images/{image['id']}/members"
        customer, other = cloud["customer_a"], cloud["customer_b"]
        cloud["provider"].done("POST", path, json={"member": customer.project_id})
        given: dict[str, Any] = {
            "source": {"auth": cloud.auth("provider")},
            "destination": {"auth": cloud.auth("elsewhere")},
            "list": [image["name"]],
            "project_map": {"customer_a": project["name"]},
            "ledger": str(tmp_path / "ledger.yml"),
        }
        run = mover.run("-vvv", **given)
        assert run.played.status == 0, run.output
        (moved,) = mover.there()
        assert set(there.members(moved["id"])) == {project["id"]}
        passwords = [cloud.auth(user)["password"] for user in ("provider", "elsewhere")]
        everything = run.output + Path(given["ledger"]).read_text()
        assert not any(password in everything for password in passwords)

        # Nobody sees in a listing that the source has another member by now.
        cloud["provider"].done("POST", path, json={"member": other.project_id})
        given["project_map"]["customer_b"] = later["id"]
        assert mover.run(**given).summary == {"unchanged": 1}
        assert mover.run(update_members=True, **given).summary == {"updated": 1}
        assert set(there.members(moved["id"])) == {project["id"], later["id"]}
        again = mover.run(update_members=True, **given)
        assert (again.summary, again.changed) == ({"unchanged": 1}, 0)


@pytest.mark.slow
def test_images_of_another_project(cloud: LoopbackCloud, tmp_path: Path) -> None:
    """An administrator moves what a customer has, and gives it to a project there."""
    project = cloud.new_project("elsewhere")
    with moving(cloud, tmp_path) as mover:
        mover.source = "customer_a"
        image = mover.image("theirs")
        given: dict[str, Any] = {
            "source": {"cloud": "provider", "owner": "customer_a"},
            "destination": {"cloud": "elsewhere", "owner": project["name"]},
            "select": f"[?name=='{image['name']}']",
        }
        run = mover.run(**given)
        assert run.played.status == 0, run.output
        (moved,) = mover.there()
        assert moved["owner"] == project["id"]
        again = mover.run(**given)
        assert (again.summary, again.changed) == ({"unchanged": 1}, 0), again.output


@pytest.mark.slow
def test_a_limit_without_localhost(mover: Mover) -> None:
    """Nothing was planned then, and that is said."""
    run = mover.run("-i", "localhost,web", "--limit", "web", list=["a"])
    assert run.played.status == 2
    assert run.says("which leaves out localhost"), run.output


@pytest.mark.slow
def test_a_host_of_the_inventory_is_somebody_else(mover: Mover) -> None:
    """It is left alone, whatever it is called."""
    image = mover.image("one")
    slug = image["name"].replace(" ", "-")
    run = mover.run("-i", f"localhost,{slug},migrate-{slug}", list=[image["name"]])
    assert run.played.status == 0, run.output
    assert run.hosts == {f"migrate-migrate-{slug}"}
