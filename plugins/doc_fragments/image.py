# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which image a task is about."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  image:
    description:
      - The image, by name or id.
      - A name is looked for among the images of the session's own project, visible ones before
        hidden ones, and only then among what others made public or shared with it and it accepted.
        Community images of others are found by id only, and what other projects keep private is
        never found by its name, not even by an administrator.
      - Several images of the name are an error that lists their ids.
    type: str
    required: true
"""
