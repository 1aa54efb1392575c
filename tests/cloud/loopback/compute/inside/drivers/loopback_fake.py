# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nova's own fake driver, with what tests need beyond it. Runs inside the packages' environment.

Servers have states and addresses, but no disk, and nothing runs.
"""

from __future__ import annotations

import importlib
import io
from pathlib import Path
from typing import Any

_fake: Any = importlib.import_module("nova.virt.fake")
_RUNNING: Any = importlib.import_module("nova.compute.power_state").RUNNING
_MIB = 1 << 20


# The base that keeps its node's identity: without one, compute refuses to start a second time.
class FakeDriver(_fake.FakeDriverWithoutFakeNodes):  # type: ignore[misc]  # Of the packages.
    def snapshot(self, context: Any, instance: Any, image_id: str, update_task_state: Any) -> None:
        """Upload something; the base leaves the image queued for ever.

        That is the file that the server's metadata name as its disk, or a disk that says whose.
        """
        super().snapshot(context, instance, image_id, update_task_state)
        images = importlib.import_module("nova.image.glance").API()
        disk = Path(instance.metadata.get("disk", "disk.raw"))
        told = {
            "name": images.get(context, image_id)["name"],
            "status": "active",
            "disk_format": disk.suffix.removeprefix("."),
            "container_format": "bare",
            "properties": {
                "image_location": "snapshot",
                "image_state": "available",
                "owner_id": instance.project_id,
            },
        }
        data = f"snapshot of {instance.uuid}\n".encode().ljust(_MIB, b"\0")
        if disk.is_absolute():
            data = disk.read_bytes()
        images.update(context, image_id, told, io.BytesIO(data), purge_props=False)

    def resume_state_on_host_boot(
        self, _context: Any, instance: Any, *_more: Any, **_options: Any
    ) -> None:
        """Let a server run again after a restart; the base keeps them in memory only."""
        if instance.uuid not in self.instances:
            guest = _fake.FakeInstance(instance.name, _RUNNING, instance.uuid)
            self.instances[instance.uuid] = guest

    def get_console_output(self, _context: Any, instance: Any) -> str:
        return f"{instance.hostname} login: "
