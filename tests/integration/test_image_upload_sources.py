# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From all kinds of sources, in all ways into the cloud, to the same bytes."""

from __future__ import annotations

import hashlib
import lzma
import tarfile
from pathlib import Path
from typing import Any

import pytest

from support.cloud import LoopbackCloud
from support.running import PATCHES
from support.sources import Offer, new_release, same_bytes


def test_a_file_without_a_proof(
    cloud: LoopbackCloud, upload: Any, offer: Offer, tmp_path: Path
) -> None:
    """Told apart by size and time, and where those differ, by its content."""
    path = offer.release.folder / offer.release.name
    options = {"name": offer.name, "source": str(path)}
    first = upload(**options)
    assert same_bytes(cloud["provider"].image(first["image"]["id"]), offer.release.raw)
    assert not upload(**options)["changed"]
    path.touch()
    assert not upload(**options)["changed"]
    assert not upload(check=True, **options)["changed"]
    new_release(offer.release.folder, offer.release.name, seed=2)
    assert upload(**options)["action"] == "rotated"
    assert path.exists()
    assert tmp_path.exists()


def test_a_url_without_a_proof(upload: Any, offer: Offer) -> None:
    """Told apart by its ETag; the same bytes under a new one are no new image."""
    options = {"name": offer.name, "source": offer.server.url(offer.release.name)}
    assert upload(**options)["action"] == "created"
    fetched = offer.server.count(offer.release.name)
    assert not upload(**options)["changed"]
    assert offer.server.count(offer.release.name) == fetched
    (offer.release.folder / offer.release.name).touch()
    again = upload(**options)
    assert (again["changed"], again["action"]) == (False, "unchanged")
    assert offer.server.count(offer.release.name) > fetched


def test_wrong_bytes_never_reach_the_cloud(cloud: LoopbackCloud, upload: Any, offer: Offer) -> None:
    """The checksum differs: an error that names both, and no image."""
    path = offer.release.folder / offer.release.name
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with cloud.requests_seen("glance") as requests:
        result = upload(**offer.asked())
    assert result["failed"]
    assert offer.release.sha512 in result["msg"]
    assert hashlib.sha512(content).hexdigest() in result["msg"]
    assert not [line for line in requests if line.startswith(("PUT", "POST"))]


def test_sent_as_it_is(cloud: LoopbackCloud, upload: Any, offer: Offer) -> None:
    """With keep, a qcow2 stays a qcow2; its disk still decides min_disk."""
    image = upload(**offer.asked(disk_format="keep"))["image"]
    shown = cloud["provider"].image(image["id"])
    assert shown["disk_format"] == "qcow2"
    assert shown["os_hash_value"] == offer.release.sha512
    assert shown["min_disk"] == 1
    assert not upload(**offer.asked(disk_format="keep"))["changed"]
    assert upload(**offer.asked())["action"] == "rotated"


def test_kernel_ramdisk_and_iso(
    cloud: LoopbackCloud, upload: Any, tmp_path: Path, name: str
) -> None:
    """Kernels are sent byte for byte, whatever they look like."""
    kernel = tmp_path / "vmlinuz"
    kernel.write_bytes(b"\x1f\x8b" + bytes(range(256)) * 20)
    made = upload(name=name, source=str(kernel), disk_format="aki")["image"]
    shown = cloud["provider"].image(made["id"])
    assert (shown["disk_format"], shown["container_format"]) == ("aki", "aki")
    assert same_bytes(shown, kernel.read_bytes())
    disk = tmp_path / "disk.raw"
    disk.write_bytes(bytes(range(256)) * 4096)
    options = {"name": f"{name} disk", "source": str(disk), "kernel_id": made["id"]}
    with_kernel = upload(**options)["image"]
    assert cloud["provider"].image(with_kernel["id"])["kernel_id"] == made["id"]
    assert not upload(**options)["changed"]


def test_compressed_and_packed(
    cloud: LoopbackCloud, upload: Any, tmp_path: Path, name: str
) -> None:
    """A raw disk inside xz is unpacked on its way; in an archive the only disk is taken."""
    raw = tmp_path / "disk.raw"
    raw.write_bytes(bytes(range(256)) * 8192)
    compressed = tmp_path / "disk.raw.xz"
    compressed.write_bytes(lzma.compress(raw.read_bytes()))
    packed = upload(name=name, source=str(compressed))
    assert same_bytes(cloud["provider"].image(packed["image"]["id"]), raw.read_bytes())
    archive = tmp_path / "disk.tar.gz"
    with tarfile.open(archive, "w:gz") as members:
        members.add(raw, raw.name)
    member = upload(name=f"{name} tar", source=str(archive))
    assert same_bytes(cloud["provider"].image(member["image"]["id"]), raw.read_bytes())


@pytest.mark.parametrize("method", ["import", "web_download"])
def test_the_cloud_converts(cloud: LoopbackCloud, upload: Any, offer: Offer, method: str) -> None:
    """Where the cloud converts to raw, what comes out is compared with a conversion here."""
    result = upload(cloud="elsewhere", **offer.asked(method=method))
    assert (result.get("msg"), result["changed"]) == (None, True)
    shown = cloud["elsewhere"].image(result["image"]["id"])
    assert shown["disk_format"] == "raw"
    assert same_bytes(shown, offer.release.raw)
    assert result["transfer"]["method"] == method
    cloud.forget_later("elsewhere", shown["id"])


def test_a_cloud_that_does_not_convert(cloud: LoopbackCloud, upload: Any, offer: Offer) -> None:
    """It would keep the qcow2: an error, and nothing is left."""
    result = upload(**offer.asked(method="import"))
    assert result["failed"]
    assert "does not convert" in result["msg"]
    assert cloud.left_of(offer.name) == []


def test_a_store_that_is_asked_for(cloud: LoopbackCloud, upload: Any, offer: Offer) -> None:
    """The bytes are in that one; one that there is not is an error, and nothing is left."""
    image = upload(**offer.asked(store="fast"))["image"]
    assert cloud["provider"].image(image["id"])["stores"] == "fast"
    wrong = upload(**offer.asked(store="nowhere", name=f"{offer.name} 2"))
    assert wrong["failed"]
    assert "Check store" in wrong["msg"]
    assert cloud.left_of(f"{offer.name} 2") == []


@pytest.mark.parametrize(
    "computed, proven_by",
    [("sha256", "read back"), ("md5", "checksum"), ("sha512", "os_hash_value")],
)
def test_what_proves_an_image(
    cloud: LoopbackCloud, upload: Any, offer: Offer, computed: str, proven_by: str
) -> None:
    """Where the cloud tells another digest than was computed, md5 has to do, or reading it back."""
    guess = ("module_utils.work.filling", "algorithms")
    PATCHES[guess] = Guess(computed)
    try:
        result = upload(**offer.asked())
    finally:
        del PATCHES[guess]
    assert result["transfer"]["proven_by"] == proven_by
    assert same_bytes(cloud["provider"].image(result["image"]["id"]), offer.release.raw)


class Guess:
    """A guess of what this cloud computes, as a value that goes to another process."""

    def __init__(self, algorithm: str) -> None:
        self._algorithm = algorithm

    def __call__(self, _cloud: Any) -> tuple[str, ...]:
        return (self._algorithm,)
