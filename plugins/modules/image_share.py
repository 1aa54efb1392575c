#!/usr/bin/python
# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: image_share
short_description: Share an image with projects, or answer such an offer
version_added: 0.1.0
description:
  - As the owner of an image, decide who may use it, by its O(visibility) and by the projects that a
    shared image is shared with.
  - As the consumer, accept, reject or put off an image that another project shares with yours, with
    O(status) and the cloud of your project.
  - Reads the members once and sends one request for each project that changes. Removals come before
    additions, so that a full list can be exchanged.
  - With no more than O(image), it changes nothing and returns who has the image.
options:
  projects:
    description:
      - Projects, by name or id. O(state) and O(exact) say what becomes of them.
      - Glance takes any string as a member. So each project is looked up before anything changes,
        and one that does not exist is an error.
      - A session that may not look up foreign projects finds the user's own by name, and takes the
        ids of others with a warning.
      - The project that owns the image is left out, with a warning.
    type: list
    elements: str
  project_domain:
    description:
      - Name or id of the domain in which the names in O(projects) are looked for. Left out, in all
        domains; a name that several have is an error that lists their ids.
    type: str
  state:
    description:
      - With V(present), the projects may use the image. A private image becomes shared. A public or
        community image does not, unless O(visibility=shared) is named.
      - With V(absent), the projects are no longer members.
    type: str
    default: present
    choices: [present, absent]
  exact:
    description:
      - Whether every other member is removed. With an empty list in O(projects), all are.
    type: bool
    default: false
  visibility:
    description:
      - Who may see the image. Left out, it changes only where O(projects) need a private image to
        be shared.
      - V(private) is for its project alone, V(shared) also for its members, V(community) for
        everybody who knows its id, V(public) for everybody; policy usually keeps V(public) for
        administrators.
      - Members of an image that is not shared can be neither read nor changed, and Glance keeps
        them. An image that is made V(private) gives its old members their access back when it is
        shared again. To leave V(shared) for good, add O(exact=true) and an empty O(projects);
        members are then removed before the visibility changes.
      - An image that becomes V(shared) again shows its old members only then. With O(exact) or
        O(state=absent), those not wanted are removed at once.
    type: str
    choices: [private, shared, community, public]
  status:
    description:
      - The answer of the session's own project to an image that is shared with it.
      - An image is in a consumer's listing only when it was V(accepted). With V(rejected) or
        V(pending), Glance still lets a member show, boot and download it by its id; a rejection
        hides an image and revokes nothing.
      - O(image) is looked for among the images that others share with the project, whatever was
        answered before.
    type: str
    choices: [accepted, rejected, pending]
  member_quota:
    description:
      - How many members an image may have before the module warns. Clouds limit it
        (C(image_member_quota)), and no API tells the limit. Use V(0) for no check.
      - Where the cloud refuses, the error says which projects were added and which were not.
    type: int
    default: 128
extends_documentation_fragment:
  - curator.glance.attributes
  - curator.glance.attributes.changes
  - curator.glance.image
  - curator.glance.cloud
seealso:
  - module: curator.glance.image_info
  - module: curator.glance.image_metadata
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Let two projects use an image
  curator.glance.image_share:
    cloud: provider
    image: GPU Ubuntu 24.04
    projects: [customer_a, customer_b]

- name: Accept it, as one of them
  curator.glance.image_share:
    cloud: customer_a
    image: GPU Ubuntu 24.04
    status: accepted

- name: Take it away from everybody else, and show who that would be
  curator.glance.image_share:
    cloud: provider
    image: GPU Ubuntu 24.04
    projects: [customer_a]
    project_domain: customers
    exact: true
  check_mode: true
  diff: true

- name: Stop sharing, and leave no grant behind
  curator.glance.image_share:
    cloud: provider
    image: GPU Ubuntu 24.04
    projects: []
    exact: true
    visibility: private
"""

RETURN = r"""
image:
  description: The image afterwards, with the keys that M(curator.glance.image_info) describes.
    In check mode V(none) if there is no such image yet.
  returned: success
  type: dict
members:
  description:
    - Who the image is shared with afterwards; empty where its visibility is not shared.
    - For a consumer, its own entry alone.
  returned: success, and after a failure that left some projects done
  type: list
  elements: dict
  contains:
    project_id:
      description: Id of the project.
      type: str
    project_name:
      description: Name of the project, where the task named it by that.
      type: str
    status:
      description: What the project answered. One of V(accepted), V(rejected), V(pending).
      type: str
  sample:
    - project_id: 6f70656e737461636b20676c616e6365
      project_name: customer_a
      status: pending
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
from ..module_utils.domain.share import ANSWERS, ShareWish, plan_share
from ..module_utils.work.sharing import read_shared_image

OPTIONS = {
    "image": {"type": "str", "required": True},
    "projects": {"type": "list", "elements": "str"},
    "project_domain": {"type": "str"},
    "state": {"type": "str", "default": "present", "choices": ["present", "absent"]},
    "exact": {"type": "bool", "default": False},
    "visibility": {"type": "str", "choices": list(VISIBILITIES)},
    "status": {"type": "str", "choices": list(ANSWERS)},
    "member_quota": {"type": "int", "default": 128},
}


def main() -> None:
    module.run_change(
        OPTIONS,
        understand=ShareWish.from_params,
        read=read_shared_image,
        plan=plan_share,
        predicted={"members": []},
        mutually_exclusive=[("status", "projects"), ("status", "visibility")],
    )


if __name__ == "__main__":
    main()
