# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The smaller operations: each changes what it should, nothing else, and only once."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.edits import Run
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.inspecting import (
    inspect,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.overlay import Overlay
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.table import understand
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    CheckFailed,
    InvalidRequest,
)

from support.paper_guest import Files, Link, PaperGuest, content, done

SHADOW = "root:$6$abc$def:19000:0:::::\nbin:*:19000::::::\nweb:!$6$x$y:1::::::\nopen::1::::::\n"
PASSWD = "root:x:0:0:root:/root:/bin/sh\nweb:x:1000:1000::/home/web:/bin/sh\n"
FULL: dict[str, Any] = {
    "/etc/passwd": PASSWD,
    "/etc/shadow": SHADOW,
    "/etc/machine-id": "0123\n",
    "/var/lib/dbus/machine-id": Link("/etc/machine-id"),
    "/etc/ssh/ssh_host_rsa_key": "k",
    "/etc/ssh/ssh_host_rsa_key.pub": "k",
    "/etc/ssh/sshd_config": "c",
    "/var/lib/systemd/random-seed": "r",
    "/var/lib/dhcp/dhclient.leases": "l",
    "/var/lib/dhcpcd/duid": "00:01",
    "/var/lib/wicked/duid.xml": "d",
    "/etc/ssh/ssh_host_key": "k",
    "/var/lib/cloud/instances/i-1/user-data.txt": "u",
    "/var/lib/cloud/instance": Link("/var/lib/cloud/instances/i-1"),
    "/lib/systemd/system/ssh.service": "",
    "/home/web/.ssh/authorized_keys": "ssh-ed25519 A",
    "/root/.ssh/authorized_keys": "ssh-ed25519 B",
    "/etc/udev/rules.d/70-persistent-net.rules": "x",
    "/etc/udev/rules.d/90-own.rules": "x",
    "/boot/grub/grub.cfg": "linux /vmlinuz root=LABEL=r console=ttyS0 quiet\n",
    "/etc/default/grub": 'GRUB_CMDLINE_LINUX=""\n',
    "/etc/inittab": "id:2:initdefault:\n1:2345:respawn:/sbin/getty 38400 tty1\n",
    "/usr/share/zoneinfo/Europe/Stockholm": "",
    "/etc/timezone": "Etc/UTC\n",
    "/etc/localtime": Link("/usr/share/zoneinfo/Etc/UTC"),
    "/etc/hostname": "old\n",
    "/etc/hosts": "127.0.0.1 localhost\n127.0.1.1\told\n",
    "/usr/bin/cloud-init": "",
    "/etc/cloud/cloud-init.disabled": "",
    "/etc/cloud/cloud.cfg": "users: [default]\ndatasource_list: [Azure]\n",
    "/etc/cloud/cloud.cfg.d/99-installer.cfg": "datasource_list: [None]\n",
    "/etc/cloud/cloud.cfg.d/90-off.cfg": "network: {config: disabled}\nresize_rootfs: false\n",
    "/usr/bin/growpart": "",
    "/usr/bin/apt-get": "",
    "/etc/selinux/config": "SELINUX=enforcing\n",
    "/var/log/a.log": "a",
}
EACH: list[Any] = [
    "udev_net_rules",
    "cloud_init",
    "grow_root",
    "serial_console",
    "machine_identity",
    "users",
    {"write": {"path": "/etc/motd", "content": "hi\n", "mode": "0640"}},
    {"append_line": {"path": "/etc/hosts", "line": "192.0.2.1 example"}},
    {"delete": "/var/log/*.log"},
    {"timezone": "Europe/Stockholm"},
    {"hostname": "new.example.org"},
    "compress",
    ["write", "selinux_relabel"],
]


def _asked(one: Any) -> list[Any]:
    if isinstance(one, list):
        return [{"write": {"path": "/etc/a", "content": "b"}}, *one[1:]]
    return [one]


@pytest.mark.parametrize("asked", EACH, ids=str)
def test_second_time(asked: Any) -> None:
    """The first time each changes something, the second time nothing."""
    after, first = done(PaperGuest(dict(FULL)), *_asked(asked))
    _again, second = done(after, *_asked(asked))
    assert all(outcome.changed for outcome in first.outcomes)
    assert not second.changed


def test_machine_identity() -> None:
    """What makes a guest one of its kind goes, and what it needs to make it anew stays."""
    after, _carried = done(PaperGuest(dict(FULL)), "machine_identity")
    assert content(after, "/etc/machine-id") == ""
    assert after.link("/var/lib/dbus/machine-id") == "/etc/machine-id"
    assert content(after, "/etc/ssh/sshd_config") == "c"
    for path in (
        "/etc/ssh/ssh_host_rsa_key",
        "/etc/ssh/ssh_host_rsa_key.pub",
        "/var/lib/dhcp/dhclient.leases",
        "/var/lib/dhcpcd/duid",
        "/var/lib/wicked/duid.xml",
        "/etc/ssh/ssh_host_key",
        "/var/lib/cloud/instances/i-1/user-data.txt",
        "/etc/udev/rules.d/70-persistent-net.rules",
    ):
        assert after.standing(path) is None, path
    # cloud-init is switched off here, and so makes no keys.
    assert "ssh-keygen -A" in (
        content(after, "/etc/systemd/system/ssh.service.d/10-host-keys.conf") or ""
    )


def test_machine_identity_with_cloud_init() -> None:
    """Where cloud-init makes the keys, nothing else has to."""
    files = {path: what for path, what in FULL.items() if not path.endswith(".disabled")}
    after, _carried = done(PaperGuest(files), "machine_identity")
    assert after.standing("/etc/systemd/system/ssh.service.d/10-host-keys.conf") is None


def test_users() -> None:
    """Passwords and keys go; what never was a password stays."""
    after, carried = done(PaperGuest(dict(FULL)), "users")
    assert content(after, "/etc/shadow") == (
        "root:*:19000:0:::::\nbin:*:19000::::::\nweb:*:1::::::\nopen:*:1::::::\n"
    )
    assert after.standing("/home/web/.ssh/authorized_keys") is None
    assert after.standing("/root/.ssh/authorized_keys") is None
    assert "$6$" not in str(carried.diffs())


def test_users_who_stay() -> None:
    """Those who are named keep what they have."""
    after, _carried = done(PaperGuest(dict(FULL)), {"users": {"keep": ["web"]}})
    assert "web:!$6$x$y" in (content(after, "/etc/shadow") or "")
    assert after.standing("/home/web/.ssh/authorized_keys") is not None


def test_cloud_init() -> None:
    """It is switched on again, and what installers said is gone."""
    after, _carried = done(PaperGuest(dict(FULL)), "cloud_init")
    assert after.standing("/etc/cloud/cloud-init.disabled") is None
    assert after.standing("/etc/cloud/cloud.cfg.d/99-installer.cfg") is None
    assert content(after, "/etc/cloud/cloud.cfg.d/90-off.cfg") == "resize_rootfs: false\n"
    assert content(after, "/etc/cloud/cloud.cfg.d/zz-datasources.cfg") == (
        "datasource_list: [ConfigDrive, OpenStack, None]\n"
    )


@pytest.mark.parametrize(
    "how",
    [
        {"/etc/systemd/system/cloud-init.service": Link("/dev/null")},
        {"/boot/grub/grub.cfg": "linux /k root=LABEL=r cloud-init=disabled\n"},
    ],
)
def test_cloud_init_switched_off_otherwise(how: dict[str, Any]) -> None:
    """Masked, or by an argument of the kernel: it is no help then, until it is switched on."""
    guest = PaperGuest({"/usr/bin/cloud-init": "", **how})
    assert not inspect(guest)["cloud_init"]["enabled"]
    after, _carried = done(guest, "cloud_init")
    assert inspect(after)["cloud_init"]["enabled"]


def test_hostname() -> None:
    """The name, and Debian's line for it."""
    after, _carried = done(PaperGuest(dict(FULL)), {"hostname": "new.example.org"})
    assert content(after, "/etc/hostname") == "new.example.org\n"
    assert "127.0.1.1\tnew.example.org\tnew\n" in (content(after, "/etc/hosts") or "")


def test_write_from_a_file() -> None:
    """A file of this machine, bytes and all."""
    files = Files({"/here/logo": b"\x00\x01"})
    after, _carried = done(
        PaperGuest({}), {"write": {"path": "/opt/logo", "src": "/here/logo"}}, files=files
    )
    assert after.read("/opt/logo", 10) == b"\x00\x01"


def test_owner_alone() -> None:
    """A group of which nothing is said stays, and is root's for a new file."""
    asked = {"write": {"path": "/etc/a", "content": "b", "owner": "1000"}}
    guest = PaperGuest({"/etc/a": "a"}, owners={"/etc/a": (7, 8)})
    after, _carried = done(guest, asked)
    standing = after.standing("/etc/a")
    assert standing is not None
    assert standing.owner == (1000, 8)
    assert not done(after, asked)[1].changed
    standing = done(PaperGuest({}), asked)[0].standing("/etc/a")
    assert standing is not None
    assert standing.owner == (1000, 0)


def _commands(guest: PaperGuest, asked: Any) -> list[tuple[str, ...]]:
    (operation,) = understand([asked], Files())
    return [edit.command for edit in operation.plan(Overlay(guest)) if isinstance(edit, Run)]


def test_install() -> None:
    """Only what is missing; and nothing is asked of the network where files are given."""
    guest = PaperGuest({"/usr/bin/apt-get": ""}, installed={"curl": "1"})
    assert _commands(guest, {"install": ["curl"]}) == []
    fetched = _commands(guest, {"install": ["curl", "jq"]})
    assert fetched[-1][-1] == "jq"
    assert "curl" not in fetched[-1]
    given = _commands(guest, {"install": {"files": ["/here/jq_1.6-2_amd64.deb"]}})
    assert given == [("dpkg", "--force-confold", "--install", "--")]


@pytest.mark.parametrize(
    "file, name, installed, there",
    [
        ("agent_2.1-1_all.deb", "agent", "2.1-1", True),
        ("agent_2.1.deb", "agent", "2.1-1", True),
        ("agent_2.1-1_all.deb", "agent", "1.0-1", False),
        ("vim_2%3a9.0-2_amd64.deb", "vim", "9.0-2", True),
        ("agent-2.1-1.el9.x86_64.rpm", "agent", "2.1-1.el9", True),
        ("agent-2.1-1.el9.x86_64.rpm", "agent", "2.0-1.el9", False),
        ("agent-2.1-1-x86_64.pkg.tar.zst", "agent", "2.1-1", True),
    ],
)
def test_install_another_version(file: str, name: str, installed: str, *, there: bool) -> None:
    """A file is a version of its package, as its name says, and replaces another one."""
    guest = PaperGuest({"/usr/bin/apt-get": ""}, installed={name: installed})
    assert (_commands(guest, {"install": {"files": [file]}}) == []) == there
    # Whoever names packages wants no certain version.
    assert _commands(guest, {"install": {"packages": [name], "files": [file]}}) == []


def test_uninstall() -> None:
    """What matches, if it is there."""
    guest = PaperGuest({"/usr/bin/dnf": ""}, installed={"open-vm-tools": "1", "vim": "1"})
    assert _commands(guest, "vmware_tools_removal") == [
        ("dnf", "--assumeyes", "remove", "open-vm-tools")
    ]
    assert _commands(guest, {"uninstall": "emacs"}) == []


def test_no_package_tool() -> None:
    """A guest whose packages nobody here knows is told apart from one that has them all."""
    with pytest.raises(CheckFailed, match="none of the package tools"):
        done(PaperGuest({}), {"install": "jq"})


def test_run() -> None:
    """A command is the task's own words, in one piece; it is spared where its work is there."""
    guest = PaperGuest({"/etc/done": ""})
    assert _commands(guest, {"run": "touch /a; echo '$b'"}) == [
        ("/bin/sh", "-e", "-c", "touch /a; echo '$b'")
    ]
    assert _commands(guest, {"run": {"command": "x", "creates": "/etc/done"}}) == []


@pytest.mark.parametrize(
    "asked, said",
    [
        ("polish", "no operation 'polish'"),
        ({"write": {}, "run": "a"}, "are 2"),
        ({"write": {"path": "etc/a", "content": ""}}, "absolute path"),
        ({"write": {"path": "/etc/../a", "content": ""}}, "without '..'"),
        ({"write": {"path": "/a"}}, "one of content and src"),
        ({"write": {"path": "/a", "content": "b", "owner": "root"}}, "a number"),
        ({"write": {"path": "/a", "content": "b", "mode": "rw"}}, "rights of a file"),
        # 0o600 where YAML kept it octal, and 0o1130 where somebody meant 0600.
        ({"write": {"path": "/a", "content": "b", "mode": 0o600}}, "in quotes"),
        ({"write": {"path": "/a", "content": "b", "mode": 600}}, "in quotes"),
        ({"device_names": {"all": True}}, "no option all"),
        ({"device_names": "sda"}, "has options"),
        ({"users": {"lock_passwords": "perhaps"}}, "true or false"),
        ({"hostname": "a b"}, "no name for a host"),
        ({"timezone": "../../etc/passwd"}, "no time zone"),
        ({"delete": "/"}, "no guest"),
        ({"install": {"files": ["/a/b.txt"]}}, "which package"),
        ({"append_line": {"path": "/a", "line": "b\nc"}}, "single one"),
    ],
)
def test_refused(asked: Any, said: str) -> None:
    """What nobody could do is said in words, at the latest when the guest is looked at."""
    with pytest.raises(InvalidRequest, match=said):
        done(PaperGuest(dict(FULL)), asked)


def test_unknown_time_zone() -> None:
    """A zone that the guest does not have would be no time at all."""
    with pytest.raises(CheckFailed, match="Mars/Olympus"):
        done(PaperGuest(dict(FULL)), {"timezone": "Mars/Olympus"})


def test_relabel_only_what_changed() -> None:
    """A guest that nobody touched needs no new labels; one without SELinux never."""
    _after, alone = done(PaperGuest(dict(FULL)), "selinux_relabel")
    assert not alone.changed
    without = {path: what for path, what in FULL.items() if "selinux" not in path}
    _after, carried = done(
        PaperGuest(without), {"write": {"path": "/a", "content": "b"}}, "selinux_relabel"
    )
    assert [outcome.changed for outcome in carried.outcomes] == [True, False]


def test_the_later_setting_wins() -> None:
    """cloud-init reads its settings in the order of their names; so do we."""
    order = {
        "/usr/bin/cloud-init": "",
        "/etc/cloud/cloud.cfg": "datasource_list: [None]\n",
        "/etc/cloud/cloud.cfg.d/10-a.cfg": "datasource_list:\n  - ConfigDrive\n  - OpenStack\n",
    }
    assert not done(PaperGuest(dict(order)), "cloud_init")[1].changed
    order["/etc/cloud/cloud.cfg.d/20-b.cfg"] = "datasource_list: [NoCloud]\n"
    assert done(PaperGuest(dict(order)), "cloud_init")[1].changed


def test_diffs_hide_what_others_may_not_read() -> None:
    """What only root reads in the guest is in no diff; what is removed neither."""
    guest = PaperGuest(
        {"/etc/a": "open\n", "/etc/b": "hidden\n", "/etc/c": "gone\n"}, modes={"/etc/b": 0o640}
    )
    _after, carried = done(
        guest,
        {"append_line": {"path": "/etc/a", "line": "more"}},
        {"append_line": {"path": "/etc/b", "line": "more"}},
        {"delete": "/etc/c"},
    )
    shown = str(carried.diffs())
    assert "open" in shown
    assert "hidden" not in shown
    assert "gone" not in shown
    assert {one["before_header"] for one in carried.diffs()} == {"/etc/a", "/etc/b", "/etc/c"}


def test_diffs_hide_what_is_in_a_closed_folder() -> None:
    """Nobody else comes to a file there, whatever its own rights are."""
    guest = PaperGuest({"/root/.profile": "hidden\n"}, modes={"/root": 0o700})
    _after, carried = done(guest, {"append_line": {"path": "/root/.profile", "line": "more"}})
    (shown,) = carried.diffs()
    assert "hidden" not in str(shown)
    assert "more" not in str(shown)


BY_ADDRESS = (
    'SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="00:50:56:a1:b2:c3", \\\n'
    '  ATTR{type}=="1", KERNEL=="eth*", NAME="eth0"\n'
)
BY_SLOT = 'SUBSYSTEM=="net", ACTION=="add", KERNELS=="0000:03:00.0", NAME:="lan0"\n'
OTHERS = (
    'SUBSYSTEM=="net", ACTION=="add", ATTR{address}=="00:50:56:*", ATTR{mtu}="9000"\n'
    'KERNEL=="sd?", KERNELS=="2:0:0:0", SYMLINK+="first"\n'
)


@pytest.mark.parametrize(
    "name, old, new",
    [
        ("60-net.rules", f"# names\n{BY_ADDRESS}{BY_SLOT}", None),
        ("70-custom-ifnames.rules", BY_ADDRESS, None),
        ("99-site.rules", f"# ours\n{OTHERS}{BY_ADDRESS}", f"# ours\n{OTHERS}"),
        ("99-site.rules", f"# {BY_SLOT}{OTHERS}", f"# {BY_SLOT}{OTHERS}"),
    ],
)
def test_names_of_adapters_by_hand(name: str, old: str, new: str | None) -> None:
    """In whichever file they are; what else is in it stays."""
    path = f"/etc/udev/rules.d/{name}"
    after, carried = done(PaperGuest({path: old}), "udev_net_rules")
    assert content(after, path) == new
    assert carried.changed == (old != new)
    assert not done(after, "udev_net_rules")[1].changed
