# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Catalogs that were written for other tools, published by a play as their users would write it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.cloud import LoopbackCloud
from support.publishing import Provider, Published, publishing
from support.sources import Release, same_bytes

_DISK = "disk.qcow2"


@pytest.fixture
def provider(cloud: LoopbackCloud, tmp_path: Path) -> Iterator[Provider]:
    """A provider with an upstream."""
    with publishing(cloud, tmp_path) as made:
        yield made


def play_of(catalog: str, **variables: Any) -> list[dict[str, Any]]:
    """A play that publishes what an expression comes to."""
    return [
        {
            "hosts": "localhost",
            "gather_facts": False,
            "vars": {**variables, "publish_images_catalog": f"{{{{ {catalog} }}}}"},
            "roles": ["curator.glance.publish_images"],
        }
    ]


def version(provider: Provider, label: str, name: str, release: Release, **more: Any) -> Any:
    """A version as openstack-image-manager has it."""
    return {
        "version": name,
        "url": f"https://images.example.org/{label}/{name}.qcow2",
        "mirror_url": provider.server.url(f"{label}/{_DISK}"),
        "checksum": f"sha512:{release.sha512}",
        **more,
    }


def image(
    provider: Provider, label: str, *versions: Any, purpose: str = "custom", **more: Any
) -> dict[str, Any]:
    """An image as openstack-image-manager has it."""
    return {
        "name": provider.name(label),
        "enable": True,
        "format": "qcow2",
        "login": "debian",
        "min_disk": 1,
        "min_ram": 64,
        "status": "active",
        "visibility": "public",
        "multi": True,
        "meta": {
            "architecture": "x86_64",
            "hw_disk_bus": "scsi",
            "hw_rng_model": "virtio",
            "hw_scsi_model": "virtio-scsi",
            "hw_watchdog_action": "reset",
            "hypervisor_type": "qemu",
            "os_distro": "debian",
            "os_purpose": purpose,
            "os_version": provider.mark,
            "provided_until": "none",
            "replace_frequency": "monthly",
            "uuid_validity": "last-2",
        },
        "tags": [],
        "versions": list(versions),
        **more,
    }


def publish(provider: Provider, *theirs: dict[str, Any]) -> Published:
    """Publish a catalog of openstack-image-manager."""
    file = provider.folder / "images.yml"
    file.write_text(yaml.safe_dump({"images": list(theirs)}))
    expression = "(content | from_yaml | curator.glance.from_osism).entries"
    content = "{{ lookup('ansible.builtin.file', file) }}"
    return provider.publish(playbook=play_of(expression, content=content, file=str(file)))


@pytest.mark.slow
def test_a_catalog_of_openstack_image_manager(provider: Provider) -> None:
    """Customers find the names and properties they know, and the next release takes the name."""
    old, new = provider.release("rebuilt-old"), provider.release("rebuilt")
    apart = provider.release("apart")
    versions = [
        version(provider, "rebuilt", "20260901", new, build_date=date(2026, 9, 1)),
        version(provider, "rebuilt-old", "20260801", old),
    ]
    theirs = [
        image(provider, "rebuilt", *versions),
        image(
            provider, "apart", version(provider, "apart", "1.0", apart), multi=False, separator="-"
        ),
        image(provider, "disabled", *versions, enable=False),
    ]
    done = publish(provider, *theirs)
    assert done.played.status == 0, done.played.output
    assert done.report["summary"]["published"] == 3
    names = {
        provider.name("rebuilt"): new,
        f"{provider.name('rebuilt')} (20260801)": old,
        f"{provider.name('apart')}-1.0": apart,
    }
    images = {image["name"]: image for image in provider.images()}
    assert images.keys() == names.keys()
    for name, release in names.items():
        assert same_bytes(images[name], release.raw)
        assert images[name]["visibility"] == "public"
        assert images[name]["hw_scsi_model"] == "virtio-scsi"
        assert images[name]["image_original_user"] == "debian"
        assert "os:debian" in images[name]["tags"]
    newest = images[provider.name("rebuilt")]
    assert newest["image_source"] == "https://images.example.org/rebuilt/20260901.qcow2"
    assert newest["image_build_date"] == "2026-09-01"
    assert images[f"{provider.name('apart')}-1.0"]["os_version"] == "1.0"
    publish(provider, *theirs).assert_nothing_to_do()

    newer = provider.release("rebuilt", 3)
    theirs[0]["versions"] = [version(provider, "rebuilt", "20261001", newer), versions[1]]
    done = publish(provider, *theirs)
    assert done.played.status == 0, done.played.output
    (named,) = provider.named("rebuilt")
    assert same_bytes(named, newer.raw)
    before = provider.owner.image(newest["id"])
    assert before["name"] == f"{newest['name']} ({newest['created_at'][:10]})"
    assert before["os_hidden"]


@pytest.mark.slow
def test_an_older_version_is_not_for_general_use(provider: Provider) -> None:
    """Beside the newest one it is oldgeneric, and stays so."""
    versions = [
        version(provider, label, name, provider.release(label))
        for label, name in (("new", "20260901"), ("old", "20260801"))
    ]
    theirs = image(provider, "rebuilt", *versions, purpose="generic")
    done = publish(provider, theirs)
    assert done.played.status == 0, done.played.output
    purposes = {one["name"]: one["os_purpose"] for one in provider.images()}
    name = provider.name("rebuilt")
    assert purposes == {name: "generic", f"{name} (20260801)": "oldgeneric"}
    publish(provider, theirs).assert_nothing_to_do()


def test_a_stream(provider: Provider) -> None:
    """Fetched, read and published by one play, with what all of the images have in common."""
    release = provider.release("noble")
    digest = hashlib.sha256((release.folder / _DISK).read_bytes()).hexdigest()
    item = {"ftype": "disk1.img", "path": f"noble/{_DISK}", "sha256": digest}
    stream = {
        "format": "products:1.0",
        "products": {
            "org.example:server:24.04:amd64": {
                "os": "ubuntu",
                "arch": "amd64",
                "version": "24.04",
                "pubname": provider.name("noble"),
                "versions": {"20260926": {"items": {"disk1.img": item}}},
            }
        },
    }
    provider.server.write("streams/v1/released.json", json.dumps(stream).encode())
    playbook = play_of(
        "{'defaults': {'visibility': 'public', 'profiles': ['virtio']}, 'images': found.entries}",
        base=provider.server.url(),
        found=(
            "{{ lookup('ansible.builtin.url', base ~ 'streams/v1/released.json', "
            "split_lines=false) | from_json "
            "| curator.glance.from_simplestreams(base_url=base, name='{pubname}') }}"
        ),
    )
    done = provider.publish(playbook=playbook)
    assert done.played.status == 0, done.played.output
    (image,) = provider.images("noble")
    assert same_bytes(image, release.raw)
    assert image["hw_disk_bus"] == "virtio"
    assert (image["os_distro"], image["os_version"]) == ("ubuntu", "24.04")
    assert image["image_original_user"] == "ubuntu"
    provider.publish(playbook=playbook).assert_nothing_to_do()
