# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which prepared disk an upload takes, and which it does not."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.wish import PrepareWish
from ansible_collections.curator.glance.plugins.module_utils.domain.upload import UploadWish
from ansible_collections.curator.glance.plugins.module_utils.errors import SourceFailed
from ansible_collections.curator.glance.plugins.module_utils.source.location import Location
from ansible_collections.curator.glance.plugins.module_utils.work import preparing
from ansible_collections.curator.glance.plugins.module_utils.work.readying import Ready, readied
from ansible_collections.curator.glance.plugins.module_utils.work.surveying import first_lineage

from support.documents import plugin


def _wish(**options: Any) -> UploadWish:
    spec = plugin("modules.image_upload_raw").OPTIONS
    defaults = {name: option.get("default") for name, option in spec.items()}
    given = {"name": "img", "source": "/a.ova", "prepare": {"operations": ["sparsify"]}, **options}
    return UploadWish.from_params({**defaults, **given})


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A folder for what is kept, and disks that are made there at once."""

    def prepare(wish: PrepareWish) -> dict[str, Any]:
        Path(str(wish.output)).write_text(str(wish.disk.member))
        return {"fingerprint": "as it was made"}

    monkeypatch.setattr(preparing, "prepare", prepare)
    return SimpleNamespace(location=Location("/a.ova"), cache=tmp_path, keeps=True)


def _ready(cache: Any, **options: Any) -> Ready:
    source: Any = SimpleNamespace(path=Path("/a.ova"), sha512="ab" * 64)
    return readied(_wish(**options), source, cache, cache.cache)


def test_each_disk_of_an_archive_is_another(cache: Any) -> None:
    """Of one file, and by the same operations; whoever asks for the second gets no first."""
    members = [None, "first.vmdk", "second.vmdk"]
    paths = [_ready(cache, source_member=member).path for member in members]
    assert [path.read_text() for path in paths] == [str(member) for member in members]


def test_what_was_planned_is_what_was_made(cache: Any, tmp_path: Path) -> None:
    """A file of an operation may be written to between the two."""
    file = tmp_path / "motd"
    file.write_text("one")
    write = {"write": {"path": "/etc/motd", "src": str(file)}}
    wish = _wish(prepare={"operations": [write]})
    planned = first_lineage(wish, Location("/a.ova"), None, None).recipe
    ready = _ready(cache, prepare={"operations": [write]})
    with pytest.raises(SourceFailed, match="written to meanwhile"):
        ready.require_made_by(wish, planned)
    ready.require_made_by(wish, wish.recipe("as it was made"))
