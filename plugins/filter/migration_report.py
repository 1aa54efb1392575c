# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..module_utils.domain.migration.many.report import report

DOCUMENTATION = r"""
name: migration_report
short_description: Say what came of moving many images
version_added: 0.2.0
description:
  - For the role P(curator.glance.migrate_images#role). Puts together what was planned and what
    M(curator.glance.image_migrate) said of each image.
positional: _input, outcomes
options:
  _input:
    description: The plan, as P(curator.glance.migration_plan#filter) gives it.
    type: dict
    required: true
  outcomes:
    description:
      - By the ids of the images at the source, C(results) of the last of so many C(attempts), or
        C(msg) where there are none.
    type: dict
    required: true
  predicted:
    description: Whether nothing was done, and the plan is the result.
    type: bool
    default: false
seealso:
  - plugin: curator.glance.migrate_images
    plugin_type: role
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Count what would be done
  ansible.builtin.debug:
    msg: "{{ (plan | curator.glance.migration_report({}, predicted=true)).summary }}"
"""

RETURN = r"""
_value:
  description: The fact C(migrate_images_result) of the role.
  type: dict
"""


def migration_report(
    plan: Mapping[str, Any],
    outcomes: Mapping[str, Mapping[str, Any]],
    *,
    predicted: bool = False,
) -> dict[str, Any]:
    """What became of each image."""
    return report(plan, outcomes, predicted=predicted)


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"migration_report": migration_report}
