# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The digest of one file in a manifest, in all the forms that distributions publish."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..errors import Unproven
from .proof import DIGITS, looks_like
from .values import some

# `hash  name` or, for binary mode, `hash *name`; a backslash before it: the name is escaped.
_GNU = re.compile(r"(\\?)([0-9a-fA-F]{32,128})[ \t]+\*?(\S.*)")
# `SHA256 (name) = hash`; openssl writes SHA2-256(name)= hash.
_BSD = re.compile(r"([A-Za-z][A-Za-z0-9/-]{1,15}) ?\((.+)\) ?= ?([0-9a-fA-F]{32,128})")
_BARE = re.compile(r"[0-9a-fA-F]{32,128}")
# `# SHA512 HASH`: the lines below are of that algorithm, until the next such line.
_SECTION = re.compile(r"#\s*(\S{2,15})\s+HASH(?:ES)?\s*", re.IGNORECASE)
_ARMOUR = re.compile(r"-----(BEGIN|END) PGP ([A-Z ]+)-----\s*")
_HTML = re.compile(r"\s*(?:<\?xml|<!doctype|<html|<head)", re.IGNORECASE)
_ESCAPES = {r"\\": "\\", r"\n": "\n", r"\r": "\r"}
# Looking for names that are alike takes its time: a manifest may list a whole mirror.
_COMPARED = 2000
_LONGEST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class _Entry:
    digest: str
    # None: the line is a digest and nothing else.
    name: str | None
    # None: the line does not say.
    algorithm: str | None

    def is_of(self, algorithm: str) -> bool:
        """Whether the digest is one of this algorithm, as far as its line tells."""
        fits = len(self.digest) == DIGITS[algorithm]
        return fits and self.algorithm in {None, algorithm}


class Manifest:
    """A list of checksums, read once for all the files that are looked up in it."""

    def __init__(self, text: str, name: str) -> None:
        """Read a text; `name` is what messages call it."""
        if _HTML.match(text):
            raise Unproven(
                f"The manifest {name} is an HTML page, no list of checksums. Open it in a browser: "
                "the address may have moved, or a login or a proxy may stand before it."
            )
        self._name = name
        self._entries = list(_entries(text.removeprefix("\ufeff")))
        if not self._entries:
            raise Unproven(
                f"The manifest {name} holds no checksum in a form that is known (GNU, BSD or a "
                "bare digest). Check that it is the right file, or give the digest itself in "
                "source_checksum."
            )
        # A manifest for several folders gives paths.
        self._by_path: defaultdict[str, list[_Entry]] = defaultdict(list)
        self._by_name: defaultdict[str, list[_Entry]] = defaultdict(list)
        for entry in self._entries:
            if entry.name is not None:
                self._by_path[entry.name].append(entry)
                self._by_name[entry.name.rpartition("/")[2]].append(entry)

    def digest_of(self, file_name: str, algorithm: str) -> str:
        """The digest that a file has to have."""
        found = self._about(file_name)
        fitting = {entry.digest for entry in found if entry.is_of(algorithm)}
        if not fitting:
            raise Unproven(_of_another_algorithm(found, algorithm, file_name, self._name))
        if len(fitting) > 1:
            raise Unproven(
                f"The manifest {self._name} lists {file_name} {len(fitting)} times with different "
                f"{algorithm} digests. Only upstream can say which one is right; if you know, give "
                "the digest itself in source_checksum."
            )
        return fitting.pop()

    def _about(self, file_name: str) -> list[_Entry]:
        """The entries about a file: by its name, or by there being no name at all."""
        found = self._by_path.get(file_name) or self._by_name.get(file_name)
        if found:
            return found
        if self._by_path:
            raise Unproven(_missing(list(self._by_path), file_name, self._name))
        if len({entry.digest for entry in self._entries}) > 1:
            raise Unproven(
                f"The manifest {self._name} holds {len(self._entries)} digests without names, so "
                f"none can be told to be that of {file_name}. Give the digest itself in "
                "source_checksum."
            )
        return self._entries


def digest_in(text: str, *, algorithm: str, file_name: str, manifest: str) -> str:
    """The digest that a manifest gives a file; `manifest` names it in messages."""
    return Manifest(text, manifest).digest_of(file_name, algorithm)


def _entries(text: str) -> Iterator[_Entry]:
    section: str | None = None
    for line in _outside_of_armour(text):
        if heading := _SECTION.fullmatch(line):
            section = _known_algorithm(heading[1])
        elif line.startswith("#"):
            continue
        elif bsd := _BSD.fullmatch(line):
            yield _Entry(bsd[3].lower(), _plain(bsd[2]), _known_algorithm(bsd[1]))
        elif gnu := _GNU.fullmatch(line):
            name = re.sub(r"\\[\\nr]", lambda m: _ESCAPES[m[0]], gnu[3]) if gnu[1] else gnu[3]
            yield _Entry(gnu[2].lower(), _plain(name), section)
        elif _BARE.fullmatch(line):
            yield _Entry(line.lower(), None, section)


def _outside_of_armour(text: str) -> Iterator[str]:
    """The lines of a text, without what OpenPGP puts around it when it signs it in place."""
    inside = ""
    # Not splitlines(): a name may hold what Unicode takes for the end of a line.
    for raw in text.split("\n"):
        line = raw.strip(" \t\r\f\v")
        if armour := _ARMOUR.fullmatch(line):
            inside = armour[2] if armour[1] == "BEGIN" else ""
        elif inside == "SIGNED MESSAGE" and not line:
            inside = "the text"
        elif inside in {"", "the text"}:
            yield line.removeprefix("- ") if inside else line


def _plain(name: str) -> str:
    return name.strip().removeprefix("./")


def _known_algorithm(label: str) -> str:
    """A label of a manifest as our name of the algorithm; others stay as they are."""
    return label.lower().replace("sha2-", "sha").replace("-", "")


def _missing(names: Sequence[str], file_name: str, manifest: str) -> str:
    compared = names[:_COMPARED]
    alike = difflib.get_close_matches(file_name, compared, n=3, cutoff=0.5) or list(compared)
    shown = some([_printable(name) for name in alike])
    among = "" if len(alike) == len(names) else f", among {len(names)} names,"
    return (
        f"The manifest {manifest} does not list {file_name}; it lists{among} {shown}. Take the "
        "source under a name that is listed, or another manifest."
    )


def _of_another_algorithm(
    found: Sequence[_Entry], algorithm: str, file_name: str, manifest: str
) -> str:
    given = {f"{len(entry.digest)} digits{_kind(entry)}" for entry in found}
    return (
        f"The manifest {manifest} lists {file_name}, but gives it no {algorithm} digest, which "
        f"would have {DIGITS[algorithm]} digits; what it gives has {some(sorted(given))}. Name the "
        "right algorithm in source_checksum."
    )


def _kind(entry: _Entry) -> str:
    """What a line says of its digest, or what the digest itself tells."""
    if entry.algorithm:
        return f" (labelled {_printable(entry.algorithm)})"
    return looks_like(entry.digest)


def _printable(name: str) -> str:
    """A name that a stranger wrote, as a message can bear it."""
    return "".join(c if c.isprintable() else "?" for c in name[:_LONGEST_SHOWN])
