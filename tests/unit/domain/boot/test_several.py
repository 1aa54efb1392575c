# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Boot checks of many images: which ones are meant, and what each of them is told."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.several import (
    several_checks,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.keys import BOOT_CHECK
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest

from support.documents import plugin

OWN: list[dict[str, Any]] = [
    {"id": "i1", "name": "Debian 12", "status": "active"},
    {"id": "i2", "name": "Debian 12", "status": "active"},
    {"id": "i3", "name": "Wiki", "status": "active"},
    {"id": "i4", "name": None, "status": "queued"},
]


def checks(given: Any = (), select: str | None = None, **common: Any) -> list[dict[str, Any]]:
    return several_checks(given, select=select, own=OWN, common=common)


def test_an_image_says_more_than_all_of_them_do() -> None:
    """Key by key, also of what is expected; a variable that is not set says nothing."""
    plain, special = checks(
        ["Debian 12", {"image": "Firewall", "network": "a", "expect": {"interfaces": 2}}],
        network=["b", "c"],
        flavor=None,
        record=True,
        expect={"ipv6": False},
    )
    assert plain == {
        "name": "Debian 12",
        "slug": "debian-12",
        "options": {
            "image": "Debian 12",
            "network": ["b", "c"],
            "record": True,
            "expect": {"ipv6": False},
        },
    }
    assert special["options"]["network"] == ["a"]
    assert special["options"]["expect"] == {"ipv6": False, "interfaces": 2}


def test_a_selection_goes_by_ids() -> None:
    """Images of one name are two; what the list has is not there twice; no two hosts are alike."""
    chosen = checks(["Wiki"], "[?status=='active']")
    assert [check["options"]["image"] for check in chosen] == ["Wiki", "i1", "i2"]
    assert [check["name"] for check in chosen] == ["Wiki", "Debian 12", "Debian 12"]
    assert len({check["slug"] for check in chosen}) == 3
    assert [check["name"] for check in checks([], "[?status=='queued'].id")] == ["i4"]
    assert checks([], "[?status=='none']") == []


def test_no_image_is_booted_twice() -> None:
    """Neither if it is listed by its name and by its id."""
    with pytest.raises(InvalidRequest, match="names 'Wiki' twice: by its name, and by its id, i3"):
        checks(["Wiki", "i3"], "[?status=='none']")


def test_its_options_are_those_of_the_module() -> None:
    """What may be said in a catalog and in this list is what the module takes."""
    options = plugin("modules.image_boot_check").OPTIONS
    assert BOOT_CHECK.keys() - options.keys() == {"timeout"}
    expected = options["expect"]["options"].keys()
    one = {**dict.fromkeys(expected, True), "console": "login:", "interfaces": 1}
    (check,) = checks([{"image": "a", "expect": one}])
    assert check["options"]["expect"].keys() == expected


@pytest.mark.parametrize(
    "given, message",
    [
        ("Debian 12", "verify_images_list is 'Debian 12'. Give a list"),
        ([{"name": "a"}], "Element 1 of verify_images_list has no image."),
        ([True], "Element 1 of verify_images_list: image is true, which YAML makes of"),
        (["a", "b", "a"], "names 'a' twice"),
        (["a", {"image": "b", "flavour": "x"}], "Element 2 of verify_images_list (b): flavour:"),
        ([{"image": "b", "flavour": "x"}], "A boot check has no key 'flavour'. Write flavor."),
        ([{"image": "b", "expect": {"ssh": "perhaps"}}], "(b): expect.ssh is 'perhaps'"),
        ([{"image": "b", "password": "secret"}], "A boot check has no key 'password'"),
    ],
)
def test_what_cannot_be_meant(given: Any, message: str) -> None:
    """It is said with the element and the key, and with no value that may be a secret."""
    with pytest.raises(InvalidRequest) as caught:
        checks(given)
    assert message in caught.value.message
    assert "secret" not in caught.value.message


def test_what_cannot_be_meant_of_all_of_them() -> None:
    """It is said by the variable that has it."""
    with pytest.raises(InvalidRequest, match=r"^publish_images_verify\.flavour: A boot check has"):
        several_checks(
            [], select=None, own=[], common={"flavour": 1}, prefix="publish_images_verify."
        )


@pytest.mark.parametrize("select", ["length(@)", "[].name", "[?status="])
def test_a_selection_that_is_none(select: str) -> None:
    """An expression that gives something else, or is no expression."""
    with pytest.raises(InvalidRequest, match="verify_images_select"):
        checks([], select)
