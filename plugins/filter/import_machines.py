# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils.domain.machine_list import machines_of, rows_of
from ..module_utils.errors import InvalidRequest

DOCUMENTATION = r"""
name: import_machines
short_description: Make a list of machines to import plain
version_added: 0.2.0
description:
  - Reads what a user wrote of the machines that the role P(curator.glance.import_vm#role) shall
    import, and gives each of them with values of the right types, so that nothing has to be looked
    at twice.
  - What cannot be meant is an error that names the machine and the key. Nothing is done then.
positional: _input
options:
  _input:
    description:
      - A list of dicts, with the keys of O(ignore:import_vm_list) of the role.
      - Or a text in CSV, whose first line names the keys. Between the cells are commas, semicolons
        or tabs. A cell without content counts as left out. Lists have blanks, commas or semicolons
        between their elements. A column C(properties.hw_disk_bus) has the values of one property.
    type: raw
    required: true
  defaults:
    description:
      - Keys and values for every machine that does not have the key itself. Tags are added to those
        of the machine, and properties one by one.
    type: dict
  base_dir:
    description: The folder in which relative paths begin. Left out, they are taken as they are.
    type: path
seealso:
  - plugin: curator.glance.import_vm
    plugin_type: role
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Show what a table of machines comes to
  ansible.builtin.debug:
    msg: "{{ lookup('ansible.builtin.file', 'machines.csv') | curator.glance.import_machines }}"

- name: Say once what goes for all
  ansible.builtin.debug:
    msg: "{{ machines | curator.glance.import_machines(defaults={'tags': ['imported']}) }}"
  vars:
    machines:
      - source: /srv/exports/accounting.ova
        name: Accounting
"""

RETURN = r"""
_value:
  description:
    - A list of dicts, one for each machine, with the keys that it was given, and C(slug), a name
      for it that may be one of a host. Of the properties, C(hardware) has those of virtual hardware
      and C(properties) the others.
  type: list
  elements: dict
"""


def import_machines(
    given: Any, *, defaults: Mapping[str, Any] | None = None, base_dir: str = ""
) -> list[dict[str, Any]]:
    """The machines of a list or of a table."""
    if isinstance(given, Mapping):
        raise AnsibleFilterError(
            f"The list of machines is a map of {', '.join(map(str, given)) or 'nothing'}. Give a "
            "list of maps, in a file also as import_vm_list."
        )
    if not isinstance(given, str | list | None):
        raise AnsibleFilterError(
            f"The list of machines is {given!r}. Give a list of maps, or a table in CSV."
        )
    try:
        elements = rows_of(given) if isinstance(given, str) else given or []
        return machines_of(elements, defaults=defaults, base_dir=base_dir)
    except InvalidRequest as error:
        raise AnsibleFilterError(error.message) from error


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"import_machines": import_machines}
