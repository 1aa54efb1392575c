# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils.domain.migration.many.clouds import SOURCE, cloud_of, destinations_of
from ..module_utils.errors import CuratorError

DOCUMENTATION = r"""
name: migration_clouds
short_description: Read which clouds images are moved between
version_added: 0.2.0
description:
  - For the role P(curator.glance.migrate_images#role). Takes clouds as its variables name them, and
    gives the options of a session with each, words for it that hold no secret, and what else was
    said of it.
positional: _input
options:
  _input:
    description:
      - A list of clouds, each by its name in C(clouds.yaml), or as a dict of the options that name
        a cloud, in which there may also be C(owner) and, of a destination, C(visibility).
    type: list
    elements: raw
    required: true
  source:
    description: Whether these are sources, and not destinations.
    type: bool
    default: false
seealso:
  - plugin: curator.glance.migrate_images
    plugin_type: role
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Say what the destinations are called in a report
  ansible.builtin.debug:
    msg: "{{ ['elsewhere'] | curator.glance.migration_clouds | map(attribute='label') }}"
"""

RETURN = r"""
_value:
  description:
    - For each cloud, C(label), the words for it; C(session), which may hold secrets; C(there), with
      C(owner) and C(visibility) as far as they were given; and C(destination), with all of these,
      as O(curator.glance.image_migrate#module:destination) takes them.
  type: list
  elements: dict
"""


def migration_clouds(given: Sequence[Any], *, source: bool = False) -> list[dict[str, Any]]:
    """The clouds of a run."""
    try:
        clouds = [cloud_of(one, SOURCE) for one in given] if source else destinations_of(given)
    except CuratorError as error:
        raise AnsibleFilterError(error.message) from error
    return [cloud.as_plain() for cloud in clouds]


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"migration_clouds": migration_clouds}
