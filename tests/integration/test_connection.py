# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When there is no way to the cloud: one clear sentence each, in time, and no traceback."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from integration.conftest import RunModule
from support.cloud import LoopbackCloud
from support.messages import sentence
from support.running import play
from support.servers import certificate, closed_port, silent_server, tls_server, web_server

PATIENCE = 3


@contextmanager
def within_patience() -> Iterator[None]:
    """A server that does not answer is waited for once: not per address, version or attempt."""
    start = time.monotonic()
    yield
    assert time.monotonic() - start < 2 * PATIENCE


@pytest.fixture
def auth(cloud: LoopbackCloud) -> dict[str, Any]:
    """The provider's credentials."""
    return cloud.auth("provider")


def test_wrong_password(find: RunModule, auth: dict[str, Any]) -> None:
    """The address is named, the password is not."""
    message = sentence(find(auth=auth | {"password": "wrong-secret"}))
    assert "does not accept these credentials" in message
    assert auth["auth_url"] in message
    assert "wrong-secret" not in message


def test_nothing_listens(find: RunModule, auth: dict[str, Any]) -> None:
    """Refused at once."""
    address = f"http://127.0.0.1:{closed_port()}/v3"
    with within_patience():
        message = sentence(find(auth=auth | {"auth_url": address}, api_timeout=PATIENCE))
    assert "connection refused" in message
    assert address.removesuffix("/v3") in message


@pytest.mark.parametrize("suffix", ["", "/v3", "/identity"])
def test_keystone_never_answers(find: RunModule, auth: dict[str, Any], suffix: str) -> None:
    """Waited for once, though discovery asks several addresses of it."""
    with silent_server() as address, within_patience():
        wrong = auth | {"auth_url": address + suffix}
        message = sentence(find(auth=wrong, api_timeout=PATIENCE))
    assert "did not answer in time" in message
    assert address in message


def test_unknown_host(find: RunModule, auth: dict[str, Any]) -> None:
    """A name that nobody knows."""
    wrong = auth | {"auth_url": "http://keystone.invalid:5000/v3"}
    message = sentence(find(auth=wrong, api_timeout=PATIENCE))
    assert "keystone.invalid" in message
    assert "name" in message


def test_expired_certificate(find: RunModule, auth: dict[str, Any], tmp_path: Path) -> None:
    """Trusted otherwise: the date alone is wrong, and is named."""
    pem = certificate(tmp_path, expired=True)
    with tls_server(pem) as address, within_patience():
        wrong = auth | {"auth_url": f"{address}/v3"}
        message = sentence(find(auth=wrong, ca_cert=str(pem), api_timeout=PATIENCE))
    assert "certificate has expired" in message
    assert address in message


def test_untrusted_certificate(find: RunModule, auth: dict[str, Any], tmp_path: Path) -> None:
    """Valid, but nobody signed for it; the option that helps is named."""
    with tls_server(certificate(tmp_path, expired=False)) as address, within_patience():
        wrong = auth | {"auth_url": f"{address}/v3"}
        message = sentence(find(auth=wrong, api_timeout=PATIENCE))
    assert "self-signed certificate" in message
    assert "ca_cert" in message


@pytest.mark.parametrize("option", ["ca_cert", "client_cert"])
def test_missing_certificate_file(find: RunModule, auth: dict[str, Any], option: str) -> None:
    """The file is named, and the options that name such files."""
    secure = auth | {"auth_url": f"https://127.0.0.1:{closed_port()}/v3"}
    message = sentence(find(auth=secure, **{option: "/nowhere/x.pem"}))
    assert "/nowhere/x.pem" in message
    assert option in message


@pytest.mark.parametrize(
    "status, body",
    [
        (200, b"<html>welcome</html>"),
        (200, b"{}"),
        (200, b"[]"),
        (200, b""),
        (300, b"{}"),
        (404, b"<html><h1>404</h1>not here</html>"),
        (502, b""),
    ],
)
def test_something_else_answers_for_glance(
    find: RunModule, auth: dict[str, Any], status: int, body: bytes
) -> None:
    """A proxy, a portal or a wrong address in the catalog: said, whatever it sends."""
    with web_server(status, body) as address:
        wrong = {"auth": auth, "image_endpoint_override": f"{address}/v2"}
        message = sentence(find(cloud=wrong))
    assert "list images" in message
    assert str(status) in message


def test_a_log_that_cannot_be_written(find: RunModule) -> None:
    """The option is named."""
    assert "sdk_log_path" in sentence(find(sdk_log_path="/nowhere/sdk.log"))


def test_incomplete_credentials(find: RunModule, auth: dict[str, Any]) -> None:
    """What is missing is named; a session without a project finds no image service."""
    without_password = {key: value for key, value in auth.items() if key != "password"}
    assert "password is a required" in sentence(find(auth=without_password))
    without_project = {key: value for key, value in auth.items() if "project" not in key}
    assert "project_name" in sentence(find(auth=without_project))


def test_unknown_cloud(cloud: LoopbackCloud, find: RunModule) -> None:
    """The name is repeated, and which there are in which file."""
    message = sentence(find(cloud="no-such-cloud"))
    assert "no-such-cloud" in message
    assert str(cloud.clouds_yaml) in message
    assert "provider, customer_a" in message
    assert "provider, customer_a" in sentence(find(cloud=None))


@pytest.mark.parametrize("text", ["clouds: [", "clouds: 3", "[]", "clouds: {a: {auth: 1}}"])
def test_broken_clouds_yaml(
    find: RunModule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """Whatever is wrong with the file, the file is named."""
    broken = tmp_path / "clouds.yaml"
    broken.write_text(text)
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(broken))
    assert str(broken) in sentence(find(cloud="a"))


def test_no_cloud_at_all(find: RunModule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither option nor file nor environment."""
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "none.yaml"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert "none.yaml, which is missing" in sentence(find(cloud=None))
    monkeypatch.delenv("OS_CLIENT_CONFIG_FILE")
    assert "No clouds.yaml was found" in sentence(find(cloud=None))


@pytest.mark.parametrize(
    "options, words",
    [
        ({"cloud": ["provider"]}, "cloud is a list"),
        ({"cloud": ""}, "cloud is empty"),
        ({"cloud": "provider", "api_timeout": 0}, "api_timeout is 0"),
        ({"cloud": "provider", "timeout": -1}, "timeout is -1"),
        ({"cloud": {"auth": {}}, "auth": {}}, "auth is given beside it"),
        ({"cloud": {"auth": {"auth_url": "x"}}, "region_name": "R"}, "region_name is given"),
        ({"cloud": "provider", "auth_type": "nonsense"}, "nonsense"),
        ({"cloud": "provider", "region_name": "Nowhere"}, "Nowhere"),
    ],
)
def test_contradictory_or_unknown_options(
    find: RunModule, options: dict[str, Any], words: str
) -> None:
    """Each names what is wrong."""
    assert words in sentence(find(**options))


@pytest.fixture
def region(cloud: LoopbackCloud) -> Iterator[Any]:
    """Makes a region of the cloud whose image service is at an address of the test's choice."""
    admin = cloud["provider"]
    made: list[str] = []

    def make(address: str, interface: str = "public") -> str:
        name = f"test-{closed_port()}"
        admin.keystone("POST", "/regions", json={"region": {"id": name}})
        made.append(f"{admin.auth_url}/regions/{name}")
        (service,) = admin.keystone("GET", "/services?type=image")["services"]
        endpoint = {
            "service_id": service["id"],
            "region_id": name,
            "interface": interface,
            "url": address,
        }
        answer = admin.keystone("POST", "/endpoints", json={"endpoint": endpoint})
        made.append(f"{admin.auth_url}/endpoints/{answer['endpoint']['id']}")
        return name

    yield make
    for url in reversed(made):
        admin.done("DELETE", url)


def test_glance_is_down(find: RunModule, auth: dict[str, Any], region: Any) -> None:
    """Keystone answers: it is the image service that does not, and that is said."""
    address = f"http://127.0.0.1:{closed_port()}"
    with within_patience():
        message = sentence(find(auth=auth, region_name=region(address), api_timeout=PATIENCE))
    assert "image" in message
    assert address in message


def test_glance_never_answers(find: RunModule, auth: dict[str, Any], region: Any) -> None:
    """Likewise, and waited for once."""
    with silent_server() as address:
        name = region(address)
        with within_patience():
            message = sentence(find(auth=auth, region_name=name, api_timeout=PATIENCE))
    assert "did not answer in time" in message
    assert address in message


def test_the_interface_of_the_configuration_is_used(
    cloud: LoopbackCloud, find: RunModule, auth: dict[str, Any], region: Any
) -> None:
    """No default of ours stands before what clouds.yaml says; the option does."""
    url = cloud["provider"].glance_url
    configured = {"auth": auth, "region_name": region(url, "internal"), "interface": "internal"}
    image = cloud.new_image()
    (found,) = find(cloud=configured, image=image["id"])["images"]
    assert found["id"] == image["id"]
    without = {key: value for key, value in configured.items() if key != "interface"}
    assert "interface" in sentence(find(cloud=without))
    (found,) = find(cloud=without, interface="internal", image=image["id"])["images"]
    assert found["id"] == image["id"]


@pytest.mark.parametrize("way", ["cloud", "dict", "auth", "environment"])
def test_every_way_to_name_a_cloud(
    cloud: LoopbackCloud,
    find: RunModule,
    auth: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    way: str,
) -> None:
    """By name, as a dict, by credentials, and by the environment alone."""
    image = cloud.new_image()
    monkeypatch.setenv("OS_CLOUD", "provider")
    options: dict[str, dict[str, Any]] = {
        "cloud": {"cloud": "provider"},
        "dict": {"cloud": {"auth": auth, "region_name": "RegionOne"}},
        "auth": {"auth": auth},
        "environment": {"cloud": None},
    }
    (found,) = find(image=image["id"], **options[way])["images"]
    assert found["id"] == image["id"]


def test_tasks_share_what_was_found_out_about_logins(cloud: LoopbackCloud, tmp_path: Path) -> None:
    """The library's cache of login plugins is used by the second task, and does not grow."""
    task = {"curator.glance.image_info": {"cloud": "provider", "image": cloud.new_image()["id"]}}
    plays = [{"hosts": "localhost", "gather_facts": False, "tasks": [task, task]}]
    played = play(plays, env={"XDG_CACHE_HOME": str(tmp_path)})
    assert played.status == 0, played.output
    # The library keeps none for a Python in /tmp.
    assert len(list(tmp_path.glob("python-entrypoints/*"))) < 2
