# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What an upload is asked to lead to, before anything is known about the cloud."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

from ..errors import InvalidRequest
from .disk import parse_size
from .given import check_given
from .lineage import TAG, recipe
from .lookup import is_uuid
from .metadata import MetadataWish, check_attributes
from .proof import ChecksumWish
from .supersede import Supersede
from .values import as_stored, storable_name

if TYPE_CHECKING:
    from .prepare.wish import PrepareWish

# Formats of kernels and their disks, which Glance wants to be their own containers.
_OWN_CONTAINERS = frozenset({"ami", "ari", "aki"})
# What is sent as it is.
AS_IT_IS = frozenset({"keep", "iso", *_OWN_CONTAINERS})
_GIB = 1024**3
# Options of image_prepare, with its defaults.
PREPARE_OPTIONS = {
    "operations": {"type": "list", "elements": "raw", "required": True},
    "secrets": {
        "type": "str",
        "choices": ["warn", "fail", "remove", "ignore"],
        "default": "warn",
        "no_log": False,
    },
    "network": {"type": "bool", "default": False},
    "output": {"type": "path"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadWish:
    """What the task asks for; None where it says nothing."""

    name: str
    source: str
    checksum: ChecksumWish | None = None
    signature: str | None = None
    keyring: str | None = None
    source_format: str | None = None
    member: str | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    disk_format: str = "raw"
    container_format: str = "bare"
    properties: Mapping[str, Any] = field(default_factory=dict)
    exact_properties: bool = False
    tags: tuple[str, ...] | None = None
    min_disk: int | None = None
    min_ram: int | None = None
    protected: bool | None = None
    visibility: str | None = None
    hidden: bool | None = None
    owner: str | None = None
    image_id: str | None = None
    store: str | None = None
    max_virtual_size: int
    method: str = "auto"
    on_change: str = "rotate"
    supersede: Supersede = field(default_factory=Supersede)
    publish: bool = True
    # What is done to the disk before it is sent, as options of image_prepare.
    prepare: Mapping[str, Any] | None = None
    cache_dir: str | None = None

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """Read the task's options, and refuse what could not come true."""
        disk_format, container = params["disk_format"], params["container_format"]
        if container is None:
            container = disk_format if disk_format in _OWN_CONTAINERS else "bare"
        properties = dict(params["properties"] or {})
        for name in ("kernel_id", "ramdisk_id"):
            if params[name] is not None:
                properties[name] = params[name]
        tags = params["tags"]
        checksum = params["source_checksum"]
        plain = (
            "name source exact_properties min_disk min_ram protected visibility hidden owner "
            "image_id store method on_change publish prepare cache_dir"
        )
        wish = cls(
            **{name: params[name] for name in plain.split()},
            checksum=(
                ChecksumWish.from_option(checksum, allow_weak=params["allow_weak_checksum"])
                if checksum is not None
                else None
            ),
            signature=params["source_signature"],
            keyring=params["source_keyring"],
            source_format=params["source_format"],
            member=params["source_member"],
            username=params["url_username"],
            password=params["url_password"],
            disk_format=disk_format,
            container_format=container,
            properties=properties,
            tags=None if tags is None else tuple(sorted({*tags, TAG})),
            max_virtual_size=parse_size(params["max_virtual_size"]),
            supersede=Supersede.from_option(params["supersede"]),
        )
        wish._check()
        return wish

    def _check(self) -> None:
        for option in ("name", "source"):
            if not getattr(self, option):
                raise InvalidRequest(f"{option} is empty. Give the image a {option}.")
        storable_name("the name", self.name)
        check_attributes(
            tags=self.tags, min_disk=self.min_disk, min_ram=self.min_ram, owner=self.owner
        )
        if self.image_id is not None and not is_uuid(self.image_id):
            raise InvalidRequest(f"image_id is {self.image_id!r}. Give a UUID, or leave it out.")
        if not self.publish and (self.hidden or self.visibility not in {None, "private"}):
            raise InvalidRequest(
                "visibility or hidden is given with publish: false, which leaves the image private "
                "and under a name of its own. Give them to the task that publishes it."
            )
        check_given(self.properties)
        self._check_method()
        self._check_prepare()

    def _check_method(self) -> None:
        if self.method in {"import", "web_download"} and self.disk_format in AS_IT_IS:
            raise InvalidRequest(
                f"method is {self.method} and disk_format {self.disk_format}: imports are for "
                "clouds that convert to raw. Use method: stream."
            )
        if self.method == "web_download" and not self.source.startswith(("http://", "https://")):
            raise InvalidRequest(
                "method is web_download, but source is no URL that the cloud could fetch. Use "
                "method: stream."
            )
        server = self.source.partition("://")[2].partition("/")[0]
        if self.method == "web_download" and (self.username is not None or "@" in server):
            raise InvalidRequest(
                "method is web_download, but the cloud cannot log in at the source for you. Use "
                "method: stream, which fetches the image here."
            )

    def _check_prepare(self) -> None:
        if self.prepare is None:
            return
        if self.disk_format not in {"raw", "keep"}:
            raise InvalidRequest(
                f"prepare is given with disk_format {self.disk_format}, and only disks can be "
                "prepared. Leave one of the two out."
            )
        if self.method == "web_download":
            raise InvalidRequest(
                "method is web_download, but the cloud does not prepare what it fetches. Use "
                "method: stream."
            )
        self.prepare_wish(self.source)

    def prepare_wish(self, path: str, *, output: str = "prepared") -> PrepareWish:
        """What is done to the source, once it is the file `path`."""
        # Most uploads send what upstream made: they are spared all that knows of guests.
        from .prepare.order import wish_of  # noqa: PLC0415

        return wish_of(
            self.prepare or {},
            path,
            output=output,
            declared=self.source_format,
            member=self.member,
            max_virtual_size=self.max_virtual_size,
        )

    def recipe(self, prepared: str | None = None) -> str:
        """What shapes the bytes besides the source; `prepared` is the fingerprint of that."""
        return recipe(
            disk_format=self.disk_format,
            container_format=self.container_format,
            member=self.member,
            prepared=prepared,
        )

    @property
    def signs_source(self) -> bool:
        """Whether the signature is over the source itself, and tells nothing before a fetch."""
        return self.signature is not None and not (self.checksum and self.checksum.manifest)

    @property
    def given_properties(self) -> dict[str, str]:
        """The properties that a new image gets."""
        return {n: as_stored(n, v) for n, v in self.properties.items() if v is not None}

    def as_metadata(self, image_id: str, *, name: str | None = None) -> MetadataWish:
        """What an image that has the bytes already shall say about itself.

        What decides who sees it is left alone where the image is not to be published yet.
        """
        described = MetadataWish(
            image=image_id,
            protected=self.protected,
            min_disk=self.min_disk,
            min_ram=self.min_ram,
            tags=self.tags,
            properties=self.properties,
            exact=self.exact_properties,
        )
        if not self.publish:
            return described
        return replace(
            described,
            name=name,
            visibility=self.visibility,
            hidden=self.hidden,
            owner=self.owner,
        )


def smallest_disk(wish: UploadWish, virtual_size: int | None) -> int:
    """The GiB of disk that the image needs, or what the task asks for if that is more."""
    needed = -(-(virtual_size or 0) // _GIB)
    if wish.min_disk is None:
        return needed
    if wish.min_disk < needed:
        raise InvalidRequest(
            f"min_disk is {wish.min_disk}, but the disk has {needed} GiB. Give at least {needed}, "
            "or leave min_disk out to have just that."
        )
    return wish.min_disk
