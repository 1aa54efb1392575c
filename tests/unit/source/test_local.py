# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sources that are files of this machine: read where they are."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.proof import Proof
from ansible_collections.curator.glance.plugins.module_utils.errors import SourceFailed, Unproven
from ansible_collections.curator.glance.plugins.module_utils.source.fetching import (
    Fetched,
    fetched,
)
from ansible_collections.curator.glance.plugins.module_utils.source.location import Location
from ansible_collections.curator.glance.plugins.module_utils.source.web import Web

from .conftest import Told

CONTENT = b"a disk" * 100_000
PROOF = Proof(algorithm="sha256", digest=hashlib.sha256(CONTENT).hexdigest())


class Local:
    """A file that stands for long, and a cache."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "disk.img"
        self.cache = folder / "cache"
        self.progress = Told()
        self.path.write_bytes(CONTENT)
        self.settle()

    def settle(self) -> None:
        """Let the last change be a while ago, as far as the file's own times tell."""
        hour_ago = time.time() - 3600
        os.utime(self.path, (hour_ago, hour_ago))

    def fetch(
        self, proof: Proof | None = None, path: Path | None = None
    ) -> AbstractContextManager[Fetched]:
        location = Location(str(path or self.path))
        web = Web(source=location, timeout=1)
        return fetched(location, proof=proof, cache=self.cache, web=web, progress=self.progress)


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Local:
    # No utime sets the time of the last change of state: let that count as settled at once.
    module = sys.modules[f"{fetched.__module__.rpartition('.')[0]}.local"]
    monkeypatch.setattr(module, "_SETTLED_AFTER", 0.0)
    return Local(tmp_path)


@pytest.mark.parametrize("proof", [None, PROOF])
def test_a_file_is_used_where_it_is(local: Local, proof: Proof | None) -> None:
    """Never copied, and never removed."""
    with local.fetch(proof) as source:
        assert source.path == local.path
        assert (source.size, source.from_cache, source.is_url) == (len(CONTENT), False, False)
        assert source.sha512 == hashlib.sha512(CONTENT).hexdigest()
        assert source.version.text == f"size=600000 mtime={local.path.stat().st_mtime_ns}"
        source.unchanged()
        source.discard()
    assert local.path.read_bytes() == CONTENT
    assert [path.suffix for path in local.cache.iterdir()] == [".json"]


def test_a_link_is_followed(local: Local, tmp_path: Path) -> None:
    """What it leads to is what must not change."""
    link = tmp_path / "latest.img"
    link.symlink_to(local.path.name)
    with local.fetch(PROOF, link) as source:
        source.unchanged()
        assert source.path == link


def test_a_file_is_hashed_once(local: Local) -> None:
    """As long as it stays as it is, and for each algorithm."""
    for proof, passes in ((None, 1), (None, 1), (PROOF, 2), (PROOF, 2), (None, 2)):
        with local.fetch(proof):
            assert local.progress.stages == [("verify", len(CONTENT))] * passes


def test_a_file_that_changed_is_hashed_again(local: Local) -> None:
    """Though its size and its time are as before."""
    with local.fetch(PROOF):
        pass
    before = local.path.stat()
    with local.path.open("r+b") as stream:
        stream.write(b"X")
    os.utime(local.path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(Unproven, match="is not what was released"), local.fetch(PROOF):
        pass
    assert local.path.exists()


def test_a_file_just_written_is_not_remembered(
    local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within one tick of its clock it can change again and look the same."""
    monkeypatch.undo()
    local.path.write_bytes(CONTENT)
    with local.fetch(PROOF):
        pass
    assert not local.cache.exists()


def test_a_file_that_changes_while_it_is_read_is_told(
    local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its digest would be of no file that ever was."""
    monkeypatch.setattr(local.progress, "moved", lambda _count: local.path.write_bytes(b"x"))
    with pytest.raises(SourceFailed, match="changes while it is read"), local.fetch():
        pass


def test_a_file_that_changes_while_it_is_used_is_told(local: Local) -> None:
    """Changed or gone."""
    with local.fetch() as source:
        local.path.chmod(0o600)
        source.unchanged()
        local.path.write_bytes(CONTENT)
        with pytest.raises(SourceFailed, match="was changed while it was used"):
            source.unchanged()
        local.path.unlink()
        with pytest.raises(SourceFailed, match="was changed while it was used"):
            source.unchanged()


def test_a_cache_that_cannot_be_written_is_no_trouble(local: Local) -> None:
    """It would only spare the next run a pass."""
    local.cache.write_text("a file")
    with local.fetch(PROOF) as source:
        assert source.size == len(CONTENT)


def test_what_is_no_file_is_told(local: Local, tmp_path: Path) -> None:
    """A folder, and nothing at all."""
    with pytest.raises(SourceFailed, match="is no file"), local.fetch(path=tmp_path):
        pass
    with pytest.raises(SourceFailed, match="No such file"), local.fetch(path=tmp_path / "x"):
        pass
