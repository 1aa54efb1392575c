# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""image_boot_check where the module runs: real guests under QEMU, and no cloud."""

from __future__ import annotations

import hashlib
import os
import signal
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from faults.run import beside
from guests.debian import USER as DEBIAN
from guests.debian import debian_guest
from guests.tiny import NO_BOOT_LOADER, NO_VIRTIO, USER, VARIANTS, WHOLE, Variant, tiny_guest
from support.boot_checks import (
    ALL_CHECKS,
    BROKEN,
    CONSOLE,
    MODULE,
    TWO_INTERFACES,
    TWO_TOLD,
    assert_failed,
    assert_passed,
    checks,
)
from support.disks import Workshop
from support.hostile_disks import DISKS
from support.running import run_module
from support.waiting import until

# As many as keep two processors busy: what is waited for takes no processor.
_AT_ONCE = 3


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Future[dict[str, Any]]]:
    """Every sibling of the tiny guest, each booted once, several at a time."""
    folder = tmp_path_factory.mktemp("guests")
    disks = {variant: tiny_guest(variant) for variant in VARIANTS}

    def attempt(variant: Variant, **options: Any) -> dict[str, Any]:
        options["console_log"] = str(folder / f"{variant.name}.log")
        return _check(disks[variant], folder, **options)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        futures = {variant.name: pool.submit(attempt, variant) for variant in VARIANTS}
        futures["two interfaces"] = pool.submit(attempt, WHOLE, expect=TWO_INTERFACES)
    return futures


def _check(disk: Path, folder: Path, **options: Any) -> dict[str, Any]:
    cache = options.pop("cache_dir", str(folder / "cache"))
    return run_module(MODULE, path=str(disk), user=USER, cache_dir=cache, **options)


def test_a_guest_that_is_whole(tried: dict[str, Future[dict[str, Any]]]) -> None:
    """It is let in, has both its addresses, and is as any customer's should be."""
    result = tried["whole"].result()
    assert_passed(result)
    assert result["where"] == "local"
    (interface,) = result["guest"]["interfaces"]
    assert len(interface["addresses"]) == len(("IPv4", "IPv6"))


@pytest.mark.parametrize("variant", BROKEN, ids=lambda variant: variant.name)
def test_a_broken_sibling_fails_for_its_reason(
    tried: dict[str, Future[dict[str, Any]]], variant: Variant
) -> None:
    """In one line, as its console or its door tells it."""
    result = tried[variant.name].result()
    assert_failed(result, *BROKEN[variant])
    assert result["console"]
    # Told early: the task was ready to wait for three minutes without a word.
    assert "timeout" not in result["msg"]


def test_a_second_interface_is_missed(tried: dict[str, Future[dict[str, Any]]]) -> None:
    """All else is seen to be well."""
    assert_failed(tried["two interfaces"].result(), *TWO_TOLD)


def test_the_file_is_never_written_to_and_nothing_stays(
    tmp_path: Path, tried: dict[str, Future[dict[str, Any]]]
) -> None:
    """The whole console is where the task wants it; the cache is as empty as before."""
    tried["whole"].result()
    disk = tmp_path / "disk.qcow2"
    disk.write_bytes(tiny_guest(NO_BOOT_LOADER).read_bytes())
    disk.chmod(0o400)
    before = hashlib.sha256(disk.read_bytes()).hexdigest()
    log = tmp_path / "console.log"
    assert_failed(_check(disk, tmp_path, console_log=str(log)), *BROKEN[NO_BOOT_LOADER])
    assert hashlib.sha256(disk.read_bytes()).hexdigest() == before
    assert "Boot failed: not a bootable disk" in log.read_text()
    assert [path for path in (tmp_path / "cache").iterdir() if path.is_dir()] == []


def test_check_mode_starts_nothing(tmp_path: Path) -> None:
    """It says what would be checked, and what cannot be tried at all."""
    disk = tiny_guest()
    foreseen = _check(disk, tmp_path, check=True)
    assert checks(foreseen) == dict.fromkeys(ALL_CHECKS)
    assert (foreseen["changed"], foreseen["passed"], foreseen["phases"]) == (False, None, {})
    odd = _check(disk, tmp_path, check=True, properties={"hw_disk_bus": "uml"})
    assert "hw_disk_bus is uml" in odd["msg"], odd


def test_a_console_alone(tmp_path: Path) -> None:
    """A guest that nobody can log in to is up when its console shows what was named."""
    expect = {**CONSOLE, "console": r"^Boot failed: \w+"}
    result = _check(tiny_guest(NO_BOOT_LOADER), tmp_path, expect=expect)
    assert checks(result) == {"started": True, "boot": True, "console": True}, result


def test_a_hostile_disk_never_meets_qemu(tmp_path: Path) -> None:
    """It is judged as before any upload."""
    shop = Workshop(tmp_path)
    made = DISKS["qcow2 that would read a file of this host"].make(shop)
    assert isinstance(made, bytes)
    result = _check(shop.file("disk.qcow2", made), tmp_path)
    assert "backing file (/etc/passwd)" in result["msg"], result
    assert "checks" not in result


def test_no_user_is_asked_for_before_anything_starts(tmp_path: Path) -> None:
    """The message says where one can be named."""
    result = run_module(MODULE, path=str(tiny_guest()), cache_dir=str(tmp_path))
    assert "Give user" in result["msg"], result


def test_qemu_ends_with_whoever_started_it(tmp_path: Path) -> None:
    """After kill -9, no guest runs on, and the next check sweeps what lay on disk."""
    cache = tmp_path / "cache"
    options = {"path": str(tiny_guest()), "user": USER, "cache_dir": str(cache)}
    with beside({f"curator.glance.{MODULE}": options}) as run:
        until(lambda: run.running("qemu-system"), "the guest runs")
        until(lambda: run.running(f"AnsiballZ_{MODULE}"), "the module runs")
        for pid in run.running(f"AnsiballZ_{MODULE}"):
            os.kill(pid, signal.SIGKILL)
        until(lambda: not run.running("qemu-system"), "the guest is gone")
    assert list(cache.glob("scratch-*"))
    _check(tiny_guest(NO_BOOT_LOADER), tmp_path)
    assert list(cache.glob("scratch-*")) == []


@pytest.mark.slow
def test_the_one_without_virtio_boots_from_ide(tmp_path: Path) -> None:
    """The properties decide on the hardware, as they do in a cloud."""
    disk = tiny_guest(NO_VIRTIO)
    assert_passed(_check(disk, tmp_path, properties={"hw_disk_bus": "ide"}))


@pytest.mark.long
@pytest.mark.parametrize("firmware", ["bios", "uefi"])
def test_a_full_distribution(tmp_path: Path, firmware: str) -> None:
    """Debian with cloud-init passes everything, with either firmware."""
    result = run_module(
        MODULE,
        path=str(debian_guest()),
        user=DEBIAN,
        cache_dir=str(tmp_path),
        properties={"hw_firmware_type": firmware, "hw_machine_type": "q35"},
    )
    assert_passed(result)
