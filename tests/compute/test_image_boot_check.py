# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""image_boot_check in a cloud whose guests really boot."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest

from guests.debian import USER as DEBIAN
from guests.debian import debian_guest
from guests.tiny import NO_BOOT_LOADER, NO_VIRTIO, USER, VARIANTS, WHOLE, Variant, tiny_guest
from support.boot_checks import (
    BROKEN,
    MODULE,
    PREFIX,
    TWO_INTERFACES,
    TWO_TOLD,
    assert_failed,
    assert_passed,
)
from support.compute import ComputeCloud
from support.running import run_module
from support.waiting import until

# Nova tells administrators what a guest does that says nothing.
ADMINISTRATOR = "provider"
MEMBER = "customer_a"
# As many as keep two processors busy: what is waited for takes no processor.
_AT_ONCE = 3
# Seconds without a word: for the guest that has nothing to say, and for Nova to start it.
SILENCE = 60
# A whole distribution, emulated on a machine that has other things to do.
_HANGS_AFTER = 1200


@dataclass(frozen=True, kw_only=True)
class _Try:
    """One check of one guest."""

    variant: Variant = WHOLE
    as_user: str = ADMINISTRATOR
    # Of its image.
    properties: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)


_TRIES = {
    "whole": _Try(as_user=MEMBER),
    **{variant.name: _Try(variant=variant) for variant in BROKEN},
    "two interfaces": _Try(as_user=MEMBER, options={"expect": TWO_INTERFACES}),
    "ide": _Try(variant=NO_VIRTIO, properties={"hw_disk_bus": "ide"}),
    "silent": _Try(variant=NO_BOOT_LOADER, as_user=MEMBER, options={"timeout": SILENCE}),
}


@pytest.fixture(scope="module")
def tried(lasting_compute_cloud: ComputeCloud) -> dict[str, Future[dict[str, Any]]]:
    """Every sibling of the tiny guest, each booted once, several at a time."""
    disks = {variant: tiny_guest(variant) for variant in VARIANTS}

    def attempt(one: _Try) -> dict[str, Any]:
        image = lasting_compute_cloud.new_guest_image(
            disks[one.variant], one.as_user, **one.properties
        )
        return _run(one.as_user, image, **one.options)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return {name: pool.submit(attempt, one) for name, one in _TRIES.items()}


def _run(as_user: str, image: str, **options: Any) -> dict[str, Any]:
    return run_module(MODULE, **{"cloud": as_user, "image": image, "user": USER, **options})


@pytest.mark.slow
def test_a_guest_that_is_whole(tried: dict[str, Future[dict[str, Any]]]) -> None:
    """A plain member's instance passes everything, over IPv4 and IPv6."""
    result = tried["whole"].result()
    assert_passed(result)
    assert result["where"] == "cloud"
    (interface,) = result["guest"]["interfaces"]
    assert len(interface["addresses"]) == len(("IPv4", "IPv6"))


@pytest.mark.slow
@pytest.mark.parametrize("variant", BROKEN, ids=lambda variant: variant.name)
def test_a_broken_sibling_fails_for_its_reason(
    tried: dict[str, Future[dict[str, Any]]], variant: Variant
) -> None:
    """Told early, in one line."""
    result = tried[variant.name].result()
    assert_failed(result, *BROKEN[variant])
    assert "timeout" not in result["msg"]


@pytest.mark.slow
def test_a_guest_of_which_a_member_hears_nothing(
    tried: dict[str, Future[dict[str, Any]]],
) -> None:
    """Nova does not tell members what a guest reads: after the timeout, silence is the reason."""
    result = tried["silent"].result()
    assert_failed(
        result,
        "boot",
        "the guest wrote nothing on its console (no boot loader, or no serial console): nothing "
        f"happened for {SILENCE} s (timeout)",
    )


@pytest.mark.slow
def test_a_second_interface_is_missed(tried: dict[str, Future[dict[str, Any]]]) -> None:
    """All else is seen to be well."""
    assert_failed(tried["two interfaces"].result(), *TWO_TOLD)


@pytest.mark.slow
def test_the_one_without_virtio_boots_from_ide(tried: dict[str, Future[dict[str, Any]]]) -> None:
    """The image's properties decide on the hardware."""
    assert_passed(tried["ide"].result())


@pytest.mark.slow
@pytest.mark.parametrize("user", [ADMINISTRATOR, MEMBER])
def test_nothing_is_left_of_them(
    lasting_compute_cloud: ComputeCloud, tried: dict[str, Future[dict[str, Any]]], user: str
) -> None:
    """Whether a check passed or failed, its instance is gone."""
    assert all(future.done() for future in tried.values())
    names = [server["name"] for server in lasting_compute_cloud.servers(user).values()]
    assert [name for name in names if name.startswith(PREFIX)] == []


@pytest.mark.slow
def test_a_full_distribution(compute_cloud: ComputeCloud) -> None:
    """Debian with cloud-init passes everything, over IPv4 and IPv6."""
    image = compute_cloud.new_guest_image(
        debian_guest(),
        MEMBER,
        min_ram=512,
        image_original_user=DEBIAN,
        # Its kernel has no driver for the usual drive that a config drive is in.
        hw_cdrom_bus="scsi",
        hw_scsi_model="virtio-scsi",
    )
    assert_passed(_run(MEMBER, image, user=None, hangs_after=_HANGS_AFTER))


@pytest.mark.long
def test_a_guest_on_a_volume(compute_cloud: ComputeCloud) -> None:
    """The volume is as large as the task wants the disk, and is gone with the instance."""
    image = compute_cloud.new_guest_image(tiny_guest(), MEMBER)
    result = _run(MEMBER, image, boot_from_volume=True, disk=2)
    assert_passed(result)
    (told,) = (check["told"] for check in result["checks"] if check["name"] == "grown")
    assert "on a disk of 2 GiB" in told
    # Nova deletes it after the server.
    until(lambda: not _volumes(compute_cloud), "the volume is gone")


def _volumes(compute: ComputeCloud) -> list[Any]:
    volumes: list[Any] = compute.cinder_done(MEMBER, "GET", "/volumes")["volumes"]
    return volumes
