# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that are no hardware: each is refused with what to do instead."""

from __future__ import annotations

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.checking import (
    explain_refused,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.known import (
    every,
    is_hardware,
)

NAMES = [row.name for row in every()]


@pytest.mark.parametrize(
    "name, advice",
    [
        ("id", "os_distro"),
        ("short-id", "os_distro"),
        ("os_hash_algo", "set by Glance alone"),
        ("os_hash_value", "set by Glance alone"),
        ("os_glance_importing_to_stores", "set by Glance alone"),
        ("stores", "set by Glance alone"),
        ("owner", "option owner of image_metadata"),
        ("min_disk", "option min_disk of image_metadata"),
        ("", "empty name"),
        ("curator_id", "records"),
        ("owner_specified.openstack.sha256", "clients keep digests"),
        ("hw:cpu_sockets", "flavors; for images it is hw_cpu_sockets"),
        ("hw:numa_cpus.0", "for images it is hw_numa_cpus.0"),
        ("hw:hide_hypervisor_id", "for images it is img_hide_hypervisor_id"),
        ("os:secure_boot", "for images it is os_secure_boot"),
        ("hw:cpu_realtime", "images have none like it"),
        ("hw_rng:allowed", "images have none like it"),
        ("hw_video:ram_max_mb", "images have none like it"),
        ("resources:VCPU", "images have none like it"),
        ("resources1:VCPU", "images have none like it"),
        ("trait1:CUSTOM_X", "images have none like it"),
        ("quota:cpu_shares", "images have none like it"),
        ("traits:COMPUTE_SECURITY_TPM_2_0", "trait:COMPUTE_SECURITY_TPM_2_0"),
        ("kernel_id", "image_upload_raw"),
        ("img_signature", "signature"),
        ("img_block_device_mapping", "volumes"),
        ("hw_ephemeral_encryption_secret_uuid", "encrypted"),
        ("instance_uuid", "snapshot"),
        ("cinder_img_volume_type", "volumes"),
        ("image_source", "image_metadata"),
        ("os_purpose", "image_metadata"),
        ("os_distrro", "mean os_distro"),
        ("hw-disk-bus", "mean hw_disk_bus"),
    ],
)
def test_a_refusal_says_what_to_do(name: str, advice: str) -> None:
    """In whole sentences, with the name."""
    reason = explain_refused(name)
    assert reason is not None
    assert name in reason
    assert advice in reason
    assert reason.endswith(".")
    assert not is_hardware(name)


@pytest.mark.parametrize("name", [*NAMES, "hw_acme", "trait:odd", "x" * 300])
def test_what_is_hardware_is_not_refused_and_all_else_is(name: str) -> None:
    """One line divides names, for this as for what `exact` removes."""
    assert (explain_refused(name) is None) is is_hardware(name)
