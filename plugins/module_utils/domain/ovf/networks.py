# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The network adapters of a machine, by their models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .document import Element, child, children, clean
from .hardware import NETWORK, Item

UNKNOWN = "unknown"
_MOST = 64

# By a part of what the subtype is called, in lower case; the first that fits.
_MODELS = (
    ("virtio", "virtio"),
    ("vmxnet3", "vmxnet3"),
    ("vmxnet2", "vmxnet2"),
    ("vmxnet", "vmxnet"),
    ("e1000e", "e1000e"),
    ("e1000", "e1000"),
    # VirtualBox names the chips.
    ("82540em", "e1000"),
    ("82543gc", "e1000"),
    ("82545em", "e1000"),
    ("pcnet", "pcnet"),
    ("am79c97", "pcnet"),
    ("rtl8139", "rtl8139"),
    ("ne2k", "ne2k_pci"),
)
# oVirt numbers its models.
_OF_OVIRT = {"1": "rtl8139", "2": "e1000", "3": "virtio", "6": "e1000e"}


def adapters(system: Element, devices: Sequence[Item]) -> tuple[str, ...]:
    """The model of each adapter, in Nova's words, or in those of the description."""
    told = [
        _model(item.get("resourcesubtype", ""))
        for item in devices
        if item.get("resourcetype") == NETWORK
    ]
    if told and set(told) != {UNKNOWN}:
        return tuple(told[:_MOST])
    return tuple(_of_virtualbox(system))[:_MOST] or tuple(told[:_MOST])


def _of_virtualbox(system: Element) -> Iterator[str]:
    network = child(system, "Machine", "Hardware", "Network")
    for adapter in children(network, "Adapter"):
        if adapter.get("enabled") == "true":
            # What is not written down is its default.
            yield _model(adapter.get("type", "Am79C973"))


def _model(subtype: str) -> str:
    name = clean(subtype).lower()
    if name in _OF_OVIRT:
        return _OF_OVIRT[name]
    return next((model for part, model in _MODELS if part in name), name or UNKNOWN)
