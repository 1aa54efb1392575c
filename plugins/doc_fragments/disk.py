# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What modules need that look into disks."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
# Ansible takes no fragment without.
options: {}
requirements:
  - oslo.utils >= 7.4.0
  - backports.zstd >= 1.0.0 (for C(zst), with Python before 3.14)
  - qemu-img, qemu-nbd, nbdcopy (for all but C(raw) and C(iso); without C(nbdcopy), the disk is
    converted to a temporary file first)
"""
