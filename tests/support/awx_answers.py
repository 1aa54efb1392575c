# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers to the surveys of the AWX templates, and what the roles are to get of them."""

from __future__ import annotations

from typing import Any

# Answers to all questions of each survey, and what the role is given of them.
FILLED: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "publish": (
        {
            "survey_skip_upstream": "yes",
            "survey_retire_level": "delete",
            "survey_retire_force": "yes",
        },
        {
            "publish_images_check_upstream": False,
            "publish_images_retire_level": "delete",
            "publish_images_retire_force": True,
        },
    ),
    "import_vm": (
        {
            # As it is copied from somewhere.
            "survey_source": " https://example.com/accounting.ova\n",
            "survey_name": "2024",
            "survey_checksum": "sha256:" + "0" * 64,
            "survey_format": "vmdk",
            "survey_member": "disk1.vmdk",
            "survey_profile": "windows  uefi",
            "survey_prepare": "auto",
            "survey_min_ram": "2048",
            "survey_min_disk": "0",
            "survey_properties": "hw_disk_bus: scsi\nhw_qemu_guest_agent: true",
            "survey_tags": "accounting\n\nold machine\n",
            "survey_visibility": "shared",
            "survey_owner": "customer_a",
            "survey_expires": "2027-06-30",
            "survey_list": "- {name: One, source: /one.vmdk}\n",
            "survey_file": "machines.csv",
        },
        {
            "import_vm_source": "https://example.com/accounting.ova",
            "import_vm_name": "2024",
            "import_vm_checksum": "sha256:" + "0" * 64,
            "import_vm_format": "vmdk",
            "import_vm_member": "disk1.vmdk",
            "import_vm_profile": ["windows", "uefi"],
            "import_vm_prepare": "auto",
            "import_vm_min_ram": 2048,
            "import_vm_min_disk": 0,
            "import_vm_properties": {"hw_disk_bus": "scsi", "hw_qemu_guest_agent": True},
            "import_vm_tags": ["accounting", "old machine"],
            "import_vm_visibility": "shared",
            "import_vm_owner": "customer_a",
            "import_vm_expires": "2027-06-30",
            "import_vm_list": [{"name": "One", "source": "/one.vmdk"}],
            "import_vm_file": "machines.csv",
        },
    ),
    "share": (
        {
            "survey_image": "GPU Ubuntu 24.04",
            "survey_projects": "customer_a\n0815\n",
            "survey_project_domain": "Default",
            "survey_state": "absent",
            "survey_exact": "yes",
            "survey_visibility": "shared",
            "survey_accept_with": "customer_a",
        },
        {
            "share_images_list": [
                {
                    "image": "GPU Ubuntu 24.04",
                    "projects": ["customer_a", "0815"],
                    "project_domain": "Default",
                    "state": "absent",
                    "exact": True,
                    "visibility": "shared",
                    "accept_with": ["customer_a"],
                }
            ]
        },
    ),
    "retire": (
        {
            "survey_entries": "Debian 12\nUbuntu 24.04",
            "survey_keep": "0",
            "survey_max_age": "0",
            "survey_level": "deactivate",
            "survey_after": "90",
            "survey_uuid_validity": "last-3",
            "survey_provided_until": "yes",
            "survey_force": "yes",
        },
        {
            "retire_images_policy": {
                "entries": ["Debian 12", "Ubuntu 24.04"],
                "keep": 0,
                "max_age": 0,
                "levels": {"deactivate": 90},
                "uuid_validity": "last-3",
                "provided_until": True,
                "force": True,
            }
        },
    ),
    "verify": (
        {
            "survey_images": "Debian 12\n\n0815\n",
            "survey_select": " [?status=='active'] ",
            "survey_networks": "outside\ninside",
            "survey_flavor": "2048",
            "survey_recheck_after": "7",
        },
        {
            "verify_images_list": ["Debian 12", "0815"],
            "verify_images_select": "[?status=='active']",
            "verify_images_network": ["outside", "inside"],
            "verify_images_flavor": "2048",
            "verify_images_recheck_after": 7,
        },
    ),
    "migrate": (
        {
            "survey_images": "Debian 12\n\n0815\n",
            "survey_select": " [?disk_format=='raw']\n",
            "survey_destinations": "elsewhere\nthird cloud",
            "survey_source": "provider ",
            "survey_disk_format": "raw",
            "survey_on_conflict": "rotate",
            "survey_project_map": "sales: sales-2\n0815: web",
            "survey_rate_limit": "1048576",
            "survey_ledger": "/srv/images/migrated.yml",
        },
        {
            "migrate_images_list": ["Debian 12", "0815"],
            "migrate_images_select": "[?disk_format=='raw']",
            "migrate_images_destinations": ["elsewhere", "third cloud"],
            "migrate_images_source": "provider",
            "migrate_images_disk_format": "raw",
            "migrate_images_on_conflict": "rotate",
            "migrate_images_project_map": {"sales": "sales-2", "0815": "web"},
            "migrate_images_rate_limit": "1048576",
            "migrate_images_ledger": "/srv/images/migrated.yml",
        },
    ),
    "save": (
        {
            "survey_images": "Debian 12\n0815",
            "survey_folder": "/srv/images",
            "survey_disk_format": "qcow2, compressed",
            "survey_cloud": "provider",
        },
        {
            "save_images_list": [
                {"image": "Debian 12", "disk_format": "qcow2", "compress": True},
                {"image": "0815", "disk_format": "qcow2", "compress": True},
            ],
            "save_images_folder": "/srv/images",
            "save_images_cloud": "provider",
        },
    ),
    "report": (
        {
            "survey_page_file": "/srv/images/index.html",
            "survey_json_file": "/srv/images/images.json",
            "survey_audience": "users",
            "survey_title": "2026",
            "survey_cloud_title": "Our cloud",
            "survey_skip_upstream": "yes",
        },
        {
            "report_images_page_file": "/srv/images/index.html",
            "report_images_json_file": "/srv/images/images.json",
            "report_images_audience": "users",
            "report_images_title": "2026",
            "report_images_cloud_title": "Our cloud",
            "report_images_check_upstream": False,
        },
    ),
}

# What the role is given by somebody who left the survey as it was.
UNTOUCHED: dict[str, dict[str, Any]] = {
    "publish": {
        "publish_images_check_upstream": True,
        "publish_images_retire_level": "hide",
        "publish_images_retire_force": False,
    },
    "import_vm": {"import_vm_profile": ["auto"]},
    "share": {},
    "retire": {
        "retire_images_policy": {
            "keep": 2,
            "levels": {"hide": 0},
            "provided_until": False,
            "force": False,
        }
    },
    "verify": {
        "verify_images_list": [],
        "verify_images_select": "[?properties.curator_state=='published']",
    },
    "migrate": {"migrate_images_disk_format": "keep", "migrate_images_on_conflict": "fail"},
    "save": {},
    "report": {
        "report_images_title": "Images",
        "report_images_audience": "all",
        "report_images_check_upstream": True,
    },
}
