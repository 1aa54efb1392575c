#!/usr/bin/python
# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: image_publish
short_description: Let a staged image take its public name, and the old one step back
version_added: 0.2.0
description:
  - Gives an image that was made with M(curator.glance.image_upload_raw) and C(publish=false) its
    name and its visibility, in one request, and lets the image that had the name step back.
  - Glance changes one image at a time. The new image gets the name first and the old one steps back
    then. So for the time of some requests there are two images of the name, both proven, and never
    none.
  - A run that died in between can simply be repeated. The image says whom it follows, and the one
    that should have stepped back does so then.
  - Runs that publish different images under one name at the same moment end with one of them there,
    the last one, and the others stepped back.
  - An image of this collection that was never proven is refused, and so is one that is not active.
    Another image of the session's own project, such as the snapshot of a server, may be published
    as well. It gets no marks of this collection, as they would not be true.
  - The last boot check of a staged image may have failed, which its C(curator_verify_failed) says.
    It is published all the same, as this task was asked to, and a warning has the reason.
  - An image that stepped back earlier can be published again, with which it steps forward.
options:
  image:
    description:
      - The image to publish, by name or id. Prefer the id, as the name changes with this task.
      - It has to belong to the session's own project.
    type: str
    required: true
  name:
    description:
      - The name that it gets. Left out, the name that it was uploaded for; for an image that this
        collection did not make, the name that it has.
    type: str
  visibility:
    description:
      - Who may see the image. Left out, whoever may see the old one; where there is none, it stays
        as it is, which is private for a staged image.
      - An image that is published already keeps its visibility, unless this says otherwise.
    type: str
    choices: [private, shared, community, public]
  hidden:
    description: Whether the image is left out of listings. By its id it can still be used.
    type: bool
    default: false
  protected:
    description: Whether the image is protected from deletion. Left out, that does not change.
    type: bool
  carry:
    description:
      - What the image takes over from the one that it follows.
      - With V(members), the projects that a shared image is shared with. The image is shared with
        them before it gets the name. What they answered is carried over where the session may do
        that, which usually is for administrators. For others, members do not find the new image in
        their lists before they accept it, and a warning names them. To leave no such gap, share and
        accept the staged image with M(curator.glance.image_share) before it is published.
      - With V(protection), protection from deletion, where the old image has it. The old one stays
        protected.
    type: list
    elements: str
    choices: [members, protection]
extends_documentation_fragment:
  - curator.glance.attributes
  - curator.glance.attributes.changes
  - curator.glance.supersede
  - curator.glance.supersede.on_change
  - curator.glance.cloud
notes:
  - Of the images that the Sovereign Cloud Stack calls C(generic) (property C(os_purpose)), one may
    be public and visible for a version of a distribution on an architecture. So an old image that
    stays visible (O(supersede.hidden=false)) becomes C(oldgeneric), in the same request with which
    it steps back. Another image of the project that breaks the rule is named in a warning.
seealso:
  - module: curator.glance.image_upload_raw
  - module: curator.glance.image_retire
  - module: curator.glance.image_share
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Upload a new release, seen by nobody yet
  curator.glance.image_upload_raw:
    cloud: provider
    name: Debian 12
    source: https://images.example.com/debian-12.qcow2
    source_checksum: sha512:https://images.example.com/SHA512SUMS
    publish: false
  register: staged

- name: Publish it
  curator.glance.image_publish:
    cloud: provider
    image: "{{ staged.image.id }}"
    visibility: public

- name: Publish an image that only some may use, and let them keep it
  curator.glance.image_publish:
    cloud: provider
    image: "{{ staged.image.id }}"
    carry: [members, protection]
    supersede:
      rename: "{name} (until {date})"
      hidden: false

- name: Take the last release back
  curator.glance.image_publish:
    cloud: provider
    image: 3d8b7c2e-1f0a-4b57-9a1c-6d5e4f3a2b10
"""

RETURN = r"""
image:
  description: The image afterwards, with the keys that M(curator.glance.image_info) describes.
    In check mode V(none) if there is no such image yet.
  returned: success
  type: dict
action:
  description:
    - V(published) where nobody had the name, V(rotated) where another image stepped back for it,
      and V(unchanged) where it had the name already, also when something else about it was mended.
  returned: success
  type: str
  sample: rotated
previous:
  description: The image that stepped back, with its id and its new name; V(none) if there was none.
  returned: success
  type: dict
  sample:
    id: 3d8b7c2e-1f0a-4b57-9a1c-6d5e4f3a2b10
    name: Debian 12 2026-10-01
members:
  description: Who has the image, as M(curator.glance.image_share) returns them.
  returned: success, with O(carry=members) and where there were any to carry over
  type: list
  elements: dict
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
from ..module_utils.domain.publish import CARRIED, PublishWish, plan_publish
from ..module_utils.domain.succession import FAIL, KEEP_BOTH, ROTATE
from ..module_utils.domain.supersede import SUPERSEDE_OPTIONS
from ..module_utils.work.publishing import carry_out_publish, read_publish

OPTIONS = {
    "image": {"type": "str", "required": True},
    "name": {"type": "str"},
    "visibility": {"type": "str", "choices": list(VISIBILITIES)},
    "hidden": {"type": "bool", "default": False},
    "protected": {"type": "bool"},
    "on_change": {"type": "str", "choices": [ROTATE, KEEP_BOTH, FAIL], "default": ROTATE},
    "supersede": {"type": "dict", "options": SUPERSEDE_OPTIONS},
    "carry": {"type": "list", "elements": "str", "choices": list(CARRIED)},
}


def main() -> None:
    module.run_change(
        OPTIONS,
        understand=PublishWish.from_params,
        read=read_publish,
        plan=plan_publish,
        apply=carry_out_publish,
        predicted={"action": "published", "previous": None},
    )


if __name__ == "__main__":
    main()
