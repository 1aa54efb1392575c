#!/usr/bin/python
# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: image_upload_raw
short_description: Bring a disk image into a cloud, raw and proven
version_added: 0.2.0
description:
  - Takes a file or a URL in whatever disk format, and sees to it that there is afterwards an image
    of that name in Glance, in raw, of which it is proven that it holds what was released.
  - The source is fetched once, checked against its checksum and signature, unpacked, looked into
    before any tool opens it, converted as a stream while it is sent, and compared with what the
    cloud says it stored. Only then does the image get its name and its visibility, in one request.
    Until then it is private, and nobody but its maker sees it.
  - Where it comes from is recorded in properties C(curator_*) of the image. By them the next run
    knows that nothing has to be done, without downloading anything but the checksums.
  - A run that was interrupted at any point can simply be repeated. What is left of it is recognised
    and removed or taken over.
options:
  name:
    description: The name of the image.
    type: str
    required: true
  source:
    description:
      - Where the bytes come from, as an C(http), C(https) or C(file) URL or the path of a file on
        the host that runs the module.
      - Relative paths, here and in the other options, begin in the folder of the playbook where the
        connection is local, as it is to C(localhost).
      - May be a raw, qcow2, vmdk, vdi, vhd, vhdx or ISO file, also compressed with xz, gzip, bzip2
        or zstd, or a member of a tar, zip or OVA archive.
    type: str
    required: true
  source_checksum:
    description:
      - What the source must hash to, as C(<algorithm>:<digest>), or as C(<algorithm>:<manifest>)
        with the URL or path of a list of checksums in which the file is looked up by its name.
      - Manifests in the forms of C(sha512sum) and BSD's C(sha512), bare digests, and clearsigned
        ones are understood.
      - Without it, a changed source is told by what its server says of it (C(ETag) or
        C(Last-Modified)), or by the file's size, time and content; nothing proves then that it is
        what was released.
    type: str
  source_signature:
    description:
      - The URL or path of a detached OpenPGP signature of the manifest, or V(inline) for a manifest
        that is signed within. Only what is signed is read.
      - Where O(source_checksum) names no manifest, it is a detached signature of the source itself.
      - Needs O(source_keyring), and C(gpgv) on the host that runs the module.
    type: str
  source_keyring:
    description: A file with the keys, and only those, whose signatures count; binary or armoured.
    type: path
  source_format:
    description:
      - What the source is, after unpacking. What it is said to be and what it turns out to be must
        be the same. Left out, its content decides.
    type: str
    choices: [raw, qcow2, vmdk, vdi, vhd, vhdx, iso]
  source_member:
    description: Which member of an archive is the disk. Needed where there are several.
    type: str
  url_username:
    description: A name to log in with where the source is (HTTP basic authentication).
    type: str
  url_password:
    description: The password that goes with O(url_username).
    type: str
  allow_weak_checksum:
    description: Whether a checksum with md5 or sha1 is accepted, which prove no origin any more.
    type: bool
    default: false
  disk_format:
    description:
      - What the image shall be in Glance. Whatever the source is, it becomes V(raw), which is what
        copies on write and boots at once where images are in Ceph.
      - V(keep) leaves the format as it is. V(iso), V(ami), V(ari) and V(aki) are sent as they are.
    type: str
    choices: [raw, keep, iso, ami, ari, aki]
    default: raw
  container_format:
    description:
      - Glance's container format. Left out, V(bare), or the O(disk_format) of kernels.
      - No image can change it, nor its O(disk_format). With another one, another image is made.
    type: str
  properties:
    description:
      - Properties to set, as M(curator.glance.image_metadata) does; V(null) removes one.
      - An image from a URL also gets C(image_source), unless it is named here.
    type: dict
  exact_properties:
    description:
      - Whether every property that O(properties) does not name is removed, apart from those that
        Glance sets and the record of the image's origin.
    type: bool
    default: false
  tags:
    description: The tags that the image shall have, beside C(managed_by_curator).
    type: list
    elements: str
  min_disk:
    description:
      - Smallest disk, in GiB, that the image can be started on. Left out, what the disk has; less
        than that is refused.
    type: int
  min_ram:
    description: Least memory, in MiB, that the image can be started with.
    type: int
  protected:
    description: Whether the image is protected from deletion.
    type: bool
  visibility:
    description:
      - Who may see the image. Left out, a new image is as visible as the one whose name it takes
        over, or else private. Members of a shared image are not taken over.
    type: str
    choices: [private, shared, community, public]
  hidden:
    description: Whether the image is left out of listings.
    type: bool
  owner:
    description:
      - The project, by name or id, that the image shall belong to. Only an administrator may give
        an image away.
    type: str
  image_id:
    description:
      - The id that the image gets when it is made for the first time. Later releases have others.
      - Glance gives every id once. If it cannot be had, because another image has or had it, or a
        run that was killed has used it up, the task fails and says so.
    type: str
  store:
    description: The backend that shall hold the data, where Glance has several.
    type: str
  max_virtual_size:
    description:
      - The largest disk that is taken, as C(25 GiB) or in bytes. A small file can claim to be a
        disk of many terabytes.
    type: str
    default: 2 TiB
  kernel_id:
    description: The image of the kernel that goes with this image.
    type: str
  ramdisk_id:
    description: The image of the initial ramdisk that goes with this image.
    type: str
  method:
    description:
      - V(stream), and so far V(auto), converts here and sends raw.
      - V(import) sends the source as it is, and V(web_download) lets the cloud fetch it; the cloud
        has to convert to raw then. What must come out is computed here from the same source.
      - V(web_download) is refused for a source that is packed, and for one that wants a user and a
        password, in the URL or in O(url_username).
    type: str
    choices: [auto, stream, import, web_download]
    default: auto
  publish:
    description:
      - With V(false), the task ends before the image gets its name and visibility. It is then
        proven, private, and called C(<name> (staged <id>)).
      - If an image with this content has the name or is staged already, none is made. One that
        stepped back earlier does not count then; with V(true) it gets its name back.
    type: bool
    default: true
  cache_dir:
    description:
      - A folder in which fetched sources are kept for later runs. Left out, they are kept in
        C(~/.cache/curator.glance/sources) until the image is there.
      - Interrupted downloads go on from there. Needs room for the source.
    type: path
extends_documentation_fragment:
  - curator.glance.attributes
  - curator.glance.attributes.makes
  - curator.glance.cloud
  - curator.glance.disk
  - curator.glance.prepare
  - curator.glance.supersede
  - curator.glance.supersede.on_change
notes:
  - The programs it needs are in Debian's packages qemu-utils, libnbd-bin and gpgv, and in Red Hat's
    qemu-img, libnbd and gnupg2.
  - While it works on a local connection, the play shows how far it is, every few seconds. Set the
    variable C(curator_progress) to V(false) to silence that.
  - In check mode, checksums are fetched and no image bytes; RV(image) is what is foreseen.
requirements:
  - gpgv (for signatures)
seealso:
  - module: curator.glance.image_inspect
  - module: curator.glance.image_share
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Publish what Debian released, proven by their checksums
  curator.glance.image_upload_raw:
    cloud: provider
    name: Debian 12
    source: https://cloud.debian.org/images/cloud/bookworm/latest/debian-12-genericcloud-amd64.qcow2
    source_checksum: sha512:https://cloud.debian.org/images/cloud/bookworm/latest/SHA512SUMS
    visibility: public
    properties: {os_distro: debian, os_version: "12"}

- name: Take only what the distributor signed
  curator.glance.image_upload_raw:
    cloud: provider
    name: Fedora Cloud
    source: https://mirror.example.org/fedora/Fedora-Cloud.qcow2
    source_checksum: sha256:https://mirror.example.org/fedora/Fedora-Cloud-CHECKSUM
    source_signature: inline
    source_keyring: keys/fedora.gpg

- name: Take what the distributor signed in a file of its own
  curator.glance.image_upload_raw:
    cloud: provider
    name: Ubuntu 24.04
    source: https://cloud-images.ubuntu.com/noble/current/noble-server-cloudimg-amd64.img
    source_checksum: sha256:https://cloud-images.ubuntu.com/noble/current/SHA256SUMS
    source_signature: https://cloud-images.ubuntu.com/noble/current/SHA256SUMS.gpg
    source_keyring: /usr/share/keyrings/ubuntu-cloudimage-keyring.gpg

- name: Leave it a qcow2, and let older releases step back under names of our own
  curator.glance.image_upload_raw:
    cloud: provider
    name: Appliance
    source: /srv/build/appliance.qcow2
    disk_format: keep
    supersede: {rename: "{name} made {date}"}

- name: Bring a machine along from VMware
  curator.glance.image_upload_raw:
    cloud: customer
    name: accounting
    source: /srv/exports/accounting.ova
    properties: {hw_disk_bus: scsi, hw_scsi_model: vmpvscsi}

- name: Have it ready, to be tested
  curator.glance.image_upload_raw:
    cloud: provider
    name: Debian 12
    source: /srv/images/debian-12.raw.xz
    source_checksum: sha256:/srv/images/SHA256SUMS
    publish: false
  register: staged

- name: Publish it once that image was tested, which uploads nothing more
  curator.glance.image_upload_raw:
    cloud: provider
    name: Debian 12
    source: /srv/images/debian-12.raw.xz
    source_checksum: sha256:/srv/images/SHA256SUMS
"""

RETURN = r"""
action:
  description:
    - V(created) where the image was made, or where one that was staged or had stepped back got its
      name, and no other image had that.
    - V(rotated) where the same was done, and another image stepped back for it.
    - V(unchanged) where an image with this content had the name already, or with O(publish=false)
      was staged already. The task has C(changed) nevertheless if something else about the image was
      changed, or if an older one stepped back that a run which died had left in its place.
  returned: success
  type: str
  sample: created
image:
  description: The image as M(curator.glance.image_info) tells it; in check mode, what is foreseen.
  returned: success
  type: dict
previous:
  description: The image that stepped back, if any.
  returned: success
  type: dict
  contains:
    id:
      description: Its id.
      type: str
    name:
      description: What it is called now, or in check mode will be.
      type: str
transfer:
  description: How the bytes came into the cloud. V(none) where none had to.
  returned: success
  type: dict
  contains:
    bytes:
      description: How many.
      type: int
    seconds:
      description: In how long.
      type: float
    rate:
      description: Bytes a second.
      type: int
    method:
      description: One of V(stream), V(import) and V(web_download).
      type: str
    proven_by:
      description: What was compared, V(os_hash_value), V(checksum) or the image V(read back).
      type: str
prepared:
  description: What M(curator.glance.image_prepare) said of the disk that was sent (O(prepare)).
  returned: success
  type: dict
source:
  description: What the image was made from.
  returned: success
  type: dict
  contains:
    url:
      description: Where from, without credentials and query.
      type: str
    checksum:
      description: What proved it, as C(<algorithm>:<digest>).
      type: str
    signed_by:
      description: The fingerprint of the key that signed.
      type: str
    sha512:
      description: The digest of the source as fetched, where it was.
      type: str
    format:
      description: What it is, where that was found out.
      type: str
    virtual_size:
      description: The size of the disk in bytes, where that was found out.
      type: int
"""

from ..module_utils import module
from ..module_utils.domain.image import VISIBILITIES
from ..module_utils.domain.supersede import SUPERSEDE_OPTIONS
from ..module_utils.domain.upload import PREPARE_OPTIONS, UploadWish
from ..module_utils.domain.upload_plan import plan_upload
from ..module_utils.work.surveying import read_upload
from ..module_utils.work.uploading import carry_out_upload

OPTIONS = {
    "name": {"type": "str", "required": True},
    "source": {"type": "str", "required": True},
    "source_checksum": {"type": "str"},
    "source_signature": {"type": "str"},
    "source_keyring": {"type": "path", "no_log": False},
    "source_format": {
        "type": "str",
        "choices": ["raw", "qcow2", "vmdk", "vdi", "vhd", "vhdx", "iso"],
    },
    "source_member": {"type": "str"},
    "url_username": {"type": "str"},
    "url_password": {"type": "str", "no_log": True},
    "allow_weak_checksum": {"type": "bool", "default": False},
    "disk_format": {
        "type": "str",
        "choices": ["raw", "keep", "iso", "ami", "ari", "aki"],
        "default": "raw",
    },
    "container_format": {"type": "str"},
    "properties": {"type": "dict"},
    "exact_properties": {"type": "bool", "default": False},
    "tags": {"type": "list", "elements": "str"},
    "min_disk": {"type": "int"},
    "min_ram": {"type": "int"},
    "protected": {"type": "bool"},
    "visibility": {"type": "str", "choices": list(VISIBILITIES)},
    "hidden": {"type": "bool"},
    "owner": {"type": "str"},
    "image_id": {"type": "str"},
    "store": {"type": "str"},
    "max_virtual_size": {"type": "str", "default": "2 TiB"},
    "kernel_id": {"type": "str"},
    "ramdisk_id": {"type": "str"},
    "method": {
        "type": "str",
        "choices": ["auto", "stream", "import", "web_download"],
        "default": "auto",
    },
    "on_change": {"type": "str", "choices": ["rotate", "keep_both", "fail"], "default": "rotate"},
    "supersede": {"type": "dict", "options": SUPERSEDE_OPTIONS},
    "publish": {"type": "bool", "default": True},
    "prepare": {"type": "dict", "options": PREPARE_OPTIONS},
    "cache_dir": {"type": "path"},
}


def main() -> None:
    module.run_change(
        OPTIONS,
        understand=UploadWish.from_params,
        read=read_upload,
        plan=plan_upload,
        apply=carry_out_upload,
    )


if __name__ == "__main__":
    main()
