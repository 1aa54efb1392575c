# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes between a module and the process that holds libguestfs, and what is said without it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.guest import libguestfs
from ansible_collections.curator.glance.plugins.module_utils.guest.appliance_worker import (
    CALLS,
    answer,
    as_plain,
    from_plain,
)
from ansible_collections.curator.glance.plugins.module_utils.guest.libguestfs import explain


class _Handle:
    """Does what it is told, or says that it cannot."""

    def read(self, *arguments: Any, **options: Any) -> Any:
        return {"arguments": arguments, "options": options}

    def write(self, path: str, data: bytes) -> None:
        raise RuntimeError(f"write: {path}: {len(data)} bytes are too many")

    debug = read


def _asked(call: str, *arguments: Any, **options: Any) -> dict[str, Any]:
    return {"call": call, "arguments": [as_plain(one) for one in arguments], "options": options}


def test_only_known_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not on the list is not done, whoever asks."""
    assert "error" in answer(_Handle(), _asked("debug", "sh"))
    assert "debug" not in CALLS
    module = "ansible_collections.curator.glance.plugins.module_utils.guest.appliance_worker"
    monkeypatch.setattr(f"{module}.CALLS", frozenset({"read", "write"}))
    told = answer(_Handle(), _asked("read", b"\xff\0", "name", 7, deep=True))
    assert from_plain(told["result"]["arguments"][0]) == b"\xff\0"
    assert told["result"]["arguments"][1:] == ["name", 7]
    assert told["result"]["options"] == {"deep": True}
    failed = answer(_Handle(), _asked("write", "/a", b"12"))
    assert failed == {"error": "write: /a: 2 bytes are too many"}


def test_whatever_is_called_is_known() -> None:
    """A call that is not on the list fails only where libguestfs runs, which is in slow tests."""
    room = Path(libguestfs.__file__).parent
    texts = [path.read_text() for path in room.glob("*.py")]
    called = {name for text in texts for name in re.findall(r'call\(\s*"(\w+)"', text)}
    assert "rm_rf" in called
    assert called <= CALLS


@pytest.mark.parametrize("value", [b"\xff\0", "name", "\udcff", ["a", b"b"], {"a": b"b"}, 7, None])
def test_every_value_is_a_line(value: Any) -> None:
    """Bytes and names that are no text go through as JSON, on one line."""
    line = json.dumps(as_plain(value)).encode()
    assert b"\n" not in line


def test_no_kernel() -> None:
    """Who has no kernel for the appliance is told how to get one."""
    said = "supermin: failed to find a suitable kernel (host_cpu=x86_64).\n"
    told = explain("guestfs_launch failed", said)
    assert "failed to find a suitable kernel" in told
    for word in ("linux-image-amd64", "linux-image-generic", "kernel-core", "SUPERMIN_KERNEL"):
        assert word in told


def test_a_kernel_that_is_not_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ubuntu keeps its kernels from ordinary users; what to do is said."""

    class Boot:
        """A /boot of Ubuntu, for who is not root."""

        def __init__(self, _path: str) -> None:
            pass

        def glob(self, _pattern: str) -> list[str]:
            return ["/boot/vmlinuz-6.8.0-31-generic"]

    monkeypatch.setattr(libguestfs, "Path", Boot)
    monkeypatch.setenv("SUPERMIN_KERNEL", "/srv/vmlinuz")
    assert "chmod" not in explain("guestfs_launch failed", "")
    monkeypatch.delenv("SUPERMIN_KERNEL")
    told = explain("guestfs_launch failed", "")
    assert "vmlinuz-6.8.0-31-generic" in told
    assert "chmod 0644" in told


def test_otherwise() -> None:
    """Whatever else it is, its own words and the packages are there."""
    told = explain("guestfs_launch failed: appliance closed the connection", "")
    assert "appliance closed the connection" in told
    assert "python3-libguestfs" in told
