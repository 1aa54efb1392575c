# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long it is believed whether KVM works, with a program in place of QEMU."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils.guest import acceleration

# How QEMU ends if the guest of a few instructions got through them.
_WORKED = 0x55


@pytest.fixture(autouse=True)
def _device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    device = tmp_path / "kvm"
    device.touch()
    monkeypatch.setattr(acceleration, "_DEVICE", device)
    monkeypatch.setattr(acceleration, "_SECONDS", 5)


def _works(folder: Path, does: str) -> bool:
    qemu = folder / "qemu"
    qemu.write_text(f"#!/bin/sh\n{does}\n")
    qemu.chmod(0o755)
    return acceleration.kvm_works(str(qemu), folder / "cache")


def _an_hour_later(folder: Path) -> None:
    (known,) = (folder / "cache").iterdir()
    earlier = time.time() - 3601
    os.utime(known, (earlier, earlier))


def test_a_yes_holds(tmp_path: Path) -> None:
    """What worked once is not asked again."""
    assert _works(tmp_path, f"exit {_WORKED}")
    _an_hour_later(tmp_path)
    assert _works(tmp_path, "exit 1")


@pytest.mark.parametrize("does", ["exec sleep 60", "exit 1"])
def test_a_no_is_doubted_after_a_while(
    does: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine may have been busy only."""
    with monkeypatch.context() as hasty:
        hasty.setattr(acceleration, "_SECONDS", 0.2)
        assert not _works(tmp_path, does)
    assert not _works(tmp_path, f"exit {_WORKED}")
    _an_hour_later(tmp_path)
    assert _works(tmp_path, f"exit {_WORKED}")
