# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Rules: two names for one thing, and names for another hypervisor."""

from __future__ import annotations

from ..hypervisors import HYPERVISORS
from ..reading import adapter
from ..tables.older import ADAPTER, OLDER
from .conditions import Read, Rule, complaint, is_set, never

_NOT_VMWARE = tuple(name for name in HYPERVISORS if name != "vmware")
_ADAPTER_SAYS = (
    "Nova takes vmware_adaptertype for hw_disk_bus and hw_scsi_model, unless these say "
    "something else themselves."
)


def _agree(older: str, newer: str) -> Rule:
    because = f"Nova reads {newer} and passes over {older}."

    def broken(read: Read) -> str | None:
        if older not in read or read[older] == read[newer]:
            return None
        return complaint(
            read, (older, newer), because, f"Remove {older}, or let both say the same."
        )

    return Rule(
        name=f"{older}-and-{newer}",
        reason=because,
        concerns=(older, newer),
        broken=broken,
        only_on=(),
    )


def _adapter_agrees(read: Read) -> str | None:
    differing = [key for key, value in adapter(read).items() if read[key] != value]
    if not differing:
        return None
    keys = (ADAPTER.name, *differing)
    return complaint(read, keys, _ADAPTER_SAYS, "Remove one, or let both say the same.")


NAME_RULES: tuple[Rule, ...] = (
    *(_agree(row.name, row.instead) for row in OLDER),
    Rule(
        name="vmware_adaptertype-and-its-parts",
        reason=_ADAPTER_SAYS,
        concerns=(ADAPTER.name, "hw_disk_bus", "hw_scsi_model"),
        broken=_adapter_agrees,
        only_on=(),
    ),
    *(
        never(
            f"{name}-needs-vmware",
            when={name: is_set},
            because="It is made for VMware.",
            instead="Set hypervisor_type to vmware if the image is, or remove the property.",
            also_about=("img_hv_type",),
            only_on=_NOT_VMWARE,
        )
        for name in (
            ADAPTER.name,
            *(row.name for row in OLDER if row.name.startswith("vmware_")),
        )
    ),
)
