# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The profiles that the guide and the module's page list are those that there are."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.hypervisors import (
    HYPERVISORS,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.profiles import (
    PROFILES,
    Profile,
)

from support.documents import documentation
from support.house import ROOT

GUIDE = (ROOT / "docs/docsite/rst/hardware_guide.rst").read_text()


def option(name: str) -> dict[str, Any]:
    """An option of the module, as ansible-doc shows it."""
    found: dict[str, Any] = documentation("module")["image_hw_props"]["doc"]["options"][name]
    return found


def entry(profile: Profile) -> str:
    """A profile as the guide has it: to be pasted there when it is new or changed."""
    items = [
        f"    - ``{name}{f': {value}' if value is not None else ''}``"
        f"{'' if value is not None else ' is removed'}. {profile.why[name]}."
        for name, value in profile.properties.items()
    ]
    return "\n".join([f"``{profile.name}``", f"    {profile.meaning}.", "", *items, ""])


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_the_guide_has_every_profile_as_it_is(profile: Profile) -> None:
    """With what it is for, each property, and why."""
    assert entry(profile) in GUIDE


def test_the_guide_has_no_other_profile() -> None:
    """One that is gone would still be asked for."""
    listed = re.findall(r"(?m)^``([\w-]+)``\n    ", GUIDE)
    assert listed == [profile.name for profile in PROFILES]


def test_the_page_of_the_module_lists_the_profiles() -> None:
    """Where ansible-doc shows them: name and meaning."""
    listed = [text for text in option("profiles")["description"] if text.startswith("V(")]
    assert listed == [f"V({profile.name}). {profile.meaning}." for profile in PROFILES]


def test_the_page_of_the_module_names_the_hypervisors() -> None:
    """Those that the tables tell apart."""
    assert option("hypervisor")["choices"] == list(HYPERVISORS)
