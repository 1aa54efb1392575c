# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an entry of a catalog may say, what it comes to, and what is said of mistakes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.entry import (
    Entry,
    InvalidEntry,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.keys import KEYS
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.places import Place
from ansible_collections.curator.glance.plugins.module_utils.domain.upload import UploadWish

from support.documents import plugin

from .conftest import PROOF, entry

FULL: dict[str, Any] = {
    "name": "Debian 12",
    "state": "present",
    "source": "images/debian.qcow2.xz",
    "checksum": "SHA512:sums/SHA512SUMS",
    "signature": "sums/SHA512SUMS.sign",
    "keyring": "keys/debian.gpg",
    "allow_weak_checksum": False,
    "format": "qcow2",
    "member": "disk.qcow2",
    "disk_format": "raw",
    "container_format": "bare",
    "method": "stream",
    "store": "ceph",
    "max_virtual_size": "25 GiB",
    "image_id": "11111111-2222-3333-4444-555555555555",
    "os": {
        "distro": "debian",
        "version": 12,
        "type": "linux",
        "user": "debian",
        "purpose": "generic",
        "architecture": "x86_64",
        "admin_user": "root",
    },
    "profiles": ["virtio"],
    "hypervisor": "kvm",
    "validation": "warn",
    "properties": {"hw_disk_bus": "scsi", "note": 3, "gone": None, "flag": True},
    "tags": ["one", "two", "one"],
    "min_disk": "4",
    "min_ram": 512,
    "visibility": "shared",
    "hidden": "no",
    "protected": True,
    "projects": ["a", "b"],
    "accept_with": ["customer_a"],
    "on_change": "rotate",
    "supersede": {"rename": "{name} {date}", "hidden": True},
    "adopt": False,
    "prepare": {
        "operations": ["as_needed", {"write": {"path": "/etc/motd", "src": "files/motd"}}],
        "secrets": "remove",
        "network": "no",
    },
    "verify": True,
    "keep": 2,
    "replace_frequency": "monthly",
    "provided_until": date(2028, 6, 30),
    "uuid_validity": "last-2",
    "hotfix_hours": 24,
    "image_source": "https://example.org",
    "image_description": "text",
    "image_build_date": "2026-01-01 10:00",
    "patchlevel": 7,
    "maintained_until": "2028-06-30",
    "l1_support_contact": "mailto:a@example.org",
    "license_included": False,
    "license_required": True,
    "subscription_included": False,
    "subscription_required": False,
}


def faults(**said: Any) -> tuple[str, ...]:
    """What is wrong with an entry."""
    with pytest.raises(InvalidEntry) as caught:
        entry(**said)
    return caught.value.faults


def test_everything_that_can_be_said_is_said_here() -> None:
    """The entry of these tests is complete, so that no key is left untested."""
    assert FULL.keys() == KEYS.keys()


def test_what_as_plain_gives_is_read_as_the_same_entry() -> None:
    """Between the play that plans and the one that publishes, entries are plain data."""
    once = Entry.from_plain(FULL, base_dir="/srv")
    plain = once.as_plain()
    assert Entry.from_plain(plain, base_dir="/elsewhere") == once
    assert Entry.from_plain(plain).as_plain() == plain


def test_relative_paths_begin_where_the_catalog_is() -> None:
    """Those of the source, of what proves it, and of the keys."""
    read = Entry.from_plain(FULL, base_dir="/srv/catalog")
    assert read.source == "/srv/catalog/images/debian.qcow2.xz"
    assert read.checksum == "sha512:/srv/catalog/sums/SHA512SUMS"
    assert read.signature == "/srv/catalog/sums/SHA512SUMS.sign"
    assert read.keyring == "/srv/catalog/keys/debian.gpg"
    assert read.prepare is not None
    assert read.prepare["operations"][1]["write"]["src"] == "/srv/catalog/files/motd"


@pytest.mark.parametrize(
    "text", ["https://example.org/a/../d", "/abs/d", "~/d", "file:///d", "file:/d"]
)
def test_whole_addresses_stay_as_they_are(text: str) -> None:
    """URLs, paths from the root, and those in somebody's home."""
    assert Entry.from_plain({"name": "n", "source": text}, base_dir="/srv").source == text


def test_a_signature_in_place_is_no_path() -> None:
    """Nor is a digest."""
    read = entry(checksum="sha256:sums", signature="inline", keyring="k")
    assert read.signature == "inline"
    assert entry().checksum == PROOF


def test_types_are_those_of_the_modules() -> None:
    """Whatever YAML made of them."""
    read = Entry.from_plain(FULL)
    assert read.os["version"] == "12"
    assert (read.min_disk, read.min_ram) == (4, 512)
    assert read.hidden is False
    assert read.tags == ("one", "two")
    assert read.standard["provided_until"] == "2028-06-30"
    assert read.standard["patchlevel"] == "7"


def test_the_upload_takes_all_of_it() -> None:
    """Every option of the module has a value, and the module's own code takes them."""
    options = set(plugin("modules.image_upload_raw").OPTIONS)
    for publish in (True, False):
        params = Entry.from_plain(FULL).upload_params(publish=publish)
        assert params.keys() == options
        wish = UploadWish.from_params(params)
        assert wish.visibility == ("shared" if publish else None)


def test_the_tasks_take_only_what_they_know() -> None:
    """Each stage is told options that its module has, and none without a value."""
    tasks = Entry.from_plain(FULL).as_tasks()
    modules = {
        "upload": "image_upload_raw",
        "hardware": "image_hw_props",
        "publish": "image_publish",
        "verify": "image_boot_check",
    }
    for stage, module in modules.items():
        assert tasks[stage].keys() <= plugin(f"modules.{module}").OPTIONS.keys()
        assert None not in tasks[stage].values()
    assert tasks["upload"]["publish"] is False
    assert tasks["share"] == {"projects": ["a", "b"], "accept_with": ["customer_a"]}
    assert entry().as_tasks()["hardware"] == {}
    assert entry().as_tasks()["share"] == {}
    assert entry().as_tasks()["verify"] == {}


def test_a_boot_check_is_told_what_is_different() -> None:
    """As an option has it; and as whom to log in, unless it says that itself."""
    told = entry(verify=True, os={"user": "debian"}).as_tasks()["verify"]
    assert told == {"record": True, "recheck_after": 30, "user": "debian"}
    said = {"network": "outside", "expect": {"interfaces": "2", "ipv6": "no"}, "user": "root"}
    told = entry(verify=said, os={"user": "debian"}).as_tasks()["verify"]
    assert told["network"] == ["outside"]
    assert told["expect"] == {"interfaces": 2, "ipv6": False}
    assert told["user"] == "root"
    read = entry(verify=said)
    assert Entry.from_plain(read.as_plain()) == read
    assert "verify has no key 'flavour'. Write flavor." in faults(verify={"flavour": "x"})[0]
    assert "verify.expect has no key 'ipv5'" in faults(verify={"expect": {"ipv5": True}})[0]
    assert "verify is 'perhaps'. Give true or false." in faults(verify="perhaps")[0]


def test_hardware_and_the_rest_are_told_apart() -> None:
    """A property goes to the module that knows it; what is said of the system counts in both."""
    read = Entry.from_plain(FULL)
    assert read.hardware_properties["hw_disk_bus"] == "scsi"
    assert "note" not in read.hardware_properties
    assert "hw_disk_bus" not in read.image_properties
    assert read.image_properties["note"] == 3
    assert read.image_properties["gone"] is None
    assert read.image_properties["image_original_user"] == "debian"
    assert read.image_properties["replace_frequency"] == "monthly"
    # A profile for Windows must not turn about what the entry says of the system.
    assert read.image_properties["os_type"] == read.hardware_properties["os_type"] == "linux"


def test_projects_need_an_image_that_is_shared() -> None:
    """Without a word about it, it is."""
    assert entry(projects=["a"]).visibility == "shared"
    assert "visibility: public" in faults(projects=["a"], visibility="public")[0]


def test_a_retired_entry_needs_no_source() -> None:
    """Its name says which images are to go."""
    assert not Entry.from_plain({"name": "old", "state": "retired"}).is_present


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"visibility": "publik"}, "Did you mean public?"),
    ({"chcksum": "x"}, "no key 'chcksum'. Write checksum."),
    ({"os_distro": "debian"}, "Write it under os, as distro."),
    ({"version": "12"}, "Write version under os."),
    ({"source_checksum": "x"}, "Write checksum."),
    ({"owner": "me"}, "belongs to the project of the session"),
    ({"url_password": "hunter2"}, "~/.netrc"),
    ({"zzzz": 1}, "Possible are accept_with, adopt"),
    ({"os": {"vrsion": "12"}}, "os has no key 'vrsion'. Write version."),
    ({"os": {"version": 24.1}}, "os.version is the number 24.1"),
    ({"os": {"user": False}}, "os.user is false, which YAML makes of yes, no"),
    ({"os": {"purpose": "general"}}, "Did you mean generic?"),
    ({"os": "debian"}, "os is 'debian'. Give a map"),
    ({"properties": {"a": 1.5}}, "properties.a is the number 1.5"),
    ({"properties": {"a": {"b": 1}}}, "properties.a is a map"),
    ({"properties": {"curator_id": "x"}}, "curator_id is part of the record"),
    ({"properties": {"owner": "x"}}, "owner is no property but an attribute of the image. What a"),
    ({"properties": {"status": "x"}}, "status is no property but an attribute of the image. Write"),
    ({"properties": {"os_hidden": True}}, "Use the key hidden."),
    ({"properties": {"replace_frequency": "x"}, "replace_frequency": "daily"}, "said twice"),
    ({"properties": {"os_distro": "x"}, "os": {"distro": "y"}}, "os_distro is said twice"),
    ({"tags": "one"}, "tags is 'one'. Give a list"),
    ({"tags": [["a"]]}, "an element of tags is a list"),
    ({"min_disk": "four"}, "min_disk is 'four'. Give a whole number of GiB from 0"),
    ({"min_disk": True}, "min_disk is true"),
    ({"min_ram": -1}, "min_ram is -1"),
    ({"keep": 1.5}, "keep is 1.5"),
    ({"hidden": "maybe"}, "hidden is 'maybe'. Give true or false."),
    ({"checksum": None}, "checksum has no value"),
    ({"checksum": " "}, "checksum is empty"),
    ({"checksum": "md5:" + "0" * 32}, "allow_weak_checksum"),
    ({"checksum": "sha512:ab"}, "checksum gives a digest of 2 digits"),
    ({"signature": "s"}, "signature is given without keyring"),
    ({"keyring": "k"}, "keyring is given without signature"),
    ({"image_id": "x"}, "image_id is 'x'. Give a UUID"),
    ({"supersede": {"rename": "{x}"}}, "supersede.rename"),
    ({"supersede": {"hide": True}}, "supersede has no key 'hide'. Write hidden."),
    ({"provided_until": "soon"}, "YYYY-MM-DD, none or notice"),
    ({"provided_until": "2026-02-31"}, "provided_until is '2026-02-31', which no calendar has"),
    ({"uuid_validity": "2027-02-29"}, "which no calendar has"),
    ({"maintained_until": "2026-13-01"}, "which no calendar has"),
    ({"image_build_date": "2026-01-01 29:00"}, "which no calendar has"),
    ({"uuid_validity": "last"}, "last-N"),
    ({"replace_frequency": "montly"}, "Did you mean monthly?"),
    ({"license_included": True, "license_required": True}, "are both true"),
    ({"accept_with": ["customer_a"]}, "without projects"),
    ({"accept_with": [{"auth": {}}], "projects": ["a"]}, "an element of accept_with is a map"),
    ({"source": "{{ mirror }}/d.qcow2"}, "holds a template"),
    ({"source": ""}, "source is empty"),
    ({"max_virtual_size": "big"}, "max_virtual_size"),
    ({"method": "web_download", "disk_format": "iso"}, "method is web_download"),
]


@pytest.mark.parametrize("said, told", MISTAKES, ids=lambda part: str(part)[:30])
def test_a_mistake_is_said_with_what_to_write_instead(said: dict[str, Any], told: str) -> None:
    """In the words of the catalog, and in one go."""
    found = " ".join(faults(**said))
    assert told in found
    assert "source_" not in found


def test_all_mistakes_are_said_at_once() -> None:
    """Nobody wants to run a catalog once for each."""
    assert len(faults(visibility="publik", min_disk=-1, nonsense=1)) == 3


@pytest.mark.parametrize("key", ["source", "checksum", "signature"])
def test_secrets_are_refused_and_not_shown(key: str) -> None:
    """Neither in a URL nor as the value of a key that does not exist."""
    url = "https://me:hunter2@example.org/d"
    said = {key: f"sha512:{url}" if key == "checksum" else url}
    found = " ".join(faults(**said))
    assert "~/.netrc" in found
    assert "hunter2" not in found
    assert "hunter2" not in " ".join(faults(password="hunter2", zzz="hunter2"))


def test_a_mistake_is_said_with_its_line() -> None:
    """The nearest that is known; and the entry by its name, or its number."""
    lines = {(): 3, ("visibility",): 5, ("os",): 6, ("os", "version"): 8}
    place = Place(number=2, file="c.yml", lines=lines)
    with pytest.raises(InvalidEntry) as caught:
        Entry.from_plain(
            {"os": {"version": 1.5}, "visibility": "x", "min_ram": -1, "name": "n"}, place=place
        )
    first, second, third = caught.value.faults
    assert first.startswith("Line 5: visibility")
    assert second.startswith("Line 6: ") is False
    assert second.startswith("Line 8: os.version")
    assert third.startswith("Line 3: min_ram")
    assert caught.value.message.startswith("Entry 'n' of c.yml: Line 5")
    with pytest.raises(InvalidEntry, match=r"Entry 2 of c\.yml: .*no name"):
        Entry.from_plain({"source": "x"}, place=place)
