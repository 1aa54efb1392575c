# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What is done to an imported guest before it is sent, and what it means for its hardware."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import InvalidRequest
from .catalog.keys import KEYS
from .catalog.preparation import placed
from .catalog.reading import flag
from .prepare.inspecting import NoFiles
from .prepare.table import AS_NEEDED, understand
from .prepare.verdict import CANNOT, READY
from .proposal import NOTHING_SHOWS, SWITCH_LATER

AUTO = "auto"
_SAFE = frozenset({"legacy-ide", "windows-legacy"})
# What is proposed for a guest that may have no drivers for virtio.
_OF_SAFE = frozenset(
    {
        *("hw_machine_type", "hw_disk_bus", "hw_cdrom_bus"),
        *("hw_vif_model", "hw_vif_multiqueue_enabled"),
    }
)


def preparation(given: str | Mapping[str, Any] | None) -> dict[str, Any]:
    """What image_prepare is told, of what read() made; nothing where the guest stays as it is."""
    if isinstance(given, str):
        return {"operations": [AS_NEEDED]}
    return dict(given or {})


def read(key: str, given: Any, base_dir: str = "") -> str | dict[str, Any]:
    """What is to be done to a guest, as somebody wrote it: auto, or options; none for nothing.

    Relative paths of files begin in `base_dir`.
    """
    if given == AUTO:
        return AUTO
    if isinstance(given, Mapping) and not given:
        return {}
    if not isinstance(given, Mapping | list | tuple):
        try:
            return AUTO if flag(key, given) else {}
        except InvalidRequest as error:
            raise InvalidRequest(
                f"{key} is {given!r}. Give {AUTO}, a list of operations of image_prepare, or false."
            ) from error
    options: dict[str, Any] = KEYS["prepare"](key, given)
    understand(options["operations"], NoFiles())
    return placed(options, base_dir)


def with_drivers(proposal: Mapping[str, Any], prepared: Mapping[str, Any]) -> dict[str, Any]:
    """The hardware that is proposed, now that somebody has looked into the guest."""
    found = dict(proposal)
    profiles = list(proposal.get("profiles") or ())
    fast, told = _fast(prepared)
    if not fast or _SAFE.isdisjoint(profiles):
        return found
    found["profiles"] = [new for name in profiles for new in (fast if name in _SAFE else (name,))]
    properties = proposal.get("properties") or {}
    found["properties"] = {name: v for name, v in properties.items() if name not in _OF_SAFE}
    found["reasons"] = [
        told,
        *(reason for reason in proposal.get("reasons") or () if not _is_about_safe(reason)),
    ]
    return found


def _fast(prepared: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
    """The profiles of a guest that has the drivers for them, and why; none for others."""
    if _starts_with_virtio(prepared):
        return ("virtio",), "Its kernels start with virtio, as they were found in the guest."
    bus = _bus_of_windows(prepared)
    if bus is None:
        return (), ""
    # The profile windows by itself starts from virtio-scsi, which is another driver.
    profiles = ("windows",) if bus == "scsi" else ("windows", "virtio")
    return profiles, f"Its Windows has the drivers of virtio, and starts from the bus {bus}."


def _bus_of_windows(prepared: Mapping[str, Any]) -> str | None:
    """The bus that a Windows starts from with virtio, or will."""
    inspection, verdict = prepared.get("inspection") or {}, prepared.get("verdict") or {}
    if (inspection.get("os") or {}).get("type") != "windows":
        return None
    there = verdict.get("virtio") or {}
    if there and verdict["state"] == READY:
        return "scsi" if there["scsi"] else "virtio"
    done = {one["name"] for one in prepared.get("operations") or () if one["changed"]}
    # Nothing was done yet where it is needed still: this is a check.
    return "virtio" if "virtio" in done else None


def _starts_with_virtio(prepared: Mapping[str, Any]) -> bool:
    """Whether every kernel of a Linux has the drivers, or will have them."""
    inspection, verdict = prepared.get("inspection") or {}, prepared.get("verdict") or {}
    if (inspection.get("os") or {}).get("type") != "linux" or verdict.get("state") == CANNOT:
        return False
    found = verdict.get("kernels") or ()
    done = {one["name"] for one in prepared.get("operations") or () if one["changed"]}
    # Where it is needed still, nothing was done yet: this is a check.
    foreseen = "virtio" in verdict.get("needs", ()) and "virtio" in done
    # What is not known does not count as there.
    return bool(found) and all(
        kernel["virtio"]["blk"] is True or (foreseen and _will_start(kernel)) for kernel in found
    )


def _will_start(kernel: Mapping[str, Any]) -> bool:
    """Whether the operation gives a kernel what it lacks."""
    return (
        kernel["virtio"]["blk"] is False
        and kernel["initramfs"] is not None
        and bool(kernel["has_virtio"])
    )


def _is_about_safe(reason: str) -> bool:
    return reason == SWITCH_LATER or reason.endswith(NOTHING_SHOWS) or "network adapter" in reason
