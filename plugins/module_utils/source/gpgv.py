# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Signatures, checked by gpgv with one keyring and nothing else of the machine."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..domain.signature import signer
from ..errors import MissingTool, Unproven
from .keyring import read_keyring

_SIGNED_IN_PLACE = re.compile(
    rb"^-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\r?\n.*?^-----END PGP SIGNATURE-----[ \t]*\r?$",
    re.MULTILINE | re.DOTALL,
)
_ARMOURED = b"-----BEGIN PGP SIGNATURE-----"
# The first octet of a signature, in the old form of packets and in the new one.
_SIGNATURE = frozenset({0x88, 0x89, 0x8A, 0xC2})


@dataclass(frozen=True, slots=True)
class Gpgv:
    """Checks with the keys of one keyring."""

    keyring: str
    keys: bytes

    @classmethod
    def with_keyring(cls, named: str) -> Gpgv:
        """For the keyring in a file; says at once if it cannot be used."""
        return cls(named, read_keyring(named))

    def signed_text(self, content: bytes, what: str) -> tuple[bytes, str]:
        """The text that is signed in a file, and who signed it.

        What stands around the signed block was written by anybody: only what gpgv itself writes
        out as the signed text may be read.
        """
        blocks = _SIGNED_IN_PLACE.findall(content)
        if len(blocks) != 1:
            raise Unproven(
                f"{what} has {len(blocks) or 'no'} blocks that are signed in place, where "
                "source_signature: inline needs one. If the signature is a file of its own, name "
                "that file in source_signature."
            )
        with self._folder() as name:
            folder = Path(name)
            (folder / "message").write_bytes(blocks[0] + b"\n")
            arguments = ["--output", str(folder / "text"), str(folder / "message")]
            fingerprint = self._check(folder, arguments, what)
            return (folder / "text").read_bytes(), fingerprint

    def signer_of(self, signed: bytes | Path, signature: bytes, what: str) -> str:
        """Who made a detached signature over a content."""
        start = signature.lstrip()
        # gpgv would take a signed message for a signature over itself.
        if not start.startswith(_ARMOURED) and signature[:1] not in map(_octet, _SIGNATURE):
            raise Unproven(
                f"What source_signature names is no detached signature over {what}. Give an "
                "OpenPGP signature (.asc, .sig, .gpg), armoured or not."
            )
        with self._folder() as name:
            folder = Path(name)
            (folder / "signature").write_bytes(signature)
            if isinstance(signed, bytes):
                (folder / "signed").write_bytes(signed)
                signed = folder / "signed"
            return self._check(folder, [str(folder / "signature"), str(signed)], what)

    @staticmethod
    def _folder() -> tempfile.TemporaryDirectory[str]:
        return tempfile.TemporaryDirectory(prefix="curator-gpgv-")

    def _check(self, folder: Path, arguments: Sequence[str], what: str) -> str:
        program = shutil.which("gpgv")
        if program is None:
            raise MissingTool(
                "Checking a signature needs gpgv on the host that runs the module. Install the "
                "package gpgv (Debian, Ubuntu) or gnupg2 (Red Hat, SUSE)."
            )
        keys = folder / "keys"
        keys.write_bytes(self.keys)
        ended = subprocess.run(  # noqa: S603  (all of it is ours; names of files are absolute)
            [program, "--homedir", folder, "--keyring", keys, "--status-fd", "1", *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Nobody's own keyrings, and no language but that of the status lines.
            env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C"},
        )
        status = ended.stdout.decode("utf-8", "replace")
        if ended.returncode < 0:
            raise MissingTool(
                f"gpgv was killed (signal {-ended.returncode}) while it checked {what}. Run the "
                "task again; if it stays so, reinstall gpgv."
            )
        return signer(status, signed=what, keyring=self.keyring)


def _octet(number: int) -> bytes:
    return bytes([number])
