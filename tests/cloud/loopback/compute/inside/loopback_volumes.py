# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cinder's driver for volumes that are sparse files. Runs inside the packages' environment.

Nova is on the same machine and opens the file, as it does with those of a file system that all
machines of a cloud share. Nothing has to be exported.
"""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

_driver: Any = importlib.import_module("cinder.volume.driver")
_interface: Any = importlib.import_module("cinder.interface")
_images: Any = importlib.import_module("cinder.image.image_utils")
_volumes: Any = importlib.import_module("cinder.volume.volume_utils")
_GIB = 1 << 30


@_interface.volumedriver
class FileDriver(_driver.VolumeDriver):  # type: ignore[misc]  # Of the packages.
    VERSION = "1.0"

    def do_setup(self, _context: Any) -> None:
        self._folder = Path(os.environ["LOOPBACK_VOLUMES"])

    def check_for_setup_error(self) -> None:
        """Nothing can be missing: `up` makes the folder."""

    def _update_volume_stats(self) -> None:
        disk = shutil.disk_usage(self._folder)
        self._stats = {
            "volume_backend_name": self.configuration.safe_get("volume_backend_name"),
            "vendor_name": "curator.glance",
            "driver_version": self.VERSION,
            "storage_protocol": "file",
            "total_capacity_gb": disk.total / _GIB,
            "free_capacity_gb": disk.free / _GIB,
            "reserved_percentage": 0,
            "thin_provisioning_support": True,
            "max_over_subscription_ratio": "20",
        }

    def _path(self, volume_or_snapshot: Any) -> Path:
        return self._folder / str(volume_or_snapshot.name)

    def local_path(self, volume: Any) -> str:
        return str(self._path(volume))

    def create_volume(self, volume: Any) -> None:
        self._path(volume).touch(exist_ok=False)
        self.extend_volume(volume, volume.size)

    def extend_volume(self, volume: Any, new_size: int) -> None:
        os.truncate(self._path(volume), new_size * _GIB)

    def delete_volume(self, volume: Any) -> None:
        self._path(volume).unlink(missing_ok=True)

    def create_cloned_volume(self, volume: Any, src_vref: Any) -> None:
        self._copy(src_vref, volume)
        self.extend_volume(volume, volume.size)

    def create_snapshot(self, snapshot: Any) -> None:
        self._copy(snapshot.volume, snapshot)

    def delete_snapshot(self, snapshot: Any) -> None:
        self._path(snapshot).unlink(missing_ok=True)

    def create_volume_from_snapshot(self, volume: Any, snapshot: Any) -> None:
        self.create_cloned_volume(volume, snapshot)

    def _copy(self, source: Any, target: Any) -> None:
        command = ("cp", "--sparse=always", self._path(source), self._path(target))
        subprocess.run(command, check=True)

    def copy_image_to_volume(
        self, context: Any, volume: Any, image_service: Any, image_id: str, **options: Any
    ) -> None:
        _images.fetch_to_raw(
            context,
            image_service,
            image_id,
            self.local_path(volume),
            self.configuration.volume_dd_blocksize,
            size=volume.size,
            run_as_root=False,
            **options,
        )
        # It has become as small as the image.
        self.extend_volume(volume, volume.size)

    def copy_volume_to_image(
        self, context: Any, volume: Any, image_service: Any, image_meta: Any
    ) -> None:
        _volumes.upload_volume(
            context, image_service, image_meta, self.local_path(volume), volume, run_as_root=False
        )

    def initialize_connection(
        self, volume: Any, _connector: Any, **_options: Any
    ) -> dict[str, Any]:
        # The simplest of Nova's ways: it opens this path and does nothing else.
        return {"driver_volume_type": "gpfs", "data": {"device_path": self.local_path(volume)}}

    def terminate_connection(self, _volume: Any, _connector: Any, **_options: Any) -> None:
        """Nothing is kept of a connection, or of an export."""

    def create_export(self, _context: Any, _volume: Any, _connector: Any) -> None:
        """See there."""

    def ensure_export(self, _context: Any, _volume: Any) -> None:
        """See there."""

    def remove_export(self, _context: Any, _volume: Any) -> None:
        """See there."""
