# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The hardware of an entry, judged as the task that sets it will judge it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...errors import InvalidRequest
from ..hardware.definitions import Definitions
from ..hardware_plan import HardwareSeen, HardwareWish, plan_hardware
from ..image import Image
from .entry import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What hardware may be called, beside what our own tables have."""

    profiles: Mapping[str, Any] = field(default_factory=dict)
    # What the cloud defines, once it was asked; None where it does not say.
    definitions: Definitions | None = None
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """What an entry wants, and whether the cloud has to be asked before that can be judged."""

    wish: HardwareWish
    vocabulary: Vocabulary

    @classmethod
    def of(cls, entry: Entry, vocabulary: Vocabulary) -> Hardware | None:
        """The hardware that an entry names, if it does; refuses what nobody could mean."""
        if not entry.names_hardware:
            return None
        wish = HardwareWish.from_params(
            {
                "image": entry.name,
                "profiles": list(entry.profiles),
                "profile_definitions": vocabulary.profiles,
                "properties": entry.hardware_properties,
                "hypervisor": entry.hypervisor,
                "exact": False,
                "validation": entry.validation,
            }
        )
        return cls(wish=wish, vocabulary=vocabulary)

    def needed(self, image: Image) -> dict[str, str | None]:
        """What has to be set, and what to be removed (None)."""
        return self.wish.needed(image.properties)

    def is_open(self, image: Image) -> bool:
        """Whether only the cloud could say if it makes sense, and was not asked yet."""
        return not self.vocabulary.asked and bool(self.wish.questions(image.properties))

    def judge(self, image: Image) -> None:
        """Refuse what makes no sense on an image that stands, or will."""
        seen = HardwareSeen(image=image, definitions=self.vocabulary.definitions)
        try:
            plan_hardware(self.wish, seen)
        except InvalidRequest as error:
            # The image may be none yet: what is wrong is told without it.
            findings = " ".join(error.facts["findings"])
            raise InvalidRequest(f"{findings} To set it even so, say validation: warn.") from error
