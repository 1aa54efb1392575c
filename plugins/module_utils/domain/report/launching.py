# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""How to start a server from an image, in the words of the tools that people use, ready to copy.

Names of images are made by people, and each tool has its own way to say that a text is only a text.
So names stand in nothing but comments and one description; what is carried out goes by the id.
"""

from __future__ import annotations

import json
import re
import shlex

from ..image import Image

_GIB = 1024**3
# What a reader has to fill in stands in capitals.
_FLAVOR, _NETWORK, _KEY = "FLAVOR", "NETWORK", "KEY"
_SERVER = "my-server"
_NOBODY = frozenset({"", "none"})
# Anything else is no name that a system gives, and ssh might take it for an option.
_PLAIN_USER = r"[A-Za-z_][A-Za-z0-9_.-]*"


def launches(image: Image) -> dict[str, str]:
    """The same server for each tool: on a volume that is large enough, from this very image."""
    size, comment = _volume_size(image), _comment(image.name or "")
    return {
        "cli": _cli(image.id, size),
        "heat": _heat(image.id, size, comment),
        "terraform": _terraform(image.id, size, comment),
    }


def login(image: Image) -> str | None:
    """How to log in afterwards, where the image says as whom and the key is what lets in."""
    user = user_of(image)
    by_key = image.properties.get("os_type") != "windows"
    if user is None or not by_key or not re.fullmatch(_PLAIN_USER, user):
        return None
    return f"ssh {user}@ADDRESS"


def user_of(image: Image) -> str | None:
    """Who may log in at first."""
    told = (image.properties.get(name) for name in ("image_original_user", "os_admin_user"))
    return next((user for user in told if user and user not in _NOBODY), None)


def _volume_size(image: Image) -> int:
    """The least volume that holds the image, in GiB."""
    content = -(-(image.virtual_size or image.size or 0) // _GIB)
    return max(1, image.min_disk, content)


def _comment(name: str) -> str:
    """A name on one line, without signs that hide or turn what follows them."""
    words = "".join(sign if sign.isprintable() else " " for sign in name).split()
    return " ".join(words)


def _cli(image_id: str, size: int) -> str:
    return (
        f"openstack server create --flavor {_FLAVOR} \\\n"
        f"  --network {_NETWORK} --key-name {_KEY} \\\n"
        f"  --image {shlex.quote(image_id)} \\\n"
        f"  --boot-from-volume {size} {_SERVER}"
    )


def _heat(image_id: str, size: int, comment: str) -> str:
    # JSON is YAML, and its quoting leaves nothing to interpret; but for signs beyond 16 bits, whose
    # escapes YAML reads otherwise.
    return (
        "heat_template_version: 2018-08-31\n"
        f"description: {json.dumps(comment, ensure_ascii=False)}\n"
        "resources:\n"
        "  server:\n"
        "    type: OS::Nova::Server\n"
        "    properties:\n"
        f"      name: {_SERVER}\n"
        f"      flavor: {_FLAVOR}\n"
        f"      key_name: {_KEY}\n"
        "      networks:\n"
        f"        - network: {_NETWORK}\n"
        "      block_device_mapping_v2:\n"
        f"        - image: {json.dumps(image_id)}\n"
        f"          volume_size: {size}\n"
        "          boot_index: 0\n"
        "          delete_on_termination: true"
    )


def _terraform(image_id: str, size: int, comment: str) -> str:
    return (
        f"# {comment}\n"
        'resource "openstack_compute_instance_v2" "server" {\n'
        f'  name        = "{_SERVER}"\n'
        f'  flavor_name = "{_FLAVOR}"\n'
        f'  key_pair    = "{_KEY}"\n'
        "  network {\n"
        f'    name = "{_NETWORK}"\n'
        "  }\n"
        "  block_device {\n"
        f"    uuid                  = {_hcl(image_id)}\n"
        '    source_type           = "image"\n'
        '    destination_type      = "volume"\n'
        f"    volume_size           = {size}\n"
        "    boot_index            = 0\n"
        "    delete_on_termination = true\n"
        "  }\n"
        "}"
    )


def _hcl(text: str) -> str:
    """A text in which Terraform interprets nothing."""
    quoted = json.dumps(text, ensure_ascii=False)
    return quoted.replace("${", "$${").replace("%{", "%%{")
