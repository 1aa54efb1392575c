# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What an upload has to know before it can plan: the proof, and what stands in the cloud."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from ..cloud.connect import Cloud
from ..cloud.projects import resolve
from ..domain.image import Image
from ..domain.lineage import STEPPED_BACK, Lineage, is_ours
from ..domain.lookup import by_name
from ..domain.upload import UploadWish
from ..domain.upload_plan import UploadSeen
from ..errors import InvalidRequest
from ..progress import NoProgress
from ..source.fetching import fetched
from ..source.looking import version_of
from ..source.proving import find_proof
from .origin import Origin

_HIDDEN = {"os_hidden": "true"}


def read_upload(cloud: Cloud, wish: UploadWish) -> UploadSeen:
    """Fetch the proof, and look at the images that are there. No image byte moves."""
    origin = Origin(wish, cloud.timeout)
    proof = find_proof(
        wish.checksum,
        signature=wish.signature,
        keyring=wish.keyring,
        source=origin.location,
        web=origin.web,
    )
    version = None if proof else version_of(origin.location, origin.web)
    project = cloud.project_id
    if project is None:
        raise InvalidRequest(
            "The session is for no project, so it can own no image. Give project_name in auth."
        )
    owner = project
    warnings: tuple[str, ...] = ()
    if wish.owner is not None:
        resolved = resolve(cloud, [wish.owner], known=[project])
        owner, warnings = resolved.ids[wish.owner], tuple(resolved.warnings)
    lineage = Lineage(
        entry=wish.name,
        source=origin.location.recorded,
        proof=proof.text if proof else "",
        version=(version.text or "") if version else "",
        recipe=wish.recipe,
        signed_by=(proof.signed_by or "") if proof else "",
    )
    named = named_images(cloud, wish.name, owner)
    made: tuple[Image, ...] = ()
    if not any(map(lineage.made, named)) or wish.signs_source:
        made = tuple(_listed(cloud, {"curator_entry": wish.name, "owner": project}, both=True))
        lineage = _with_digest_where_it_decides(origin, lineage, (*named, *made))
    return UploadSeen(
        lineage=lineage,
        proof=proof,
        project=project,
        owner=owner,
        named=named,
        made=made,
        now=as_recorded(datetime.now(UTC)),
        warnings=warnings,
    )


def as_recorded(moment: datetime) -> str:
    """A time as it stands on an image."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def named_images(cloud: Cloud, name: str, owner: str) -> tuple[Image, ...]:
    """Images of the owner that have the name: the visible ones, or else hidden ones.

    One that stepped back and kept its name does not stand in the way.
    """
    for query in (by_name(name), {**by_name(name), **_HIDDEN}):
        found = tuple(
            image
            for image in _listed(cloud, {**query, "owner": owner})
            if image.name == name and image.owner == owner and not _stepped_back(image, owner)
        )
        if found:
            return found
    return ()


def _stepped_back(image: Image, project: str) -> bool:
    return is_ours(image, project) and image.properties.get("curator_state") in STEPPED_BACK


def _listed(cloud: Cloud, query: Mapping[str, str], *, both: bool = False) -> Iterator[Image]:
    doing = "look for images of that name"
    yield from cloud.glance.images(query, doing=doing)
    if both:
        yield from cloud.glance.images({**query, **_HIDDEN}, doing=doing)


def _with_digest_where_it_decides(
    origin: Origin, lineage: Lineage, images: Iterable[Image]
) -> Lineage:
    """With the digest of a file that nothing proves: it may be the same with another time."""
    if lineage.proof or origin.location.is_url:
        return lineage
    if not any("curator_source_sha512" in image.properties for image in images):
        return lineage
    with fetched(
        origin.location, proof=None, cache=origin.cache, web=origin.web, progress=NoProgress()
    ) as source:
        return replace(lineage, source_sha512=source.sha512)
