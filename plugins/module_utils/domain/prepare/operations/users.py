# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""users: nobody gets in with a password or a key that is in the image."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..edits import Edit, Remove, Write
from ..guest import Guest, encoded, is_there, text, users
from ..options import LocalFiles, Options

SHADOW, _PASSWD = "/etc/shadow", "/etc/passwd"
_GROUPS = "/etc/gshadow"
# With the copies that programs leave of them.
PASSWORDS = tuple(f"{path}{copy}" for path in (SHADOW, _PASSWD, _GROUPS) for copy in ("", "-"))
# Of users that are in no file; what stands there is for all of them.
_ELSEWHERE = ("+", "-")
_KEYS = (".ssh/authorized_keys", ".ssh/authorized_keys2")
# No password leads to it; and to sshd without PAM it is no locked account, as "!" would be.
NO_PASSWORD = "*"  # noqa: S105  # Just that: none.


def understand(options: Options, _files: LocalFiles) -> Callable[[Guest], Iterator[Edit]]:
    lock = options.flag("lock_passwords", default=True)
    remove_keys = options.flag("remove_authorized_keys", default=True)
    keep = options.texts("keep")
    options.end()

    def plan(guest: Guest) -> Iterator[Edit]:
        if lock:
            yield from locking(guest, keep)
        for user in users(guest) if remove_keys else ():
            for name in _KEYS:
                path = f"{user.home.rstrip('/')}/{name}"
                if user.name not in keep and is_there(guest, path):
                    yield Remove(path=path)

    return plan


def locking(guest: Guest, keep: tuple[str, ...] = ()) -> Iterator[Edit]:
    """Take every password away, from copies as well."""
    for path in PASSWORDS:
        old = text(guest, path)
        if old is not None:
            lines = old.splitlines(keepends=True)
            new = "".join(_locked(path, line, keep) for line in lines)
            if new != old:
                yield Write(path=path, data=encoded(new), secret=True)


def holds_passwords(guest: Guest, path: str) -> bool:
    """Whether there is one in such a file."""
    return bool(_having(guest, path))


def with_passwords(guest: Guest) -> list[str]:
    """The users who have one; one that is empty lets anybody in."""
    return list(dict.fromkeys([*_having(guest, SHADOW), *_having(guest, _PASSWD)]))


def _having(guest: Guest, path: str) -> list[str]:
    fields = (line.split(":") for line in (text(guest, path) or "").splitlines())
    return [one[0] for one in fields if _has_password(path, one)]


def _locked(path: str, line: str, keep: tuple[str, ...]) -> str:
    fields = line.split(":")
    if fields[0] in keep or not _has_password(path, fields):
        return line
    return ":".join([fields[0], NO_PASSWORD, *fields[2:]])


def _has_password(path: str, fields: list[str]) -> bool:
    if len(fields) <= 1 or fields[0].startswith(_ELSEWHERE):
        return False
    if fields[1] == "":
        # A user without one is let in by any; a group without one lets in its members only.
        return not path.startswith(_GROUPS)
    # "!" before a hash locks it for a while; it is still there to be guessed.
    return fields[1].lstrip("!") not in {"*", "x", ""}
