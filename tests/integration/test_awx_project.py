# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of an AWX project, run as AWX does: with answers to their surveys, in slices."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from support import awx
from support.awx_answers import FILLED, UNTOUCHED
from support.cloud import LoopbackCloud
from support.publishing import Provider, publishing, reported
from support.running import Played, play


@pytest.fixture
def provider(cloud: LoopbackCloud, tmp_path: Path) -> Iterator[Provider]:
    """A provider with an empty catalog."""
    with publishing(cloud, tmp_path) as made:
        yield made


def _taken(name: str, folder: Path, *given: str) -> list[dict[str, Any]]:
    """What the first play of a project's file makes of answers, without the role."""
    first = yaml.safe_load((awx.PROJECT / f"{name}.yml").read_text())[0]
    tasks = first["tasks"][:1]
    paths = []
    for number, text in enumerate(given):
        paths.append(folder / f"answers-{number}.yml")
        paths[-1].write_text(text)
    played = play([{**first, "tasks": tasks, "vars_files": [str(path)]} for path in paths])
    assert played.status == 0, played.output
    return [result.get("ansible_facts", {}) for result in played.results]


@pytest.mark.parametrize("name", awx.names())
def test_each_answer_has_the_right_type(name: str, tmp_path: Path) -> None:
    """Whether AWX passes it, which ansible-core reads as YAML, or a client of its API, as text.

    Or somebody has made another kind of question of it: an integer, or a choice of several.
    """
    answers, expected = FILLED[name]
    assert set(answers) == set(awx.untouched(name))
    changed = {key: _of_another_kind(key, answer) for key, answer in answers.items()}
    given = awx.as_awx_passes(answers), json.dumps(answers), json.dumps(changed)
    assert _taken(name, tmp_path, *given) == [expected] * len(given)


def _of_another_kind(variable: str, answer: str) -> Any:
    """What AWX passes of a question of the type that fits better, but may not be left empty."""
    if answer.isdecimal():
        return int(answer)
    match variable:
        case "survey_profile":
            return answer.split()
        case "survey_tags" | "survey_projects" | "survey_accept_with" | "survey_entries":
            return answer.splitlines()
        case "survey_images" | "survey_destinations":
            return answer.splitlines()
    return answer


@pytest.mark.parametrize("name", awx.names())
def test_nothing_filled_in_is_the_defaults(name: str, tmp_path: Path) -> None:
    """Also where every answer is empty, the choices too, and where there are none at all."""
    untouched = awx.untouched(name)
    empty = dict.fromkeys(untouched, "")
    given = awx.as_awx_passes(untouched), awx.as_awx_passes(empty), json.dumps(empty), "{}"
    assert _taken(name, tmp_path, *given) == [UNTOUCHED[name]] * len(given)


def _run(
    provider: Provider, name: str, answers: Mapping[str, Any], *arguments: str, check: bool = True
) -> Played:
    """The whole of a project's file, with the provider's catalog, if any, as the inventory."""
    project = awx.copied_project(provider.folder / "project", provider.entries or None)
    (provider.folder / "answers.yml").write_text(
        awx.as_awx_passes({**awx.untouched(name), **answers})
    )
    given = ["-i", str(project / "images.curator.yml")] if provider.entries else []
    return play(
        str(project / f"{name}.yml"),
        *given,
        *("--extra-vars", f"@{provider.folder / 'answers.yml'}"),
        *(["--check"] if check else []),
        *arguments,
        env={"OS_CLOUD": provider.user},
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "name, words",
    [
        ("publish", "There is no catalog"),
        ("import_vm", "Give the machines in one of import_vm_list, import_vm_file"),
        ("share", "missing required arguments: share_images_list"),
        ("migrate", "Give either migrate_images_destination or, for several,"),
        ("save", "missing required arguments: save_images_list"),
        ("retire", None),
        ("report", None),
    ],
)
def test_nothing_filled_in_runs_or_says_what_is_missing(
    provider: Provider, name: str, words: str | None
) -> None:
    """Nobody sees a traceback, or a machine called None."""
    played = _run(provider, name, {})
    assert played.status == (2 if words else 0), played.output
    assert (words or "") in played.output


@pytest.mark.slow
def test_the_catalog_is_the_inventory(provider: Provider) -> None:
    """Publishing takes the entries from there; as a check, it says what it would do."""
    provider.add("one")
    published = _run(provider, "publish", {})
    assert published.status == 0, published.output
    report = reported(published)
    assert (report["predicted"], report["summary"]["published"]) == (True, 1)
    assert provider.images() == []


def test_an_answer_reaches_the_role(provider: Provider) -> None:
    """Types that the roles refuse would end here: a machine, and an image that is to be shared."""
    release = provider.release("machine")
    imported = _run(
        provider,
        "import_vm",
        {
            "survey_source": str(release.folder / release.name),
            "survey_name": provider.name("machine"),
            "survey_min_ram": "2048",
            "survey_properties": "hw_disk_bus: scsi",
            "survey_tags": "one\ntwo words",
        },
    )
    assert imported.status == 0, imported.output
    assert "1 would change" in imported.output


@pytest.mark.slow
def test_an_image_is_shared(provider: Provider) -> None:
    """By its name, with a project of a name, and accepted for it."""
    image = provider.cloud.new_image()
    shared = _run(
        provider,
        "share",
        {
            "survey_image": image["name"],
            "survey_projects": "customer_a\n",
            "survey_accept_with": "customer_a",
        },
        check=False,
    )
    assert shared.status == 0, shared.output
    members = provider.owner.done("GET", f"/images/{image['id']}/members")["members"]
    assert [member["status"] for member in members] == ["accepted"]


@pytest.mark.slow
def test_the_report_is_red_where_the_catalog_is_not_kept(provider: Provider) -> None:
    """It names the entry; what it needs to know, it has from the inventory."""
    provider.add("missing")
    page = provider.folder / "index.html"
    reported = _run(provider, "report", {"survey_page_file": str(page)}, check=False)
    assert reported.status == 2, reported.output
    assert "1 of the catalog's entries are not as it says" in reported.output
    assert provider.name("missing") in reported.results[-1]["msg"]
    assert page.exists()


@pytest.mark.slow
def test_two_slices_at_once_publish_all_of_it_once(provider: Provider) -> None:
    """Twenty entries; each slice's report has its own, and together they are the catalog."""
    for number in range(20):
        provider.add(f"entry-{number:02}")
    project = awx.copied_project(provider.folder / "project", provider.entries)
    hosts = awx.inventory(project / "images.curator.yml")
    clouds = provider.cloud.clouds_yaml.read_text()
    credential = awx.Credential(clouds, {"OS_CLOUD": provider.user})
    answers = awx.as_awx_passes(awx.untouched("publish"))
    told = awx.publish_in_slices(project, hosts, credential, count=2, variables=answers)
    assert [report["sliced"] for report in told] == [True, True]
    assert [report["summary"]["published"] for report in told] == [10, 10]
    done = [entry["name"] for report in told for entry in report["entries"]]
    assert sorted(done) == sorted(entry["name"] for entry in provider.entries)
    assert len(provider.images()) == 20
