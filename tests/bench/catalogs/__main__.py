# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Catalogs kept by this collection and by other tools, side by side: `make bench-catalog`."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import environments, machine, processes
from bench.catalogs import standing, targets, tools
from bench.catalogs.targets import LOOP, MANAGER, MANY, NEW, OURS, SOME, Found
from bench.catalogs.tools import PREFIX, Wanted
from bench.contenders import Line
from bench.contest import MEMBER, Command
from bench.measure import Failed, measured
from bench.sources import Shape, Shelf, Source
from bench.table import aligned, verdict_lines
from bench.web import serving
from loopback import files
from support.cloud import LoopbackCloud, User, cloud_dir
from support.house import ROOT

_OUTPUT = ROOT / "build" / "bench"
_TINY = Shape(1, 1)
_TITLES = {
    OURS: "curator.glance.publish",
    MANAGER: "openstack-image-manager",
    LOOP: "openstack.cloud.image in a loop",
}

Tool = Callable[[Line, Sequence[Wanted], str, Path], Command]


def main() -> int:
    asked = _arguments()
    processes.adopt_orphans()
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    cloud = LoopbackCloud(cloud_dir())
    programs = environments.ensure()
    shelf = Shelf(environments.cache())
    new = [shelf.source(Shape(64, 32, seed)) for seed in range(asked.new)]
    found = Found(counts={SOME: asked.some, MANY: asked.many, NEW: asked.new})
    folder = _OUTPUT / "scratch-catalogs"
    shutil.rmtree(folder, ignore_errors=True)
    upstream = folder / "upstream"
    upstream.mkdir(parents=True)
    source = _upstream(shelf, new, upstream, asked.many)
    try:
        with serving(upstream) as address:
            _Contest(cloud, Line(cloud, programs), address, folder, found).run(source, new)
    finally:
        shutil.rmtree(folder)
    return _report(found, machine.described({**programs, "cloud": _programs_of(cloud)}))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.catalogs", description=__doc__)
    parser.add_argument("--some", type=int, default=100, help="images that all tools look after")
    parser.add_argument("--many", type=int, default=1000, help="images that ours looks after")
    parser.add_argument("--new", type=int, default=20, help="images that have to be made")
    return parser.parse_args()


def _programs_of(cloud: LoopbackCloud) -> Path:
    return Path(cloud.description["environment"], "venv", "bin")


def _upstream(shelf: Shelf, new: Sequence[Source], folder: Path, count: int) -> Source:
    """Files to serve: the new ones, and one tiny file under many names."""
    source = shelf.source(_TINY)
    lines = []
    for each in new:
        (folder / each.file).symlink_to(shelf.folder / each.file)
        lines.append(f"{each.sha512}  {each.file}\n")
    for number in range(count):
        name = standing.file_of(number)
        (folder / name).symlink_to(shelf.folder / source.file)
        lines.append(f"{source.sha512}  {name}\n")
    (folder / "SHA512SUMS").write_text("".join(lines))
    return source


@dataclass(frozen=True)
class _Contest:
    """The tools on one cloud, one after the other."""

    cloud: LoopbackCloud
    line: Line
    upstream: str
    folder: Path
    found: Found

    def run(self, source: Source, new: Sequence[Source]) -> None:
        some, many = self.found.counts[SOME], self.found.counts[MANY]
        ours, theirs = self.cloud[MEMBER], self.cloud[tools.CONVERTING]
        with self._attempt(OURS), standing.swept(ours, PREFIX):
            self._begin(OURS, tools.publish, ours, source, some)
            self._in_place(OURS, tools.publish, ours, tools.tiny(source, some), SOME)
            self._in_place(LOOP, tools.loop, ours, tools.tiny(source, some), SOME)
            standing.multiply(ours, range(some, many))
            self._in_place(OURS, tools.publish, ours, tools.tiny(source, many), MANY)
        with self._attempt(MANAGER), standing.swept(theirs, PREFIX):
            self._begin(MANAGER, tools.manage, theirs, source, some)
            self._in_place(MANAGER, tools.manage, theirs, tools.tiny(source, some), SOME)
        wanted = [Wanted(number, each, each.file) for number, each in enumerate(new)]
        for tool, start, owner in (
            (OURS, tools.publish, ours),
            (MANAGER, tools.manage, theirs),
        ):
            with self._attempt(tool), standing.swept(owner, PREFIX):
                self._run(tool, start, wanted, NEW)
                _check(owner, wanted)

    def _begin(self, tool: str, start: Tool, owner: User, source: Source, count: int) -> None:
        """One image by the tool's own hand, and others like it."""
        self._run(tool, start, tools.tiny(source, 1), None)
        standing.multiply(owner, range(1, count))

    def _in_place(
        self, tool: str, start: Tool, owner: User, catalog: Sequence[Wanted], run: str
    ) -> None:
        before = standing.changes_of(owner, PREFIX)
        # Once to fill its caches, as on every night but the first.
        self._run(tool, start, catalog, None)
        asked = len(self._requests())
        self._run(tool, start, catalog, run)
        if (tool, run) == (OURS, SOME):
            self.found.requests = self._requests()[asked:]
        standing.check_unchanged(owner, PREFIX, before)

    def _run(self, tool: str, start: Tool, catalog: Sequence[Wanted], run: str | None) -> None:
        work = self.folder / tool
        work.mkdir(exist_ok=True)
        command = start(self.line, catalog, self.upstream, work)
        cost = measured(command.words, environment=command.environment, work=work)
        if run is not None:
            self.found.costs[tool, run] = cost
            print(f"{_TITLES[tool]}, {len(catalog)} {run}: {cost.seconds:.1f} s", file=sys.stderr)

    def _requests(self) -> list[str]:
        """What Glance was asked so far by our modules, with the agent cut off."""
        log = Path(self.cloud.description["clouds"]["first"]["services"]["glance"]["request_log"])
        lines = [line.split(" ") for line in log.read_text().splitlines()]
        return [
            re.sub(r"[0-9a-f]{32}", "…", f"{method} {uri}")
            for method, uri, *agent in lines
            if agent and agent[0].startswith("curator.glance")
        ]

    @contextmanager
    def _attempt(self, tool: str) -> Iterator[None]:
        try:
            yield
        except Failed as failed:
            self.found.missing[tool] = str(failed)
            print(f"{_TITLES[tool]} failed: {failed}", file=sys.stderr)


def _check(owner: User, wanted: Sequence[Wanted]) -> None:
    """Every image of a catalog is there, with the bytes that it should have."""
    hashes = {image["name"]: image["os_hash_value"] for image in standing.listed(owner)}
    lacking = [
        each.name
        for each in wanted
        if each.source.raw_sha512
        not in {value for name, value in hashes.items() if name.startswith(each.name)}
    ]
    if lacking:
        raise Failed(f"not there, or with other bytes: {', '.join(lacking)}")


def _report(found: Found, described: dict[str, str]) -> int:
    judged = targets.verdicts(found)
    rows = [("", "images", "seconds", "CPU s", "memory MiB")]
    for (tool, run), cost in found.costs.items():
        figures = (f"{cost.seconds:.2f}", f"{cost.cpu:.2f}", f"{cost.memory / 2**20:.0f}")
        rows.append((f"{_TITLES[tool]}: {run}", str(found.counts[run]), *figures))
    written = {
        "machine": described,
        "counts": dict(found.counts),
        "costs": {f"{tool}, {run}": asdict(cost) for (tool, run), cost in found.costs.items()},
        "missing": found.missing,
        "requests": found.requests,
        "verdicts": [asdict(each) for each in judged],
    }
    files.write(_OUTPUT / "catalogs.json", json.dumps(written, indent=2) + "\n")
    print(aligned(rows), verdict_lines(judged), sep="\n\n")
    print(*(f"{name}: {value}" for name, value in described.items()), sep="\n")
    return 0 if all(each.holds for each in judged) else 1


if __name__ == "__main__":
    sys.exit(main())
