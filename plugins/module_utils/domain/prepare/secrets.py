# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What nobody wants to publish: secrets in the places where they are usually left.

Places are listed, and what kind of secret is in each; the secrets themselves are never shown. A
secret that somebody put elsewhere is not found.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .edits import Edit, Remove
from .guest import LARGEST_TEXT, Guest, Kind, homes, is_file, matching
from .operations import machine_identity, users
from .options import Options

_KEY = re.compile(rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY|^PuTTY-User-Key-File", re.MULTILINE)
_AUTH = re.compile(
    rb"\"auth\"|\"identitytoken\"|_auth|password|oauth_token|psk=|token", re.IGNORECASE
)
# In a home, by the kind of secret; and what has to be in a file that may be harmless.
_IN_KUBERNETES = re.compile(rb"client-key|token")
# As crypt(3) makes them, in a setting, and as GRUB does.
_HASH = re.compile(rb"\$(?:1|2[abxy]|5|6|7|y|gy)\$|grub\.pbkdf2\.")
_HOST_KEY = "host key"
_MOST_LINKS = 40
_IN_HOMES: tuple[tuple[str, str, re.Pattern[bytes] | None], ...] = (
    ("private key", ".ssh/*", _KEY),
    ("private key", ".gnupg/private-keys-v1.d/*", None),
    *(
        ("shell history", name, None)
        for name in (
            *(".bash_history", ".zsh_history", ".ash_history", ".sh_history", ".history"),
            *(".python_history", ".mysql_history", ".psql_history", ".lesshst", ".viminfo"),
            ".local/share/fish/fish_history",
        )
    ),
    *(
        ("cloud credentials", name, None)
        for name in (
            *(".aws/credentials", ".config/openstack/clouds.yaml", ".config/openstack/secure.yaml"),
            *(".config/gcloud/credentials.db", ".config/gcloud/access_tokens.db"),
            *(".config/gcloud/application_default_credentials.json", ".azure/msal_token_cache.*"),
            *("*openrc*.sh", "*-openrc", ".oci/*.pem", ".config/doctl/config.yaml", ".s3cfg"),
        )
    ),
    *(
        ("token", name, None)
        for name in (
            *(".netrc", ".git-credentials", ".kube/config", ".vault-token", ".pypirc", ".pgpass"),
            *(".config/gh/hosts.yml", ".terraform.d/credentials.tfrc.json", ".cargo/credentials*"),
        )
    ),
    ("token", ".docker/config.json", _AUTH),
    ("token", ".npmrc", _AUTH),
    ("token", ".my.cnf", _AUTH),
)
_ELSEWHERE: tuple[tuple[str, str, re.Pattern[bytes] | None], ...] = (
    (_HOST_KEY, machine_identity.HOST_KEYS, None),
    (_HOST_KEY, machine_identity.OLD_HOST_KEY, None),
    ("private key", "/etc/ssl/private/*", _KEY),
    ("private key", "/etc/pki/tls/private/*", _KEY),
    ("private key", "/etc/letsencrypt/live/*/privkey*.pem", _KEY),
    ("private key", "/etc/letsencrypt/archive/*/privkey*.pem", _KEY),
    ("private key", "/etc/kubernetes/pki/*.key", _KEY),
    ("private key", "/etc/kubernetes/pki/etcd/*.key", _KEY),
    ("token", "/etc/kubernetes/*.conf", _IN_KUBERNETES),
    ("private key", "/etc/wireguard/*.conf", None),
    ("cloud credentials", "/etc/openstack/*.yaml", _AUTH),
    ("network password", "/etc/NetworkManager/system-connections/*", _AUTH),
    ("network password", "/etc/wpa_supplicant/*.conf", _AUTH),
    ("user data", "/var/lib/cloud/instances/*/user-data.txt*", None),
    ("user data", "/var/lib/cloud/instances/*/vendor-data.txt*", None),
    ("user data", "/var/lib/cloud/instances/*/cloud-config.txt", None),
    ("user data", "/var/lib/cloud/instances/*/obj.pkl", None),
    ("user data", "/var/lib/cloud/instances/*/scripts/*", None),
    ("user data", "/var/lib/cloud/seed/*/user-data*", None),
    ("user data", "/var/lib/cloud/seed/*/vendor-data*", None),
    ("answers of an installer", "/root/*-ks.cfg", None),
    ("answers of an installer", "/var/log/installer/autoinstall-user-data", None),
    (
        "answers of an installer",
        "/var/cache/debconf/passwords.dat",
        re.compile(rb"^Value: \S", re.MULTILINE),
    ),
    ("password hash", "/etc/cloud/cloud.cfg.d/*.cfg", _HASH),
    ("password hash", "/boot/grub2/user.cfg", _HASH),
    ("password hash", "/boot/efi/EFI/*/user.cfg", _HASH),
    ("machine account", "/etc/pki/consumer/key.pem", _KEY),
    ("private key", "/etc/pki/entitlement/*-key.pem", _KEY),
    ("machine account", "/etc/krb5.keytab", None),
    ("machine account", "/var/lib/samba/private/secrets.tdb", None),
)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Secret:
    """Where a secret is, and of what kind."""

    path: str
    kind: str

    def as_result(self) -> dict[str, str]:
        return {"path": self.path, "kind": self.kind}


def find(guest: Guest) -> list[Secret]:
    """The secrets that are in a guest, as far as they are where one looks."""
    found = set(_in_files(guest))
    for path in users.PASSWORDS:
        if users.holds_passwords(guest, path):
            found.add(Secret(path=path, kind="password hash"))
    return sorted(found)


def removing(
    guest: Guest, secrets: Sequence[Secret], *, keep: tuple[str, ...] = ()
) -> Iterator[Edit]:
    """Take them away; of a file of passwords, only those, and not of users who are kept."""
    if any(secret.path in users.PASSWORDS for secret in secrets):
        yield from users.locking(guest, keep)
    for secret in secrets:
        if secret.path not in users.PASSWORDS:
            names = _names_of(guest, secret.path)
            yield from (Remove(path=path, secret=True) for path in names)
    if any(secret.kind == _HOST_KEY for secret in secrets):
        yield from machine_identity.making_keys(guest)


def kept(asked: Sequence[Any]) -> tuple[str, ...]:
    """The users whom every operation on users leaves as they are."""
    each = [
        set(Options.of("users", options, None).texts("keep"))
        for one in asked
        for name, options in (one.items() if isinstance(one, Mapping) else [(one, None)])
        if name == "users"
    ]
    return tuple(sorted(set.intersection(*each))) if each else ()


def _names_of(guest: Guest, path: str) -> list[str]:
    """A file with what leads to it: a link is only one of its names."""
    found = [path]
    while len(found) < _MOST_LINKS:
        target = guest.link(found[-1])
        if target is None:
            break
        found.append(posixpath.normpath(posixpath.join(posixpath.dirname(found[-1]), target)))
    return found


def _in_files(guest: Guest) -> Iterator[Secret]:
    places = list(_ELSEWHERE)
    for home in homes(guest):
        places += [(kind, f"{home}/{name}", sign) for kind, name, sign in _IN_HOMES]
    for kind, pattern, sign in places:
        for path in matching(guest, pattern):
            if is_file(guest, path) and _holds(guest, path, sign):
                yield Secret(path=path, kind=kind)


def _holds(guest: Guest, path: str, sign: re.Pattern[bytes] | None) -> bool:
    found = guest.standing(path)
    if found is None or found.kind is not Kind.FILE or not found.size:
        return False
    if sign is None:
        return True
    # What is too large for such a file is something else.
    return found.size <= LARGEST_TEXT and bool(sign.search(guest.read(path, LARGEST_TEXT)))
