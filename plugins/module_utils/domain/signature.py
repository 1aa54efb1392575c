# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What gpgv found out about a signature, from the lines that it writes for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..errors import Unproven

_PREFIX = "[GNUPG:] "
_OUTCOMES = frozenset({"GOODSIG", "BADSIG", "EXPSIG", "EXPKEYSIG", "REVKEYSIG", "ERRSIG"})
# Our own name for an ERRSIG whose key is not in the keyring.
_UNKNOWN = "UNKNOWN"
# The field of an ERRSIG that says why, and the reason that the keyring lacks the key.
_ERRSIG_REASON = 6
_NO_KEY = "9"
# The fields of a VALIDSIG: the key that signed, and the primary key that it belongs to.
_SIGNER, _PRIMARY = 1, 10

_COMPLAINTS = {
    "BADSIG": (
        "The signature by the key {key} is not over {signed}: one of the two was altered, or they "
        "do not belong together. Fetch both anew from upstream itself."
    ),
    "REVKEYSIG": (
        "The key {key}, which signed {signed}, was revoked: its signatures count for nothing. Ask "
        "upstream for the key that replaces it, and put that into the keyring {keyring}."
    ),
    "EXPKEYSIG": (
        "The key {key}, which signed {signed}, has expired. Fetch upstream's present keys into the "
        "keyring {keyring}; often the same key was just given more time."
    ),
    "EXPSIG": ("The signature by the key {key} over {signed} has expired. Look for a newer one."),
    _UNKNOWN: (
        "The signature over {signed} is by the key {key}, which the keyring {keyring} does not "
        "have. If upstream says that the key is theirs, add it there."
    ),
    "ERRSIG": (
        "The signature by the key {key} over {signed} cannot be checked: gpgv does not know its "
        "algorithm, or takes it for too weak. Use a newer gpgv or another signature."
    ),
}


@dataclass(slots=True)
class _Outcome:
    """One signature: how it was judged, and by which key it is valid."""

    kind: str
    key: str
    valid_by: str | None = None


def signer(status: str, *, signed: str, keyring: str) -> str:
    """The fingerprint of the primary key behind a good signature; Unproven if there is none.

    Several people may sign one text, with keys that the keyring need not have: one good signature
    is enough, as long as none is bad.
    """
    outcomes = list(_outcomes(status))
    # VALIDSIG alone is not enough: gpgv writes it for expired and revoked keys, too.
    good = [o.valid_by for o in outcomes if o.kind == "GOODSIG" and o.valid_by]
    if good and not any(o.kind == "BADSIG" for o in outcomes):
        return good[0]
    raise Unproven(_complaint(outcomes, signed, keyring))


def _outcomes(status: str) -> Iterator[_Outcome]:
    current: _Outcome | None = None
    for line in status.splitlines():
        if not line.startswith(_PREFIX):
            continue
        fields = line.removeprefix(_PREFIX).split()
        if fields and fields[0] in _OUTCOMES:
            if current is not None:
                yield current
            lacks_key = fields[_ERRSIG_REASON : _ERRSIG_REASON + 1] == [_NO_KEY]
            kind = _UNKNOWN if lacks_key else fields[0]
            current = _Outcome(kind=kind, key="".join(fields[1:2]))
        elif fields[:1] == ["VALIDSIG"] and current is not None and len(fields) > _SIGNER:
            current.valid_by = fields[_PRIMARY] if len(fields) > _PRIMARY else fields[_SIGNER]
    if current is not None:
        yield current


def _complaint(outcomes: Sequence[_Outcome], signed: str, keyring: str) -> str:
    """Why nothing is proven: of several reasons, the one that tells most."""
    keys = {o.kind: o.key for o in reversed(outcomes)}
    for kind, text in _COMPLAINTS.items():
        if kind in keys:
            return text.format(key=keys[kind], signed=signed, keyring=keyring)
    return (
        f"There is no signature over {signed} in what source_signature names. Give a detached "
        "OpenPGP signature (.asc, .sig, .gpg), or inline for a manifest that is signed in place."
    )
