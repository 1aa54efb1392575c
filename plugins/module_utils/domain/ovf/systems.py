# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Which operating system a description means: the labels of the programs that write one.

A label is what somebody chose from a list, and lists lack entries: who ran AlmaLinux on VirtualBox
or oVirt chose Red Hat. So those two name no distribution here, and neither does the number that
stands for Red Hat in the standard. On a cloud it might count as a licence.
"""

from __future__ import annotations

import re

from ..machine import GuestSystem
from .document import OVIRT, VMWARE, Element, attribute, child, kind, number, text_of

# Labels of VMware (debian12_64Guest) and VirtualBox (Debian12_64), in lower case and without the
# width: what is meant, and its version, if the label settles that.
_LABELS: tuple[tuple[str, str, str | None, str | None], ...] = (
    (r"almalinux(\d*)", "linux", "almalinux", r"\1"),
    (r"arch(?:linux)?", "linux", "arch", None),
    (r"centos(\d*)", "linux", "centos", r"\1"),
    (r"debian(\d*)", "linux", "debian", r"\1"),
    (r"fedora(\d*)", "linux", "fedora", r"\1"),
    (r"gentoo", "linux", "gentoo", None),
    (r"opensuse(?:leap|tumbleweed)?", "linux", "opensuse", None),
    (r"oracle(?:linux)?(\d*)", "linux", "ol", r"\1"),
    (r"rhel(\d*)", "linux", "rhel", r"\1"),
    (r"rockylinux(\d*)", "linux", "rocky", r"\1"),
    (r"sles(\d*)", "linux", "sles", r"\1"),
    (r"ubuntu(\d+)lts", "linux", "ubuntu", r"\1.04"),
    (r"ubuntu\d*", "linux", "ubuntu", None),
    (r"redhat\d*|.*linux\w*|suse\w*|mandriva|.*photon|coreos", "linux", None, None),
    # Two entries of VMware's list stand for more than one Windows each.
    (r"windows2022srvnext", "windows", "windows", "2025"),
    (r"windows2019srvnext", "windows", "windows", "2022"),
    (r"windows2019srv", "windows", "windows", "2019"),
    (r"windows9server", "windows", "windows", "2016"),
    (r"windows7server", "windows", "windows", "2008 R2"),
    (r"windows9", "windows", "windows", "10"),
    (r"windows(2003|2016|2019|2022|2025)", "windows", "windows", r"\1"),
    (r"windows(7|10|11|xp|vista)", "windows", "windows", r"\1"),
    (r"windows81", "windows", "windows", "8.1"),
    (r"winlonghorn", "windows", "windows", "2008"),
    (r"winnet.*", "windows", "windows", "2003"),
    (r"win(xp|vista).*", "windows", "windows", r"\1"),
    (r"win.*", "windows", "windows", None),
    (r"freebsd(\d*)", "bsd", "freebsd", r"\1"),
    (r"openbsd", "bsd", "openbsd", None),
    (r"netbsd", "bsd", "netbsd", None),
    (r"(?:open)?solaris\d*|macos\w*|darwin\d*|dos|netware\d*|os2\w*", "other", None, None),
)
_WIDTH = re.compile(r"(?:_?(arm64)|_?(64)|_?32)?(?:guest)?$")

# The numbers that the standard takes from CIM. From 111 on, writers do not agree on them, except
# that they are Windows.
_CIM: dict[int, tuple[str, str | None, str | None]] = {
    36: ("linux", None, None),
    41: ("bsd", None, None),
    42: ("bsd", "freebsd", None),
    43: ("bsd", "netbsd", None),
    58: ("windows", "windows", "2000"),
    65: ("bsd", "openbsd", None),
    **dict.fromkeys((67, 71), ("windows", "windows", "XP")),
    **dict.fromkeys((69, 70), ("windows", "windows", "2003")),
    **dict.fromkeys((73, 74), ("windows", "windows", "Vista")),
    **dict.fromkeys((76, 77), ("windows", "windows", "2008")),
    78: ("bsd", "freebsd", None),
    **dict.fromkeys((79, 80, 82, 83, *range(87, 93)), ("linux", None, None)),
    **dict.fromkeys((84, 85), ("linux", "sles", None)),
    **dict.fromkeys((93, 94), ("linux", "ubuntu", None)),
    **dict.fromkeys((95, 96), ("linux", "debian", None)),
    **dict.fromkeys(range(97, 102), ("linux", None, None)),
    103: ("windows", "windows", "2008 R2"),
    105: ("windows", "windows", "7"),
    **dict.fromkeys((106, 107), ("linux", "centos", None)),
    **dict.fromkeys((108, 109), ("linux", "ol", None)),
    **dict.fromkeys(range(111, 125), ("windows", "windows", None)),
    125: ("linux", None, None),
    **dict.fromkeys((15, 16, 17, 18, 63, 72, 75), ("windows", "windows", None)),
    **dict.fromkeys((2, 12, 14, 21, 29, 30, 81, 110), ("other", None, None)),
}
_CIM_64 = frozenset({70, 71, 74, 77, 78, 80, 83, 85, 90, 92, 94, 96, 98, 100, 101, 103, 107, 109})

# oVirt's own numbers, which it writes beside those. All who are left out say no more than CIM does.
_OVIRT: dict[int, tuple[str, str | None, str | None]] = {
    **dict.fromkeys((11, 12), ("windows", "windows", "7")),
    17: ("windows", "windows", "2008 R2"),
    **dict.fromkeys((20, 21), ("windows", "windows", "8")),
    23: ("windows", "windows", "2012"),
    25: ("windows", "windows", "2012 R2"),
    **dict.fromkeys((26, 27), ("windows", "windows", "10")),
    29: ("windows", "windows", "2016"),
    31: ("windows", "windows", "2019"),
    1193: ("linux", "sles", "11"),
    1252: ("linux", "ubuntu", "12.04"),
    1256: ("linux", "ubuntu", "14.04"),
    1300: ("linux", "debian", "7"),
    **dict.fromkeys((1500, 1501), ("bsd", "freebsd", None)),
}
_OVIRT_64 = frozenset({10, 12, 13, 14, 15, 16, 17, 19, 21, 23, 24, 25, 27, 28, 29, 31, 33, 1501})

_IN_WORDS = (
    (re.compile(r"\bwindows\b|\bwindows_", re.IGNORECASE), "windows"),
    (re.compile(r"linux|ubuntu|debian|centos|fedora|suse|red hat|\brhel", re.IGNORECASE), "linux"),
    (re.compile(r"\w+bsd\b", re.IGNORECASE), "bsd"),
)


def guest_system(system: Element) -> GuestSystem:
    """The operating system of a machine: by a vendor's label, or by number, or in plain words."""
    section = child(system, "OperatingSystemSection")
    if section is None:
        return GuestSystem()
    words = text_of(child(section, "Description"))
    told = (
        _by_label(attribute(section, "osType", VMWARE))
        or _by_label(_label_of_virtualbox(system, section))
        or _by_number(_OVIRT, _OVIRT_64, attribute(section, "id", OVIRT))
        or _by_number(_CIM, _CIM_64, attribute(section, "id"))
        or GuestSystem(type=next((what for form, what in _IN_WORDS if form.search(words)), None))
    )
    version = told.version or (attribute(section, "version") if told.distro else None)
    return GuestSystem(
        type=told.type,
        distro=told.distro,
        version=version or None,
        described_as=words or None,
        architecture=told.architecture,
    )


def _label_of_virtualbox(system: Element, section: Element) -> str:
    machine = next((part for part in system if kind(part) == "Machine"), None)
    if machine is not None and machine.get("OSType"):
        return machine.get("OSType", "")
    return text_of(child(section, "OSType"))


def _by_label(label: str) -> GuestSystem | None:
    name = label.lower()
    width = _WIDTH.search(name)
    stem = (name[: width.start()] if width else name).replace("_", "")
    for form, what, distro, version in _LABELS:
        match = re.fullmatch(form, stem)
        if match:
            return GuestSystem(
                type=what,
                distro=distro,
                version=_spelt(match.expand(version)) if version else None,
                architecture=_architecture(width),
            )
    return None


def _spelt(version: str) -> str | None:
    return {"": None, "xp": "XP", "vista": "Vista"}.get(version, version)


def _architecture(width: re.Match[str] | None) -> str | None:
    """Left open for 32 bits: what was labelled so may have more, and runs on x86_64 as well."""
    if width is None or not any(width.groups()):
        return None
    return "aarch64" if width[1] else "x86_64"


def _by_number(
    known: dict[int, tuple[str, str | None, str | None]], wide: frozenset[int], text: str
) -> GuestSystem | None:
    key = number(text)
    if key is None or key not in known:
        return None
    what, distro, version = known[key]
    return GuestSystem(
        type=what,
        distro=distro,
        version=version,
        architecture="x86_64" if key in wide else None,
    )
