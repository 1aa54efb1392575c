# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A catalog as the inventory: hosts and groups, runs that are limited to some, and AWX's slices."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from support import awx
from support.cloud import LoopbackCloud
from support.proxy import behind
from support.publishing import PLAYBOOK, Provider, Published, publishing, reported
from support.running import play

_GROUP = "curator_catalog"


@pytest.fixture
def provider(cloud: LoopbackCloud, tmp_path: Path) -> Iterator[Provider]:
    """A provider with an empty catalog."""
    with publishing(cloud, tmp_path) as made:
        yield made


def inventory_of(folder: Path, catalog: Any) -> Path:
    """An inventory file beside a catalog."""
    text = catalog if isinstance(catalog, str) else yaml.safe_dump(catalog, sort_keys=False)
    (folder / "catalog.yml").write_text(text)
    path = folder / "images.curator.yml"
    path.write_text("plugin: curator.glance.catalog\ncatalog: catalog.yml\n")
    return path


def publish_from(inventory: Path, *arguments: str, user: str = "provider") -> Published:
    """Run the playbook on an inventory."""
    given = ["-i", str(inventory), "-e", f"publish_images_cloud={user}", *arguments]
    played = play(PLAYBOOK, *given)
    return Published(played, reported(played))


def test_hosts_and_groups(tmp_path: Path) -> None:
    """Each entry is a host, in groups after what it says; templates in it are not evaluated."""
    catalog = {
        "defaults": {"visibility": "public"},
        "images": [
            {"name": "Debian 12", "source": "/x", "os": {"distro": "debian"}},
            {"name": "It's {{ odd }}", "source": "/x", "visibility": "private"},
            {"name": "Gone", "state": "retired"},
            {"name": "Wrong", "sauce": "/x"},
        ],
    }
    found = awx.inventory(inventory_of(tmp_path, catalog))
    groups = {name: set(group["hosts"]) for name, group in found.items() if "hosts" in group}
    assert groups == {
        _GROUP: {"debian-12", "it-s-odd", "gone", "wrong"},
        "distro_debian": {"debian-12"},
        "state_present": {"debian-12", "it-s-odd"},
        "state_retired": {"gone"},
        "visibility_public": {"debian-12", "gone"},
        "visibility_private": {"it-s-odd"},
    }
    variables = found["_meta"]["hostvars"]
    assert variables["wrong"]["curator_entry"]["sauce"] == {"__ansible_unsafe": "/x"}
    assert variables["it-s-odd"]["curator_entry"]["name"] == {"__ansible_unsafe": "It's {{ odd }}"}
    # Connections are for plays to say.
    assert all(set(host) == {"curator_entry"} for host in variables.values())


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize(
    "catalog, words",
    [
        pytest.param("images: [", "no plain YAML", id="broken"),
        pytest.param("[]", "no entries", id="empty"),
        pytest.param([{"source": "/x"}], "no name", id="nameless"),
        pytest.param(
            "- name: A\n  source: /x\n  source: /y\n",
            "Line 3: source stands a second time, after line 2",
            id="doubled",
        ),
        pytest.param([{"name": "A", "source": "/x"}] * 2, "'A' is that of 2", id="twins"),
    ],
)
def test_a_catalog_that_is_no_inventory(tmp_path: Path, catalog: Any, words: str) -> None:
    """Ansible warns and would be green; the play fails, and says why."""
    ended = publish_from(inventory_of(tmp_path, catalog))
    assert ended.played.status == 2, ended.played.output
    refused = ended.played.results[-1]
    assert refused["outcome"] == "failed"
    assert "The inventory has no catalog" in refused["msg"]
    assert words in refused["msg"]


def test_a_wrong_entry_is_told_with_its_line(provider: Provider) -> None:
    """By a warning of the inventory; the report has the reason, and the others are published."""
    provider.add("right")
    provider.entries.append({"name": provider.name("wrong"), "sauce": "/x"})
    inventory = inventory_of(provider.folder, provider.entries)
    text = (provider.folder / "catalog.yml").read_text()
    line = 1 + next(n for n, words in enumerate(text.splitlines()) if "sauce" in words)
    ended = publish_from(inventory)
    assert ended.played.status == 2
    assert f"Line {line}: An entry has no key 'sauce'" in " ".join(ended.played.output.split())
    actions = {name: entry["action"] for name, entry in ended.entries.items()}
    assert actions == {provider.name("right"): "published", provider.name("wrong"): "failed"}


def test_a_part_of_the_catalog(provider: Provider) -> None:
    """Only what the run is limited to is published, and nothing is judged that it does not see."""
    provider.add("wanted", os={"distro": "wanted"})
    provider.add("other", os={"distro": "other"})
    provider.entries.append({"name": provider.name("gone"), "state": "retired"})
    inventory = inventory_of(provider.folder, provider.entries)

    left_out = publish_from(inventory, "--limit", "distro_wanted")
    assert left_out.played.status == 2
    assert "Give --limit localhost,distro_wanted" in left_out.played.output
    assert provider.images() == []

    part = publish_from(inventory, "--limit", "localhost,distro_wanted")
    assert part.played.status == 0, part.played.output
    assert list(part.entries) == [provider.name("wanted")]
    assert (part.report["sliced"], part.report["left_alone"]) == (True, None)
    assert {image["name"] for image in provider.images()} == {provider.name("wanted")}

    whole = publish_from(inventory)
    assert whole.played.status == 0, whole.played.output
    assert not whole.report["sliced"]
    actions = {name: entry["action"] for name, entry in whole.entries.items()}
    assert actions[provider.name("wanted")] == "unchanged"
    assert actions[provider.name("other")] == "published"


def test_two_slices_of_awx_at_once(provider: Provider) -> None:
    """Each entry is published once, and the sum of the two reports is the catalog."""
    for number in range(4):
        provider.add(f"entry-{number}")
    hosts = awx.inventory(inventory_of(provider.folder, provider.entries))
    project = provider.folder / "project"
    project.mkdir()
    (project / "publish.yml").write_text(f"- import_playbook: {PLAYBOOK}\n")
    # What a credential of AWX's type OpenStack comes to: a file with one cloud, by this name.
    credential = awx.Credential(json.dumps({"clouds": {"devstack": behind(provider.owner)}}))
    cloud = yaml.safe_dump({"publish_images_cloud": "devstack"})
    reports = awx.publish_in_slices(project, hosts, credential, count=2, variables=cloud)
    assert all(report["sliced"] for report in reports)
    published = [entry for report in reports for entry in report["entries"]]
    assert [entry["action"] for entry in published] == ["published"] * 4
    assert {entry["name"] for entry in published} == {e["name"] for e in provider.entries}
    assert len(provider.images()) == 4
