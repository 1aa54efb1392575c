# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Carrying out what catalog_plan says, with the modules that it says it for, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.cloud import LoopbackCloud
from support.running import run_module
from support.sources import Release, new_release
from support.upstream import Upstream, upstream


@dataclass(frozen=True, kw_only=True)
class Provider:
    """Whoever plans a catalog and carries it out."""

    cloud: LoopbackCloud
    user: str = "provider"

    def plan(self, catalog: Any, **options: Any) -> dict[str, Any]:
        """What a catalog needs."""
        return run_module("catalog_plan", cloud=self.user, catalog=catalog, **options)

    def carry_out(self, plan: dict[str, Any]) -> dict[str, str]:
        """Do all of it; the ids of the images by the names of their entries."""
        done = {item["name"]: self._publish(item["tasks"]) for item in plan["work"]}
        for due in plan["retire"]:
            self._run("image_retire", image=due["id"], level=due["level"])
        return done

    def _publish(self, tasks: dict[str, dict[str, Any]]) -> str:
        image: str = self._run("image_upload_raw", **tasks["upload"])["image"]["id"]
        self.cloud.forget_later(self.user, image)
        if tasks["hardware"]:
            self._run("image_hw_props", image=image, **tasks["hardware"])
        if tasks["share"]:
            self._run("image_share", image=image, projects=tasks["share"]["projects"])
            for consumer in tasks["share"]["accept_with"]:
                run_module("image_share", cloud=consumer, image=image, status="accepted")
        self._run("image_publish", image=image, **tasks["publish"])
        return image

    def _run(self, module: str, **options: Any) -> dict[str, Any]:
        result = run_module(module, cloud=self.user, **options)
        assert not result.get("failed"), f"{module}: {result['msg']}"
        return result


@dataclass(frozen=True, kw_only=True)
class Distributor:
    """An upstream with one disk, and the checksums beside it."""

    server: Upstream
    folder: Path

    def release(self, seed: int) -> Release:
        """Put another version in the place of the last one."""
        release = new_release(self.folder, "disk.qcow2", seed=seed, mib=1)
        sums = self.folder / "SHA512SUMS"
        # The time that a file shows is that of whole seconds: a version a moment later looks older.
        self.server.write(sums.name, sums.read_bytes())
        return release

    def entry(self, name: str, **said: Any) -> dict[str, Any]:
        """An entry for the disk."""
        return {
            "name": name,
            "source": self.server.url("disk.qcow2"),
            "checksum": f"sha512:{self.server.url('SHA512SUMS')}",
            **said,
        }


@contextmanager
def distributor(folder: Path) -> Iterator[Distributor]:
    """Somebody who releases disks, until the block ends."""
    folder.mkdir()
    with upstream(folder) as server:
        somebody = Distributor(server=server, folder=folder)
        somebody.release(1)
        yield somebody
