# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The instance that is started of an image, and how it is reached."""

    DOCUMENTATION = r"""
options:
  flavor:
    description:
      - The flavor of the instance, by name or id, for O(where=cloud). Left out, the smallest that
        the image fits in.
    type: str
  network:
    description:
      - The network of the instance, by name or id, for O(where=cloud); several for an instance with
        several network interfaces. Left out, the only one that there is.
    type: list
    elements: str
  temporary_network:
    description:
      - Whether a network is made for the check in place of O(network), for O(where=cloud). It has a
        subnet with IPv4 and DHCP, one with IPv6 (SLAAC), and a router that announces the latter.
        All of it is gone afterwards.
      - No way leads into it but a floating address. So O(floating_network) has to be named, and the
        router gets a gateway there, unless only the console is looked at. Over IPv6, the guest has
        to have its address, and is not reached.
    type: bool
    default: false
  security_groups:
    description:
      - The security groups of the instance, by name or id, for O(where=cloud). Left out, one is
        made for the check, which lets in ssh, or remote desktops, from everywhere.
    type: list
    elements: str
  boot_from_volume:
    description: Whether the instance is booted from a volume, for O(where=cloud).
    type: bool
    default: false
  floating_network:
    description:
      - An external network, by name or id. The guest is reached at a floating address out of it,
        for O(where=cloud).
    type: str
  jump_host:
    description:
      - A host through which the guest is reached, as C(user@host:port), for O(where=cloud). The
        way to it is that of C(ssh -J), with your own keys, agent and configuration.
    type: str
"""
