# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images as this collection leaves them, made without it: the versions of one catalog entry."""

from __future__ import annotations

import uuid
from typing import Any

from support.cloud import LoopbackCloud

TAG = "managed_by_curator"
# The marks that Nova copies to the snapshot of a server, as it does with all properties.
INHERITED = "curator_"


def new_version(
    cloud: LoopbackCloud, entry: str, state: str, *, user: str = "provider", **attributes: Any
) -> dict[str, Any]:
    """A proven image of an entry, staged, published, or stepped back."""
    image_id = str(uuid.uuid4())
    named = {
        "staged": f"{entry} (staged {image_id[:8]})",
        "published": entry,
        "superseded": f"{entry} {image_id[:8]}",
    }
    marks: dict[str, Any] = {
        "id": image_id,
        "data": image_id.encode(),
        "name": named.get(state, entry),
        "os_hidden": state in {"superseded", "retired"},
        "tags": [TAG],
        "curator_id": image_id,
        "curator_entry": entry,
        "curator_state": state,
        # Every version has other bytes.
        "curator_proof": f"sha512:{image_id}",
    }
    return cloud.new_image(user, **{**marks, **attributes})


def snapshot_of(
    cloud: LoopbackCloud, image: dict[str, Any], *, user: str = "provider", **more: Any
) -> dict[str, Any]:
    """What Nova makes of a server that was started from an image: it has the image's marks."""
    inherited = {name: value for name, value in image.items() if name.startswith(INHERITED)}
    made = {"image_type": "snapshot", "instance_uuid": str(uuid.uuid4()), **inherited}
    return cloud.new_image(user, **{**made, **more})
