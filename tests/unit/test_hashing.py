# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Digests of bytes that pass by."""

from __future__ import annotations

import hashlib
import threading

import pytest
from ansible_collections.curator.glance.plugins.module_utils.hashing import Digests

PIECES = [bytes([n]) * (n * 1000) for n in range(50)]


def test_what_passes_is_hashed_and_unharmed() -> None:
    """Each piece once, in order, by every algorithm."""
    with Digests(["sha512", "md5", "sha512"]) as digests:
        passed = list(digests.over(PIECES))
        whole = b"".join(PIECES)
        assert passed == PIECES
        assert digests.results() == {
            "sha512": hashlib.sha512(whole).hexdigest(),
            "md5": hashlib.md5(whole, usedforsecurity=False).hexdigest(),
        }
        assert digests.size == len(whole)


def test_threads_end_with_what_they_were_for() -> None:
    """Also when the work breaks off in the middle."""
    before = threading.active_count()

    def breaks_off() -> None:
        with Digests(["sha512"]) as digests:
            digests.update(b"x")
            raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        breaks_off()
    assert threading.active_count() == before


def test_what_is_through_by_now_has_a_digest() -> None:
    """It is that of all pieces so far, and what follows counts as well."""
    with Digests(["sha512"]) as digests:
        for piece in PIECES[:20]:
            digests.update(piece)
        assert digests.so_far() == {"sha512": hashlib.sha512(b"".join(PIECES[:20])).hexdigest()}
        for piece in PIECES[20:]:
            digests.update(piece)
        whole = {"sha512": hashlib.sha512(b"".join(PIECES)).hexdigest()}
        assert digests.so_far() == whole
        assert digests.results() == whole
        assert digests.so_far() == whole
