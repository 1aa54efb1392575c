# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Making the image that an upload is about: fetch, look into it, fill an image, let it be seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from ..cloud.apply import carry_out
from ..cloud.connect import Cloud
from ..disk.opening import OpenDisk, open_disk
from ..domain.image import Image, ImageState
from ..domain.lineage import STAGED, TAG, as_recorded, marks, staged_name
from ..domain.metadata import DescribedImage, plan_metadata
from ..domain.plan import PatchImage, Plan
from ..domain.upload import UploadWish, smallest_disk
from ..domain.upload_plan import (
    UploadPlan,
    first_properties,
    is_wanted_entry,
    names_id,
    new_id,
    plan_upload,
    publishing,
)
from ..domain.values import LONGEST_NAME
from ..errors import InvalidRequest, RefusedDisk
from ..progress import Progress
from ..source.fetching import Fetched, fetched
from ..source.proving import verify_source
from .claiming import Claims
from .filling import Filling
from .maker import this_maker
from .making import Filled, make, patiently
from .naming import now
from .origin import Origin
from .readying import Ready, readied
from .scratch import scratch_folder
from .showing import shown
from .watching import Stop


def manufacture(
    cloud: Cloud, plan: UploadPlan, progress: Progress, stop: Stop
) -> tuple[UploadPlan, Image | None]:
    """The plan with the image in it that was made; or the image that another run made meanwhile."""
    wish = plan.wish
    origin = Origin(wish, cloud.timeout)
    with fetched(
        origin.location,
        proof=plan.seen.proof,
        cache=origin.cache,
        web=origin.web,
        progress=progress,
    ) as source:
        plan = _informed(plan, source, origin)
        if plan.describe is not None:
            return plan, None
        with _opened(wish, source, origin, progress) as (ready, disk):
            plan = _told_of(plan, ready)
            filled = _Manufacture(
                cloud=cloud, plan=plan, ready=ready, disk=disk, progress=progress, stop=stop
            ).run()
            facts = {
                **plan.after.source,
                "sha512": source.sha512,
                "format": disk.facts.format,
                "virtual_size": disk.facts.virtual_size,
            }
        if not origin.keeps:
            source.discard()
    if filled.transfer is None:
        return plan, filled.image
    after = replace(plan.after, image=filled.image, transfer=filled.transfer, source=facts)
    return replace(plan, after=after), None


def _informed(plan: UploadPlan, source: Fetched, origin: Origin) -> UploadPlan:
    """The plan, now that the source was read: without a proof, only now it may show as known."""
    lineage = replace(plan.seen.lineage, source_sha512=source.sha512)
    if not lineage.proof:
        lineage = replace(lineage, version=source.version.text or "")
    wish = plan.wish
    if wish.signature is not None and wish.signs_source:
        signed_by = verify_source(
            source.path, signature=wish.signature, keyring=wish.keyring, web=origin.web
        )
        lineage = replace(lineage, signed_by=signed_by)
    return plan_upload(wish, replace(plan.seen, lineage=lineage))


def _told_of(plan: UploadPlan, ready: Ready) -> UploadPlan:
    """The plan with what was done to the disk: of what the guest needed, only now all is known."""
    if ready.prepared is None:
        return plan
    ready.require_made_by(plan.wish, plan.seen.lineage.recipe)
    done = as_recorded(one["name"] for one in ready.prepared["operations"])
    lineage = replace(plan.seen.lineage, prepared=done or plan.seen.lineage.prepared)
    return replace(
        plan,
        seen=replace(plan.seen, lineage=lineage),
        after=replace(plan.after, prepared=ready.prepared),
        warnings=(*plan.warnings, *ready.prepared["warnings"]),
    )


@contextmanager
def _opened(
    wish: UploadWish, source: Fetched, origin: Origin, progress: Progress
) -> Iterator[tuple[Ready, OpenDisk]]:
    with ExitStack() as stack:
        scratch = stack.enter_context(scratch_folder(origin.cache))
        ready = readied(wish, source, origin, scratch)
        disk = stack.enter_context(
            open_disk(ready.path, ready.disk, scratch=scratch, progress=progress)
        )
        if wish.disk_format == "iso" and disk.facts.format != "iso":
            raise RefusedDisk(
                f"disk_format is iso, but {origin.location.file_name} is {disk.facts.format}. "
                "Leave disk_format out to have it as raw."
            )
        if wish.method == "web_download" and disk.facts.packing:
            raise InvalidRequest(
                f"method is web_download, but {origin.location.file_name} is packed "
                f"({'.'.join(disk.facts.packing)}), which clouds do not unpack. Use method: stream."
            )
        smallest_disk(wish, _virtual_size(wish, disk))
        yield ready, disk


def _virtual_size(wish: UploadWish, disk: OpenDisk) -> int | None:
    """The size of the disk; an ISO or a kernel is started beside one, and needs none of its own."""
    return disk.facts.virtual_size if wish.disk_format in {"raw", "keep"} else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Manufacture:
    """One opened source, and the images that are tried to be made of it."""

    cloud: Cloud
    plan: UploadPlan
    ready: Ready
    disk: OpenDisk
    progress: Progress
    stop: Stop

    def run(self) -> Filled:
        wish, seen = self.plan.wish, self.plan.seen
        claims = Claims(
            self.cloud,
            project=seen.project,
            record_of=self._record,
            is_wanted=lambda image: is_wanted_entry(wish, seen, image),
            named=names_id(wish, seen),
            progress=self.progress,
        )
        filled = make(self.cloud, claims, self._fill, self.progress)
        if filled.transfer is None:
            return filled
        return replace(filled, image=self._shown(filled.image))

    def _record(self, attempt: int) -> Mapping[str, Any]:
        """The image as it is begun: private, with all that a later run has to find on it."""
        wish, seen = self.plan.wish, self.plan.seen
        image_id = new_id(wish, seen, attempt)
        return {
            **first_properties(wish, seen),
            **marks(seen.lineage, image_id, this_maker(), attempt),
            "id": image_id,
            "name": staged_name(wish.name, image_id, LONGEST_NAME),
            "visibility": "private",
            "disk_format": self._begun_as,
            "container_format": wish.container_format,
            "min_ram": wish.min_ram or 0,
            "tags": list(wish.tags or (TAG,)),
        }

    @property
    def _begun_as(self) -> str:
        """The format of what is sent; an import by the cloud makes raw of it."""
        wanted, found = self.plan.wish.disk_format, self.disk.facts.format
        imported = self.plan.wish.method in {"import", "web_download"}
        return found if wanted == "keep" or imported else wanted

    def _fill(self, image: Image) -> Filled:
        self._rehearse(image)
        filling = Filling(
            cloud=self.cloud,
            wish=self.plan.wish,
            disk=self.disk,
            progress=self.progress,
            stop=self.stop,
        )
        proven, transfer = filling.fill(image)
        self.ready.unchanged()
        self.stop.check()
        return Filled(image=proven, transfer=transfer)

    def _rehearse(self, image: Image) -> None:
        """Learn before a byte moves whether policy allows what comes last."""
        visibility = self.plan.visibility
        if not (visibility or (self.plan.wish.publish and self.plan.wish.owner)):
            return
        for step in self._last_change(image, min_disk=self.plan.wish.min_disk).steps:
            if isinstance(step, PatchImage):
                self.cloud.glance.rehearse(
                    image.id,
                    step.operations,
                    doing=f"give image {self.plan.wish.name!r} its visibility or owner",
                    when_forbidden=f"{step.when_forbidden} Nothing was sent, and nothing is left.",
                )

    def _shown(self, image: Image) -> Image:
        """The image with its name, as all may see it who shall."""

        def show() -> Image:
            size = _virtual_size(self.plan.wish, self.disk)
            last = self._last_change(image, min_disk=smallest_disk(self.plan.wish, size))
            return patiently(
                lambda: carry_out(self.cloud, last, lambda: last), self.cloud.timeout
            ).after.image

        return shown(self.cloud, image, show)

    def _last_change(self, image: Image, *, min_disk: int | None) -> Plan:
        """The one change with which the image gets its name, and is seen."""
        wish = self.plan.wish
        seen = replace(self.plan.seen, now=now())
        metadata = replace(
            wish.as_metadata(image.id, name=wish.name),
            visibility=self.plan.visibility,
            min_disk=min_disk,
            tags=None,
            exact=False,
            properties=(
                publishing(seen, self.plan.predecessor)
                if wish.publish
                else {"curator_state": STAGED}
            ),
        )
        owner = seen.owner if wish.publish and wish.owner is not None else None
        return plan_metadata(
            metadata, DescribedImage(state=ImageState(image=image), new_owner=owner)
        )
