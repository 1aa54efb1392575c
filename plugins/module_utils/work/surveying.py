# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What an upload has to know before it can plan: the proof, and what stands in the cloud."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..cloud.connect import Cloud
from ..cloud.projects import resolve
from ..domain.image import Image
from ..domain.lineage import Lineage
from ..domain.proof import Proof
from ..domain.upload import UploadWish
from ..domain.upload_plan import UploadSeen
from ..progress import NoProgress
from ..source.fetching import fetched
from ..source.location import Location
from ..source.looking import Version, version_of
from ..source.proving import find_proof
from .naming import listed, named_images, now, own_project
from .origin import Origin


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
    project = own_project(cloud)
    owner = project
    warnings: tuple[str, ...] = ()
    if wish.owner is not None:
        resolved = resolve(cloud, [wish.owner], known=[project])
        owner, warnings = resolved.ids[wish.owner], tuple(resolved.warnings)
    lineage = first_lineage(wish, origin.location, proof, version)
    named = named_images(cloud, wish.name, owner)
    made: tuple[Image, ...] = ()
    if not any(map(lineage.made, named)) or wish.signs_source:
        made = tuple(listed(cloud, {"curator_entry": wish.name, "owner": project}, both=True))
        lineage = with_digest_where_it_decides(origin, lineage, (*named, *made))
    return UploadSeen(
        lineage=lineage,
        proof=proof,
        project=project,
        owner=owner,
        named=named,
        made=made,
        now=now(),
        warnings=warnings,
    )


def first_lineage(
    wish: UploadWish, source: Location, proof: Proof | None, version: Version | None
) -> Lineage:
    """What tells the wanted image from others, before anything of the source is fetched."""
    return Lineage(
        entry=wish.name,
        source=source.recorded,
        proof=proof.text if proof else "",
        version=(version.text or "") if version else "",
        signed_by=(proof.signed_by or "") if proof else "",
        **_shaped(wish),
    )


def _shaped(wish: UploadWish) -> dict[str, str]:
    """What makes other bytes of the source, as far as it is known without looking at it."""
    if wish.prepare is None:
        return {"recipe": wish.recipe()}
    from ..domain.prepare.order import names_of  # noqa: PLC0415  # As UploadWish.prepare_wish().
    from .local_files import LocalFiles, fingerprint_of  # noqa: PLC0415

    fingerprint = fingerprint_of(wish.prepare_wish(wish.source), LocalFiles())
    return {
        "recipe": wish.recipe(fingerprint),
        "prepared": names_of(wish.prepare["operations"]),
    }


def with_digest_where_it_decides(
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
