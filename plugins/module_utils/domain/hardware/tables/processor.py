# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The tables: processors and memory of a guest."""

from __future__ import annotations

from ..property import Property, choice, flag, number, pattern, processor_list

# Nova looks for as many NUMA nodes, and counts them from 0.
_MOST_NODES = 128
_NODE = r"(\d|[1-9]\d|1[01]\d|12[0-7])"

# The likely ones first.
_ARCHITECTURES = (
    "x86_64",
    "aarch64",
    "i686",
    "ppc64le",
    "s390x",
    "armv7l",
    "alpha",
    "armv6",
    "armv7b",
    "cris",
    "ia64",
    "lm32",
    "m68k",
    "microblaze",
    "microblazeel",
    "mips",
    "mipsel",
    "mips64",
    "mips64el",
    "openrisc",
    "parisc",
    "parisc64",
    "ppc",
    "ppcle",
    "ppc64",
    "ppcemb",
    "s390",
    "sh4",
    "sh4eb",
    "sparc",
    "sparc64",
    "unicore32",
    "xtensa",
    "xtensaeb",
)
_OTHER_ARCHITECTURES = {
    "i386": "i686",
    "i486": "i686",
    "i586": "i686",
    "x86_32": "i686",
    "x86_32p": "i686",
    "amd64": "x86_64",
}


def architecture(name: str, meaning: str, *, instead: str = "") -> Property:
    """A row for a processor architecture."""
    return choice(
        name,
        meaning,
        *_ARCHITECTURES,
        also=_OTHER_ARCHITECTURES,
        any_case=True,
        instead=instead,
    )


ARCHITECTURE = "The processor architecture that the operating system in the image is for"

PROCESSOR: tuple[Property, ...] = (
    architecture("hw_architecture", ARCHITECTURE),
    architecture(
        "hw_emulation_architecture", "An architecture to emulate that hosts do not have themselves"
    ),
    number("hw_cpu_sockets", "How many processor sockets are preferred", least=1),
    number("hw_cpu_cores", "How many cores in a socket are preferred", least=1),
    number("hw_cpu_threads", "How many threads in a core are preferred", least=1),
    number("hw_cpu_max_sockets", "How many processor sockets the guest can use", least=1),
    number("hw_cpu_max_cores", "How many cores in a socket the guest can use", least=1),
    number("hw_cpu_max_threads", "How many threads in a core the guest can use", least=1),
    choice(
        "hw_cpu_policy",
        "Whether the guest has processors of the host for itself",
        "dedicated",
        "shared",
        "mixed",
    ),
    choice(
        "hw_cpu_thread_policy",
        "How dedicated processors use the threads of a core of the host",
        "prefer",
        "isolate",
        "require",
    ),
    processor_list(
        "hw_cpu_realtime_mask",
        "Which processors have real-time priority, where the flavor asks for it",
        "^0-1 or 2-7",
    ),
    flag("hw_pmu", "Whether the guest has performance counters"),
    flag("hw_time_hpet", "Whether the guest has the HPET timer (x86)"),
    choice(
        "hw_maxphysaddr_mode",
        "Where the width of physical addresses comes from",
        "passthrough",
        "emulate",
    ),
    # What QEMU can do on x86.
    number(
        "hw_maxphysaddr_bits", "The width of physical addresses, if emulated", least=32, most=52
    ),
)

MEMORY: tuple[Property, ...] = (
    pattern(
        "hw_mem_page_size",
        "The size of memory pages, where the flavor lets the image choose",
        r"small|large|any|\d+([kKMGT]i?)?(b|bit|B)?",
        "small, large, any, 2048 (in KiB) or 2MB",
    ),
    flag("hw_locked_memory", "Whether the memory of the guest is kept from swapping"),
    flag("hw_mem_encryption", "Whether the memory of the guest is encrypted"),
    choice(
        "hw_mem_encryption_model",
        "By which technology memory is encrypted",
        "amd-sev",
        "amd-sev-es",
        "amd-sev-snp",
        "intel-tdx",
    ),
    number("hw_numa_nodes", "How many NUMA nodes the guest sees", least=1, most=_MOST_NODES),
    choice(
        "hw_pci_numa_affinity_policy",
        "How close to the guest's memory its PCI devices have to be",
        "required",
        "legacy",
        "preferred",
        "socket",
    ),
)

# Names that go on with a number, or with a name of somebody else's.
FAMILIES: tuple[tuple[str, Property], ...] = (
    (
        rf"hw_numa_cpus\.{_NODE}",
        processor_list("hw_numa_cpus.N", "The processors of the guest in NUMA node N", "0-3,6"),
    ),
    (
        rf"hw_numa_mem\.{_NODE}",
        number("hw_numa_mem.N", "The memory in MiB of NUMA node N", least=1),
    ),
    (
        r"trait:[A-Z0-9_]+",
        choice("trait:NAME", "A trait of Placement that hosts must have", "required"),
    ),
)

# Nova fills these from the families above and from traits, and reads no property of the name.
NOT_READ = {
    "hw_numa_cpus": "hw_numa_cpus.0, hw_numa_cpus.1 and so on, one for each node",
    "hw_numa_mem": "hw_numa_mem.0, hw_numa_mem.1 and so on, one for each node",
    "traits_required": "trait:NAME with the value required, one for each trait",
}
