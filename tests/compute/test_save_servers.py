# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook save, from servers and volumes to files, on a real Nova."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support.compute import ComputeCloud
from support.disks import Workshop, gpt_disk
from support.running import Played, play
from support.snapshots import Snapshots, new_snapshots


def save(
    folder: Path, *elements: dict[str, Any], check: bool = False
) -> tuple[Played, dict[str, Any]]:
    """Run the playbook as a customer, and read its report."""
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    given = {
        "save_images_cloud": "customer_a",
        "save_images_list": elements,
        "save_images_report_file": str(report),
    }
    played = play("curator.glance.save", "-e", json.dumps(given), *(["--check"] if check else []))
    return played, json.loads(report.read_text()) if report.exists() else {}


def element(snapshots: Snapshots, path: Path, **more: Any) -> dict[str, Any]:
    return {"server": snapshots.server["id"], "path": str(path), **more}


@pytest.mark.slow
def test_from_server_to_file(fake_compute_cloud: ComputeCloud, name: str, tmp_path: Path) -> None:
    """In one run; the image is gone then, the server as it was, and the next run has no work."""
    disk = Workshop(tmp_path).disk("qcow2")
    snapshots = new_snapshots(fake_compute_cloud, name, disk=disk)
    path = tmp_path / "saved.raw"
    wish = element(snapshots, path, disk_format="raw", stop=True)
    missing = {"server": f"{name} missing", "path": str(tmp_path / "missing.raw")}

    predicted, _report = save(tmp_path, wish, check=True)
    assert predicted.status == 0, predicted.output
    assert (path.exists(), snapshots.actions()) == (False, ["create"])

    played, report = save(tmp_path, missing, wish)
    assert played.status != 0
    (failed,) = report["failed"]
    assert "no server" in failed["message"]
    (saved,) = report["saved"]
    assert (saved["server"], saved["action"]) == (snapshots.server["id"], "created")
    assert saved["proven_by"] == "os_hash_value"
    assert path.read_bytes() == gpt_disk()
    assert snapshots.images() == []
    assert snapshots.actions() == ["create", "stop", "createImage", "start"]
    snapshots.assert_as_before()

    again, report = save(tmp_path, wish)
    assert (again.status, "changed=0" in again.output) == (0, True), again.output
    (kept,) = report["saved"]
    assert kept == {**saved, "action": "unchanged"}
    assert snapshots.actions()[4:] == []

    # Of the same size, and no longer what was saved.
    with path.open("r+b") as file:
        file.write(b"somebody else's")
    changed, report = save(tmp_path, wish)
    assert changed.status != 0
    assert "is no disk of server" in report["failed"][0]["message"]
    assert snapshots.actions()[4:] == []

    packed = {**wish, "disk_format": "qcow2", "compress": True, "stop": False}
    anew, report = save(tmp_path, {**packed, "overwrite": True})
    assert (anew.status, report["saved"][0]["action"]) == (0, "replaced"), anew.output
    assert snapshots.images() == []
    kept_packed, report = save(tmp_path, packed)
    assert (kept_packed.status, report["saved"][0]["action"]) == (0, "unchanged")
    unpacked, report = save(tmp_path, {**packed, "compress": False})
    assert unpacked.status != 0
    assert "in this format" in report["failed"][0]["message"]


@pytest.mark.long
def test_from_volume_to_file(compute_cloud: ComputeCloud, name: str, tmp_path: Path) -> None:
    """In the same way; the volume is as it was, and the next run has no work."""
    data = gpt_disk()
    base = compute_cloud.cloud.new_image(data=data, visibility="public")
    volume = compute_cloud.new_volume(base["id"], name=f"{name} root")
    path = tmp_path / "saved.raw"
    wish = {"volume": f"{name} root", "path": str(path)}
    played, report = save(tmp_path, wish)
    assert played.status == 0, played.output
    (saved,) = report["saved"]
    assert (saved["volume"], saved["action"]) == (f"{name} root", "created")
    with path.open("rb") as file:
        assert file.read(len(data)) == data
    owner = compute_cloud.cloud["customer_a"]
    listing = owner.done("GET", "/images", params={"owner": owner.project_id})["images"]
    assert [image for image in listing if volume in image.get("curator_source", "")] == []
    assert compute_cloud.volume(volume)["status"] == "available"
    again, report = save(tmp_path, wish)
    assert (again.status, "changed=0" in again.output) == (0, True), again.output
    assert report["saved"] == [{**saved, "action": "unchanged"}]


@pytest.mark.slow
def test_an_image_that_somebody_keeps(
    fake_compute_cloud: ComputeCloud, name: str, tmp_path: Path
) -> None:
    """It is not taken for one on its way, whether there is a file yet or not; one on its way is."""
    disk = Workshop(tmp_path).disk("qcow2")
    snapshots = new_snapshots(fake_compute_cloud, name, disk=disk)
    kept = snapshots.run(disk_format="keep")["image"]["id"]
    path = tmp_path / "saved.qcow2"
    wish = element(snapshots, path)

    played, report = save(tmp_path, {**wish, "name": name})
    assert played.status != 0
    assert f"was made as {name}, and stands" in report["failed"][0]["message"]
    assert not path.exists()

    # As a run leaves it that was killed before the file was there.
    left = snapshots.run(
        name=f"{name} left", disk_format="keep", properties={"save_images_for": str(path)}
    )
    played, report = save(tmp_path, {**wish, "name": f"{name} left"})
    assert played.status == 0, played.output
    assert report["saved"][0]["id"] == left["image"]["id"]
    (image,) = snapshots.images()
    assert (image["id"], image["name"]) == (kept, name)
    assert "save_images_for" not in json.dumps(report["saved"][0]["upload"])

    played, report = save(tmp_path, {**wish, "name": name})
    assert (played.status, report["saved"][0]["action"]) == (0, "unchanged"), played.output
    assert [image] == snapshots.images()
