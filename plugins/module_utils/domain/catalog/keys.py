# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The keys of a catalog's entry, how each is read, and what to say of keys that are none."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from ...errors import InvalidRequest
from ..disk import parse_size
from ..image import VISIBILITIES
from ..supersede import UNCHANGED
from ..values import LARGEST_MINIMUM
from .preparation import operations
from .reading import Reader, at, choice, flag, mapping, number, one_or_several, scalars, text, texts
from .standard import OS, OS_PROPERTIES, STANDARD

PRESENT, RETIRED = "present", "retired"
MOST_KEPT = 1000

_SUPERSEDE: Mapping[str, Reader] = {
    "rename": text,
    "hidden": flag,
    "visibility": choice(UNCHANGED, *VISIBILITIES),
    "deactivate": flag,
}
_MOST = 1_000_000
# Of a guest that is booted before it is published: as options of image_boot_check.
_EXPECT: Mapping[str, Reader] = {
    **dict.fromkeys(("ssh", "rdp", "ipv4", "ipv6", "authorized_keys", "single_nic"), flag),
    **dict.fromkeys(("cloud_init", "grown", "clock"), flag),
    "interfaces": number(0, _MOST),
    "console": text,
}
BOOT_CHECK: Mapping[str, Reader] = {
    "user": text,
    "expect": lambda key, value: nested(key, value, _EXPECT),
    **dict.fromkeys(("network", "security_groups"), one_or_several),
    **dict.fromkeys(("flavor", "floating_network", "jump_host"), text),
    **dict.fromkeys(("temporary_network", "boot_from_volume"), flag),
    **dict.fromkeys(("ram", "vcpus", "disk", "time_limit", "timeout"), number(1, _MOST)),
}

# Of a disk that is changed before it is sent: as options of image_prepare.
_PREPARE: Mapping[str, Reader] = {
    "operations": operations,
    "secrets": choice("warn", "fail", "remove", "ignore"),
    "network": flag,
}


def _size(key: str, value: Any) -> str:
    size = text(key, value)
    try:
        parse_size(size)
    except InvalidRequest as error:
        raise InvalidRequest(f"{key}: {error.message}") from error
    return size


def _properties(key: str, value: Any) -> dict[str, Any]:
    """Properties, without the attributes of an image that an entry has no key for."""
    for name in _NOT_SAID & mapping(key, value).keys():
        with at(key, name):
            raise InvalidRequest(
                f"{name} is no property but an attribute of the image. {_ELSEWHERE[name]}."
            )
    return scalars(key, value)


def _verify(key: str, value: Any) -> bool | dict[str, Any]:
    """Whether it is booted before it is published, or what is different then for this image."""
    if not isinstance(value, Mapping):
        return flag(key, value)
    return nested(key, value, BOOT_CHECK)


def _prepare(key: str, value: Any) -> dict[str, Any]:
    """What is done to the disk: the operations alone, or with what goes for all of them."""
    read = nested(key, value if isinstance(value, Mapping) else {"operations": value}, _PREPARE)
    return read | {"operations": operations(key, read.get("operations"))}


# Without the keys of the Sovereign Cloud Stack, which standard.py has.
_KEYS: Mapping[str, Reader] = {
    "name": text,
    "state": choice(PRESENT, RETIRED),
    "source": text,
    "checksum": text,
    "signature": text,
    "keyring": text,
    "allow_weak_checksum": flag,
    "format": choice("raw", "qcow2", "vmdk", "vdi", "vhd", "vhdx", "iso"),
    "member": text,
    "disk_format": choice("raw", "keep", "iso", "ami", "ari", "aki"),
    "container_format": text,
    "method": choice("auto", "stream", "import", "web_download"),
    "store": text,
    "max_virtual_size": _size,
    "image_id": text,
    "os": lambda key, value: nested(key, value, OS),
    "profiles": texts,
    "hypervisor": text,
    "validation": choice("strict", "warn", "off"),
    "properties": _properties,
    "tags": texts,
    "min_disk": number(0, LARGEST_MINIMUM, "GiB"),
    "min_ram": number(0, LARGEST_MINIMUM, "MiB"),
    "visibility": choice(*VISIBILITIES),
    "hidden": flag,
    "protected": flag,
    "projects": texts,
    "accept_with": texts,
    "on_change": choice("rotate", "keep_both", "fail"),
    "supersede": lambda key, value: nested(key, value, _SUPERSEDE),
    "adopt": flag,
    "prepare": _prepare,
    "verify": _verify,
    "keep": number(0, MOST_KEPT),
}
KEYS: Mapping[str, Reader] = {**_KEYS, **STANDARD}
# What one entry alone can say.
NO_DEFAULTS = frozenset({"name", "source", "checksum", "signature", "image_id", "member"})

_LOGIN = (
    "A catalog holds no secrets. Put what the server of a source wants to know into ~/.netrc on "
    "the host that runs the task"
)
_OF_THE_RUN = "It is the same for a whole run. Leave it out"
# What people look for here and find elsewhere.
_ELSEWHERE: Mapping[str, str] = {
    **{name: f"Write it under os, as {key}" for key, name in OS_PROPERTIES.items()},
    **{key: f"Write {key} under os" for key in OS_PROPERTIES},
    "architecture": "Write architecture under os",
    "description": "Write image_description",
    "title": "Write name",
    "url": "Write source",
    "source_checksum": "Write checksum",
    "source_signature": "Write signature",
    "source_keyring": "Write keyring",
    "source_format": "Write format",
    "source_member": "Write member",
    "is_public": "Write visibility: public",
    "owner": "What a catalog lists belongs to the project of the session. Leave it out",
    "status": "Write state: retired under an image that is to go. Leave it out",
    **dict.fromkeys(("url_username", "url_password", "username", "password"), _LOGIN),
    **dict.fromkeys(
        ("cloud", "cache_dir", "base_dir", "publish", "profile_definitions"), _OF_THE_RUN
    ),
}
# Of these, what the modules have an option for, and say so.
_NOT_SAID = frozenset({"owner", "status"})


def unknown(key: Any, known: Iterable[str], where: str = "") -> str:
    """What to say of a key that is none. Its value may be a secret and is not shown."""
    name = str(key)
    advice = None if where else _ELSEWHERE.get(name)
    if advice is None:
        names = list(known)
        alike = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.6)
        advice = f"Write {alike[0]}" if alike else f"Possible are {', '.join(sorted(names))}"
    return f"{where or 'An entry'} has no key {name!r}. {advice}."


def nested(key: str, value: Any, known: Mapping[str, Reader]) -> dict[str, Any]:
    """A map that has keys of its own."""
    found = {}
    for name, content in mapping(key, value).items():
        with at(key, name):
            if name not in known:
                raise InvalidRequest(unknown(name, known, key))
            found[name] = known[name](f"{key}.{name}", content)
    return found
