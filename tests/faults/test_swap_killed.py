# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Killed while one image takes the place of another: somebody who looks sees one, always."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from faults.run import Run, beside
from support.cloud import LoopbackCloud
from support.faults import ALWAYS, PATIENCE, Answer, Fault, Hold, Point, answered, sent
from support.messages import sentence
from support.proxy import Proxy, behind, proxy
from support.running import run_module
from support.versions import new_version, snapshot_of
from support.waiting import until
from support.watching import watched

slow = pytest.mark.slow


@dataclass(frozen=True)
class Swap:
    """A published image, and a staged one that is to take its place."""

    cloud: LoopbackCloud
    name: str
    old: dict[str, Any]
    new: dict[str, Any]

    def task(self, glance: Proxy | None = None, **options: Any) -> dict[str, Any]:
        provider = behind(self.cloud["provider"], glance=glance)
        return {"cloud": provider, "image": self.new["id"], "name": self.name, **options}

    def run(self, glance: Proxy | None = None, **options: Any) -> dict[str, Any]:
        return run_module("image_publish", **self.task(glance, **options))

    def patch_of(self, which: str) -> str:
        """The request that gives the new one its name, or the one that takes it from the old."""
        return f"PATCH /v2/images/{getattr(self, which)['id']}"

    def named(self) -> set[str]:
        return {image["id"] for image in self.cloud.images_named(self.name)}

    def assert_done(self) -> None:
        """The new one alone has the name, the old one is there, and there is nothing left to do."""
        assert self.named() == {self.new["id"]}
        old = self.cloud["provider"].image(self.old["id"])
        assert (old["status"], old["os_hidden"]) == ("active", True)
        assert old["curator_state"] == "superseded"
        again = self.run()
        assert (again.get("msg"), again["changed"]) == (None, False)


@pytest.fixture
def swap(cloud: LoopbackCloud, request: pytest.FixtureRequest) -> Swap:
    """Images of the collection's own making."""
    name = f"swap {request.node.name} {id(request)}"
    old = new_version(cloud, name, "published", visibility="public")
    return Swap(cloud, name, old, new_version(cloud, name, "staged"))


@contextmanager
def held_swap(swap: Swap, which: str, at: Point) -> Iterator[tuple[Run, Hold]]:
    """A play that has come to this point and stands there."""
    with proxy(swap.cloud["provider"].glance_url) as glance:
        held = glance.hold(swap.patch_of(which), at)
        with beside({"curator.glance.image_publish": swap.task(glance)}) as run:
            held.wait()
            yield run, held


@pytest.mark.parametrize(
    "which, at, expected",
    [
        pytest.param("new", sent(), {"old"}, id="before the name", marks=slow),
        pytest.param("new", answered(), {"new", "old"}, id="named, nobody told", marks=slow),
        pytest.param("old", sent(), {"new", "old"}, id="between the two"),
        pytest.param("old", answered(), {"new"}, id="stepped back, nobody told", marks=slow),
    ],
)
def test_killed_in_the_middle(swap: Swap, which: str, at: Point, expected: set[str]) -> None:
    """Everything at once; the next run finishes it, and nobody ever saw none or an unproven one."""
    with watched(swap.cloud["customer_a"], swap.name) as watch:
        with held_swap(swap, which, at) as (run, _held):
            run.kill_all()
        assert swap.named() == {getattr(swap, image)["id"] for image in expected}
        result = swap.run()
        assert not result.get("failed"), result
    watch.assert_never_none()
    assert watch.ids == {swap.old["id"], swap.new["id"]}
    swap.assert_done()


@slow
@pytest.mark.parametrize("which", ["new", "old"])
def test_nobody_waits_any_more(swap: Swap, which: str) -> None:
    """With ansible-playbook gone, the module goes on to the end beside the next run."""
    with (
        watched(swap.cloud["customer_a"], swap.name) as watch,
        held_swap(swap, which, sent()) as (run, held),
    ):
        run.kill_ansible()
        assert not swap.run().get("failed")
        held.release()
        until(lambda: not run.processes(), "the module has ended")
    watch.assert_never_none()
    swap.assert_done()


@slow
@pytest.mark.parametrize("which", ["new", "old"])
@pytest.mark.parametrize("at", [sent(), answered()], ids=["refused", "lost"])
def test_the_cloud_lets_it_down(swap: Swap, which: str, at: Point) -> None:
    """An error from the cloud, whether or not it did what was asked: the next run makes good."""
    with watched(swap.cloud["customer_a"], swap.name) as watch:
        with proxy(swap.cloud["provider"].glance_url) as glance:
            glance.fault(Fault(deed=Answer(500), on=swap.patch_of(which), at=at, times=ALWAYS))
            result = swap.run(glance, timeout=PATIENCE)
            # What was done without being answered is found to be done.
            assert at == answered() or sentence(result)
        assert not swap.run().get("failed")
    watch.assert_never_none()
    swap.assert_done()


@pytest.mark.parametrize("which", ["new", "old"])
def test_an_answer_is_lost(swap: Swap, which: str) -> None:
    """The change was made; the same task finds out and goes on, also where it removed a mark."""
    # One that steps forward again: marks of its having been away are removed.
    provider = swap.cloud["provider"]
    away = [{"op": "add", "path": "/curator_stepped_back_at", "value": "2026-01-01T00:00:00Z"}]
    patch = {"Content-Type": "application/openstack-images-v2.1-json-patch"}
    provider.done("PATCH", f"/images/{swap.new['id']}", json=away, headers=patch)
    with proxy(provider.glance_url) as glance:
        glance.fault(Fault(deed=Answer(500), on=swap.patch_of(which), at=answered()))
        result = swap.run(glance)
    assert (result.get("msg"), result["action"]) == (None, "rotated")
    swap.assert_done()


@slow
def test_a_snapshot_takes_the_place(swap: Swap) -> None:
    """Nothing on it says whom it follows; the task does, and so the next run finishes it, too."""
    snapshot = snapshot_of(swap.cloud, swap.old)
    swap = Swap(swap.cloud, swap.name, swap.old, snapshot)
    with held_swap(swap, "old", sent()) as (run, _held):
        run.kill_all()
    assert swap.named() == {swap.old["id"], swap.new["id"]}
    assert swap.run()["action"] == "rotated"
    swap.assert_done()
