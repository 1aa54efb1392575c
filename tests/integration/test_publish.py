# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook publish, and its role: a catalog comes true, whatever happens to single entries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from support.cloud import LoopbackCloud
from support.faults import ALWAYS, UPLOAD, Answer, Fault
from support.proxy import proxy
from support.publishing import PLAYBOOK, Provider, Published, publishing, reported
from support.running import play
from support.signing import signer
from support.sources import same_bytes

# The role by itself, as others include it in plays of their own.
ROLE = [
    {
        "hosts": "localhost",
        "gather_facts": False,
        "roles": ["curator.glance.publish_images"],
    }
]


@pytest.fixture
def provider(cloud: LoopbackCloud, tmp_path: Path) -> Iterator[Provider]:
    """A provider with an empty catalog."""
    with publishing(cloud, tmp_path) as made:
        yield made


def test_from_an_empty_cloud(cloud: LoopbackCloud, tmp_path: Path) -> None:
    """Foreseen in check mode, done by a plain member who may publish, and then nothing is left."""
    with publishing(cloud, tmp_path, user="publisher") as provider:
        plain = provider.add("plain", visibility="public", profiles=["virtio"])
        customer = cloud["customer_a"]
        shared = provider.add("shared", projects=[customer.project_id], accept_with=["customer_a"])
        provider.add("own")
        # Of no concern: a name is one of the own project.
        theirs = cloud.new_image("customer_b", name=provider.name("plain"))

        foreseen = provider.publish("--check", "--diff")
        assert foreseen.played.status == 0, foreseen.played.output
        assert f"+{provider.name('plain')}: " in foreseen.played.output
        assert foreseen.report["predicted"]
        assert foreseen.report["summary"] == summary(published=3)
        assert provider.images() == []

        done = provider.publish()
        assert done.played.status == 0, done.played.output
        assert done.report["summary"] == summary(published=3)
        (image,) = provider.named("plain", user="customer_a")
        assert same_bytes(image, plain.raw)
        assert image["hw_disk_bus"] == "virtio"
        assert (image["visibility"], image["curator_state"]) == ("public", "published")
        assert done.entries[provider.name("plain")]["image"] == image["id"]
        (image,) = provider.named("shared", user="customer_a")
        assert same_bytes(image, shared.raw)
        assert provider.named("shared", user="customer_b") == []
        (image,) = provider.named("own")
        assert image["visibility"] == "private"
        assert cloud["customer_b"].image(theirs["id"]) == theirs

        provider.publish().assert_nothing_to_do()
        assert len(provider.images()) == 3


def test_drift(provider: Provider) -> None:
    """What somebody changed by hand is as the catalog says again, without another image."""
    provider.add("drifting", visibility="public", tags=["ours"], properties={"hw_disk_bus": "scsi"})
    provider.publish()
    (before,) = provider.images()
    changes = [
        {"op": "replace", "path": "/visibility", "value": "private"},
        {"op": "replace", "path": "/os_hidden", "value": True},
        {"op": "replace", "path": "/tags", "value": ["managed_by_curator"]},
        {"op": "replace", "path": "/hw_disk_bus", "value": "ide"},
    ]
    patch = {"Content-Type": "application/openstack-images-v2.1-json-patch"}
    provider.owner.done("PATCH", f"/images/{before['id']}", json=changes, headers=patch)

    done = provider.publish()
    assert done.played.status == 0, done.played.output
    assert done.report["summary"] == summary(updated=1)
    (after,) = provider.images()
    for name in ("id", "visibility", "os_hidden", "hw_disk_bus"):
        assert after[name] == before[name]
    assert sorted(after["tags"]) == sorted(before["tags"])
    provider.publish().assert_nothing_to_do()


def test_new_releases(provider: Provider) -> None:
    """Each takes the name, the one before is hidden, and only so many of those stay as are kept.

    By the role alone, which works on one entry after the other.
    """
    provider.add("releasing", visibility="public", keep=1)
    ids = []
    for number in (1, 2, 3):
        release = provider.release("releasing", number)
        foreseen = provider.publish("--check", playbook=ROLE) if number == 3 else None
        done = provider.publish(playbook=ROLE)
        assert done.played.status == 0, done.played.output
        (image,) = provider.named("releasing")
        assert same_bytes(image, release.raw)
        ids.append(image["id"])
    assert done.entries[provider.name("releasing")]["previous"]["id"] == ids[1]
    images = {image["id"]: image for image in provider.images()}
    assert list(images) == ids
    assert [images[i]["curator_state"] for i in ids] == ["retired", "superseded", "published"]
    assert [images[i]["os_hidden"] for i in ids] == [True, True, False]
    assert [retired["image"] for retired in done.report["retired"]] == ids[:1]
    assert done.report["summary"] == summary(published=1, retired=1)
    # Check mode knew, though nothing had stepped back yet; and whose id the new one will have, not.
    assert foreseen is not None
    assert foreseen.report["summary"] == done.report["summary"]
    assert [retired["image"] for retired in foreseen.report["retired"]] == ids[:1]
    assert foreseen.entries[provider.name("releasing")]["image"] is None
    provider.publish(playbook=ROLE).assert_nothing_to_do()


def test_what_fails_harms_nobody(provider: Provider) -> None:
    """Tampered with, or not signed by whom we trust: these stay as they were, and others go on."""
    provider.add("forged", visibility="public")
    with signer() as upstream:
        keyring = provider.folder / "keyring.gpg"
        keyring.write_bytes(upstream.public_keys())
        provider.add(
            "unsigned",
            visibility="public",
            signature=provider.server.url("unsigned/SHA512SUMS.asc"),
            keyring=str(keyring),
        )
        sign(provider, upstream.detached)
        first = provider.publish()
        assert first.report["summary"] == summary(published=2), first.played.output
        before = provider.images()

        # The list of checksums is the new one, and the disk another one than it says.
        provider.release("forged", 2)
        (provider.server.folder / "forged" / "disk.qcow2").write_bytes(b"QFI\xfb and more")
        # The signature is that of the release before.
        provider.release("unsigned", 2)
        provider.add("sound", visibility="public")
        done = provider.publish()
    assert done.played.status == 2, done.played.output
    assert done.report["summary"] == summary(published=1, failed=2)
    assert provider.images()[: len(before)] == before
    assert len(provider.named("sound", user="customer_a")) == 1
    for label, word in (("forged", "sha512"), ("unsigned", "signature")):
        message = done.entries[provider.name(label)]["message"]
        assert word in message.lower()
        assert message in done.played.output
        assert "\n" not in message


def test_what_fails_says_why(provider: Provider) -> None:
    """In a loop, and in the catalog itself: each its own reason, and which image stands there."""
    customer = provider.cloud["customer_a"]
    # The other customer is no member, and so has nothing to accept.
    provider.add("shared", projects=[customer.project_id], accept_with=["customer_b"])
    provider.add("twin")
    provider.add("twin", 2)
    done = provider.publish()
    assert done.played.status == 2, done.played.output
    assert done.report["summary"] == summary(failed=3)
    assert "3 failed, and the report says why" in done.played.output
    shared, *twins = done.report["entries"]
    assert shared["stage"] == "Accept it on their behalf"
    assert "One or more items" not in shared["message"]
    assert "share" in shared["message"].lower()
    first, second = (twin["message"].partition(":")[0] for twin in twins)
    assert first.startswith("Line ")
    assert first != second
    assert [entry["image"] for entry in done.report["entries"]] == [None] * 3


@pytest.mark.slow
def test_retiring_what_is_protected_fails_or_is_forced(provider: Provider) -> None:
    """Never green with nothing done."""
    provider.add("guarded", visibility="public", protected=True)
    (image_id,) = [entry["image"] for entry in provider.publish().report["entries"]]
    provider.entries[0]["state"] = "retired"

    refused = provider.publish()
    assert refused.played.status == 2, refused.played.output
    assert refused.report["summary"] == summary(failed=1)
    assert f"Image {image_id} is protected" in refused.entries[provider.name("guarded")]["message"]
    assert not provider.images()[0]["os_hidden"]

    done = provider.publish(publish_images_retire_force=True)
    assert done.played.status == 0, done.played.output
    assert done.report["summary"] == summary(retired=1)
    (image,) = provider.images()
    assert (image["curator_state"], image["os_hidden"]) == ("retired", True)


def test_a_second_look_that_fails_loses_no_report(provider: Provider) -> None:
    """What was published is told all the same, and the run is red."""
    provider.add("published", visibility="public")
    with proxy(provider.owner.glance_url) as glance:
        # Whoever plans lists all that the project has: first what is visible, then what is hidden.
        listing = r"GET /v2/images\?(?!.*(name|marker|curator_\w+)=).*owner="
        glance.fault(Fault(deed=Answer(400), on=listing, skip=2, times=ALWAYS))
        ended = play(PLAYBOOK, *provider.arguments(), env=provider.behind(glance))
        report = reported(ended)
        assert report, [passed.line for passed in glance.requests]
    assert ended.status == 2, ended.output
    assert report["summary"] == summary(published=1, failed=1)
    assert "400" in report["retire_message"]
    assert report["retire_message"] in ended.output
    assert len(provider.named("published", user="customer_a")) == 1


def test_every_entry_fails(provider: Provider) -> None:
    """There is a report all the same, and a red exit."""
    provider.add("one")
    provider.add("two")
    for label in ("one", "two"):
        (provider.server.folder / label / "disk.qcow2").write_bytes(b"another")
    done = provider.publish()
    assert done.played.status == 2
    assert done.report["summary"] == summary(failed=2)
    assert provider.images() == []


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize(
    "content, words",
    [
        pytest.param(None, "cannot be read", id="missing"),
        pytest.param("", "no entries", id="empty"),
        pytest.param("images: [", "no plain YAML", id="broken"),
    ],
)
def test_a_catalog_that_is_none(tmp_path: Path, content: str | None, words: str) -> None:
    """A failed run, and not one in which there was nothing to do."""
    path = tmp_path / "catalog.yml"
    if content is not None:
        path.write_text(content)
    ended = play(
        PLAYBOOK, "-e", f"publish_images_catalog_file={path}", "-e", "publish_images_cloud=provider"
    )
    assert ended.status == 2, ended.output
    assert words in ended.output
    assert reported(ended) == {}


def test_what_cannot_be_meant(tmp_path: Path) -> None:
    """It is all said at once, and how to say it, before anything is looked at."""
    given: dict[str, Any] = {
        "publish_images_verify": {"recheck_after": 1, "record": False},
        "publish_images_console_folder": str(tmp_path / "nowhere"),
    }
    ended = play(PLAYBOOK, "-e", json.dumps(given))
    assert ended.status == 2
    for key in given["publish_images_verify"]:
        assert f"publish_images_verify.{key}: that is not for you to say." in ended.output
    assert f"{tmp_path}/nowhere, and there is no such folder" in ended.output
    # No catalog at all.
    assert "Give publish_images_catalog_file" in ended.output


def test_entries_at_the_same_time(provider: Provider) -> None:
    """As many as there are forks: with the first one held, the second one comes as far."""
    provider.add("one")
    provider.add("two")
    with proxy(provider.owner.glance_url) as glance, ThreadPoolExecutor(1) as pool:
        held = glance.hold()
        arguments = [*provider.arguments(), "--forks", "2"]
        running = pool.submit(play, PLAYBOOK, *arguments, env=provider.behind(glance))
        held.wait()
        glance.wait_for(UPLOAD, 2)
        held.release()
        assert running.result().status == 0
    assert len(provider.named("one")) == len(provider.named("two")) == 1


@pytest.mark.slow
def test_two_publishers_at_once(provider: Provider) -> None:
    """One image of each entry, and nothing that anybody would have to clean up."""
    release = provider.add("contested", visibility="public")
    with ThreadPoolExecutor(2) as pool:
        runs: list[Published] = list(pool.map(lambda _n: provider.publish(), range(2)))
    assert [run.played.status for run in runs] == [0, 0], [run.played.output for run in runs]
    (image,) = provider.images()
    assert image["name"] == provider.name("contested")
    assert same_bytes(image, release.raw)


def summary(**counts: int) -> dict[str, int]:
    """What a report counts."""
    return dict.fromkeys(("published", "updated", "unchanged", "retired", "failed"), 0) | counts


def sign(provider: Provider, detached: Any) -> None:
    """Let upstream sign what it lists now."""
    listed = provider.server.folder / "unsigned" / "SHA512SUMS"
    listed.with_suffix(".asc").write_bytes(detached(listed.read_bytes()))
