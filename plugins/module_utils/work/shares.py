# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Who has the images of a catalog that only some may use."""

from __future__ import annotations

from ..cloud.connect import Cloud
from ..cloud.projects import Resolved, resolve
from ..domain.catalog.entry import Entry
from ..domain.catalog.planning import EntrySeen
from ..domain.image import Member
from ..domain.upload_plan import UploadSeen

_SHARED = "shared"


class Shares:
    """The members of shared images, and the projects that entries name.

    Entries that name no projects cost nothing; the same projects are looked for once.
    """

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._resolved: dict[tuple[str, ...], Resolved] = {}

    @property
    def warnings(self) -> list[str]:
        """What could not be checked about the projects."""
        return [text for resolved in self._resolved.values() for text in resolved.warnings]

    def seen(self, entry: Entry, upload: UploadSeen) -> EntrySeen:
        """What is known of an image, with its members where the entry names projects."""
        if not entry.projects:
            return EntrySeen(upload=upload)
        members: tuple[Member, ...] | None = None
        standing = next((i for i in upload.named if upload.lineage.made(i)), None)
        if standing and standing.visibility == _SHARED:
            members = self._cloud.glance.members(standing.id)
        known = [member.project_id for member in members or ()]
        if entry.projects not in self._resolved:
            # Projects that do not exist are said before anything is uploaded for them.
            self._resolved[entry.projects] = resolve(self._cloud, entry.projects, known=known)
        projects = self._resolved[entry.projects].ids
        return EntrySeen(upload=upload, members=members, projects=projects)
