# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook verify, and the verdict that it leaves on images."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from guests.tiny import NO_VIRTIO, USER, WHOLE, tiny_guest
from support.boot_checks import CONSOLE, NEVER
from support.compute import ComputeCloud
from support.running import Played, play, run_module


def verify(
    compute: ComputeCloud, folder: Path, *arguments: str, **variables: Any
) -> tuple[Played, dict[str, dict[str, Any]]]:
    """Run the playbook, and read what it says of each image."""
    report = folder / "verified.json"
    given = {
        "cloud": "customer_a",
        "network": compute.facts["network"]["name"],
        "user": USER,
        "options": {"timeout": 120},
        "report_file": str(report),
        **variables,
    }
    extra = json.dumps({f"verify_images_{key}": value for key, value in given.items()})
    played = play("curator.glance.verify", "-e", extra, *arguments, hangs_after=900)
    told = json.loads(report.read_text())["images"] if report.exists() else []
    return played, {image["name"]: image for image in told}


@pytest.mark.long
def test_images_that_stand(compute_cloud: ComputeCloud, name: str, tmp_path: Path) -> None:
    """Each has its turn and its verdict; what passed lately is not booted again."""
    cloud = compute_cloud.cloud
    good, bad = (f"{name} {label}" for label in ("good", "bad"))
    for title, guest in ((good, WHOLE), (bad, NO_VIRTIO)):
        task: dict[str, Any] = {
            "cloud": "customer_a",
            "name": title,
            "source": str(tiny_guest(guest)),
        }
        made = run_module("image_upload_raw", **task)
        cloud.forget_later("customer_a", made["image"]["id"])
    strange = cloud.new_image(
        "customer_a",
        tiny_guest(WHOLE).read_bytes(),
        name=f"{name} strange",
        disk_format="qcow2",
        min_disk=1,
    )
    mine = {"select": f"[?starts_with(name, '{name}')]"}

    foreseen, _images = verify(compute_cloud, tmp_path, "--check", **mine)
    assert foreseen.status == 0, foreseen.output
    assert "3 foreseen" in foreseen.output

    played, images = verify(compute_cloud, tmp_path, "--forks", "3", **mine)
    assert played.status != 0
    assert f"1 failed, and the report says why: {bad}." in played.output
    outcomes = {title: image["outcome"] for title, image in images.items()}
    assert outcomes == {good: "passed", bad: "failed", strange["name"]: "passed"}
    assert "does not find its root disk" in images[bad]["message"]
    owner = cloud["customer_a"]
    shown = owner.image(images[good]["image"])
    assert shown["curator_verified_at"] == images[good]["verified_at"]
    shown = owner.image(images[bad]["image"])
    assert "does not find its root disk" in shown["curator_verify_failed"]
    assert (shown["status"], shown["os_hidden"]) == ("active", False)
    # Marks on an image that is not ours would say nothing.
    assert not images[strange["name"]]["recorded"]
    assert owner.image(strange["id"]) == strange

    lately = {"list": [good], "recheck_after": 1}
    played, images = verify(compute_cloud, tmp_path, **lately)
    assert (played.status, images[good]["outcome"]) == (0, "trusted"), played.output
    assert "changed=0" in played.output
    # Another guest, by its hardware.
    run_module(
        "image_metadata", cloud="customer_a", image=good, properties={"hw_vif_model": "e1000"}
    )
    played, images = verify(compute_cloud, tmp_path, "--check", **lately)
    assert "1 foreseen" in played.output


@pytest.mark.slow
def test_consoles(fake_compute_cloud: ComputeCloud, name: str, tmp_path: Path) -> None:
    """That of an image that fails is kept, and named; nothing is left of one that passes."""
    fake_compute_cloud.cloud.new_image("customer_a", name=name)
    consoles = tmp_path / "consoles"

    def run(**expect: Any) -> tuple[Played, dict[str, dict[str, Any]]]:
        told = {"expect": expect, "options": {"timeout": 15}, "console_folder": str(consoles)}
        return verify(fake_compute_cloud, tmp_path, list=[name], **told)

    nowhere, _images = run(**CONSOLE)
    assert nowhere.status != 0
    assert f"verify_images_console_folder is {consoles}, and there is no" in nowhere.output

    consoles.mkdir()
    played, images = run(**NEVER)
    assert (played.status == 0, images[name]["outcome"]) == (False, "failed"), played.output
    (log,) = consoles.iterdir()
    assert images[name]["console_log"] == str(log)
    assert f"Its console is in {log}." in played.output
    assert "login:" in log.read_text()

    played, images = run(**CONSOLE)
    assert (played.status, images[name]["outcome"]) == (0, "passed"), played.output
    assert images[name]["console_log"] is None
    assert list(consoles.iterdir()) == []
