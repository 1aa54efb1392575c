#!/usr/bin/python
# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: image_migrate
short_description: Bring an image from one cloud, region or project to another
version_added: 0.2.0
description:
  - Takes an image that stands in Glance, and sees to it that it is afterwards in another cloud as
    well, or in another region or project, with its metadata, and proven to have the same bytes.
  - The bytes go through this host as a stream, once, and are not stored here. They are hashed while
    they pass, and compared with what both clouds say of theirs. Only then does the new image get
    its name and its visibility, in one request. Until then it is private.
  - Where reading breaks off, it goes on at the same byte while the upload stays open. Where the
    upload breaks off, it begins anew with a new image, and what was begun is removed.
  - What is there already is known by its content and by where it came from, not by its name. A
    second run changes nothing, also where the image was renamed at the destination.
  - The options beside O(destination) name the cloud that has the image now, which is only read;
    unless the image itself has the name that its copy in the same project shall have, and
    O(on_conflict=rotate) lets it step back.
options:
  image:
    description:
      - The image to bring along, by name or id. A name is looked for as
        M(curator.glance.image_info) does, among the images of the session's own project first.
    type: str
    required: true
  destination:
    description:
      - Where the image shall be, as the options that name a cloud, and what shall be other there.
      - None of the task's own options that name a cloud holds for the destination, apart from
        O(wait), O(timeout) and O(api_timeout). Without any that names a cloud, it is the session of
        the task itself, to copy an image under another O(destination.name) or for another
        O(destination.owner).
      - Exactly one of O(destination) and O(destinations) has to be given.
    type: dict
    suboptions: &destination
      cloud:
        description: As the option O(cloud).
        type: raw
      auth:
        description: As the option O(auth).
        type: dict
      auth_type:
        description: As the option O(auth_type).
        type: str
      region_name:
        description: As the option O(region_name).
        type: str
      interface:
        description: As the option O(interface).
        type: str
        choices: [admin, internal, public]
        aliases: [endpoint_type]
      validate_certs:
        description: As the option O(validate_certs).
        type: bool
        aliases: [verify]
      ca_cert:
        description: As the option O(ca_cert).
        type: path
        aliases: [cacert]
      client_cert:
        description: As the option O(client_cert).
        type: path
        aliases: [cert]
      client_key:
        description: As the option O(client_key).
        type: path
        aliases: [key]
      api_timeout:
        description: As the option O(api_timeout), which is the default.
        type: int
      wait:
        description: As the option O(wait), which is the default.
        type: bool
      timeout:
        description: As the option O(timeout), which is the default.
        type: int
      name:
        description:
          - The name of the image there. Left out, the one that it has now.
          - Under another name in the project that it comes from, it is copied.
        type: str
      visibility:
        description:
          - Who may see the image there. Left out, those who may see it now.
          - Where it is public or community now, and the destination does not allow that to this
            session, the image becomes private there and a warning says so. A visibility that is
            named here and not allowed is an error, before a byte moves.
        type: str
        choices: [private, shared, community, public]
      owner:
        description:
          - The project there, by name or id, that the image shall belong to. Left out, the one of
            the session. Only an administrator may give an image away.
        type: str
        aliases: [project]
  destinations:
    description:
      - Several destinations, each as O(destination). The image is read once for all of them.
      - One that fails does not stop the others; the task fails at the end and says which did.
        One that stands still holds the others up for at most 30 seconds.
    type: list
    elements: dict
    suboptions: *destination
  disk_format:
    description:
      - V(keep) brings the same bytes along. V(raw) converts a disk of another format on its way, as
        M(curator.glance.image_upload_raw) does; it is stored on this host for that, in a
        temporary file. ISO images and kernels are kept as they are in any case.
    type: str
    choices: [keep, raw]
    default: keep
  properties:
    description:
      - Properties that shall be other there than here; V(null) leaves one out.
      - What is named here comes along as it stands here, also a property that would be dropped.
    type: dict
  members:
    description:
      - Whether the projects that have a shared image are to have it there, too. Left out, they are
        if O(project_map) is given.
      - Their answers come along where the session may answer for them, which usually is for
        administrators; otherwise they find the image once they accept it. None is ever removed.
    type: bool
  project_map:
    description:
      - Which project there is which one here, with names or ids as keys and values.
      - A project that is not named is taken for the same one where both clouds have the same
        Keystone. Otherwise it does not get the image, and is reported in RV(unmapped_members).
    type: dict
  on_conflict:
    description:
      - What to do where the name is taken at the destination by an image with other content.
        V(fail) changes nothing, V(rotate) lets that one step back once the new one is there.
    type: str
    choices: [fail, rotate]
    default: fail
  method:
    description:
      - V(stream) takes the bytes through this host.
      - With V(server), the destination's Glance fetches them from the source's (its import method
        C(glance-download)). Both have to be regions of one Keystone, the destination has to offer
        the method, and its session has to be allowed to read the image. What it fetched is compared
        with the source all the same. It cannot convert.
    type: str
    choices: [stream, server]
    default: stream
  rate_limit:
    description:
      - How many bytes a second may move at most, as C(20 MiB) or in bytes. Several tasks at the
        same time have this much each.
    type: str
  retries:
    description:
      - How often a failure that may pass is tried again. While reading, it is counted anew whenever
        something came; each further upload is counted.
    type: int
    default: 3
  cache_dir:
    description:
      - A folder of this host with room for an image that is converted, for the time of its
        conversion. Left out, C(~/.cache/curator.glance/sources).
    type: path
extends_documentation_fragment:
  - curator.glance.attributes
  - curator.glance.attributes.changes
  - curator.glance.cloud
  - curator.glance.disk
  - curator.glance.supersede
notes:
  - What comes along are name, tags, formats, C(min_disk), C(min_ram), protection, whether the image
    is hidden, visibility, and properties. A kernel and a ramdisk that it names are brought along
    first, and named by their ids there.
  - Not all properties mean something in another cloud. RV(dropped) lists those that stayed behind
    and why.
  - An image that is there is left as it is, name and metadata included; members that it lacks are
    added. Change it with M(curator.glance.image_metadata).
  - Among images with the same bytes at the destination, the one that was brought from this image
    counts first, then one of the name, then any that was not brought from another image. So images
    that share their bytes and not their names are each brought along.
  - What cannot be read cannot be moved. Images without data, such as snapshots of servers that
    started from a volume, deactivated ones and those that are encrypted with a key of the source
    cloud are refused with a word on what to do instead.
  - While it works on a local connection, the play shows how far it is, every few seconds. Set the
    variable C(curator_progress) to V(false) to silence that.
  - The programs for O(disk_format=raw) are in Debian's packages qemu-utils and libnbd-bin, and in
    Red Hat's qemu-img and libnbd.
seealso:
  - module: curator.glance.image_info
  - module: curator.glance.image_metadata
  - module: curator.glance.image_share
  - module: curator.glance.image_upload_raw
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Bring an image to another cloud
  curator.glance.image_migrate:
    cloud: provider
    image: Debian 12
    destination:
      cloud: elsewhere

- name: Make room under its name, and bring its members along
  curator.glance.image_migrate:
    cloud: provider
    image: Debian 12
    destination:
      cloud: elsewhere
    on_conflict: rotate
    project_map:
      sales: sales-2
      0f4e2c6a8b1d4a3f9c7e5d2b1a0f8e6c: 77b1c0de5a4f4e0b8d1f2a3c4b5d6e7f

- name: Give a project of the same cloud a copy of its own, converted
  curator.glance.image_migrate:
    cloud: provider
    image: accounting
    destination:
      cloud: customer_a
      visibility: private
    disk_format: raw

- name: Have it in all regions, read once
  curator.glance.image_migrate:
    cloud: provider
    image: Debian 12
    destinations:
      - cloud: provider
        region_name: RegionTwo
      - cloud: provider
        region_name: RegionThree
    rate_limit: 50 MiB

- name: Copy an image under another name, with another disk bus
  curator.glance.image_migrate:
    cloud: provider
    image: accounting
    destination:
      name: accounting (virtio)
    properties:
      hw_disk_bus: virtio
"""

RETURN = r"""
source_image:
  description: The image that was brought along, with the keys that M(curator.glance.image_info)
    describes.
  returned: success
  type: dict
image:
  description: The image at the destination, in the same shape. In check mode, as it would be; its
    id may turn out to be another one.
  returned: success, with O(destination)
  type: dict
action:
  description:
    - V(created), V(rotated) where another image stepped back for it, and V(unchanged) where the
      content was there already.
  returned: success, with O(destination)
  type: str
  sample: created
previous:
  description: The image that stepped back, with its id and its new name; V(none) if there was none.
  returned: success, with O(destination)
  type: dict
transfer:
  description: How the bytes came there; V(none) if none moved.
  returned: success, with O(destination)
  type: dict
  contains:
    bytes:
      description: How many.
      type: int
    seconds:
      description: In how long.
      type: float
    rate:
      description: Bytes in a second.
      type: int
    method:
      description: V(stream) or V(server).
      type: str
    proven_by:
      description: By what the destination's bytes were proven; C(os_hash_value), C(checksum), or
        C(read back).
      type: str
dropped:
  description: What stayed behind, and why.
  returned: success, with O(destination)
  type: list
  elements: dict
  sample:
    - name: stores
      reason: says where the source cloud keeps the bytes
members:
  description: Who has the image at the destination, as M(curator.glance.image_share) returns them;
    only where members were to come along.
  returned: success, with O(destination)
  type: list
  elements: dict
unmapped_members:
  description: Ids of the projects that have the image at the source and were not mapped.
  returned: success, with O(destination)
  type: list
  elements: str
results:
  description:
    - One entry for each of O(destinations), in their order, with all that is returned for a single
      one, and C(destination) (which one it is, in words), C(changed), C(failed) and C(msg).
  returned: with O(destinations), on failure as well
  type: list
  elements: dict
"""

from ..module_utils import module
from ..module_utils.domain.migration.destination import DESTINATION_OPTIONS
from ..module_utils.domain.migration.wish import KEEP, RAW, SERVER, STREAM, MigrationWish
from ..module_utils.domain.succession import FAIL, ROTATE
from ..module_utils.domain.supersede import SUPERSEDE_OPTIONS
from ..module_utils.work.migrating import Migration

OPTIONS = {
    "image": {"type": "str", "required": True},
    "destination": {"type": "dict", "options": DESTINATION_OPTIONS},
    "destinations": {"type": "list", "elements": "dict", "options": DESTINATION_OPTIONS},
    "disk_format": {"type": "str", "choices": [KEEP, RAW], "default": KEEP},
    "properties": {"type": "dict"},
    "members": {"type": "bool"},
    "project_map": {"type": "dict"},
    "on_conflict": {"type": "str", "choices": [FAIL, ROTATE], "default": FAIL},
    "supersede": {"type": "dict", "options": SUPERSEDE_OPTIONS},
    "method": {"type": "str", "choices": [STREAM, SERVER], "default": STREAM},
    "rate_limit": {"type": "str"},
    "retries": {"type": "int", "default": 3},
    "cache_dir": {"type": "path"},
}


def main() -> None:
    module.run_between(
        OPTIONS,
        understand=MigrationWish.from_params,
        errand=Migration,
        predicted={"action": "created", "previous": None, "transfer": None},
        mutually_exclusive=[("destination", "destinations")],
        required_one_of=[("destination", "destinations")],
    )


if __name__ == "__main__":
    main()
