#!/usr/bin/python
# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: image_prepare
short_description: Make a guest's disk fit for a cloud, without booting it
version_added: 0.2.0
description:
  - Looks into the file systems of a disk and says whether a cloud can run the guest, and what it
    needs for that. With O(operations), does it, and writes the outcome to another file.
  - The disk is judged first, as M(curator.glance.image_inspect) does it. Its file systems are
    opened by libguestfs in a small machine of its own; nothing of them is ever mounted on the host.
    That machine is started once a task, however many operations there are.
  - The disk itself stays as it is, unless O(in_place) says otherwise. Then, too, it is replaced
    only when all went well, and all at once.
options:
  path:
    description: The file with the disk, on the host that runs the module. It may be packed, and
      in any format that M(curator.glance.image_inspect) reads.
    type: path
    required: true
  format:
    description: The format that the disk is said to have. Refused is one that has another.
    type: str
    choices: [raw, qcow2, vmdk, vdi, vhd, vhdx]
  member:
    description: The disk's name in an archive, as in M(curator.glance.image_inspect).
    type: str
  max_virtual_size:
    description: The largest disk that is not refused, in bytes or with a unit.
    type: str
    default: 2 TiB
  output:
    description:
      - The file to write the prepared disk to. Beside it, C(<file>.prepared.json) remembers what it
        was made of; as long as nothing of that changes, it is left as it is.
    type: path
  output_format:
    description: The format of the prepared disk. Left out, that of the disk itself, if it is
      V(qcow2) or V(raw), and else V(qcow2).
    type: str
    choices: [raw, qcow2]
  in_place:
    description: Replace the disk by the prepared one, instead of O(output). Only a V(qcow2) or
      V(raw) disk that is not packed can be replaced.
    type: bool
    default: false
  overwrite:
    description: Whether a file that has the name of O(output), and was not written by this module,
      is replaced.
    type: bool
    default: false
  operations:
    description:
      - What shall be done, in this order. Each is a name, or a map of a name to options. Each of
        them changes only what is not as it should be.
      - C(as_needed) stands for all that the guest needs to run on a cloud, each asked for when its
        turn comes.
      - C(device_names) has disks named by UUID in F(/etc/fstab), F(/etc/crypttab) and the boot
        loader. C(/dev/sda1) has another name on another bus, and so has what F(/dev/disk/by-path)
        and F(/dev/disk/by-id) name.
      - C(virtio) puts the drivers of virtio into each initramfs that lacks them. Into a Windows,
        virt-v2v puts those of C(drivers), which is the ISO of virtio-win or a folder with what is
        in it; left out, that of the environment variable C(VIRTIO_WIN), or
        F(/usr/share/virtio-win/virtio-win.iso).
      - C(network_dhcp) lets the cloud give addresses, whatever the adapter is called. It knows
        ifupdown, netplan, networkd, NetworkManager and ifcfg files; where cloud-init sets up the
        network, it leaves it to that. Bonds, bridges and VLANs go with the adapters of which they
        are made.
      - C(udev_net_rules) removes rules that name adapters by their hardware addresses or slots.
      - C(cloud_init) switches cloud-init on, with C(datasources) (those of OpenStack by default),
        takes away what installers told it, and installs it where it is missing, from C(files)
        where they are given.
      - C(grow_root) lets the root file system fill the disk of the flavor, with C(files) as above.
        What cannot grow, such as LVM or a partition with another behind it, is in the warnings.
      - C(serial_console) has the kernel and a login prompt on the console that clouds record.
      - C(machine_identity) removes what must differ from guest to guest. These are machine-id, SSH
        host keys, DHCP leases, random seeds, and what cloud-init remembers of instances.
      - C(users) takes passwords (C(lock_passwords)) and keys (C(remove_authorized_keys)) away,
        but for the users in C(keep).
      - C(write) writes C(content), or the file C(src) of this host, to C(path), with C(mode),
        C(owner) and C(group) as numbers.
      - C(append_line) adds C(line) to C(path) unless it is there.
      - C(delete) removes what matches C(path).
      - C(run) runs C(command) with the guest's shell, unless C(creates) is there.
      - C(install) and C(uninstall) take C(packages); C(install) can take them from C(files).
      - C(files), here and above, have to be all packages that the guest lacks, with those on which
        they depend. Nothing is fetched beside them.
      - C(update) updates all packages.
      - C(timezone) and C(hostname) take C(name).
      - C(selinux_relabel) has the guest label its files anew when it starts, if this task wrote
        any. It is done at the end of each task that did, whether it is named or not.
      - C(vmware_tools_removal) removes the tools of VMware's hypervisors.
      - C(sparsify) gives back what no file uses; C(shrink) makes the last file system, its
        partition and the disk smaller; C(compress) compresses a qcow2, and does nothing to a raw
        disk.
    type: list
    elements: raw
    default: []
  secrets:
    description:
      - What to do about private keys, histories of shells, credentials, tokens and passwords in the
        places where they are usually left, once all operations are done. They are listed by place
        and kind; what they are is never shown.
      - V(warn) lists them; V(fail) makes no disk that has any; V(remove) removes them; V(ignore)
        does not look.
      - With V(remove), their bytes are overwritten, and what no file uses is given back. Copies
        in journals, in swap, in snapshots, or of files that were removed earlier may be left.
      - A disk that stands is made anew where less was asked of it. With V(ignore), nobody looked.
    type: str
    choices: [warn, fail, remove, ignore]
    default: warn
  network:
    description:
      - Whether programs of the guest that operations run may use the network, as C(install) and
        C(update) have to. They are a stranger's programs, and reach what this host reaches.
    type: bool
    default: false
  cache_dir:
    description: A folder on a disk with room for what is unpacked and made, on the same file system
      as the output. Left out, that of the output.
    type: path
extends_documentation_fragment:
  - curator.glance.attributes
  - curator.glance.disk
attributes:
  check_mode:
    support: full
    details:
      - The disk is only read. Operations see what earlier ones would do to files; what a program
        of the guest would do, they cannot know.
  diff_mode:
    support: full
    details:
      - Shows the files of the guest. What holds passwords is not shown.
  idempotent:
    support: full
    details:
      - With O(in_place), C(run) without C(creates) is for the task to judge; it runs each time.
requirements:
  - libguestfs with its Python binding (Debian and Ubuntu, libguestfs-tools and python3-guestfs;
    Fedora and RHEL, guestfs-tools and python3-libguestfs)
  - a kernel on the host that the user may read
  - PyYAML
  - virt-v2v, nbdkit and the ISO of virtio-win (to put drivers into a Windows)
notes:
  - With the environment variable C(SOURCE_DATE_EPOCH), files that operations write have that time.
  - For a Windows there are the operations C(as_needed), C(virtio) and C(compress). It was tried
    with disks that have the registry and the folders of one, and with no real Windows.
seealso:
  - module: curator.glance.image_inspect
  - module: curator.glance.image_boot_check
  - module: curator.glance.image_upload_raw
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Can a cloud run this guest?
  curator.glance.image_prepare:
    path: /srv/exports/accounting.qcow2
  register: guest

- name: Say what it needs
  ansible.builtin.debug:
    msg: "{{ guest.verdict.reasons }}"

- name: Do what it needs, and some more
  curator.glance.image_prepare:
    path: /srv/exports/accounting.ova
    output: /srv/images/accounting.qcow2
    operations:
      - as_needed
      - serial_console
      - write: {path: /etc/motd, content: "Imported from the old cluster.\n"}
      - timezone: Europe/Stockholm
      - sparsify
      - compress
    secrets: remove

- name: Install packages that lie here, with all that they depend on
  curator.glance.image_prepare:
    path: /srv/exports/web.raw
    in_place: true
    operations:
      - cloud_init:
          files: "{{ query('ansible.builtin.fileglob', '/srv/packages/debian-12/*.deb') }}"
      - network_dhcp
"""

RETURN = r"""
inspection:
  description: The guest as it was found. Its operating system, boot loader, kernels and whether
    they start with virtio, network, cloud-init, users with passwords, and more.
  returned: success
  type: dict
verdict:
  description: Whether a cloud can run the guest, after all operations; in check mode, as it is.
  returned: success
  type: dict
  contains:
    state:
      description: V(ready), V(needs) or V(cannot).
      type: str
    needs:
      description: The operations that it needs.
      type: list
      elements: str
    reasons:
      description: Why, one text for each.
      type: list
      elements: str
    warnings:
      description: What may be a trouble.
      type: list
      elements: str
    virtio:
      description: Of a Windows, whether it has the drivers C(blk), C(scsi) and C(net).
      type: dict
    kernels:
      description: The kernels as they are now, and whether each starts with virtio; V(null) where
        its initramfs cannot be unpacked here.
      type: list
      elements: dict
operations:
  description: What was done, in order; C(as_needed) as the operations that it stood for.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The operation.
      type: str
    changed:
      description: Whether it changed anything.
      type: bool
    what:
      description: What it changed.
      type: list
      elements: str
secrets:
  description: The secrets that are left in the guest.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: Where it is.
      type: str
    kind:
      description: What it is.
      type: str
fingerprint:
  description: The same as long as the operations are the same, with all that they are made of.
  returned: success
  type: str
output:
  description: The prepared disk. V(none) if the disk was only inspected.
  returned: success
  type: str
"""

from ..module_utils import module
from ..module_utils.domain.prepare.wish import SECRETS, PrepareWish
from ..module_utils.work.preparing import foresee_prepare, prepare

OPTIONS = {
    "path": {"type": "path", "required": True},
    "format": {"type": "str", "choices": ["raw", "qcow2", "vmdk", "vdi", "vhd", "vhdx"]},
    "member": {"type": "str"},
    "max_virtual_size": {"type": "str", "default": "2 TiB"},
    "output": {"type": "path"},
    "output_format": {"type": "str", "choices": ["raw", "qcow2"]},
    "in_place": {"type": "bool", "default": False},
    "overwrite": {"type": "bool", "default": False},
    "operations": {"type": "list", "elements": "raw", "default": []},
    "secrets": {"type": "str", "choices": list(SECRETS), "default": "warn", "no_log": False},
    "network": {"type": "bool", "default": False},
    "cache_dir": {"type": "path"},
}


def main() -> None:
    module.run_local(
        OPTIONS, understand=PrepareWish.from_params, read=prepare, foresee=foresee_prepare
    )


if __name__ == "__main__":
    main()
