# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a report tells of images, and of which it tells nothing."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.report.report import (
    for_users,
    report_of,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest

from support.reporting import GIB, KEY, PROJECT, planned, published, report, stepped_back


def only(reported: dict[str, Any]) -> dict[str, Any]:
    """The one entry of a report."""
    (entry,) = reported["entries"]
    found: dict[str, Any] = entry
    return found


def test_of_no_images() -> None:
    """A cloud without images has a report all the same."""
    told = report([])
    assert told == {
        "title": "Images",
        "cloud": "",
        "generated_at": "2026-11-21T09:30:00Z",
        "audience": "all",
        "compared": False,
        "entries": [],
        "missing": [],
        "troubles": [],
        "unfinished": 0,
        "unmanaged": None,
        "bytes": 0,
    }


def test_the_time_is_in_utc() -> None:
    """Wherever the one who reports is."""
    here = datetime(2026, 11, 21, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    told = report_of([], project_id=None, now=here)
    assert told["generated_at"] == "2026-11-20T23:30:00Z"


def test_what_a_user_wants_to_know() -> None:
    """What the image is, as whom to log in, and why it is believed."""
    promised: dict[str, Any] = {"provided_until": "2028-06-30", "maintained_until": "2028-08-31"}
    image = published("Debian 12", uuid_validity="last-2", **promised)
    told = only(report([image]))["image"]
    assert told["id"] == image["id"]
    assert (told["distro"], told["version"], told["user"]) == ("debian", "12", "debian")
    assert (told["min_disk"], told["min_ram"], told["size"]) == (4, 512, 2 * GIB)
    assert (told["until"], told["maintained"]) == ("2028-06-30", "2028-08-31")
    assert told["id_validity"] == "last-2"
    assert told["published_at"] == "2026-11-18T09:30:00Z"
    assert told["proof"] == {
        "source": "https://images.example.org/system.qcow2",
        "checksum": image["properties"]["curator_proof"],
        "signed_by": KEY,
        "stored": f"sha512:{image['os_hash_value']}",
        "as_released": False,
        "prepared": None,
    }
    assert told["login"] == "ssh debian@ADDRESS"
    assert told["verified_at"] is None


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"owner": "other"}, id="another project's"),
        pytest.param({"tags": []}, id="without the tag"),
        pytest.param({"curator_id": "another"}, id="a copy of ours"),
        pytest.param({"image_type": "snapshot"}, id="a server's snapshot"),
        pytest.param({"instance_uuid": "s"}, id="made of a server"),
        pytest.param({"curator_id": None}, id="made by others"),
    ],
)
def test_what_is_not_ours(changes: dict[str, Any]) -> None:
    """Marks are inherited, and can be forged: what lacks one sign is not told of."""
    told = report([published("Debian 12", **changes)])
    assert (told["entries"], told["unfinished"], told["bytes"]) == ([], 0, 0)


def test_of_all_projects() -> None:
    """Without a project, an image is that of the project that has it."""
    images = [published("one"), published("two", owner="other")]
    told = report(images, project_id=None)
    assert [entry["name"] for entry in told["entries"]] == ["one", "two"]


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "queued", "curator_state": None},
        {"status": "saving"},
        {"curator_state": "staged"},
    ],
)
def test_what_is_being_made(changes: dict[str, Any]) -> None:
    """It is counted, and shown to nobody."""
    told = report([published("Debian 12", **changes)])
    assert (told["entries"], told["unfinished"]) == ([], 1)


def test_versions() -> None:
    """The one that has the name, and the others from the newest to the oldest."""
    images = [
        stepped_back("Debian 12", days=90),
        published("Debian 12", days=2),
        stepped_back("Debian 12", days=30, curator_state="retired", status="deactivated"),
        stepped_back("Debian 12", days=60),
        published("Alma 9"),
    ]
    told = report(images)
    assert [entry["name"] for entry in told["entries"]] == ["Alma 9", "Debian 12"]
    debian = told["entries"][1]
    assert debian["image"]["id"] == images[1]["id"]
    assert [old["id"] for old in debian["older"]] == [images[n]["id"] for n in (2, 3, 0)]
    assert debian["older"][0]["name"] == "Debian 12 2026-10-22"
    assert (debian["older"][0]["state"], debian["older"][0]["status"]) == ("retired", "deactivated")
    assert told["bytes"] == 10 * GIB


def test_two_with_the_name() -> None:
    """Where a run died in the middle of a swap, the newer one counts, and the other is not lost."""
    images = [published("Debian 12", days=9), published("Debian 12", days=1)]
    entry = only(report(images))
    assert entry["image"]["id"] == images[1]["id"]
    assert [old["id"] for old in entry["older"]] == [images[0]["id"]]


def test_only_older_versions() -> None:
    """An entry whose last version was retired is still told of."""
    entry = only(report([stepped_back("Debian 9", days=400)]))
    assert entry["image"] is None
    assert entry["troubles"] == ["no version has the name"]


@pytest.mark.parametrize(
    "days, changes, too_old",
    [
        (31, {"replace_frequency": "monthly"}, False),
        (34, {"replace_frequency": "monthly"}, False),
        (35, {"replace_frequency": "monthly"}, True),
        (2, {"replace_frequency": "daily"}, True),
        (900, {"replace_frequency": "never"}, False),
        (900, {"replace_frequency": "nonsense"}, False),
        (900, {}, False),
        (1, {"replace_frequency": "monthly", "image_build_date": "2026-09-01"}, True),
        (900, {"replace_frequency": "monthly", "image_build_date": "2026-11-20"}, False),
    ],
)
def test_age(days: int, changes: dict[str, Any], too_old: bool) -> None:  # noqa: FBT001  # A case.
    """As old as its content, measured by what it promises, with a tenth of grace."""
    assert (
        only(report([published("x", days=days, **changes)]))["image"]["age"]["too_old"] is too_old
    )


@pytest.mark.parametrize(
    "name, over, words",
    [
        ("provided_until", "ended", "was to be provided until"),
        ("maintained_until", "unmaintained", "was maintained by its makers until"),
    ],
)
@pytest.mark.parametrize(
    "until, ended",
    [
        ("2026-11-20", True),
        ("2026-11-21", False),
        ("none", False),
        ("notice", False),
        (None, False),
    ],
)
def test_the_end_of_its_life(
    name: str, over: str, words: str, until: str | None, *, ended: bool
) -> None:
    """The last day belongs to it, whoever set it; what is no day does not end."""
    said: dict[str, Any] = {name: until}
    entry = only(report([published("x", **said)]))
    assert entry["image"]["age"][over] is ended
    assert entry["troubles"] == ([f"{words} {until}"] if ended else [])


def test_bytes_as_released() -> None:
    """What is released as raw is stored as it is, which the page may say only if it is known."""
    image = published("x")
    same = {"curator_source_sha512": image["os_hash_value"]}
    assert only(report([published("x", **same)]))["image"]["proof"]["as_released"] is True
    assert only(report([image]))["image"]["proof"]["as_released"] is False
    for changes in (
        {"curator_source_sha512": None},
        {**same, "os_hash_algo": "sha256"},
        {**same, "os_hash_value": None, "os_hash_algo": None},
    ):
        told = only(report([published("x", **changes)]))["image"]["proof"]["as_released"]
        assert told is None


def test_a_system_that_was_changed_on_the_way() -> None:
    """Whoever uses it is told by which operations: it is not what its makers released."""
    image = published("x", curator_prepared="device_names, write")
    told = for_users(report([image]))
    assert only(told)["image"]["proof"]["prepared"] == "device_names, write"


def test_the_standard_of_the_sovereign_cloud_stack() -> None:
    """What the verdict misses is told of the version that has the name."""
    scs = only(report([published("x", replace_frequency="sometimes")]))["image"]["scs"]
    assert {"replace_frequency", "hw_disk_bus"} & set(scs["missing"]) == {"hw_disk_bus"}
    assert "replace_frequency is 'sometimes'" in scs["wrong"][0]


def test_with_a_plan() -> None:
    """What the catalog wants and why, what it does not name any more, and what is not there."""
    images = [published(name) for name in ("fine", "old", "drifting", "broken", "forgotten")]
    plan = planned(
        {
            "fine": "none",
            "old": "swap",
            "drifting": "update_metadata",
            "broken": "error",
            "new": "upload",
            "wrong": "error",
            "gone": "none",
        }
    )
    plan["work"][1]["changes"] = {"before": {"min_ram": 512}, "after": {"min_ram": 1024}}
    told = report(images, plan=plan)
    found = {entry["name"]: entry for entry in told["entries"]}
    assert found["fine"]["troubles"] == []
    assert found["old"]["troubles"] == ["is to be replaced: Why old."]
    assert found["drifting"]["plan"]["changes"]["after"] == {"min_ram": 1024}
    assert found["broken"]["troubles"] == ["cannot be published: Why broken."]
    assert found["forgotten"]["troubles"] == ["the catalog has no such entry any more"]
    assert [entry["name"] for entry in told["missing"]] == ["new", "wrong"]
    assert told["troubles"] == [
        "new: is to be uploaded: Why new.",
        "wrong: cannot be published: Why wrong.",
        "broken: cannot be published: Why broken.",
        "drifting: differs from the catalog: Why drifting.",
        "old: is to be replaced: Why old.",
        "forgotten: the catalog has no such entry any more",
    ]
    assert (told["compared"], told["unmanaged"]) == (True, 7)


def test_with_a_plan_of_entries_to_retire() -> None:
    """An entry that is to go has a reason; one that is gone is nobody's trouble."""
    images = [published("going"), stepped_back("gone", days=9, curator_state="retired")]
    due = [
        {"entry": "going", "reason": "Because."},
        {"entry": "gone", "reason": "It is beyond keep."},
        {"entry": "unknown", "reason": "It is beyond keep."},
    ]
    told = report(images, plan=planned({"going": "retire", "gone": "none"}, retire=due))
    assert told["troubles"] == ["going: is to be retired: Because."]


def test_with_a_plan_of_a_part() -> None:
    """Who planned only a part does not know what else there is."""
    assert report([], plan=planned({}, left_alone=None))["unmanaged"] is None


def test_what_cannot_be_started() -> None:
    """An image under the name that somebody deactivated is a trouble."""
    entry = only(report([published("x", status="deactivated")]))
    assert entry["troubles"] == ["is deactivated, so that nobody can start it"]


def test_boot_checks() -> None:
    """What passed says when and how; what failed is a trouble, and no matter of users."""
    then = "2026-11-20T02:00:00Z"
    passed = published("a", curator_verified_at=then, curator_verified="ssh 9.0 s")
    failed = published("b", curator_verify_failed=f"{then} It has no boot loader.")
    whole = report([passed, failed])
    good, bad = whole["entries"]
    assert (good["image"]["verified_at"], good["troubles"]) == (then, [])
    assert good["image"]["boot_check"] == {"phases": "ssh 9.0 s", "failed_at": None, "reason": None}
    assert bad["image"]["verified_at"] is None
    assert bad["troubles"] == ["failed its boot check: It has no boot loader."]
    told = for_users(whole)
    assert [entry["image"]["verified_at"] for entry in told["entries"]] == [then, None]
    assert "boot loader" not in str(told)


def test_what_users_may_have() -> None:
    """Nothing of what they do not see in the cloud, and nothing of how it is looked after."""
    images = [
        published("public"),
        published("shared", visibility="shared"),
        published("community", visibility="community"),
        published("private", visibility="private"),
        published("hidden", hidden=True),
        stepped_back("public", days=40),
        stepped_back("retired", days=40),
        published("staged", curator_state="staged"),
    ]
    whole = report(images, plan=planned({"public": "swap", "secret plan": "upload"}))
    told = for_users(whole)
    assert [entry["name"] for entry in told["entries"]] == ["community", "public", "shared"]
    for entry in told["entries"]:
        assert (entry["plan"], entry["older"], entry["troubles"]) == (None, [], [])
        assert not {"age", "scs", "boot_check"} & entry["image"].keys()
    for word in ("private", "secret plan", "staged", "retired", "Why"):
        assert word not in str(told)
    assert told["bytes"] == 6 * GIB
    assert told.keys() == whole.keys()
    assert whole["entries"][-1]["name"] == "shared"


@pytest.mark.parametrize("images", [[{}], [{"id": "x"}], ["x"], [{**published("x"), "tags": None}]])
def test_what_are_no_images(images: list[Any]) -> None:
    """It is refused with a word of what to give."""
    with pytest.raises(InvalidRequest, match="Give its result images"):
        report(images, project_id=PROJECT)
