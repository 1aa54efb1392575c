# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys made for a test, and what they sign: by gpg, in a home of its own."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Signer:
    """Somebody with a key."""

    home: Path
    # Of the primary key.
    fingerprint: str
    # When all of it happens, such as 20200101T000000; None: now.
    time: str | None = None

    def public_keys(self, *, armoured: bool = False) -> bytes:
        """What others need to check this signer's signatures."""
        return self._gpg(*(["--armor"] if armoured else []), "--export")

    def secret_keys(self) -> bytes:
        """What nobody else may have."""
        return self._gpg("--export-secret-keys")

    def detached(self, signed: bytes, *options: str, armoured: bool = False) -> bytes:
        """A signature over a content, apart from it."""
        armour = ["--armor"] if armoured else []
        return self._gpg(*armour, *options, "--detach-sign", stdin=signed)

    def clearsigned(self, text: str) -> str:
        """A text with a signature around it."""
        return self._gpg("--clearsign", stdin=text.encode()).decode()

    def opaque(self, signed: bytes) -> bytes:
        """A signed message: content and signature in one."""
        return self._gpg("--sign", stdin=signed)

    def add_signing_key(self) -> None:
        """A further key to sign with, which belongs to the first one."""
        self._gpg("--quick-add-key", self.fingerprint, "ed25519", "sign", "never")

    def revoke(self) -> None:
        """Declare the key void, with the certificate that was made along with it."""
        prepared = self.home / "openpgp-revocs.d" / f"{self.fingerprint}.rev"
        # gpg writes a colon before the armour, lest anybody imports it by mistake.
        self._gpg("--import", stdin=prepared.read_bytes().replace(b":-----BEGIN", b"-----BEGIN"))

    def _gpg(self, *arguments: str, stdin: bytes = b"") -> bytes:
        return _gpg(self.home, self.time, *arguments, stdin=stdin)


@contextmanager
def signer(
    *, algorithm: str = "ed25519", expires: str = "never", time: str | None = None
) -> Iterator[Signer]:
    """Somebody with a new key, until the block ends."""
    # Not below a test's folder: the address of gpg's agent must be short.
    with tempfile.TemporaryDirectory(prefix="gpg-") as folder:
        home = Path(folder)
        try:
            new_key = ("--quick-generate-key", "upstream <up@example.org>", algorithm, "sign")
            _gpg(home, time, *new_key, expires)
            listing = _gpg(home, time, "--with-colons", "--list-keys").decode()
            lines = [line.split(":") for line in listing.splitlines()]
            fingerprints = [line[9] for line in lines if line[0] == "fpr"]
            yield Signer(home, fingerprints[0], time)
        finally:
            subprocess.run(["gpgconf", "--homedir", folder, "--kill", "all"], check=True)


def _gpg(home: Path, time: str | None, *arguments: str, stdin: bytes = b"") -> bytes:
    command = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--no-tty", "--yes"]
    command += ["--pinentry-mode", "loopback", "--passphrase", ""]
    # Frozen (!), or a key is from the future for whoever signs with it within the same second.
    command += ["--faked-system-time", f"{time}!"] if time else []
    ended = subprocess.run([*command, *arguments], check=False, input=stdin, capture_output=True)
    assert ended.returncode == 0, f"gpg {' '.join(arguments)}: {ended.stderr.decode()}"
    return ended.stdout
