# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be done to a disk before it is sent."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  prepare:
    description:
      - What is done to the disk before it is sent, as M(curator.glance.image_prepare) does it. The
        source itself is fetched and proven as ever, and stays as it is.
      - The image says so with the property C(curator_prepared), which names the operations. It has
        other bytes than upstream's then.
      - Whether the image is there is decided by the source's proof, and by what the operations are
        made of. No disk is looked at for that.
      - With O(cache_dir), the prepared disk is kept there for later runs.
    type: dict
    suboptions:
      operations:
        description: As O(curator.glance.image_prepare#module:operations).
        type: list
        elements: raw
        required: true
      secrets:
        description: As O(curator.glance.image_prepare#module:secrets).
        type: str
        choices: [warn, fail, remove, ignore]
        default: warn
      network:
        description: As O(curator.glance.image_prepare#module:network).
        type: bool
        default: false
      output:
        description:
          - A file for the prepared disk, which stays. One that M(curator.glance.image_prepare) has
            made there, of the same source and by the same operations, is sent as it is.
        type: path
requirements:
  - libguestfs with its Python binding, as M(curator.glance.image_prepare) needs it (for O(prepare))
seealso:
  - module: curator.glance.image_prepare
"""
