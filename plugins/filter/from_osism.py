# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils.domain.catalog.osism import Wishes, read_osism
from ..module_utils.errors import InvalidRequest

DOCUMENTATION = r"""
name: from_osism
short_description: Read a catalog of openstack-image-manager as a catalog of this collection
version_added: 0.2.0
description:
  - Makes of each version that such a catalog names an entry, as M(curator.glance.catalog_plan) and
    P(curator.glance.publish_images#role) take it.
  - The images have the names that customers know from that tool. With C(multi) true, the newest
    version has the plain name, and those before it have their version in parentheses behind it.
    Without, each version stands behind the name.
  - When a newer version comes to an image with C(multi), the one that it follows is named with the
    day on which it was made in parentheses, and as many of them are kept as C(uuid_validity) and
    C(keep) say.
  - Whatever an entry does not say, or not in the same way, is told in C(not_mapped).
  - What M(curator.glance.catalog_plan) would refuse is no entry. It is left out, and told in
    C(not_mapped) with the C(key) null and what is wrong. Let a play fail of that, as the guide
    shows, so that nobody misses an image for long.
positional: _input
options:
  _input:
    description:
      - What C(ansible.builtin.from_yaml) makes of a catalog, which is a dict with C(images),
        or a list of images.
      - Or a list of such dicts, where the catalog is in several files.
    type: raw
    required: true
  latest:
    description: Whether to take the newest version only of images with C(multi).
    type: bool
    default: false
  disabled:
    description: Whether to take images as well whose C(enable) is false.
    type: bool
    default: false
  mirrors:
    description:
      - Whether to fetch an image from its C(mirror_url) where it has one, as that tool does.
      - Where that is an unpacked copy of what upstream packed, the checksum may be that of the
        other file. Use V(false) if the run says that a source is not what was released.
    type: bool
    default: true
  follow:
    description:
      - Whether the newest version of images with C(multi) is taken from C(latest_url) and proven by
        C(latest_checksum_url), so that what upstream releases is noticed without a new catalog.
      - Otherwise, and for images that lack one of them, the version in the catalog is what counts.
    type: bool
    default: false
seealso:
  - plugin: curator.glance.from_simplestreams
    plugin_type: filter
  - module: curator.glance.catalog_plan
  - plugin: curator.glance.publish_images
    plugin_type: role
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Show what of a catalog of openstack-image-manager cannot be said in ours
  ansible.builtin.debug:
    msg: "{{ theirs.not_mapped }}"
  vars:
    file: "{{ lookup('ansible.builtin.file', 'etc/images/debian.yml') }}"
    theirs: "{{ file | from_yaml | curator.glance.from_osism }}"

- name: Publish what it says
  ansible.builtin.include_role:
    name: curator.glance.publish_images
  vars:
    publish_images_cloud: provider
    publish_images_catalog: "{{ theirs.entries }}"
    file: "{{ lookup('ansible.builtin.file', 'etc/images/debian.yml') }}"
    theirs: "{{ file | from_yaml | curator.glance.from_osism }}"

- name: Read all files of a folder
  ansible.builtin.debug:
    msg: "{{ files | map('from_yaml') | curator.glance.from_osism(latest=true) }}"
  vars:
    paths: "{{ query('ansible.builtin.fileglob', 'etc/images/*.yml') }}"
    files: "{{ query('ansible.builtin.file', *paths) }}"
"""

RETURN = r"""
_value:
  description: The catalog, and what is not in it.
  type: dict
  contains:
    entries:
      description:
        - The entries, in the order of the other catalog, the newest version of each image first.
      type: list
      elements: dict
    not_mapped:
      description: What an entry does not say, or not in the same way.
      type: list
      elements: dict
      contains:
        entry:
          description: The name of the entry, or of the image if it is about all of its versions.
          type: str
        key:
          description: The key in the other catalog, or null if all of the entry is left out.
          type: str
        value:
          description: What stands there. Passwords are not shown.
          type: raw
        reason:
          description: Why it is not in the entry, or what became of it.
          type: str
"""


def from_osism(
    content: Any,
    *,
    latest: bool = False,
    disabled: bool = False,
    mirrors: bool = True,
    follow: bool = False,
) -> dict[str, Any]:
    """The entries for a catalog, and what they do not say."""
    wishes = Wishes(latest=latest, disabled=disabled, mirrors=mirrors, follow=follow)
    try:
        return read_osism(content, wishes).as_result()
    except InvalidRequest as error:
        raise AnsibleFilterError(error.message) from error


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"from_osism": from_osism}
