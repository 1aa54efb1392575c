# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of an image whose name another one takes: said alike by all modules."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  supersede:
    description: How the old image steps back, where it does.
    type: dict
    suboptions:
      rename:
        description:
          - Its new name, from C({name}), C({date}) (when it was made) and C({id}). If there is an
            image of that name, the beginning of its id is added.
        type: str
        default: "{name} {date}"
      hidden:
        description: Whether it is left out of listings from then on.
        type: bool
        default: true
      visibility:
        description: Who may see it from then on.
        type: str
        choices: [unchanged, private, shared, community, public]
        default: unchanged
      deactivate:
        description: Whether nobody can start it any more.
        type: bool
        default: false
"""

    ON_CHANGE = r"""
options:
  on_change:
    description:
      - What to do with an image of that name that has other content. V(rotate) lets it step back
        once the new one is there, V(keep_both) leaves it alone, V(fail) changes nothing.
    type: str
    choices: [rotate, keep_both, fail]
    default: rotate
"""
