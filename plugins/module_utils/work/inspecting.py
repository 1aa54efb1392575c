# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Look at a disk for image_inspect."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from ..disk.opening import look_at
from ..domain.disk import InspectWish
from ..domain.proposal import propose
from ..progress import NoProgress


def inspect(wish: InspectWish) -> dict[str, Any]:
    """What the file is, whether it is safe to open, and what is proposed for an image of it."""
    with tempfile.TemporaryDirectory(prefix="curator-glance-") as folder:
        facts = look_at(wish.path, wish.disk, scratch=Path(folder), progress=NoProgress())
    proposal = propose(facts, facts.machine)
    return {**facts.as_result(), "proposal": proposal.as_result()}
