# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""From a task's options to a session with the cloud that they name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..authentication import NO_TEXT, secrets_in
from ..errors import InvalidRequest
from .cinder import Cinder
from .data import ImageData
from .glance import Glance
from .keystone import Keystone
from .neutron import Neutron
from .nova import Nova
from .patience import DEFAULT_TIMEOUT, PatientAdapter
from .sdk import keystone_errors, openstack, require_sdk, sdk_errors, steady_path
from .service import Service
from .trouble import invalid_configuration, translated

if TYPE_CHECKING:
    from openstack.config.cloud_region import CloudRegion

# What the cloud's access logs show as the client.
APP_NAME = "curator.glance"

# Options of a task and what the SDK calls them.
_SDK_NAMES = {
    "auth": "auth",
    "auth_type": "auth_type",
    "region_name": "region_name",
    "interface": "interface",
    "validate_certs": "verify",
    "ca_cert": "cacert",
    "client_cert": "cert",
    "client_key": "key",
    "api_timeout": "api_timeout",
}


class Cloud:
    """A session with one cloud, as one project; nothing is asked of it before it is needed."""

    def __init__(self, region: CloudRegion, *, described: str, wait: bool, timeout: float) -> None:
        self._region = region
        # The way in which the task names it, for messages.
        self._described = described
        # Whether to wait for an image that is being written, and how long without progress.
        self.wait = wait
        self.timeout = timeout

    @cached_property
    def _connection(self) -> Any:
        patience = float(self._region.config.get("api_timeout") or DEFAULT_TIMEOUT)
        self._region.config["api_timeout"] = patience
        with translated("log in", self._keystone_address):
            session = self._region.get_session()
            for scheme in ("http://", "https://"):
                session.session.mount(scheme, PatientAdapter(patience))
            connection = openstack.connection.Connection(config=self._region)
            # Logging in by itself, so that its errors are told apart from those of a service.
            try:
                connection.session.get_token()
            except (keystone_errors.ClientException, sdk_errors.SDKException, OSError):
                raise
            except Exception as error:
                # What keystoneauth says of an option that its plugin lacks has no class of its own.
                raise invalid_configuration(error, self._described) from error
        return connection

    @property
    def _keystone_address(self) -> str:
        address = self._region.config.get("auth", {}).get("auth_url")
        return f"Keystone at {address}" if address else "the cloud"

    @property
    def region(self) -> str | None:
        """The region of the session, where one is configured."""
        region = self._region.config.get("region_name")
        return str(region) if region else None

    @cached_property
    def image_address(self) -> str:
        """Where the session finds the image service: one cloud's is told from another's by it."""
        client = self._connection.config.get_session_client("image", version="2")
        with translated("look for the image service", self._keystone_address):
            return str(client.get_endpoint())

    def knows_projects_of(self, other: Cloud) -> bool:
        """Whether a project of the other cloud is the same one here: both log in to one server."""
        return self._keystone_address == other._keystone_address

    @cached_property
    def project(self) -> str:
        """The session's project in words."""
        name = getattr(self._access(), "project_name", None)
        return f"project {name} ({self.project_id})" if name else f"project {self.project_id}"

    @cached_property
    def project_id(self) -> str | None:
        """The project that the session acts for; None for a session without one."""
        connection = self._connection
        with translated("log in", self._keystone_address):
            project = connection.session.get_project_id()
        return str(project) if project else None

    @property
    def secrets(self) -> Iterable[str]:
        """What must appear in no output, wherever it was configured."""
        return secrets_in(self._region.config)

    def _service(self, title: str, service_type: str, version: str) -> Service:
        # Not connection.image: where a service is down, that only says that it found no version.
        config = self._connection.config
        return Service(title, config.get_session_client(service_type, version=version))

    @cached_property
    def glance(self) -> Glance:
        """The image service."""
        return Glance(self._service("the image service", "image", "2"))

    @cached_property
    def data(self) -> ImageData:
        """What moves the bytes of images."""
        return ImageData(self._service("the image service", "image", "2"), self.timeout)

    @cached_property
    def nova(self) -> Nova | None:
        """The compute service, where the cloud's catalog has one for this session."""
        service = self._optional_service("the compute service", "compute", "2")
        return None if service is None else Nova(service)

    @cached_property
    def cinder(self) -> Cinder | None:
        """The block storage service, where the cloud's catalog has one for this session."""
        service = self._optional_service("the block storage service", "block-storage", "3")
        return None if service is None else Cinder(service)

    @cached_property
    def neutron(self) -> Neutron | None:
        """The networking service, where the cloud's catalog has one for this session."""
        service = self._optional_service("the networking service", "network", "2")
        return None if service is None else Neutron(service)

    def _optional_service(self, title: str, service_type: str, version: str) -> Service | None:
        """What the catalog has; a service that is there and does not answer is another matter."""
        adapter = self._connection.config.get_session_client(service_type, version=version)
        session = adapter.session
        with translated(f"look for {title}", self._keystone_address):
            try:
                there = adapter.endpoint_override or session.auth.get_endpoint(
                    session,
                    service_type=adapter.service_type,
                    interface=adapter.interface,
                    region_name=adapter.region_name,
                    skip_discovery=True,
                )
            except keystone_errors.EndpointNotFound:
                there = None
        return Service(title, adapter) if there else None

    def fresh_token(self, seconds: float) -> None:
        """Log in anew if the token would end within so many seconds."""
        access = self._access()
        if access is not None and access.will_expire_soon(seconds):
            self._connection.session.invalidate()

    def _access(self) -> Any:
        """What the token says; None for a login without one, as to a Glance without Keystone."""
        session = self._connection.session
        get_access = getattr(session.auth, "get_access", None)
        return get_access(session) if get_access else None

    @cached_property
    def keystone(self) -> Keystone:
        """The identity service."""
        return Keystone(
            self._service("the identity service", "identity", "3"),
            access=self._access,
        )


def connect(params: Mapping[str, Any]) -> Cloud:
    """The cloud that a task's options name. Nothing is sent before something is asked of it."""
    require_sdk()
    for option in ("api_timeout", "timeout"):
        if params[option] is not None and params[option] <= 0:
            raise InvalidRequest(f"{option} is {params[option]}. Give a number of seconds above 0.")
    if params["sdk_log_path"]:
        debug = params["sdk_log_level"] == "DEBUG"
        try:
            openstack.enable_logging(debug=debug, http_debug=debug, path=params["sdk_log_path"])
        except OSError as error:
            raise InvalidRequest(
                f"sdk_log_path cannot be written: {error}. Name a file in a folder that exists."
            ) from error
    described, options = _options(params)
    if NO_TEXT in secrets_in(options):
        raise InvalidRequest(
            "A password or token of the cloud is no text but a structure, as {this} is in YAML. "
            "Put it in quotes."
        )
    return Cloud(
        _region(described, options),
        described=described,
        wait=params["wait"],
        timeout=float(params["timeout"]),
    )


def _options(params: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """How the task names its cloud, in words and in what the SDK calls its options."""
    cloud = params["cloud"]
    given = {
        sdk_name: params[option]
        for option, sdk_name in _SDK_NAMES.items()
        if params[option] is not None
    }
    if isinstance(cloud, Mapping):
        clash = sorted({"auth", "auth_type", "region_name"} & given.keys())
        if clash:
            raise InvalidRequest(
                f"cloud is a dict and {', '.join(clash)} is given beside it. Put everything into "
                "the dict, or name a cloud of clouds.yaml."
            )
        return "the cloud given as a dict", {**given, **cloud}
    if isinstance(cloud, str) and cloud:
        return f"cloud {cloud!r}", {**given, "cloud": cloud}
    if cloud is None:
        return "the cloud given by auth" if "auth" in given else "the default cloud", given
    raise InvalidRequest(
        f"cloud is {'empty' if cloud == '' else f'a {type(cloud).__name__}'}. Give the name of a "
        "cloud in clouds.yaml, or a dict with auth and what else openstacksdk's connect() takes; "
        "left out, it is the cloud of the environment."
    )


def _region(described: str, options: dict[str, Any]) -> CloudRegion:
    # With an address, auth is complete in itself: an OS_USERNAME or a default cloud that happens
    # to be there would be mixed into it, and the login fail or, worse, succeed as somebody else.
    alone = not options.get("cloud") and "auth_url" in (options.get("auth") or {})
    wanted = os.environ.get("OS_CLIENT_CONFIG_FILE")
    known = f"OS_CLIENT_CONFIG_FILE is {wanted}." if wanted and not alone else ""
    try:
        loader = openstack.config.OpenStackConfig(
            app_name=APP_NAME, load_envvars=not alone, load_yaml_config=not alone
        )
        if not alone:
            known = _known_clouds(loader)
        with steady_path():
            return loader.get_one(**options)
    except (sdk_errors.ConfigException, keystone_errors.ClientException) as error:
        raise invalid_configuration(error, described, known) from error
    except (OSError, ValueError, TypeError, AttributeError) as error:
        # What the loader does with a clouds.yaml that is unreadable or has another shape.
        raise invalid_configuration(error, described, known) from error


def _known_clouds(loader: Any) -> str:
    """Which file of clouds there is, and what is in it: the first question when none fits."""
    wanted = os.environ.get("OS_CLIENT_CONFIG_FILE")
    found = loader.config_filename
    if wanted and found != wanted:
        return f"OS_CLIENT_CONFIG_FILE names {wanted}, which is missing, unreadable or no YAML."
    if not found:
        return (
            "No clouds.yaml was found in the working folder, ~/.config/openstack or /etc/openstack."
        )
    names = ", ".join(loader.get_cloud_names()) or "none"
    return f"clouds.yaml is {found} and has these clouds: {names}."
