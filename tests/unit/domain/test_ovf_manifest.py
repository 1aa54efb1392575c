# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The list of hashes beside the disks of a machine: how it is read, and what of it is refused."""

from __future__ import annotations

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.ovf.manifest import (
    Proof,
    read_manifest,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import RefusedDisk


def test_manifests() -> None:
    """With any of the four hashes, in either case; two hashes of one file contradict."""
    text = f"SHA256 (a b.vmdk) = {'AB' * 32}\n\nsha1(x.ovf)= {'1' * 40}\n"
    assert read_manifest(text, "vm.mf").proofs == {
        "a b.vmdk": Proof("sha256", "ab" * 32),
        "x.ovf": Proof("sha1", "1" * 40),
    }
    with pytest.raises(RefusedDisk, match="is no line of one"):
        read_manifest("MD5(a)= 00", "vm.mf")
    with pytest.raises(RefusedDisk, match="two hashes of a"):
        read_manifest("SHA1(a)= 00\nSHA1(./a)= 11", "vm.mf")


def test_a_manifest_names_files_of_the_archive() -> None:
    """Those of its own folder, in whichever spelling; all have to be there."""
    manifest = read_manifest("SHA1(./a)= 00\nSHA1(b//./c)= 11", "vm/vm.mf")
    assert [*manifest.proofs] == ["vm/a", "vm/b/c"]
    manifest.require_members(["vm/a", "vm/b/c", "d"])
    for names in (["vm/a"], ["vm/a", "vm/B/c"], ["a", "b/c"]):
        with pytest.raises(RefusedDisk, match="is not in the archive"):
            manifest.require_members(names)
    for name in ("../a", "/a", "C:\\a"):
        with pytest.raises(RefusedDisk, match=r"manifest names .* outside of the archive"):
            read_manifest(f"SHA1({name})= 00", "vm.mf")
