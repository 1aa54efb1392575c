# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils.domain.import_prepare import preparation, read
from ..module_utils.errors import CuratorError

DOCUMENTATION = r"""
name: import_preparation
short_description: Read what is to be done to the guest of an imported machine
version_added: 0.2.0
description:
  - For the role P(curator.glance.import_vm#role). What cannot be meant is an error that names the
    key, before anything is fetched.
positional: _input, base_dir
options:
  _input:
    description:
      - What the user wrote, as O(curator.glance.import_vm#role:main:import_vm_prepare), or what
        P(curator.glance.import_machines#filter) made of it.
    type: raw
    required: true
  base_dir:
    description: Where relative paths of files begin that operations name.
    type: str
    default: ""
seealso:
  - plugin: curator.glance.import_vm
    plugin_type: role
  - module: curator.glance.image_prepare
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Say what would be done
  ansible.builtin.debug:
    msg: "{{ ('auto' | curator.glance.import_preparation).operations }}"
"""

RETURN = r"""
_value:
  description: Options of M(curator.glance.image_prepare). Empty if the guest is left as it is.
  type: dict
"""


def import_preparation(given: Any, base_dir: str = "") -> dict[str, Any]:
    """What image_prepare is told."""
    try:
        return preparation(read("prepare", given, base_dir))
    except CuratorError as error:
        raise AnsibleFilterError(error.message) from error


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"import_preparation": import_preparation}
