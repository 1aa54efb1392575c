# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The tables: names that Nova has replaced and still reads, where the newer one is not there."""

from __future__ import annotations

from ..property import Property, choice, flag, number, text
from .guest import hypervisor, hypervisor_versions, mode
from .processor import ARCHITECTURE, architecture

_LAYOUTS = ("preallocated", "thin", "thick", "eagerZeroedThick", "sparse", "streamOptimized")

OLDER: tuple[Property, ...] = (
    # These two are older in Nova alone: everybody writes them.
    architecture("architecture", ARCHITECTURE, instead="hw_architecture"),
    hypervisor("hypervisor_type", instead="img_hv_type"),
    hypervisor_versions("hypervisor_version_requires", instead="img_hv_requested_version"),
    mode("vm_mode", instead="hw_vm_mode"),
    choice(
        "vmware_disktype",
        "How the VMDK in the image is laid out",
        *_LAYOUTS,
        instead="hw_disk_type",
    ),
    text("vmware_ostype", "The guest as vSphere calls it", instead="os_distro"),
    flag(
        "vmware_linked_clone",
        "Whether servers share the image's disk",
        instead="img_linked_clone",
    ),
    number("vmware_image_version", "The version of the image's metadata", instead="img_version"),
    text("auto_disk_config", "Use hw_auto_disk_config", instead="hw_auto_disk_config"),
    flag("ipxe_boot", "Use hw_ipxe_boot", instead="hw_ipxe_boot"),
    flag("cache_in_nova", "Use img_cache_in_nova", instead="img_cache_in_nova"),
    flag("bittorrent", "Use img_bittorrent", instead="img_bittorrent"),
    number("xenapi_device_id", "Use hw_device_id", instead="hw_device_id"),
    number(
        "xenapi_image_compression_level",
        "Use img_compression_level",
        least=1,
        most=9,
        instead="img_compression_level",
    ),
    flag("xenapi_use_agent", "Use img_use_agent", instead="img_use_agent"),
    flag(
        "xenapi_skip_agent_inject_ssh",
        "Use os_skip_agent_inject_ssh",
        instead="os_skip_agent_inject_ssh",
    ),
    flag(
        "xenapi_skip_agent_inject_files_at_boot",
        "Use os_skip_agent_inject_files_at_boot",
        instead="os_skip_agent_inject_files_at_boot",
    ),
)

# One old name for two newer ones, hw_disk_bus and hw_scsi_model.
ADAPTER = choice(
    "vmware_adaptertype",
    "The disk controller: ide, or a SCSI model",
    "lsiLogic",
    "lsiLogicsas",
    "paraVirtual",
    "busLogic",
    "ide",
    also={
        "lsilogic": "lsiLogic",
        "lsilogicsas": "lsiLogicsas",
        "paravirtual": "paraVirtual",
        "buslogic": "busLogic",
        "lsisas1068": "lsiLogicsas",
        "vmpvscsi": "paraVirtual",
    },
)
