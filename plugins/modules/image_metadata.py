#!/usr/bin/python
# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: image_metadata
short_description: Change what an image says about itself
version_added: 0.1.0
description:
  - Sets name, visibility, protection, tags, properties and the like of an image that exists. Its
    data and its members stay as they are.
  - What the task does not name is left alone. Single values and tags become exactly what it names;
    properties are changed one by one, unless O(exact) is set.
  - All changes go into one request, which Glance carries out whole or not at all. Only O(active)
    needs another.
options:
  name:
    description: The new name. Glance allows several images of one name; names are best kept unique.
    type: str
  tags:
    description: The tags that the image shall have. Others are removed.
    type: list
    elements: str
  properties:
    description:
      - Properties to set. A value of V(null) removes the property.
      - Glance stores strings. Numbers and booleans are written as such (V(true), V(false)), and are
        compared that way, so that V(1) and V("1") are the same.
      - Attributes that have an option of their own, or that Glance alone sets, are refused here.
    type: dict
  exact:
    description:
      - Whether every property that O(properties) does not name is removed.
      - Kept are those that Glance sets itself (C(os_glance_*)), and the record of an image's origin
        (C(curator_*)).
    type: bool
    default: false
  protected:
    description: Whether the image is protected from deletion.
    type: bool
  hidden:
    description: Whether the image is left out of listings. By its id it can still be used.
    type: bool
  visibility:
    description:
      - Who may see the image. Policy usually keeps V(public) for administrators.
      - To share an image with projects, see M(curator.glance.image_share), also for what becomes of
        the members of an image that is no longer shared.
    type: str
    choices: [private, shared, community, public]
  min_disk:
    description: Smallest disk, in GiB, that the image can be started on.
    type: int
  min_ram:
    description: Least memory, in MiB, that the image can be started with.
    type: int
  owner:
    description:
      - The project, by name or id, that the image shall belong to. Only an administrator may give
        an image away.
    type: str
  active:
    description:
      - With V(false), nobody can download or start the image, while all else about it stays; with
        V(true), that ends. Only possible for an image that has its data.
    type: bool
extends_documentation_fragment:
  - curator.glance.attributes
  - curator.glance.attributes.changes
  - curator.glance.image
  - curator.glance.cloud
seealso:
  - module: curator.glance.image_info
  - module: curator.glance.image_share
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Say what an image is, and protect it
  curator.glance.image_metadata:
    cloud: provider
    image: Debian 12
    properties:
      os_distro: debian
      os_version: "12"
      architecture: x86_64
    tags: [linux, "os:debian"]
    protected: true

- name: Take a property away, and leave the others alone
  curator.glance.image_metadata:
    cloud: provider
    image: Debian 12
    properties:
      os_admin_user: null

- name: Let an old image step back
  curator.glance.image_metadata:
    cloud: provider
    image: 3d8b7c2e-1f0a-4b57-9a1c-6d5e4f3a2b10
    name: Debian 12 2026-10-01
    hidden: true
"""

RETURN = r"""
image:
  description: The image afterwards, with the keys that M(curator.glance.image_info) describes.
    In check mode V(none) if there is no such image yet.
  returned: success
  type: dict
done:
  description: Steps that were carried out before one failed.
  returned: failure in the middle
  type: list
  elements: str
not_done:
  description: The step that failed, and those after it.
  returned: failure in the middle
  type: list
  elements: str
"""

from ..module_utils import module
from ..module_utils.domain.image import VISIBILITIES
from ..module_utils.domain.metadata import MetadataWish, plan_metadata
from ..module_utils.work.describing import read_described_image

OPTIONS = {
    "image": {"type": "str", "required": True},
    "name": {"type": "str"},
    "tags": {"type": "list", "elements": "str"},
    "properties": {"type": "dict"},
    "exact": {"type": "bool", "default": False},
    "protected": {"type": "bool"},
    "hidden": {"type": "bool"},
    "visibility": {"type": "str", "choices": list(VISIBILITIES)},
    "min_disk": {"type": "int"},
    "min_ram": {"type": "int"},
    "owner": {"type": "str"},
    "active": {"type": "bool"},
}


def main() -> None:
    module.run_change(
        OPTIONS,
        understand=MetadataWish.from_params,
        read=read_described_image,
        plan=plan_metadata,
    )


if __name__ == "__main__":
    main()
