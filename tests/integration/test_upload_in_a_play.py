# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An upload as ansible-playbook runs it: a cloud for the group, lines, and no secret in sight."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import pytest

from support.cloud import LoopbackCloud
from support.running import play
from support.sources import Offer
from support.upstream import Fault

_LINE = re.compile(r"image_upload_raw \[localhost\] .*: fetch \d+ % \(.* MiB of .* MiB, .*/s, ")


@pytest.mark.usefixtures("upload")
def test_lines_and_secrets(
    cloud: LoopbackCloud, offer: Offer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow source with a password: the play tells how far it is, and never the password."""
    password, token = uuid.uuid4().hex, uuid.uuid4().hex
    offer.server.credentials = ("mirror", password)
    size = (offer.release.folder / offer.release.name).stat().st_size
    lines = tmp_path / "ansible.log"
    slow = Fault(
        method="GET",
        drip=(size // 25, 0.2),
        # However long it takes until somebody looks.
        ends_once=lambda: lines.exists() and _LINE.search(lines.read_text()) is not None,
    )
    offer.server.faults[offer.release.name] = [slow]
    options = offer.asked(url_username="mirror", url_password=password)
    options["source"] += f"?signature={token}"
    # Where it stands in the URL, it is as secret.
    options["source_checksum"] = options["source_checksum"].replace(
        "http://", f"http://mirror:{password}@"
    )
    log = tmp_path / "sdk.log"
    monkeypatch.setenv("ANSIBLE_LOG_PATH", str(lines))
    tasks = [{"name": "upload", "curator.glance.image_upload_raw": options}]
    group = {"cloud": "provider", "sdk_log_path": str(log), "sdk_log_level": "DEBUG"}
    played = play(
        [
            {
                "hosts": "localhost",
                "gather_facts": False,
                "module_defaults": {"group/curator.glance.glance": group},
                "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
                "tasks": tasks,
            }
        ],
        "-vvv",
        "--diff",
        # Newer versions of Ansible return the options of a task only where this is set.
        env={"ANSIBLE_INJECT_INVOCATION": "true"},
    )
    result = played.result_of("upload")
    assert played.status == 0, played.output
    image = result["image"]
    cloud.forget_later("provider", image["id"])
    assert _LINE.search(played.output)
    shown = str(cloud["provider"].image(image["id"]))
    assert password not in played.output + log.read_text() + shown
    # The query of a URL may be a signature that lets everybody in: it is kept nowhere.
    assert token not in shown + str(result["source"]) + log.read_text()
