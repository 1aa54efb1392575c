# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils.domain.migration.many.ledger import continued, entries_of
from ..module_utils.errors import CuratorError

DOCUMENTATION = r"""
name: migration_ledger
short_description: Continue the ledger of what was moved where
version_added: 0.2.0
description:
  - For the role P(curator.glance.migrate_images#role). Takes a ledger, and gives it with what a
    further run came to. There is one entry for each image of a source and each destination. Where
    the image there is the same as before, its entry stays as it is.
positional: _input, result
options:
  _input:
    description: The ledger as it was read, or null where there is none yet.
    type: raw
    required: true
  result:
    description: The result of the run, as P(curator.glance.migration_report#filter) gives it.
    type: dict
    default: {images: []}
  now:
    description: When this is, for new entries.
    type: str
    default: ""
seealso:
  - plugin: curator.glance.migrate_images
    plugin_type: role
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: See whether a file is a ledger
  ansible.builtin.debug:
    msg: "{{ ledger | from_yaml | curator.glance.migration_ledger }}"
"""

RETURN = r"""
_value:
  description: The ledger.
  type: dict
  contains:
    images:
      description: Its entries, in the order in which they were made.
      type: list
      elements: dict
"""


def migration_ledger(
    document: Any, result: Mapping[str, Any] | None = None, *, now: str = ""
) -> dict[str, Any]:
    """The ledger with what a run came to."""
    try:
        return {"images": continued(entries_of(document), result or {"images": []}, now)}
    except CuratorError as error:
        raise AnsibleFilterError(error.message) from error


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"migration_ledger": migration_ledger}
