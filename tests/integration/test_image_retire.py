# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""image_retire on a real Glance; what is stored is read back over plain HTTP."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from integration.conftest import RunModule
from support.cloud import LoopbackCloud
from support.faults import ALWAYS, Answer, Fault
from support.messages import sentence
from support.proxy import behind, proxy
from support.running import run_module
from support.versions import new_version, snapshot_of

LEVELS = ["hide", "community", "deactivate", "delete"]
CHANGES = ("PATCH", "POST", "DELETE")


@pytest.fixture
def retire(cloud: LoopbackCloud) -> RunModule:  # noqa: ARG001  # Its environment is set up there.
    """Run image_retire."""

    def run(**options: Any) -> dict[str, Any]:
        return run_module("image_retire", **{"cloud": "provider", **options})

    return run


def ok(result: dict[str, Any]) -> dict[str, Any]:
    """The result of a task that did not fail."""
    assert not result.get("failed"), result
    return result


def is_there(cloud: LoopbackCloud, image_id: str, user: str = "provider") -> bool:
    return cloud[user].http("GET", f"/images/{image_id}").status_code == 200


@pytest.mark.parametrize(
    "level, afterwards, requests",
    [
        ("hide", ("public", True, "active"), 1),
        ("community", ("community", True, "active"), 1),
        ("deactivate", ("public", True, "deactivated"), 2),
    ],
)
def test_how_far(
    cloud: LoopbackCloud,
    retire: RunModule,
    name: str,
    *,
    level: str,
    afterwards: tuple[str, bool, str],
    requests: int,
) -> None:
    """Predicted, done with as few requests as it takes, and done again for nothing."""
    image = new_version(cloud, name, "superseded", visibility="public", os_hidden=False)
    wish = {"image": image["id"], "level": level}
    predicted = ok(retire(**wish, check=True, diff=True))
    assert predicted["changed"]
    assert cloud["provider"].image(image["id"]) == image
    with cloud.requests_seen("glance") as seen:
        done = ok(retire(**wish, diff=True))
    assert len([line for line in seen if line.startswith(CHANGES)]) == requests
    assert (done["changed"], done["action"]) == (True, "retired")
    assert done["diff"] == predicted["diff"]
    shown = cloud["provider"].image(image["id"])
    assert (shown["visibility"], shown["os_hidden"], shown["status"]) == afterwards
    assert (shown["name"], shown["tags"]) == (image["name"], image["tags"])
    assert (shown["curator_state"], shown["curator_retired_as"]) == ("retired", level)
    # Whoever has the id goes on using it, unless that is what was to end.
    data = cloud["customer_a"].http("GET", f"/images/{image['id']}/file")
    assert data.ok == (level != "deactivate")
    with cloud.requests_seen("glance") as seen:
        again = ok(retire(**wish, diff=True))
    assert (again["changed"], again["action"]) == (False, "unchanged")
    assert again["diff"] == {"before": {}, "after": {}}
    assert [line for line in seen if line != "GET /"] == [f"GET /v2/images/{image['id']}"]


def test_deleted(cloud: LoopbackCloud, retire: RunModule, name: str) -> None:
    """Only with force, and only once."""
    image = new_version(cloud, name, "superseded", protected=True)
    wish = {"image": image["id"], "level": "delete"}
    assert "protected" in sentence(retire(**wish))
    assert ok(retire(**wish, force=True, check=True))["action"] == "deleted"
    assert cloud["provider"].image(image["id"]) == image
    done = ok(retire(**wish, force=True, diff=True))
    assert (done["changed"], done["image"], done["action"]) == (True, None, "deleted")
    assert done["diff"]["after"] == {}
    assert not is_there(cloud, image["id"])
    again = ok(retire(**wish, force=True))
    assert (again["changed"], again["action"]) == (False, "unchanged")
    plain = new_version(cloud, name, "superseded")
    assert "force: true" in sentence(retire(image=plain["id"], level="delete"))
    assert "id of the image" in sentence(retire(image=name, level="delete", force=True))
    assert is_there(cloud, plain["id"])


def test_what_is_in_use_for_glance(cloud: LoopbackCloud, retire: RunModule, name: str) -> None:
    """Said at once and clearly; the image keeps its protection."""
    image = new_version(cloud, name, "superseded", protected=True)
    provider = cloud["provider"]
    with proxy(provider.glance_url) as glance:
        # As a store with clones of the image answers.
        glance.fault(Fault(deed=Answer(409), on="DELETE /v2/images/", times=ALWAYS))
        message = sentence(
            retire(
                image=image["id"],
                level="delete",
                force=True,
                cloud=behind(provider, glance=glance),
            )
        )
        assert len(glance.seen("DELETE /v2/images/")) == 1
    assert "in use" in message
    assert provider.image(image["id"]) | {"updated_at": None} == image | {"updated_at": None}


def test_what_is_published(cloud: LoopbackCloud, retire: RunModule, name: str) -> None:
    """By its name it can be hidden; to take it away needs force."""
    image = new_version(cloud, name, "published", visibility="public")
    for level in ("deactivate", "delete"):
        assert "is published" in sentence(retire(image=image["id"], level=level))
    assert cloud["provider"].image(image["id"]) == image
    assert ok(retire(image=name, level="hide"))["changed"]
    assert not ok(retire(image=name, level="hide"))["changed"]
    assert cloud.images_named(name) == []
    # It can come back.
    back = run_module("image_publish", cloud="provider", image=image["id"])
    assert ok(back)["action"] == "published"
    assert [found["id"] for found in cloud.images_named(name)] == [image["id"]]
    assert "curator_retired_as" not in cloud["provider"].image(image["id"])


@pytest.mark.parametrize("level", LEVELS)
def test_customers_snapshots(
    cloud: LoopbackCloud, retire: RunModule, name: str, level: str
) -> None:
    """They have all marks of the image that their server was started from, and are left alone."""
    image = new_version(cloud, name, "superseded", visibility="public")
    snapshots = [
        (user, snapshot_of(cloud, image, user=user, **more))
        for user in ("customer_a", "provider")
        for more in ({}, {"tags": image["tags"]}, {"tags": image["tags"], "name": name})
    ]
    # One that does not even say that it is a snapshot.
    plain = {key: value for key, value in image.items() if key.startswith("curator_")}
    snapshots.append(("provider", cloud.new_image(tags=image["tags"], **plain)))
    for user, snapshot in snapshots:
        refused = sentence(retire(image=snapshot["id"], level=level, force=True))
        assert "left alone" in refused
        assert cloud[user].image(snapshot["id"]) == snapshot


def test_a_plain_member_retires_what_is_its_own(
    cloud: LoopbackCloud, retire: RunModule, name: str
) -> None:
    """Every level; and a stranger's image is found by nobody's force."""
    for level in LEVELS:
        image = new_version(cloud, name, "superseded", user="customer_a")
        assert ok(retire(cloud="customer_a", image=image["id"], level=level, force=True))["changed"]
        assert is_there(cloud, image["id"], "customer_a") == (level != "delete")
    theirs = new_version(cloud, name, "superseded", visibility="public")
    for level in LEVELS:
        refused = sentence(retire(cloud="customer_a", image=theirs["id"], level=level, force=True))
        assert "left alone" in refused
    assert cloud["provider"].image(theirs["id"]) == theirs


def test_an_image_that_is_not_there(retire: RunModule) -> None:
    """It is nothing to delete, and something to wonder about otherwise."""
    nobody = str(uuid.uuid4())
    assert not ok(retire(image=nobody, level="delete", force=True))["changed"]
    assert nobody in sentence(retire(image=nobody, level="hide"))
    predicted = retire(image="not yet", level="hide", check=True)
    assert (predicted["changed"], predicted["image"]) == (True, None)
