# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What a download has to do, given what lies there already."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...errors import InvalidRequest
from ..image import Image
from ..readable import DEFAULT_ALGORITHM, known_digest, refuse_unreadable
from .record import SUFFIX, Record, Stamp, upload_options
from .wish import DownloadWish, Form

CREATED, REPLACED, DESCRIBED, UNCHANGED = "created", "replaced", "described", "unchanged"
# Of the 255 bytes of a file's name, enough is left for the names of its part and its record.
_LONGEST_NAME = 180
_NO_PROOF = (
    "Glance has neither os_hash_value nor checksum of image {image}: nothing but its size shows "
    "that its bytes came whole."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileThere:
    """A file that lies where the image is to go."""

    stamp: Stamp
    # What is remembered of it; None where nothing that can be understood is.
    record: Record | None = None
    digests: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadSeen:
    """The image, and what lies where it is to go."""

    image: Image
    form: Form
    # The file, once a folder was given the name of the image.
    path: str
    there: FileThere | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadState:
    """What is in the file, before the task or after it."""

    image: Image
    path: str
    action: str = UNCHANGED
    record: Record | None = None
    transfer: Mapping[str, Any] | None = None
    # In check mode there is no record yet, but what will stand in it is known.
    form: Form | None = None

    @property
    def _form(self) -> Form | None:
        return self.record.form if self.record else self.form

    def as_result(self) -> dict[str, Any]:
        """The state as keys of the module's result."""
        record, form = self.record, self._form
        digest = record.digests.get(DEFAULT_ALGORITHM) if record else None
        upload, dropped = (
            upload_options(self.image, form, source=self.path, sha512=digest)
            if form
            else (None, ())
        )
        return {
            "image": self.image.as_result(),
            "path": self.path,
            "sidecar": f"{self.path}{SUFFIX}",
            "action": self.action,
            "disk_format": form.disk_format if form else None,
            "size": record.stamp.size if record else None,
            "checksum": f"{DEFAULT_ALGORITHM}:{digest}" if digest else None,
            "proven_by": record.proven_by if record else None,
            "transfer": None if self.transfer is None else dict(self.transfer),
            "upload": upload,
            "dropped": [one.as_result() for one in dropped],
        }

    def as_diff(self) -> dict[str, Any]:
        """The state as one side of a diff."""
        form = self._form
        if form is None:
            return {}
        shown = dict(self.record.image if self.record else self.image.as_result())
        shown.pop("updated_at", None)
        return {"path": self.path, "disk_format": form.disk_format, "image": shown}


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadPlan:
    """What is there, what will be, and which way leads there."""

    wish: DownloadWish
    seen: DownloadSeen
    before: DownloadState
    after: DownloadState
    warnings: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether there is anything to do."""
        return self.after.action != UNCHANGED

    @property
    def moves(self) -> bool:
        """Whether bytes have to come from the cloud."""
        return self.after.action in {CREATED, REPLACED}


def file_name(image: Image, form: Form) -> str:
    """A name for the file of an image: its own, as far as it can be the name of a file."""
    plain = re.sub(r"[^\w.+-]+", "-", image.name or "").strip(".-")
    short = plain.encode()[:_LONGEST_NAME].decode(errors="ignore")
    return f"{short or image.id}.{form.disk_format}"


def digests_needed(seen: DownloadSeen) -> tuple[str, ...]:
    """What has to be computed of the file that is there, to know whether it is the image."""
    there, known = seen.there, known_digest(seen.image)
    if there is None or _is_fresh(there):
        return ()
    comparable = known is not None and not seen.form.converts
    if there.record is None and not (comparable and there.stamp.size == seen.image.size):
        # Nothing could show that this is the image.
        return ()
    return tuple(dict.fromkeys([DEFAULT_ALGORITHM, *([known.algorithm] if known else [])]))


def is_there(seen: DownloadSeen) -> bool:
    """Whether the file that lies there is the image, in the form that is wanted."""
    there, known = seen.there, known_digest(seen.image)
    if there is None:
        return False
    digests = _digests_of(there)
    if not seen.form.converts and known is not None:
        return digests.get(known.algorithm) == known.value
    # What only the record can tell: of which image these bytes are, or were made.
    record = there.record
    return (
        record is not None
        and record.is_of(seen.image)
        and record.form == seen.form
        and digests.get(DEFAULT_ALGORITHM) == record.digests.get(DEFAULT_ALGORITHM)
    )


def plan_download(wish: DownloadWish, seen: DownloadSeen) -> DownloadPlan:
    """Decide what has to be done."""
    there, image = seen.there, seen.image
    if there is not None and is_there(seen):
        return _kept(wish, seen, there)
    if there is not None and not wish.overwrite:
        raise InvalidRequest(
            f"{seen.path} is there already, and is {_something_else(seen, there)}. Nothing was "
            "changed: give another path, or overwrite: true to have it replaced once the image is "
            "here and proven."
        )
    refuse_unreadable(image)
    warnings = () if known_digest(image) else (_NO_PROOF.format(image=image.id),)
    action = CREATED if there is None else REPLACED
    after = DownloadState(image=image, path=seen.path, action=action, form=seen.form)
    return DownloadPlan(wish=wish, seen=seen, before=_before(seen), after=after, warnings=warnings)


def _kept(wish: DownloadWish, seen: DownloadSeen, there: FileThere) -> DownloadPlan:
    """The file is the image. Its record may be missing, or tell what has changed since."""
    image, old = seen.image, there.record
    proof = known_digest(image)
    proven_by = proof.told_by if proof else None
    new = Record.of(
        image,
        seen.form,
        name=seen.path.rpartition("/")[2],
        stamp=there.stamp,
        digests=_digests_of(there),
        proven_by=proven_by,
    )
    fresh = old is not None and old.says_the_same(new)
    after = DownloadState(
        image=image,
        path=seen.path,
        action=UNCHANGED if fresh else DESCRIBED,
        record=new,
    )
    return DownloadPlan(wish=wish, seen=seen, before=_before(seen), after=after)


def _before(seen: DownloadSeen) -> DownloadState:
    record = seen.there.record if seen.there else None
    return DownloadState(image=seen.image, path=seen.path, record=record)


def _is_fresh(there: FileThere) -> bool:
    """Whether nobody has written to the file since its record was made."""
    return there.record is not None and there.record.stamp == there.stamp


def _digests_of(there: FileThere) -> Mapping[str, str]:
    if there.record is not None and _is_fresh(there):
        return there.record.digests
    return there.digests


def _something_else(seen: DownloadSeen, there: FileThere) -> str:
    record = there.record
    if record is None:
        return "not this image, or not in this format, as far as can be told"
    if not record.is_of(seen.image):
        return f"another image, {record.image.get('id')} ({record.image.get('name')})"
    if record.form != seen.form:
        packed = ", compressed" if record.form.compressed else ""
        return f"this image in another format ({record.form.disk_format}{packed})"
    return "no longer what was saved of this image: somebody wrote to it"
