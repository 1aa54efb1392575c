# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""One entry of a catalog: an image that is to exist, as every task of a run understands it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from ...errors import InvalidRequest
from ..hardware.known import is_hardware
from ..proof import ChecksumWish
from ..upload import UploadWish
from .keys import KEYS, PRESENT, unknown
from .locations import located
from .places import Place
from .preparation import placed
from .standard import EXCLUSIVE, OS_PROPERTIES, STANDARD

_INLINE = "inline"
# For how long a boot check that passed holds for an image that waits to be published.
_DAYS_STAGED = 30
_SHARED = "shared"
# What an entry says of an upload under names that are shorter than the module's.
_OPTIONS = {
    "source_checksum": "checksum",
    "source_signature": "signature",
    "source_keyring": "keyring",
    "source_format": "format",
    "source_member": "member",
}
# Options of the upload that an entry has no word for.
_NOT_SAID = {
    **dict.fromkeys(("url_username", "url_password", "owner", "kernel_id", "ramdisk_id")),
    "exact_properties": False,
}


class InvalidEntry(InvalidRequest):
    """An entry that cannot be carried out, with everything that is wrong with it."""

    def __init__(self, place: Place, name: str | None, faults: tuple[str, ...]) -> None:
        super().__init__(f"{place.of_entry(name)}: {' '.join(faults)}")
        self.name = name
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What an entry says, in the types and with the defaults that it has for everybody."""

    name: str
    state: str = PRESENT
    source: str = ""
    checksum: str | None = None
    signature: str | None = None
    keyring: str | None = None
    allow_weak_checksum: bool = False
    format: str | None = None
    member: str | None = None
    disk_format: str = "raw"
    container_format: str | None = None
    method: str = "auto"
    store: str | None = None
    max_virtual_size: str = "2 TiB"
    image_id: str | None = None
    os: Mapping[str, str] = field(default_factory=dict)
    profiles: tuple[str, ...] = ()
    hypervisor: str | None = None
    validation: str = "strict"
    properties: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] | None = None
    min_disk: int | None = None
    min_ram: int | None = None
    visibility: str | None = None
    # What is published is in sight, unless the entry says otherwise.
    hidden: bool = False
    protected: bool | None = None
    projects: tuple[str, ...] = ()
    accept_with: tuple[str, ...] = ()
    on_change: str = "rotate"
    supersede: Mapping[str, Any] = field(default_factory=dict)
    # Whether an image that this collection did not make may have to step back.
    adopt: bool = False
    # What is done to the disk before it is sent; upstream's bytes are left alone without it.
    prepare: Mapping[str, Any] | None = None
    # Whether it is booted before it is published, or what is different then for this image.
    verify: bool | Mapping[str, Any] = False
    # Superseded versions to keep; None: as many as the run says.
    keep: int | None = None
    # What the Sovereign Cloud Stack wants to know, by its names.
    standard: Mapping[str, Any] = field(default_factory=dict)
    place: Place = field(default_factory=Place, compare=False, repr=False)

    @classmethod
    def from_plain(
        cls, content: Mapping[str, Any], *, base_dir: str = "", place: Place | None = None
    ) -> Self:
        """Read what a person wrote, or what as_plain() made of it; all that is wrong in one go.

        Relative paths begin in `base_dir`.
        """
        place = place or Place()
        faults: list[str] = []
        given: dict[str, Any] = {}
        # The keys in the order of the file; those of its defaults come behind them.
        for key in sorted(content, key=place.order):
            try:
                given[key] = _read(key, content[key], base_dir)
            except InvalidRequest as error:
                path = error.facts.get("path", (str(key),))
                faults.append(place.of_key(*path) + in_words_of_entries(error.message))
        if "name" not in content:
            faults.append("There is no name. Give the image one.")
        name = given.get("name")
        if faults:
            raise InvalidEntry(place, name, tuple(faults))
        standard = {key: given.pop(key) for key in STANDARD if key in given}
        if given.get("projects"):
            given.setdefault("visibility", _SHARED)
        entry = cls(name=given.pop("name"), **given, standard=standard, place=place)
        faults += [place.of_key(key) + fault for key, fault in _contradictions(entry)]
        if faults:
            raise InvalidEntry(place, name, tuple(faults))
        return entry

    def as_plain(self) -> dict[str, Any]:
        """The entry as plain data, with its defaults; from_plain() reads it as the same entry."""
        said = {f.name: getattr(self, f.name) for f in fields(self)}
        del said["standard"], said["place"]
        said |= self.standard
        return {key: _plain(value) for key, value in said.items() if value not in (None, "")}

    @property
    def is_present(self) -> bool:
        """Whether the image is to be there."""
        return self.state == PRESENT

    def upload_params(
        self, *, publish: bool = True, cache_dir: str | None = None
    ) -> dict[str, Any]:
        """What image_upload_raw is told of the image, with all of its options."""
        return {
            **_NOT_SAID,
            **{option: getattr(self, key) for option, key in _OPTIONS.items()},
            "name": self.name,
            "source": self.source,
            "allow_weak_checksum": self.allow_weak_checksum,
            "disk_format": self.disk_format,
            "container_format": self.container_format,
            "method": self.method,
            "store": self.store,
            "max_virtual_size": self.max_virtual_size,
            "image_id": self.image_id,
            "properties": self.image_properties,
            "tags": None if self.tags is None else list(self.tags),
            "min_disk": self.min_disk,
            "min_ram": self.min_ram,
            "protected": self.protected,
            # Whatever lets others see the image is for the task that publishes it.
            "visibility": self.visibility if publish else None,
            "hidden": self.hidden if publish else None,
            "on_change": self.on_change,
            "supersede": dict(self.supersede),
            "publish": publish,
            "prepare": self.prepare,
            "cache_dir": cache_dir,
        }

    def as_tasks(self) -> dict[str, dict[str, Any]]:
        """What each stage of publishing is told of the image; what is not said is left out."""
        upload = _said(self.upload_params(publish=False))
        hardware = {
            "profiles": list(self.profiles),
            "properties": self.hardware_properties,
            "hypervisor": self.hypervisor,
            "validation": self.validation,
        }
        publish = {
            "name": self.name,
            "visibility": self.visibility,
            "hidden": self.hidden,
            "on_change": self.on_change,
            "supersede": dict(self.supersede),
        }
        share = {"projects": list(self.projects), "accept_with": list(self.accept_with)}
        return {
            "upload": upload,
            "hardware": _said(hardware) if self.names_hardware else {},
            "share": share if self.projects else {},
            "publish": _said(publish),
            "verify": self._boot_check(),
        }

    def _boot_check(self) -> dict[str, Any]:
        """What the boot check is told of the image; nothing where there is to be none."""
        if self.verify is False:
            return {}
        # A run that ended before it published what had passed goes on from there.
        recorded = {"record": True, "recheck_after": _DAYS_STAGED}
        user = {"user": self.os["user"]} if "user" in self.os else {}
        return recorded | user | (dict(self.verify) if isinstance(self.verify, Mapping) else {})

    @property
    def os_properties(self) -> dict[str, str]:
        """What is said of the operating system, as properties of the image."""
        return {OS_PROPERTIES[key]: value for key, value in self.os.items()}

    @property
    def image_properties(self) -> dict[str, Any]:
        """The properties that the image is made with: all but its hardware."""
        free = {name: v for name, v in self.properties.items() if not is_hardware(name)}
        return {**self.os_properties, **self.standard, **free}

    @property
    def hardware_properties(self) -> dict[str, Any]:
        """The hardware that is named outright, which counts more than what a profile says."""
        named = {name: v for name, v in self.properties.items() if is_hardware(name)}
        # Profiles may say something of the system, too: what the entry says of it is right.
        return {**{n: v for n, v in self.os_properties.items() if is_hardware(n)}, **named}

    @property
    def names_hardware(self) -> bool:
        """Whether there is anything to say of the hardware that the upload does not say."""
        return bool(self.profiles) or any(map(is_hardware, self.properties))


def _contradictions(entry: Entry) -> Iterator[tuple[str, str]]:
    """What is wrong though each key by itself is right, with the key that shows it."""
    taken = {*entry.os_properties, *entry.standard}
    for name in entry.properties:
        if name in taken:
            yield "properties", f"{name} is said twice, once in properties. Leave that one out."
    for one, other in EXCLUSIVE:
        if entry.standard.get(one) and entry.standard.get(other):
            yield other, f"{one} and {other} are both true. Only one of them can be."
    if entry.projects and entry.visibility != _SHARED:
        seen = f"visibility: {entry.visibility}. Only an image that is shared has members."
        yield "projects", f"projects are named with {seen}"
    if entry.accept_with and not entry.projects:
        yield "accept_with", "accept_with is given without projects that could accept."
    if entry.is_present:
        yield from _faults_of_source(entry)


def _faults_of_source(entry: Entry) -> Iterator[tuple[str, str]]:
    """What keeps the image from being made, as far as the entry alone shows it."""
    if not entry.source:
        asked = "Say where the image comes from, or state: retired if it is to go."
        yield "name", f"There is no source. {asked}"
        return
    if entry.signature and not entry.keyring:
        yield "signature", "signature is given without keyring, so it proves nothing."
    if entry.keyring and not entry.signature:
        yield "keyring", "keyring is given without signature, so it checks nothing."
    try:
        UploadWish.from_params(entry.upload_params())
    except InvalidRequest as error:
        yield "name", in_words_of_entries(error.message)


def in_words_of_entries(message: str) -> str:
    """What a task says of its options, said of the keys of an entry."""
    for option, key in _OPTIONS.items():
        message = message.replace(option, key)
    message = message.replace("url_username and url_password", "the login in ~/.netrc")
    return message.replace("Use the option ", "Use the key ")


def _read(key: Any, value: Any, base_dir: str) -> Any:
    if key not in KEYS:
        raise InvalidRequest(unknown(key, KEYS))
    if value is None:
        raise InvalidRequest(f"{key} has no value. Give it one, or leave it out.")
    read = KEYS[key](key, value)
    match key:
        case "source" | "keyring":
            return located(key, read, base_dir)
        case "signature":
            return read if read == _INLINE else located(key, read, base_dir)
        case "checksum":
            return _checksum(read, base_dir)
        case "prepare":
            return placed(read, base_dir)
    return read


def _checksum(text: str, base_dir: str) -> str:
    # Whether a weak one will do is for the upload to say.
    wish = ChecksumWish.from_option(text, allow_weak=True)
    where = located("checksum", wish.manifest, base_dir) if wish.manifest else wish.digest
    return f"{wish.algorithm}:{where}"


def _said(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value
