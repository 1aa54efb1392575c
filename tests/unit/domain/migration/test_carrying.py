# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of an image comes along, and what is said of the rest."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image
from ansible_collections.curator.glance.plugins.module_utils.domain.migration.carrying import (
    carry,
    companions,
    require_movable,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    CuratorError,
    InvalidRequest,
    NotReady,
)

KERNEL = "0b0c7e0a-3a8b-4c1e-9a57-6f2f5f6f0001"


def image(**properties: str) -> Image:
    return Image(
        id="source",
        name="img",
        status="active",
        visibility="private",
        size=1,
        disk_format="qcow2",
        properties=properties,
    )


def test_what_describes_the_disk_and_its_system_comes_along() -> None:
    """Also what no one here knows: it may mean something to somebody."""
    properties = {
        "hw_disk_bus": "scsi",
        "os_distro": "debian",
        "os_version": "12",
        "architecture": "x86_64",
        "trait:HW_CPU_X86_AVX2": "required",
        "image_source": "https://example.org/disk.qcow2",
        "image_original_user": "debian",
        "vmware_disktype": "sparse",
        "kernel_id": "nokernel",
        "odd name/with~signs": "",
    }
    carried = carry(image(**properties), {}, converts=False)
    assert carried.properties == properties
    assert carried.dropped == ()


@pytest.mark.parametrize(
    "name, word",
    [
        ("os_glance_importing_to_stores", "Glance"),
        ("curator_proof", "record"),
        ("owner_specified.openstack.sha256", "openstacksdk"),
        ("stores", "keeps the bytes"),
        ("locations", "keeps the bytes"),
        ("direct_url", "keeps the bytes"),
        ("image_type", "snapshot"),
        ("instance_uuid", "snapshot"),
        ("base_image_ref", "snapshot"),
        ("boot_roles", "snapshot"),
        ("owner_project_name", "snapshot"),
        ("user_id", "snapshot"),
        ("img_signature_certificate_uuid", "certificate"),
        ("cinder_img_volume_type", "volume type"),
        ("block_device_mapping", "volumes"),
        ("is_public", "attribute"),
        ("checksum", "attribute"),
    ],
)
def test_what_stays_behind_is_told_with_its_reason(name: str, word: str) -> None:
    """Unless the task names it: then it comes along as the task says, where it can be named."""
    carried = carry(image(**{name: "x", "os_distro": "debian"}), {}, converts=False)
    assert carried.properties == {"os_distro": "debian"}
    (dropped,) = carried.dropped
    assert dropped.as_result()["name"] == name
    assert word in dropped.reason
    named = carry(image(**{name: "x"}), {name: "y"}, converts=False)
    assert (dict(named.properties), named.dropped) == ({name: "y"}, ())


def test_where_the_source_keeps_the_bytes_is_told_too() -> None:
    """Glance shows that beside the properties."""
    seen = Image.from_glance(
        {
            "id": "i",
            "name": "img",
            "status": "active",
            "visibility": "public",
            "stores": "fast",
            "direct_url": "rbd://a/b",
        }
    )
    carried = carry(seen, {}, converts=False)
    assert [one.name for one in carried.dropped] == ["direct_url", "stores"]


def test_what_the_task_says_goes_before_what_stands() -> None:
    """As Glance stores it; what shall not be there is no loss to report."""
    carried = carry(
        image(hw_disk_bus="scsi", os_distro="debian"),
        {"hw_disk_bus": None, "os_distro": "ubuntu", "hw_qemu_guest_agent": True},
        converts=False,
    )
    assert carried.properties == {"hw_qemu_guest_agent": "true", "os_distro": "ubuntu"}
    assert carried.dropped == ()


def test_what_describes_the_old_format_does_not_survive_a_conversion() -> None:
    """The type of a VMDK says nothing of a raw disk, and would make VMware read it wrong."""
    carried = carry(image(vmware_disktype="sparse", hw_disk_bus="ide"), {}, converts=True)
    assert carried.properties == {"hw_disk_bus": "ide"}
    assert [one.name for one in carried.dropped] == ["vmware_disktype"]


def test_kernel_and_ramdisk_come_along_first() -> None:
    """By the ids that they have here; a word in their place is no image."""
    seen = image(kernel_id=KERNEL, ramdisk_id="nokernel")
    assert companions(seen, {}) == {"kernel_id": KERNEL}
    assert companions(seen, {"kernel_id": "other"}) == {}


@pytest.mark.parametrize(
    "changes, kind, word",
    [
        ({"status": "queued"}, NotReady, "queued"),
        ({"size": 0}, NotReady, "0 bytes"),
        (
            {"size": 0, "properties": {"block_device_mapping": "[{}]"}},
            NotReady,
            "snapshot of a server with volumes",
        ),
        ({"properties": {"block_device_mapping": "[{}]"}}, InvalidRequest, "snapshots of volumes"),
        ({"properties": {"cinder_encryption_key_id": KERNEL}}, InvalidRequest, "encrypted"),
    ],
)
def test_what_cannot_be_moved(changes: dict[str, Any], kind: type[CuratorError], word: str) -> None:
    """A sentence before anything is done."""
    own = {name: getattr(image(), name) for name in Image.__slots__}
    with pytest.raises(kind, match=word):
        require_movable(Image(**{**own, **changes}), {}, "img")


def test_an_image_without_a_name_needs_one() -> None:
    """Nothing could be looked for there otherwise."""
    with pytest.raises(InvalidRequest, match=r"destination\.name"):
        require_movable(image(), {}, None)


def test_whoever_gives_the_mapping_up_may_move_the_bytes() -> None:
    """It is left out by name."""
    require_movable(image(block_device_mapping="[{}]"), {"block_device_mapping": None}, "img")
