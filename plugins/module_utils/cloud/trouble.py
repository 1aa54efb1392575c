# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The one place that turns errors of the SDK, of its session and of HTTP into ours."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

from ..errors import (
    AuthenticationFailed,
    Conflict,
    ConnectionLost,
    CuratorError,
    Forbidden,
    InvalidRequest,
    NotFound,
    OverLimit,
    RequestFailed,
    Unreachable,
)
from .sdk import keystone_errors, requests, sdk_errors

if TYPE_CHECKING:
    import requests as requests_types

# What a proxy or a traceback page says beyond this is of no use on one line.
_LONGEST_REASON = 300

_BY_STATUS: Mapping[int, type[RequestFailed | NotFound]] = {
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    413: OverLimit,
}


def check_response(
    response: requests_types.Response, doing: str, hints: Mapping[int, str] | None = None
) -> None:
    """Raise what an HTTP error means, with the server's own reason and a word on what to do."""
    status = response.status_code
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if status == HTTPStatus.UNAUTHORIZED:
        raise AuthenticationFailed(
            f"Could not {doing}: the cloud no longer accepts the session (HTTP 401). "
            "Run the task again; if it stays so, check the credentials."
        )
    reason = _reason(response)
    hint = (hints or {}).get(status) or _general_hint(status, response)
    kind = _BY_STATUS.get(status, RequestFailed)
    message = f"Could not {doing}: {reason} (HTTP {status})."
    raise kind(f"{message} {hint}".rstrip(), http_status=status)


@contextmanager
def translated(doing: str, where: str) -> Iterator[None]:
    """Turn whatever the SDK raises inside into one clear sentence of ours."""
    try:
        yield
    except CuratorError:
        raise
    except (keystone_errors.SSLError, requests.exceptions.SSLError) as error:
        raise Unreachable(
            f"Could not {doing}: the certificate of {_address(error, where)} cannot be trusted: "
            f"{_certificate_fault(error)}. Renew it, name the authority that signed it with "
            "ca_cert, or, for a cloud you know, set validate_certs: false."
        ) from error
    except (keystone_errors.ConnectTimeout, requests.exceptions.Timeout) as error:
        raise Unreachable(
            f"Could not {doing}: {_address(error, where)} did not answer in time. Check the "
            "address and the network, or raise api_timeout."
        ) from error
    except (keystone_errors.ConnectionError, requests.exceptions.ConnectionError) as error:
        raise ConnectionLost(
            f"Could not {doing}: nothing answers at {_address(error, where)} "
            f"({_root_cause(error)}). Check the address, and that the service is up."
        ) from error
    except keystone_errors.Unauthorized as error:
        raise AuthenticationFailed(
            f"Could not {doing}: {where} does not accept these credentials. Check user, password "
            "or application credential, project and domains."
        ) from error
    except keystone_errors.EndpointNotFound as error:
        raise Unreachable(
            f"Could not {doing}: the cloud's catalog has no such service for this session "
            f"({_one_line(error)}). Check region_name and interface, and that the session is for a "
            "project (project_name)."
        ) from error
    except keystone_errors.HttpError as error:
        raise RequestFailed(
            f"Could not {doing}: {where} answered {_one_line(error)}. Look at that service's log."
        ) from error
    except (
        keystone_errors.ClientException,
        sdk_errors.SDKException,
        requests.exceptions.RequestException,
    ) as error:
        raise _chained(error, doing, where) from error
    except OSError as error:
        # A file that an option names: requests looks for certificates only when it connects.
        raise InvalidRequest(
            f"Could not {doing}: {_one_line(error)}. Check ca_cert, client_cert and client_key."
        ) from error


def invalid_configuration(error: Exception, cloud: str, known: str = "") -> CuratorError:
    """What is wrong with the way a task names its cloud, and which clouds there are."""
    where = f"{known} " if known else ""
    return InvalidRequest(
        f"{cloud[0].upper()}{cloud[1:]} cannot be used: {_one_line(error)}. {where}Check the "
        "options cloud, auth and auth_type, clouds.yaml and the OS_* variables of the environment."
    )


def _chained(error: BaseException, doing: str, where: str) -> CuratorError:
    """The SDK wraps connection errors in vague ones: tell the one that lies beneath."""
    seen: BaseException | None = error.__cause__ or error.__context__
    while seen is not None:
        if isinstance(seen, keystone_errors.ConnectionError | keystone_errors.SSLError):
            try:
                with translated(doing, where):
                    raise seen
            except CuratorError as better:
                return better
        seen = seen.__cause__ or seen.__context__
    return Unreachable(f"Could not {doing}: {_one_line(error)}.")


def _reason(response: requests_types.Response) -> str:
    """The server's reason without the page that Glance wraps it in."""
    text = response.text or ""
    if "html" in response.headers.get("content-type", ""):
        text = re.sub(r"(?s)<head>.*?</head>|<h1>.*?</h1>", " ", text)
        text = re.sub(r"<[^>]+>", " ", text)
    elif "json" in response.headers.get("content-type", ""):
        found = re.search(r'"message"\s*:\s*"((?:[^"\\]|\\.)*)"', text)
        text = found.group(1) if found else text
    return _one_line(html.unescape(text)).rstrip(":") or response.reason or "no reason given"


def _general_hint(status: int, response: requests_types.Response) -> str:
    if status < HTTPStatus.BAD_REQUEST:
        return "That is no address of the service: check the catalog and endpoint overrides."
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return ""
    request = response.headers.get("x-openstack-request-id")
    return "The service failed; look at its log" + (f" for {request}." if request else ".")


def _address(error: BaseException, where: str) -> str:
    """The address that was asked, as far as the error tells it."""
    found = re.search(r"https?://[^\s'\"?]+", str(error))
    if found:
        return found.group(0).rstrip(".:,)")
    return where


def _certificate_fault(error: BaseException) -> str:
    text = str(error)
    found = re.search(r"(?:verify failed: )([^\[(\"']+)", text)
    return found.group(1).strip().rstrip(".") if found else _one_line(text)


def _root_cause(error: BaseException) -> str:
    text = str(error)
    for sign, words in (
        ("Connection refused", "connection refused"),
        ("Name or service not known", "the name is unknown"),
        ("nodename nor servname", "the name is unknown"),
        ("Temporary failure in name resolution", "the name cannot be looked up"),
        ("NameResolutionError", "the name is unknown"),
        ("No route to host", "no route to it"),
        ("Network is unreachable", "no route to it"),
        ("Connection reset", "the connection was reset"),
        ("IncompleteRead", "the answer broke off"),
        ("Connection aborted", "the connection was cut"),
    ):
        if sign in text:
            return words
    return _one_line(text)


def _one_line(error: object) -> str:
    """Text on one line, without the end of a sentence."""
    text = " ".join(str(error).split()).rstrip(".")
    return text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}…"
