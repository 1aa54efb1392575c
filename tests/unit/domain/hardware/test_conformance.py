# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables against the source of the Nova that they follow: nothing is missing, or too much.

When Nova is released anew, change the version in nova_source.py, and the tables until this passes.
"""

from __future__ import annotations

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.hypervisors import (
    values_for,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.known import (
    Kind,
    every,
    known,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.tables import processor

from unit.domain.hardware import nova_source

pytestmark = pytest.mark.slow

# What is in our tables and no field of Nova's: names that begin families, what Nova reads past its
# fields, and what stands beside them everywhere.
ADDED = {
    "hw_numa_cpus.N",
    "hw_numa_mem.N",
    "trait:NAME",
    "vmware_adaptertype",
    "os_shutdown_timeout",
    "os_version",
}
KINDS = {
    "FlexibleBooleanField": {Kind.FLAG},
    "IntegerField": {Kind.NUMBER},
    "UUIDField": {Kind.UUID},
    "VersionPredicateField": {Kind.PATTERN},
    "StringField": {Kind.TEXT, Kind.PATTERN, Kind.PROCESSORS},
    "ListOfDictOfNullableStringsField": {Kind.TEXT},
}
# Any text to Nova, but not to vSphere.
NARROWER = {"hw_disk_type"}
# Nova asks another library for these.
ELSEWHERE = {"ImageSignatureHashTypeField"}
LIBVIRT = ("kvm", "qemu", "lxc", "parallels")
BUSES = ("hw_disk_bus", "hw_cdrom_bus", "hw_rescue_bus")


def test_every_property_of_novas_is_known() -> None:
    """And no other, save those that are added on purpose."""
    ours = {row.name for row in every()} - ADDED
    assert ours | set(processor.NOT_READ) == {*nova_source.fields(), *nova_source.older_names()}


def test_older_names_lead_to_todays() -> None:
    """As Nova maps them."""
    ours = {row.name: row.instead for row in every() if row.instead}
    assert ours == nova_source.older_names()


def test_kinds_and_values_are_novas() -> None:
    """Each value, in whichever order."""
    values = nova_source.values()
    for name, field in nova_source.fields().items():
        if name in processor.NOT_READ or name in NARROWER or field in ELSEWHERE:
            continue
        row = known(name)
        assert row is not None, name
        if field in values:
            assert row.kind is Kind.CHOICE, name
            assert set(row.values) == set(values[field]), name
        else:
            assert row.kind in KINDS[field], (name, field)


def test_other_spellings_are_novas() -> None:
    """Those of VMware's network cards."""
    row = known("hw_vif_model")
    assert row is not None
    assert dict(row.also) == nova_source.spellings()


@pytest.mark.parametrize("hypervisor", LIBVIRT)
@pytest.mark.parametrize("name", BUSES)
def test_buses_of_a_hypervisor_are_those_of_the_driver(name: str, hypervisor: str) -> None:
    """In whichever order."""
    assert set(values_for(name, hypervisor) or ()) == set(nova_source.buses()[hypervisor])


@pytest.mark.parametrize("hypervisor", LIBVIRT)
def test_network_models_of_a_hypervisor_are_those_of_the_driver(hypervisor: str) -> None:
    """In whichever order."""
    ours = values_for("hw_vif_model", hypervisor)
    assert ours is not None
    assert set(ours) == set(nova_source.network_models()[hypervisor])


def test_network_models_of_vmware_are_those_of_the_driver() -> None:
    """Under both of their names."""
    ours = set(values_for("hw_vif_model", "vmware") or ())
    theirs = set(nova_source.vmware_network_models())
    assert ours == theirs | {nova_source.spellings()[name.lower()] for name in theirs}
