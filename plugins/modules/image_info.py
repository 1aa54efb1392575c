#!/usr/bin/python
# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: image_info
short_description: Find images and tell what they are
version_added: 0.1.0
description:
  - Lists the images that the session may see, filtered by the cloud, through as many pages as there
    are, or shows those of one name or id.
  - No match is no error; the list is empty then.
options:
  image:
    description:
      - Only the image of this id, or the images of this name.
      - Unless O(owner), O(visibility) or O(member_status) say otherwise, a name is looked for among
        the images of the session's own project, and only then among those of others. Hidden images
        are found by name when no visible one has it, and by id always.
    type: str
  filters:
    description:
      - What else the cloud shall compare. Keys are attributes such as V(status), V(disk_format),
        V(protected) or V(os_hash_value), or any property; values are compared exactly.
      - V(name), V(id), V(status), V(disk_format) and V(container_format) also take Glance's list
        V(in:a,b); V(created_at) and V(updated_at) its comparisons, for example
        V(gt:2026-01-31T00:00:00Z).
    type: dict
  visibility:
    description:
      - Only images of this visibility. Community images of other projects are listed only with
        V(community) or V(all).
    type: str
    choices: [all, private, shared, community, public]
  owner:
    description:
      - Only images of this project, by name or id. An administrator sees the images of every
        project, the private ones too, unless this is set.
    type: str
  tags:
    description: Only images with all of these tags.
    type: list
    elements: str
  member_status:
    description:
      - Only shared images, by what the session's project answered. Left out, listings have those
        that it accepted. An administrator sees the shared images of all projects here.
    type: str
    choices: [accepted, pending, rejected, all]
  include_hidden:
    description: Whether hidden images are listed as well. That takes a second listing.
    type: bool
    default: false
  query:
    description:
      - A JMESPath expression over the list of images. It is best put in V(>-) or in quotes.
      - Then the module returns RV(result) in place of RV(images).
    type: str
extends_documentation_fragment:
  - curator.glance.attributes
  - curator.glance.attributes.reads
  - curator.glance.cloud
requirements:
  - jmespath >= 1.0.0 (for O(query))
seealso:
  - module: curator.glance.image_share
  - module: curator.glance.image_metadata
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: See one image, and who it is shared with
  curator.glance.image_info:
    cloud: provider
    image: Debian 12
  register: debian

- name: List what was offered to us and not answered yet
  curator.glance.image_info:
    cloud: customer_a
    member_status: pending

- name: Add up the bytes of our images that are not raw
  curator.glance.image_info:
    cloud: provider
    owner: provider
    include_hidden: true
    query: sum([?disk_format != 'raw' && size].size)
"""

RETURN = r"""
images:
  description: The images found, in the order in which Glance lists them, newest first.
  returned: success, without O(query)
  type: list
  elements: dict
  contains:
    id:
      description: Id of the image.
      type: str
    name:
      description: Name of the image.
      type: str
    status:
      description: State of its data, for example V(queued), V(saving), V(active) or V(deactivated).
      type: str
    visibility:
      description: Who may see it. One of V(private), V(shared), V(community), V(public).
      type: str
    hidden:
      description: Whether listings leave it out.
      type: bool
    protected:
      description: Whether it is protected from deletion.
      type: bool
    owner:
      description: Id of the project that it belongs to.
      type: str
    size:
      description: Size of its data in bytes, as stored.
      type: int
    virtual_size:
      description: Size of the disk in bytes, where Glance knows it.
      type: int
    min_disk:
      description: Smallest disk in GiB.
      type: int
    min_ram:
      description: Least memory in MiB.
      type: int
    disk_format:
      description: Format of the disk, for example V(raw) or V(qcow2).
      type: str
    container_format:
      description: Format of what is around the disk, usually V(bare).
      type: str
    checksum:
      description: MD5 of the data, where Glance has one.
      type: str
    os_hash_algo:
      description: Name of the algorithm of RV(images[].os_hash_value).
      type: str
    os_hash_value:
      description: Hash of the data.
      type: str
    created_at:
      description: When it was made.
      type: str
    updated_at:
      description: When it was last changed.
      type: str
    tags:
      description: Its tags, sorted.
      type: list
      elements: str
    properties:
      description: Everything else that is recorded of it, as strings.
      type: dict
    members:
      description:
        - Projects that it is shared with, as M(curator.glance.image_share) returns them.
        - Only with O(image), and where the image is shared; a consumer sees its own entry.
      type: list
      elements: dict
    direct_url:
      description: Address of the data in the store, on clouds that show it.
      type: str
    locations:
      description: Addresses of the data, on clouds that show them.
      type: list
      elements: dict
    stores:
      description: Stores that have the data, on clouds with several.
      type: str
project_id:
  description: Id of the session's own project, to tell its images from those of others. V(none) if
    the session is for none.
  returned: success, without O(query)
  type: str
result:
  description: What O(query) selected.
  returned: success, with O(query)
  type: raw
"""

from ..module_utils import module
from ..module_utils.domain.find import MEMBER_STATUSES, Search
from ..module_utils.domain.image import VISIBILITIES
from ..module_utils.work.searching import search

OPTIONS = {
    "image": {"type": "str"},
    "filters": {"type": "dict"},
    "visibility": {"type": "str", "choices": ["all", *VISIBILITIES]},
    "owner": {"type": "str"},
    "tags": {"type": "list", "elements": "str"},
    "member_status": {"type": "str", "choices": list(MEMBER_STATUSES)},
    "include_hidden": {"type": "bool", "default": False},
    "query": {"type": "str"},
}


def main() -> None:
    module.run_info(
        OPTIONS,
        understand=Search.from_params,
        read=search,
        mutually_exclusive=[("image", "filters"), ("image", "tags")],
    )


if __name__ == "__main__":
    main()
