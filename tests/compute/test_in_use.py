# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What servers were started from is not deleted, whoever they belong to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support.compute import ComputeCloud
from support.messages import sentence
from support.proxy import behind, proxy
from support.publishing import publishing
from support.running import play, run_module
from support.versions import new_version


def retire(image: dict[str, Any], level: str = "delete", **options: Any) -> dict[str, Any]:
    given = {"cloud": "provider", "image": image["id"], "level": level, **options}
    return run_module("image_retire", **given)


def is_there(compute: ComputeCloud, image: dict[str, Any]) -> bool:
    path = f"/images/{image['id']}"
    return compute.cloud[image["user"]].http("GET", path).status_code == 200


def version(compute: ComputeCloud, name: str, user: str = "provider") -> dict[str, Any]:
    """An image that stepped back, and that everybody may start, if it is the provider's."""
    seen = {"visibility": "public"} if user == "provider" else {}
    return {**new_version(compute.cloud, name, "superseded", user=user, **seen), "user": user}


def test_a_server_of_another_project(fake_compute_cloud: ComputeCloud, name: str) -> None:
    """An administrator is told of it, and force does not help; once it is gone, none is needed."""
    compute = fake_compute_cloud
    image, spare = version(compute, name), version(compute, name)
    server = compute.new_server(image["id"], user="customer_a", name=f"{name} web")
    many: list[dict[str, Any]] = [{"force": True}, {"force": True, "check": True}, {}]
    for options in many:
        refused = retire(image, **options)
        assert f"server '{name} web' ({server['id']}) of project customer_a" in sentence(refused)
        assert refused["asked"] == {"servers": "all_projects", "volumes": "no_service"}
        (user,) = refused["in_use"]
        assert (user["kind"], user["id"]) == ("server", server["id"])
        assert user["project_id"] == compute.cloud["customer_a"].project_id
    # Another image, of which nobody needs anything, goes without force.
    done = retire(spare)
    assert (done["changed"], done["action"]) == (True, "deleted"), done
    assert done["asked"]["servers"] == "all_projects"
    assert [is_there(compute, one) for one in (image, spare)] == [True, False]
    # What leaves the image to those who have it is never refused.
    for level in ("hide", "community", "deactivate"):
        assert retire(image, level)["changed"]
    compute.delete(server["id"])
    assert retire(image)["changed"]
    assert not is_there(compute, image)


def test_as_a_plain_member(fake_compute_cloud: ComputeCloud, name: str) -> None:
    """It is told of its own servers, and what others have is not known: that needs force."""
    compute = fake_compute_cloud
    image = version(compute, name, "customer_a")
    refused = retire(image, cloud="customer_a")
    assert "its own project's servers only" in sentence(refused)
    assert refused["asked"] == {"servers": "own_project", "volumes": "no_service"}
    server = compute.new_server(image["id"], user="customer_a")
    assert server["id"] in sentence(retire(image, cloud="customer_a", force=True))
    compute.delete(server["id"])
    done = retire(image, cloud="customer_a", force=True)
    assert done["asked"] == {"servers": "own_project", "volumes": "no_service"}, done
    assert not is_there(compute, image)


@pytest.mark.slow
def test_nova_does_not_answer(fake_compute_cloud: ComputeCloud, name: str) -> None:
    """Whoever could know is there, so nothing is deleted before it was asked."""
    compute = fake_compute_cloud
    image = version(compute, name)
    provider = compute.cloud["provider"]
    services = compute.cloud.description["clouds"]["first"]["services"]
    with proxy(services["nova"]["url"]) as nova:
        cloud = {**behind(provider), "compute_endpoint_override": f"{nova.url}/v2.1"}
        with nova.refusing():
            refused = retire(image, force=True, cloud=cloud)
    assert "which servers use image" in sentence(refused)
    assert is_there(compute, image)


@pytest.mark.slow
def test_in_a_policy(fake_compute_cloud: ComputeCloud, name: str) -> None:
    """What is in use stays and is reported, which is no failure; the others go."""
    compute = fake_compute_cloud
    used, spare = version(compute, name), version(compute, name)
    server = compute.new_server(used["id"], user="customer_a")
    policy = {"entries": [name], "keep": 0, "levels": {"delete": 0}}
    given = {"retire_images_cloud": "provider", "retire_images_policy": policy}
    played = play("curator.glance.retire", "-e", json.dumps(given))
    assert played.status == 0, played.output
    assert f"{used['name']} ({used['id']}): stays, as it is in use by" in played.output
    assert server["id"] in played.output
    assert [is_there(compute, one) for one in (used, spare)] == [True, False]
    again = play("curator.glance.retire", "-e", json.dumps(given))
    assert (again.status, "changed=0" in again.output) == (0, True), again.output


@pytest.mark.slow
def test_in_a_catalog(fake_compute_cloud: ComputeCloud, tmp_path: Path) -> None:
    """An image whose entry is retired stays while a server needs it, and goes afterwards."""
    compute = fake_compute_cloud
    with publishing(compute.cloud, tmp_path) as provider:
        provider.add("used", visibility="public")
        (image_id,) = [entry["image"] for entry in provider.publish().report["entries"]]
        server = compute.new_server(image_id, user="customer_a")
        provider.entries[0]["state"] = "retired"
        # First out of sight, where its id goes on working; the next run would delete it.
        stepped = provider.publish(publish_images_retire_level="delete")
        assert [image["level"] for image in stepped.report["retired"]] == ["community"]
        kept = provider.publish(publish_images_retire_level="delete")
        assert kept.played.status == 0, kept.played.output
        assert kept.report["retired"] == []
        (needed,) = kept.report["in_use"]
        assert needed["image"] == image_id
        assert [user["id"] for user in needed["users"]] == [server["id"]]
        assert f"In use by {server['id']}" in kept.played.output
        assert [image["id"] for image in provider.images()] == [image_id]
        compute.delete(server["id"])
        gone = provider.publish(publish_images_retire_level="delete")
        assert gone.played.status == 0, gone.played.output
        assert provider.images() == []
