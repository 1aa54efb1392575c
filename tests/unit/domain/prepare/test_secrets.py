# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets in the usual places: found, named by place and kind, removed, and never shown."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare import secrets
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.operations.machine_identity import (  # noqa: E501
    MAKES_KEYS,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.overlay import Overlay

from support.paper_guest import Link, Odd, PaperGuest, content

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"
FILES = {
    "/etc/passwd": (
        "root:x:0:0::/root:/bin/sh\nweb:x:1:1::/home/web:/bin/sh\nno:x:2:2::/nowhere:/bin/sh\n"
    ),
    "/etc/shadow": "root:$6$a$b:1::::::\nweb:*:1::::::\n",
    "/etc/ssh/ssh_host_ed25519_key": KEY,
    "/root/.bash_history": "mysql -psecret\n",
    "/root/.ssh/id_ed25519": KEY,
    "/root/.ssh/id_ed25519.pub": "ssh-ed25519 AAAA",
    "/root/.ssh/known_hosts": "host ssh-ed25519 AAAA",
    "/home/web/.aws/credentials": "[default]\n",
    "/home/web/.docker/config.json": '{"auths": {"r": {"auth": "c2VjcmV0"}}}',
    "/home/web/.npmrc": "registry=https://registry.example.org\n",
    "/home/web/.zsh_history": "",
    "/var/lib/cloud/instances/i/user-data.txt": "#cloud-config\n",
    "/etc/NetworkManager/system-connections/w.nmconnection": "[wifi-security]\npsk=secret\n",
}
FOUND = {
    "/etc/shadow": "password hash",
    "/etc/ssh/ssh_host_ed25519_key": "host key",
    "/root/.bash_history": "shell history",
    "/root/.ssh/id_ed25519": "private key",
    "/home/web/.aws/credentials": "cloud credentials",
    "/home/web/.docker/config.json": "token",
    "/var/lib/cloud/instances/i/user-data.txt": "user data",
    "/etc/NetworkManager/system-connections/w.nmconnection": "network password",
}


def test_found() -> None:
    """Each by its place and its kind; what only looks like one, or is empty, is none."""
    found = secrets.find(PaperGuest(dict(FILES)))
    assert {secret.path: secret.kind for secret in found} == FOUND


def test_never_shown() -> None:
    """What a secret is stands nowhere."""
    told = str([secret.as_result() for secret in secrets.find(PaperGuest(dict(FILES)))])
    assert "secret" not in told
    assert "$6$" not in told


def test_removed() -> None:
    """Once removed, none is found; the file of passwords stays, without them."""
    guest = Overlay(PaperGuest(dict(FILES)))
    for edit in secrets.removing(guest, secrets.find(guest)):
        guest.apply(edit)
    assert secrets.find(guest) == []
    assert content(guest, "/etc/shadow") == "root:*:1::::::\nweb:*:1::::::\n"
    assert content(guest, "/root/.ssh/id_ed25519.pub") is not None


def test_odd_files() -> None:
    """A pipe is not waited for, and what is far too large is not read."""
    guest = PaperGuest(
        {
            "/etc/passwd": "root:x:0:0::/root:/bin/sh\n",
            "/root/.bash_history": Odd(),
            "/root/.ssh/x": Odd(),
        }
    )
    assert secrets.find(guest) == []


def _removed(files: dict[str, Any], *asked: Any) -> Overlay:
    guest = Overlay(PaperGuest(dict(files)))
    found = secrets.find(guest)
    for edit in secrets.removing(guest, found, keep=secrets.kept(asked)):
        guest.apply(edit)
    return guest


def test_behind_links() -> None:
    """The secret goes, and not only a name of it; one link may lead to another."""
    files: dict[str, Any] = {
        "/etc/passwd": FILES["/etc/passwd"],
        "/root/.ssh/id": Link("../key"),
        "/root/key": Link("/opt/key"),
        "/opt/key": KEY,
    }
    assert [secret.path for secret in secrets.find(PaperGuest(dict(files)))] == ["/root/.ssh/id"]
    guest = _removed(files)
    for path in files:
        assert (guest.standing(path) is None) == (path != "/etc/passwd"), path
        assert guest.link(path) is None


@pytest.mark.parametrize(
    "path, old, new",
    [
        ("/etc/shadow-", "root:$6$a$b:1::::::\n", "root:*:1::::::\n"),
        ("/etc/gshadow", "wheel:$6$a$b::\nweb:!::\nno:::\n", "wheel:*::\nweb:!::\nno:::\n"),
        (
            "/etc/passwd",
            "root:$1$a$b:0:0::/root:/bin/sh\nin::1:1::/i:/bin/sh\nx:x:2:2::/x:/bin/sh\n+::::::\n",
            "root:*:0:0::/root:/bin/sh\nin:*:1:1::/i:/bin/sh\nx:x:2:2::/x:/bin/sh\n+::::::\n",
        ),
    ],
)
def test_passwords_elsewhere(path: str, old: str, new: str) -> None:
    """Copies, groups, and where there is no file for them alone."""
    assert [secret.path for secret in secrets.find(PaperGuest({path: old}))] == [path]
    guest = _removed({path: old})
    assert content(guest, path) == new
    assert secrets.find(guest) == []


def test_host_keys_are_made_again() -> None:
    """Debian's ssh does not start without any, and only cloud-init would make them."""
    files = {"/etc/ssh/ssh_host_rsa_key": KEY, "/lib/systemd/system/ssh.service": ""}
    assert "ssh-keygen -A" in (content(_removed(files), MAKES_KEYS) or "")
    with_cloud_init = _removed({**files, "/usr/bin/cloud-init": ""})
    assert content(with_cloud_init, MAKES_KEYS) is None
    assert content(_removed({"/lib/systemd/system/ssh.service": ""}), MAKES_KEYS) is None


def test_who_is_kept_keeps_a_password() -> None:
    """As an operation of the same task says; what is left is found again."""
    shadow = "root:$6$a$b:1::::::\nadmin:$6$c$d:1::::::\n"
    keep = {"users": {"keep": ["admin"]}}
    guest = _removed({"/etc/shadow": shadow}, "as_needed", keep)
    assert content(guest, "/etc/shadow") == "root:*:1::::::\nadmin:$6$c$d:1::::::\n"
    assert [secret.path for secret in secrets.find(guest)] == ["/etc/shadow"]
    # Whom one operation of several does not keep is not kept.
    assert secrets.kept(["users", keep]) == ()


@pytest.mark.parametrize(
    "path, secret",
    [
        ("/etc/letsencrypt/archive/example.org/privkey1.pem", KEY),
        ("/etc/kubernetes/admin.conf", "client-key-data: LS0t\n"),
        ("/etc/kubernetes/pki/ca.key", KEY),
        ("/etc/pki/consumer/key.pem", KEY),
        ("/etc/pki/entitlement/42-key.pem", KEY),
        ("/etc/ssh/ssh_host_key", "SSH PRIVATE KEY FILE FORMAT 1.1\n"),
    ],
)
def test_keys_of_servers(path: str, secret: str) -> None:
    """Those that every copy would be trusted with."""
    assert [one.path for one in secrets.find(PaperGuest({path: secret}))] == [path]


def test_homes_of_users_in_no_file() -> None:
    """Of a directory in the network, or of users who were deleted and left their home."""
    path = "/home/gone/.ssh/id_rsa"
    assert [one.path for one in secrets.find(PaperGuest({path: KEY}))] == [path]


@pytest.mark.parametrize(
    "path, told, kind",
    [
        (
            "/etc/cloud/cloud.cfg.d/99-installer.cfg",
            "datasource:\n  None:\n    userdata_raw: |\n      users:\n      - passwd: $6$a$b\n",
            "password hash",
        ),
        (
            "/boot/grub2/user.cfg",
            "GRUB2_PASSWORD=grub.pbkdf2.sha512.10000.AB.CD\n",
            "password hash",
        ),
        ("/var/lib/cloud/instances/i/cloud-config.txt", "#cloud-config\n", "user data"),
        ("/var/lib/cloud/instances/i/scripts/part-001", "#!/bin/sh\n", "user data"),
        ("/var/lib/cloud/seed/nocloud-net/user-data", "#cloud-config\n", "user data"),
    ],
)
def test_what_was_told_at_the_beginning(path: str, told: str, kind: str) -> None:
    """By an installer, or by a cloud: it is kept in more places than one."""
    found = [one.as_result() for one in secrets.find(PaperGuest({path: told}))]
    assert found == [{"path": path, "kind": kind}]
    assert secrets.find(_removed({path: told})) == []


def test_settings_of_cloud_init_are_no_secret() -> None:
    """Unless a password is in them."""
    path = "/etc/cloud/cloud.cfg.d/05_logging.cfg"
    assert secrets.find(PaperGuest({path: "output: {all: '| tee -a /var/log/c.log'}\n"})) == []
