# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""How a task says which cloud it means, and which parts of that are secret.

Names, types and aliases are those of the openstack.cloud collection, so that one set of
module_defaults serves both. `doc_fragments/cloud.py` documents the same options; a test holds the
two together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

AUTHENTICATION: dict[str, dict[str, Any]] = {
    "cloud": {"type": "raw"},
    "auth": {"type": "dict"},
    "auth_type": {"type": "str"},
    "region_name": {"type": "str"},
    "interface": {
        "type": "str",
        "choices": ["admin", "internal", "public"],
        "aliases": ["endpoint_type"],
    },
    "validate_certs": {"type": "bool", "aliases": ["verify"]},
    "ca_cert": {"type": "path", "aliases": ["cacert"]},
    "client_cert": {"type": "path", "aliases": ["cert"]},
    # A path, not a key: nothing in it is secret.
    "client_key": {"type": "path", "aliases": ["key"], "no_log": False},
    "api_timeout": {"type": "int"},
    "wait": {"type": "bool", "default": True},
    "timeout": {"type": "int", "default": 180},
    "sdk_log_path": {"type": "path"},
    "sdk_log_level": {"type": "str", "default": "INFO", "choices": ["INFO", "DEBUG"]},
}

# Stands where a secret should be and is none.
NO_TEXT = "(no text)"

# Options whose value is, or may be, a tree with credentials in it.
CREDENTIAL_OPTIONS = frozenset({"auth", "cloud", "destination", "destinations"})

_SECRET = re.compile(
    r"password|passwd|secret|token|passcode|passphrase|private_key|api_?key|jwt|assertion|pwd|(^|_)code$"
)
# Leaves that merely speak of a secret: where tokens are fetched, of which type they are.
_NOT_SECRET = re.compile(r"_(endpoint|type|url|id|method|ttl)$|^(token|password)_endpoint")


# As in https://user:password@example.org/.
_PASSWORD_IN_URL = re.compile(r"://[^/@:\s]*:([^/@\s]+)@")
_QUERY_OF_URL = re.compile(r"://[^?\s]*\?([^#\s]{8,})")


def is_secret(name: str) -> bool:
    """Whether a leaf of this name holds a secret, going by keystoneauth's option names."""
    plain = name.lower().replace("-", "_")
    return bool(_SECRET.search(plain)) and not _NOT_SECRET.search(plain)


def secrets_in(tree: Any) -> Iterator[str]:
    """Every secret leaf of a tree of dicts and lists."""
    if isinstance(tree, Mapping):
        for name, value in tree.items():
            if isinstance(value, Mapping | list | tuple):
                # One that stands where a secret should be is not masked but taken away, see below.
                yield from () if is_secret(str(name)) else secrets_in(value)
            elif is_secret(str(name)) and not isinstance(value, bool | None) and str(value):
                yield str(value)
    elif isinstance(tree, list | tuple):
        for element in tree:
            yield from secrets_in(element)


def with_secrets_as_text(tree: Any) -> Any:
    """The tree with a mark where a structure stands under the name of a secret.

    Ansible masks values; the keys of a dict it shows as they are.
    """
    if isinstance(tree, Mapping):
        return {
            name: NO_TEXT
            if is_secret(str(name)) and isinstance(value, Mapping | list | tuple)
            else with_secrets_as_text(value)
            for name, value in tree.items()
        }
    if isinstance(tree, list | tuple):
        return [with_secrets_as_text(element) for element in tree]
    return tree


def secrets_of_task(params: Mapping[str, Any]) -> Iterator[str]:
    """The secrets among a task's parameters, before any of them was checked."""
    for option in CREDENTIAL_OPTIONS:
        value = params.get(option)
        if isinstance(value, str):
            yield from _secrets_in_text(value)
        else:
            yield from secrets_in(value)
    for option, value in params.items():
        if option in CREDENTIAL_OPTIONS or not isinstance(value, str):
            continue
        if is_secret(option):
            yield value
        for password in _PASSWORD_IN_URL.findall(value):
            yield password
            yield unquote(password)
        # Whoever has the signature in the query of some addresses may fetch.
        yield from _QUERY_OF_URL.findall(value)


def _secrets_in_text(text: str) -> Iterator[str]:
    """Secrets of a dict that was written as JSON or as key=value pairs, as Ansible allows."""
    pairs = r"""["']?([\w-]+)["']?\s*[=:]\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s,}]+))"""
    for name, double, single, bare in re.findall(pairs, text):
        if is_secret(name):
            yield from (value for value in (double, single, bare) if value)
