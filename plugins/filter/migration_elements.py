# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils.domain.migration.many.elements import elements_of
from ..module_utils.errors import CuratorError

DOCUMENTATION = r"""
name: migration_elements
short_description: Read a list of images to move
version_added: 0.2.0
description:
  - For the role P(curator.glance.migrate_images#role). Reads what a user wrote of the images that
    it shall move. What cannot be meant is an error that names the element and the key, before
    anything is asked of a cloud.
positional: _input
options:
  _input:
    description: The list, as O(curator.glance.migrate_images#role:main:migrate_images_list).
    type: list
    elements: raw
    required: true
  common:
    description: What goes for all elements that do not say it themselves, by the same keys.
    type: dict
    default: {}
seealso:
  - plugin: curator.glance.migrate_images
    plugin_type: role
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: List which images were meant
  ansible.builtin.debug:
    msg: "{{ ['Debian 12'] | curator.glance.migration_elements | map(attribute='image') }}"
"""

RETURN = r"""
_value:
  description: Of each element, C(image), as it was named, and C(owner), or null.
  type: list
  elements: dict
"""


def migration_elements(
    given: Sequence[Any], common: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The images that a list names, and whose each shall be."""
    try:
        elements = elements_of(given, common or {})
    except CuratorError as error:
        raise AnsibleFilterError(error.message) from error
    return [{"image": element.image, "owner": element.owner} for element in elements]


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"migration_elements": migration_elements}
