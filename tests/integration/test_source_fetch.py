# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A source that is here before an image is made of it: fetched once, proven, and where it was."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.running import play, run_module
from support.signing import signer
from support.sources import Release, new_release
from support.upstream import Fault, Upstream, upstream


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """A disk and its checksums."""
    return new_release(tmp_path / "upstream", "disk.qcow2")


@pytest.fixture
def server(release: Release) -> Iterator[Upstream]:
    """The web server that has them."""
    with upstream(release.folder) as server:
        yield server


def fetched(tmp_path: Path, **options: Any) -> dict[str, Any]:
    return run_module("source_fetch", **{"cache_dir": str(tmp_path / "cache"), **options})


def test_fetched_once(release: Release, server: Upstream, tmp_path: Path) -> None:
    """The second run finds it in the cache, and changes nothing."""
    options = {
        "source": server.url(release.name),
        "source_checksum": f"sha512:{server.url('SHA512SUMS')}",
    }
    foreseen = fetched(tmp_path, **options, check=True)
    assert (foreseen["changed"], foreseen["path"]) == (True, None)
    assert foreseen["checksum"] == f"sha512:{release.sha512}"
    assert server.sent(release.name) == 0

    first = fetched(tmp_path, **options)
    assert first["changed"]
    assert hashlib.sha512(Path(first["path"]).read_bytes()).hexdigest() == release.sha512
    assert first["sha512"] == release.sha512
    assert (first["name"], first["url"]) == (release.name, server.url(release.name))

    for check in (True, False):
        again = fetched(tmp_path, **options, check=check)
        assert again == {**first, "changed": False}
    assert server.count(release.name) == 1


def test_without_a_checksum(release: Release, server: Upstream, tmp_path: Path) -> None:
    """What the server says of the file tells whether it is still the same."""
    options = {"source": server.url(release.name)}
    assert fetched(tmp_path, **options)["changed"]
    assert not fetched(tmp_path, **options)["changed"]
    server.write(release.name, b"something else")
    assert fetched(tmp_path, **options, check=True)["changed"]
    assert fetched(tmp_path, **options)["size"] == len(b"something else")


def test_a_file_stays_where_it_is(tmp_path: Path) -> None:
    """A path is proven in its place; what does not prove it is an error."""
    disk = tmp_path / "disk.raw"
    disk.write_bytes(b"\0" * 4096)
    digest = hashlib.sha256(disk.read_bytes()).hexdigest()
    for check in (True, False):
        result = fetched(
            tmp_path, source=str(disk), source_checksum=f"sha256:{digest}", check=check
        )
        assert (result["changed"], result["path"]) == (False, str(disk))
    wrong = fetched(tmp_path, source=str(disk), source_checksum=f"sha256:{'0' * 64}")
    assert "is not what was released" in wrong["msg"]


def test_what_is_not_as_it_was_released(release: Release, server: Upstream, tmp_path: Path) -> None:
    """Of a file with another hash, nothing is kept that a later step could take for it."""
    options = {"source": server.url(release.name), "source_checksum": f"sha256:{'0' * 64}"}
    assert "is not what was released" in fetched(tmp_path, **options)["msg"]
    assert not [path for path in (tmp_path / "cache").iterdir() if path.stat().st_size > 1000]


def test_a_cut_download_goes_on(release: Release, server: Upstream, tmp_path: Path) -> None:
    """Of what was fetched before a cut, nothing is fetched again."""
    server.faults[release.name] = [Fault(method="GET", cut_after=100_000, times=1)]
    checksum = f"sha512:{release.sha512}"
    assert fetched(tmp_path, source=server.url(release.name), source_checksum=checksum)["changed"]
    assert server.sent(release.name) == (release.folder / release.name).stat().st_size


def test_a_signature_of_the_source(release: Release, server: Upstream, tmp_path: Path) -> None:
    """Who signed is told; a signature of something else is an error."""
    with signer() as upstreams:
        disk = (release.folder / release.name).read_bytes()
        server.write("disk.sig", upstreams.detached(disk))
        server.write("other.sig", upstreams.detached(disk[1:]))
        keyring = tmp_path / "keys.gpg"
        keyring.write_bytes(upstreams.public_keys())
        options = {"source": server.url(release.name), "source_keyring": str(keyring)}
        good = fetched(tmp_path, **options, source_signature=server.url("disk.sig"))
        assert good["signed_by"] == upstreams.fingerprint
        bad = fetched(tmp_path, **options, source_signature=server.url("other.sig"))
        assert "is not over" in bad["msg"]


def test_a_password_is_not_shown(release: Release, server: Upstream, tmp_path: Path) -> None:
    """Neither one in the address nor one beside it."""
    server.credentials = ("mirror", "hunter2-of-the-mirror")
    address = server.url(release.name, userinfo="mirror:hunter2-of-the-mirror@")
    result = fetched(tmp_path, source=address)
    assert result["changed"]
    assert "hunter2" not in str(result)


def test_lines_in_a_play(release: Release, server: Upstream, tmp_path: Path) -> None:
    """While it fetches, the play shows how far it is, and whose it is."""
    size = (release.folder / release.name).stat().st_size
    lines, line = (
        tmp_path / "log",
        re.compile(r"source_fetch \[localhost\] disk.qcow2: fetch \d+ % "),
    )
    slow = Fault(
        method="GET",
        drip=(size // 20, 0.2),
        # However long it takes until somebody looks.
        ends_once=lambda: lines.exists() and line.search(lines.read_text()) is not None,
    )
    server.faults[release.name] = [slow]
    options = {"source": server.url(release.name), "cache_dir": str(tmp_path / "cache")}
    played = play(
        [
            {
                "hosts": "localhost",
                "gather_facts": False,
                "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
                "tasks": [{"name": "fetch", "curator.glance.source_fetch": options}],
            }
        ],
        env={"ANSIBLE_LOG_PATH": str(lines)},
    )
    assert played.status == 0, played.output
    assert line.search(played.output)
    assert played.result_of("fetch")["size"] == size
