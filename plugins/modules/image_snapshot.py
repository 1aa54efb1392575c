#!/usr/bin/python
# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: image_snapshot
short_description: Make an image of a server or of a volume
version_added: 0.2.0
description:
  - Lets the cloud make an image of a server or a volume of the session's own project, waits for it,
    and sees to it that it is raw. The image is private, belongs to the session's project, and has
    the name and the properties that the task gives it.
  - Where the cloud makes the image in another format, as clouds do that keep servers' disks as
    qcow2 files, it is fetched, judged safe, converted and sent as a new image, proven to have
    arrived, as M(curator.glance.image_upload_raw) does. The one that was only on the way is
    removed.
  - The image is this collection's own, so M(curator.glance.image_publish) and
    M(curator.glance.image_retire) know what to do with it. What a snapshot inherits and what would
    be untrue of it does not come along, such as the record of how the image was made that the
    server was started from, and what says that it is a snapshot.
  - One image is made of a server or volume for a name. A second run finds it by where it is from
    and what it was made for, also if it was renamed since, and makes no other, however much has
    changed on the disk. Once M(curator.glance.image_retire) has retired it, or another one took
    its name with M(curator.glance.image_publish), a further run makes a new one. For one image a
    day, give each a name of its own.
  - What a run that was killed left half-way, the next run of the task on the same host removes. The
    image of a volume cannot be marked before it is complete. That one stays, and a warning names
    it.
options:
  server:
    description:
      - The server, by name or id. It has to be of the session's own project.
      - One that was started from a volume has no disk of its own that an image could be made of.
        Give that volume as O(volume).
      - Exactly one of O(server) and O(volume) has to be given.
    type: str
  volume:
    description:
      - The volume, by name or id. One that a server has can be read only where the cloud's operator
        allows that (C(enable_force_upload) of Cinder). Elsewhere, detach it, or delete the server
        if that leaves the volume.
    type: str
  name:
    description:
      - The name that the image gets. Another image of the project that has it is an error.
    type: str
    required: true
  stop:
    description:
      - Whether a server that runs is shut down before its disk is read, and started again as soon
        as the cloud has read it. It is started in any case, also when something fails or the task
        is stopped. A run that was killed cannot do that; the next run of the task does, on another
          host once the server has been left shut down for an hour.
      - Without it, the image has the disk as after a power cut, and a warning says so.
    type: bool
    default: false
  disk_format:
    description:
      - V(raw) converts what the cloud makes if it is not raw. V(keep) takes it as it is.
    type: str
    choices: [raw, keep]
    default: raw
  properties:
    description:
      - Properties that the image shall have beside those that it inherits. Names and values as in
        M(curator.glance.image_metadata); V(null) leaves one out that it would inherit.
    type: dict
  tags:
    description:
      - Tags that the image shall have, beside C(managed_by_curator).
    type: list
    elements: str
  cache_dir:
    description:
      - A folder on the host that runs the module, in which an image that has to be converted lies
        for that time. It needs as much space as the cloud's image has. Left out, a folder of the
        user's cache.
    type: path
  time_limit:
    description:
      - Seconds that the cloud may take to make the image, counted since it last showed a sign of
        getting on. It shows few, and none while it moves the bytes, so this has to be as long as
        that takes for a disk of this size.
    type: int
    default: 3600
extends_documentation_fragment:
  - curator.glance.attributes
  - curator.glance.cloud
attributes:
  check_mode:
    support: full
    details:
      - Nothing is made, and no server is stopped. What is returned is what would be, as far as it
        can be known; the image has no id yet. The server or volume has to be there.
  diff_mode:
    support: full
notes:
  - A server that this module has stopped has C(curator_stopped_by) among its metadata until it
    runs again.
seealso:
  - module: curator.glance.image_publish
  - module: curator.glance.image_download
  - module: curator.glance.image_hw_props
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Make an image of a server, whole
  curator.glance.image_snapshot:
    cloud: customer_a
    server: accounting
    name: accounting {{ now().date() }}
    stop: true

- name: Make an image of a server that has got its drivers meanwhile
  curator.glance.image_snapshot:
    cloud: customer_a
    server: accounting
    name: accounting with drivers
    stop: true
    properties:
      hw_disk_bus: virtio
      hw_vif_model: virtio

- name: Make an image of the volume that a server starts from
  curator.glance.image_snapshot:
    cloud: customer_a
    volume: accounting root
    name: accounting {{ now().date() }}
"""

RETURN = r"""
image:
  description: The image, with the keys that M(curator.glance.image_info) describes. In check mode,
    its C(id) is V(none) if it is not there yet.
  returned: success
  type: dict
action:
  description: What was done. V(created), or V(unchanged) where the image was there already.
  returned: success
  type: str
  sample: created
server:
  description: The server.
  returned: success, with O(server)
  type: dict
  sample:
    id: 0d7b4a0e-58f0-4f60-9c8a-61d6c6f8c7a5
    name: accounting
    project_id: 5f0f6c3e6a1d4f7e8b9c0d1e2f3a4b5c
volume:
  description: The volume, with the same keys.
  returned: success, with O(volume)
  type: dict
stopped:
  description: Whether the server was stopped for this, and runs again.
  returned: success
  type: bool
transfer:
  description: How the image got its bytes. V(none) if it was there already.
  returned: success
  type: dict
  contains:
    bytes:
      description: How many it has.
      type: int
    seconds:
      description: How long it took.
      type: float
    rate:
      description: Bytes a second.
      type: int
    method:
      description: V(cloud) where the cloud's own image was taken as it is, V(stream) where it was
        converted.
      type: str
    proven_by:
      description: What the bytes were compared with, where they were sent from here. What the cloud
        read itself can be compared with nothing.
      type: str
"""

from ..module_utils import module
from ..module_utils.domain.snapshot.planning import plan_snapshot
from ..module_utils.domain.snapshot.wish import KEEP, RAW, SnapshotWish
from ..module_utils.work.snapshotting import carry_out_snapshot, read_snapshot

OPTIONS = {
    "server": {"type": "str"},
    "volume": {"type": "str"},
    "name": {"type": "str", "required": True},
    "stop": {"type": "bool", "default": False},
    "disk_format": {"type": "str", "choices": [RAW, KEEP], "default": RAW},
    "properties": {"type": "dict"},
    "tags": {"type": "list", "elements": "str"},
    "cache_dir": {"type": "path"},
    "time_limit": {"type": "int", "default": 3600},
}


def main() -> None:
    module.run_change(
        OPTIONS,
        understand=SnapshotWish.from_params,
        read=read_snapshot,
        plan=plan_snapshot,
        apply=carry_out_snapshot,
        mutually_exclusive=[("server", "volume")],
        required_one_of=[("server", "volume")],
    )


if __name__ == "__main__":
    main()
