# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The tables: how a guest starts, on which hypervisor, and which operating system it is."""

from __future__ import annotations

from ..property import Kind, Property, choice, flag, number, pattern, text

# Nova's words, the likely ones first; the rest are no virtual machines, or are gone.
_HYPERVISORS = (
    "kvm",
    "qemu",
    "vmware",
    "xen",
    "hyperv",
    "parallels",
    "vz",
    "lxc",
    "ironic",
    "baremetal",
    "bhyve",
    "docker",
    "fake",
    "kqemu",
    "lxd",
    "openvz",
    "phyp",
    "prsm",
    "test",
    "uml",
    "vbox",
    "zvm",
)
_OTHER_HYPERVISORS = {"xapi": "xen"}
_OTHER_MODES = {"pv": "xen", "hv": "hvm", "baremetal": "hvm"}
_VERSIONS = r"\s*(<=|>=|<|>|!=|==)\s*[^\s,]+\s*(,\s*(<=|>=|<|>|!=|==)\s*[^\s,]+\s*)*"

HYPERVISOR = "The hypervisor that hosts must have"
HYPERVISOR_VERSION = "The versions of the hypervisor that hosts may have"
MODE = "Whether the guest needs full virtualization (hvm) or a paravirtual host"


def hypervisor(name: str, *, instead: str = "") -> Property:
    """A row for a hypervisor."""
    return choice(
        name,
        HYPERVISOR,
        *_HYPERVISORS,
        also=_OTHER_HYPERVISORS,
        any_case=True,
        instead=instead,
    )


def hypervisor_versions(name: str, *, instead: str = "") -> Property:
    """A row for conditions on the hypervisor's version."""
    return pattern(name, HYPERVISOR_VERSION, _VERSIONS, ">=7.0,<9", instead=instead)


def mode(name: str, *, instead: str = "") -> Property:
    """A row for the way in which a guest is virtualized."""
    return choice(
        name, MODE, "hvm", "xen", "uml", "exe", also=_OTHER_MODES, any_case=True, instead=instead
    )


STARTING: tuple[Property, ...] = (
    choice("hw_firmware_type", "The firmware that starts the guest", "uefi", "bios"),
    flag("hw_firmware_stateless", "Whether UEFI keeps no variables between starts"),
    choice(
        "os_secure_boot",
        "Whether UEFI starts signed systems only",
        "required",
        "disabled",
        "optional",
    ),
    # QEMU has hundreds, and distributions add their own.
    pattern(
        "hw_machine_type",
        "The board that is emulated, which decides on buses",
        r"[A-Za-z0-9][A-Za-z0-9._+-]*",
        "pc, q35, virt or one with its version, such as pc-q35-8.2",
    ),
    flag("hw_boot_menu", "Whether the BIOS offers a menu of boot devices"),
    flag("hw_ipxe_boot", "Whether an ISO image starts over the network (XenAPI, gone from Nova)"),
    text("os_command_line", "The command line of the kernel that kernel_id names"),
    choice(
        "img_config_drive",
        "Whether the guest needs its metadata on a drive",
        "optional",
        "mandatory",
    ),
)

HOSTING: tuple[Property, ...] = (
    hypervisor("img_hv_type"),
    hypervisor_versions("img_hv_requested_version"),
    mode("hw_vm_mode"),
    flag("img_hide_hypervisor_id", "Whether the guest is kept from seeing that it is virtual"),
    flag("img_linked_clone", "Whether servers share the image's disk on VMware"),
    number("img_version", "The version of the image's metadata, for VMware"),
    flag("img_cache_in_nova", "Whether hosts keep the image (XenAPI, gone from Nova)"),
    flag("img_bittorrent", "Whether hosts fetch by BitTorrent (XenAPI, gone from Nova)"),
    number(
        "img_compression_level",
        "How snapshots are compressed (XenAPI, gone from Nova)",
        least=1,
        most=9,
    ),
    flag("img_use_agent", "Whether Nova's agent runs in the guest (XenAPI, gone from Nova)"),
    number("hw_device_id", "The PCI device of XenServer's tools (XenAPI, gone from Nova)"),
    text("hw_auto_disk_config", "Whether hosts grow the root partition (XenAPI, gone from Nova)"),
)

SYSTEM: tuple[Property, ...] = (
    choice(
        "os_type",
        "The family of the operating system; windows brings Hyper-V enlightenments and local time",
        "linux",
        "windows",
        any_case=True,
    ),
    text("os_distro", "The operating system as libosinfo calls it, which Nova asks for devices"),
    text("os_admin_user", "The user whose password Nova sets"),
    flag("hw_qemu_guest_agent", "Whether there is a channel to an agent in the guest"),
    flag("os_require_quiesce", "Whether a snapshot fails if file systems cannot be frozen first"),
    flag("os_skip_agent_inject_ssh", "Whether Nova's agent leaves keys alone (XenAPI)"),
    flag("os_skip_agent_inject_files_at_boot", "Whether Nova's agent leaves files alone (XenAPI)"),
)

# No fields of Nova's, but read by it, or kept beside those that are.
BESIDE_NOVA: tuple[Property, ...] = (
    Property(
        name="os_version",
        kind=Kind.VERSION,
        meaning="The version of the operating system, as its distributor says",
    ),
    number("os_shutdown_timeout", "Seconds that the guest has to shut down by itself", least=0),
)
