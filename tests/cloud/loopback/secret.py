# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passwords and keys: random, and kept in the clouds' own folder only."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

from loopback import files
from loopback.layout import SERVICE_USER, SPECS, Home


def passwords(home: Home) -> dict[str, dict[str, str]]:
    """Cloud -> user -> password; those that exist already stay."""
    known = files.read_json(home.secrets)
    known = known if isinstance(known, dict) else {}
    wanted = {
        spec.name: {
            user: known.get(spec.name, {}).get(user) or secrets.token_hex(16)
            for user in (*(account.name for account in spec.accounts), SERVICE_USER)
        }
        for spec in SPECS
    }
    if wanted != known:
        files.write_json(home.secrets, wanted)
    return wanted


def make_keys(folder: Path) -> None:
    """The keys of Keystone's tokens, receipts and stored credentials."""
    for repository in ("fernet", "receipts", "credential"):
        # 0 is the key to come, the highest number the one that signs.
        for number in ("0", "1"):
            path = folder / repository / number
            if not path.exists():
                files.write(path, base64.urlsafe_b64encode(os.urandom(32)).decode())
