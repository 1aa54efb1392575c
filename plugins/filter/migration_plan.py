# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils.domain.migration.many.deciding import decide
from ..module_utils.errors import CuratorError

DOCUMENTATION = r"""
name: migration_plan
short_description: Decide which of many images have to be moved where
version_added: 0.2.0
description:
  - For the role P(curator.glance.migrate_images#role). Compares the images of a cloud with those of
    others, by the rules of M(curator.glance.image_migrate), and from listings alone.
positional: _input
options:
  _input:
    description:
      - The images that were asked for, as
        O(curator.glance.migrate_images#role:main:migrate_images_list).
    type: list
    elements: raw
    required: true
  source:
    description: The cloud that has them, as P(curator.glance.migration_clouds#filter) gives it.
    type: dict
    required: true
  here:
    description: What M(curator.glance.image_info) told of the images there.
    type: dict
    required: true
  found:
    description: Images that it found besides when it was asked for single ones.
    type: list
    elements: dict
    default: []
  destinations:
    description: Where they shall be, as P(curator.glance.migration_clouds#filter) gives it.
    type: list
    elements: dict
    required: true
  there:
    description:
      - What stands there. A list of pairs. The first is the number of a destination with the owner
        that an element names, or null; the second what M(curator.glance.image_info) told of it.
    type: list
    elements: list
    required: true
  select:
    description:
      - A JMESPath expression over the images of O(here) that belong to the session's own project
        or, where the source names an owner, to that one.
    type: str
  common:
    description: What goes for all images that do not say it themselves.
    type: dict
    default: {}
  update_members:
    description: Whether images that are there are to be looked at for members that they lack.
    type: bool
    default: false
seealso:
  - plugin: curator.glance.migrate_images
    plugin_type: role
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Say what would have to be moved
  ansible.builtin.debug:
    msg: >-
      {{ (['Debian 12'] | curator.glance.migration_plan(
         source=(['provider'] | curator.glance.migration_clouds(source=true) | first), here=here,
         destinations=(['elsewhere'] | curator.glance.migration_clouds),
         there=[[[0, none], there]])).table }}
"""

RETURN = r"""
_value:
  description:
    - C(images) has each image with its C(moves), one for each destination, and what is to be done
      and why.
    - C(work) has the jobs, each with a C(slug) that may be the name of a host, and the images that
      have to be moved one after the other.
    - C(table) and C(busy) have lines for people, with all images and with those that need anything;
      C(bytes) how much is to be C(read) and C(written); C(source) the words for the source.
  type: dict
"""


def migration_plan(
    given: Sequence[Any],
    *,
    source: Mapping[str, Any],
    here: Mapping[str, Any],
    destinations: Sequence[Mapping[str, Any]],
    there: Iterable[tuple[tuple[int, str | None], Mapping[str, Any]]],
    found: Sequence[Mapping[str, Any]] = (),
    select: str | None = None,
    common: Mapping[str, Any] | None = None,
    update_members: bool = False,
) -> dict[str, Any]:
    """What has to be done for all images."""
    try:
        return decide(
            given,
            source=source,
            here=here,
            found=found,
            destinations=destinations,
            there=there,
            select=select,
            common=common or {},
            update_members=update_members,
        )
    except CuratorError as error:
        raise AnsibleFilterError(error.message) from error


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"migration_plan": migration_plan}
