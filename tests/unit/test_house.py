# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of the house hold, and each of them can be broken."""

from __future__ import annotations

import pytest

from support.house import PLUGINS, sources, violations


@pytest.mark.parametrize("path, text", [pytest.param(*s, id=s[0]) for s in sources()])
def test_every_file_keeps_to_its_room(path: str, text: str) -> None:
    """No file of the collection does what its place forbids."""
    assert violations(path, text) == []


def test_there_are_no_package_markers() -> None:
    """A collection is a namespace package; an __init__.py would be an empty promise."""
    assert list(PLUGINS.rglob("__init__.py")) == []


@pytest.mark.parametrize(
    "path, text, complaint",
    [
        ("module_utils/domain/x.py", "import openstack", "imports openstack"),
        ("module_utils/disk/x.py", "from openstack import exceptions", "imports openstack"),
        ("module_utils/disk/x.py", "import keystoneauth1.session", "imports keystoneauth1"),
        ("module_utils/cloud/x.py", "import subprocess", "imports subprocess"),
        ("modules/x.py", "from ansible.module_utils.basic import AnsibleModule", "imports ansible"),
        ("module_utils/cloud/x.py", "from ansible.module_utils import basic", "imports ansible"),
        ("filter/x.py", "import openstack", "imports openstack"),
        ("action/x.py", "import subprocess", "imports subprocess"),
        ("module_utils/domain/x.py", "import socket", "a decision imports socket"),
        ("module_utils/domain/x.py", "from urllib.request import urlopen", "imports urllib"),
        ("module_utils/domain/x.py", "open('/etc/passwd')", "reads or writes"),
        ("module_utils/domain/x.py", "from ..cloud.glance import Glance", "the room cloud"),
        ("module_utils/domain/x.py", "from ..cloud import glance", "the room cloud"),
        ("module_utils/disk/x.py", "from ..cloud.glance import Glance", "disk imports the room"),
        ("module_utils/cloud/x.py", "from ..work import upload", "cloud imports the room work"),
        ("module_utils/domain/x.py", "from ..work import upload", "a decision imports the room"),
        ("module_utils/work/x.py", "import openstack", "imports openstack"),
        ("module_utils/work/x.py", "import subprocess", "imports subprocess"),
        ("module_utils/work/x.py", "from .. import module", "stands above"),
        ("module_utils/cloud/x.py", "from ..module import CloudModule", "stands above"),
        ("module_utils/cloud/x.py", "from .. import module", "stands above"),
        ("module_utils/cloud/x.py", "m.fail_json(msg='')", "fail_json belongs"),
        ("modules/x.py", "def main():\n    m.exit_json()", "exit_json belongs"),
        ("modules/x.py", "x = 1", "has no main"),
        ("modules/x.py", "def main():\n" + "    a = 1\n" * 16, "main() has 16 lines"),
        ("module_utils/cloud/x.py", "a = 1\n" * 401, "more than 400 lines"),
    ],
)
def test_a_breach_is_seen(path: str, text: str, complaint: str) -> None:
    """Each rule catches the file that breaks it."""
    assert complaint in "\n".join(violations(path, text))


@pytest.mark.parametrize(
    "path, text",
    [
        ("module_utils/cloud/x.py", "import openstack\nfrom ..domain.image import Image"),
        ("module_utils/disk/x.py", "import subprocess\nfrom ..errors import CuratorError"),
        ("module_utils/work/x.py", "from ..cloud import glance\nfrom ..disk import convert"),
        ("module_utils/module.py", "from ansible.module_utils.basic import AnsibleModule"),
        ("modules/x.py", "from ..module_utils import module\ndef main():\n    pass"),
        ("inventory/x.py", "from ansible.plugins.inventory import BaseInventoryPlugin"),
    ],
)
def test_what_a_room_is_for_is_allowed(path: str, text: str) -> None:
    """The rules do not forbid what they exist to allow."""
    assert violations(path, text) == []
