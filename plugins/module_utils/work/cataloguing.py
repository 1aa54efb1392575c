# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What catalog_plan tells: a catalog, one listing of the cloud, and upstream, put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..cloud.connect import Cloud
from ..domain.catalog.catalog import Catalog
from ..domain.catalog.document import Document
from ..domain.catalog.entry import Entry
from ..domain.catalog.equipment import Vocabulary
from ..domain.catalog.listing import Listing
from ..domain.catalog.outcome import Outcome
from ..domain.catalog.planning import EntryPlan, EntrySeen, plan_entry, refused
from ..domain.catalog.quota import shortfalls
from ..domain.catalog.request import CatalogWish
from ..domain.catalog.standing import as_it_stands
from ..domain.lineage import Lineage
from ..domain.proof import Proof
from ..domain.upload import UploadWish
from ..domain.upload_plan import UploadSeen
from ..errors import CuratorError
from ..source.catalog_file import read_catalog_file
from ..source.location import Location
from .equipping import cloud_definitions
from .naming import HIDDEN, now, own_project
from .origin import DEFAULT_CACHE, Origin
from .shares import Shares
from .surveying import first_lineage, with_digest_where_it_decides
from .upstream import Upstream


def plan_catalog(cloud: Cloud, wish: CatalogWish) -> dict[str, Any]:
    """Read everything there is to know, decide entry by entry, and put the decisions together."""
    catalog = read_catalog(wish)
    survey = _Survey(cloud, wish, _listing(cloud))
    present = [entry for entry in catalog.entries if entry.is_present]
    plans = {plan.name: plan for plan in survey.plans(present)}
    warnings = [*catalog.warnings, *survey.warnings]
    if any(plan.makes_image for plan in plans.values()):
        warnings += shortfalls(plans.values(), cloud.glance.usage())
    outcome = Outcome(
        catalog=catalog,
        listing=survey.listing,
        present=plans,
        wish=wish,
        today=datetime.now(UTC).date(),
    )
    return {**outcome.as_result(), "warnings": warnings}


def read_catalog(wish: CatalogWish) -> Catalog:
    """The catalog as the task gives it, in a file or as it is, or that part of it."""
    if isinstance(wish.catalog, str):
        path = Path(wish.catalog).expanduser().absolute()
        document, base_dir = read_catalog_file(path), path.parent
    else:
        document, base_dir = Document.of(wish.catalog), Path.cwd()
    if wish.base_dir is not None:
        base_dir = Path(wish.base_dir).expanduser().absolute()
    catalog = Catalog.read(document, base_dir=str(base_dir))
    return catalog if wish.only is None else catalog.only(wish.only)


def _listing(cloud: Cloud) -> Listing:
    project = own_project(cloud)
    query, doing = {"owner": project}, "list the project's images"
    return Listing(
        cloud.glance.images(query, doing=doing),
        cloud.glance.images({**query, **HIDDEN}, doing=doing),
        project,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """An entry, and what was found out about it; or why it could not be."""

    entry: Entry
    wish: UploadWish
    seen: EntrySeen | CuratorError


class _Survey:
    """Finds out what each entry has to know, with as few questions for all of them as will do."""

    def __init__(self, cloud: Cloud, wish: CatalogWish, listing: Listing) -> None:
        self.listing = listing
        self._wish = wish
        self._cloud = cloud
        self._vocabulary = Vocabulary(profiles=wish.profile_definitions)
        self._now = now()
        self._shares = Shares(cloud)
        self._upstream = Upstream(Path(wish.cache_dir or DEFAULT_CACHE).expanduser(), cloud.timeout)

    @property
    def warnings(self) -> list[str]:
        """What could not be looked at."""
        return self._shares.warnings

    def plans(self, entries: Sequence[Entry]) -> Iterator[EntryPlan]:
        """What has to be done for each entry."""
        asked = self._ask(entries)
        plans = [self._planned(one, self._vocabulary) for one in asked]
        if any(plan.open_questions for plan in plans):
            # What only the cloud knows is asked for once, and where it decides something.
            definitions = cloud_definitions(self._cloud)
            told = replace(self._vocabulary, definitions=definitions, asked=True)
            plans = [
                self._planned(one, told) if plan.open_questions else plan
                for one, plan in zip(asked, plans, strict=True)
            ]
        missing = dict(self._upstream.unreachable(self._to_be_fetched(asked, plans)))
        for one, plan in zip(asked, plans, strict=True):
            fault = missing.get(plan.name)
            named = self.listing.named(plan.name)
            yield plan if fault is None else refused(one.entry, named, fault)

    def _ask(self, entries: Sequence[Entry]) -> list[_Asked]:
        wishes = [
            UploadWish.from_params(entry.upload_params(cache_dir=self._wish.cache_dir))
            for entry in entries
        ]
        if self._wish.check_upstream:
            self._upstream.gather(wishes)
        return [
            _Asked(entry=entry, wish=wish, seen=self._seen(entry, wish))
            for entry, wish in zip(entries, wishes, strict=True)
        ]

    def _seen(self, entry: Entry, wish: UploadWish) -> EntrySeen | CuratorError:
        try:
            return self._shares.seen(entry, self._upload(wish))
        except CuratorError as error:
            return error

    def _planned(self, asked: _Asked, vocabulary: Vocabulary) -> EntryPlan:
        if isinstance(asked.seen, CuratorError):
            return refused(asked.entry, self.listing.named(asked.entry.name), asked.seen)
        return plan_entry(asked.entry, asked.wish, asked.seen, vocabulary)

    def _to_be_fetched(
        self, asked: Sequence[_Asked], plans: Sequence[EntryPlan]
    ) -> Iterator[tuple[UploadWish, Proof]]:
        """What a run will begin with. Sources without a proof were asked for already."""
        if not self._wish.check_upstream:
            return
        for one, plan in zip(asked, plans, strict=True):
            if plan.makes_image and isinstance(one.seen, EntrySeen) and one.seen.upload.proof:
                yield one.wish, one.seen.upload.proof

    def _upload(self, wish: UploadWish) -> UploadSeen:
        """What read_upload() finds for one image, out of what was asked for all of them."""
        proof, lineage = self._lineage(wish)
        return UploadSeen(
            lineage=lineage,
            proof=proof,
            project=self.listing.project,
            owner=self.listing.project,
            named=self.listing.named(wish.name),
            made=self.listing.made_for(wish.name),
            now=self._now,
        )

    def _lineage(self, wish: UploadWish) -> tuple[Proof | None, Lineage]:
        source = Location(wish.source)
        named, made = self.listing.named(wish.name), self.listing.made_for(wish.name)
        if not self._wish.check_upstream and not (wish.checksum and wish.checksum.digest):
            unknown = first_lineage(wish, source, None, None)
            return None, as_it_stands(unknown, named, made, self.listing.project)
        proof = self._upstream.proof(wish)
        version = None if proof else self._upstream.version(wish)
        lineage = first_lineage(wish, source, proof, version)
        if not any(map(lineage.made, named)) or wish.signs_source:
            origin = Origin(wish, self._cloud.timeout)
            lineage = with_digest_where_it_decides(origin, lineage, (*named, *made))
        return proof, lineage
