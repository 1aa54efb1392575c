# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The figures, for a reader at a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from bench import results
from bench.results import Results
from bench.targets import Verdict

_MIB = 2**20
_MARKS = {True: "yes", False: "NO", None: "?"}
_HEADER = ("", "seconds", "CPU s", "memory MiB", "disk MiB")


def table(found: Results) -> str:
    """Who took what for the whole job, and the further figures."""
    rows: list[tuple[str, ...]] = [_HEADER]
    rows += [_row(found, key, title) for key, title in found.titles.items()]
    if found.limit is not None:
        rows.append(("the limit: download + bare PUT", f"{found.limit:.2f}", "", "", ""))
    rows.append(("",) * len(_HEADER))
    rows += [_row(found, key, title) for key, title in _further().items() if found[key]]
    return aligned(rows)


def verdict_lines(verdicts: Sequence[Verdict]) -> str:
    return aligned([(_MARKS[each.holds], each.promise, each.found) for each in verdicts])


def remarks(found: Results) -> str:
    """What the figures leave unsaid."""
    fetched, stored = (found.source[size] / _MIB for size in ("size", "raw_size"))
    rounds = len(found.runs.get(results.DOWNLOAD, ()))
    lines = [
        f"{fetched:.0f} MiB of qcow2 become {stored:.0f} MiB of raw image; {rounds} rounds.",
        "Time and CPU: in the middle of all runs. Memory and disk: at their highest, sampled.",
        "Memory: of all processes of the client, shared pages in parts (PSS).",
        "Disk: beside the fetched source; with what Glance takes until it has converted an import.",
        *(f"{found.titles[key]}: {note}." for key, note in found.notes.items()),
        *(f"{found.titles.get(key, key)}: failed, as bench.json tells." for key in found.missing),
        *(f"{name}: {value}" for name, value in found.machine.items()),
    ]
    return "\n".join(lines)


def _row(found: Results, key: str, title: str) -> tuple[str, ...]:
    cost = found[key]
    if cost is None:
        return (title, "-", "-", "-", "-")
    sizes = (f"{size / _MIB:.0f}" for size in (cost.memory, cost.disk))
    return (title, f"{cost.seconds:.2f}", f"{cost.cpu:.2f}", *sizes)


def _further() -> dict[str, str]:
    modules = {results.OURS: "image_upload_raw", results.OPENSTACK_CLOUD: "openstack.cloud.image"}
    return {
        results.DOWNLOAD: "curl: download alone",
        results.PUT: "curl: PUT alone",
        results.PUT_FIRST: "curl: PUT of a quarter",
        results.PUT_TOGETHER: "curl: PUT of four quarters at once",
        results.OURS_FIRST: "image_upload_raw: a quarter",
        results.OURS_TOGETHER: "image_upload_raw: four quarters, --forks 4",
        results.WIDE: "image_upload_raw: a disk ten times as wide",
        **{results.again(key): f"{name}: unchanged" for key, name in modules.items()},
        **{results.nothing(key): f"Ansible of {name}: no task" for key, name in modules.items()},
    }


def aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if _is_figure(cell) else cell.ljust(width)
            for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )


def _is_figure(cell: str) -> bool:
    return cell in {*_HEADER[1:], "-"} or cell.replace(".", "").isdigit()
