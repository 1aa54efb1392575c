#!/usr/bin/python
# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: image_retire
short_description: Take an image out of use, and never under somebody's feet
version_added: 0.2.0
description:
  - Takes an image that this collection made out of use, as far as O(level) says. How far it went is
    recorded on the image.
  - Only images that are this collection's by every sign are touched. The image belongs to the
    session's own project, it has the tag C(managed_by_curator), its C(curator_id) is its own id,
    and it is no snapshot of a server. Snapshots inherit properties, so those of customers may carry
    all marks of the image that their server was started from. All others are refused, with O(force)
    too.
  - M(curator.glance.image_publish) brings an image back, as long as it was not deleted. One that
    was deactivated has to be activated first, with M(curator.glance.image_metadata).
options:
  image:
    description:
      - The image, by name or id. For O(level=delete), only by its id.
      - A name is looked for as in M(curator.glance.image_metadata).
    type: str
    required: true
  level:
    description:
      - How far the image is taken out of use. Nothing that went further before is taken back.
      - With V(hide), listings leave it out. Its name stays, and whoever has its id uses it as
        before.
      - With V(community), an image that was public is hidden, and is no longer found as a public
        one. Whoever has its id uses it as before. Other visibilities stay as they are, as
        V(community) would open the image to more projects.
      - With V(deactivate), it is hidden, and nobody can start a server from it or download it. All
        else about it stays. Servers run on, but what needs the image again, such as a rebuild or a
        move to another host, may fail.
      - With V(delete), it is gone. One that is gone already is no failure. One that is known to be
        in use is not deleted, see O(force).
    type: str
    required: true
    choices: [hide, community, deactivate, delete]
  force:
    description:
      - Whether a protected image is retired as well; to be deleted, it loses its protection first.
      - Whether a published image may be deactivated or deleted.
      - Whether an image is deleted of which it is not known whether servers or volumes use it.
        Glance cannot tell, so the compute service is asked, and the block storage service where
        there is one. An administrator is told of all projects, others of their own project only,
        and RV(asked) says which. Without a compute service in the cloud's catalog, nobody can be
        asked.
      - Only the services of the session's region are asked. Where regions share one Glance, servers
        and volumes of another region are not known of.
      - It never overrules what is known. As long as one server or volume is known that was made
        from the image, V(delete) is refused, and the message names those that were found. So does
        what Glance itself reports as being in use.
    type: bool
    default: false
extends_documentation_fragment:
  - curator.glance.attributes
  - curator.glance.attributes.changes
  - curator.glance.cloud
seealso:
  - module: curator.glance.image_publish
  - module: curator.glance.image_metadata
  - plugin: curator.glance.due_for_retirement
    plugin_type: filter
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Take an image out of the lists
  curator.glance.image_retire:
    cloud: provider
    image: Debian 10
    level: hide

- name: Let nobody start it any more
  curator.glance.image_retire:
    cloud: provider
    image: Debian 10
    level: deactivate
    force: true # Nothing was published in its place.

- name: Delete it, if no server and no volume of any project was made from it
  curator.glance.image_retire:
    cloud: provider # An administrator, who may ask for all projects.
    image: 3d8b7c2e-1f0a-4b57-9a1c-6d5e4f3a2b10
    level: delete
"""

RETURN = r"""
image:
  description: The image afterwards, with the keys that M(curator.glance.image_info) describes.
    V(none) if it is gone, and in check mode if there is no such image yet.
  returned: success
  type: dict
action:
  description: What was done to it. One of V(retired), V(deleted), V(unchanged).
  returned: success
  type: str
  sample: retired
asked:
  description:
    - Whose C(servers) and C(volumes) were asked about. V(all_projects), V(own_project) where the
      cloud's policy tells no more, or V(no_service) where the cloud's catalog has no such service
      for the session. Both are of the region of the session.
  returned: with O(level=delete), unless the image is gone
  type: dict
  sample:
    servers: all_projects
    volumes: no_service
in_use:
  description: Those that use the image, at most 100 of each kind.
  returned: failure of O(level=delete) because of them
  type: list
  elements: dict
  contains:
    kind:
      description: V(server) or V(volume).
      type: str
    id:
      description: Its id.
      type: str
    name:
      description: Its name.
      type: str
    project_id:
      description: The project that it belongs to.
      type: str
    project_name:
      description: The name of that, for the first few and where policy tells.
      type: str
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
from ..module_utils.domain.retire import LEVELS, RetireWish, plan_retire
from ..module_utils.work.retiring import carry_out_retire, read_retire

OPTIONS = {
    "image": {"type": "str", "required": True},
    "level": {"type": "str", "required": True, "choices": list(LEVELS)},
    "force": {"type": "bool", "default": False},
}


def main() -> None:
    module.run_change(
        OPTIONS,
        understand=RetireWish.from_params,
        read=read_retire,
        plan=plan_retire,
        apply=carry_out_retire,
        predicted={"action": "retired"},
    )


if __name__ == "__main__":
    main()
