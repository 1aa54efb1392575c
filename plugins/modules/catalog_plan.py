#!/usr/bin/python
# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: catalog_plan
short_description: Tell what a catalog of images needs to come true
version_added: 0.2.0
description:
  - Compares a catalog, the list of images that a provider wants to exist, with one listing of the
    images that the session's project owns, and tells for each entry what has to be done, and why.
  - Upstream's checksums are fetched, several at a time, each once for all entries that name it, and
    only where they changed since the last run. So new releases are noticed without downloading one.
  - Everything that can be said before a byte moves is said here; mistakes in the catalog with the
    entry and the line, sources that cannot be reached, signatures that do not hold, names that
    another image has, quotas that will not suffice.
  - It changes nothing. What it decides is what M(curator.glance.image_upload_raw),
    M(curator.glance.image_hw_props) and M(curator.glance.image_publish) would decide when they are
    given the same.
options:
  catalog:
    description:
      - The catalog, as a list of entries or as the path of a YAML file on the host that runs the
        module. Instead of a list, a map with that list as C(images), and beside it C(defaults) with
        what the entries have in common.
      - A mistake in one entry is that entry's error. A catalog that cannot be read or has no
        entries fails the task.
      - The keys of an entry are C(name), C(state) (V(present) or V(retired)); of its source
        C(source), C(checksum), C(signature), C(keyring), C(allow_weak_checksum), C(format),
        C(member), C(method), C(max_virtual_size); of the image C(disk_format),
        C(container_format), C(image_id), C(store), C(properties), C(tags), C(min_disk),
        C(min_ram), C(protected), C(visibility), C(hidden), C(prepare); of its hardware
        C(profiles), C(hypervisor), C(validation); of who may use it C(projects), C(accept_with); of
        its versions C(on_change), C(supersede), C(keep), C(adopt), C(verify).
      - Most are the options of the same name of M(curator.glance.image_upload_raw), where those of
        the source begin with C(source_), and of M(curator.glance.image_hw_props). C(prepare) may be
        its C(operations) alone. C(accept_with) is a list of clouds of C(clouds.yaml), those of the
        C(projects), with which the image is accepted for them.
      - C(os) is a map of C(distro), C(version), C(type), C(user), C(purpose), C(architecture) and
        C(admin_user), which become C(os_distro), C(os_version), C(os_type), C(image_original_user),
        C(os_purpose), C(architecture) and C(os_admin_user).
      - What else the Sovereign Cloud Stack wants to be said of an image is a key by the name that
        it has there, such as C(replace_frequency), C(provided_until), C(uuid_validity),
        C(hotfix_hours), C(image_description) or C(license_required).
      - A project that is no longer listed in C(projects) keeps its access, since projects may have
        been added by others. Take it away with M(curator.glance.image_share), by C(state=absent) or
        C(exact=true).
      - With C(adopt=true), an image that has the name of the entry and was not made by this
        collection steps back like any other. Otherwise it is the entry's error.
      - C(keep) says how many superseded versions to keep. C(verify) is for who publishes; with
        V(true), the image is booted first, and its user is that of C(os).
        A map of options of M(curator.glance.image_boot_check) says what is different for it.
      - No entry holds a password. What a server of sources wants to know is taken from C(~/.netrc).
    type: raw
    required: true
  base_dir:
    description:
      - Where relative paths in the catalog begin. Left out, that is the folder of the catalog's
        file; for a list, the folder of the playbook where the connection is local.
    type: path
  cache_dir:
    description:
      - Where checksums that were fetched are kept for the next run; the same as that of
        M(curator.glance.image_upload_raw). Left out, C(~/.cache/curator.glance/sources).
    type: path
  check_upstream:
    description: Whether to look for new releases. With V(false) nothing outside of the cloud is
      asked; an image that is there is taken for the newest.
    type: bool
    default: true
  only:
    description:
      - Names of entries. Only these are planned, as one of several parts of a catalog that runs
        divide among themselves. The whole catalog is checked nevertheless.
      - Such a run cannot judge what is to be retired or left alone, as that takes all entries.
    type: list
    elements: str
  profile_definitions:
    description: Profiles of your own, as in M(curator.glance.image_hw_props).
    type: dict
  keep:
    description: How many superseded versions to keep of entries that do not say that themselves.
    type: int
    default: 2
  retire_level:
    description: What becomes of versions beyond those, and of entries with C(state=retired), as in
      M(curator.glance.image_retire).
    type: str
    choices: [hide, community, deactivate, delete]
    default: hide
  retire_force:
    description:
      - Whether protected images are retired, too, by O(curator.glance.image_retire#module:force).
      - With V(false), the protected image of an entry with C(state=retired) is that entry's error,
        and protected versions that stepped back are listed in RV(left_alone).
    type: bool
    default: false
extends_documentation_fragment:
  - curator.glance.attributes
  - curator.glance.attributes.reads
  - curator.glance.cloud
attributes:
  diff_mode:
    support: full
    details:
      - It changes nothing, and so RV(ignore:changed) is always V(false). With C(--diff), the result
        has a diff all the same, of what carrying out the plan would change. Ansible prints it for a
        task that C(changed_when) makes a changed one.
notes:
  - An image that needs nothing costs no request but its share of the listing. Entries with
    C(projects) cost one more, for the members.
requirements:
  - gpgv (for signatures)
seealso:
  - module: curator.glance.image_upload_raw
  - module: curator.glance.image_hw_props
  - module: curator.glance.image_publish
  - module: curator.glance.image_retire
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: See what a catalog needs
  curator.glance.catalog_plan:
    cloud: provider
    catalog: catalog.yml
  register: plan

- name: Show it to people
  ansible.builtin.debug:
    msg: "{{ plan.table }}"

- name: Look at one image, with what the entries have in common said once
  curator.glance.catalog_plan:
    cloud: provider
    catalog:
      defaults:
        visibility: public
        profiles: [virtio]
        keep: 2
      images:
        - name: Debian 12
          source: https://cloud.debian.org/images/cloud/bookworm/latest/debian-12-genericcloud-amd64.qcow2
          checksum: sha512:https://cloud.debian.org/images/cloud/bookworm/latest/SHA512SUMS
          os: {distro: debian, version: "12", user: debian, type: linux, architecture: x86_64}
          replace_frequency: monthly
          uuid_validity: last-2
        - name: Debian 10
          state: retired

- name: See whether the images still are as the catalog wants them, whatever upstream has
  curator.glance.catalog_plan:
    cloud: provider
    catalog: catalog.yml
    check_upstream: false
"""

RETURN = r"""
entries:
  description: All entries that were planned, in the order of the catalog, in short.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the entry; C(entry <number>) for one that has none.
      type: str
    slug:
      description: Its name as that of a host; each entry has its own.
      type: str
    action:
      description:
        - V(none) where all is as it should be.
        - V(upload) where there is no image yet, V(swap) where there is one with other content.
        - V(resume) where the bytes are there, or on their way, and a run that ended too soon left
          the rest to be done.
        - V(update_metadata) where the image is the right one and says something else about itself,
          or is shared with others.
        - V(retire) where the image of an entry with C(state=retired) is to go.
        - V(error) where the entry cannot be carried out.
      type: str
    image:
      description: Id of the image that stands under the name, or null.
      type: str
work:
  description: The entries that whoever publishes has to carry out; those with V(upload), V(swap),
    V(resume) and V(update_metadata).
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the entry.
      type: str
    slug:
      description: Its name as that of a host.
      type: str
    action:
      description: What has to be done.
      type: str
    reasons:
      description: Why, in sentences.
      type: list
      elements: str
    image:
      description: Id of the image that stands under the name, or null.
      type: str
    staged:
      description: Id of the image that has the content and waits for the name, or null.
      type: str
    previous:
      description: Id of the image that will step back, or null.
      type: str
    changes:
      description: What would change about an image that has the content already.
      type: dict
      contains:
        before:
          description: What it says now.
          type: dict
        after:
          description: What it will say.
          type: dict
    proof:
      description: What the source must hash to, as C(<algorithm>:<digest>), or null.
      type: str
    signed_by:
      description: Fingerprint of the key that vouches for that, or null.
      type: str
    entry:
      description: The entry, complete with its defaults and absolute paths. Given as an entry of
        O(catalog), it means the same again.
      type: dict
    tasks:
      description: The same as options of the modules that carry it out. What the entry does not say
        is left out.
      type: dict
      contains:
        upload:
          description: For M(curator.glance.image_upload_raw), with C(publish=false).
          type: dict
        hardware:
          description: For M(curator.glance.image_hw_props). Empty where there is nothing to set.
          type: dict
        share:
          description: C(projects) and C(accept_with) for M(curator.glance.image_share), or empty.
          type: dict
        publish:
          description: For M(curator.glance.image_publish).
          type: dict
        verify:
          description: For M(curator.glance.image_boot_check). Empty without C(verify).
          type: dict
errors:
  description: The entries that cannot be carried out.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the entry; C(entry <number>) for one that has none.
      type: str
    slug:
      description: Its name as that of a host.
      type: str
    reasons:
      description: What is wrong, in sentences, with the line in the catalog's file.
      type: list
      elements: str
    line:
      description: Where the entry begins in the catalog's file, or null.
      type: int
    image:
      description: Id of the image that stands under the name and is left as it is, or null.
      type: str
retire:
  description: Images to be retired; superseded versions beyond those to keep, images of entries
    with C(state=retired), and staged ones whose boot check failed before another version was
    published. Always empty with O(only).
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id of the image.
      type: str
    name:
      description: Its name.
      type: str
    entry:
      description: Name of the entry that it was made for.
      type: str
    state:
      description: One of V(staged), V(published), V(superseded) and V(retired).
      type: str
    level:
      description: How far; one of V(hide), V(community), V(deactivate), V(delete).
      type: str
    reason:
      description: Why, in a sentence.
      type: str
retire_next:
  description: Images to be retired as soon as those in RV(superseded) have stepped back, as they
    are then beyond those to keep. The same keys as in RV(retire), but as things will be by then.
    Always empty with O(only).
  returned: success
  type: list
  elements: dict
superseded:
  description: Images that will step back for new ones.
  returned: success
  type: list
  elements: dict
  contains:
    entry:
      description: Name of the entry.
      type: str
    id:
      description: Id of the image.
      type: str
    name:
      description: Its name now.
      type: str
    becomes:
      description: Its name then.
      type: str
left_alone:
  description: What else the project has, and nobody touches. Null with O(only).
  returned: success
  type: dict
  contains:
    unmanaged:
      description: How many images were not made by this collection.
      type: int
    names:
      description: Names of the first of these.
      type: list
      elements: str
    forgotten:
      description: Names of entries that images were made for, and that the catalog has no more. To
        let their images go, list them with C(state=retired).
      type: list
      elements: str
    outdated:
      description: Ids of images that were staged, and that no entry wants any more; all private.
      type: list
      elements: str
    protected:
      description: Ids of images that would be retired, were they not protected. With
        O(retire_force=true), they are in RV(retire).
      type: list
      elements: str
summary:
  description: How many entries there are, as C(entries), and how many of each action.
  returned: success
  type: dict
  sample:
    {entries: 3, none: 1, upload: 1, swap: 0, resume: 0, update_metadata: 0, retire: 0, error: 1}
table:
  description: The plan as lines of text for people. Entries that need nothing are only counted.
  returned: success
  type: list
  elements: str
complete:
  description: Whether the whole catalog was planned, and not only a part named by O(only).
  returned: success
  type: bool
"""

from ..module_utils import module
from ..module_utils.domain.catalog.request import CatalogWish
from ..module_utils.work.cataloguing import plan_catalog

OPTIONS = {
    "catalog": {"type": "raw", "required": True},
    "base_dir": {"type": "path"},
    "cache_dir": {"type": "path"},
    "check_upstream": {"type": "bool", "default": True},
    "only": {"type": "list", "elements": "str"},
    "profile_definitions": {"type": "dict"},
    "keep": {"type": "int", "default": 2},
    "retire_level": {
        "type": "str",
        "choices": ["hide", "community", "deactivate", "delete"],
        "default": "hide",
    },
    "retire_force": {"type": "bool", "default": False},
}


def main() -> None:
    module.run_info(OPTIONS, understand=CatalogWish.from_params, read=plan_catalog)


if __name__ == "__main__":
    main()
