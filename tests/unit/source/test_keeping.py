# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the cache keeps, whom it trusts, and how runs share it."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.proof import Proof
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    InvalidRequest,
    NoSpace,
    SourceFailed,
)
from ansible_collections.curator.glance.plugins.module_utils.source.fetching import fetched

from support.house import ROOT
from support.small_disk import small_disk
from support.upstream import Fault

from .conftest import Site, Told

CONTENT = b"a disk" * 500_000
OTHER = b"A DISK" * 500_000
PROOF = Proof(algorithm="sha256", digest=hashlib.sha256(CONTENT).hexdigest())
_PATIENCE = 30

# A run that fetches what it is told to, shows where it is, and reads until its input ends.
_RUN = """
import sys
from pathlib import Path
from ansible_collections.curator.glance.plugins.module_utils.domain.proof import Proof
from ansible_collections.curator.glance.plugins.module_utils.progress import NoProgress
from ansible_collections.curator.glance.plugins.module_utils.source.fetching import fetched
from ansible_collections.curator.glance.plugins.module_utils.source.location import Location
from ansible_collections.curator.glance.plugins.module_utils.source.web import Web

url, digest, cache = sys.argv[1:]
where, proof = Location(url), Proof(algorithm="sha256", digest=digest)
web = Web(source=where, timeout=20)
with fetched(where, proof=proof, cache=Path(cache), web=web, progress=NoProgress()) as source:
    print(source.from_cache, flush=True)
    sys.stdin.read()
    source.discard()
"""


@contextmanager
def another_run(site: Site) -> Iterator[subprocess.Popen[str]]:
    """The same source in another process."""
    command = [sys.executable, "-c", _RUN, site.location.text, PROOF.digest, str(site.cache)]
    paths = os.pathsep.join(str(ROOT / path) for path in (".venv/collections", "tests"))
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def until(happened: object, what: str) -> None:
    """Wait for something that another thread or process does."""
    assert callable(happened)
    deadline = time.monotonic() + _PATIENCE
    while not happened():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.01)


def data_of(site: Site) -> Path:
    return site.cache / f"sha256-{PROOF.digest}"


@pytest.fixture(autouse=True)
def _published(site: Site) -> None:
    site.server.write(site.name, CONTENT)


def fetch(site: Site, proof: Proof | None, content: bytes = CONTENT) -> bool:
    """Fetch, and whether it was there before."""
    with site.fetch(proof) as source:
        assert source.path.read_bytes() == content
        assert source.sha512 == hashlib.sha512(content).hexdigest()
        return source.from_cache


def test_what_is_proven_is_fetched_once(site: Site) -> None:
    """And asked for once: the proof names it, whatever its address."""
    assert not fetch(site, PROOF)
    site.progress.stages.clear()
    assert fetch(site, PROOF)
    assert len(site.server.requests) == 1
    assert site.progress.stages == []


def test_the_cache_is_nobody_elses(site: Site) -> None:
    """What is fetched with a password is not for every user of the machine."""
    fetch(site, PROOF)
    assert stat.S_IMODE(site.cache.stat().st_mode) == 0o700
    assert stat.S_IMODE(data_of(site).stat().st_mode) == 0o600
    site.cache.chmod(0o777)
    with pytest.raises(InvalidRequest, match="written by every user"):
        fetch(site, PROOF)


@pytest.mark.parametrize("proof", [PROOF, None])
@pytest.mark.parametrize("keeps_times", [True, False])
def test_what_was_altered_in_the_cache_is_fetched_anew(
    site: Site, proof: Proof | None, *, keeps_times: bool
) -> None:
    """Though its size is the same, and its time is set back."""
    fetch(site, proof)
    data = next(path for path in site.cache.iterdir() if not path.suffix)
    before = data.stat()
    with data.open("r+b") as stream:
        stream.write(b"X")
    if keeps_times:
        os.utime(data, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not fetch(site, proof)
    assert site.gets == 2


@pytest.mark.parametrize("proof", [PROOF, None])
def test_what_only_looks_altered_is_hashed_again(site: Site, proof: Proof | None) -> None:
    """A new time, a lost record: the bytes are what counts, and they need not come twice."""
    fetch(site, proof)
    data = next(path for path in site.cache.iterdir() if not path.suffix)
    data.touch()
    site.progress.stages.clear()
    assert fetch(site, proof)
    assert site.progress.names == {"verify"}
    assert fetch(site, proof)
    assert site.progress.stages == [("verify", len(CONTENT))]
    assert site.gets == 1
    if proof:
        data.with_name(f"{data.name}.json").write_text("{}")
        assert fetch(site, proof)
        assert site.gets == 1


def test_what_survived_a_crash_is_hashed_again(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A file may come back with its size and times, and without its bytes."""
    fetch(site, PROOF)
    boot = tmp_path / "boot_id"
    boot.write_text("another")
    records = sys.modules[f"{fetched.__module__.rpartition('.')[0]}.records"]
    monkeypatch.setattr(records, "_BOOT", boot)
    site.progress.stages.clear()
    assert fetch(site, PROOF)
    assert site.progress.names == {"verify"}


def test_without_a_proof_the_version_decides(site: Site) -> None:
    """One HEAD tells whether it is the same; a new version takes the place of the old one."""
    assert not fetch(site, None)
    assert fetch(site, None)
    assert site.gets == 1
    site.server.write(site.name, OTHER)
    assert not fetch(site, None, OTHER)
    assert sum(not path.suffix for path in site.cache.iterdir()) == 1


def test_without_proof_and_version_nothing_is_known(site: Site) -> None:
    """So it is fetched each time."""
    site.server.faults[site.name] = [Fault(times=None, no_validators=True)]
    assert not fetch(site, None)
    site.server.write(site.name, OTHER)
    assert not fetch(site, None, OTHER)


def test_a_version_that_passed_is_not_taken_up(site: Site) -> None:
    """A file that a killed run left whole is of no use if upstream has another one by now."""
    with site.fetch() as source:
        data, version = source.path, source.version
    data.with_name(f"{data.name}.part.json").write_text(json.dumps(asdict(version)))
    data.rename(data.with_name(f"{data.name}.part"))
    site.server.write(site.name, OTHER)
    assert not fetch(site, None, OTHER)


def test_what_is_discarded_is_gone_after_use(site: Site) -> None:
    """Not before, and with nothing left of it."""
    with site.fetch(PROOF) as source:
        source.discard()
        assert source.path.read_bytes() == CONTENT
    assert list(site.cache.iterdir()) == []


def test_two_runs_fetch_once(site: Site) -> None:
    """The second waits, says so, and takes what the first one fetched."""
    site.server.faults[site.name] = [Fault(drip=(100_000, 0.02))]
    with another_run(site) as other:
        until(lambda: site.gets, "the other run's request")
        assert fetch(site, PROOF)
        assert other.stdout
        assert other.stdout.readline() == "False\n"
    assert site.gets == 1
    assert site.progress.names == {"waiting for another run"}


def test_what_another_run_reads_is_not_removed(site: Site) -> None:
    """The last one that discards it removes it."""
    with another_run(site) as other:
        assert other.stdout
        assert other.stdout.readline() == "False\n"
        with site.fetch(PROOF) as source:
            assert source.from_cache
            source.discard()
        assert data_of(site).read_bytes() == CONTENT
        other.communicate("")
        assert other.returncode == 0
    assert list(site.cache.iterdir()) == []


def test_many_runs_that_discard_do_not_meet(site: Site) -> None:
    """Whoever finds the lock's file gone takes a new one: nobody reads what is being removed."""
    seen: list[bytes] = []

    def run() -> None:
        told = Told()
        for _n in range(5):
            with fetched(
                site.location, proof=PROOF, cache=site.cache, web=site.web(), progress=told
            ) as source:
                source.discard()
                seen.append(source.path.read_bytes())

    threads = [threading.Thread(target=run) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [CONTENT] * 20
    assert list(site.cache.iterdir()) == []


def test_a_run_that_is_killed_leaves_what_it_has(site: Site) -> None:
    """Its lock ends with it, and the next run fetches the rest."""
    site.server.faults[site.name] = [Fault(stall_after=2 << 20)]
    with another_run(site) as other:
        part = site.cache / f"{data_of(site).name}.part"
        until(lambda: part.exists() and part.stat().st_size >= 1 << 20, "the first bytes")
        other.send_signal(signal.SIGKILL)
        other.wait()
    begun = part.stat().st_size
    assert not fetch(site, PROOF)
    assert site.server.requests[-1].sent == len(CONTENT) - begun


def test_leftovers_are_swept_when_they_are_old(site: Site) -> None:
    """Unless a run is at them."""
    site.cache.mkdir(mode=0o700)
    week_ago = time.time() - 8 * 24 * 3600
    for name in ("url-old", "url-new", "url-locked"):
        (site.cache / f"{name}.part").write_bytes(b"x")
        (site.cache / f"{name}.part.json").write_text("{}")
        if name != "url-new":
            os.utime(site.cache / f"{name}.part", (week_ago, week_ago))
    command = ["flock", str(site.cache / "url-locked.lock"), "sh", "-c", "echo held; cat"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        fetch(site, PROOF)
        holder.communicate()
    left = {path.name for path in site.cache.glob("url-*")}
    assert left == {
        "url-new.part",
        "url-new.part.json",
        "url-locked.part",
        "url-locked.part.json",
        "url-locked.lock",
    }


def test_a_folder_that_is_none_is_told(site: Site) -> None:
    """With the option that names another."""
    site.cache.write_text("a file")
    with pytest.raises(InvalidRequest, match=r"cannot be used: File exists.*cache_dir"):
        fetch(site, PROOF)


@pytest.mark.parametrize("known", [True, False])
def test_a_disk_that_is_full_is_told(site: Site, *, known: bool) -> None:
    """Before anything is written or in the middle, and then what was written is gone."""
    site.server.faults[site.name] = [Fault(times=None, no_length=not known)]
    with small_disk(site.cache, 1):
        told = "needs 2.9 MiB in" if known else "does not fit into"
        with pytest.raises(NoSpace, match=rf"{told} .*/cache, where .* are free"):
            fetch(site, PROOF)
        assert site.cached == {".lock"}


def test_what_changes_while_it_is_used_is_told(site: Site) -> None:
    """Where somebody writes to the cache."""
    with site.fetch(PROOF) as source:
        source.unchanged()
        source.path.write_bytes(OTHER)
        with pytest.raises(SourceFailed, match="was changed while it was used"):
            source.unchanged()
