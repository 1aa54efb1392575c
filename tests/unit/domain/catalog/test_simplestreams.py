# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Simplestreams as a catalog: the best disk of the newest version of each product."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.entry import Entry
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.simplestreams import (
    DISKS,
    Wishes,
    read_simplestreams,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest

BASE = "https://cloud-images.example.org/releases"
Said = dict[str, Any]


def disk(ftype: str, path: str, **changes: Any) -> Said:
    """An item, as streams have it."""
    return {"ftype": ftype, "md5": "0" * 32, "sha256": "1" * 64, "size": 7, "path": path, **changes}


# In the shape of what Ubuntu, CirrOS and Linux Containers publish.
SERVER: Said = {
    "aliases": "24.04,default,lts,n,noble",
    "arch": "amd64",
    "os": "ubuntu",
    "release": "noble",
    "release_codename": "Noble Numbat",
    "release_title": "24.04 LTS",
    "support_eol": "2029-05-31",
    "supported": True,
    "version": "24.04",
    "versions": {
        "20260926": {
            "items": {
                "disk1.img": disk("disk1.img", "server/20260926/noble-amd64.img"),
                "manifest": disk("manifest", "server/20260926/noble.manifest"),
                "root.tar.xz": disk("root.tar.xz", "server/20260926/noble-root.tar.xz"),
                "squashfs": disk("squashfs", "server/20260926/noble.squashfs"),
            },
            "label": "release",
            "pubname": "ubuntu-noble-24.04-amd64-server-20260926",
        },
        "20260801": {"items": {"disk1.img": disk("disk1.img", "server/20260801/noble.img")}},
    },
}
CIRROS: Said = {
    "arch": "x86_64",
    "os": "cirros",
    "version": "0.6.3",
    "versions": {
        "20240926": {
            "items": {"disk.img": disk("disk.img", "0.6.3/cirros-0.6.3-x86_64-disk.img")},
            "pubname": "cirros-0.6.3-x86_64",
        }
    },
}
CONTAINERS: Said = {
    "aliases": "debian/12/cloud,debian/bookworm/cloud",
    "arch": "arm64",
    "os": "Debian",
    "release": "bookworm",
    "release_title": "bookworm",
    "variant": "cloud",
    "versions": {
        "20261103_05:24": {
            "items": {
                "lxd.tar.xz": disk("lxd.tar.xz", "images/debian/lxd.tar.xz"),
                "disk.qcow2": disk("disk-kvm.img", "images/debian/20261103_05:24/disk.qcow2"),
                "root.squashfs": disk("squashfs", "images/debian/rootfs.squashfs"),
            }
        }
    },
}
STREAM: Said = {
    "content_id": "org.example:released:download",
    "datatype": "image-downloads",
    "format": "products:1.0",
    "updated": "Sat, 26 Sep 2026 11:12:13 +0000",
    "products": {
        "com.ubuntu.cloud:server:24.04:amd64": SERVER,
        "net.cirros-cloud:standard:0.6:x86_64": CIRROS,
        "debian:bookworm:arm64:cloud": CONTAINERS,
    },
}


def converted(content: Any, **wishes: Any) -> tuple[list[Said], list[Said]]:
    """Entries, and what is reported; both plain enough for JSON."""
    result = read_simplestreams(content, Wishes(**{"base_url": BASE, **wishes})).as_result()
    assert json.loads(json.dumps(result)) == result
    return result["entries"], result["not_mapped"]


def stream(**products: Said) -> Said:
    return {**STREAM, "products": products}


def test_what_is_said_of_a_disk() -> None:
    """Source, checksum, system and dates; enough for an entry of a catalog."""
    entries, not_mapped = converted(STREAM)
    ubuntu, debian, cirros = entries
    assert ubuntu == {
        "name": "Ubuntu 24.04",
        "source": f"{BASE}/server/20260926/noble-amd64.img",
        "checksum": "sha256:" + "1" * 64,
        "image_source": f"{BASE}/server/20260926/noble-amd64.img",
        "os": {
            "distro": "ubuntu",
            "version": "24.04",
            "user": "ubuntu",
            "type": "linux",
            "architecture": "x86_64",
        },
        "image_build_date": "2026-09-26",
        "maintained_until": "2029-05-31",
    }
    assert debian["name"] == "Debian bookworm"
    assert debian["source"] == f"{BASE}/images/debian/20261103_05:24/disk.qcow2"
    assert debian["os"]["architecture"] == "aarch64"
    assert debian["image_build_date"] == "2026-11-03"
    assert cirros["name"] == "Cirros 0.6.3"
    assert not not_mapped
    for entry in entries:
        Entry.from_plain(entry)


@pytest.mark.parametrize("base_url", [BASE, f"{BASE}/"])
def test_where_paths_begin(base_url: str) -> None:
    """One slash, whoever has written it."""
    item = disk("disk.img", "/a.img")
    entries, _reported = converted(
        stream(x={"os": "x", "versions": {"1": {"items": {"disk.img": item}}}}), base_url=base_url
    )
    assert entries[0]["source"] == f"{BASE}/a.img"


def test_the_best_disk() -> None:
    """By kind, whatever the items are called, and in whichever order they stand."""
    kinds = [*DISKS, "squashfs", "root.tar.gz", "manifest"]
    items = {f"item {n}": disk(kind, kind) for n, kind in reversed(list(enumerate(kinds)))}
    for kind in DISKS:
        product = {"os": "x", "versions": {"1": {"items": items}}}
        entries, _reported = converted(stream(x=product))
        assert entries[0]["source"] == f"{BASE}/{kind}"
        items = {key: item for key, item in items.items() if item["ftype"] != kind}
    entries, not_mapped = converted(stream(x={"os": "x", "versions": {"1": {"items": items}}}))
    assert not entries
    assert (not_mapped[0]["entry"], not_mapped[0]["key"]) == ("x", "items")


def test_a_disk_that_only_uefi_can_start() -> None:
    """The image says so."""
    items = {"uefi1.img": disk("uefi1.img", "x.img")}
    entries, _reported = converted(stream(x={"os": "x", "versions": {"1": {"items": items}}}))
    assert entries[0]["properties"] == {"hw_firmware_type": "uefi"}


@pytest.mark.parametrize(
    "versions, newest",
    [
        (["20260801", "20260926", "20260301"], "20260926"),
        (["20240202.9", "20240202.10"], "20240202.10"),
        (["20261103_05:24", "20261103_17:24"], "20261103_17:24"),
    ],
)
def test_the_newest_version(versions: list[str], newest: str) -> None:
    """Numbers count as numbers."""
    product = {"os": "x", "versions": {v: {"items": {"disk.img": disk("", v)}} for v in versions}}
    for version in product["versions"].values():  # type: ignore[attr-defined]
        del version["items"]["disk.img"]["ftype"]
    entries, _reported = converted(stream(x=product))
    assert entries[0]["source"] == f"{BASE}/{newest}"


def test_a_version_that_nothing_proves() -> None:
    """It is passed over for one that has a good checksum; md5 is none."""
    weak = disk("disk.img", "2.img")
    del weak["sha256"]
    strong = disk("disk.img", "1.img", sha512="5" * 128)
    versions = {"2": {"items": {"d": weak}}, "1": {"items": {"d": strong}}}
    entries, _reported = converted(stream(x={"os": "x", "versions": versions}))
    assert entries[0]["checksum"] == "sha512:" + "5" * 128


def test_what_is_said_further_out_goes_for_all_within() -> None:
    """As Simplestreams has it; the nearer one counts."""
    product = copy.deepcopy(CIRROS)
    del product["os"]
    product["versions"]["20240926"]["version"] = "0.6.4"
    entries, _reported = converted({**stream(x=product), "os": "cirros"})
    assert entries[0]["name"] == "Cirros 0.6.4"


@pytest.mark.parametrize(
    "wishes, names",
    [
        ({"products": ":server:"}, ["Ubuntu 24.04"]),
        ({"products": "^debian:"}, ["Debian bookworm"]),
        ({"arch": ("x86_64",)}, ["Ubuntu 24.04", "Cirros 0.6.3"]),
        ({"arch": ("arm64",)}, ["Debian bookworm"]),
        ({"release": ("noble", "0.6.3")}, ["Ubuntu 24.04", "Cirros 0.6.3"]),
        ({"release": ("lts",)}, ["Ubuntu 24.04"]),
        ({"release": ("debian/12/cloud",)}, ["Debian bookworm"]),
        ({"release": ("24",)}, []),
    ],
)
def test_a_choice(wishes: Said, names: list[str]) -> None:
    """By id, by architecture under either name, by release, version or alias."""
    entries, not_mapped = converted(STREAM, **wishes)
    assert [entry["name"] for entry in entries] == names
    assert not not_mapped


def test_what_upstream_does_not_mend_any_more() -> None:
    """It is told, and taken only on demand."""
    old = stream(x={**SERVER, "supported": False})
    entries, not_mapped = converted(old)
    assert not entries
    assert not_mapped[0]["key"] == "supported"
    entries, not_mapped = converted(old, unsupported=True)
    assert len(entries) == 1
    assert not not_mapped


def test_names() -> None:
    """A pattern over all that the stream says."""
    entries, _reported = converted(
        STREAM, products="server", name="{title} {release_title} {arch} ({pubname}, {product})"
    )
    assert entries[0]["name"] == (
        "Ubuntu 24.04 LTS amd64 (ubuntu-noble-24.04-amd64-server-20260926, "
        "com.ubuntu.cloud:server:24.04:amd64)"
    )


@pytest.mark.parametrize(
    "content, wishes, message",
    [
        ([], {}, "no map"),
        ({"format": "index:1.0"}, {}, "An index"),
        ({"products": {}}, {}, "not products:1.0"),
        ({**STREAM, "products": []}, {}, "a map of maps"),
        (stream(x={"os": "x", "versions": {"1": []}}), {}, "a map of maps"),
        (stream(x={"os": "x", "versions": {"1": {"items": {"a": 1}}}}), {}, "a map of maps"),
        (STREAM, {"products": "("}, "no regular expression"),
        (STREAM, {"name": "{colour}"}, "does not say of"),
        (stream(x=SERVER, y=SERVER), {}, "2 products would be named 'Ubuntu 24.04': x, y"),
    ],
)
def test_what_cannot_be(content: Any, wishes: Said, message: str) -> None:
    """A word about it, and what to do."""
    with pytest.raises(InvalidRequest, match=message):
        read_simplestreams(content, Wishes(**{"base_url": BASE, **wishes}))


def test_an_entry_that_no_catalog_takes() -> None:
    """It is left out and told, and the others are a catalog."""
    items = {"disk.img": disk("disk.img", "a.img", sha256="1" * 63)}
    broken = {"os": "x", "version": "2", "versions": {"1": {"items": items}}}
    entries, not_mapped = converted(stream(x=broken, y=SERVER))
    assert [entry["name"] for entry in entries] == ["Ubuntu 24.04"]
    assert [(one["entry"], one["key"]) for one in not_mapped] == [("X 2", None)]
    assert "63 digits" in not_mapped[0]["reason"]


def test_a_stream_without_products() -> None:
    """Nothing comes of it, and the catalog is what says that it is empty."""
    assert converted({"format": "products:1.0"}) == ([], [])
