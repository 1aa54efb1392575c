# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Where openstack-image-manager gets the bytes of a version, and what proves them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...errors import InvalidRequest
from ..proof import DIGITS, ChecksumWish
from .foreign import as_data
from .osism_meta import Report

# Whoever adds a version of this name wants whatever upstream has.
LATEST = "latest"
_LISTS = ("checksums_url", "checksum_url")
# Stands in an address for what changes with each release, as a regular expression.
_PLACEHOLDER = re.compile(r"HEREBE|DRAGONS|\\")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_READ = frozenset({"http", "https", "file"})
_PACKED = (".xz", ".gz", ".bz2", ".zst", ".zip", ".tar")
_NAMED_IN_URL = re.compile(r"(?i)sha-?(224|256|384|512)")
_LIKELIEST = "sha256"
_BY_LENGTH: Mapping[int, str] = {digits: name for name, digits in DIGITS.items()}


def origin(version: Mapping[str, Any], report: Report, *, mirrors: bool) -> dict[str, Any]:
    """The keys of an entry that say where the bytes are, what proves them and how old they are.

    InvalidRequest if they are nowhere that anybody could fetch them from.
    """
    url, mirror = str(version["url"]), _mirror(version, report, mirrors=mirrors)
    if is_pattern(url):
        if mirror is None:
            raise InvalidRequest(f"url is {url!r}, a pattern that nobody can fetch anything from.")
        report("url", url, "It is a pattern and no address. The mirror's copy is what counts.")
        url = mirror
    source = mirror or url
    if not is_fetched(source):
        raise InvalidRequest(f"It is at {source!r}, and only http, https and files are read.")
    said = {
        "source": path_or_url(source),
        **_proof(version, report),
        "image_source": _without_folder(str(version.get("source") or url)),
    }
    if mirror and "checksum" in said and _is_packed(url) != _is_packed(mirror):
        report(
            "mirror_url",
            mirror,
            "One of the mirror's file and upstream's is packed, so the checksum is that of one "
            "of them alone. If the run says that the source is not what was released, use "
            "mirrors=false.",
        )
    if version.get("build_date") is not None:
        said["image_build_date"] = as_data(version["build_date"])
    return said


def latest_origin(image: Mapping[str, Any], version: Mapping[str, Any]) -> dict[str, Any]:
    """The same of what upstream released last, whatever version the catalog names."""
    manifest, url = str(image["latest_checksum_url"]), str(image["latest_url"])
    pinned = _algorithm_of(str(version.get("checksum") or ""))
    algorithm = pinned or _algorithm_in(manifest) or _LIKELIEST
    return {"source": url, "checksum": f"{algorithm}:{manifest}", "image_source": url}


def is_pattern(url: str) -> bool:
    """Whether only that tool's updater can make an address of it."""
    return bool(_PLACEHOLDER.search(url))


def is_fetched(url: str) -> bool:
    """Whether it is a path, or an address that anything here asks."""
    scheme = _SCHEME.match(url)
    return scheme is None or scheme[1].lower() in _READ


def _mirror(version: Mapping[str, Any], report: Report, *, mirrors: bool) -> str | None:
    """The copy that is to be fetched, if one is."""
    mirror = version.get("mirror_url")
    if mirror is None:
        return None
    if mirrors or is_pattern(str(version["url"])):
        return str(mirror)
    report("mirror_url", mirror, "The image is taken from upstream, as the option says.")
    return None


def _is_packed(url: str) -> bool:
    return url.lower().endswith(_PACKED)


def path_or_url(url: str) -> str:
    """A URL of a file as that tool reads it: the path as it stands, without escapes."""
    if not url.startswith("file:"):
        return url
    path = url.removeprefix("file:")
    return "/" + path.lstrip("/") if path.startswith("/") else path


def _without_folder(url: str) -> str:
    """What customers may see: of a file here, its name and not where it lies."""
    return f"file:{url.rpartition('/')[2]}" if url.startswith("file:") and "/" in url else url


def _proof(version: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """A digest as it stands; of the version `latest`, the list that upstream keeps."""
    digest = version.get("checksum")
    lists = [(key, str(version[key])) for key in _LISTS if version.get(key) is not None]
    if lists and (str(version["version"]) == LATEST or digest is None):
        if digest is not None:
            report("checksum", digest, f"What counts of {LATEST} is the list of checksums.")
        for key, url in lists[1:]:
            report(key, url, f"{lists[0][0]} is given as well, and one list is enough.")
        return dict(_in_list(*lists[0], report))
    for key, url in lists:
        report(key, url, "The digest itself is given, and counts more than a list.")
    if digest is None:
        report(
            "checksum",
            None,
            "There is none, and no list of them. Nothing proves what the source is; a later run "
            "notices by ETag or Last-Modified that it changed.",
        )
        return {}
    return dict(_pinned(str(digest), report))


def _in_list(key: str, url: str, report: Report) -> Iterator[tuple[str, Any]]:
    if not is_fetched(url):
        raise InvalidRequest(f"{key} is {url!r}, and only http, https and files are read.")
    algorithm = _algorithm_in(url)
    if algorithm is None:
        algorithm = _LIKELIEST
        report(
            key,
            url,
            f"It does not say its algorithm, and {algorithm} is what most lists have. If the run "
            "says otherwise, write checksum in the entry.",
        )
    yield "checksum", f"{algorithm}:{url}"


def _pinned(digest: str, report: Report) -> Iterator[tuple[str, Any]]:
    algorithm = _algorithm_of(digest)
    # What is no digest at all is left for the reader of the entry to refuse: no proof is dropped.
    bare = ":" not in digest and algorithm is not None
    text = f"{algorithm}:{digest}" if bare else digest
    yield "checksum", text
    if not _is_taken(text) and _is_taken(text, allow_weak=True):
        report(
            "checksum",
            digest,
            f"{algorithm} can be forged. It is taken with allow_weak_checksum; look for a better "
            "one.",
        )
        yield "allow_weak_checksum", True


def _is_taken(text: str, *, allow_weak: bool = False) -> bool:
    try:
        ChecksumWish.from_option(text, allow_weak=allow_weak)
    except InvalidRequest:
        return False
    return True


def _algorithm_of(digest: str) -> str | None:
    prefix, colon, _value = digest.partition(":")
    found = prefix.lower() if colon else _BY_LENGTH.get(len(digest))
    return found if found in DIGITS else None


def _algorithm_in(url: str) -> str | None:
    """The algorithm that the name of a list of checksums tells, as in SHA512SUMS."""
    found = _NAMED_IN_URL.search(url.rpartition("/")[2])
    return f"sha{found[1]}" if found else None
