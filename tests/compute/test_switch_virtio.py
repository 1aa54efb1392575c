# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook switch_virtio, from a server whose owner has installed drivers in it."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from guests.store import ran
from guests.tiny import NO_VIRTIO, tiny_guest
from support.boot_checks import CONSOLE, NEVER
from support.compute import ComputeCloud, offers_ssh
from support.running import Played, play, run_module
from support.snapshots import Snapshots
from support.versions import new_version
from support.waiting import until

SECTOR = 512
# In the configuration of the guest's boot loader.
TOLD = b"quiet tiny.without=virtio"

OF_THE_MACHINE: dict[str, Any] = {
    "hw_disk_bus": "ide",
    "hw_vif_model": "e1000",
    "os_distro": "debian",
}


def switch(snapshots: Snapshots, *arguments: str, **variables: Any) -> Played:
    """Run the playbook as the server's owner."""
    given = {"cloud": snapshots.user, "switch_image": snapshots.name, **variables}
    extra = json.dumps({f"import_vm_{key}": value for key, value in given.items()})
    return play("curator.glance.switch_virtio", "-e", extra, *arguments)


@pytest.mark.slow
def test_from_a_server(fake_compute_cloud: ComputeCloud, name: str) -> None:
    """An image of it, with virtio, takes the name; the old one steps back; once is enough."""
    owner = fake_compute_cloud.cloud["customer_a"]
    old = fake_compute_cloud.cloud.new_image("customer_a", name=name, **OF_THE_MACHINE)
    server = fake_compute_cloud.new_server(old["id"], name=f"{name} office")
    snapshots = Snapshots(fake_compute_cloud, server, name)

    refused = switch(snapshots, switch_server=server["id"], switch_from="another")
    assert refused.status != 0
    assert "import_vm_switch_from and import_vm_switch_server say different" in refused.output

    predicted = switch(snapshots, "--check", switch_server=server["name"])
    assert predicted.status == 0, predicted.output
    assert "not there yet" in predicted.output
    assert snapshots.images() == []

    # Hardware that there is not: what was made for it is gone again.
    wrong = switch(snapshots, switch_server=server["id"], switch_properties={"hw_disk_bus": "x"})
    assert wrong.status != 0
    assert "hw_disk_bus" in wrong.output
    assert snapshots.images() == []
    snapshots.assert_as_before()

    done = switch(snapshots, switch_server=server["id"])
    assert done.status == 0, done.output
    (new,) = snapshots.images()
    fake_compute_cloud.cloud.forget_later("customer_a", new["id"])
    assert (new["name"], new["hw_disk_bus"], new["hw_vif_model"]) == (name, "virtio", "virtio")
    assert (new["os_distro"], new["import_vm_switched_from"]) == ("debian", old["id"])
    before = owner.image(old["id"])
    assert (before["os_hidden"], before["hw_disk_bus"]) == (True, "ide")
    assert before["name"] != name
    snapshots.assert_as_before()
    assert snapshots.actions().count("createImage") == 2

    again = switch(snapshots, switch_server=server["id"])
    assert (again.status, "changed=0" in again.output) == (0, True), again.output
    assert snapshots.actions().count("createImage") == 2


@pytest.mark.slow
def test_what_does_not_boot(fake_compute_cloud: ComputeCloud, name: str, tmp_path: Path) -> None:
    """The image that was made is gone again, and who has the name keeps it, as it was."""
    owner = fake_compute_cloud.cloud["customer_a"]
    old = fake_compute_cloud.cloud.new_image("customer_a", name=name, **OF_THE_MACHINE)
    server = fake_compute_cloud.new_server(old["id"], name=f"{name} office")
    snapshots = Snapshots(fake_compute_cloud, server, name)

    never = {"expect": NEVER, "timeout": 15}
    told: dict[str, Any] = {"boot_check": never, "console_folder": str(tmp_path)}
    failed = switch(snapshots, switch_server=server["id"], **told)
    assert failed.status != 0
    assert str(NEVER["console"]) in failed.output
    assert snapshots.actions().count("createImage") == 1
    assert snapshots.images() == []
    assert_same(owner.image(old["id"]), old)
    snapshots.assert_as_before()
    (log,) = tmp_path.iterdir()
    assert f"Its console is in {log}." in failed.output
    assert "login:" in log.read_text()


@pytest.mark.slow
def test_in_place(fake_compute_cloud: ComputeCloud, name: str) -> None:
    """It is booted once it has the hardware; where that fails, it is as it was."""
    cloud = fake_compute_cloud.cloud
    made = new_version(cloud, name, "published", user="customer_a", **OF_THE_MACHINE)
    before = cloud["customer_a"].image(made["id"])

    def run(**boot_check: Any) -> Played:
        given = {"cloud": "customer_a", "switch_image": name, "boot_check": boot_check}
        extra = json.dumps({f"import_vm_{key}": value for key, value in given.items()})
        return play("curator.glance.switch_virtio", "-e", extra)

    failed = run(flavor="none")
    assert failed.status != 0
    assert "There is no flavor 'none'" in failed.output
    assert_same(cloud["customer_a"].image(made["id"]), before)

    done = run(expect=CONSOLE)
    assert done.status == 0, done.output
    image = cloud["customer_a"].image(made["id"])
    assert (image["hw_disk_bus"], image["import_vm_switched"]) == ("virtio", "virtio")
    assert image["curator_verified_at"]

    # As a run leaves it that is killed while it boots.
    unknown = dict.fromkeys(("curator_verified_at", "curator_verified", "curator_verified_as"))
    run_module("image_metadata", cloud="customer_a", image=made["id"], properties=unknown)
    unbooted = run(flavor="none")
    assert "There is no flavor 'none'" in unbooted.output
    booted = run(expect=CONSOLE)
    assert booted.status == 0, booted.output
    assert cloud["customer_a"].image(made["id"])["curator_verified_at"]

    again = run(flavor="none")
    assert (again.status, "changed=0" in again.output) == (0, True), again.output


def assert_same(image: dict[str, Any], before: dict[str, Any]) -> None:
    """Nothing of it was changed, save when it last was."""
    at = "updated_at"
    assert {**image, at: None} == {**before, at: None}


@pytest.mark.long
def test_with_a_guest(compute_cloud: ComputeCloud, name: str, tmp_path: Path) -> None:
    """A Linux without drivers for virtio runs on ide; once it has them, it starts on virtio."""
    disk = tiny_guest(NO_VIRTIO)
    old = compute_cloud.new_guest_image(disk, "customer_a", name=name, hw_disk_bus="ide")
    server = compute_cloud.new_server(old, name=f"{name} office")
    address = compute_cloud.addresses(server)[4]
    until(partial(offers_ssh, address), "the guest runs", within=180)
    install_drivers(compute_cloud, server["id"], tmp_path)

    check = {"network": compute_cloud.facts["network"]["name"], "timeout": 120}
    done = switch(
        Snapshots(compute_cloud, server, name), switch_server=server["id"], boot_check=check
    )
    assert done.status == 0, done.output
    assert compute_cloud.cloud["customer_a"].image(old)["os_hidden"]
    (new,) = compute_cloud.cloud.images_named(name, "customer_a")
    compute_cloud.cloud.forget_later("customer_a", new["id"])
    assert (new["disk_format"], new["hw_disk_bus"]) == ("raw", "virtio")
    assert new["curator_verified_at"]
    until(partial(offers_ssh, address), "the guest runs again", within=180)
    fast = compute_cloud.addresses(compute_cloud.new_server(new["id"]))[4]
    until(partial(offers_ssh, fast), "it runs on virtio", within=180)


def install_drivers(compute: ComputeCloud, server_id: str, folder: Path) -> None:
    """What the owner of the guest does, past it: its kernel is no longer told to do without."""
    _power(compute, server_id, "os-stop", "SHUTOFF")
    disk = Path(compute.facts["instances_dir"], server_id, "disk")
    raw = folder / "disk.raw"
    ran("qemu-img", "convert", "-O", "raw", disk, raw)
    data = raw.read_bytes()
    at = data.index(TOLD) // SECTOR * SECTOR
    piece = folder / "piece"
    piece.write_bytes(data[at : at + 2 * SECTOR].replace(TOLD, TOLD.replace(b"virtio", b"------")))
    ran("qemu-io", "-f", "qcow2", "-c", f"write -s {piece} {at} {2 * SECTOR}", disk)
    _power(compute, server_id, "os-start", "ACTIVE")


def _power(compute: ComputeCloud, server_id: str, action: str, status: str) -> None:
    path = f"/servers/{server_id}/action"
    compute.nova_done("customer_a", "POST", path, json={action: None})
    # A guest that does not heed its power button is given a minute.
    reached = partial(_is_at_rest, compute, server_id, status)
    until(reached, f"the server is {status}", within=180)


def _is_at_rest(compute: ComputeCloud, server_id: str, status: str) -> bool:
    server = compute.server(server_id)
    return (server["status"], server["OS-EXT-STS:task_state"]) == (status, None)
