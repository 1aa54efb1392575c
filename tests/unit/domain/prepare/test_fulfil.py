# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task wants of a guest, on paper: what is done, refused, told; and what is told later."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.edits import (
    Edit,
    Remove,
    Trim,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.fulfil import (
    fulfil,
    only_compressed,
    still,
    unchanged,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.overlay import Overlay
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.wish import PrepareWish
from ansible_collections.curator.glance.plugins.module_utils.errors import CheckFailed

from support.paper_guest import Files, PaperGuest, done

HISTORY = "/root/.bash_history"
GUEST: dict[str, Any] = {
    HISTORY: "mysql -psecret\n",
    "/etc/passwd": "root:x:0:0::/root:/bin/sh\n",
    "/usr/bin/apt-get": "",
    "/etc/fstab": "UUID=1 / ext4 defaults 0 1\n",
    "/etc/selinux/config": "SELINUX=enforcing\n",
}
OPTIONS: dict[str, Any] = {
    **dict.fromkeys(("format", "member", "output_format", "cache_dir")),
    "path": "/a.qcow2",
    "output": "/b.qcow2",
    "max_virtual_size": "2 TiB",
    "in_place": False,
    "overwrite": False,
    "operations": [],
    "secrets": "warn",
    "network": False,
}


def wish(**options: Any) -> PrepareWish:
    """What a task wants that says no more than this."""
    return PrepareWish.from_params({**OPTIONS, **options})


def fulfilled(*, check: bool = False, **options: Any) -> dict[str, Any]:
    """What comes of it."""
    return fulfil(wish(**options), Files(), Overlay(PaperGuest(dict(GUEST))), check=check)


@pytest.mark.parametrize("check", [True, False])
def test_another_file_is_a_change(*, check: bool) -> None:
    """Also where the guest has all that is asked for; in its own place, it is none."""
    assert fulfilled(check=check)["changed"]
    here = fulfilled(check=check, output=None, in_place=True, operations=["udev_net_rules"])
    assert not here["changed"]
    assert not fulfilled(check=check, output=None)["changed"]


@pytest.mark.parametrize("check", [True, False])
def test_a_network_that_is_lacking_is_foreseen(*, check: bool) -> None:
    """Check mode promises nothing that the run refuses."""
    with pytest.raises(CheckFailed, match=r"The operation update failed.*network: true"):
        fulfilled(check=check, operations=["update"])


def test_what_was_left_out_is_told_again() -> None:
    """As long as the disk stands, it lacks it."""
    asked = wish(operations=["as_needed"])
    result = fulfil(asked, Files(), Overlay(PaperGuest(dict(GUEST))), check=False)
    assert any("left out" in warning for warning in result["warnings"])
    again = still(result, asked)
    assert again["warnings"] == result["warnings"]
    assert not again["changed"]
    assert not any(one["changed"] or one["what"] for one in again["operations"])


def test_secrets_are_told_again() -> None:
    """Unless nobody wants to hear of them."""
    result = fulfilled(secrets="warn")
    assert still(result, wish(secrets="warn"))["secrets"] == result["secrets"] != []
    ignored = still(result, wish(secrets="ignore"))
    assert ignored["secrets"] == []
    assert ignored["warnings"] == fulfilled(secrets="ignore")["warnings"]


def test_where_it_stands_now() -> None:
    """A disk may have been moved, with its record."""
    assert still(fulfilled(), wish(output="/moved"))["output"] == "/moved"


def test_what_was_asked_for_is_not_removed_in_silence() -> None:
    """A file that is written and then taken for a secret would be reported as done."""
    writing = {"write": {"path": HISTORY, "content": "ls\n"}}
    with pytest.raises(CheckFailed, match=f"write was carried out.*{HISTORY}: written"):
        fulfilled(operations=[writing], secrets="remove")


def _changed(guest: dict[str, Any], **options: Any) -> list[str]:
    """The operations that changed anything."""
    result = fulfil(wish(**options), Files(), Overlay(PaperGuest(guest)), check=False)
    return [one["name"] for one in result["operations"] if one["changed"]]


SHADOW = {"/etc/shadow": "admin:$6$c$d:1::::::\n"}
MOTD = {"write": {"path": "/etc/motd", "content": "hello\n"}}


@pytest.mark.parametrize("operations", [[MOTD], [MOTD, "selinux_relabel"]])
def test_what_is_written_is_labelled(operations: list[Any]) -> None:
    """A guest whose policy is enforced does not read a file without a label."""
    assert _changed(dict(GUEST), operations=operations) == ["write", "selinux_relabel"]


def test_what_the_removal_writes_is_labelled() -> None:
    """That comes after all operations."""
    options = {"operations": ["selinux_relabel"], "secrets": "remove"}
    assert _changed({**GUEST, **SHADOW}, **options) == ["secrets", "selinux_relabel"]


@pytest.mark.parametrize(
    "guest, options",
    [
        # To remove something leaves nothing that could lack a label.
        (GUEST, {"operations": [{"delete": HISTORY}]}),
        ({**GUEST, "/etc/motd": "hello\n"}, {"operations": [MOTD]}),
        ({**GUEST, "/etc/selinux/config": "SELINUX=disabled\n"}, {"operations": [MOTD]}),
        ({**GUEST, "/.autorelabel": ""}, {"operations": [MOTD]}),
    ],
)
def test_no_label_is_lacking(guest: dict[str, Any], options: dict[str, Any]) -> None:
    """Nobody's guest starts twice for nothing."""
    assert "selinux_relabel" not in _changed(dict(guest), **options)


class _Stubborn(Overlay):
    """A guest from which nothing can be removed, and which says otherwise."""

    trimmed = 0

    def apply(self, edit: Edit) -> bool:
        self.trimmed += isinstance(edit, Trim)
        return isinstance(edit, Remove) or super().apply(edit)


def test_secrets_that_stay() -> None:
    """A task that was to remove them does not end well as long as one is there."""
    with pytest.raises(CheckFailed, match=f"still there.*{HISTORY}: removed"):
        fulfil(wish(secrets="remove"), Files(), _Stubborn(PaperGuest(dict(GUEST))), check=False)


@pytest.mark.parametrize(
    "secrets, operations, trimmed",
    [("remove", [MOTD], 1), ("remove", [], 0), ("warn", [MOTD], 0)],
)
def test_what_was_replaced_is_given_back(secrets: str, operations: list[Any], trimmed: int) -> None:
    """Without secrets means without what was replaced in this task; nothing done, nothing to do."""
    guest = _Stubborn(PaperGuest({"/etc/passwd": GUEST["/etc/passwd"]}))
    fulfil(wish(secrets=secrets, operations=operations), Files(), guest, check=False)
    assert guest.trimmed == trimmed


def test_what_one_operation_calls_for() -> None:
    """Once cloud-init is switched on, what was right without it is in its way."""
    files = {
        **GUEST,
        "/usr/bin/cloud-init": "",
        "/usr/bin/growpart": "",
        "/etc/cloud/cloud-init.disabled": "",
        "/usr/sbin/netplan": "",
    }
    without_cloud_init, carried = done(PaperGuest(files), "network_dhcp")
    assert carried.changed
    asked, guest = wish(operations=["as_needed"]), Overlay(without_cloud_init)
    first = fulfil(asked, Files(), guest, check=False)
    assert "network_dhcp" in first["inspection"]["verdict"]["needs"]
    assert first["verdict"]["needs"] == []
    again = fulfil(asked, Files(), guest, check=False)
    assert not any(one["changed"] for one in again["operations"])


def test_who_is_kept_is_left_and_told() -> None:
    """Nobody is told that a password was removed that an operation was to keep."""
    asked = wish(operations=[{"users": {"keep": ["admin"]}}], secrets="remove")
    result = fulfil(asked, Files(), Overlay(PaperGuest({**GUEST, **SHADOW})), check=False)
    assert result["secrets"] == [{"path": "/etc/shadow", "kind": "password hash"}]
    (removed,) = [one for one in result["operations"] if one["name"] == "secrets"]
    assert removed["what"] == [f"{HISTORY}: shell history removed"]
    assert any("/etc/shadow" in warning for warning in result["warnings"])


@pytest.mark.parametrize("slack, told", [(None, True), (0, False), (1 << 30, False)])
def test_what_cannot_be_shrunk_is_said(slack: int | None, *, told: bool) -> None:
    """Nothing to gain is no word worth; an LVM at the end of the disk is."""
    guest = Overlay(PaperGuest(dict(GUEST), slack=slack))
    result = fulfil(wish(operations=["shrink"]), Files(), guest, check=True)
    assert any("shrink did nothing" in warning for warning in result["warnings"]) == told


@pytest.mark.parametrize(
    "operations, alone",
    [(["compress"], True), (["udev_net_rules", "compress"], True), ([MOTD, "compress"], False)],
)
def test_nothing_but_compressed(operations: list[Any], *, alone: bool) -> None:
    """An image that was only to become smaller is left as it is if it does not."""
    result = fulfilled(operations=operations)
    assert only_compressed(result) == alone
    told = unchanged(result)
    assert not told["changed"]
    assert not any(one["changed"] or one["what"] for one in told["operations"])
    assert not only_compressed(told)
