# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Why an entry needs what it needs, in sentences for the person who reads the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..boot.record import Failure
from ..image import Image
from ..lineage import Lineage, is_ours
from ..values import some

_SHOWN_DIGITS = 12


def why_other(lineage: Lineage, image: Image, project: str) -> Iterator[str]:
    """What keeps the image under the name from being the wanted one."""
    if not is_ours(image, project):
        yield f"Image {image.id} of this name was not made by this collection, and makes way."
        return
    if image.status != "active":
        yield f"Image {image.id} is {image.status}."
    stored = image.properties
    if stored.get("curator_recipe") != lineage.recipe:
        yield "disk_format, container_format, member or prepare is another one."
    proof = stored.get("curator_proof", "")
    if lineage.proof and proof != lineage.proof:
        made_from = f"the image was made from {_short(proof)}" if proof else "nothing proves it yet"
        yield f"Upstream has {_short(lineage.proof)}; {made_from}."
    elif not lineage.made(image):
        yield "Upstream has another version, as far as can be told without a checksum."
    elif image.status == "active":
        yield "Who signed it was never checked."


def why_begun(images: list[Image]) -> str:
    """What a run left that did not come to its end."""
    described = some([f"{image.id} ({image.status})" for image in images])
    return f"A run that makes the image has begun, or ended too soon: {described}."


def why_waiting(image: Image) -> str:
    """What a run left between the upload and the swap."""
    failure = Failure.of(image)
    why = f" When it was booted, at {failure.at}: {failure.reason}" if failure else ""
    return f"Image {image.id} has the content and waits for its name.{why}"


def why_left_behind(images: tuple[Image, ...]) -> str:
    """What a run left in the middle of a swap."""
    return f"Image {some([image.id for image in images])} was followed and still has the name."


def what_differs(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Which attributes and properties are not as the entry says."""
    names: list[str] = []
    for name in {**before, **after}:
        inner = {**(before.get(name) or {}), **(after.get(name) or {})} if _is_map(name) else {}
        names += [*inner] if inner else [name]
    return f"What differs: {some(sorted(names))}."


def _is_map(name: str) -> bool:
    return name in {"properties", "members"}


def _short(proof: str) -> str:
    algorithm, _colon, digest = proof.partition(":")
    return f"{algorithm}:{digest[:_SHOWN_DIGITS]}…"
