#!/usr/bin/python
# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: image_inspect
short_description: Tell what a disk file is, whether it is safe to open, and which hardware suits it
version_added: 0.2.0
description:
  - Looks into a file that is to become an image, and says what it is by its content, whatever it is
    called. Needs no cloud. The other modules of this collection judge a disk in the same way before
    they use it.
  - Reads C(raw), C(qcow2), C(vmdk), C(vdi), C(vhd), C(vhdx) and C(iso), also packed with C(xz),
    C(gz), C(bz2) or C(zst), or as the member of a C(tar), C(zip) or C(ova) archive, and an archive
    that is compressed. What is packed more often is refused.
  - A refused file is no failure of the task. RV(safe) is then V(false), and RV(reasons) say why.
  - Refused is a disk that reads other files (a backing file, an external data file, a VMDK whose
    extents are not inside it, a differencing VDI, VHD or VHDX), is encrypted, is marked as corrupt,
    was cut short, uses features that are not known here, is larger than O(max_virtual_size), can be
    taken for two formats, or is not what O(format) says. Also refused is what is no disk, such as a
    text, a web page, or an empty file.
  - Refused is an archive with members that would lie outside of it, with links or devices, with
    several disks and neither O(member) nor a description that puts them in order, with a disk or
    description that contradicts the OVF manifest, or with sizes that are not true.
  - The description in an OVA (C(.ovf), of OVF 0.9 to 2) is read for what it says of the machine, in
    the dialects of VMware, VirtualBox and oVirt. Of several disks that it describes, the one that
    the machine starts from is judged; the others are listed in RV(disks), and are judged when they
    are named as O(member). The modules that make images do not choose so; they ask for a member.
  - Refused is a description with a disk that lies outside of the archive, that is not in it, that
    is only the difference to another one, or that is cut into chunks; and one of several machines.
  - From all this, hardware is proposed that the guest has drivers for, RV(proposal), as profiles
    and properties of image hardware. It is cautious, and says why.
  - Snapshots inside a qcow2 are no reason to refuse it. They are left out when it becomes raw.
  - Only a disk that has passed these checks is opened by QEMU, which gets the format by name, this
    one open file, and limits on time and memory. It reads the partition table of the disk, and
    looks for damage.
  - A packed raw disk is read to its end, to know its size and that it is whole. Other packed disks
    are unpacked to the directory for temporary files, which E(TMPDIR) names, and removed.
options:
  path:
    description: The file, on the host that runs the module.
    type: path
    required: true
  format:
    description:
      - The format that the disk is said to have, inside of all that it is packed in. Refused is one
        that has another.
      - Left out, the content decides, and what it does not decide is V(raw).
      - Of a packed file, V(vhd) is also heeded where the name ends with C(.vhd). A fixed VHD shows
        itself only at its end, and without a word or a name a packed one would look like a raw disk
        until then; it is refused.
    type: str
    choices: [raw, qcow2, vmdk, vdi, vhd, vhdx, iso]
  member:
    description:
      - The disk's name in the archive. Left out, it is the disk that the machine starts from, where
        an OVF describes one, or the only member that may be a disk. What lies beside disks is
        passed over, such as C(.ovf), C(.mf), C(.nvram), texts and checksums.
    type: str
  max_virtual_size:
    description:
      - The largest disk that is not refused, in bytes or with a unit, such as V(25 GiB) or V(500M).
        All units are powers of 1024.
      - It also limits what may come out of a packed file, whatever that says of itself.
    type: str
    default: 2 TiB
extends_documentation_fragment:
  - curator.glance.disk
attributes:
  check_mode:
    description: Can run in check mode and tell what would change without changing it.
    support: full
    details:
      - It changes nothing.
  diff_mode:
    description: Shows what changed, or would change, when the task runs with C(--diff).
    support: N/A
    details:
      - It changes nothing.
  idempotent:
    description: Run again with the same options, it changes nothing and says so.
    support: full
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: What is this file?
  curator.glance.image_inspect:
    path: /srv/images/appliance.ova
  register: disk

- name: Stop where it is not safe, and say why
  ansible.builtin.assert:
    that: disk.safe
    fail_msg: "{{ disk.verdict }}"

- name: Take only a qcow2 of no more than 25 GiB
  curator.glance.image_inspect:
    path: ~/upload.qcow2
    format: qcow2
    max_virtual_size: 25 GiB

- name: Look at the second disk of a machine
  curator.glance.image_inspect:
    path: /srv/images/database.ova
    member: database-disk2.vmdk

- name: What would it need on a cloud, and why?
  ansible.builtin.debug:
    var: disk.proposal
"""

RETURN = r"""
format:
  description: The format of the disk by its content; V(unknown) if it was refused before that was
    known.
  returned: success
  type: str
  sample: qcow2
virtual_size:
  description: The size of the disk in bytes, as a guest sees it. V(none) if it was refused before
    that was known. A raw disk may have a size that is no multiple of 512; it is taken as it is.
  returned: success
  type: int
  sample: 2147483648
file_size:
  description: The size of the file in bytes.
  returned: success
  type: int
  sample: 441450496
safe:
  description: Whether nothing was found that speaks against opening it.
  returned: success
  type: bool
verdict:
  description: The same in words.
  returned: success
  type: str
  sample: Nothing speaks against opening it.
reasons:
  description: Why it is refused, and what to do about it; one text for each reason.
  returned: success
  type: list
  elements: str
  sample: []
packing:
  description: What the disk is packed in, the innermost first, like the suffixes of a file's name.
  returned: success
  type: list
  elements: str
  sample: [tar, gz]
member:
  description: The disk's name in the archive. V(none) if there is no archive.
  returned: success
  type: str
  sample: appliance-disk1.vmdk
members:
  description: The files in the archive; in one that is compressed, as far as it was read.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the file.
      type: str
    size:
      description: Its size in bytes, unpacked.
      type: int
partition_table:
  description: How the disk is divided. One of V(gpt), V(mbr), or V(none) if it is not, or not in a
    way that is known here.
  returned: success
  type: str
  sample: gpt
firmware:
  description:
    - Which firmware can start the disk, as far as its first bytes tell. Any of V(bios) and V(uefi).
    - V(uefi) for an EFI system partition, V(bios) for a BIOS boot partition, or for boot code in an
      MBR. For an ISO, what its boot catalog names.
    - An empty list means that nothing was found, not that the disk cannot be started.
  returned: success
  type: list
  elements: str
  sample: [bios, uefi]
machine:
  description:
    - The machine, as the OVF in the archive describes it. V(none) if there is no OVF, or more than
      one, or if the file was refused before it was read.
    - It is what somebody wrote down, and not what was seen. What is not known is V(none).
  returned: success
  type: dict
  contains:
    name:
      description: The machine's name.
      type: str
    os:
      description: The operating system that was chosen from a list when the machine was made.
      type: dict
      contains:
        type:
          description: One of V(linux), V(windows), V(bsd) and V(other).
          type: str
        distro:
          description: The distribution, as C(os_distro) has it. V(none) where the list that it was
            chosen from makes one entry stand for several.
          type: str
        version:
          description: Its version.
          type: str
        described_as:
          description: The same in the words of the description.
          type: str
        architecture:
          description: V(x86_64) or V(aarch64), where the description settles it.
          type: str
    firmware:
      description: V(bios) or V(uefi).
      type: str
    secure_boot:
      description: Whether it starts only what is signed.
      type: bool
    cpus:
      description: Number of CPUs.
      type: int
    memory:
      description: Memory in MiB.
      type: int
    disks:
      description: All of its disks, the one that it starts from first, then those of each
        controller by their addresses.
      type: list
      elements: dict
      contains:
        number:
          description: Its place in this list, from 1 on.
          type: int
        member:
          description: Its file in the archive; V(none) of a disk that is shipped empty.
          type: str
        capacity:
          description: Its size in bytes.
          type: int
        bus:
          description: What it is attached to, such as V(ide), V(sata), V(scsi), V(virtio), V(nvme).
          type: str
        controller:
          description: The model of the controller, such as V(lsilogic), V(pvscsi), V(virtio-scsi).
          type: str
        address:
          description: Its place on the controller.
          type: int
    networks:
      description: The model of each network adapter, such as V(e1000), V(vmxnet3), V(virtio).
      type: list
      elements: str
    notes:
      description: What of the description was not followed, and why.
      type: list
      elements: str
disks:
  description: The disks in the file that can become images, the one that the machine starts from
    first. One, if the file is a disk, or holds one; none, if what there is could not be settled.
  returned: success
  type: list
  elements: dict
  contains:
    number:
      description: The disk's number in its machine, from 1 on.
      type: int
    member:
      description: Its name in the archive, for O(member) and for C(source_member) of
        M(curator.glance.image_upload_raw). V(none) if there is no archive.
      type: str
    size:
      description: Size of the file in bytes.
      type: int
    capacity:
      description: Size of the disk in bytes; of those that were not looked at, as the description
        says, which may be rounded up.
      type: int
    bus:
      description: What it was attached to. V(none) if nothing says so.
      type: str
proposal:
  description: What is proposed for an image of this disk; nothing, if it is refused.
  returned: success
  type: dict
  contains:
    profiles:
      description: Names of hardware profiles, of which later ones win.
      type: list
      elements: str
      sample: [legacy-ide]
    properties:
      description: Properties that win over those of the profiles; V(none) takes one of those away.
      type: dict
      sample: {architecture: x86_64, os_distro: debian, os_type: linux, os_version: "12"}
    min_ram:
      description: The machine's memory in MiB. V(none) if it is not known.
      type: int
    min_disk:
      description: The size of the disk in whole GiB. V(none) if it is not known.
      type: int
    reasons:
      description: Why, one sentence for each choice.
      type: list
      elements: str
"""

from ..module_utils import module
from ..module_utils.domain.disk import FORMATS, InspectWish
from ..module_utils.work.inspecting import inspect

OPTIONS = {
    "path": {"type": "path", "required": True},
    "format": {"type": "str", "choices": list(FORMATS)},
    "member": {"type": "str"},
    "max_virtual_size": {"type": "str", "default": "2 TiB"},
}


def main() -> None:
    module.run_local(OPTIONS, understand=InspectWish.from_params, read=inspect)


if __name__ == "__main__":
    main()
