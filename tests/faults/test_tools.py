# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the other tests here stand on: the proxy before a real Glance, and plays that are killed."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from faults.run import beside
from faults.scene import Scene
from support.cloud import LoopbackCloud
from support.faults import UPLOAD, sent
from support.proxy import behind, proxy
from support.running import run_module
from support.waiting import until

OCTETS = {"Content-Type": "application/octet-stream"}


def test_a_module_goes_through_the_proxies(cloud: LoopbackCloud) -> None:
    """All that it asks of Glance, and its login at Keystone; discovery leads it around neither."""
    image = cloud.new_image()
    user = cloud["provider"]
    with proxy(user.glance_url) as glance, proxy(user.auth_url) as keystone:
        through = behind(user, glance=glance, keystone=keystone)
        with cloud.requests_seen("glance") as seen:
            found = run_module("image_info", image=image["id"], cloud=through)
    assert [shown["id"] for shown in found["images"]] == [image["id"]]
    assert sorted(seen) == sorted(passed.line for passed in glance.requests)
    assert [passed.status for passed in keystone.seen("POST /v3/auth/tokens")] == [201]


def test_an_upload_that_is_cut_stays_queued(cloud: LoopbackCloud) -> None:
    """Glance notices what the proxy does, and takes the data of the next one."""
    image = cloud.new_image(data=None)
    user = cloud["provider"]
    data = os.urandom(8 << 20)
    with proxy(user.glance_url) as glance, ThreadPoolExecutor(1) as pool:
        held = glance.hold(at=sent(0.5))
        url = f"{glance.url}/v2/images/{image['id']}/file"
        cut = pool.submit(user.http, "PUT", url, data=data, headers=OCTETS)
        held.wait()
        # "Queued" says that Glance has noticed only where it was seen to have begun.
        until(lambda: user.image(image["id"])["status"] == "saving", "Glance has begun")
        glance.hang_up()
        with pytest.raises(requests.ConnectionError):
            cut.result()
        until(lambda: user.image(image["id"])["status"] == "queued", "Glance has noticed")
        user.done("PUT", url, data=data, headers=OCTETS)
        assert [passed.octets for passed in glance.seen(UPLOAD)] == [len(data) // 2, len(data)]
    assert user.image(image["id"])["size"] == len(data)


def test_the_scene_sees_every_kind_of_trace(scene: Scene, cloud: LoopbackCloud) -> None:
    """By name or by a property, hidden or not, queued or not; of these, others see the public."""
    made = [
        cloud.new_image(name=f"{scene.name} (staged)", data=None),
        cloud.new_image(curator_entry=scene.name, os_hidden=True),
    ]
    assert {image["id"] for image in scene.traces()} == {image["id"] for image in made}
    scene.assert_invisible()
    cloud.new_image(curator_entry=scene.name, os_hidden=True, visibility="community")
    with pytest.raises(AssertionError):
        scene.assert_invisible()


@pytest.mark.parametrize("how", ["all", "ansible"])
def test_a_play_is_killed(how: str) -> None:
    """With everything that it started, or the main process alone."""
    # Not sleep: Ansible puts one behind commands of its own, which come before the task.
    with beside({"ansible.builtin.command": "tail --follow /dev/null"}) as run:
        until(lambda: run.running("--follow"), "the task has begun")
        if how == "all":
            run.kill_all()
        else:
            run.kill_ansible()
            assert run.running("--follow")
            run.kill_all()
        assert run.processes() == []
        assert run.played.result().status == -9
