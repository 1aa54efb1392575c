# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The arguments of a guest's kernels, in all the places in which boot loaders have them.

They are edited where they stand, and where the next kernel's are made from. A boot loader's own
generator would do only the latter, and would have to be run inside of the guest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .edits import Write
from .guest import Guest, encoded, is_file, matching, text

GRUB_DEFAULTS = "/etc/default/grub"
# The line of a kernel, as a boot loader has it: what comes first stays, the rest are arguments.
_GRUB = re.compile(r"([ \t]*linux(?:16|efi)?[ \t]+\S+)(?:[ \t]+(.*))?")
_LEGACY = re.compile(r"([ \t]*kernel[ \t]+\S+|# (?:def)?k(?:ern)?opt=(?=root))[ \t]*(.*)")
_ENTRY = re.compile(r"([ \t]*options)(?:[ \t]+(.*))?")
_APPEND = re.compile(r"([ \t]*append)(?:[ \t]+(.*))?", re.IGNORECASE)
_WHOLE = re.compile(r"()([^\s#].*)")
_ENVIRONMENT = re.compile(r"(kernelopts=)(.*)")
_PLACES = (
    ("/boot/grub/grub.cfg", _GRUB),
    ("/boot/grub2/grub.cfg", _GRUB),
    ("/boot/efi/EFI/*/grub.cfg", _GRUB),
    ("/boot/loader/entries/*.conf", _ENTRY),
    ("/boot/efi/loader/entries/*.conf", _ENTRY),
    ("/efi/loader/entries/*.conf", _ENTRY),
    ("/boot/grub/menu.lst", _LEGACY),
    ("/boot/grub/grub.conf", _LEGACY),
    ("/boot/extlinux.conf", _APPEND),
    ("/boot/extlinux/extlinux.conf", _APPEND),
    ("/boot/syslinux/syslinux.cfg", _APPEND),
    ("/etc/kernel/cmdline", _WHOLE),
    ("/boot/grub2/grubenv", _ENVIRONMENT),
    ("/boot/efi/EFI/*/grubenv", _ENVIRONMENT),
)
# A file that GRUB writes to in place, and so has this size.
_GRUBENV, _GRUBENV_SIZE = "grubenv", 1024
_ALL_KERNELS = "GRUB_CMDLINE_LINUX"
# A line of the shell that is one value, quoted or not, and maybe a comment.
_DEFAULT = re.compile(
    rf"^({_ALL_KERNELS}(?:_DEFAULT)?)="
    r"(?:(\")((?:[^\"\\\n]|\\.)*)\"|(')([^'\n]*)'|([^\s\"'\\;&|()<>#]*))"
    r"([ \t]*|[ \t]+#.*)$",
    re.MULTILINE,
)
_SET = re.compile(rf"^[ \t]*(?:export[ \t]+)?{_ALL_KERNELS}\+?=", re.MULTILINE)
_INITRD = re.compile(r"[ \t]*initrd(?:16|efi)?\b|[ \t]*append[ \t].*\binitrd=", re.IGNORECASE)
# Where the next entry begins, by the lines of arguments; a file of others is one entry.
_ENTRIES = {
    _GRUB: re.compile(rf"{_GRUB.pattern}$|[ \t]*\}}"),
    _LEGACY: re.compile(r"[ \t]*title\b"),
    _APPEND: re.compile(r"[ \t]*label\b", re.IGNORECASE),
}
# Those who make entries of these give each an initramfs.
_ALWAYS = (_WHOLE, _ENVIRONMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of arguments."""

    # Each of them, and whether the kernel starts with an initramfs; None takes it away.
    each: Callable[[str, bool], str | None] = lambda word, _initramfs: word
    # What has to be among them.
    add: tuple[str, ...] = ()

    def of(self, words: str, *, initramfs: bool = True, others: str = "") -> str:
        """The arguments after the change; as they were, where nothing changes."""
        old = words.split()
        new = [kept for word in old if (kept := self.each(word, initramfs)) is not None]
        new += [word for word in self.add if word not in {*new, *others.split()}]
        return words if new == old else " ".join(new)


def changed(guest: Guest, change: Change) -> Iterator[Write]:
    """The files in which arguments change."""
    for path, pattern in _files(guest):
        old = text(guest, path) or ""
        new = _changed(old, pattern, change)
        if new != old:
            if path.endswith(_GRUBENV):
                new = new.rstrip("#\n")[: _GRUBENV_SIZE - 1] + "\n"
                new = new.ljust(_GRUBENV_SIZE, "#")
            yield Write(path=path, data=encoded(new))
    if is_file(guest, GRUB_DEFAULTS):
        old = text(guest, GRUB_DEFAULTS) or ""
        new = _changed_defaults(old, change)
        if new != old:
            yield Write(path=GRUB_DEFAULTS, data=encoded(new))


def arguments(guest: Guest) -> list[list[str]]:
    """The arguments of each kernel that can be started."""
    return [
        (match[2] or "").split()
        for path, pattern in _files(guest)
        for line in (text(guest, path) or "").splitlines()
        if (match := pattern.fullmatch(line)) and not line.startswith("#")
    ]


def _files(guest: Guest) -> Iterator[tuple[str, re.Pattern[str]]]:
    for pattern, line in _PLACES:
        for path in matching(guest, pattern):
            # Some are links to others, which are among them.
            if guest.link(path) is None and is_file(guest, path):
                yield path, line


def _changed(old: str, pattern: re.Pattern[str], change: Change) -> str:
    lines = old.split("\n")
    initramfs = _with_initramfs(lines, pattern)
    for at, line in enumerate(lines):
        match = pattern.fullmatch(line)
        if not match:
            continue
        words = change.of(match[2] or "", initramfs=initramfs[at])
        if words != (match[2] or ""):
            between = "" if match[1].endswith("=") or not match[1] else " "
            lines[at] = f"{match[1]}{between}{words}"
    return "\n".join(lines)


def _with_initramfs(lines: list[str], pattern: re.Pattern[str]) -> list[bool]:
    """For each line, whether the entry in which it stands has an initramfs."""
    if pattern in _ALWAYS:
        return [True] * len(lines)
    begins = _ENTRIES.get(pattern)
    entry, entries, having = 0, [], set()
    for line in lines:
        if begins is not None and begins.match(line):
            entry += 1
        entries.append(entry)
        if _INITRD.match(line):
            having.add(entry)
    # What stands in front of all entries holds for any of them.
    return [bool(having) if entry == 0 else entry in having for entry in entries]


def _changed_defaults(old: str, change: Change) -> str:
    """What GRUB's generator adds: to all kernels, and to those that are not for a rescue."""
    values = {match[1]: _unquoted(match)[1] for match in _DEFAULT.finditer(old)}

    def value(match: re.Match[str]) -> str:
        name, (quote, words) = match[1], _unquoted(match)
        if name == _ALL_KERNELS:
            new = change.of(words, others=values.get(f"{name}_DEFAULT", ""))
        else:
            new = Change(each=change.each).of(words)
        return match[0] if new == words else f"{name}={quote}{new}{quote}{match[7]}"

    new = _DEFAULT.sub(value, old)
    if _ALL_KERNELS not in values and change.add:
        missing = [word for word in change.add if word not in " ".join(values.values()).split()]
        if missing:
            # What the shell makes of such a line is its own business, and stays.
            before = [f"${_ALL_KERNELS}"] if _SET.search(old) else []
            line = f'{_ALL_KERNELS}="{" ".join([*before, *missing])}"'
            new = f"{new.rstrip()}\n{line}\n".lstrip()
    return new


def _unquoted(match: re.Match[str]) -> tuple[str, str]:
    """The quotes that a value gets or has, and what is in them."""
    if match[2]:
        return match[2], match[3]
    return (match[4], match[5]) if match[4] else ('"', match[6])
