# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was promised of migrations and downloads, held against what was measured."""

from __future__ import annotations

from bench.results import Results
from bench.targets import Verdict

MIGRATE = "image_migrate"
RELAY = "relay"
BY_FILE = "by_file"
OURS_SAVE = "image_download"
SAVE_IN_MIB = "save_in_mib"
SAVE = "save"
NOTHING = "nothing"

TITLES = {
    MIGRATE: "curator.glance.image_migrate",
    RELAY: "curl GET | curl PUT",
    BY_FILE: "openstack image save, image create",
    OURS_SAVE: "curator.glance.image_download",
    SAVE_IN_MIB: "openstack image save --chunk-size 1048576",
    SAVE: "openstack image save",
    NOTHING: "Ansible: no task",
}

_MIB = 2**20
_RELAY_FACTOR = 1.10
_BY_FILE_FACTOR = 0.7
_SAVE_FACTOR = 3
_MEMORY = 150 * _MIB
# No disk at all: but a module is a file before it runs, and its results are, too.
_NO_DISK = 4 * _MIB


def verdicts(found: Results) -> list[Verdict]:
    return [
        _within("a migration", found, MIGRATE, RELAY, _RELAY_FACTOR),
        _within("a migration", found, MIGRATE, BY_FILE, _BY_FILE_FACTOR),
        _memory("a migration", found, MIGRATE),
        _disk(found),
        _within("a download", found, OURS_SAVE, SAVE_IN_MIB, 1.0),
        _within("a download", found, OURS_SAVE, SAVE, 1 / _SAVE_FACTOR),
        _memory("a download", found, OURS_SAVE),
    ]


def _within(what: str, found: Results, key: str, other: str, factor: float) -> Verdict:
    promise = f"{what} in {factor:.2f} x the time of {TITLES[other]}"
    ours, theirs = found[key], found[other]
    if ours is None or theirs is None:
        return Verdict(promise, None, "not measured")
    ratio = ours.seconds / theirs.seconds
    detail = f"{ratio:.2f} x, {ours.seconds:.1f} s against {theirs.seconds:.1f} s"
    if nothing := found[NOTHING]:
        # No excuse, but it tells where to look.
        rest = (ours.seconds - nothing.seconds) / theirs.seconds
        detail += f"; {rest:.2f} x without the start of Ansible"
    return Verdict(promise, ratio <= factor, detail)


def _memory(what: str, found: Results, key: str) -> Verdict:
    promise = f"{what}: the module and what it starts take at most {_MEMORY // _MIB} MiB"
    ours = found[key]
    if ours is None:
        return Verdict(promise, None, "not measured")
    # Nothing at all would mean that the module was not seen.
    holds = 0 < ours.module_memory <= _MEMORY
    return Verdict(promise, holds, f"{ours.module_memory / _MIB:.0f} MiB")


def _disk(found: Results) -> Verdict:
    promise = "a migration leaves no bytes on the disk"
    ours = found[MIGRATE]
    if ours is None:
        return Verdict(promise, None, "not measured")
    return Verdict(promise, ours.disk <= _NO_DISK, f"{ours.disk / _MIB:.1f} MiB")
