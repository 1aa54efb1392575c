# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""image_snapshot on a real Nova; what came of it is read back over plain HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from faults.run import beside
from support.compute import ComputeCloud
from support.disks import Workshop, gpt_disk
from support.faults import ALWAYS, Answer, Fault, answered, sent
from support.messages import sentence
from support.running import run_module
from support.snapshots import MODULE, SHOW, new_snapshots
from support.waiting import until

# What the provider's image says of itself and of its making.
OF_THE_BASE: dict[str, Any] = {
    "os_distro": "debian",
    "hw_disk_bus": "ide",
    "curator_id": "another",
    "curator_entry": "Debian 12",
    "curator_state": "superseded",
    "curator_source": "https://images.example.com/disk.qcow2",
}


def test_a_server_that_is_stopped_for_it(fake_compute_cloud: ComputeCloud, name: str) -> None:
    """Predicted, made while the server is down, found again; the image is a new one of ours."""
    snapshots = new_snapshots(fake_compute_cloud, name, **OF_THE_BASE)
    wish = {"stop": True, "properties": {"hw_disk_bus": "virtio"}, "tags": ["office"]}
    predicted = snapshots.run(**wish, check=True, diff=True)
    assert (predicted["changed"], predicted["image"]["id"]) == (True, None), predicted
    assert snapshots.images() == []
    assert snapshots.actions() == ["create"]
    done = snapshots.run(**wish, diff=True)
    assert (done["changed"], done["action"], done["stopped"]) == (True, "created", True), done
    assert snapshots.actions() == ["create", "stop", "createImage", "start"]
    assert "warnings" not in done
    snapshots.assert_as_before()
    (image,) = snapshots.images()
    assert image["id"] == done["image"]["id"]
    assert (image["name"], image["visibility"], image["disk_format"]) == (name, "private", "raw")
    assert sorted(image["tags"]) == ["managed_by_curator", "office"]
    assert (image["os_distro"], image["hw_disk_bus"]) == ("debian", "virtio")
    ours = {key: value for key, value in image.items() if key.startswith("curator_")}
    assert ours["curator_id"] == image["id"]
    assert ours["curator_entry"] == name
    assert ours["curator_source"] == f"server/{snapshots.server['id']}"
    assert ours["curator_state"] == "published"
    assert not {"image_type", "instance_uuid", "base_image_ref"} & image.keys()
    assert snapshots.server["id"].encode() in snapshots.data()
    assert done["transfer"]["method"] == "cloud"
    # Found by where it is from, whatever it is called since.
    run_module("image_metadata", cloud="customer_a", image=image["id"], name=f"{name} renamed")
    again = snapshots.run(**wish, diff=True)
    assert (again["changed"], again["action"]) == (False, "unchanged"), again
    assert again["diff"] == {"before": {}, "after": {}}
    more = snapshots.run(**wish | {"properties": {"hw_vif_model": "virtio"}})
    assert (more["changed"], more["image"]["properties"]["hw_vif_model"]) == (True, "virtio")
    # It is this collection's own by every sign; once it is retired, there is room for a new one.
    retired = run_module("image_retire", cloud="customer_a", image=image["id"], level="hide")
    assert retired["changed"], retired
    assert snapshots.run(**wish)["action"] == "created"
    assert len(snapshots.images()) == 2


def test_a_disk_that_the_cloud_keeps_as_qcow2(
    fake_compute_cloud: ComputeCloud, name: str, tmp_path: Path
) -> None:
    """It becomes raw on its way through here, byte for byte; the first image is gone."""
    disk, raw = Workshop(tmp_path).disk("qcow2"), gpt_disk()
    snapshots = new_snapshots(fake_compute_cloud, name, disk=disk, **OF_THE_BASE)
    wish = {"properties": {"hw_disk_bus": None}, "tags": ["office"], "cache_dir": str(tmp_path)}
    done = snapshots.run(**wish)
    assert done["action"] == "created", done
    assert (done["transfer"]["method"], done["transfer"]["bytes"]) == ("stream", len(raw))
    assert any("as after a power cut" in warning for warning in done["warnings"])
    (image,) = snapshots.images()
    assert (image["name"], image["disk_format"]) == (name, "raw")
    assert sorted(image["tags"]) == ["managed_by_curator", "office"]
    assert (image["os_distro"], "hw_disk_bus" in image) == ("debian", False)
    assert image["curator_id"] == image["id"]
    assert image["curator_source"] == f"server/{snapshots.server['id']}"
    assert "curator_migrated_from" not in image
    assert snapshots.data() == raw
    assert list(tmp_path.glob("scratch*")) == []
    snapshots.assert_as_before()
    again = snapshots.run(**wish)
    assert (again["changed"], again["image"]["id"]) == (False, image["id"])
    kept = snapshots.run(name=f"{name} kept", disk_format="keep")
    assert kept["image"]["disk_format"] == "qcow2"


@pytest.mark.slow
def test_what_cannot_be_done(fake_compute_cloud: ComputeCloud, name: str, tmp_path: Path) -> None:
    """Each in a sentence that says what to do, before anything is done."""
    snapshots = new_snapshots(fake_compute_cloud, name, disk=tmp_path / "missing.raw")
    taken = fake_compute_cloud.cloud.new_image("customer_a", name=f"{name} taken")
    assert taken["id"] in sentence(snapshots.run(name=f"{name} taken"))
    assert "no server" in sentence(snapshots.run(server="nobody"))
    assert "block storage service" in sentence(
        run_module(MODULE, cloud="customer_a", name=name, volume="v")
    )
    other = sentence(snapshots.run(cloud="provider"))
    assert "belongs to project" in other
    twin = fake_compute_cloud.new_server(
        snapshots.server["image"]["id"], name=snapshots.server["name"]
    )
    ambiguous = snapshots.run(server=twin["name"])
    assert "2 servers are named" in sentence(ambiguous)
    assert sorted(ambiguous["candidates"]) == sorted([twin["id"], snapshots.server["id"]])
    # Nova fails at it: the disk is not there.
    failed = sentence(snapshots.run(stop=True))
    assert "could make no image" in failed
    assert snapshots.images() == []
    snapshots.assert_as_before()


@pytest.mark.slow
def test_a_server_that_is_paused(fake_compute_cloud: ComputeCloud, name: str) -> None:
    """It is not stopped behind its owner's back, and read as it is."""
    snapshots = new_snapshots(fake_compute_cloud, name)
    path = f"/servers/{snapshots.server['id']}/action"
    fake_compute_cloud.nova_done("customer_a", "POST", path, json={"pause": None})
    fake_compute_cloud.becomes(snapshots.server["id"], "PAUSED")
    assert "Resume it first" in sentence(snapshots.run(stop=True))
    assert snapshots.run()["action"] == "created"
    assert snapshots.shown()["status"] == "PAUSED"


@pytest.mark.slow
def test_an_image_that_cannot_get_its_name(fake_compute_cloud: ComputeCloud, name: str) -> None:
    """It is removed, and the server runs."""
    snapshots = new_snapshots(fake_compute_cloud, name)
    with snapshots.behind_proxies() as (cloud, _nova, glance):
        glance.fault(Fault(deed=Answer(403), on=SHOW, times=ALWAYS))
        assert sentence(snapshots.run(stop=True, cloud=cloud))
    assert snapshots.images() == []
    snapshots.assert_as_before()


@pytest.mark.slow
def test_killed_with_the_server_down(fake_compute_cloud: ComputeCloud, name: str) -> None:
    """The next run makes the image, removes what was left, and starts the server."""
    snapshots = new_snapshots(fake_compute_cloud, name)
    with snapshots.behind_proxies() as (cloud, _nova, glance):
        # The image is there, and the server has yet to be started again.
        held = glance.hold(r"GET /v2/images/[0-9a-f-]{36}", answered())
        task = {f"curator.glance.{MODULE}": snapshots.task(cloud=cloud, stop=True)}
        with beside(task) as run:
            held.wait()
            run.kill_all()
    assert snapshots.shown()["status"] == "SHUTOFF"
    until(lambda: snapshots.shown()["OS-EXT-STS:task_state"] is None, "Nova has read the disk")
    (left,) = snapshots.images()
    done = snapshots.run()
    assert done["action"] == "created", done
    (image,) = snapshots.images()
    assert image["id"] == done["image"]["id"] != left["id"]
    snapshots.assert_as_before()


@pytest.mark.slow
def test_told_to_stop(fake_compute_cloud: ComputeCloud, name: str) -> None:
    """The server runs again, and no image is left."""
    snapshots = new_snapshots(fake_compute_cloud, name)
    with snapshots.behind_proxies() as (cloud, _nova, glance):
        held = glance.hold(SHOW, sent())
        task = {f"curator.glance.{MODULE}": snapshots.task(cloud=cloud, stop=True)}
        with beside(task) as run:
            held.wait()
            run.kill_ansible()
            until(lambda: not run.processes(), "the module has noticed and ended")
    until(lambda: not snapshots.images(), "its image is gone")
    snapshots.assert_as_before()
