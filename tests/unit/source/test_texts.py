# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts that every run asks for: sent again only when they have changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    CuratorError,
    InvalidRequest,
    SourceFailed,
)
from ansible_collections.curator.glance.plugins.module_utils.source.location import Location
from ansible_collections.curator.glance.plugins.module_utils.source.texts import Texts
from ansible_collections.curator.glance.plugins.module_utils.source.web import Web

from support.upstream import Fault

from .conftest import Site

WHAT = "The manifest"


def texts(site: Site) -> Texts:
    """The texts of a new run."""
    return Texts(site.cache, lambda place: Web(source=place, timeout=20, first_pause=0.001))


def read(site: Site) -> bytes:
    """The site's file, in a run of its own."""
    run = texts(site)
    run.gather([site.location, site.location])
    return run.read(site.location, WHAT)


def statuses(site: Site) -> list[int]:
    """What the server answered."""
    return [request.status for request in site.server.requests]


def test_an_unchanged_text_is_not_sent_again(site: Site) -> None:
    """Nor asked for twice in one run."""
    site.server.write(site.name, b"content")
    assert read(site) == read(site) == read(site) == b"content"
    assert statuses(site) == [200, 304, 304]
    assert site.server.sent(site.name) == len(b"content")


def test_a_changed_text_is(site: Site) -> None:
    """And kept in the place of the old one."""
    site.server.write(site.name, b"one")
    assert read(site) == b"one"
    site.server.write(site.name, b"two")
    assert read(site) == read(site) == b"two"
    assert statuses(site) == [200, 200, 304]


def test_without_a_version_there_is_nothing_to_ask_with(site: Site) -> None:
    """Then it is sent each time."""
    site.server.write(site.name, b"content")
    site.server.faults[site.name] = [Fault(times=None, no_validators=True)]
    assert read(site) == read(site) == b"content"
    assert statuses(site) == [200, 200]


@pytest.mark.parametrize(
    "damage", [b"", b"{}", b"[]", b'{"version": {"ETag": "x"}, "content": "\xff"}']
)
def test_what_is_kept_and_cannot_be_read_is_fetched_anew(site: Site, damage: bytes) -> None:
    """Whoever damaged it."""
    site.server.write(site.name, b"content")
    read(site)
    (record,) = site.cache.iterdir()
    record.write_bytes(damage)
    assert read(site) == b"content"
    assert statuses(site) == [200, 200]


def test_a_server_that_says_unchanged_of_nothing_is_not_believed(site: Site) -> None:
    """There is no text that it could mean."""
    site.server.write(site.name, b"content")
    site.server.faults[site.name] = [Fault(times=None, status=304)]
    with pytest.raises(SourceFailed, match="304"):
        read(site)


def test_what_fails_is_said_to_everybody_who_wants_it(site: Site) -> None:
    """Each time as an error of its own."""
    run = texts(site)
    run.gather([site.location])
    errors = []
    for _n in range(2):
        with pytest.raises(SourceFailed, match="404") as caught:
            run.read(site.location, WHAT)
        errors.append(caught.value)
    assert errors[0] is not errors[1]


def test_a_busy_server_is_asked_again(site: Site) -> None:
    """As for everything else."""
    site.server.write(site.name, b"content")
    site.server.faults[site.name] = [Fault(times=2, status=503)]
    assert read(site) == b"content"


def test_a_text_that_is_none_is_not_kept_as_one(site: Site) -> None:
    """Nobody has a manifest of so many bytes."""
    site.server.write(site.name, b"0" * (11 << 20))
    with pytest.raises(SourceFailed, match="more than 10 MiB"):
        read(site)


def test_a_file_of_this_machine_needs_no_cache(site: Site, tmp_path: Path) -> None:
    """It is read when it is wanted."""
    (tmp_path / "sums").write_bytes(b"content")
    run = texts(site)
    run.gather([Location(str(tmp_path / "sums"))])
    assert run.read(Location(str(tmp_path / "sums")), WHAT) == b"content"
    assert not site.cache.exists()
    with pytest.raises(CuratorError, match=r"The manifest .* cannot be read"):
        run.read(Location(str(tmp_path / "none")), WHAT)


def test_a_cache_that_others_can_write_is_refused(site: Site) -> None:
    """They could change what proves the images."""
    site.cache.mkdir()
    site.cache.chmod(0o777)
    with pytest.raises(InvalidRequest, match="every user"):
        read(site)


def test_many_texts_at_a_time(site: Site) -> None:
    """More than are fetched at once, each once."""
    places = []
    for number in range(20):
        site.server.write(f"t{number}", str(number).encode())
        places.append(Location(site.server.url(f"t{number}")))
    run = texts(site)
    run.gather(places)
    run.gather(places)
    assert [run.read(place, WHAT) for place in places] == [str(n).encode() for n in range(20)]
    assert len(site.server.requests) == 20
