# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The clouds of a run, each by its name in clouds.yaml or by the options of a session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ....authentication import AUTHENTICATION
from ....errors import InvalidRequest
from ...catalog.keys import unknown
from ...catalog.reading import choice
from ...image import VISIBILITIES
from ..destination import DESTINATION_OPTIONS, cloud_label

SOURCE, DESTINATION = "migrate_images_source", "migrate_images_destination"
# What is no part of a session: whose images, and who may see them there.
_OWNER, _VISIBILITY = ("owner", "project"), "visibility"


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudOfRun:
    """One of the clouds; nothing in it but the session may be shown to anybody."""

    label: str
    # The options of a session, with whatever secrets there are.
    session: Mapping[str, Any]
    # The project whose images are meant, or to which they shall belong.
    owner: str | None = None
    visibility: str | None = None

    def as_plain(self) -> dict[str, Any]:
        """For a play."""
        other = {"owner": self.owner, "visibility": self.visibility}
        there = {key: value for key, value in other.items() if value is not None}
        return {
            "label": self.label,
            "session": dict(self.session),
            "there": there,
            # As image_migrate takes it.
            "destination": {**self.session, **there},
        }


def cloud_of(given: Any, role: str) -> CloudOfRun:
    """Read one cloud. No value is shown in an error: it may be a secret."""
    if isinstance(given, str) and given.strip():
        options: dict[str, Any] = {"cloud": given.strip()}
    elif isinstance(given, Mapping) and given:
        options = dict(given)
    else:
        raise InvalidRequest(
            f"{role} is no cloud. Give its name in clouds.yaml, or a map of the options that name "
            "a cloud, such as cloud and region_name."
        )
    if "name" in options and role != SOURCE:
        raise InvalidRequest(
            f"{role} has a name, and several images cannot have the same. Write name in the "
            "elements of migrate_images_list."
        )
    for key in options:
        if key not in _allowed(role):
            raise InvalidRequest(unknown(key, _allowed(role), role))
    owners = [str(options.pop(key)) for key in _OWNER if options.get(key) is not None]
    visibility = options.pop(_VISIBILITY, None)
    if visibility is not None:
        visibility = choice(*VISIBILITIES)(f"{role}.{_VISIBILITY}", visibility)
    if not options:
        raise InvalidRequest(f"{role} names no cloud. Give at least cloud, or auth.")
    label = cloud_label({**dict.fromkeys(AUTHENTICATION), **options})
    return CloudOfRun(
        label=label,
        session=options,
        owner=owners[0] if owners else None,
        visibility=visibility,
    )


def destinations_of(given: Sequence[Any]) -> list[CloudOfRun]:
    """Read all destinations, of which no two may be the same place."""
    clouds = [cloud_of(one, DESTINATION) for one in given]
    labelled = [
        CloudOfRun(
            label=f"{cloud.label} for {cloud.owner}" if cloud.owner else cloud.label,
            session=cloud.session,
            owner=cloud.owner,
            visibility=cloud.visibility,
        )
        for cloud in clouds
    ]
    labels = [cloud.label for cloud in labelled]
    for label in labels:
        if labels.count(label) > 1:
            raise InvalidRequest(
                f"Two of migrate_images_destinations are {label}, and cannot be told apart. Leave "
                "one out; or let them differ in cloud, region_name or owner."
            )
    return labelled


def _allowed(role: str) -> set[str]:
    options = AUTHENTICATION if role == SOURCE else DESTINATION_OPTIONS
    aliases = {alias for option in options.values() for alias in option.get("aliases", ())}
    return {*options, *aliases, *_OWNER} - {"name"}
