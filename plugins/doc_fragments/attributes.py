# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What modules promise of themselves, in Ansible's terms."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
attributes:
  action_group:
    description: Use C(group/curator.glance.glance) in C(module_defaults) to name the cloud once.
    support: full
    membership:
      - curator.glance.glance
  check_mode:
    description: Can run in check mode and tell what would change without changing it.
  diff_mode:
    description: Shows what changed, or would change, when the task runs with C(--diff).
  idempotent:
    description: Run again with the same options, it changes nothing and says so.
    support: full
"""

    CHANGES = r"""
attributes:
  check_mode:
    support: full
    details:
      - An image that does not exist (yet) is no failure in check mode. The module warns, and
        returns RV(ignore:changed=true) and RV(ignore:image=none), so that a chain of tasks can be
        predicted before its first one ran.
  diff_mode:
    support: full
"""

    MAKES = r"""
attributes:
  check_mode:
    support: full
    details:
      - Nothing is made; what is returned is what would be, as far as it can be known. The id of an
        image that is not there yet may turn out to be another one.
  diff_mode:
    support: full
"""

    READS = r"""
attributes:
  check_mode:
    support: full
    details:
      - It changes nothing.
  diff_mode:
    support: N/A
    details:
      - It changes nothing.
"""
