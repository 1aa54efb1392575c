# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook curator.glance.retire, as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from support.cloud import LoopbackCloud
from support.faults import ALWAYS, Answer, Fault
from support.proxy import proxy
from support.running import Played, play
from support.versions import new_version, snapshot_of

RETIRE = "Retire images"


def versions(cloud: LoopbackCloud, entry: str, *ages: str) -> list[dict[str, Any]]:
    """Versions that stepped back on these days, after one that is in use."""
    new_version(cloud, entry, "published", visibility="public")
    return [
        new_version(
            cloud,
            entry,
            "superseded",
            visibility="public",
            os_hidden=False,
            curator_published_at=f"{day}T00:00:00Z",
            curator_stepped_back_at=f"{day}T12:00:00Z",
        )
        for day in ages
    ]


def retire(*arguments: str, cloud: str = "provider", **policy: Any) -> Played:
    given = {"retire_images_cloud": cloud, "retire_images_policy": policy}
    return play("curator.glance.retire", "-e", json.dumps(given), *arguments)


def states(cloud: LoopbackCloud, images: list[dict[str, Any]]) -> list[str]:
    return [cloud["provider"].image(image["id"])["curator_state"] for image in images]


def test_what_has_had_its_time(cloud: LoopbackCloud, name: str, tmp_path: Path) -> None:
    """Predicted, done, reported; and nothing else is touched."""
    newest, old, oldest = versions(cloud, name, "2026-03-01", "2026-02-01", "2026-01-01")
    snapshot = snapshot_of(cloud, oldest, tags=oldest["tags"], os_hidden=True)
    report = tmp_path / "report.json"
    policy: dict[str, Any] = {"entries": [name], "keep": 1}
    to_file = ("-e", f"retire_images_report_file={report}")
    predicted = retire("--check", *to_file, **policy)
    assert predicted.status == 0, predicted.output
    assert old["name"] in predicted.output
    assert "beyond keep: 1" in predicted.output
    assert states(cloud, [newest, old, oldest]) == ["superseded"] * 3
    assert not report.exists()
    done = retire(*to_file, **policy)
    assert done.status == 0, done.output
    assert states(cloud, [newest, old, oldest]) == ["superseded", "retired", "retired"]
    shown = json.loads(report.read_text())
    assert [image["id"] for image in shown["retired"]] == [old["id"], oldest["id"]]
    assert (shown["failed"], shown["predicted"]) == ([], False)
    again = retire(**policy)
    assert again.status == 0
    assert "changed=0" in again.output
    assert cloud["provider"].image(snapshot["id"]) == snapshot


def test_one_failure_does_not_stop_the_others(cloud: LoopbackCloud, name: str) -> None:
    """All are tried, the report names the one that failed, and the exit is red."""
    first, second = versions(cloud, name, "2026-02-01", "2026-01-01")
    provider = cloud["provider"]
    with proxy(provider.glance_url) as glance:
        glance.fault(Fault(deed=Answer(403), on=f"PATCH /v2/images/{first['id']}", times=ALWAYS))
        behind_it = {
            "auth": dict(provider.credentials),
            "image_endpoint_override": f"{glance.url}/v2",
        }
        plays = [
            {
                "hosts": "localhost",
                "gather_facts": False,
                "module_defaults": {"group/curator.glance.glance": {"cloud": behind_it}},
                "vars": {"retire_images_policy": {"entries": [name], "keep": 0}},
                "roles": [{"role": "curator.glance.retire_images"}],
            }
        ]
        played = play(plays)
    assert played.status != 0
    assert f"({first['id']}): FAILED to hide." in played.output
    assert states(cloud, [first, second]) == ["superseded", "retired"]


def test_a_policy_that_cannot_be_meant(cloud: LoopbackCloud, name: str) -> None:
    """It is refused as a whole, in words, and nothing is retired."""
    images = versions(cloud, name, "2026-01-01")
    refused = retire(entries=[name], keep=0, levels={"destroy": 0})
    assert refused.status != 0
    assert "levels has destroy. Levels are" in " ".join(refused.output.split())
    assert "Traceback" not in refused.output
    assert "Retired" not in refused.output
    assert states(cloud, images) == ["superseded"]
