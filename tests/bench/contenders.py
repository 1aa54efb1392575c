# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who does the job, and how each is started: fetch, verify, convert, upload, verify."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bench import plays
from bench.catalog import definition
from bench.contest import MEMBER, Command, Contender, Job, Start
from bench.results import OPENSTACK_CLOUD, OURS
from loopback.environment import plain_environment
from support.cloud import LoopbackCloud
from support.house import ROOT

_JOBS = Path(__file__).with_name("jobs")
# The cloud that converts what it imports, which openstack-image-manager relies on.
_CONVERTING = "elsewhere"


class Line:
    """Everybody who is compared, with the environments that they live in."""

    def __init__(self, cloud: LoopbackCloud, programs: Mapping[str, Path]) -> None:
        self._cloud = cloud
        self._programs = {**programs, "ours": Path(sys.executable).parent}
        self.ours = Contender(
            OURS,
            "curator.glance.image_upload_raw",
            start=self._play("ours", plays.OURS),
            again=self._play("ours", plays.OURS),
            nothing=self._play("ours", plays.NOTHING),
        )
        self.contenders = (
            self.ours,
            Contender(
                "openstack",
                "curl, qemu-img, openstack image create",
                start=partial(self._client, "openstack"),
            ),
            Contender(
                "glance",
                "curl, qemu-img, glance image-create",
                start=partial(self._client, "glance"),
            ),
            Contender(
                OPENSTACK_CLOUD,
                "get_url, qemu-img, openstack.cloud.image",
                start=self._play("ansible", plays.OPENSTACK_CLOUD),
                again=self._play("ansible", plays.OPENSTACK_CLOUD_AGAIN),
                nothing=self._play("ansible", plays.NOTHING),
            ),
            Contender(
                "manager",
                "openstack-image-manager",
                start=self._manager,
                user=_CONVERTING,
                note="looks every 10 s whether the server has converted the image, and does not "
                "compare what is stored; CPU and memory of the conversion are the server's",
            ),
        )

    def put(self, transfers: Sequence[tuple[Path, str]], work: Path) -> Command:
        """Send files to addresses, all at once."""
        user = self._cloud[MEMBER]
        headers = work / "headers"
        headers.touch(mode=0o600)
        headers.write_text(
            f"X-Auth-Token: {user._login[0]}\nContent-Type: application/octet-stream\n"
        )
        words = [word for transfer in transfers for word in transfer]
        return Command([_JOBS / "put", headers, *words], self.environment("ours", work))

    def download(self, job: Job) -> Command:
        words = ["curl", "--fail", "--silent", "--show-error", "--remote-name", job.url]
        return Command(words, self.environment("ours", job.work))

    def _client(self, client: str, jobs: Sequence[Job]) -> Command:
        (job,) = jobs
        login = self._cloud[MEMBER].credentials
        environment = self.environment("clients", job.work)
        environment |= {f"OS_{name.upper()}": str(value) for name, value in login.items()}
        environment |= {"OS_IDENTITY_API_VERSION": "3"}
        return Command([_JOBS / "upload", client, job.url, job.image], environment)

    def _manager(self, jobs: Sequence[Job]) -> Command:
        (job,) = jobs
        catalog = job.work / "images.yml"
        catalog.write_text(json.dumps({"images": [definition(job)]}))
        words = ["openstack-image-manager", "--cloud", _CONVERTING, "--images", str(catalog)]
        # Verified against a checksum, as everybody does it here: it does not by default.
        words += ["--tag", job.image, "--verify-checksum"]
        return Command(words, self.environment("manager", job.work))

    def _play(self, programs: str, content: list[dict[str, Any]]) -> Start:
        return partial(self._ansible, programs, content)

    def _ansible(
        self, programs: str, content: list[dict[str, Any]], jobs: Sequence[Job]
    ) -> Command:
        hosts = {f"image{number}": _host(job) for number, job in enumerate(jobs)}
        return self.playbook(programs, content, jobs[0].work, hosts)

    def playbook(
        self,
        programs: str,
        content: list[dict[str, Any]],
        work: Path,
        hosts: Mapping[str, Mapping[str, str]] | None = None,
    ) -> Command:
        """A play on these hosts, all at once; without any, on one that only knows its folder."""
        everywhere = {
            "ansible_connection": "local",
            "ansible_python_interpreter": str(self._programs[programs] / "python"),
        }
        hosts = hosts or {"control": {"folder": str(work)}}
        inventory = {"all": {"hosts": hosts, "vars": everywhere}}
        (work / "inventory.json").write_text(json.dumps(inventory))
        (work / "play.json").write_text(json.dumps(content))
        environment = self.environment(programs, work)
        words = ["ansible-playbook", "--inventory", "inventory.json", "--forks", str(len(hosts))]
        return Command([*words, "play.json"], environment)

    def environment(self, programs: str, work: Path) -> dict[str, str]:
        """Nothing of the caller's own that steers these tools; all they leave is in `work`."""
        temporary = work / "tmp"
        temporary.mkdir(exist_ok=True)
        kept = plain_environment()
        ours = {"ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv" / "collections")}
        return {name: value for name, value in kept.items() if not name.startswith("ANSIBLE_")} | {
            "PATH": f"{self._programs[programs]}:{os.environ['PATH']}",
            "LC_ALL": "C.UTF-8",
            "TMPDIR": str(temporary),
            "ANSIBLE_HOME": str(temporary / "ansible"),
            "ANSIBLE_REMOTE_TEMP": str(temporary / "ansible"),
            "ANSIBLE_NOCOLOR": "true",
            "OS_CLIENT_CONFIG_FILE": str(self._cloud.clouds_yaml),
            # Whatever proxy there is, it does not know this machine's loopback.
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
            **(ours if programs == "ours" else {}),
        }


def _host(job: Job) -> dict[str, str]:
    return {
        "cloud": MEMBER,
        "image": job.image,
        "url": job.url,
        "sums": job.sums,
        "folder": str(job.work),
    }
