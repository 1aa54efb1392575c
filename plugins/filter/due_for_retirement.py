# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: due_for_retirement
short_description: Which versions of images have had their time
version_added: 0.2.0
description:
  - Of a listing of images, returns those that a policy retires now, how far, and why. For
    M(curator.glance.image_retire), as the role P(curator.glance.retire_images#role) uses it.
  - Versions of one entry of a catalog belong together. They are told by the property
    C(curator_entry) that M(curator.glance.image_upload_raw) writes.
  - In the result are only images that are this collection's by every sign, were proven, and have
    been published.
positional: _input, policy
options:
  _input:
    description: Images as M(curator.glance.image_info) returns them, hidden ones too.
    type: list
    elements: dict
    required: true
  policy:
    description: When versions are retired, and how far.
    type: dict
    default: {}
    suboptions:
      entries:
        description:
          - The names of the entries whose versions are looked at. Left out, those of all entries.
        type: list
        elements: str
      keep:
        description: So many versions of each entry that stepped back stay as they are, the newest.
        type: int
        default: 2
      max_age:
        description:
          - Versions that stepped back longer ago than that, in days, do not stay for the sake of
            O(policy.keep). Left out, they do.
        type: int
      uuid_validity:
        description:
          - What customers are promised about the ids of images that do not say it themselves, in
            the words of the Sovereign Cloud Stack. An image's own property C(uuid_validity) comes
            first.
          - V(none) promises nothing, V(last-3) that the ids of the three newest versions that
            stepped back work, V(2028-06-30) that the id works until that day, and V(notice) and
            V(forever) that it works until somebody changes the property. What is not understood
            counts as V(forever).
          - As long as a promise holds, an image goes no further than V(community), where its id
            works as before.
        type: str
        default: none
      provided_until:
        description:
          - Whether a published image is hidden once the day in its property C(provided_until) has
            passed. What goes further than V(community) follows after that.
          - Take the entry out of the catalog as well, or the next run publishes it again.
        type: bool
        default: false
      levels:
        description:
          - How far images go, and from how many days after they stepped back. One that is beyond
            O(policy.keep) goes to the last level whose days have passed.
        type: dict
        default: {hide: 0}
      force:
        description:
          - Whether protected images are retired, too. Otherwise they are left out.
          - M(curator.glance.image_retire) is given the same, and says what it means there for the
            level V(delete).
        type: bool
        default: false
  project:
    description:
      - Id of the project whose images these are, as M(curator.glance.image_info) returns it.
    type: str
    required: true
  now:
    description: The day, or the time in ISO 8601, at which this is decided.
    type: str
    required: true
seealso:
  - module: curator.glance.image_retire
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: List what this collection made, in sight and hidden
  curator.glance.image_info:
    cloud: provider
    tags: [managed_by_curator]
    include_hidden: true
  register: made

- name: Show what would have to go
  ansible.builtin.debug:
    msg: >-
      {{ made.images | curator.glance.due_for_retirement(policy, project=made.project_id,
                                                         now=now(utc=true).isoformat()) }}
  vars:
    policy:
      keep: 3
      levels: {hide: 0, deactivate: 90}
"""

RETURN = r"""
_value:
  description: The images to retire.
  type: list
  elements: dict
  contains:
    id:
      description: The image's id.
      type: str
    name:
      description: Its name.
      type: str
    entry:
      description: The entry of which it is a version.
      type: str
    state:
      description: Where it stands in its life.
      type: str
    level:
      description: How far it goes.
      type: str
    reason:
      description: Why.
      type: str
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils.domain.retirement import RetirePolicy, due, image_from_result
from ..module_utils.errors import CuratorError


def due_for_retirement(
    images: Iterable[Mapping[str, Any]],
    policy: Mapping[str, Any] | None = None,
    *,
    project: str,
    now: str,
) -> list[dict[str, Any]]:
    """The images that a policy retires now, how far, and why."""
    try:
        today = datetime.fromisoformat(now).date()
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(f"now is {now!r}. Give a day or a time in ISO 8601.") from error
    try:
        found = due(
            [image_from_result(image) for image in images],
            RetirePolicy.from_option(policy),
            project=project,
            today=today,
        )
    except CuratorError as error:
        raise AnsibleFilterError(error.message) from error
    return [retirement.as_plain() for retirement in found]


class FilterModule:
    def filters(self) -> Mapping[str, Callable[..., Any]]:
        return {"due_for_retirement": due_for_retirement}
