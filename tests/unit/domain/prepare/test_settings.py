# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings in YAML as guests have them: in whatever style, and written to harm."""

from __future__ import annotations

import time

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare import secrets, settings
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.inspecting import (
    inspect,
    judge,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.settings import (
    at,
    without,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import RefusedDisk

from support.paper_guest import PaperGuest, content, done

CLOUD_INIT = {"/usr/bin/cloud-init": "", "/usr/bin/growpart": ""}
CONFIG = "/etc/cloud/cloud.cfg"
NETPLAN = {"/usr/sbin/netplan": ""}
# Squared, it would be hours.
_LARGE = 100_000
# What an honest task waits for a look, on a slow host.
_SECONDS = 5


@pytest.mark.parametrize(
    "text",
    [
        "network:\n  config: disabled\n",
        "network: {config: disabled}\n",
        "{network: {config: 'disabled'}}",
        '# a comment\nnetwork:\n\n  # another\n  config: "disabled"\n',
    ],
)
def test_styles(text: str) -> None:
    """They all say the same."""
    assert at(text, "network", "config") == "disabled"
    assert at(text, "network", "version") is None
    assert at(text, "network", "config", "deeper") is None


@pytest.mark.parametrize("text", ["a: [b", "\t", "", "- a", "a: !!python/object:x {}", "a: *b"])
def test_no_settings(text: str) -> None:
    """What cannot be read sets nothing; nothing of it is made into an object."""
    assert at(text, "network", "config") is None


def test_lists() -> None:
    """In both styles."""
    assert at("l: [a, 'b']\n", "l") == ["a", "b"]
    assert at("l:\n- a\n- b: c\n", "l") == ["a"]


@pytest.mark.parametrize(
    "text, rest",
    [
        ("network: {config: disabled}\nusers: [default]\n", "users: [default]\n"),
        (
            "# Of the maker.\nusers:\n- default\n\nnetwork:\n  config: disabled\n# On.\nb: 1\n",
            "# Of the maker.\nusers:\n- default\n\n# On.\nb: 1\n",
        ),
        ("a: 1\nnetwork: {\n  config: disabled\n}\nb: 2\n", "a: 1\nb: 2\n"),
        ("{a: 1, network: {config: disabled}, b: 2}\n", "{a: 1, b: 2}\n"),
        ("# Only this.\n\nnetwork: {config: disabled}\n", None),
        ("{network: {config: disabled}}\n", None),
    ],
)
def test_without(text: str, rest: str | None) -> None:
    """One setting is taken out, and the rest stays as it was written; none is left of nothing."""
    assert without(text, "network") == rest


def test_cloud_init_keeps_its_settings() -> None:
    """The file that every cloud-init needs loses what keeps it from the network, and no more."""
    guest = PaperGuest(
        {**CLOUD_INIT, CONFIG: "network: {config: disabled}\nusers: [default]\nssh_pwauth: no\n"}
    )
    after, _carried = done(guest, "cloud_init")
    assert content(after, CONFIG) == "users: [default]\nssh_pwauth: no\n"
    assert not done(after, "cloud_init")[1].changed


def test_flow_style_in_netplan() -> None:
    """An adapter and its address are seen however they are written."""
    flow = "network: {version: 2, ethernets: {ens160: {addresses: [192.0.2.5/24]}}}\n"
    after, _carried = done(PaperGuest({**NETPLAN, "/etc/netplan/a.yaml": flow}), "network_dhcp")
    assert content(after, "/etc/netplan/a.yaml") is None


@pytest.mark.parametrize(
    "files, said",
    [
        (
            {**NETPLAN, "/etc/netplan/a.yaml": "network:\n  bonds: {b0: {interfaces: [e1]}}\n"},
            "/etc/netplan/a.yaml",
        ),
        (
            {
                "/sbin/ifup": "",
                "/etc/network/interfaces": "iface br0 inet static\n  address 192.0.2.5/24\n",
            },
            "br0",
        ),
    ],
)
def test_what_is_lost_is_said(files: dict[str, str], said: str) -> None:
    """Interfaces that are made of others are nobody's to guess anew."""
    assert any(said in warning for warning in judge(PaperGuest(dict(files)))["warnings"])


HARMFUL = {
    "newlines": "\n",
    "blanks": " ",
    "lines": "x:\n",
    "folders": "a: &a [*a]\n",
    "nested": "[",
    "maps": "{a: ",
    "stanzas": "network:\n",
    "growpart": "growpart:\n",
    "indented": "  - a\n",
    "blank lines": " \n",
    "key": "A",
    "modules": "MODULES=(\n",
    "arguments": "GRUB_CMDLINE_LINUX= ",
    "sources": "datasource_list:\n",
    "prompts": ":respawn:",
    "entries": "linux a\n",
}
# Where each pattern looks, and what it begins with.
FILES = (
    ("/etc/default/grub", "GRUB_CMDLINE_LINUX="),
    ("/etc/default/grub", 'GRUB_CMDLINE_LINUX="'),
    ("/etc/network/interfaces", "iface "),
    ("/etc/inittab", ""),
    ("/boot/grub/grub.cfg", "linux "),
    ("/boot/grub/menu.lst", "kernel "),
    ("/etc/fstab", ""),
    ("/etc/systemd/network/a.network", "Name="),
    ("/etc/sysconfig/network-scripts/ifcfg-a", "IPADDR="),
    ("/etc/NetworkManager/system-connections/a", "type=ethernet"),
    ("/etc/mkinitcpio.conf", "MODULES=("),
    ("/lib/modules/6.1/modules.dep", ""),
    ("/root/.ssh/id", "-----BEGIN "),
)
PROGRAMS = {
    "/etc/passwd": "root:x:0:0::/root:/bin/sh\n",
    "/sbin/ifup": "",
    "/etc/systemd/system/a.wants/systemd-networkd.service": "",
    "/etc/systemd/system/a.wants/NetworkManager.service": "",
    "/usr/bin/mkinitcpio": "",
    "/lib/modules/6.2/modules.dep": "virtio_blk.ko:\nvirtio_pci.ko:\n",
    "/boot/initrd.img-6.2": "",
}


@pytest.mark.parametrize("path, begin", FILES)
def test_written_to_harm(path: str, begin: str) -> None:
    """However a file is written, it is looked through in a moment, or refused."""
    for piece in HARMFUL.values():
        harm = begin + piece * (_LARGE // len(piece))
        guest = PaperGuest({**CLOUD_INIT, **PROGRAMS, path: harm})
        before = time.process_time()
        try:
            inspect(guest)
            judge(guest)
            secrets.find(guest)
            done(guest, "serial_console", {"hostname": "a"})
        except RefusedDisk as error:
            assert path in error.message  # noqa: PT017  # It need not be refused.
        assert time.process_time() - before < _SECONDS, piece


@pytest.mark.parametrize("piece", HARMFUL)
def test_yaml_written_to_harm(piece: str) -> None:
    """The largest that is read takes no longer, and no deeper, than what is honest."""
    harm = HARMFUL[piece] * (settings.LARGEST // len(HARMFUL[piece]))
    before = time.process_time()
    assert at(harm, "network", "config") is None
    assert time.process_time() - before < _SECONDS
