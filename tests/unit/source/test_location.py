# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which places can be named, and what of them may be shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest
from ansible_collections.curator.glance.plugins.module_utils.source.location import Location


@pytest.mark.parametrize(
    "text, file_name, recorded, credentials",
    [
        ("https://a.org/b/c%20d.img", "c d.img", "https://a.org/b/c%20d.img", None),
        ("http://a.org:8080/c.img?x=/y#z", "c.img", "http://a.org:8080/c.img", None),
        ("HTTPS://u:p%40w@a.org/c", "c", "https://a.org/c", ("u", "p@w")),
        ("https://u@a.org/c", "c", "https://a.org/c", ("u", "")),
        ("http://[::1]:80/c", "c", "http://[::1]:80/c", None),
        ("https://a.org", "", "https://a.org", None),
    ],
)
def test_an_address_is_shown_without_its_secrets(
    text: str, file_name: str, recorded: str, credentials: tuple[str, str] | None
) -> None:
    """Neither user and password nor the query are recorded; what is asked for has the query."""
    location = Location(text)
    assert location.is_url
    assert (location.file_name, location.recorded) == (file_name, recorded)
    assert location.credentials == credentials
    assert "@" not in location.requested
    assert ("?" in location.requested) == ("?" in text)
    assert "p%40w" not in repr(location)


@pytest.mark.parametrize("text", ["/srv/a b.img", "file:///srv/a%20b.img", "/srv/x/../a b.img"])
def test_a_file_is_an_absolute_path(text: str) -> None:
    """However it was named."""
    location = Location(text)
    assert not location.is_url
    assert location.path == Path("/srv/a b.img")
    assert (location.recorded, location.file_name) == ("/srv/a b.img", "a b.img")


def test_a_relative_path_is_one_of_this_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a tilde is the home."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/me")
    assert Location("x/disk.img").recorded == f"{tmp_path}/x/disk.img"
    assert Location("file://localhost/x").recorded == "/x"
    assert Location("~/disk.img").recorded == "/home/me/disk.img"


def test_a_link_keeps_its_own_name(tmp_path: Path) -> None:
    """A manifest lists the name that the source was asked for under."""
    (tmp_path / "latest.img").symlink_to("disk-7.img")
    assert Location(str(tmp_path / "latest.img")).file_name == "latest.img"


@pytest.mark.parametrize(
    "text, complaint",
    [
        ("", "empty string"),
        (" ", "empty string"),
        ("ftp://a.org/b", "Nothing can be fetched with ftp. Give a URL with http, https or file"),
        ("s3://bucket/b", "with s3"),
        ("https:///b", "names no server"),
        ("https://u:secret@:80/b", "names no server"),
        ("https://a.org:secret/b", "names no server"),
        ("http://[::1/secret", "names no server"),
        ("file://elsewhere/b", "names no server"),
    ],
)
def test_what_cannot_be_fetched_is_refused(text: str, complaint: str) -> None:
    """With what is possible, and without what may be a password."""
    with pytest.raises(InvalidRequest, match=complaint) as caught:
        Location(text)
    assert "secret" not in caught.value.message


def test_secrets_are_for_one_server() -> None:
    """Another port or scheme is another server."""
    here = Location("https://a.org/x")
    assert here.shares_server_with(Location("https://u:p@A.org/y?z"))
    others = ["http://a.org/x", "https://a.org:444/x", "https://b.org/x"]
    assert not any(here.shares_server_with(Location(other)) for other in others)
