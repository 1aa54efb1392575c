# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How an image steps back for another one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image
from ansible_collections.curator.glance.plugins.module_utils.domain.lineage import TAG
from ansible_collections.curator.glance.plugins.module_utils.domain.plan import (
    PatchImage,
    SetActive,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.supersede import (
    Supersede,
    plan_step_back,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest

FOREIGN = Image(
    id="0123456789",
    name="Debian 12",
    status="active",
    visibility="public",
    owner="p",
    created_at="2026-10-01T12:00:00Z",
)
OURS = replace(FOREIGN, tags=(TAG,), properties={"curator_id": "0123456789"})


def patched(image: Image, taken: tuple[str, ...] = (), **option: Any) -> dict[str, Any]:
    plan = plan_step_back(image, Supersede(**option), project="p", taken=taken)
    (patch,) = (step for step in plan.steps if isinstance(step, PatchImage))
    return {operation["path"]: operation["value"] for operation in patch.operations}


def test_by_default_it_is_renamed_and_hidden() -> None:
    """Whoever has its id goes on using it; nobody else finds it."""
    assert patched(OURS) == {
        "/name": "Debian 12 2026-10-01",
        "/os_hidden": True,
        "/curator_state": "superseded",
    }


def test_a_foreign_image_is_not_marked() -> None:
    """What is not ours gets another name because the task says so, and nothing else."""
    assert "/curator_state" not in patched(FOREIGN)


def test_what_else_can_be_asked_for() -> None:
    """Visibility and activity as well."""
    asked: dict[str, Any] = {
        "hidden": False,
        "visibility": "community",
        "deactivate": True,
        "rename": "old {id}",
    }
    assert patched(FOREIGN, **asked) == {"/name": "old 0123456789", "/visibility": "community"}
    plan = plan_step_back(FOREIGN, Supersede(**asked), project="p")
    # The name last: as long as it has that, the next run sees what is still to be done.
    assert plan.steps[0] == SetActive(image_id="0123456789", active=False)
    assert plan.after.as_diff()["status"] == "deactivated"


def test_two_of_a_day_are_told_apart() -> None:
    """The second one to step back under a name that is taken carries its id."""
    found = patched(OURS, taken=("Debian 12 2026-10-01",))
    assert found["/name"] == "Debian 12 2026-10-01 01234567"


def test_stepping_back_twice_is_once() -> None:
    """A run that died in between is repeated."""
    back = replace(OURS, name="Debian 12", hidden=True)
    assert not plan_step_back(back, Supersede(rename="{name}"), project="p").changed


@pytest.mark.parametrize(
    "pattern", ["", "{nam}", "{name", "{}", "{name.x}", "{name:d}", "{name!x}", "{name} \U0001f600"]
)
def test_a_pattern_that_makes_no_name_is_refused(pattern: str) -> None:
    """Said before anything is done."""
    option = {"rename": pattern, "hidden": True, "visibility": "unchanged", "deactivate": False}
    with pytest.raises(InvalidRequest, match=r"(?i)supersede\.rename"):
        Supersede.from_option(option)
