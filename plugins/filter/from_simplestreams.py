# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils.domain.catalog.simplestreams import NAME, Wishes, read_simplestreams
from ..module_utils.errors import InvalidRequest

DOCUMENTATION = r"""
name: from_simplestreams
short_description: Read Simplestreams as a catalog
version_added: 0.2.0
description:
  - Makes of each product of a file of the format C(products:1.0) an entry, as
    M(curator.glance.catalog_plan) and P(curator.glance.publish_images#role) take it, with the disk
    of its newest version. Ubuntu, CirrOS and the images of Linux Containers are published so.
  - Of the disks of a version, C(disk1.img), C(disk.img) and C(disk-kvm.img) are taken before qcow2,
    and that before raw disks, which may be packed. File systems without a boot loader are no disks.
    A version without a disk that a sha256 or sha512 proves is passed over.
  - An entry has the source and its checksum, and what the stream says of the operating system. All
    else, such as the visibility or tags, is for C(defaults) of the catalog.
  - The checksums are as trustworthy as the file that has them. This filter does not check who
    signed it. The files ending in C(.sjson) are signed in place. See the guide.
positional: _input
options:
  _input:
    description: What C(ansible.builtin.from_json) makes of the file.
    type: dict
    required: true
  base_url:
    description:
      - Where the paths in the file begin, which is the folder that holds C(streams/v1).
    type: str
    required: true
  products:
    description: A regular expression. Only products whose id it finds something in become entries.
    type: str
  arch:
    description: Only these architectures, as the stream calls them or as Glance does.
    type: list
    elements: str
  release:
    description: Only these releases, by name, version or alias.
    type: list
    elements: str
  unsupported:
    description: Whether to take products as well that upstream does not support any more.
    type: bool
    default: false
  name:
    description:
      - What the images are called. In braces may stand anything that the stream says of a disk,
        such as C(release_title), C(arch), C(variant) or C(pubname), and besides C(title) (the
        system), C(version) (or the release, if it has none), C(architecture) (as Glance calls it)
        and C(product) (the id).
      - Two products of one name are an error.
    type: str
    default: "{title} {version}"
notes:
  - Options with a list take a single text as well.
seealso:
  - plugin: curator.glance.from_osism
    plugin_type: filter
  - module: curator.glance.catalog_plan
  - plugin: curator.glance.publish_images
    plugin_type: role
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Publish the long-term releases of Ubuntu
  hosts: localhost
  gather_facts: false
  vars:
    base: https://cloud-images.ubuntu.com/releases/
    stream: streams/v1/com.ubuntu.cloud:released:download.json
  tasks:
    - name: Fetch what is released
      ansible.builtin.uri:
        url: "{{ base }}{{ stream }}"
        return_content: true
      register: released

    - name: Publish
      ansible.builtin.import_role:
        name: curator.glance.publish_images
      vars:
        publish_images_cloud: provider
        publish_images_catalog:
          defaults:
            visibility: public
            profiles: [virtio]
          images: "{{ found.entries }}"
        found: >-
          {{ released.json | curator.glance.from_simplestreams(base_url=base, products=':server:',
               arch='amd64', release=['22.04', '24.04', '26.04']) }}
"""

RETURN = r"""
_value:
  description: The catalog, and what is not in it.
  type: dict
  contains:
    entries:
      description: The entries, in the order of the products' ids.
      type: list
      elements: dict
    not_mapped:
      description: Products that were asked for and are no entry.
      type: list
      elements: dict
      contains:
        entry:
          description: The id of the product, or the name that the entry would have.
          type: str
        key:
          description: The key that is why; null if it is what M(curator.glance.catalog_plan) would
            refuse.
          type: str
        value:
          description: What stands there.
          type: raw
        reason:
          description: Why it is no entry.
          type: str
"""


def from_simplestreams(
    content: Any,
    *,
    base_url: str,
    products: str | None = None,
    arch: str | Sequence[str] = (),
    release: str | Sequence[str] = (),
    unsupported: bool = False,
    name: str = NAME,
) -> dict[str, Any]:
    """The entries for a stream, and the products that are none."""
    wishes = Wishes(
        base_url=base_url,
        products=products,
        arch=_several(arch),
        release=_several(release),
        unsupported=unsupported,
        name=name,
    )
    try:
        return read_simplestreams(content, wishes).as_result()
    except InvalidRequest as error:
        raise AnsibleFilterError(error.message) from error


def _several(given: str | Sequence[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(map(str, given))


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"from_simplestreams": from_simplestreams}
