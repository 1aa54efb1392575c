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
_NAMED_IN_URL = re.compile(r"(?i)sha-?(224|256|384|512)")
_LIKELIEST = "sha256"
_BY_LENGTH: Mapping[int, str] = {digits: name for name, digits in DIGITS.items()}


def origin(version: Mapping[str, Any], report: Report, *, mirrors: bool) -> dict[str, Any]:
    """The keys of an entry that say where the bytes are, what proves them and how old they are."""
    url, mirror = str(version["url"]), version.get("mirror_url")
    if mirror is not None and not mirrors:
        report("mirror_url", mirror, "The image is taken from upstream, as the option says.")
        mirror = None
    said = {
        "source": path_or_url(str(mirror or url)),
        **_proof(version, report),
        "image_source": version.get("source") or _without_folder(url),
    }
    if version.get("build_date") is not None:
        said["image_build_date"] = as_data(version["build_date"])
    return said


def latest_origin(image: Mapping[str, Any], version: Mapping[str, Any]) -> dict[str, Any]:
    """The same of what upstream released last, whatever version the catalog names."""
    manifest, url = str(image["latest_checksum_url"]), str(image["latest_url"])
    pinned = _algorithm_of(str(version.get("checksum") or ""))
    algorithm = pinned or _algorithm_in(manifest) or _LIKELIEST
    return {"source": url, "checksum": f"{algorithm}:{manifest}", "image_source": url}


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
