# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What source_checksum may say, and what is refused with a word on what to do."""

from __future__ import annotations

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.proof import (
    DIGITS,
    ChecksumWish,
    Proof,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest

SHA512 = "ab" * 64
SHA256 = "cd" * 32


@pytest.mark.parametrize("algorithm", sorted(DIGITS))
def test_a_digest_is_taken_by_value(algorithm: str) -> None:
    """In any case of letters, and as lower-case ever after."""
    digest = "AB" * (DIGITS[algorithm] // 2)
    wish = ChecksumWish.from_option(f" {algorithm.upper()}:{digest}\n", allow_weak=True)
    assert (wish.algorithm, wish.digest, wish.manifest) == (algorithm, digest.lower(), None)


@pytest.mark.parametrize(
    "manifest",
    [
        "https://example.org/SHA512SUMS",
        "http://user:pw@example.org:8080/a?b=c:d",
        "file:///srv/SUMS",
        "/srv/SUMS",
        "keys/SUMS",
        "./cafe",
    ],
)
def test_anything_else_is_the_place_of_a_manifest(manifest: str) -> None:
    """An address keeps its colons."""
    wish = ChecksumWish.from_option(f"sha512:{manifest}")
    assert (wish.algorithm, wish.digest, wish.manifest) == ("sha512", None, manifest)


@pytest.mark.parametrize(
    "option, complaint",
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("sha512:", "nothing behind the colon"),
        (f"md5:{'a' * 32}", "forged.*allow_weak_checksum"),
        (f"sha1:{'a' * 40}", "forged.*allow_weak_checksum"),
        ("md5:https://example.org/MD5SUMS", "forged"),
        (f"crc32:{'a' * 8}", "'crc32'; possible are md5, .*sha512"),
        (f"sha512:{SHA256}", r"64 digits for sha512, which has 128 \(this looks like sha256\)"),
        (f"sha256:{SHA256}0", "65 digits for sha256, which has 64. Copy"),
        (SHA256, r"without its algorithm \(this looks like sha256\)"),
        ("https://example.org/SHA512SUMS", "does not begin with an algorithm"),
        ("/srv/SHA512SUMS", "does not begin with an algorithm"),
        (f":{SHA512}", "algorithm ''"),
    ],
)
def test_what_proves_nothing_is_refused(option: str, complaint: str) -> None:
    """Before anything is fetched."""
    with pytest.raises(InvalidRequest, match=complaint):
        ChecksumWish.from_option(option)


def test_a_refusal_shows_no_address() -> None:
    """It may hold a password."""
    with pytest.raises(InvalidRequest) as caught:
        ChecksumWish.from_option("https://user:secret@example.org/SUMS?token=hidden")
    assert "secret" not in caught.value.message
    assert "hidden" not in caught.value.message


def test_a_proof_is_recorded_as_upstream_gave_it() -> None:
    """So that a manifest can be compared without a download."""
    assert Proof(algorithm="sha256", digest=SHA256).text == f"sha256:{SHA256}"
