# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: catalog
short_description: The entries of a catalog of images as hosts
version_added: 0.2.0
description:
  - Makes a host of every entry of a catalog, so that C(--limit) can choose among them, and so that
    job slices of AWX divide them.
  - The playbook C(curator.glance.publish) takes its entries from this inventory where it is given
    no other catalog. For a catalog that one control node copes with, give it the catalog itself,
    as O(ignore:publish_images_catalog_file); that is quicker.
  - The hosts exist in this inventory alone. Plays that use them run on the control node, and say so
    with C(connection=local). No connection is set here.
  - Nothing in a catalog is evaluated as a template.
options:
  plugin:
    description: What says that this plugin is meant.
    type: str
    required: true
    choices: [curator.glance.catalog]
  catalog:
    description:
      - The catalog, a YAML file as M(curator.glance.catalog_plan) describes it. A relative path
        begins in the folder of the inventory file.
    type: str
    required: true
notes:
  - The name of the inventory file has to end in C(curator.yml) or C(curator.yaml).
  - An entry that is wrong in itself is a host nevertheless, so that the run says what is wrong with
    it. A warning of the inventory says so, too, with the lines. A catalog that is wrong as a whole,
    in which an entry has no name or says a key twice, or two entries claim the same, is an error.
  - Ansible goes on without an inventory that it cannot read, and warns. The playbook
    C(curator.glance.publish) fails then. For others, set
    E(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED).
  - All hosts are in the group C(curator_catalog), and in groups such as C(distro_debian),
    C(state_present) and C(visibility_public), after what their entries say.
  - The entry is the host variable C(curator_entry). The variables C(curator_catalog_dir) and
    C(curator_catalog_digest) of the group C(curator_catalog) have the folder of the catalog and the
    SHA-256 of the names of all its hosts, sorted and with blanks between them. By the latter, a run
    knows whether it has only some of them.
seealso:
  - module: curator.glance.catalog_plan
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
# images.curator.yml, beside a catalog.yml
plugin: curator.glance.catalog
catalog: catalog.yml

# ansible-inventory -i images.curator.yml --graph
# ansible-playbook -i images.curator.yml curator.glance.publish
# ansible-playbook -i images.curator.yml curator.glance.publish --limit localhost,distro_debian
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.inventory.group import to_safe_group_name
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.inventory import BaseInventoryPlugin

from ..module_utils.domain.catalog.catalog import Catalog, Fault
from ..module_utils.domain.catalog.document import Document, Item
from ..module_utils.domain.catalog.entry import Entry
from ..module_utils.errors import CuratorError, InvalidRequest
from ..module_utils.source.catalog_file import read_catalog_file

_GROUP = "curator_catalog"
_ENDINGS = ("curator.yml", "curator.yaml")


class InventoryModule(BaseInventoryPlugin):
    """Reads the catalog, and tells Ansible of its entries."""

    NAME = "curator.glance.catalog"

    def verify_file(self, path: str) -> bool:
        """Whether the file is meant for this plugin."""
        return path.endswith(_ENDINGS) and bool(super().verify_file(path))  # type: ignore[no-untyped-call]  # Ansible's, as below.

    def parse(
        self,
        inventory: InventoryData,
        loader: DataLoader,
        path: str,
        cache: bool = True,  # noqa: FBT001, FBT002  # As Ansible calls it.
    ) -> None:
        """Fill the inventory with the entries."""
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)  # type: ignore[no-untyped-call]
        named: str = self.get_option("catalog")  # type: ignore[no-untyped-call]
        catalog = Path(path).parent / Path(named).expanduser()
        try:
            document = read_catalog_file(catalog)
            read = Catalog.read(document, base_dir=str(catalog.parent))
            hosts = _hosts(document, read)
        except CuratorError as error:
            # Ansible makes a warning of an inventory that cannot be read, and goes on. What it has
            # of it by then stays, so a play can find out.
            inventory.set_variable("all", f"{_GROUP}_error", error.message)
            raise AnsibleParserError(error.message) from None
        for fault in read.faults:
            # A play has the entries, and no longer the lines on which they stand.
            self.display.warning(_told(fault))
        _fill(inventory, catalog, hosts)


def _fill(
    inventory: InventoryData, catalog: Path, hosts: dict[str, tuple[Any, Entry | None]]
) -> None:
    inventory.add_group(_GROUP)
    inventory.set_variable(_GROUP, f"{_GROUP}_dir", str(catalog.parent.absolute()))
    inventory.set_variable(_GROUP, f"{_GROUP}_digest", _digest(hosts))
    for host, (content, entry) in hosts.items():
        inventory.add_host(host, group=_GROUP)
        inventory.set_variable(host, "curator_entry", content)
        for kind, value in _traits(entry):
            group = to_safe_group_name(f"{kind}_{value}".lower(), force=True, silent=True)  # type: ignore[no-untyped-call]
            inventory.add_host(host, group=inventory.add_group(group))


def _digest(hosts: Iterable[str]) -> str:
    # Not the names themselves: Ansible gives each host a copy of what its group says.
    return hashlib.sha256(" ".join(sorted(hosts)).encode()).hexdigest()


def _hosts(document: Document, catalog: Catalog) -> dict[str, tuple[Any, Entry | None]]:
    """By the name of each host what stands in the catalog, and what it means if that is clear."""
    items = {item.place.number: item for item in document.items}
    found: dict[str, tuple[Any, Entry | None]] = {
        catalog.slugs[entry.name]: (items[entry.place.number].content, entry)
        for entry in catalog.entries
    }
    for fault in catalog.faults:
        item = items[fault.place.number]
        if item.faults or not _is_alone_wrong(item):
            # Whoever has one of the hosts only, as a slice does, would take it for right, or could
            # not name it. Nor does a host show that its entry has a key twice.
            raise InvalidRequest(_told(fault))
        found[catalog.slugs[fault.name]] = (item.content, None)
    return found


def _told(fault: Fault) -> str:
    return f"{fault.place.of_entry(fault.name)}: {' '.join(fault.reasons)}"


def _is_alone_wrong(item: Item) -> bool:
    """Whether a run that knows nothing of the other entries sees what is wrong, and with which."""
    alone = Catalog.read(Document(items=(item,)), base_dir="/")
    return any(fault.name == item.content.get("name") for fault in alone.faults)


def _traits(entry: Entry | None) -> Iterator[tuple[str, str]]:
    """What groups are made of."""
    if entry is None:
        return
    yield "state", entry.state
    if "distro" in entry.os:
        yield "distro", entry.os["distro"]
    if entry.visibility:
        yield "visibility", entry.visibility
