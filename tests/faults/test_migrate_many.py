# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many images on their way at the same time, between clouds that are not well."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from faults.run import plays_beside
from support.cloud import LoopbackCloud
from support.faults import sent
from support.migrating import some_bytes
from support.moving import PLAYBOOK, Mover, moving
from support.unsteady import Unsteady, unsteady

pytestmark = pytest.mark.slow

_IMAGES = 100


@pytest.fixture
def mover(cloud: LoopbackCloud, tmp_path: Path) -> Iterator[Mover]:
    """Somebody who moves images."""
    with moving(cloud, tmp_path) as made:
        yield made


def _sources(mover: Mover, count: int) -> dict[str, str]:
    """Images of different bytes, by name, with their hashes."""
    hashes = {}
    for number in range(count):
        data = some_bytes(16 * 1024 + number, seed=number)
        image = mover.image(f"n{number:03}", data)
        hashes[image["name"]] = hashlib.sha512(data).hexdigest()
    return hashes


def _assert_each_once(mover: Mover, hashes: dict[str, str]) -> None:
    there = mover.there()
    assert Counter(image["name"] for image in there) == dict.fromkeys(hashes, 1)
    assert {image["name"]: image["os_hash_value"] for image in there} == hashes
    assert {image["status"] for image in there} == {"active"}


def test_every_fifth_request_fails(mover: Mover) -> None:
    """At both clouds: all images arrive in one run, each once and whole."""
    hashes = _sources(mover, _IMAGES)
    given: dict[str, Any] = {"list": sorted(hashes), "retries": 10}
    with mover.proxies(unsteady) as (here, there, environment):
        run = mover.run("--forks", "8", env=environment, hangs_after=1500, **given)
        for glance in (here, there):
            assert isinstance(glance, Unsteady)
            assert glance.harmed > _IMAGES // 2
    assert run.played.status == 0, run.output
    assert run.summary == {"created": _IMAGES}
    _assert_each_once(mover, hashes)
    assert mover.run(**given).summary == {"unchanged": _IMAGES}


def test_killed_and_run_again(mover: Mover) -> None:
    """What was moved is there, what was on its way is begun anew, and nothing of that is left."""
    hashes = _sources(mover, 4)
    with mover.proxies() as (_here, there, environment):
        hold = there.hold(at=sent(octets=8 * 1024))
        with plays_beside(PLAYBOOK, *mover.arguments(list=sorted(hashes)), **environment) as run:
            hold.wait()
            run.kill_all()
        hold.release()
    again = mover.run(list=sorted(hashes))
    assert again.played.status == 0, again.output
    assert again.summary["created"] >= 1
    _assert_each_once(mover, hashes)


def test_two_runs_at_once(mover: Mover) -> None:
    """Each image is moved by one of them; both come to a good end, and continue one ledger."""
    hashes = _sources(mover, 4)
    given: dict[str, Any] = {"list": sorted(hashes), "ledger": str(mover.folder / "ledger.yml")}
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(lambda _n: mover.run(**given), range(2)))
    for run in runs:
        assert run.played.status == 0, run.output
        assert {end["action"] for end in run.ends()} <= {"created", "unchanged"}
    _assert_each_once(mover, hashes)
    entries = yaml.safe_load(Path(given["ledger"]).read_text())["images"]
    assert {entry["name"] for entry in entries} == set(hashes)
