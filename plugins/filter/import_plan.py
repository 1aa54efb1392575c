# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..module_utils.domain.import_plan import plan_import

DOCUMENTATION = r"""
name: import_plan
short_description: Decide which images become of a machine, with which hardware
version_added: 0.2.0
description:
  - For the role P(curator.glance.import_vm#role). Takes a machine of
    P(curator.glance.import_machines#filter) and what M(curator.glance.image_inspect) said of its
    disks, and gives what the modules have to be told, and the reasons for it.
positional: _input, looks
options:
  _input:
    description: A machine.
    type: dict
    required: true
  looks:
    description:
      - The results of M(curator.glance.image_inspect) for each of its disks, in their order. An
        empty list where the source is not here, as in check mode.
    type: list
    elements: dict
    default: []
  allowed_formats:
    description: The formats that the disks may have. An empty list allows all.
    type: list
    elements: str
    default: []
  profile_definitions:
    description:
      - Profiles of your own, as O(curator.glance.image_hw_props#module:profile_definitions) takes
        them.
    type: dict
    default: {}
  prepared:
    description:
      - The result of M(curator.glance.image_prepare) for the disk that the machine starts from.
        What it found in the guest counts more than what is not known without looking.
    type: dict
    default: {}
seealso:
  - plugin: curator.glance.import_vm
    plugin_type: role
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Say what would be proposed for a disk
  ansible.builtin.debug:
    msg: "{{ (machines | first | curator.glance.import_plan([found])).reasons }}"
  vars:
    machines: "{{ [{'name': 'Wiki', 'source': '/srv/a.ova'}] | curator.glance.import_machines }}"
"""

RETURN = r"""
_value:
  description:
    - C(disks) has for each image its C(name), its C(number), and what else
      M(curator.glance.image_upload_raw) is told of it.
    - C(hardware) has the C(profiles) and C(properties) that M(curator.glance.image_hw_props) is
      told of the first one, C(chosen_by) says who chose them, V(proposal) or V(import), and
      C(reasons) says why.
    - C(hardware_to_try) is a list of the same, the chosen one first, and after it what boots where
      that does not. Each has a C(name), C(profiles), C(properties), and as C(hardware) what these
      come to.
    - C(faults) has a text for each thing that speaks against the import, in a disk, in
      C(min_disk), or in the hardware. What only the cloud's own definitions can tell is no fault.
  type: dict
"""


def import_plan(
    machine: Mapping[str, Any],
    looks: Sequence[Mapping[str, Any]] = (),
    allowed_formats: Sequence[str] = (),
    profile_definitions: Mapping[str, Any] | None = None,
    prepared: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What the modules are told of a machine."""
    return plan_import(
        machine,
        looks,
        allowed_formats=allowed_formats,
        profile_definitions=profile_definitions,
        prepared=prepared,
    )


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"import_plan": import_plan}
