# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The record that lies beside a saved image: what it was, and how to take it back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from ..disk import FORMATS, PLAIN_FORMATS
from ..image import Image
from ..lineage import TAG
from ..migration.carrying import Dropped, carry, companions
from .wish import KEEP, RAW, Form

SUFFIX = ".image.yml"
_GIB = 1024**3
_HEAD = """\
# An image that curator.glance.image_download saved, and what it was in its cloud. With what stands
# under image_upload_raw, the module of that name makes the same image of the file beside this one.
"""
# Glance changes it whenever anything of the image changes, and more often.
_FLEETING = "updated_at"
# What image_upload_raw sends as it is, by the option disk_format.
_VERBATIM = frozenset({"iso", "ami", "ari", "aki"})
_CONTAINERS = frozenset({"bare", "ami", "ari", "aki"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What changes when a file is written to, and stays when it is moved."""

    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is remembered of a file, and of the image in it."""

    # As modules return it.
    image: Mapping[str, Any]
    form: Form
    stamp: Stamp
    digests: Mapping[str, str]
    proven_by: str | None = None
    upload: Mapping[str, Any] | None = None
    dropped: tuple[Dropped, ...] = ()

    @classmethod
    def of(
        cls,
        image: Image,
        form: Form,
        *,
        name: str,
        stamp: Stamp,
        digests: Mapping[str, str],
        proven_by: str | None,
    ) -> Self:
        """The record of an image that was just saved, or found to be there."""
        upload, dropped = upload_options(image, form, source=name, sha512=digests["sha512"])
        return cls(
            image=image.as_result(),
            form=form,
            stamp=stamp,
            digests=dict(digests),
            proven_by=proven_by,
            upload=upload,
            dropped=dropped,
        )

    @classmethod
    def from_text(cls, text: str) -> Self | None:
        """Read a record; what is none, or was written by something else, is no error."""
        try:
            told = json.loads(re.sub(r"(?m)^#.*\n", "", text))
            file = told["file"]
            return cls(
                image=dict(told["image"]),
                form=Form(**file["form"]),
                stamp=Stamp(**file["stamp"]),
                digests=dict(file["digests"]),
                proven_by=file["proven_by"],
                upload=told["image_upload_raw"],
                dropped=tuple(Dropped(**one) for one in told["left_out"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def as_text(self) -> str:
        """The record as YAML; JSON is YAML, and no library is needed to write it."""
        told = {
            "image": self.image,
            "file": {
                "form": asdict(self.form),
                "stamp": asdict(self.stamp),
                "digests": self.digests,
                "proven_by": self.proven_by,
            },
            "image_upload_raw": self.upload,
            "left_out": [one.as_result() for one in self.dropped],
        }
        # The one ASCII character that JSON allows as it is, and YAML does not.
        body = json.dumps(told, indent=2).replace("\x7f", "\\u007f")
        return f"{_HEAD}{body}\n"

    def is_of(self, image: Image) -> bool:
        """Whether it is about this image, whatever that says of itself by now."""
        return self.image.get("id") == image.id

    def says_the_same(self, other: Record) -> bool:
        """Whether nothing that is worth a new record is different."""
        return self._lasting() == other._lasting()

    def _lasting(self) -> tuple[object, ...]:
        image = {name: value for name, value in self.image.items() if name != _FLEETING}
        return image, self.form, self.digests, self.proven_by, self.upload, self.dropped


def upload_options(
    image: Image, form: Form, *, source: str, sha512: str | None
) -> tuple[dict[str, Any] | None, tuple[Dropped, ...]]:
    """The options with which image_upload_raw takes the file back, and what they leave out.

    None where it cannot: it knows disks, and kernels.
    """
    here = companions(image, {})
    carried = carry(image, dict.fromkeys(here), converts=_becomes_another(image, form))
    dropped = (
        *carried.dropped,
        *(Dropped(name=name, reason="names an image of the cloud it comes from") for name in here),
    )
    way = _way_back(image, form)
    if way is None:
        return None, dropped
    source_format, disk_format = way
    options = {
        "name": image.name or image.id,
        "source": source,
        "source_checksum": f"sha512:{sha512}" if sha512 else None,
        "source_format": source_format,
        "disk_format": disk_format,
        "container_format": image.container_format,
        "properties": dict(carried.properties),
        "tags": [tag for tag in image.tags if tag != TAG],
        "min_disk": _least_disk(image),
        "min_ram": image.min_ram,
        "protected": image.protected,
        "hidden": image.hidden,
    }
    return {name: value for name, value in options.items() if value is not None}, dropped


def _way_back(image: Image, form: Form) -> tuple[str | None, str] | None:
    """What the file is declared to be, and which disk_format makes this image of it."""
    if image.container_format not in _CONTAINERS:
        return None
    if image.disk_format in _VERBATIM and not form.converts:
        return ("iso" if image.disk_format == "iso" else None), image.disk_format
    if form.disk_format not in FORMATS:
        return None
    becomes_raw = form.disk_format == RAW or image.disk_format in PLAIN_FORMATS
    return form.disk_format, RAW if becomes_raw else KEEP


def _becomes_another(image: Image, form: Form) -> bool:
    """Whether the image that is made of the file has another format than this one."""
    return form.converts and image.disk_format not in PLAIN_FORMATS


def _least_disk(image: Image) -> int | None:
    """What the image asks for; left out where it asks for less than its disk has."""
    size = image.size if image.disk_format in PLAIN_FORMATS else image.virtual_size
    needed = -(-(size or 0) // _GIB)
    return image.min_disk if image.min_disk and image.min_disk >= needed else None
