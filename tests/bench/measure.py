# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One command, measured: time, CPU, memory of all its processes, disk in the folders it uses."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench import processes

# To read the memory of a process takes it time, too.
_SAMPLE_EVERY = 0.2
# Beyond all that a run may take on a slow machine.
_HANGS_AFTER = 900


class Failed(Exception):
    """A command that did not do its job, and its last words."""


@dataclass(frozen=True)
class Cost:
    """What one run of a command took, in seconds and bytes."""

    seconds: float
    cpu: float
    # At their highest, by samples.
    memory: int
    disk: int
    # Of the Ansible module alone and what it started, without Ansible around it.
    module_memory: int = 0


@dataclass
class _Peaks:
    memory: int = 0
    module_memory: int = 0
    disk: int = 0
    over: threading.Event = field(default_factory=threading.Event)


def measured(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    work: Path,
    also: Iterable[Path] = (),
    module: str = "",
) -> Cost:
    """Run a command in its folder of work; `also` are further folders whose growth counts."""
    folders = [work, *also]
    bystanders = set(processes.children(os.getpid()))
    before = _cpu_of_children()
    taken = sum(map(_blocks, folders))
    log = work.with_suffix(".log")
    peaks = _Peaks()
    # What those before have written shall not be on its way to the disk in this one's time.
    os.sync()
    with log.open("wb") as output:
        started = time.perf_counter()
        child = subprocess.Popen(
            [str(word) for word in command],
            env=dict(environment),
            cwd=work,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        sampler = threading.Thread(target=_sample, args=(peaks, bystanders, folders, module))
        sampler.start()
        try:
            status = child.wait(_HANGS_AFTER)
            seconds = time.perf_counter() - started
        finally:
            if child.poll() is None:
                processes.kill_tree(child.pid)
                child.wait()
            left = processes.reap_orphans(bystanders)
            peaks.over.set()
            sampler.join()
    said = log.read_text(errors="replace")
    if status:
        raise Failed("\n".join(said.splitlines()[-20:]) or f"ended with {status}")
    if left:
        raise Failed(f"{left} processes were left running")
    return Cost(
        seconds=seconds,
        cpu=_cpu_of_children() - before,
        memory=peaks.memory,
        disk=max(0, peaks.disk - taken),
        module_memory=peaks.module_memory,
    )


def _cpu_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _sample(peaks: _Peaks, bystanders: set[int], folders: Sequence[Path], module: str) -> None:
    while True:
        total = of_module = 0
        for top in set(processes.children(os.getpid())) - bystanders:
            whole, part = _memory(top, module)
            total += whole
            of_module += part
        peaks.memory = max(peaks.memory, total)
        peaks.module_memory = max(peaks.module_memory, of_module)
        peaks.disk = max(peaks.disk, sum(map(_blocks, folders)))
        if peaks.over.wait(_SAMPLE_EVERY):
            return


def _memory(top: int, module: str) -> tuple[int, int]:
    """Of a tree of processes, and of that part which is the module and below."""
    sizes = {pid: processes.memory(pid) for pid in processes.tree(top)}
    if not module:
        return sum(sizes.values()), 0
    within = {
        below
        for pid in sizes
        if any(word.endswith(f"/AnsiballZ_{module}.py") for word in processes.arguments(pid))
        for below in processes.tree(pid)
    }
    return sum(sizes.values()), sum(sizes.get(pid, 0) for pid in within)


def _blocks(folder: Path) -> int:
    """What the files below a folder take on the disk: a hole takes nothing."""
    total = 0
    # Files come and go while we look.
    with suppress(OSError):
        for entry in os.scandir(folder):
            with suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    total += _blocks(Path(entry.path))
                else:
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
    return total
