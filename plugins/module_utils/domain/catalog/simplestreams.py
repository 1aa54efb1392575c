# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Simplestreams (products:1.0), read as a catalog: the newest version of each product.

A product has versions, and a version has items, of which one at most is a disk that boots. What
is said further out goes for all that is within, unless said there again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import InvalidRequest
from ..values import some
from .foreign import Converted, natural
from .reading import shown

FORMAT = "products:1.0"
# What an image is called, unless somebody says otherwise.
NAME = "{title} {version}"
# Starts by UEFI alone.
_UEFI = "uefi1.img"
# From the one that is taken first; compressed ones unpack to the same.
DISKS = (
    "disk1.img",
    "disk.img",
    "disk-kvm.img",
    "disk.qcow2",
    "qcow2",
    _UEFI,
    "disk.raw",
    "raw",
    "disk1.img.xz",
    "raw.xz",
    "raw.gz",
    "raw.zst",
)
_ALGORITHMS = ("sha512", "sha256")
# Debian's names of architectures, and those that Glance, Nova and libosinfo know.
_ARCHITECTURES = {
    "amd64": "x86_64",
    "arm64": "aarch64",
    "armhf": "armv7l",
    "i386": "i686",
    "ppc64el": "ppc64le",
}
_USERS = {
    "ubuntu": "ubuntu",
    "debian": "debian",
    "cirros": "cirros",
    "fedora": "fedora",
    "almalinux": "almalinux",
    "rocky": "rocky",
    "alpine": "alpine",
}
_DISTROS = {"rockylinux": "rocky", "archlinux": "arch"}
_WITHOUT_DISKS = frozenset({"items", "versions", "products"})
_DAY = re.compile(r"(20\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])")
_LATER = re.compile(r"\d{4}-\d{2}-\d{2}")
_FIELD = re.compile(r"\{([A-Za-z0-9_]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Which products become entries, and what those are called."""

    base_url: str
    products: str | None = None
    arch: tuple[str, ...] = ()
    release: tuple[str, ...] = ()
    unsupported: bool = False
    name: str = NAME

    @property
    def pattern(self) -> re.Pattern[str]:
        """What the id of a product has to match."""
        try:
            return re.compile(self.products or "")
        except re.error as error:
            raise InvalidRequest(
                f"products is {self.products!r}, which is no regular expression: {error}."
            ) from error


def read_simplestreams(content: Any, wishes: Wishes) -> Converted:
    """The entries for the products of one file."""
    found = Converted()
    pattern = wishes.pattern
    ids = defaultdict(list)
    for product_id, product in sorted(_products(content).items()):
        common = {**_plain(content), **_plain(product)}
        if not pattern.search(product_id) or not _is_wished(common, wishes):
            continue
        entry = _entry(product_id, product, common, wishes, found)
        if entry is not None:
            ids[entry["name"]].append(product_id)
            found.entries.append(entry)
    for name, several in ids.items():
        if len(several) > 1:
            raise InvalidRequest(
                f"{len(several)} products would be named {name!r}: {some(several)}. Choose some of "
                "them with products, arch or release, or put what tells them apart into name, as "
                "in '{title} {version} {arch}'."
            )
    found.leave_out_what_no_catalog_takes()
    return found


def _products(content: Any) -> Mapping[str, Mapping[str, Any]]:
    if not isinstance(content, Mapping):
        raise InvalidRequest(
            f"The stream is {shown(content)}, which is no map. Give what from_json makes of a file "
            f"of the format {FORMAT}; of a signed one (.sjson), of the text that is signed."
        )
    if content.get("format") != FORMAT:
        raise InvalidRequest(
            f"The stream is of the format {shown(content.get('format'))}, not {FORMAT}. An index "
            "(index:1.0) names such files, each under the key path."
        )
    return _maps(content.get("products"))


def _plain(level: Mapping[str, Any]) -> dict[str, Any]:
    """What a level says that goes for all within."""
    return {key: value for key, value in level.items() if key not in _WITHOUT_DISKS}


def _is_wished(product: Mapping[str, Any], wishes: Wishes) -> bool:
    names = {str(product.get(key)) for key in ("release", "version", "release_codename")}
    names |= {alias.strip() for alias in str(product.get("aliases") or "").split(",")}
    arches = {str(product.get("arch")), _architecture(product)}
    return (not wishes.arch or bool(arches & set(wishes.arch))) and (
        not wishes.release or bool(names & set(wishes.release))
    )


def _entry(
    product_id: str,
    product: Mapping[str, Any],
    common: Mapping[str, Any],
    wishes: Wishes,
    found: Converted,
) -> dict[str, Any] | None:
    if common.get("supported") is False and not wishes.unsupported:
        found.report(
            product_id, "supported", common["supported"], "Upstream does not mend it any more."
        )
        return None
    disk = next(_disks(product, common), None)
    if disk is None:
        found.report(
            product_id,
            "items",
            None,
            "No version has a disk that boots and that a sha256 or sha512 proves.",
        )
        return None
    source = f"{wishes.base_url.rstrip('/')}/{str(disk['path']).lstrip('/')}"
    entry: dict[str, Any] = {
        "name": _name(wishes.name, {**disk, "product": product_id}),
        "source": source,
        "checksum": _checksum(disk),
        "image_source": source,
        "os": _system(disk),
    }
    if disk["ftype"] == _UEFI:
        entry["properties"] = {"hw_firmware_type": "uefi"}
    built = _DAY.match(str(disk["version_name"]))
    if built:
        entry["image_build_date"] = "-".join(built.groups())
    maintained = str(disk.get("support_eol") or "")
    if _LATER.fullmatch(maintained):
        entry["maintained_until"] = maintained
    return entry


def _disks(product: Mapping[str, Any], common: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Disks with all that is said of them, from the newest version on, and the best of each."""
    versions = _maps(product.get("versions"))
    for name in sorted(versions, key=natural, reverse=True):
        kinds: dict[str, Mapping[str, Any]] = {}
        for key, item in _maps(versions[name].get("items")).items():
            kinds.setdefault(str(item.get("ftype") or key), item)
        for kind in DISKS:
            if kind in kinds and kinds[kind].get("path") and _checksum(kinds[kind]):
                said = {**common, **_plain(versions[name]), **kinds[kind]}
                yield {**said, "version_name": name, "ftype": kind}


def _maps(given: Any) -> Mapping[str, Mapping[str, Any]]:
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not all(isinstance(v, Mapping) for v in given.values()):
        raise InvalidRequest(
            f"The stream holds {shown(given)} where the format {FORMAT} has a map of maps. Fetch "
            "it anew."
        )
    return given


def _checksum(item: Mapping[str, Any]) -> str | None:
    return next((f"{name}:{item[name]}" for name in _ALGORITHMS if item.get(name)), None)


def _system(said: Mapping[str, Any]) -> dict[str, str]:
    distro = str(said.get("os") or "").lower()
    distro = _DISTROS.get(distro, distro)
    system = {
        "distro": distro,
        "version": str(said.get("version") or said.get("release") or ""),
        "user": _USERS.get(distro, ""),
        "type": "linux",
        "architecture": _architecture(said),
    }
    return {key: value for key, value in system.items() if value}


def _architecture(said: Mapping[str, Any]) -> str:
    arch = str(said.get("arch") or "")
    return _ARCHITECTURES.get(arch, arch)


def _name(pattern: str, said: Mapping[str, Any]) -> str:
    """The name of an entry; in the pattern, anything that the stream says of the disk."""
    system = str(said.get("os") or "")
    known = {
        **said,
        "title": said.get("os_title") or (system[:1].upper() + system[1:]),
        "version": said.get("version") or said.get("release") or "",
        "architecture": _architecture(said),
    }

    def value(match: re.Match[str]) -> str:
        if match[1] not in known:
            raise InvalidRequest(
                f"name has {match[0]}, which the stream does not say of {said['product']}. It has "
                f"{', '.join(sorted(known))}."
            )
        return str(known[match[1]])

    return _FIELD.sub(value, pattern).strip()
