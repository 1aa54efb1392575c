# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Keyrings as people have them, as gpgv wants them."""

from __future__ import annotations

import base64
import binascii
import re

from ..errors import InvalidRequest
from .location import Location

_LONGEST = 64 << 20
_ARMOURED = re.compile(
    rb"^-----BEGIN PGP PUBLIC KEY BLOCK-----[ \t]*\r?\n(.*?)^-----END PGP PUBLIC KEY BLOCK-----",
    re.MULTILINE | re.DOTALL,
)
# The first octets of a public key, in the old form of packets and in the new one; of a secret one.
_PUBLIC_KEY = frozenset({0x98, 0x99, 0x9A, 0xC6})
_SECRET_KEY = frozenset({0x94, 0x95, 0x96, 0xC5})
# GnuPG's own format has this at its ninth octet.
_KEYBOX = b"KBXf"


def read_keyring(named: str) -> bytes:
    """The public keys of a file, binary or armoured, as one binary keyring."""
    location = Location(named)
    if location.is_url:
        raise InvalidRequest(
            f"source_keyring is {location.recorded}. A key that is fetched together with what it "
            "signed proves nothing: keep it in a file, and give its path."
        )
    path = location.recorded
    try:
        with location.path.open("rb") as stream:
            content = stream.read(_LONGEST)
    except OSError as error:
        raise InvalidRequest(
            f"The keyring {path} cannot be read: {error.strerror}. Give in source_keyring the path "
            "of a file with upstream's public keys, on the host that runs the module."
        ) from error
    if not content.strip():
        raise InvalidRequest(
            f"The keyring {path} is empty. Put upstream's public keys into it (gpg --export)."
        )
    if b"-----BEGIN PGP " in content:
        content = _without_armour(content, path)
    if content[0] in _SECRET_KEY:
        raise InvalidRequest(
            f"The keyring {path} holds secret keys. Give public ones only (gpg --export)."
        )
    if content[0] not in _PUBLIC_KEY and content[8:12] != _KEYBOX:
        raise InvalidRequest(
            f"The keyring {path} holds no OpenPGP keys. Export upstream's public keys into a file "
            "(gpg --export), armoured or not."
        )
    return content


def _without_armour(content: bytes, path: str) -> bytes:
    """All keys of all armoured blocks, one after another."""
    keys = b""
    for block in _ARMOURED.findall(content):
        # Headers such as Version come before the first empty line, the checksum after an =.
        _headers, _blank, body = block.replace(b"\r", b"").rpartition(b"\n\n")
        lines = [line.strip() for line in body.split(b"\n")]
        encoded = b"".join(line for line in lines if not line.startswith(b"="))
        try:
            keys += base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise InvalidRequest(
                f"The keyring {path} has an armoured block that is damaged. Export it anew "
                "(gpg --export --armor)."
            ) from error
    if not keys:
        raise InvalidRequest(
            f"The keyring {path} has no whole block of public keys. Export upstream's keys into it "
            "(gpg --export --armor)."
        )
    return keys
