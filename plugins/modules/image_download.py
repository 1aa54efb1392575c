#!/usr/bin/python
# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: image_download
short_description: Save an image to a file, proven and ready to be taken back
version_added: 0.2.0
description:
  - Reads the data of an image into a file, and compares it with the digest that Glance has of it.
    Only when all of it is there, proven and on the disk, the file gets its name.
  - Where the connection breaks off, reading goes on at the same byte. A run that was interrupted,
    or killed, can simply be repeated, and goes on where it ended.
  - A file that is the image already is left as it is, and no image data moves.
  - Beside the file it writes a sidecar, C(<file>.image.yml), with all that the image says of
    itself, and with the options for M(curator.glance.image_upload_raw) to make the same image of
    the file again, in this cloud or another.
options:
  path:
    description:
      - The file to save the image to, on the host that runs the module; or a folder that is there,
        for a file that is named after the image. What ends with C(/) is a folder.
      - Only the user who runs the module may read the file and its sidecar.
    type: path
    required: true
  disk_format:
    description:
      - What the file shall be. V(keep) saves the image's bytes as they are.
      - V(raw) and V(qcow2) convert the disk where it has another format. Its content has to be what
        Glance says, and nothing that could harm this host. The image lies here twice for a while.
    type: str
    choices: [keep, raw, qcow2]
    default: keep
  compress:
    description: Whether the data in the file is compressed. Only with O(disk_format=qcow2).
    type: bool
    default: false
  overwrite:
    description:
      - Whether a file that is there, and is not the image in this format, is replaced. It stays
        until the image is here and proven.
      - With V(false), such a file is an error, also if it was saved by this module.
    type: bool
    default: false
  max_virtual_size:
    description: The largest disk that is converted, as C(25 GiB) or in bytes. A small file can
      claim to be a disk of many terabytes.
    type: str
    default: 2 TiB
  rate_limit:
    description:
      - How many bytes a second may come from the cloud at most, as C(20 MiB) or in bytes.
    type: str
  retries:
    description: How often a connection that broke is made again, counted anew whenever something
      came.
    type: int
    default: 4
extends_documentation_fragment:
  - curator.glance.attributes
  - curator.glance.cloud
  - curator.glance.disk
  - curator.glance.image
attributes:
  check_mode:
    support: full
    details:
      - No image data is read. A file that is there is compared with the image.
      - An image that does not exist (yet) is no failure in check mode. The module warns, and
        returns RV(ignore:changed=true) and RV(ignore:image=none).
  diff_mode:
    support: full
notes:
  - What came so far lies beside the file, as C(.<file>.<id of the image>.part), until all of it is
    there. It stays where a run fails in a way that another one can mend, and the message says so.
  - An old image without C(os_hash_value) is compared by its C(checksum). If it has none of them, a
    warning says that nothing proves it.
  - Runs of zeros become holes, which take no room on the disk.
  - The programs for conversions are in Debian's packages qemu-utils and libnbd-bin, and in Red
    Hat's qemu-img and libnbd. With V(keep), none of them is needed.
  - While it works on a local connection, the play shows how far it is, every few seconds. Set the
    variable C(curator_progress) to V(false) to silence that.
seealso:
  - module: curator.glance.image_upload_raw
  - module: curator.glance.image_migrate
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Save an image as it is
  curator.glance.image_download:
    cloud: provider
    image: Debian 12
    path: /srv/images/debian-12.raw

- name: Save it small, under a name that is made of its own
  curator.glance.image_download:
    cloud: provider
    image: accounting
    path: /srv/backup/
    disk_format: qcow2
    compress: true
    rate_limit: 50 MiB
  register: saved

- name: Make the same image of it in another cloud
  curator.glance.image_upload_raw:
    cloud: elsewhere
    name: "{{ saved.upload.name }}"
    source: "{{ saved.path }}"
    source_checksum: "{{ saved.checksum }}"
    source_format: "{{ saved.upload.source_format }}"
    disk_format: "{{ saved.upload.disk_format }}"
    container_format: "{{ saved.upload.container_format }}"
    properties: "{{ saved.upload.properties }}"
    tags: "{{ saved.upload.tags }}"
"""

RETURN = r"""
image:
  description: The image, with the keys that M(curator.glance.image_info) describes. In check mode
    V(none) if there is no such image yet.
  returned: success
  type: dict
path:
  description: The file.
  returned: success
  type: str
  sample: /srv/images/debian-12.raw
sidecar:
  description: What lies beside it, and says what it is.
  returned: success
  type: str
  sample: /srv/images/debian-12.raw.image.yml
action:
  description:
    - V(created), V(replaced) where another file was there, V(described) where the file was the
      image already and only its sidecar was written, and V(unchanged).
  returned: success
  type: str
  sample: created
disk_format:
  description: What the file is.
  returned: success
  type: str
  sample: raw
size:
  description: The size of the file in bytes. V(none) in check mode where it would be written.
  returned: success
  type: int
  sample: 3221225472
checksum:
  description: What the file hashes to, as C(sha512:<digest>). V(none) in check mode where it would
    be written.
  returned: success
  type: str
proven_by:
  description: The attribute of the image that its bytes were compared with, V(os_hash_value) or
    V(checksum). V(none) where Glance has neither, and in check mode where the file would be
      written.
  returned: success
  type: str
  sample: os_hash_value
transfer:
  description: How the bytes came here. V(none) where none had to.
  returned: success
  type: dict
  contains:
    bytes:
      description: How many came from the cloud, with those that came twice.
      type: int
    resumed:
      description: How many an earlier run had left.
      type: int
    seconds:
      description: In how long.
      type: float
    rate:
      description: Bytes a second.
      type: int
upload:
  description:
    - Options with which M(curator.glance.image_upload_raw) makes the same image of the file. They
      name no visibility and no owner.
    - V(none) for what that module does not take, such as containers.
  returned: success
  type: dict
dropped:
  description: Properties that RV(upload) leaves out, as they mean nothing in another cloud, and
    why.
  returned: success
  type: list
  elements: dict
  sample:
    - name: stores
      reason: says where the source cloud keeps the bytes
"""

from ..module_utils import module
from ..module_utils.domain.saving.planning import plan_download
from ..module_utils.domain.saving.wish import KEEP, QCOW2, RAW, DownloadWish
from ..module_utils.work.saving import carry_out_download
from ..module_utils.work.surveying_file import read_download

OPTIONS = {
    "image": {"type": "str", "required": True},
    "path": {"type": "path", "required": True},
    "disk_format": {"type": "str", "choices": [KEEP, RAW, QCOW2], "default": KEEP},
    "compress": {"type": "bool", "default": False},
    "overwrite": {"type": "bool", "default": False},
    "max_virtual_size": {"type": "str", "default": "2 TiB"},
    "rate_limit": {"type": "str"},
    "retries": {"type": "int", "default": 4},
}


def main() -> None:
    module.run_change(
        OPTIONS,
        understand=DownloadWish.from_params,
        read=read_download,
        plan=plan_download,
        apply=carry_out_download,
        predicted={"action": "created", "transfer": None, "upload": None},
    )


if __name__ == "__main__":
    main()
