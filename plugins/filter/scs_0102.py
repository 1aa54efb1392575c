# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: scs_0102
short_description: What images lack of the Sovereign Cloud Stack's metadata
version_added: 0.2.0
description:
  - Holds what an image says of itself against the image metadata standard of the Sovereign Cloud
    Stack (scs-0102), and returns what is missing and what is wrong.
  - With a list of images it also finds those that may not stand side by side, which are two public
    images in sight for general use of one version of a distribution on one architecture.
positional: _input, version
options:
  _input:
    description: An image as M(curator.glance.image_info) returns it, or a list of them.
    type: raw
    required: true
  version:
    description: The version of the standard. V(v2) is a draft, in which C(os_purpose) is mandatory.
    type: str
    choices: [v1.1, v2]
    default: v1.1
seealso:
  - plugin: curator.glance.scs_0102
    plugin_type: test
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Look at the catalog
  curator.glance.image_info:
    cloud: provider
    visibility: public
  register: catalog

- name: Show which images lack something, and what
  ansible.builtin.debug:
    msg: "{{ catalog.images | curator.glance.scs_0102 | rejectattr('compliant') }}"
"""

RETURN = r"""
_value:
  description: What one image lacks, or a list of that for a list of images, in its order.
  type: raw
  contains:
    id:
      description: The image's id.
      type: str
    name:
      description: Its name.
      type: str
    compliant:
      description: Whether nothing is missing or wrong.
      type: bool
    missing:
      description: Mandatory fields that the image does not have.
      type: list
      elements: str
    recommended:
      description: Recommended fields that it does not have. They do not count.
      type: list
      elements: str
    wrong:
      description: What is wrong, a sentence each.
      type: list
      elements: str
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils.domain.scs import VERSIONS, verdicts
from ..module_utils.errors import InvalidRequest


def scs_0102(images: Any, version: str = VERSIONS[0]) -> Any:
    """The verdict on an image, or on each of several."""
    several = isinstance(images, list)
    today = datetime.now(UTC).date()
    try:
        found = verdicts(images if several else [images], today=today, version=version)
    except InvalidRequest as error:
        raise AnsibleFilterError(error.message) from error
    results = [verdict.as_result() for verdict in found]
    return results if several else results[0]


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"scs_0102": scs_0102}
