# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever a file holds, a look at it ends, with facts or with an error in our words."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils.disk.opening import look_at
from ansible_collections.curator.glance.plugins.module_utils.domain.disk import FORMATS, DiskWish
from ansible_collections.curator.glance.plugins.module_utils.errors import CuratorError
from ansible_collections.curator.glance.plugins.module_utils.progress import NoProgress
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.disks import FORMATS as KINDS
from support.disks import PACKERS, Workshop, carved, iso, mbr_disk, tar, zipped
from support.hostile_archives import ova, sparse_tar
from support.ovas import vmware_ova
from unit.disk.conftest import within

# Small enough that a change hits something that matters.
_DATA = mbr_disk(0x83)[: 64 << 10]
_SECONDS = 20


@cache
def _seeds() -> dict[str, bytes]:
    """Real files of all kinds."""
    with tempfile.TemporaryDirectory() as folder:
        shop = Workshop(Path(folder))
        disks = {kind: shop.disk(kind, _DATA).read_bytes() for kind in KINDS}
        machine = ova(shop)
        path = vmware_ova(Path(folder, "vm.ova"), [shop.disk("vmdk-streamOptimized", _DATA)] * 2)
        written = path.read_bytes()
    archives = {
        "tar": tar({"a.txt": b"text", "disk.raw": _DATA}),
        "tar.gz": PACKERS["gz"](tar({"a.txt": b"text", "disk.raw": _DATA})),
        "tar of a qcow2": tar({"disk.qcow2": disks["qcow2"]}),
        "sparse tar": sparse_tar((0, 1024), (8192, 512), size=65536),
        "zip": zipped({"a.txt": b"text", "disk.raw": _DATA}),
        "ova": tar({**machine, "vm.vmdk": disks["vmdk-streamOptimized"]}),
        "ova of VMware's": written,
        "ova.gz of VMware's": PACKERS["gz"](written),
    }
    packed = {name: pack(_DATA) for name, pack in PACKERS.items()}
    return {**disks, **archives, **packed, "iso": iso(0x00, 0xEF)}


# Where headers are; and numbers that parsers stumble over.
_PLACES = st.one_of(
    st.integers(0, 600),
    st.integers(-1100, -1),
    st.integers(0, 70 << 10),
    st.sampled_from([0x30000, 0x30010, 0x200000, 0x200020, 0x8000]).flatmap(
        lambda base: st.integers(base, base + 128)
    ),
)
_VALUES = st.one_of(
    st.binary(min_size=1, max_size=16),
    st.sampled_from([b"\x00", b"\xff", b"\x7f", b"\x80"]).flatmap(
        lambda byte: st.sampled_from([1, 2, 4, 8]).map(lambda count: byte * count)
    ),
)
_CHANGES = st.lists(st.tuples(_PLACES, _VALUES), max_size=6)
_WISHES = st.builds(
    DiskWish,
    name=st.sampled_from(["disk", "disk.vhd.gz"]),
    declared=st.sampled_from([None, None, *FORMATS]),
    member=st.sampled_from([None, None, "disk.raw", "vm-disk2.vmdk"]),
    first_disk=st.booleans(),
    max_virtual_size=st.just(1 << 30),
)


def _look(data: bytes, wish: DiskWish) -> None:
    with tempfile.TemporaryDirectory() as folder, within(_SECONDS):
        path = Path(folder, "file")
        path.write_bytes(data)
        try:
            facts = look_at(path, wish, scratch=Path(folder, "scratch"), progress=NoProgress())
        except CuratorError as error:
            assert error.message  # noqa: PT017  # One of two good ends.
        else:
            assert facts.format
            assert facts.safe or all(facts.reasons)


def _fuzz(examples: int) -> Callable[[], None]:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        seed=st.sampled_from(sorted(_seeds())),
        changes=_CHANGES,
        length=st.one_of(st.none(), st.floats(0, 1)),
        wish=_WISHES,
    )
    def fuzz(
        seed: str, changes: list[tuple[int, bytes]], length: float | None, wish: DiskWish
    ) -> None:
        data = carved(_seeds()[seed], *changes)
        _look(data if length is None else data[: int(len(data) * length)], wish)

    return fuzz


def test_changed_headers() -> None:
    """Real disks and archives, spoilt here and there, or cut."""
    _fuzz(120)()


@pytest.mark.slow
def test_many_changed_headers() -> None:
    """The same, for minutes."""
    _fuzz(8000)()


@settings(max_examples=100, database=None)
@given(
    begin=st.sampled_from([b"", b"QFI\xfb", b"KDMV", b"vhdxfile", b"conectix", b"PK\x03\x04"]),
    data=st.binary(max_size=2048),
    wish=_WISHES,
)
def test_any_bytes(begin: bytes, data: bytes, wish: DiskWish) -> None:
    """Behind the magic of a disk, or of nothing."""
    _look(begin + data, wish)
