# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook report, and its role: what is in the cloud, on a page and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integration.conftest import RunModule
from support.cloud import LoopbackCloud
from support.publishing import Provider, publishing
from support.running import Played, play

PLAYBOOK = "curator.glance.report"


@pytest.fixture
def provider(cloud: LoopbackCloud, upload: RunModule, tmp_path: Path) -> Iterator[Provider]:
    """A provider who has published an image, and then a later release of it."""
    with publishing(cloud, tmp_path) as made:
        made.add("Debian", visibility="public", os={"distro": "debian", "user": "debian"})
        (entry,) = made.entries
        for seed in (1, 2):
            made.release("Debian", seed)
            done = upload(
                name=entry["name"],
                source=entry["source"],
                source_checksum=entry["checksum"],
                visibility="public",
                properties={"os_distro": "debian", "image_original_user": "debian"},
            )
            assert done["changed"], done
        yield made


def reported(
    folder: Path, *arguments: str, playbook: list[dict[str, Any]] | str = PLAYBOOK, **variables: Any
) -> Played:
    """Run the playbook once, as the provider."""
    told = {
        "report_images_cloud": "provider",
        "report_images_page_file": str(folder / "page.html"),
        "report_images_json_file": str(folder / "page.json"),
        **variables,
    }
    return play(playbook, "--extra-vars", json.dumps(told), *arguments)


def versions(provider: Provider) -> list[dict[str, Any]]:
    """The image that made way, and the one that has the name; both may be of the same second."""
    found = {image["curator_state"]: image for image in provider.images("Debian")}
    return [found["superseded"], found["published"]]


def entry_of(folder: Path, provider: Provider, label: str = "Debian") -> dict[str, Any]:
    """What the JSON says of an image; others test on the same cloud."""
    report = json.loads((folder / "page.json").read_text())
    entries = {entry["name"]: entry for entry in report["entries"]}
    found: dict[str, Any] = entries[provider.name(label)]
    return found


def embedded(page: Path) -> dict[str, Any]:
    """What the page has in it."""
    found = re.search(
        r'<script type="application/json" id="report">(.*?)</script>', page.read_text()
    )
    assert found
    report: dict[str, Any] = json.loads(found[1])
    return report


def test_a_page_and_the_same_as_json(provider: Provider, tmp_path: Path) -> None:
    """Nothing is written in check mode; then both are, and no run counts as a change."""
    foreseen = reported(tmp_path, "--check", "--diff")
    assert foreseen.status == 0, foreseen.output
    assert not list(tmp_path.glob("page.*"))

    for _n in range(2):
        done = reported(tmp_path)
        assert done.status == 0, done.output
        assert "changed=0" in done.output
        assert "[WARNING]" not in done.output, done.output
        assert "openstack server create" not in done.output
    report = json.loads((tmp_path / "page.json").read_text())
    assert embedded(tmp_path / "page.html") == report
    assert (report["cloud"], report["audience"], report["compared"]) == ("provider", "all", False)

    old, new = versions(provider)
    entry = entry_of(tmp_path, provider)
    assert entry["image"]["id"] == new["id"]
    assert entry["image"]["proof"]["checksum"] == new["curator_proof"]
    assert entry["image"]["proof"]["stored"] == f"sha512:{new['os_hash_value']}"
    assert entry["image"]["login"] == "ssh debian@ADDRESS"
    assert new["id"] in entry["image"]["launch"]["cli"]
    assert [image["id"] for image in entry["older"]] == [old["id"]]
    assert entry["older"][0]["stepped_back_at"]


def test_with_a_catalog(provider: Provider, tmp_path: Path) -> None:
    """What differs from it is told, on the screen as well."""
    _old, new = versions(provider)
    changes = [{"op": "replace", "path": "/visibility", "value": "private"}]
    patch = {"Content-Type": "application/openstack-images-v2.1-json-patch"}
    provider.owner.done("PATCH", f"/images/{new['id']}", json=changes, headers=patch)
    provider.add("Absent")

    catalog = {"report_images_catalog_file": str(provider.write())}
    done = reported(tmp_path, **catalog, report_images_title="Ours")
    assert done.status == 0, done.output
    report = embedded(tmp_path / "page.html")
    assert (report["title"], report["compared"]) == ("Ours", True)
    entry = entry_of(tmp_path, provider)
    assert entry["plan"]["action"] == "update_metadata"
    assert entry["plan"]["changes"]["before"] == {"visibility": "private"}
    assert f"{provider.name('Debian')}: differs from the catalog" in done.output
    missing = {told["name"]: told["plan"]["action"] for told in report["missing"]}
    assert missing == {provider.name("Absent"): "upload"}
    # It only looked.
    assert versions(provider)[1]["visibility"] == "private"


def test_for_users(provider: Provider, tmp_path: Path) -> None:
    """What they do not see in the cloud is in neither file."""
    old, new = versions(provider)
    done = reported(tmp_path, report_images_audience="users", report_images_cloud_title="Cloud 9")
    assert done.status == 0, done.output
    entry = entry_of(tmp_path, provider)
    assert (entry["image"]["id"], entry["older"]) == (new["id"], [])
    for file in ("page.html", "page.json"):
        text = (tmp_path / file).read_text()
        assert old["id"] not in text
        assert "Cloud 9" in text


def test_for_later_tasks(provider: Provider) -> None:
    """Without a file, the report is a fact, and nothing is written."""
    plays = [
        {
            "hosts": "localhost",
            "gather_facts": False,
            "roles": ["curator.glance.report_images"],
            "vars": {"report_images_cloud": "provider"},
            "post_tasks": [
                {
                    "name": "Look",
                    "ansible.builtin.debug": {
                        "msg": "{{ report_images_result.entries | map(attribute='name') }}"
                    },
                }
            ],
        }
    ]
    done = play(plays)
    assert done.status == 0, done.output
    assert provider.name("Debian") in done.result_of("Look")["msg"]


def test_what_cannot_be_meant(cloud: LoopbackCloud, tmp_path: Path) -> None:  # noqa: ARG001
    """A catalog that is not there is an error, and so is an audience that nobody knows."""
    done = reported(tmp_path, report_images_catalog_file="none.yml")
    assert done.status != 0
    assert "none.yml cannot be read" in done.output
    # A path begins where the play was started, and not in the collection.
    assert "playbooks/none.yml" not in done.output
    done = reported(tmp_path, report_images_audience="everybody")
    assert done.status != 0
    assert "report_images_audience" in done.output
    assert not list(tmp_path.glob("page.*"))
