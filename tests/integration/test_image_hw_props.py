# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""image_hw_props on a real Glance; what is stored is read back over plain HTTP."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest

from integration.conftest import RunModule
from support.cloud import LoopbackCloud
from support.messages import sentence
from support.running import run_module


@pytest.fixture
def equip(cloud: LoopbackCloud) -> RunModule:  # noqa: ARG001  # Its environment is set up there.
    """Run image_hw_props."""

    def run(**options: Any) -> dict[str, Any]:
        return run_module("image_hw_props", **{"cloud": "provider", **options})

    return run


@pytest.fixture
def image(cloud: LoopbackCloud) -> dict[str, Any]:
    """An image of the provider with hardware, and with what is none."""
    return cloud.new_image(
        hw_disk_bus="ide", hw_vif_model="e1000", image_source="https://example.org", note="x"
    )


def test_one_read_one_change_and_never_again(
    cloud: LoopbackCloud, equip: RunModule, image: dict[str, Any]
) -> None:
    """Predicted, done in one PATCH, and found done by one GET."""
    wish = {
        "image": image["id"],
        "profiles": ["virtio", "uefi"],
        "properties": {"hw_vif_model": None, "hw_cpu_sockets": 1, "os_distro": "debian"},
    }
    predicted = equip(**wish, check=True, diff=True)
    assert predicted["changed"]
    assert cloud["provider"].image(image["id"]) == image

    with cloud.requests_seen("glance") as seen:
        done = equip(**wish, diff=True)
    path = f"/v2/images/{image['id']}"
    # What else is asked is which versions of the API there are.
    assert [line for line in seen if line != "GET /"] == [f"GET {path}", f"PATCH {path}"]
    assert done["diff"] == predicted["diff"]
    for key in ("before", "after", "profiles", "findings"):
        assert done[key] == predicted[key]

    stored = cloud["provider"].image(image["id"])
    assert stored["hw_disk_bus"] == "virtio"
    assert stored["hw_firmware_type"] == "uefi"
    assert stored["hw_cpu_sockets"] == "1"
    assert stored["os_distro"] == "debian"
    assert "hw_vif_model" not in stored
    assert (stored["image_source"], stored["note"]) == ("https://example.org", "x")
    assert done["before"] == {"hw_disk_bus": "ide", "hw_vif_model": "e1000"}
    assert done["after"] == {name: stored[name] for name in done["after"]}
    assert done["profiles"]["hw_vif_model"] == "virtio"

    with cloud.requests_seen("glance") as seen:
        again = equip(**wish)
    assert not again["changed"]
    assert [line for line in seen if line != "GET /"] == [f"GET {path}"]
    assert again["before"] == again["after"] == done["after"]


def test_nothing_named_is_nothing_changed(equip: RunModule, image: dict[str, Any]) -> None:
    """It only tells which hardware the image asks for."""
    told = equip(image=image["id"])
    assert not told["changed"]
    assert told["after"] == {"hw_disk_bus": "ide", "hw_vif_model": "e1000"}


@pytest.mark.parametrize(
    "stored, wanted",
    [
        pytest.param({"hw_boot_menu": "yes"}, {"hw_boot_menu": True}, id="another spelling"),
        pytest.param(
            {"hw_vif_multiqueue_enabled": "True", "hw_vif_model": "virtio"},
            {"hw_vif_multiqueue_enabled": "true"},
            id="flag as a string",
        ),
        pytest.param({"hw_cpu_sockets": "2"}, {"hw_cpu_sockets": 2}, id="number"),
        pytest.param({"os_shutdown_timeout": "60"}, {"os_shutdown_timeout": "60"}, id="same"),
        pytest.param({"hw_video_ram": "64"}, {"hw_video_ram": "64"}, id="number as a string"),
        pytest.param({"img_config_drive": "mandatory"}, {"img_config_drive": "mandatory"}, id="so"),
        pytest.param(
            {"os_require_quiesce": "1", "hw_qemu_guest_agent": "True"},
            {"os_require_quiesce": "yes"},
            id="1 is yes",
        ),
        pytest.param({"hw_firmware_type": "uefi"}, {"hw_firmware_type": "uefi"}, id="choice"),
        pytest.param(
            {"os_secure_boot": "required", "hw_firmware_type": "uefi", "hw_machine_type": "q35"},
            {"os_secure_boot": "required"},
            id="secure boot",
        ),
        pytest.param({}, {"hw_rng_model": None}, id="nothing to remove"),
    ],
)
def test_what_is_so_already_is_no_change(
    cloud: LoopbackCloud, equip: RunModule, stored: dict[str, str], wanted: dict[str, Any]
) -> None:
    """Whoever wrote it, and however: what Nova reads the same stays as it is."""
    image = cloud.new_image(data=None, **stored)
    found = equip(image=image["id"], properties=wanted)
    assert not found["changed"], found
    assert cloud["provider"].image(image["id"]) == image


def test_exact_takes_hardware_away_and_nothing_else(cloud: LoopbackCloud, equip: RunModule) -> None:
    """A snapshot carries its server's and its image's properties: none of them is hardware."""
    kept: dict[str, Any] = {
        "image_type": "snapshot",
        "instance_uuid": str(uuid.uuid4()),
        "base_image_ref": str(uuid.uuid4()),
        "owner_specified.openstack.md5": "",
        "curator_proof": "sha512:0",
        "image_source": "private",
        "os_purpose": "generic",
        "note": "x",
    }
    hardware: dict[str, Any] = {
        "hw_disk_bus": "ide",
        "hw_rng_model": "virtio",
        "os_distro": "debian",
    }
    image = cloud.new_image(**kept, **hardware)
    wish = {"image": image["id"], "properties": {"hw_disk_bus": "ide"}, "exact": True}
    done = equip(**wish)
    assert done["before"] == hardware
    assert done["after"] == {"hw_disk_bus": "ide"}
    stored = cloud["provider"].image(image["id"])
    assert stored.items() >= kept.items()
    assert not {"hw_rng_model", "os_distro"} & stored.keys()
    assert not equip(**wish)["changed"]
    assert equip(image=image["id"], properties={}, exact=True)["after"] == {}


def test_strict_refuses_what_would_not_start(
    cloud: LoopbackCloud, equip: RunModule, image: dict[str, Any]
) -> None:
    """All that is wrong at once, with what is allowed, also in check mode; nothing changes."""
    wish = {
        "image": image["id"],
        "properties": {"hw_disk_bus": "virtoi", "hw_vif_model": "e100", "hw_rng_model": "virtio"},
    }
    for check in (False, True):
        refused = equip(**wish, check=check)
        message = sentence(refused)
        assert "virtio" in message
        assert "e1000" in message
        assert len(refused["findings"]) == 2
    assert cloud["provider"].image(image["id"]) == image


def test_combinations_are_judged_as_they_will_stand(
    cloud: LoopbackCloud, equip: RunModule, image: dict[str, Any]
) -> None:
    """What stands counts as much as what is named; what only stands is nobody's fault."""
    alone = equip(image=image["id"], properties={"hw_scsi_model": "virtio-scsi"})
    assert "hw_scsi_model" in sentence(alone)
    both = {"hw_scsi_model": "virtio-scsi", "hw_disk_bus": "scsi"}
    assert equip(image=image["id"], properties=both)["changed"]
    odd = cloud.new_image(data=None, hw_scsi_model="virtio-scsi", hw_disk_bus="ide")
    assert equip(image=odd["id"], properties={"hw_rng_model": "virtio"})["findings"] == []


def test_warn_says_it_and_off_does_not(
    cloud: LoopbackCloud, equip: RunModule, image: dict[str, Any]
) -> None:
    """Both set it; the second run changes nothing, and warns again."""
    wish = {"image": image["id"], "properties": {"hw_disk_bus": "floppy"}, "validation": "warn"}
    warned = equip(**wish)
    assert warned["changed"]
    assert warned["warnings"] == warned["findings"]
    assert "floppy" in warned["warnings"][0]
    assert cloud["provider"].image(image["id"])["hw_disk_bus"] == "floppy"
    again = equip(**wish)
    assert not again["changed"]
    assert again["warnings"] == warned["warnings"]
    with cloud.requests_seen("glance") as seen:
        # YAML takes off for a boolean.
        quiet = equip(image=image["id"], properties={"hw_disk_bus": "tape"}, validation=False)
    assert quiet["changed"]
    assert "warnings" not in quiet
    assert not any("/v2/metadefs" in line for line in seen)


@pytest.mark.parametrize("name", ["os_hash_value", "owner", "curator_proof"])
def test_what_is_no_hardware_is_refused_in_any_case(
    cloud: LoopbackCloud, equip: RunModule, image: dict[str, Any], name: str
) -> None:
    """By its name, before anything is asked of the cloud."""
    with cloud.requests_seen("glance") as seen:
        refused = equip(image=image["id"], properties={name: "x"}, validation="off")
    assert name in sentence(refused)
    assert seen == []


def test_other_properties_have_their_own_module(equip: RunModule, image: dict[str, Any]) -> None:
    """The message says which."""
    refused = equip(image=image["id"], properties={"image_source": "private"})
    assert "image_metadata" in sentence(refused)


def test_the_hypervisor_is_the_images_unless_the_task_names_one(
    cloud: LoopbackCloud, equip: RunModule
) -> None:
    """Each has models of its own."""
    image = cloud.new_image(data=None, hypervisor_type="vmware")
    vmware = {"image": image["id"], "properties": {"hw_vif_model": "VirtualVmxnet"}}
    assert "VirtualVmxnet" in sentence(equip(**vmware, hypervisor="kvm"))
    assert equip(**vmware)["changed"]
    plain = cloud.new_image(data=None)
    assert equip(**vmware | {"image": plain["id"]})["failed"]
    assert equip(**vmware | {"image": plain["id"]}, hypervisor="vmware")["changed"]


def test_profiles_of_ones_own(equip: RunModule, image: dict[str, Any]) -> None:
    """Later ones win, properties win over all, and a misspelt one is told what there is."""
    own = {"house": {"hw_video_model": "vga", "hw_disk_bus": "sata"}}
    done = equip(
        image=image["id"],
        profiles=["virtio", "house"],
        profile_definitions=own,
        properties={"hw_video_model": "virtio"},
    )
    assert done["profiles"]["hw_video_model"] == "vga"
    assert done["after"]["hw_disk_bus"] == "sata"
    assert done["after"]["hw_video_model"] == "virtio"
    refused = equip(image=image["id"], profiles=["hous"], profile_definitions=own)
    assert "house" in sentence(refused)


def test_a_member_and_a_stranger(cloud: LoopbackCloud, equip: RunModule) -> None:
    """A project changes its own images; of others it is told why not."""
    own = cloud.new_image("customer_a")
    wish = {"cloud": "customer_a", "profiles": ["legacy-ide"]}
    assert equip(**wish, image=own["name"])["changed"]
    assert not equip(**wish, image=own["name"])["changed"]
    shared = cloud.new_shared_image(customer_a="accepted")
    assert "owns the image" in sentence(equip(**wish, image=shared["id"]))


def test_an_image_that_is_being_written_is_waited_for(
    cloud: LoopbackCloud, equip: RunModule
) -> None:
    """Glance forgets what is patched during an upload; the change comes after it, and stays."""
    with cloud.uploading() as (image, finish):
        impatient = equip(image=image["id"], profiles=["virtio"], wait=False)
        assert "saving" in sentence(impatient)
        threading.Timer(1, finish).start()
        done = equip(image=image["id"], profiles=["virtio"])
    assert done["changed"]
    stored = cloud["provider"].image(image["id"])
    assert (stored["status"], stored["hw_disk_bus"]) == ("active", "virtio")
    assert done["after"]["hw_disk_bus"] == "virtio"


def test_an_image_that_is_not_there(equip: RunModule) -> None:
    """Predicted in check mode, an error otherwise; nonsense is an error in both."""
    predicted = equip(image="not yet", profiles=["virtio"], check=True)
    assert (predicted["changed"], predicted["image"]) == (True, None)
    assert "'not yet'" in sentence(equip(image="not yet", profiles=["virtio"]))
    nonsense = equip(image="not yet", properties={"hw_disk_bus": "floppy"}, check=True)
    assert "floppy" in sentence(nonsense)
    # On which hypervisor it will run is not known yet, nor what an earlier task asks for.
    open_yet = {"hw_vif_model": "VirtualVmxnet", "hw_scsi_model": "virtio-scsi"}
    assert equip(image="not yet", properties=open_yet, check=True)["changed"]


@pytest.mark.parametrize("count", [4, pytest.param(20, marks=pytest.mark.slow)])
def test_many_images(cloud: LoopbackCloud, equip: RunModule, count: int) -> None:
    """Four properties each: all set at first, and at most two requests for each when all is so."""
    images = [cloud.new_image(data=None)["id"] for _n in range(count)]
    wish = {
        "hw_disk_bus": "scsi",
        "hw_scsi_model": "virtio-scsi",
        "hw_vif_multiqueue_enabled": True,
        "hw_cpu_sockets": 2,
    }
    for image in images:
        assert equip(image=image, properties=wish)["changed"]
    for image in images:
        with cloud.requests_seen("glance") as seen:
            assert not equip(image=image, properties=wish)["changed"]
        assert len(seen) <= 2
