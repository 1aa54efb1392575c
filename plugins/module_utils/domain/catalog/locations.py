# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Where an entry's files are: relative paths begin where the catalog is."""

from __future__ import annotations

import posixpath
import re

from ...errors import InvalidRequest

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/")
_USERINFO = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/]*@")


def located(key: str, text: str, base_dir: str) -> str:
    """A URL as it is; a path that begins at the root or in somebody's home."""
    if "{{" in text:
        raise InvalidRequest(
            f"{key} holds a template, {{{{ … }}}}, which nobody fills in: a catalog is plain data. "
            "Write it out, or give the catalog as a variable of the play."
        )
    if _URL.match(text):
        if _USERINFO.match(text):
            raise InvalidRequest(
                f"{key} holds a user or a password. A catalog holds no secrets: put them into "
                "~/.netrc on the host that runs the task."
            )
        return text
    if text.startswith("~"):
        return text
    return posixpath.normpath(posixpath.join(base_dir, text))
