# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""image_download on a real Glance; files are compared with what the openstack client saves."""

from __future__ import annotations

import hashlib
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from integration.conftest import RunModule
from support.cloud import LoopbackCloud
from support.disks import FORMATS, Workshop, gpt_disk, qemu_img
from support.messages import sentence
from support.openstack import openstack
from support.running import play, run_module
from support.saving import sha512

slow = pytest.mark.slow
# With zeros at its end, for which no block of a file stands.
DATA = gpt_disk() + bytes(1 << 20)
PROPERTIES = {
    "os_distro": "debian",
    "os_version": "12",
    "ünï": "# yes: 'no'",
    "hw_disk_bus": "scsi",
}

COMPRESSED = {"disk_format": "qcow2", "compress": True}


@dataclass(frozen=True)
class Way:
    """A disk in one format, and the options with which it is saved."""

    kind: str
    options: dict[str, Any]

    def __str__(self) -> str:
        return " ".join(map(str, [self.kind, *self.options.values()]))

    @property
    def disk_format(self) -> str:
        """What Glance calls it."""
        return FORMATS[self.kind][0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where images are saved to."""
    made = tmp_path / "saved images"
    made.mkdir()
    return made


@pytest.fixture
def save(cloud: LoopbackCloud, folder: Path) -> RunModule:  # noqa: ARG001  # Its environment is set up there.
    """Run image_download, into that folder unless the test says where."""

    def run(**options: Any) -> dict[str, Any]:
        if not {"cloud", "auth"} & options.keys():
            options["cloud"] = "provider"
        return run_module("image_download", **{"path": str(folder), **options})

    return run


@pytest.fixture
def image(cloud: LoopbackCloud) -> dict[str, Any]:
    """A raw disk with properties and tags."""
    return cloud.new_image(data=DATA, tags=["linux", "os:debian"], min_ram=512, **PROPERTIES)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """Where disks are made."""
    made = tmp_path / "workshop"
    made.mkdir()
    return Workshop(made)


def saved_by_the_client(image_id: str, path: Path) -> str:
    """What sha512sum says of the image, as the openstack client saves it."""
    client = ["openstack", "--os-cloud", "provider"]
    subprocess.run([*client, "image", "save", "--file", path, image_id], check=True, timeout=300)
    summed = subprocess.run(["sha512sum", path], check=True, capture_output=True, text=True)
    return summed.stdout.split()[0]


def data_requests(seen: list[str]) -> list[str]:
    """Those that brought data."""
    return [line for line in seen if line.endswith("/file")]


def test_saved_as_it_is(
    cloud: LoopbackCloud, save: RunModule, image: dict[str, Any], folder: Path, tmp_path: Path
) -> None:
    """Predicted without a byte, then saved and proven, and the second run reads nothing."""
    path = folder / "disk.raw"
    with cloud.requests_seen("glance") as seen:
        predicted = save(image=image["id"], path=str(path), check=True, diff=True)
    assert predicted["changed"]
    assert predicted["action"] == "created"
    assert predicted["diff"]["before"] == {}
    assert predicted["diff"]["after"]["image"]["id"] == image["id"]
    assert data_requests(seen) == []
    assert list(folder.iterdir()) == []

    done = save(image=image["id"], path=str(path), diff=True)
    assert done["changed"]
    assert done["diff"] == predicted["diff"]
    assert done["path"] == str(path)
    assert done["proven_by"] == "os_hash_value"
    assert done["transfer"]["bytes"] == len(DATA)
    assert sha512(path) == saved_by_the_client(image["id"], tmp_path / "client")
    assert done["checksum"] == f"sha512:{sha512(path)}"
    assert {one.name for one in folder.iterdir()} == {"disk.raw", "disk.raw.image.yml"}
    assert all(one.stat().st_mode & 0o777 == 0o600 for one in folder.iterdir())
    sidecar = yaml.safe_load(Path(done["sidecar"]).read_text())
    assert sidecar["image"] == done["image"]
    assert sidecar["image_upload_raw"] == {**done["upload"], "source": "disk.raw"}

    before = {one: one.stat().st_mtime_ns for one in folder.iterdir()}
    with cloud.requests_seen("glance") as seen:
        again = save(image=image["id"], path=str(path), diff=True)
    assert not again["changed"]
    assert again["action"] == "unchanged"
    assert again["transfer"] is None
    assert again["diff"] == {"before": {}, "after": {}}
    assert again["upload"] == done["upload"]
    assert data_requests(seen) == []
    assert {one: one.stat().st_mtime_ns for one in folder.iterdir()} == before


def test_a_folder_gets_a_file_of_the_image_s_name(
    cloud: LoopbackCloud, save: RunModule, folder: Path
) -> None:
    """Whatever that is; and two images of one name do not overwrite each other."""
    one, other = (cloud.new_image(data=data, name="../Debian 12/x") for data in (b"a", b"b"))
    done = save(image=one["id"])
    assert done["path"] == str(folder / "Debian-12-x.raw")
    refused = save(image=other["id"])
    assert one["id"] in sentence(refused)
    assert "overwrite: true" in refused["msg"]
    assert Path(done["path"]).read_bytes() == b"a"
    assert save(image=other["id"], overwrite=True, check=True)["action"] == "replaced"
    assert Path(done["path"]).read_bytes() == b"a"
    assert save(image=other["id"], overwrite=True)["action"] == "replaced"
    assert Path(done["path"]).read_bytes() == b"b"


@slow
def test_a_file_that_the_client_saved(save: RunModule, image: dict[str, Any], folder: Path) -> None:
    """It is the image: nothing is read, and it gets its sidecar."""
    path = folder / "disk.raw"
    saved_by_the_client(image["id"], path)
    predicted = save(image=image["id"], path=str(path), check=True)
    assert predicted["action"] == "described"
    assert [one.name for one in folder.iterdir()] == ["disk.raw"]
    done = save(image=image["id"], path=str(path))
    assert done["changed"]
    assert done["action"] == "described"
    assert done["transfer"] is None
    assert not save(image=image["id"], path=str(path))["changed"]


def test_what_the_image_says_later_is_noted(
    cloud: LoopbackCloud, save: RunModule, image: dict[str, Any], folder: Path
) -> None:
    """The sidecar follows, and no byte moves."""
    path = str(folder / "disk.raw")
    save(image=image["id"], path=path)
    patch = {"Content-Type": "application/openstack-images-v2.1-json-patch"}
    change = [{"op": "add", "path": "/os_version", "value": "13"}]
    cloud["provider"].done("PATCH", f"/images/{image['id']}", json=change, headers=patch)
    done = save(image=image["id"], path=path, diff=True)
    assert done["action"] == "described"
    assert done["diff"]["after"] == {"image": {"properties": {"os_version": "13"}}}
    assert done["upload"]["properties"]["os_version"] == "13"
    assert not save(image=image["id"], path=path)["changed"]


@slow
def test_a_file_that_somebody_changed(save: RunModule, image: dict[str, Any], folder: Path) -> None:
    """It is not replaced unasked; touched only, it is read here and known again."""
    path = folder / "disk.raw"
    save(image=image["id"], path=str(path))
    path.touch()
    assert not save(image=image["id"], path=str(path))["changed"]
    path.write_bytes(DATA[:-1] + b"x")
    assert "somebody wrote to it" in sentence(save(image=image["id"], path=str(path)))
    assert save(image=image["id"], path=str(path), overwrite=True)["action"] == "replaced"
    assert path.read_bytes() == DATA


@pytest.mark.parametrize(
    "way",
    [
        Way("raw", COMPRESSED),
        pytest.param(Way("raw", {}), marks=slow),
        pytest.param(Way("raw", {"disk_format": "qcow2"}), marks=slow),
        pytest.param(Way("qcow2", {}), marks=slow),
        pytest.param(Way("vmdk-streamOptimized", {}), marks=slow),
        pytest.param(Way("vhd-dynamic", {}), marks=slow),
    ],
    ids=str,
)
def test_there_and_back(
    cloud: LoopbackCloud,
    save: RunModule,
    upload: RunModule,
    workshop: Workshop,
    way: Way,
) -> None:
    """Saved here and uploaded in another cloud, it has the same bytes, and says the same."""
    attributes: dict[str, Any] = {
        "disk_format": way.disk_format,
        "tags": ["linux"],
        "min_ram": 512,
        "min_disk": 2,
        "os_hidden": True,
        **PROPERTIES,
    }
    origin = cloud.new_image(data=workshop.disk(way.kind, DATA).read_bytes(), **attributes)
    saved = save(image=origin["id"], **way.options)
    there = upload(**saved["upload"], cloud="elsewhere")["image"]
    shown = openstack("elsewhere", "image", "show", there["id"])
    assert shown["name"] == origin["name"]
    assert shown["disk_format"] == origin["disk_format"]
    assert shown["size"] == origin["size"]
    assert (shown["min_disk"], shown["min_ram"]) == (2, 512)
    assert sorted(shown["tags"]) == ["linux", "managed_by_curator"]
    told = shown["properties"]
    assert told["os_hash_value"] == origin["os_hash_value"]
    assert told["os_hidden"]
    assert {name: told[name] for name in PROPERTIES} == PROPERTIES
    assert not upload(**saved["upload"], cloud="elsewhere")["changed"]


@pytest.mark.parametrize(
    "way",
    [
        Way("qcow2-zstd", {"disk_format": "raw"}),
        pytest.param(Way("vmdk-streamOptimized", {"disk_format": "raw"}), marks=slow),
        pytest.param(Way("vdi", {"disk_format": "qcow2"}), marks=slow),
        pytest.param(Way("raw", COMPRESSED), marks=slow),
        pytest.param(Way("raw", {"disk_format": "qcow2"}), marks=slow),
        pytest.param(Way("qcow2", COMPRESSED), marks=slow),
    ],
    ids=str,
)
def test_converted(
    cloud: LoopbackCloud,
    save: RunModule,
    folder: Path,
    workshop: Workshop,
    way: Way,
) -> None:
    """It is the same disk for qemu-img, with holes where it has zeros, and nothing lies around."""
    path = folder / "disk"
    data = workshop.disk(way.kind, DATA).read_bytes()
    image = cloud.new_image(data=data, disk_format=way.disk_format)
    wanted = {"image": image["id"], "path": str(path), **way.options}
    assert save(**wanted, check=True)["changed"]
    done = save(**wanted)
    assert {one.name for one in folder.iterdir()} == {"disk", "disk.image.yml"}
    wanted_format = way.options["disk_format"]
    assert done["disk_format"] == wanted_format
    assert done["checksum"] == f"sha512:{sha512(path)}"
    back = workshop.folder / "back"
    qemu_img("convert", "-f", wanted_format, "-O", "raw", path, back)
    assert back.read_bytes() == DATA
    assert path.stat().st_blocks * 512 < len(DATA)
    again = save(**wanted)
    assert not again["changed"], again
    assert again["checksum"] == done["checksum"]


def test_a_disk_that_is_not_what_glance_says(
    cloud: LoopbackCloud, save: RunModule, workshop: Workshop, folder: Path
) -> None:
    """No tool opens it, and nothing is left; as it is, it can be saved."""
    image = cloud.new_image(data=workshop.disk("qcow2").read_bytes())
    refused = save(image=image["id"], disk_format="qcow2")
    assert "is refused" in sentence(refused)
    assert list(folder.iterdir()) == []
    assert save(image=image["id"])["changed"]


def test_a_host_without_the_tools(
    save: RunModule,
    image: dict[str, Any],
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """That is said before a byte moves, and where nothing is converted, none is missed."""
    monkeypatch.setenv("PATH", str(tmp_path))
    refused = save(image=image["id"], disk_format="qcow2")
    assert "qemu-img is not installed" in sentence(refused)
    assert list(folder.iterdir()) == []
    assert save(image=image["id"])["changed"]


def test_an_image_that_is_not_there(save: RunModule, folder: Path) -> None:
    """An error; and in check mode what an earlier task may yet make."""
    assert "There is no image 'nowhere'" in sentence(save(image="nowhere"))
    predicted = save(image="nowhere", check=True)
    assert predicted["changed"]
    assert predicted["image"] is None
    assert predicted["action"] == "created"
    assert any("Check mode" in warning for warning in predicted["warnings"])
    assert list(folder.iterdir()) == []


def test_images_that_cannot_be_read(cloud: LoopbackCloud, save: RunModule, folder: Path) -> None:
    """Each with its own word, also in check mode, and nothing begun."""
    queued = cloud.new_image("customer_a", data=None)
    empty = cloud.new_image("customer_a", data=b"", block_device_mapping='[{"snapshot_id": "1"}]')
    off = cloud.new_image("customer_a")
    cloud["customer_a"].done("POST", f"/images/{off['id']}/actions/deactivate")
    for image, words in ((queued, "queued"), (empty, "snapshot of a server"), (off, "deactivated")):
        for check in (True, False):
            result = save(image=image["id"], cloud="customer_a", check=check)
            assert words in sentence(result)
    assert list(folder.iterdir()) == []
    # An administrator may.
    assert save(image=off["id"], cloud="provider")["changed"]


@slow
def test_what_others_share_and_hide(cloud: LoopbackCloud, save: RunModule) -> None:
    """Whoever may read an image may save it."""
    shared = cloud.new_shared_image(customer_a="accepted")
    hidden = cloud.new_image(os_hidden=True, data=b"hidden")
    assert save(image=shared["name"], cloud="customer_a")["changed"]
    assert Path(save(image=hidden["name"])["path"]).read_bytes() == b"hidden"


@slow
def test_a_rate_that_holds(cloud: LoopbackCloud, save: RunModule) -> None:
    """What was promised to others on the same line."""
    image = cloud.new_image(data=DATA[: 1 << 20])
    assert save(image=image["id"], rate_limit="1 MiB")["transfer"]["seconds"] > 0.7


@slow
def test_a_path_that_is_none(save: RunModule, image: dict[str, Any], folder: Path) -> None:
    """Said before anything is read."""
    (folder / "link").symlink_to(folder / "elsewhere")
    for path, words in (
        (folder / "no" / "disk.raw", "There is no folder"),
        (folder / "link", "no regular file"),
    ):
        assert words in sentence(save(image=image["id"], path=str(path)))
        assert words in sentence(save(image=image["id"], path=str(path), check=True))


@slow
def test_a_play_says_how_far_it_is(cloud: LoopbackCloud, folder: Path) -> None:
    """Lines while it reads, as for an upload."""
    image = cloud.new_image(data=DATA * 2)
    options = {
        "cloud": "provider",
        "image": image["id"],
        "path": str(folder),
        "rate_limit": "1 MiB",
    }
    tasks = [{"name": "save", "curator.glance.image_download": options}]
    played = play([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}])
    assert played.status == 0, played.output
    name = re.escape(image["name"])
    assert re.search(rf"image_download \[localhost\] {name}: download \d+ % \(", played.output)
    saved = Path(played.result_of("save")["path"])
    assert sha512(saved) == hashlib.sha512(DATA * 2).hexdigest()
