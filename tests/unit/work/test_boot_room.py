# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether Nova's no is about a quota, which may have room later, or one for good."""

from __future__ import annotations

import json

import pytest
import requests
from ansible_collections.curator.glance.plugins.module_utils.cloud.nova import Nova
from ansible_collections.curator.glance.plugins.module_utils.cloud.service import Service
from ansible_collections.curator.glance.plugins.module_utils.errors import Forbidden
from ansible_collections.curator.glance.plugins.module_utils.work.boot_room import is_about_quota


class _Answers:
    """A way to a service that says one thing."""

    def __init__(self, status: int, message: str) -> None:
        self._response = requests.Response()
        self._response.status_code = status
        self._response.headers["content-type"] = "application/json"
        self._response._content = json.dumps({"forbidden": {"message": message}}).encode()

    def request(self, _path: str, _method: str, **_options: object) -> requests.Response:
        return self._response


@pytest.mark.parametrize(
    "said, later",
    [
        ("Quota exceeded for cores, instances: Requested 1, but already used 4 of 4", True),
        ("Policy doesn't allow os_compute_api:servers:create to be performed", False),
    ],
)
def test_only_a_quota_is_waited_for(said: str, *, later: bool) -> None:
    """By Nova's own words: what we add to them counts for neither."""
    nova = Nova(Service("the compute service", _Answers(403, said)))
    with pytest.raises(Forbidden) as refused:
        nova.create_server({}, doing="start image x")
    assert said in refused.value.message
    assert is_about_quota(refused.value.message) is later
