# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A catalog whose images boot, or are not published."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from guests.tiny import NO_BOOT_LOADER, NO_CLOUD_INIT, WHOLE
from support.boot_checks import CONSOLE, NEVER
from support.compute import ComputeCloud
from support.gating import Gate
from support.publishing import Published, publishing
from support.watching import watched


@pytest.fixture
def gate(compute_cloud: ComputeCloud, tmp_path: Path) -> Iterator[Gate]:
    """A provider with an empty catalog, in a cloud whose guests boot."""
    with publishing(compute_cloud.cloud, tmp_path) as provider:
        yield Gate(compute_cloud, provider)


@pytest.mark.slow
def test_what_does_not_boot_is_not_published(gate: Gate, tmp_path: Path) -> None:
    """The old version stays, the new one has the reason on it, and nobody else saw it."""
    gate.add(WHOLE, verify=False)
    first = gate.publish()
    assert first.played.status == 0, first.played.output
    (old,) = gate.provider.named(gate.label)
    assert not {"curator_verified_at", "curator_verify_failed"} & old.keys()

    gate.provider.entries[0]["verify"] = True
    gate.release(NO_BOOT_LOADER, 2)
    consoles = tmp_path / "consoles"
    consoles.mkdir()
    with watched(gate.provider.cloud["customer_a"], gate.name) as customer:
        failed = gate.publish(publish_images_console_folder=str(consoles))
    assert failed.played.status != 0
    (log,) = consoles.iterdir()
    assert f"Its console is in {log}." in gate.entry(failed)["message"]
    assert gate.entry(failed)["stage"] == "Boot it"
    assert "finds no boot loader" in gate.entry(failed)["message"]
    assert gate.entry(failed)["image"] == old["id"]
    assert customer.ids == {old["id"]}
    (staged,) = gate.staged()
    assert (staged["visibility"], staged["status"]) == ("private", "active")
    assert staged["id"] in log.name
    assert "finds no boot loader" in staged["curator_verify_failed"]
    assert "curator_verified_at" not in staged
    assert gate.provider.owner.image(old["id"]) == old
    gate.assert_nothing_left()


@pytest.mark.long
def test_from_the_first_version_to_the_third(gate: Gate) -> None:
    """What boots is published; what does not is tried again, and goes once another one came."""
    gate.add(WHOLE, verify={"expect": {"interfaces": 1}})
    foreseen = gate.publish("--check")
    assert foreseen.played.status == 0, foreseen.played.output
    gate.assert_nothing_left()
    first = gate.publish()
    assert first.played.status == 0, first.played.output
    (one,) = gate.provider.named(gate.label)
    assert one["curator_verified_at"] == gate.entry(first)["verified_at"]
    assert "ssh " in one["curator_verified"]
    gate.publish().assert_nothing_to_do()

    with watched(gate.provider.cloud["customer_a"], gate.name) as customer:
        gate.release(NO_CLOUD_INIT, 2)
        failed = gate.publish()
        assert "not in authorized_keys" in gate.entry(failed)["message"]
        (staged,) = gate.staged()
        # Tried again, and sent only once; the plan says what is the matter with it.
        again = gate.publish()
        assert "not in authorized_keys" in gate.entry(again)["message"]
        assert "When it was booted, at " in again.played.output
        (still,) = gate.staged()
        assert still["id"] == staged["id"]
        assert still["curator_verify_failed"] > staged["curator_verify_failed"]

        gate.release(WHOLE, 3)
        third = gate.publish()
        assert third.played.status == 0, third.played.output
    customer.assert_never_none()
    (three,) = gate.provider.named(gate.label)
    assert customer.ids == {one["id"], three["id"]}
    assert gate.entry(third)["previous"]["id"] == one["id"]
    # What failed is gone, and was never anybody's.
    assert gate.staged() == []
    assert {retired["image"] for retired in third.report["retired"]} == {staged["id"]}
    gate.publish().assert_nothing_to_do()
    gate.assert_nothing_left()


@pytest.mark.long
def test_other_hardware_for_what_is_published(
    fake_compute_cloud: ComputeCloud, tmp_path: Path
) -> None:
    """It is booted with that at once; where it fails, it is as it was, with its old verdict."""
    network = fake_compute_cloud.facts["network"]["name"]
    with publishing(fake_compute_cloud.cloud, tmp_path) as provider:

        def publish(bus: str, **options: Any) -> Published:
            provider.entries[0]["properties"] = {"hw_disk_bus": bus}
            return provider.publish(publish_images_verify={"network": network, **options})

        def image() -> dict[str, Any]:
            (found,) = provider.named("changing")
            return {**found, "updated_at": None}

        provider.add("changing", visibility="public", verify=True)
        first = publish("virtio", expect=CONSOLE)
        assert first.played.status == 0, first.played.output
        before = image()
        assert before["curator_verified_at"]

        failed = publish("scsi", expect=NEVER, timeout=60)
        assert failed.played.status != 0
        entry = failed.entries[provider.name("changing")]
        assert entry["stage"] == "Boot it"
        assert NEVER["console"] in entry["message"]
        assert "It has its old hardware again." in entry["message"]
        assert image() == before

        done = publish("scsi", expect=CONSOLE)
        assert done.played.status == 0, done.played.output
        entry = done.entries[provider.name("changing")]
        after = image()
        assert (entry["action"], after["id"]) == ("updated", before["id"])
        assert after["hw_disk_bus"] == "scsi"
        assert after["curator_verified_at"] == entry["verified_at"]
        assert after["curator_verified_as"] != before["curator_verified_as"]
        publish("scsi", flavor="none").assert_nothing_to_do()
