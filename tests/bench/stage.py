# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a run takes place: folders, images, and whether what it left in the cloud is right."""

from __future__ import annotations

import re
import shutil
import subprocess
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.contest import Command, Contender, Job
from bench.measure import Cost, Failed, measured
from bench.sources import Source
from support.cloud import LoopbackCloud, User

# Images of the bench go by this name, and are taken away by it.
_NAME = "bench"
_MODULE = "image_upload_raw"


@dataclass(frozen=True)
class Stage:
    cloud: LoopbackCloud
    # The folder of the sources, and its address.
    shelf: Path
    upstream: str
    # Belongs to the bench alone.
    folder: Path

    @contextmanager
    def jobs(self, sources: Sequence[Source], user: str) -> Iterator[list[Job]]:
        """What has to be uploaded; files and images are gone afterwards."""
        work = self.folder / "work"
        work.mkdir()
        jobs = [
            Job(
                source=source,
                url=f"{self.upstream}/{source.file}",
                image=f"{_NAME} {uuid.uuid4().hex}",
                work=work,
            )
            for source in sources
        ]
        try:
            yield jobs
        finally:
            shutil.rmtree(work)
            self.sweep(user)

    def upload(self, contender: Contender, jobs: Sequence[Job]) -> Cost:
        """The cost of a run, whose images are as they should be."""
        cost = self.run(contender.start(jobs), jobs[0].work, contender.user)
        self.check(jobs, contender.user)
        fetched = sum(job.source.size for job in jobs)
        return replace(cost, disk=max(0, cost.disk - fetched))

    def unchanged(self, command: Command, jobs: Sequence[Job], user: str) -> Cost:
        """The cost of a run of Ansible that found nothing to do."""
        work = jobs[0].work
        cost = self.run(command, work, user)
        said = work.with_suffix(".log").read_text()
        if not re.search(r"ok=1 +changed=0 ", said):
            raise Failed(f"the second run was not unchanged:\n{said}")
        return cost

    def run(self, command: Command, work: Path, user: str) -> Cost:
        return measured(
            command.words,
            environment=command.environment,
            work=work,
            also=[self._staging(user)],
            module=_MODULE,
        )

    def raw(self, source: Source) -> Path:
        """The content of a source, ready to be sent."""
        raw = self.folder / f"{source.file}.raw"
        if not raw.exists():
            convert = ["qemu-img", "convert", "-f", "qcow2", "-O", "raw"]
            subprocess.run([*convert, self.shelf / source.file, raw], check=True)
        return raw

    def waiting_image(self, job: Job, user: str) -> str:
        """The address that takes the data of a new image."""
        owner = self.cloud[user]
        body = {
            "name": job.image,
            "visibility": "private",
            "disk_format": "raw",
            "container_format": "bare",
        }
        image = owner.done("POST", "/images", json=body)
        return f"{owner.glance_url}/v2/images/{image['id']}/file"

    def check(self, jobs: Sequence[Job], user: str) -> None:
        for job in jobs:
            _check(self.cloud[user], job)

    def sweep(self, user: str) -> None:
        """Take away all images of the bench."""
        owner = self.cloud[user]
        for image in owner.done("GET", "/images", params={"limit": "1000"})["images"]:
            if image["name"] and image["name"].startswith(f"{_NAME} "):
                owner.done("DELETE", f"/images/{image['id']}")

    def _staging(self, user: str) -> Path:
        """Where the cloud of this user puts what it imports until it has converted it."""
        for described in self.cloud.description["clouds"].values():
            if user in described["users"]:
                return Path(described["image_dir"]).with_name("staging")
        raise LookupError(user)


def _check(user: User, job: Job) -> None:
    """There is one image of the name, and it is what is in the source."""
    found = user.done("GET", "/images", params={"name": job.image})["images"]
    expected: dict[str, Any] = {
        "status": "active",
        "disk_format": "raw",
        "size": job.source.raw_size,
        "os_hash_algo": "sha512",
        "os_hash_value": job.source.raw_sha512,
    }
    stored = [{name: image.get(name) for name in expected} for image in found]
    if stored != [expected]:
        raise Failed(f"Glance has {stored} instead of {expected}")
