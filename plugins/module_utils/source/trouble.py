# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The one place that turns errors of requests and of web servers into ours.

The libraries' own texts hold the address with its query, which may be a secret: none is passed on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from ..errors import SourceFailed
from .library import requests, transport_errors
from .patience import ForNow

# What a busy or restarting server answers.
_FOR_NOW = frozenset({429, 500, 502, 503, 504})
_ADVICE: Mapping[int, str] = {
    401: "Check url_username and url_password.",
    403: "Check that the file is public, or give url_username and url_password.",
    404: "Check the address; upstream may have moved the file or put a newer one in its place.",
    407: "Give the proxy's user and password in http_proxy or https_proxy of the environment.",
    410: "Upstream has taken it away; look there for its successor.",
}
_CAUSES = (
    ("Connection refused", "connection refused"),
    ("Name or service not known", "the name is unknown"),
    ("No address associated", "the name is unknown"),
    ("NameResolutionError", "the name cannot be looked up"),
    ("name resolution", "the name cannot be looked up"),
    ("No route to host", "no route to it"),
    ("unreachable", "no route to it"),
)


@contextmanager
def translated(where: str, timeout: float) -> Iterator[None]:
    """Turn whatever requests raises inside into one sentence; what may pass becomes ForNow."""
    could_not = f"Could not fetch {where}:"
    try:
        yield
    except (requests.exceptions.SSLError, transport_errors.SSLError) as error:
        raise SourceFailed(
            f"{could_not} the server cannot be trusted: {_certificate_fault(error)}. Name the "
            "authority that signed its certificate in REQUESTS_CA_BUNDLE, or take another mirror."
        ) from error
    except requests.exceptions.ProxyError as error:
        raise ForNow(
            f"{could_not} the proxy fails. Check http_proxy, https_proxy and no_proxy in the "
            "environment."
        ) from error
    except (requests.exceptions.Timeout, transport_errors.ReadTimeoutError) as error:
        raise SourceFailed(
            f"{could_not} nothing came for {timeout:g} seconds. Run the task again, raise timeout, "
            "or take another mirror."
        ) from error
    except (requests.exceptions.ConnectionError, transport_errors.HTTPError) as error:
        raise ForNow(
            f"{could_not} {_cause(error)}. Check the address and the network, and run the task "
            "again."
        ) from error
    except requests.exceptions.TooManyRedirects as error:
        raise SourceFailed(f"{could_not} it redirects without end. Check the address.") from error
    except requests.exceptions.RequestException as error:
        raise SourceFailed(
            f"{could_not} the address, or one that it redirects to, cannot be asked for with http "
            f"or https ({type(error).__name__}). Check the address."
        ) from error
    except OSError as error:
        # requests looks for the certificates that the environment names only when it connects.
        raise SourceFailed(
            f"{could_not} the file of certificates cannot be read. Check REQUESTS_CA_BUNDLE and "
            "CURL_CA_BUNDLE in the environment."
        ) from error


def failure(where: str, status: int, headers: Mapping[str, str]) -> SourceFailed:
    """What an answer means that is not the file."""
    told = f"Could not fetch {where}: the server answered {_named(status)}."
    if status in _FOR_NOW:
        return ForNow(
            f"{told} Run the task again later, or take another mirror.",
            retry_after=_seconds(headers.get("Retry-After", "")),
        )
    return SourceFailed(f"{told} {_ADVICE.get(status, 'Check the address.')}")


def _named(status: int) -> str:
    try:
        return f"HTTP {status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return f"HTTP {status}"


def _seconds(retry_after: str) -> float | None:
    """How long a server asks to wait: a number, or a date."""
    if re.fullmatch(r"\s*[0-9]{1,9}\s*", retry_after):
        return float(retry_after)
    try:
        return (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return None


def _certificate_fault(error: Exception) -> str:
    found = re.search(r"verify failed: ([^\[(\"']+)", str(error))
    return found[1].strip().rstrip(".") if found else "there is no TLS that both sides speak"


def _cause(error: Exception) -> str:
    text = str(error)
    return next((words for sign, words in _CAUSES if sign in text), "the connection was cut")
