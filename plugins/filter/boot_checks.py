# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils.domain.boot.several import several_checks
from ..module_utils.errors import CuratorError

DOCUMENTATION = r"""
name: boot_checks
short_description: Decide which images are booted, and what each check is told
version_added: 0.2.0
description:
  - For the role P(curator.glance.verify_images#role). Reads what a user wrote of the images that it
    shall boot. What cannot be meant is an error that names the element and the key, before anything
    is booted.
positional: _input
options:
  _input:
    description: The list, as O(curator.glance.verify_images#role:main:verify_images_list).
    type: list
    elements: raw
    required: true
  select:
    description:
      - A JMESPath expression that chooses further images from O(listing). Those that the list has
        are left out.
    type: str
  listing:
    description: What M(curator.glance.image_info) returned. Only images of the session's project
      count.
    type: dict
    default: {}
  common:
    description:
      - What goes for all images that do not say it themselves, as options of
        M(curator.glance.image_boot_check). None counts as not said.
    type: dict
    default: {}
  prefix:
    description: What stands before the names of O(common) where the user wrote them, for errors.
    type: str
    default: verify_images_
seealso:
  - plugin: curator.glance.verify_images
    plugin_type: role
  - module: curator.glance.image_boot_check
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: List which images were meant
  ansible.builtin.debug:
    msg: "{{ ['Debian 12'] | curator.glance.boot_checks | map(attribute='name') }}"
"""

RETURN = r"""
_value:
  description:
    - Of each image, its C(name), as far as it is known; C(slug), a name for a host; and C(options),
      those of M(curator.glance.image_boot_check).
  type: list
  elements: dict
"""


def boot_checks(
    given: Any,
    select: str | None = None,
    listing: Mapping[str, Any] | None = None,
    common: Mapping[str, Any] | None = None,
    prefix: str = "verify_images_",
) -> list[dict[str, Any]]:
    """What each check is told."""
    listed = listing or {}
    own = [one for one in listed.get("images", []) if one["owner"] == listed["project_id"]]
    try:
        return several_checks(given, select=select, own=own, common=common or {}, prefix=prefix)
    except CuratorError as error:
        raise AnsibleFilterError(error.message) from error


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"boot_checks": boot_checks}
