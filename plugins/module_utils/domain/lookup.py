# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Which image a name means: never the first match, and never a stranger's before one's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ..errors import Ambiguous
from .image import Image

_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)


def is_uuid(text: str) -> bool:
    """Whether the text has the form of an id, with or without dashes."""
    return bool(_UUID.fullmatch(text))


def listings(
    name: str, own_project: str | None, *, as_consumer: bool = False
) -> Iterator[Mapping[str, str]]:
    """The listings in which a name is looked for, in order; the first with a match decides.

    First what the session's own project owns: an admin's listing shows every tenant's private
    images, and a customer's "Debian 12" must not be taken for the provider's. A listing shows
    hidden images or visible ones, never both: an image that stepped back makes way for one that
    did not. A consumer finds what was offered to it only by asking for every answer.
    """
    hidden = {"os_hidden": "true"}
    if as_consumer:
        offered = {**by_name(name), "visibility": "shared", "member_status": "all"}
        yield offered
        yield offered | hidden
        return
    if own_project:
        yield by_name(name) | {"owner": own_project}
        yield by_name(name) | {"owner": own_project} | hidden
    yield by_name(name)
    yield by_name(name) | hidden


def by_name(name: str) -> dict[str, str]:
    """The part of a listing that asks for a name; found names are compared once more.

    What stands before a colon is an operator to Glance, unless the name is the quoted element of a
    list. A quote inside cannot be written there: then every name is listed.
    """
    if ":" not in name:
        return {"name": name}
    return {} if '"' in name else {"name": f'in:"{name}"'}


def matching(
    found: Iterable[Image],
    name: str,
    own_project: str | None,
    *,
    as_consumer: bool = False,
) -> list[Image]:
    """The images of a listing that the name really means.

    A database may compare names without regard to case; and what other projects keep private is
    nothing that a name may reach, even where an admin's listing shows it. A consumer looks for
    what others offer, which its own images are not.
    """
    return [
        image
        for image in found
        if image.name == name
        and (image.owner == own_project or image.visibility != "private")
        and not (as_consumer and image.owner == own_project)
    ]


def the_only(matches: list[Image], name: str) -> Image | None:
    """The match, if there is one; several are an error that lists them."""
    if len(matches) > 1:
        ids = sorted(image.id for image in matches)
        described = "; ".join(
            f"{image.id} ({image.status}, {image.visibility}, project {image.owner})"
            for image in sorted(matches, key=lambda image: image.id)
        )
        raise Ambiguous(
            f"{len(matches)} images are named {name!r}: {described}. "
            "Name the one you mean by its id, or rename the others.",
            candidates=ids,
        )
    return matches[0] if matches else None
