# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests to a real server: tried again where that helps, told in our words where it does not."""

from __future__ import annotations

import datetime as dt
import time
from email.utils import format_datetime
from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils.errors import SourceFailed
from ansible_collections.curator.glance.plugins.module_utils.source import patience
from ansible_collections.curator.glance.plugins.module_utils.source.location import Location
from ansible_collections.curator.glance.plugins.module_utils.source.looking import version_of
from ansible_collections.curator.glance.plugins.module_utils.source.reading import read_small
from ansible_collections.curator.glance.plugins.module_utils.source.web import Web

from support.servers import certificate, closed_port, tls_server
from support.upstream import Fault, upstream
from support.waiting import until

from .conftest import Site

WHAT = "The manifest"


def read(site: Site, web: Web | None = None) -> bytes:
    return read_small(site.location, web or site.web(), WHAT)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(times=3, status=500),
        Fault(times=3, status=503, retry_after=0),
        Fault(times=3, status=429),
        Fault(times=3, hang_up=True),
        Fault(times=3, cut_after=2),
    ],
)
def test_what_may_pass_is_tried_again(site: Site, fault: Fault) -> None:
    """A busy server, and a connection that is cut."""
    site.server.write(site.name, b"content")
    site.server.faults[site.name] = [fault]
    assert read(site) == b"content"
    assert site.gets == 4


def test_tries_come_to_an_end(site: Site) -> None:
    """A server that stays busy is told of, with its answer."""
    site.server.faults[site.name] = [Fault(times=None, status=503)]
    with pytest.raises(SourceFailed, match=r"HTTP 503 \(Service Unavailable\)"):
        read(site)
    assert site.gets == 6


@pytest.mark.parametrize(
    "status, advice",
    [(401, "url_username"), (403, "url_username"), (404, "moved"), (410, "successor")],
)
def test_what_stays_is_not_tried_again(site: Site, status: int, advice: str) -> None:
    """And comes with advice."""
    site.server.faults[site.name] = [Fault(status=status)]
    with pytest.raises(SourceFailed, match=f"HTTP {status} .*{advice}"):
        read(site)
    assert site.gets == 1


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_server_says_how_long_to_wait(
    site: Site, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """As a number or as a date, and for no longer than a task can bear."""
    monkeypatch.setattr(patience, "_LONGEST_PAUSE", 0.5)
    site.server.write(site.name, b"content")
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    wanted = "3600" if form == "seconds" else format_datetime(later, usegmt=True)
    site.server.faults[site.name] = [Fault(status=503, retry_after=wanted)]
    began = time.monotonic()
    assert read(site) == b"content"
    assert 0.5 <= time.monotonic() - began < 20


def test_silence_has_a_limit(site: Site) -> None:
    """The time-out is how long there may be no progress."""
    site.server.faults[site.name] = [Fault(silent=True)]
    with pytest.raises(SourceFailed, match=r"nothing came for 0.3 seconds"):
        read(site, site.web(timeout=0.3))
    site.server.write(site.name, b"content")
    site.server.faults[site.name] = [Fault(stall_after=3)]
    with pytest.raises(SourceFailed, match=r"nothing came for 0.3 seconds"):
        read(site, site.web(timeout=0.3))


def test_a_slow_server_is_no_silent_one(site: Site) -> None:
    """As long as something comes, there is no hurry."""
    site.server.write(site.name, b"content")
    site.server.faults[site.name] = [Fault(drip=(1, 0.1))]
    assert read(site, site.web(timeout=0.5)) == b"content"


def test_nobody_there_is_told(site: Site) -> None:
    """With the reason, and without the query."""
    location = Location(f"http://user:secret@127.0.0.1:{closed_port()}/x?token=hidden")
    with pytest.raises(SourceFailed, match=r"connection refused. Check the address") as caught:
        read_small(location, site.web(), WHAT)
    assert "secret" not in caught.value.message
    assert "hidden" not in caught.value.message


def test_a_name_that_is_none_is_told(site: Site) -> None:
    """Of whatever kind the resolver's answer is."""
    with pytest.raises(SourceFailed, match="name"):
        read_small(Location("http://nosuch.invalid/x"), site.web(), WHAT)


def test_a_certificate_that_nobody_signed_is_told(site: Site, tmp_path: Path) -> None:
    """At once, and with the variable that names an authority."""
    with (
        tls_server(certificate(tmp_path, expired=False)) as url,
        pytest.raises(SourceFailed, match=r"cannot be trusted: .*REQUESTS_CA_BUNDLE"),
    ):
        read_small(Location(f"{url}/x"), site.web(), WHAT)


def test_certificates_that_are_not_there_are_told(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment names them."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")
    with pytest.raises(SourceFailed, match="CURL_CA_BUNDLE"):
        read_small(Location("https://127.0.0.1:1/x"), site.web(), WHAT)


def test_a_proxy_of_the_environment_is_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked of it is a whole address; one that fails is named."""
    monkeypatch.setenv("http_proxy", site.server.url())
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    site.server.write("x", b"through the proxy")
    assert read_small(Location("http://far.invalid/x"), site.web(), WHAT) == b"through the proxy"
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port()}")
    with pytest.raises(SourceFailed, match=r"the proxy fails. Check http_proxy"):
        read_small(Location("http://far.invalid/x"), site.web(), WHAT)


@pytest.mark.parametrize("from_url", [True, False])
def test_credentials_open_what_is_closed(site: Site, *, from_url: bool) -> None:
    """Those of the options, or those in the address."""
    site.server.write(site.name, b"content")
    site.server.credentials = ("user", "secret")
    if from_url:
        location = Location(site.server.url(site.name, userinfo="user:secret@"))
        assert read_small(location, site.web(), WHAT) == b"content"
    else:
        assert read(site, site.web(username="user", password="secret")) == b"content"
    with pytest.raises(SourceFailed, match="url_password"):
        read(site)


def test_credentials_stay_with_their_server(site: Site, tmp_path: Path) -> None:
    """Neither a redirect nor a manifest elsewhere sees them."""
    web = site.web(username="user", password="secret")
    with upstream(tmp_path) as other:
        other.write("elsewhere", b"content")
        site.server.redirects[site.name] = other.url("elsewhere")
        assert read(site, web) == b"content"
        assert read_small(Location(other.url("elsewhere")), web, WHAT) == b"content"
        assert other.count("elsewhere") == 2
        assert not any("Authorization" in request.headers for request in other.requests)
    assert "Authorization" in site.server.requests[0].headers


@pytest.mark.parametrize(
    "target, complaint",
    [("disk.img", "redirects without end"), ("ftp://a.org/x", "another|redirects to, cannot")],
)
def test_a_redirect_that_leads_nowhere_is_told(site: Site, target: str, complaint: str) -> None:
    """Once, and not six times."""
    site.server.redirects[site.name] = target
    with pytest.raises(SourceFailed, match=complaint):
        read(site)


def test_a_text_that_is_none_is_not_read_to_its_end(site: Site) -> None:
    """An image where a manifest was meant would fill the memory."""
    site.server.write(site.name, bytes(64 << 20))
    with pytest.raises(SourceFailed, match="more than 10 MiB"):
        read(site)
    assert site.server.sent(site.name) < 48 << 20


def test_a_file_that_is_not_there_is_told(site: Site, tmp_path: Path) -> None:
    """With the host in mind on which a path counts."""
    for look in (
        lambda place: read_small(place, site.web(), WHAT),
        lambda place: version_of(place, site.web()),
    ):
        with pytest.raises(SourceFailed, match=r"No such file.*host that runs the module"):
            look(Location(str(tmp_path / "nosuch")))


def test_a_version_costs_no_content(site: Site) -> None:
    """One HEAD, or one byte where the server knows no HEAD."""
    site.server.write(site.name, b"content")
    told = version_of(site.location, site.web())
    assert (told.size, told.text) == (7, told.etag)
    assert [(r.method, r.sent) for r in site.server.requests] == [("HEAD", 0)]
    site.server.faults[site.name] = [Fault(method="HEAD", status=405)]
    assert version_of(site.location, site.web()) == told
    # The answer is told by its headers, which the server sends first.
    until(lambda: site.server.sent(site.name), "the server has sent the byte that was asked for")
    assert site.server.sent(site.name) == 1


def test_a_version_is_what_the_server_tells(site: Site) -> None:
    """A weak ETag tells versions apart; without any validator nothing does."""
    site.server.write(site.name, b"content")
    site.server.faults[site.name] = [Fault(weak_etag=True)]
    told = version_of(site.location, site.web())
    assert told.text
    assert told.text.startswith("W/")
    assert told.condition == told.last_modified
    site.server.faults[site.name] = [Fault(no_validators=True)]
    assert version_of(site.location, site.web()).text is None


def test_the_version_of_a_file_is_its_size_and_time(site: Site, tmp_path: Path) -> None:
    """Neither is read from its bytes."""
    path = tmp_path / "disk.img"
    path.write_bytes(b"content")
    expected = f"size=7 mtime={path.stat().st_mtime_ns}"
    assert version_of(Location(str(path)), site.web()).text == expected
