# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils.domain.import_boot import boot_check
from ..module_utils.errors import CuratorError

DOCUMENTATION = r"""
name: import_boot_check
short_description: Read how an imported machine is to be booted
version_added: 0.2.0
description:
  - For the role P(curator.glance.import_vm#role). What cannot be meant is an error that names the
    key, before anything is fetched.
positional: _input
options:
  _input:
    description: What the user wrote, as O(curator.glance.import_vm#role:main:import_vm_boot_check).
    type: raw
    required: true
seealso:
  - plugin: curator.glance.import_vm
    plugin_type: role
  - module: curator.glance.image_boot_check
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Say where machines would be booted
  ansible.builtin.debug:
    msg: "{{ (true | curator.glance.import_boot_check).where }}"
"""

RETURN = r"""
_value:
  description: C(where) it is booted, and the C(options) of M(curator.glance.image_boot_check).
    Empty if it is not booted.
  type: dict
"""


def import_boot_check(given: Any) -> dict[str, Any]:
    """Where it is booted, and what the check is told."""
    try:
        return boot_check(given)
    except CuratorError as error:
        raise AnsibleFilterError(error.message) from error


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"import_boot_check": import_boot_check}
