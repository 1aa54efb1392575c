# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A provider whose upstream releases guests, which have to boot before anybody sees them."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass
from typing import Any

from guests.tiny import USER, Variant, tiny_guest
from support.boot_checks import PREFIX
from support.compute import ComputeCloud
from support.publishing import Provider, Published

_DISK = "disk.qcow2"
# A guest is emulated, on a machine that has other things to do.
_HANGS_AFTER = 900


@dataclass
class Gate:
    """One entry of a catalog, of whose releases each is booted before it is published."""

    compute: ComputeCloud
    provider: Provider
    label: str = "guest"

    @property
    def name(self) -> str:
        return self.provider.name(self.label)

    def release(self, variant: Variant, number: int) -> None:
        """Let upstream release a guest, with bytes that no other release has."""
        folder = self.provider.server.folder / self.label
        folder.mkdir(exist_ok=True)
        disk = folder / _DISK
        base = tiny_guest(variant)
        subprocess.run(["qemu-img", "convert", "-O", "qcow2", str(base), str(disk)], check=True)
        grown = ["qemu-img", "resize", "-q", str(disk), f"+{number}M"]
        subprocess.run(grown, check=True)
        digest = hashlib.sha512(disk.read_bytes()).hexdigest()
        (folder / "SHA512SUMS").write_text(f"{digest}  {_DISK}\n")

    def add(self, variant: Variant, number: int = 1, **more: Any) -> None:
        """Release it, and list it in the catalog."""
        self.release(variant, number)
        url = self.provider.server.url
        self.provider.entries.append(
            {
                "name": self.name,
                "source": url(f"{self.label}/{_DISK}"),
                "checksum": f"sha512:{url(f'{self.label}/SHA512SUMS')}",
                "os": {"user": USER},
                "visibility": "public",
                "verify": True,
                **more,
            }
        )

    def publish(self, *arguments: str, **variables: Any) -> Published:
        """Run the playbook once."""
        check = {"network": self.compute.facts["network"]["name"], "timeout": 120}
        return self.provider.publish(
            *arguments, **{"publish_images_verify": check, "hangs_after": _HANGS_AFTER, **variables}
        )

    def entry(self, published: Published) -> dict[str, Any]:
        """What became of the entry."""
        return published.entries[self.name]

    def staged(self) -> list[dict[str, Any]]:
        """Images that nobody but their project has ever seen."""
        return [image for image in self.provider.images() if image["curator_state"] == "staged"]

    def assert_nothing_left(self) -> None:
        """No server, key pair or security group of a check."""
        user = self.provider.user
        servers = self.compute.nova_done(user, "GET", "/servers")["servers"]
        pairs = self.compute.nova_done(user, "GET", "/os-keypairs")["keypairs"]
        groups = self.compute.neutron_done(user, "GET", "/v2.0/security-groups")["security_groups"]
        names = [
            *(server["name"] for server in servers),
            *(pair["keypair"]["name"] for pair in pairs),
            *(group["name"] for group in groups),
        ]
        assert [name for name in names if name.startswith(PREFIX)] == []
