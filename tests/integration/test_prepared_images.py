# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Guests that are prepared on their way into the cloud: uploaded, imported, published."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from guests.plain import plain_guest
from support.appliances import Appliances, counted
from support.cloud import LoopbackCloud
from support.guest_disk import ROOT_UUID, guest_disk, is_sound, read
from support.importing import Importer, tried
from support.publishing import publishing

pytestmark = pytest.mark.long
FSTAB = "etc/fstab"
SPOILED = {
    FSTAB: "/dev/sda1 / ext4 errors=remount-ro 0 1\n",
    "etc/motd": "old\n",
    # By this it is known how packages could be had.
    "usr/bin/apt-get": "",
}
# Where an import boots what it sends.
HERE = {"where": "local", "ram": 256}
MENDED = f"UUID={ROOT_UUID} / ext4 errors=remount-ro 0 1\n".encode()


@pytest.fixture
def appliances(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Appliances:
    """libguestfs, ready to be started; each start is counted."""
    return counted(tmp_path, monkeypatch)


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """A guest that comes from somewhere else."""
    (tmp_path / "disks").mkdir()
    return guest_disk(tmp_path / "disks" / "guest.raw", SPOILED)


def _stored(cloud: LoopbackCloud, user: str, image: dict[str, Any], folder: Path) -> Path:
    """The disk that the cloud has, fetched past all of our code."""
    answer = cloud[user].http("GET", f"/images/{image['id']}/file")
    assert answer.ok
    path = folder / "stored"
    path.write_bytes(answer.content)
    assert hashlib.sha512(answer.content).hexdigest() == image["os_hash_value"]
    return path


def test_what_is_uploaded_is_the_prepared_disk(
    appliances: Appliances, cloud: LoopbackCloud, upload: Any, disk: Path, tmp_path: Path
) -> None:
    """Its lineage is that of the source; what stands is not made again; other operations rotate."""
    before = disk.read_bytes()
    options: dict[str, Any] = {
        "cloud": "customer_a",
        "name": f"prepared {tmp_path}",
        "source": str(disk),
        "source_checksum": f"sha512:{hashlib.sha512(before).hexdigest()}",
        "cache_dir": str(tmp_path / "cache"),
        "prepare": {"operations": ["device_names", {"hostname": "mended"}], "secrets": "ignore"},
    }
    foreseen = upload(check=True, **options)
    assert foreseen["changed"], foreseen
    assert foreseen["image"]["properties"]["curator_prepared"] == "device_names, hostname"
    assert appliances.started == 0

    done = upload(**options)
    assert done.get("action") == "created", done
    image = cloud["customer_a"].image(done["image"]["id"])
    assert image["curator_prepared"] == "device_names, hostname"
    assert image["curator_proof"] == options["source_checksum"]
    assert done["prepared"]["fingerprint"]
    stored = _stored(cloud, "customer_a", image, tmp_path)
    assert is_sound(stored)
    assert read(stored, FSTAB) == MENDED
    assert disk.read_bytes() == before

    assert upload(**options)["action"] == "unchanged"
    assert appliances.started == 1
    # Upstream's own bytes are another image.
    plain = upload(check=True, **{**options, "prepare": None})
    assert plain["action"] == "rotated"
    # A cloud that was away meanwhile costs no second preparation.
    other = upload(**{**options, "name": f"other {tmp_path}"})
    assert other["action"] == "created"
    assert appliances.started == 1


def test_nothing_is_sent_of_a_guest_that_has_secrets(
    appliances: Appliances, cloud: LoopbackCloud, upload: Any, tmp_path: Path
) -> None:
    """The refusal names the place; neither an image nor a disk is left."""
    disk = guest_disk(tmp_path / "guest.raw", {"root/.bash_history": "mysql -psecret\n"})
    name = f"prepared {tmp_path}"
    refused = upload(
        cloud="customer_a",
        name=name,
        source=str(disk),
        prepare={"operations": ["device_names"], "secrets": "fail"},
    )
    assert refused["failed"]
    assert "/root/.bash_history" in refused["msg"]
    assert "psecret" not in str(refused)
    assert cloud.left_of(name) == []
    assert appliances.started == 1
    cache = Path.home() / ".cache/curator.glance/sources"
    assert [path.name for path in cache.iterdir() if "prepared" in path.name] == []


def test_an_import_prepares_its_guest(
    appliances: Appliances, cloud: LoopbackCloud, tmp_path: Path
) -> None:
    """Foreseen, done, booted, reported; and then neither the guest nor the cloud is touched."""
    bring = Importer(cloud, tmp_path)
    spoiled = plain_guest()
    machine = {"name": bring.name(), "source": str(spoiled), "prepare": "auto"}
    options: dict[str, Any] = {"list": [machine], "boot_check": HERE, "hangs_after": 900}
    foreseen = bring.run("--check", **options)
    assert foreseen.status == 0, foreseen.output
    assert "device_names" in foreseen.machine(bring.name())["prepared"]["operations"]
    assert bring.left_of(bring.name()) == []

    done = bring.run(**options)
    assert done.status == 0, done.output
    prepared = done.machine(bring.name())["prepared"]
    assert prepared["operations"] == ["cloud_init", "device_names", "network_dhcp"]
    # As it came, it would have found its disk on no other bus than its old one.
    assert tried(done, bring.name()) == {"virtio": True}
    image = bring.standing(bring.name())
    assert image["curator_prepared"] == "cloud_init, device_names, network_dhcp"
    assert image["curator_source"] == str(spoiled)
    stored = _stored(cloud, bring.user, image, tmp_path)
    assert (read(stored, FSTAB) or b"").startswith(b"UUID=")

    started = appliances.started
    again = bring.run(**options)
    assert (again.status, again.changed) == (0, 0), again.output
    assert tried(again, bring.name()) == {}
    assert appliances.started == started


def test_an_entry_of_a_catalog_is_prepared(
    appliances: Appliances, cloud: LoopbackCloud, disk: Path, tmp_path: Path
) -> None:
    """Once; the next run knows from the listing that nothing has to be done."""
    with publishing(cloud, tmp_path) as provider:
        (tmp_path / "motd").write_text("ours\n")
        provider.entries.append(
            {
                "name": provider.name("guest"),
                "source": str(disk),
                "checksum": f"sha512:{hashlib.sha512(disk.read_bytes()).hexdigest()}",
                "prepare": {
                    "operations": ["device_names", {"write": {"path": "/etc/motd", "src": "motd"}}],
                    "secrets": "ignore",
                },
            }
        )
        done = provider.publish(hangs_after=900)
        assert done.played.status == 0, done.played.output
        (image,) = provider.images("guest")
        assert image["curator_prepared"] == "device_names, write"
        stored = _stored(cloud, "provider", image, tmp_path)
        assert read(stored, FSTAB) == MENDED
        assert read(stored, "etc/motd") == b"ours\n"

        started = appliances.started
        provider.publish().assert_nothing_to_do()
        assert appliances.started == started
        # What the operations are made of has changed, so it is another image.
        (tmp_path / "motd").write_text("new\n")
        foreseen = provider.publish("--check")
        assert foreseen.entries[provider.name("guest")]["action"] == "published"
