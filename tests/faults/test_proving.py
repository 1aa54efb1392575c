# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bytes that change on their way, and a cloud that has others than were sent: nothing is shown.

Each comparison stands alone here: where the size differs, the digest does not, and the other way
round.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import TypeAlias

import pytest

from faults.scene import Scene, Source
from support.faults import ALWAYS, PATIENCE, UPLOAD, Fault, Flip, Rewrite, answered, sent
from support.proxy import proxy

# What Glance says of the image once it has its data; it is not asked before.
PROOF = r"GET /v2/images/[0-9a-f-]{36}$"
# The change that gives an image its name and lets others see it; before, it is rehearsed in vain.
SHOW = r"PATCH /v2/images/"

Harm: TypeAlias = Callable[[Source], Fault]


def another_size(source: Source) -> Fault:
    """Glance has one byte more."""
    return _told(f'"size": {source.raw_size}', f'"size": {source.raw_size + 1}')


def another_digest(source: Source) -> Fault:
    """Glance has as many bytes, and others."""
    digest = source.raw_sha512
    return _told(f'"os_hash_value": "{digest}"', f'"os_hash_value": "{digest[::-1]}"')


def another_byte(_source: Source) -> Fault:
    """One byte reaches Glance as another."""
    return Fault(deed=Flip(), on=UPLOAD, at=sent(0.5))


def _told(truth: str, lie: str) -> Fault:
    return Fault(deed=Rewrite(truth.encode(), lie.encode()), on=PROOF, at=answered())


harms = pytest.mark.parametrize("harm", [another_size, another_digest, another_byte])


@harms
def test_what_differs_once_is_sent_again(scene: Scene, other_source: Source, harm: Harm) -> None:
    """The image that was not proven is gone, and the next one holds what was meant."""
    scene.source = other_source
    with proxy(scene.owner.glance_url) as glance:
        glance.fault(harm(other_source))
        result = scene.run(glance=glance, timeout=PATIENCE)
        assert len(glance.seen(UPLOAD)) == 2
    scene.assert_published(result)


@pytest.mark.slow
@harms
def test_what_always_differs_is_never_shown(scene: Scene, other_source: Source, harm: Harm) -> None:
    """The task fails and says what differs; nobody has seen anything, and nothing is left."""
    scene.source = other_source
    with proxy(scene.owner.glance_url) as glance:
        glance.fault(replace(harm(other_source), times=ALWAYS))
        result = scene.run(glance=glance, visibility="public", timeout=PATIENCE)
        # No image was given its name, not even for a moment.
        named = [passed for passed in glance.seen(SHOW) if passed.status == HTTPStatus.OK]
        assert named == []
    scene.assert_failed(result, "sent")
    scene.assert_invisible()
