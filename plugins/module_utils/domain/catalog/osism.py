# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Catalogs of openstack-image-manager, read as ours.

That tool makes an image of each version. Of an image with `multi: true`, the newest version has the
plain name, and those before it have their version behind it, in parentheses; of others, every
version is behind the name. Here, too, each version is an entry, so that what customers see has the
names that they know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ...errors import InvalidRequest
from .foreign import Converted, natural
from .keys import RETIRED
from .osism_meta import Report, described
from .osism_source import LATEST, is_fetched, is_pattern, latest_origin, origin
from .reading import shown

_IMAGE_KEYS = frozenset(
    {
        "enable",
        "format",
        "keep",
        "latest_checksum_url",
        "latest_url",
        "login",
        "meta",
        "min_disk",
        "min_ram",
        "multi",
        "name",
        "password",
        "separator",
        "shortname",
        "status",
        "tags",
        "versions",
        "visibility",
    }
)
_VERSION_KEYS = frozenset(
    {
        "build_date",
        "checksum",
        "checksum_url",
        "checksums_url",
        "hidden",
        "id",
        "image_description",
        "meta",
        "mirror_url",
        "os_version",
        "source",
        "url",
        "version",
        "visibility",
    }
)
_AS_IT_IS = frozenset({"aki", "ari", "ami"})
# More than there ever will be, and as many as an entry can ask for.
_ALL = 1000
_LATEST_KEYS = ("latest_url", "latest_checksum_url")
_LAST = re.compile(r"last-([0-9]+)")
_GENERIC, _OLD_GENERIC = "generic", "oldgeneric"
_SHAPE = "Give what from_yaml makes of a file of openstack-image-manager"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the command line says to that tool, and what it cannot do."""

    # Of images with several versions under one name, the newest alone.
    latest: bool = False
    # Images whose enable is false, too.
    disabled: bool = False
    # From mirror_url, where there is one.
    mirrors: bool = True
    # What upstream released last, where the catalog says where that is.
    follow: bool = False


def read_osism(content: Any, wishes: Wishes) -> Converted:
    """The entries for a file of that tool, or for several."""
    found = Converted()
    for number, image in enumerate(_images(content), start=1):
        if not image.get("name"):
            raise InvalidRequest(f"Image {number} has no name. {_SHAPE}.")
        _Reader(image, wishes, found).read()
    found.leave_out_what_no_catalog_takes()
    return found


def _images(content: Any) -> Iterator[Mapping[str, Any]]:
    documents = content if isinstance(content, list | tuple) else [content]
    for document in documents:
        if not isinstance(document, Mapping):
            raise InvalidRequest(f"The catalog holds {shown(document)}, which is no map. {_SHAPE}.")
        if "images" not in document:
            yield document
        elif isinstance(document["images"], list | tuple):
            yield from _images(list(document["images"]))
        elif document["images"] is not None:
            raise InvalidRequest(f"There is no list under images. {_SHAPE}.")


class _Reader:
    """Reads one image, with all of its versions."""

    def __init__(self, image: Mapping[str, Any], wishes: Wishes, found: Converted) -> None:
        self._image = image
        self._name = str(image["name"])
        self._separator = str(image.get("separator", " "))
        self._multi = bool(image.get("multi"))
        self._wishes = wishes
        self._found = found
        self._report: Report = partial(found.report, self._name)

    def read(self) -> None:
        """Make the entries."""
        if not self._image.get("enable", True) and not self._wishes.disabled:
            self._report(
                "enable",
                self._image["enable"],
                "That tool leaves such images out, and so does this.",
            )
            return
        versions = self._versions()
        if not versions:
            self._report("versions", [], "There is none, so there is no image either.")
            return
        self._report_the_rest()
        if self._multi and self._wishes.latest and len(versions) > 1:
            names = [str(version["version"]) for version in versions[:-1]]
            self._report("versions", names, "Only the newest is taken, as the option says.")
            versions = versions[-1:]
        newest = self._entry(versions[-1], is_newest=True)
        older = [self._entry(version, is_newest=False) for version in reversed(versions[:-1])]
        if newest and self._multi:
            older = [_beside(newest, entry) for entry in older if entry]
        self._found.entries += filter(None, [newest, *older])

    def _versions(self) -> Sequence[Mapping[str, Any]]:
        """The versions from the oldest to the newest; of two alike, the one that stands last."""
        found: dict[str, Mapping[str, Any]] = {}
        for version in _maps(self._image.get("versions"), self._name):
            if not version.get("url") or not str(version.get("version") or ""):
                raise InvalidRequest(
                    f"{self._name!r} has a version without version or url: {shown(dict(version))}. "
                    f"{_SHAPE}."
                )
            name = str(version["version"])
            if name in found:
                self._report("versions", name, "It stands there twice. The last one counts.")
            found[name] = version
        return [found[name] for name in sorted(found, key=natural)]

    def _report_the_rest(self) -> None:
        """What the image says, and no entry can."""
        image, report = self._image, self._report
        for key in sorted(map(str, image.keys() - _IMAGE_KEYS)):
            report(key, image[key], "That tool knows no such key, as far as its schema says.")
        if "password" in image:
            report("password", None, "A catalog holds no passwords, not even those known to all.")
        if "shortname" in image:
            report("shortname", image["shortname"], "It names files in that tool's mirror.")
        if image.get("status") == "deactivated":
            report("status", "deactivated", "Nobody may use it, so its entry has state: retired.")
        why = self._why_not_followed()
        for key in _LATEST_KEYS:
            if why and key in image:
                report(key, image[key], why)

    def _why_not_followed(self) -> str | None:
        """Why the entry has the version that is written down, and not upstream's last one."""
        if not self._multi:
            return "The version is in the image's name, so it cannot follow what is released."
        if not all(self._image.get(key) for key in _LATEST_KEYS):
            return "It takes latest_url and latest_checksum_url to follow what is released."
        if is_pattern(str(self._image["latest_url"])):
            return "It is a pattern that only that tool's updater can make an address of."
        if not all(is_fetched(str(self._image[key])) for key in _LATEST_KEYS):
            return "Only http and https are asked what is released."
        if not self._wishes.follow:
            return (
                "That tool's updater reads it to write new versions. With follow, the entry does."
            )
        return None

    def _entry(self, version: Mapping[str, Any], *, is_newest: bool) -> dict[str, Any] | None:
        """The entry for one version; None where its bytes are nowhere."""
        image = self._image
        name = self._name_of(version, is_newest=is_newest)
        report: Report = partial(self._found.report, name)
        for key in sorted(map(str, version.keys() - _VERSION_KEYS)):
            report(key, version[key], "That tool knows no such key, as far as its schema says.")
        entry: dict[str, Any] = {"name": name}
        if image.get("status") == "deactivated":
            entry["state"] = RETIRED
        try:
            bytes_of = (
                latest_origin(image, version)
                if is_newest and self._why_not_followed() is None
                else origin(version, report, mirrors=self._wishes.mirrors)
            )
        except InvalidRequest as error:
            self._found.leave_out(name, version["url"], error.message)
            return None
        entry |= bytes_of | _formats(image.get("format"))
        if version.get("id"):
            entry["image_id"] = version["id"]
        meta = self._meta(version)
        told = described(meta, report)
        entry |= {key: value for key, value in told.items() if key not in bytes_of}
        entry["tags"] = _tags(image.get("tags") or [], entry)
        entry |= _as_given(image, version)
        if self._multi and is_newest:
            entry |= self._rotation(entry.get("uuid_validity"))
        return entry

    def _name_of(self, version: Mapping[str, Any], *, is_newest: bool) -> str:
        if not self._multi:
            return f"{self._name}{self._separator}{version['version']}"
        if is_newest:
            return self._name
        return f"{self._name}{self._separator}({version['version']})"

    def _meta(self, version: Mapping[str, Any]) -> dict[str, Any]:
        """All that is said of a version, in the order in which that tool lets it count."""
        image = self._image
        meta = {"image_description": self._name, **_map(image.get("meta"), self._name)}
        if image.get("login"):
            meta["image_original_user"] = image["login"]
        if version.get("os_version") is not None:
            meta["os_version"] = version["os_version"]
        elif not self._multi and ("os_version" not in meta or str(version["version"]) != LATEST):
            meta["os_version"] = version["version"]
        if version.get("image_description"):
            meta["image_description"] = version["image_description"]
        return {**meta, **_map(version.get("meta"), self._name)}

    def _rotation(self, uuid_validity: str | None) -> dict[str, Any]:
        """How versions follow one another, and how many that were are kept."""
        literal = self._separator.replace("{", "{{").replace("}", "}}")
        rotation: dict[str, Any] = {"supersede": {"rename": f"{{name}}{literal}({{date}})"}}
        last = _LAST.fullmatch(uuid_validity or "")
        if self._image.get("keep"):
            rotation["keep"] = _ALL
        elif uuid_validity == "none":
            rotation["keep"] = 0
        elif last:
            # The one under the name is the first of them.
            rotation["keep"] = min(max(int(last[1]) - 1, 0), _ALL)
        return rotation


def _beside(newest: Mapping[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    """An older version as it stands beside the newest: one image is for general use."""
    system, other = dict(entry.get("os", {})), newest.get("os", {})
    same = all(system.get(key) == other.get(key) for key in ("distro", "version", "architecture"))
    seen = newest.get("visibility") in {"public", "community"} and not newest.get("hidden")
    if same and seen and system.get("purpose") == other.get("purpose") == _GENERIC:
        return {**entry, "os": {**system, "purpose": _OLD_GENERIC}}
    return entry


def _formats(given: Any) -> dict[str, Any]:
    """The format of the source, and what is stored where that is not raw."""
    if given is None:
        return {}
    if given in _AS_IT_IS:
        return {"disk_format": given}
    return {"format": given, "disk_format": given} if given == "iso" else {"format": given}


def _tags(given: Any, entry: Mapping[str, Any]) -> Any:
    """The tags with the one for the system, which that tool adds, and without the tool's own."""
    if not isinstance(given, list | tuple):
        # The reader of the entry has a word for it.
        return given
    distro = entry.get("os", {}).get("distro")
    return list(dict.fromkeys([*given, *([f"os:{distro}"] if distro else [])]))


def _as_given(image: Mapping[str, Any], version: Mapping[str, Any]) -> dict[str, Any]:
    """What has the same name and meaning in an entry."""
    # 0 is how that tool writes that there is no minimum; here it is found from the disk.
    said = {key: image[key] for key in ("min_disk", "min_ram") if image.get(key)}
    visibility = version.get("visibility") or image.get("visibility")
    if visibility is not None:
        said["visibility"] = visibility
    if version.get("hidden") is not None:
        said["hidden"] = version["hidden"]
    return said


def _map(given: Any, name: str) -> Mapping[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise InvalidRequest(f"meta of {name!r} is {shown(given)}, which is no map. {_SHAPE}.")
    return given


def _maps(given: Any, name: str) -> Sequence[Mapping[str, Any]]:
    if given is None:
        return ()
    if not isinstance(given, list | tuple) or not all(isinstance(one, Mapping) for one in given):
        raise InvalidRequest(f"versions of {name!r} is no list of maps. {_SHAPE}.")
    return given
