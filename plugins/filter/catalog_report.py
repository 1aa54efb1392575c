# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: catalog_report
short_description: What the images of a catalog come to
version_added: 0.2.0
description:
  - Makes a report of the images that this collection published, for those who use them and for
    those who look after them. It is what the role P(curator.glance.report_images#role) writes.
  - It goes by what stands on the images. Images that others made, servers' snapshots too, are not
    in it.
positional: _input
options:
  _input:
    description: Images as M(curator.glance.image_info) returns them, the hidden ones too.
    type: list
    elements: dict
    required: true
  project_id:
    description: The project whose images these are, as M(curator.glance.image_info) returns it.
      Left out, images of all projects count.
    type: str
  plan:
    description: What M(curator.glance.catalog_plan) returned. Left out or empty, the report says
      nothing of what the catalog wants.
    type: dict
  cloud:
    description: What the cloud is called in the report.
    type: str
    default: ''
  title:
    description: What the report is called.
    type: str
    default: Images
  audience:
    description:
      - Who is to read it. With V(users), it leaves out private and hidden images, older versions,
        ages, verdicts and plans, and may be given to everybody who uses the cloud.
    type: str
    choices: [all, users]
    default: all
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Look at all images
  curator.glance.image_info:
    cloud: provider
    include_hidden: true
    tags: [managed_by_curator]
  register: found

- name: Show which images are older than they should be
  ansible.builtin.debug:
    msg: "{{ current | selectattr('age.too_old') | map(attribute='name') }}"
  vars:
    report: "{{ found.images | curator.glance.catalog_report(project_id=found.project_id) }}"
    current: "{{ report.entries | map(attribute='image') | select }}"
"""

RETURN = r"""
_value:
  description: The report.
  type: dict
  contains:
    title:
      description: What it is called.
      type: str
    cloud:
      description: What the cloud is called.
      type: str
    generated_at:
      description: When it was made, in UTC.
      type: str
    audience:
      description: Who is to read it.
      type: str
    compared:
      description: Whether it knows what the catalog wants.
      type: bool
    entries:
      description: An element for each name, in their order.
      type: list
      elements: dict
      contains:
        name:
          description: The name.
          type: str
        image:
          description: The version that has the name, or null. What it is, why it is believed
            (C(proof)), how a server is started from it (C(launch) and C(login)), how old it is
            (C(age)), and what the Sovereign Cloud Stack's standard misses (C(scs)).
          type: dict
        older:
          description: Versions that stepped back, the newest first.
          type: list
          elements: dict
        plan:
          description: What the catalog wants of it, as C(action), C(reasons) and C(changes), or
            null.
          type: dict
        troubles:
          description: What should be looked at.
          type: list
          elements: str
    missing:
      description: Entries of the catalog that no image was published for, as C(name) and C(plan).
      type: list
      elements: dict
    troubles:
      description: All that should be looked at, a line for each name.
      type: list
      elements: str
    unfinished:
      description: How many images are being made, or wait to be published.
      type: int
    unmanaged:
      description: How many images of the project this collection did not make; null without a plan
        of the whole catalog.
      type: int
    bytes:
      description: What the images take, the older ones too.
      type: int
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils.domain.report.report import for_users, report_of
from ..module_utils.errors import InvalidRequest

_AUDIENCES = ("all", "users")


def catalog_report(
    images: Sequence[Mapping[str, Any]],
    project_id: str | None = None,
    *,
    plan: Mapping[str, Any] | None = None,
    cloud: str = "",
    title: str = "Images",
    audience: str = "all",
) -> dict[str, Any]:
    """The report on these images, as of now."""
    if audience not in _AUDIENCES:
        raise AnsibleFilterError(f"audience is {audience!r}. Give one of {', '.join(_AUDIENCES)}.")
    try:
        report = report_of(
            images,
            project_id=project_id,
            now=datetime.now(UTC),
            plan=plan or None,
            cloud=cloud,
            title=title,
        )
    except InvalidRequest as error:
        raise AnsibleFilterError(error.message) from error
    return for_users(report) if audience == "users" else report


class FilterModule:
    def filters(self) -> Mapping[str, Callable[..., Any]]:
        return {"catalog_report": catalog_report}
