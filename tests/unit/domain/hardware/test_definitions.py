# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cloud's metadata definitions, as Glance shows them, and what they add."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.checking import (
    Definitions,
    check,
    definitions_from,
    open_questions,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.known import Kind


def namespace(
    properties: dict[str, Any], prefix: str | None = None, **tie: str | None
) -> dict[str, Any]:
    return {
        "namespace": "Test",
        "resource_type_associations": [
            {"name": "OS::Nova::Flavor", "prefix": "hw:"},
            {"name": "OS::Glance::Image", "prefix": prefix, "created_at": "x"} | tie,
        ],
        "properties": properties,
    }


def defined(*namespaces: dict[str, Any]) -> Definitions:
    return definitions_from(namespaces)


def messages(named: dict[str, Any], definitions: Definitions | None) -> list[str]:
    whole = {name: str(value) for name, value in named.items()}
    found = check(named, whole, hypervisor="kvm", definitions=definitions)
    return [finding.message for finding in found]


def test_names_get_the_prefix_of_their_tie_to_images() -> None:
    """Those of flavors are no names for images."""
    found = defined(namespace({"acme": {"type": "string", "enum": ["a"]}}, prefix="hw_"))
    assert set(found.properties) == {"hw_acme"}
    plain = defined(namespace({"hw_acme": {"type": "string"}}))
    assert set(plain.properties) == {"hw_acme"}


def test_objects_hold_properties_too() -> None:
    """As the software namespaces of Glance do."""
    body = namespace({}) | {
        "objects": [{"name": "o", "properties": {"hw_deep": {"type": "integer"}}}]
    }
    assert defined(body).properties["hw_deep"].kind is Kind.NUMBER


@pytest.mark.parametrize(
    "body",
    [
        {"namespace": "Test", "properties": {"hw_x": {"type": "string"}}},
        {"namespace": "Test", "resource_type_associations": None, "properties": None},
        namespace({"hw_x": {"type": "string"}}, name="OS::Cinder::Volume"),
        namespace({"hw_x": {"type": "string"}}, properties_target="scheduler_hints"),
    ],
)
def test_what_is_not_for_images_is_passed_over(body: dict[str, Any]) -> None:
    """A namespace may be for flavors, volumes or nothing."""
    assert defined(body) == Definitions()


@pytest.mark.parametrize(
    "schema, right, wrong",
    [
        ({"type": "string", "enum": ["big", "small"]}, "big", "bug"),
        ({"type": "integer", "minimum": 1, "maximum": 3}, 3, 4),
        ({"type": "integer"}, -1, "x"),
        ({"type": "boolean"}, "yes", "maybe"),
        ({"type": "array", "items": {"type": "string", "enum": ["a", "b"]}}, "a,b", "a,c"),
        ({"type": "string", "enum": [1, 2]}, 1, 3),
    ],
)
def test_the_clouds_own_properties_are_checked(
    schema: dict[str, Any], right: Any, wrong: Any
) -> None:
    """By the kind, the values and the range that it defines."""
    found = defined(namespace({"hw_acme": schema}))
    assert messages({"hw_acme": right}, found) == []
    (message,) = messages({"hw_acme": wrong}, found)
    assert str(wrong).rpartition(",")[2] in message
    assert "Possible are" in message or "Give" in message


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string"},
        {"type": "string", "pattern": "(a+)+$"},
        {"type": "number"},
        {"type": "array", "items": {"type": "string"}},
        {},
    ],
)
def test_what_is_defined_as_free_is_free(schema: dict[str, Any]) -> None:
    """A cloud's regular expressions are not run."""
    found = defined(namespace({"hw_acme": schema}))
    assert messages({"hw_acme": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"}, found) == []


def test_several_definitions_of_one_property_count_together() -> None:
    """Glance's own define network models twice, for libvirt and for VMware."""
    one = namespace({"hw_acme": {"type": "string", "enum": ["a", "b"]}})
    other = namespace({"hw_acme": {"type": "string", "enum": ["b", "c"]}})
    assert defined(one, other).properties["hw_acme"].values == ("a", "b", "c")
    free = namespace({"hw_acme": {"type": "string"}})
    assert messages({"hw_acme": "z"}, defined(one, free)) == []
    assert defined(one, one).properties == defined(one).properties


def test_definitions_add_values_that_the_tables_lack() -> None:
    """But not those that they know and the hypervisor has not, and no free text."""
    newer = defined(namespace({"hw_disk_bus": {"type": "string", "enum": ["nvme", "uml"]}}))
    assert messages({"hw_disk_bus": "nvme"}, None)
    assert messages({"hw_disk_bus": "nvme"}, newer) == []
    assert "kvm does not have" in messages({"hw_disk_bus": "uml"}, newer)[0]
    assert messages({"hw_disk_bus": "nvmee"}, newer)
    free = defined(namespace({"hw_scsi_model": {"type": "string"}}))
    assert messages({"hw_scsi_model": "virtoi-scsi"}, free)


def test_the_cloud_is_asked_only_where_the_tables_have_a_gap() -> None:
    """A wrong number, a trait and what another hypervisor has are no questions."""
    named = {
        "hw_acme": "x",
        "hw_disk_bus": "nvme",
        "hw_rng_model": "virtio",
        "hw_vif_model": "VirtualE1000",
        "hw_cpu_sockets": "many",
        "hw_boot_menu": "maybe",
        "hw_gone": None,
        "hw_numa_cpus": "0-3",
        "trait:odd": "required",
        "trait:CUSTOM_X": "forbidden",
        "hw_machine_type": "whatever",
    }
    assert open_questions(named, "kvm") == ("hw_acme", "hw_disk_bus")
