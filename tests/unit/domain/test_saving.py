# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a download decides: the form of the file, whether it is there, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image
from ansible_collections.curator.glance.plugins.module_utils.domain.saving.planning import (
    DownloadSeen,
    FileThere,
    digests_needed,
    file_name,
    plan_download,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.saving.record import (
    Record,
    Stamp,
    upload_options,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.saving.wish import (
    DownloadWish,
    Form,
    form_of,
    room_needed,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest, NotReady

GIB = 1 << 30
STAMP = Stamp(size=512, mtime_ns=17)
RAW, QCOW2 = Form(disk_format="raw"), Form(disk_format="qcow2")
AS_QCOW2 = Form(disk_format="qcow2", converts=True)


def image(**facts: Any) -> Image:
    """A raw image of one sector."""
    told: dict[str, Any] = {
        "id": "3d8b7c2e-1f0a-4b57-9a1c-6d5e4f3a2b10",
        "name": "Debian 12",
        "status": "active",
        "visibility": "public",
        "size": 512,
        "disk_format": "raw",
        "container_format": "bare",
        "os_hash_algo": "sha512",
        "os_hash_value": "aa",
    }
    return Image(**{**told, **facts})


def params(**options: Any) -> dict[str, Any]:
    """A task's options, as Ansible hands them over."""
    defaults = {
        "image": "Debian 12",
        "path": "/srv/x.raw",
        "disk_format": "keep",
        "compress": False,
        "overwrite": False,
        "max_virtual_size": "2 TiB",
        "retries": 4,
        "rate_limit": None,
    }
    return {**defaults, **options}


def wish(**options: Any) -> DownloadWish:
    return DownloadWish.from_params(params(**options))


def record(of: Image, form: Form = RAW, sha512: str = "aa", **more: Any) -> Record:
    """What an earlier run left beside the file."""
    return replace(
        Record.of(
            of,
            form,
            name="x.raw",
            stamp=STAMP,
            digests={"sha512": sha512},
            proven_by="os_hash_value",
        ),
        **more,
    )


def seen(of: Image, there: FileThere | None = None, form: Form = RAW) -> DownloadSeen:
    return DownloadSeen(image=of, form=form, path="/srv/x.raw", there=there)


@pytest.mark.parametrize(
    "options, words",
    [
        ({"image": ""}, "image is empty"),
        ({"path": ""}, "path is empty"),
        ({"compress": True}, "compress is true with disk_format: keep"),
        ({"compress": True, "disk_format": "raw"}, "compress is true with disk_format: raw"),
        ({"retries": -1}, "retries is -1"),
        ({"rate_limit": "0"}, "rate_limit is 0"),
        ({"rate_limit": "fast"}, "'fast' is no size"),
    ],
)
def test_what_cannot_be_meant_is_refused(options: dict[str, Any], words: str) -> None:
    """Before anything is asked of the cloud."""
    with pytest.raises(InvalidRequest, match=words):
        wish(**options)


@pytest.mark.parametrize(
    "has, options, form",
    [
        ("raw", {}, RAW),
        ("raw", {"disk_format": "raw"}, RAW),
        ("raw", {"disk_format": "qcow2"}, AS_QCOW2),
        ("qcow2", {}, QCOW2),
        ("qcow2", {"disk_format": "qcow2"}, QCOW2),
        ("qcow2", {"disk_format": "qcow2", "compress": True}, replace(AS_QCOW2, compressed=True)),
        ("qcow2", {"disk_format": "raw"}, replace(RAW, converts=True)),
        ("vmdk", {"disk_format": "qcow2"}, AS_QCOW2),
        ("iso", {}, Form(disk_format="iso")),
        ("iso", {"disk_format": "raw"}, RAW),
        ("ami", {}, Form(disk_format="ami")),
        ("ploop", {}, Form(disk_format="ploop")),
    ],
)
def test_bytes_are_kept_where_they_are_what_is_wanted(
    has: str, options: dict[str, Any], form: Form
) -> None:
    """And converted only where they are not."""
    assert form_of(wish(**options), image(disk_format=has)) == form


@pytest.mark.parametrize(
    "facts, words",
    [
        ({"disk_format": "aki", "container_format": "aki"}, "cannot be converted"),
        ({"disk_format": "ploop"}, "cannot be converted"),
        ({"container_format": "ova"}, "in the container ova"),
        ({"size": 1000}, "24 bytes more"),
    ],
)
def test_what_is_no_disk_is_not_converted(facts: dict[str, Any], words: str) -> None:
    """It can still be saved as it is."""
    with pytest.raises(InvalidRequest, match=words) as refused:
        form_of(wish(disk_format="qcow2"), image(**facts))
    assert "disk_format: keep" in refused.value.message


def test_room_is_counted_for_both_where_the_disk_is_converted_to_raw() -> None:
    """Of a qcow2, only a look inside tells how much it takes."""
    small = image(disk_format="qcow2", size=100, virtual_size=GIB)
    assert room_needed(QCOW2, small) == 100
    assert room_needed(replace(RAW, converts=True), small) == 100 + GIB
    assert room_needed(AS_QCOW2, small) == 100


@pytest.mark.parametrize(
    "name, expected",
    [
        ("Debian 12", "Debian-12.raw"),
        ("../../etc/passwd", "etc-passwd.raw"),
        ("Müller & Söhne", "Müller-Söhne.raw"),
        (".hidden", "hidden.raw"),
        ("a\nb\x00c", "a-b-c.raw"),
        ("///", "3d8b7c2e-1f0a-4b57-9a1c-6d5e4f3a2b10.raw"),
        (None, "3d8b7c2e-1f0a-4b57-9a1c-6d5e4f3a2b10.raw"),
        ("ä" * 255, "ä" * 90 + ".raw"),
    ],
)
def test_a_file_is_named_after_the_image(name: str | None, expected: str) -> None:
    """Whatever somebody called it: one name, in the folder that was given."""
    assert file_name(image(name=name), RAW) == expected


def test_where_nothing_is_the_image_is_read() -> None:
    """Predicted with what can be known before."""
    plan = plan_download(wish(), seen(image()))
    assert plan.changed
    assert plan.moves
    result = plan.after.as_result()
    assert result["action"] == "created"
    assert result["upload"]["name"] == "Debian 12"
    assert "source_checksum" not in result["upload"]
    assert result["size"] is None
    assert plan.before.as_diff() == {}
    assert plan.after.as_diff()["image"]["id"] == image().id


def test_a_file_that_is_the_image_stays() -> None:
    """By the digest that an earlier run noted, as long as nobody wrote to the file."""
    there = FileThere(stamp=STAMP, record=record(image()))
    assert digests_needed(seen(image(), there)) == ()
    plan = plan_download(wish(), seen(image(), there))
    assert not plan.changed
    assert not plan.moves
    assert plan.after.as_result()["checksum"] == "sha512:aa"
    assert plan.before.as_diff() == plan.after.as_diff()


def test_a_file_that_was_touched_is_read_again() -> None:
    """Its digest decides, and not its time."""
    there = FileThere(stamp=replace(STAMP, mtime_ns=18), record=record(image()))
    assert digests_needed(seen(image(), there)) == ("sha512",)
    same = replace(there, digests={"sha512": "aa"})
    assert not plan_download(wish(), seen(image(), same)).changed
    other = replace(there, digests={"sha512": "bb"})
    with pytest.raises(InvalidRequest, match="somebody wrote to it"):
        plan_download(wish(), seen(image(), other))


def test_a_file_that_others_saved_gets_its_record() -> None:
    """It is compared where Glance has a digest of it and its size fits."""
    there = FileThere(stamp=STAMP)
    assert digests_needed(seen(image(), there)) == ("sha512",)
    plan = plan_download(wish(), seen(image(), replace(there, digests={"sha512": "aa"})))
    assert plan.after.action == "described"
    assert plan.changed
    assert not plan.moves
    larger = FileThere(stamp=replace(STAMP, size=513))
    assert digests_needed(seen(image(), larger)) == ()
    assert digests_needed(seen(image(os_hash_value=None), there)) == ()
    assert digests_needed(seen(image(), there, AS_QCOW2)) == ()


def test_an_old_image_is_compared_by_its_checksum() -> None:
    """The file gets a sha512 as well, to be proven by when it is taken back."""
    old = image(os_hash_algo=None, os_hash_value=None, checksum="cc")
    assert digests_needed(seen(old, FileThere(stamp=STAMP))) == ("sha512", "md5")
    there = FileThere(stamp=STAMP, digests={"sha512": "aa", "md5": "cc"})
    plan = plan_download(wish(), seen(old, there))
    assert plan.after.as_result()["proven_by"] == "checksum"
    assert not plan.warnings


def test_without_any_digest_there_is_a_warning() -> None:
    """And only the record tells that a file is the image."""
    bare = image(os_hash_algo=None, os_hash_value=None)
    (warning,) = plan_download(wish(), seen(bare)).warnings
    assert "neither os_hash_value nor checksum" in warning
    there = FileThere(stamp=STAMP, record=record(bare, proven_by=None))
    assert not plan_download(wish(), seen(bare, there)).changed


def test_a_converted_file_is_known_by_its_record() -> None:
    """By the image that it was made of, its format, and its own digest."""
    there = FileThere(stamp=STAMP, record=record(image(), AS_QCOW2, "dd"))
    assert not plan_download(wish(disk_format="qcow2"), seen(image(), there, AS_QCOW2)).changed
    compressed = replace(AS_QCOW2, compressed=True)
    with pytest.raises(InvalidRequest, match=r"this image in another format \(qcow2\)"):
        plan_download(wish(), seen(image(), there, compressed))


@pytest.mark.parametrize(
    "there, words",
    [
        (FileThere(stamp=STAMP), "not this image, or not in this format"),
        (
            FileThere(stamp=STAMP, record=record(image(id="i2", os_hash_value="bb"), sha512="bb")),
            "another image, i2 .Debian 12.",
        ),
    ],
    ids=["unknown", "another"],
)
def test_what_is_something_else_is_replaced_only_if_told_so(there: FileThere, words: str) -> None:
    """Whoever saved it."""
    with pytest.raises(InvalidRequest, match=words) as refused:
        plan_download(wish(), seen(image(), there))
    assert "overwrite: true" in refused.value.message
    plan = plan_download(wish(overwrite=True), seen(image(), there))
    assert plan.after.action == "replaced"
    assert plan.moves


def test_what_the_image_says_by_now_is_noted() -> None:
    """No byte moves for a new name or property; the time of the change alone is none."""
    there = FileThere(stamp=STAMP, record=record(image()))
    renamed = image(name="Debian 12 2026-10-01", hidden=True)
    plan = plan_download(wish(), seen(renamed, there))
    assert plan.after.action == "described"
    assert plan.before.as_diff()["image"]["name"] == "Debian 12"
    assert plan.after.as_diff()["image"]["name"] == "Debian 12 2026-10-01"
    assert not plan_download(wish(), seen(image(updated_at="later"), there)).changed


def test_what_cannot_be_read_is_said_unless_it_is_there() -> None:
    """An image that lost its data since is still the one in the file."""
    gone = image(status="pending_delete")
    with pytest.raises(NotReady, match="gone"):
        plan_download(wish(), seen(gone))
    there = FileThere(stamp=STAMP, record=record(gone))
    assert not plan_download(wish(), seen(gone, there)).changed


def test_a_record_is_read_as_it_was_written() -> None:
    """By us, and as YAML by everybody."""
    odd = image(
        name='"quoted" \x7f \u2028 Ünï: #x',
        properties={"a/b~c d:é": "# no comment\n- x", "description": "line\n# line"},
        tags=("one", "two: 2"),
    )
    written = record(odd)
    text = written.as_text()
    assert Record.from_text(text) == written
    told = yaml.safe_load(text)
    assert told["image"]["name"] == odd.name
    assert told["image_upload_raw"]["properties"] == odd.properties
    assert told["image_upload_raw"]["source"] == "x.raw"


@pytest.mark.parametrize(
    "text", ["", "- a\n", "{}", "null", '{"file": 1, "image": 2}', '{"image": {}, "file": {}}']
)
def test_what_is_no_record_is_none(text: str) -> None:
    """A file of somebody else may bear the name."""
    assert Record.from_text(text) is None


@pytest.mark.parametrize(
    "facts, form, source_format, disk_format",
    [
        ({}, RAW, "raw", "raw"),
        ({}, AS_QCOW2, "qcow2", "raw"),
        ({"disk_format": "qcow2"}, QCOW2, "qcow2", "keep"),
        ({"disk_format": "qcow2"}, replace(AS_QCOW2, compressed=True), "qcow2", "keep"),
        ({"disk_format": "qcow2"}, replace(RAW, converts=True), "raw", "raw"),
        ({"disk_format": "vmdk"}, Form(disk_format="vmdk"), "vmdk", "keep"),
        ({"disk_format": "vmdk"}, AS_QCOW2, "qcow2", "keep"),
        ({"disk_format": "iso"}, Form(disk_format="iso"), "iso", "iso"),
        ({"disk_format": "iso"}, RAW, "iso", "iso"),
        (
            {"disk_format": "aki", "container_format": "aki"},
            Form(disk_format="aki"),
            None,
            "aki",
        ),
    ],
)
def test_the_way_back(
    facts: dict[str, Any], form: Form, source_format: str | None, disk_format: str
) -> None:
    """The same format in Glance again, as far as the file still has it."""
    options, _dropped = upload_options(image(**facts), form, source="x", sha512="aa")
    assert options
    assert options.get("source_format") == source_format
    assert options["disk_format"] == disk_format


@pytest.mark.parametrize("facts", [{"disk_format": "ploop"}, {"container_format": "docker"}])
def test_there_is_no_way_back_for_what_is_no_disk(facts: dict[str, Any]) -> None:
    """It is saved all the same."""
    one = image(**facts)
    options, _dropped = upload_options(one, form_of(wish(), one), source="x", sha512="aa")
    assert options is None


def test_what_means_nothing_elsewhere_is_left_out() -> None:
    """And each is named, with a reason."""
    one = image(
        tags=("managed_by_curator", "linux"),
        min_disk=1,
        size=3 * GIB,
        properties={
            "os_distro": "debian",
            "curator_id": "x",
            "kernel_id": "0f4e2c6a-8b1d-4a3f-9c7e-5d2b1a0f8e6c",
            "ramdisk_id": "",
            "image_type": "snapshot",
        },
        extra={"stores": "fast"},
    )
    options, dropped = upload_options(one, RAW, source="x", sha512="aa")
    assert options
    assert options["properties"] == {"os_distro": "debian", "ramdisk_id": ""}
    assert options["tags"] == ["linux"]
    # Less than its disk has is nothing that could be asked for again.
    assert "min_disk" not in options
    assert {one.name for one in dropped} == {"curator_id", "kernel_id", "image_type", "stores"}
    assert all(one.reason for one in dropped)
    assert not {"visibility", "owner"} & options.keys()
