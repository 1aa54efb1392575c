# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A catalog as the inventory: hosts and groups, runs that are limited to some, and AWX's slices."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.cloud import LoopbackCloud
from support.house import ROOT
from support.proxy import behind
from support.publishing import PLAYBOOK, Provider, Published, publishing, reported
from support.running import play

_PROGRAMS = Path(sys.executable).parent
_COLLECTIONS = str(ROOT / ".venv" / "collections")
_HANGS_AFTER = 120
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


def listed(inventory: Path) -> Any:
    """What Ansible makes of it, as AWX asks for it."""
    return json.loads(
        subprocess.run(
            [_PROGRAMS / "ansible-inventory", "-i", inventory, "--list", "--export"],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": _COLLECTIONS},
        ).stdout
    )


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
    found = listed(inventory_of(tmp_path, catalog))
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
    found = listed(inventory_of(provider.folder, provider.entries))
    slices = [Slice(provider, found, number=n, count=2) for n in (1, 2)]
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(Slice.run, slices))
    assert all(report["sliced"] for report in reports)
    published = [entry for report in reports for entry in report["entries"]]
    assert [entry["action"] for entry in published] == ["published"] * 4
    assert {entry["name"] for entry in published} == {e["name"] for e in provider.entries}
    assert len(provider.images()) == 4


class Slice:
    """A job slice, as AWX prepares it for ansible-runner, with a folder and an id of its own."""

    def __init__(
        self, provider: Provider, found: dict[str, Any], *, number: int, count: int
    ) -> None:
        self.folder = provider.folder / f"awx-{number}"
        self._write("project/publish.yml", f"- import_playbook: {PLAYBOOK}\n")
        hosts = sorted(found["_meta"]["hostvars"])[number - 1 :: count]
        script = f"#!{sys.executable}\nprint({json.dumps(sliced(found, hosts))!r})\n"
        self._write("inventory/hosts", script).chmod(0o700)
        # What a credential of AWX's type OpenStack comes to: a file with one cloud, by this name.
        session = behind(provider.owner)
        clouds = self._write("env/tmp_credential", json.dumps({"clouds": {"devstack": session}}))
        self.report = self.folder / "report.json"
        variables = {
            "awx_job_id": number,
            "publish_images_cloud": "devstack",
            "publish_images_report_file": str(self.report),
        }
        self._write("env/extravars", yaml.safe_dump(variables))
        environment = {
            "OS_CLIENT_CONFIG_FILE": str(clouds),
            "ANSIBLE_COLLECTIONS_PATH": _COLLECTIONS,
            "PATH": f"{_PROGRAMS}:{os.environ['PATH']}",
        }
        self._write("env/envvars", yaml.safe_dump(environment))
        self._write("env/cmdline", "--forks=2 -u root")

    def run(self) -> Any:
        """Run it to its end; its report."""
        runner = str(_PROGRAMS / "ansible-runner")
        command = [runner, "run", str(self.folder), "--playbook", "publish.yml"]
        ended = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=_HANGS_AFTER
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return json.loads(self.report.read_text())

    def _write(self, path: str, text: str) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file


def sliced(found: dict[str, Any], hosts: list[str]) -> dict[str, Any]:
    """The inventory of one slice: some of the hosts, and what all groups say."""
    part: dict[str, Any] = {
        "_meta": {"hostvars": {h: found["_meta"]["hostvars"][h] for h in hosts}}
    }
    for name, group in found.items():
        if name == "_meta":
            continue
        part[name] = {**group, "hosts": [h for h in group.get("hosts", []) if h in hosts]}
    return part
