# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is secret about the way to a cloud, and what is not."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.authentication import (
    NO_TEXT,
    is_secret,
    secrets_in,
    secrets_of_task,
    with_secrets_as_text,
)
from keystoneauth1 import loading

_LOADERS: dict[str, Any] = dict(loading.get_available_plugin_loaders())
_PLUGIN_OPTIONS: list[tuple[str, loading.Opt]] = [
    (plugin, option)
    for plugin, loader in sorted(_LOADERS.items())
    for option in loader.get_options()
]


@pytest.mark.parametrize(
    "plugin, option", _PLUGIN_OPTIONS, ids=lambda value: str(getattr(value, "dest", value))
)
def test_every_secret_of_every_login_plugin_is_known(plugin: str, option: loading.Opt) -> None:
    """What keystoneauth calls secret is masked, under each of its names."""
    if option.secret:
        for name in (option.name, option.dest, *(old.dest for old in option.deprecated)):
            assert is_secret(name), f"{name} of {plugin}"


@pytest.mark.parametrize(
    "name",
    [
        "username",
        "project_name",
        "auth_url",
        "user_domain_name",
        "application_credential_id",
        "access_token_endpoint",
        "access_token_type",
        "identity_provider",
        "protocol",
        "region_name",
    ],
)
def test_names_that_are_no_secrets_stay_readable(name: str) -> None:
    """Masking a user called admin would turn results into stars."""
    assert not is_secret(name)


def test_secrets_are_found_at_every_depth() -> None:
    """In the options that hold credentials, in dicts in lists in dicts."""
    params = {
        "auth": {"username": "admin", "password": "one"},
        "cloud": {"auth": {"token": "two"}, "profile": "x"},
        "destinations": [{"auth": {"application_credential_secret": "three"}}],
        "properties": {"password": "not ours to judge"},
    }
    assert set(secrets_of_task(params)) == {"one", "two", "three"}


@pytest.mark.parametrize(
    "text",
    [
        "username=admin password=one,",
        "{'username': 'admin', 'password': 'one'}",
        '{"username": "admin", "password": "one"}',
    ],
)
def test_secrets_are_found_in_a_dict_written_as_text(text: str) -> None:
    """Ansible takes a dict as JSON or as pairs, and the text is shown when that fails."""
    assert set(secrets_of_task({"auth": text})) == {"one"}


def test_a_structure_where_a_secret_should_be_is_taken_away() -> None:
    """An unquoted {hunter2} in YAML is a dict; its keys would show, its values star too much."""
    tree = {"auth": [{"password": {"hunter2": 1}, "passcode": ["456"], "username": "u"}]}
    assert list(secrets_in(tree)) == []
    assert with_secrets_as_text(tree) == {
        "auth": [{"password": NO_TEXT, "passcode": NO_TEXT, "username": "u"}]
    }
    assert set(secrets_in({"passcode": 123, "api_key": 7.5})) == {"123", "7.5"}


def test_empty_secrets_mask_nothing() -> None:
    """An empty string is everywhere."""
    assert list(secrets_in({"password": "", "token": None, "secret": True})) == []


def test_secrets_beside_those_of_the_cloud() -> None:
    """A password of where the source is, as an option or in its URL."""
    params = {
        "url_password": "p1",
        "source": "https://user:p%402@example.org/disk.qcow2",
        "source_checksum": "sha512:https://user:p3@example.org/SUMS",
        "source_keyring": "/etc/keys",
        "name": "Debian 12: a user@example.org",
        "timeout": 180,
    }
    assert set(secrets_of_task(params)) == {"p1", "p%402", "p@2", "p3"}
