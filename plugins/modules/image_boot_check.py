#!/usr/bin/python
# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: image_boot_check
short_description: Boot an image, and see whether the guest is what it should be
version_added: 0.2.0
description:
  - Boots an image as an instance of a cloud, or a file on the host that runs the module, with a key
    as any customer's instance has one. Sees whether the guest comes up, gets its addresses, lets
    its key in, and is what O(expect) says. Leaves nothing.
  - The task fails where the guest is not what is expected, and RV(ignore:msg) is the reason in one
    line. All that was seen is returned all the same.
  - What the console says ends a check early, where nothing can come of it any more, such as a
    firmware that finds no boot loader, a kernel that does not find its root disk, or a guest that
    is up and lets nobody in.
  - A file is judged as by M(curator.glance.image_inspect) before QEMU opens it, and it is never
    written to. QEMU needs no rights but those to read it. The guest has no way to the host or to
    any network.
  - In the guest, a few files and states are read as the user of the image, and nothing is changed.
    That is for guests with Linux; of others, the console and a remote desktop can be expected.
options:
  image:
    description:
      - The image to boot in its cloud, by name or id. One of O(image) and O(path) is needed.
    type: str
  path:
    description:
      - The file to boot on the host that runs the module; a disk in any format, packing or archive
        that M(curator.glance.image_inspect) knows.
    type: path
  where:
    description:
      - Where it is booted. Left out, V(cloud) for O(image) and V(local) for O(path). Others do not
        go together.
    type: str
    choices: [cloud, local]
  format:
    description: The format that the disk in O(path) is said to have. Left out, its content decides.
    type: str
    choices: [raw, qcow2, vmdk, vdi, vhd, vhdx, iso]
  member:
    description: The disk's name, where O(path) is an archive of several.
    type: str
  max_virtual_size:
    description: The largest disk that is not refused, for O(path).
    type: str
    default: 2 TiB
  user:
    description:
      - The user of the image, who has the key. Left out, the one that the property
        C(image_original_user) or C(os_admin_user) names.
    type: str
  properties:
    description:
      - For O(path), the image properties that its guest gets its hardware by, such as
        C(hw_disk_bus). What is not named is as Nova has it with QEMU - board V(pc), BIOS, disk and
        network card on virtio. An image has its own.
      - Those count that decide whether a guest boots. These are C(architecture),
        C(hw_machine_type), C(hw_firmware_type), C(os_secure_boot), C(hw_disk_bus),
        C(hw_scsi_model), C(hw_vif_model), C(hw_rng_model) and C(os_type).
    type: dict
  expect:
    description:
      - What is expected of the guest. What is not named is expected where it can be seen, that is,
        where somebody can log in.
    type: dict
    suboptions:
      ssh:
        description: Whether the key lets O(user) in over ssh.
        type: bool
        default: true
      ipv4:
        description:
          - Whether the guest has the IPv4 address that the network gave it, and no other, and is
            reached there. Where that cannot be tried, it holds with a warning.
        type: bool
      ipv6:
        description:
          - The same for IPv6. Addresses that change daily do not count. From a host without IPv6,
            and in a O(temporary_network), no guest can be reached over it.
          - QEMU forwards nothing over IPv6. So with O(where=local), it is reached if the router of
            its network answers the guest.
        type: bool
      authorized_keys:
        description: Whether C(authorized_keys) and C(authorized_keys2) of O(user) have the key
          given at creation, and nothing else but comments.
        type: bool
      single_nic:
        description: Whether there is one network interface beside C(lo). Those without a device
          behind them, such as bridges of containers, do not count.
        type: bool
      interfaces:
        description: How many network interfaces there are instead.
        type: int
      cloud_init:
        description: Whether cloud-init says that it is done. Errors that it got over are warned of.
        type: bool
      grown:
        description:
          - Whether partitions and root file system have grown to the size of the disk.
          - In a cloud, a flavor with a disk that is larger than the image is taken where there is
            one, and a volume is made larger.
        type: bool
      clock:
        description: Whether the guest knows the time, within a minute of ours.
        type: bool
      console:
        description:
          - A regular expression (of Python) that is found on the console sooner or later, such as
            V(login:), or a line of cloudbase-init. Of each line, 500 characters are read.
          - With neither O(expect.ssh) nor O(expect.rdp), and without this, a login prompt is
            expected, or that cloud-init says that it has finished.
        type: str
      rdp:
        description: Whether a remote desktop answers, as that of Windows does.
        type: bool
        default: false
  ram:
    description:
      - Memory of the guest in MiB. In a cloud, the flavor has at least that much, and what the
        image needs. Left out, 1024 for a file.
    type: int
  vcpus:
    description: Processors of the guest; in a cloud, at least that many. Left out, 1 for a file.
    type: int
  disk:
    description:
      - Size of the guest's disk in GiB. In a cloud, at least that much. Left out, a file's disk is
        made a GiB larger than it is, so that there is something to grow.
    type: int
  time_limit:
    description:
      - After how many seconds a guest is given up, however much it has to say. O(timeout) is for
        one that no longer says or does anything, and as long is waited for each of room in a
        quota, Nova starting it, and Nova deleting it.
    type: int
    default: 1800
  console_log:
    description: A file on the host that runs the module, for all that was on the console.
    type: path
  record:
    description:
      - Whether the verdict is left on the image, for O(where=cloud). These are the properties
        C(curator_verified_at), C(curator_verified) (the phases) and C(curator_verified_as) (a
        digest of what was tried) of one that passed, else C(curator_verify_failed) (the reason).
        Only on images that this collection made for the session's project; of others, it warns.
    type: bool
    default: false
  recheck_after:
    description:
      - For how many days a verdict that O(record) left holds. An image that passed within that time
        is not booted again, unless its hardware or O(expect) changed. Left out, it always is.
    type: int
  cache_dir:
    description:
      - A folder for what the guest writes, for as long as the check lasts. Left out,
        C(~/.cache/curator.glance/guests).
    type: path
extends_documentation_fragment:
  - curator.glance.attributes
  - curator.glance.cloud
  - curator.glance.disk
  - curator.glance.instance
attributes:
  check_mode:
    support: full
    details:
      - Nothing is booted. What can be looked at without that is, and RV(checks) are those that
        would be made.
  diff_mode:
    support: full
    details:
      - Of the image, with O(record). Nothing else changes that lasts.
notes:
  - The programs it needs are in Debian's packages openssh-client, and for O(path) also
    qemu-system-x86, qemu-utils and genisoimage, and ovmf for UEFI.
  - KVM is used where it really runs guests. Emulation takes about five times as long.
  - While it works on a local connection, the play shows what it waits for, every few seconds. Set
    the variable C(curator_progress) to V(false) to silence that.
requirements:
  - ssh, ssh-keygen
  - qemu-system-x86_64, qemu-img, setpriv, and genisoimage or xorriso (for O(path))
seealso:
  - module: curator.glance.image_inspect
  - module: curator.glance.image_hw_props
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Boot a disk here before it is uploaded
  curator.glance.image_boot_check:
    path: /srv/images/debian-12-genericcloud-amd64.qcow2
    user: debian

- name: Does this machine from elsewhere start without virtio?
  curator.glance.image_boot_check:
    path: /srv/exports/accounting.ova
    properties:
      hw_disk_bus: ide
      hw_vif_model: e1000
    expect:
      ssh: false
      console: "accounting login:"
    console_log: /tmp/accounting.log

- name: An appliance with two network interfaces, and without cloud-init
  curator.glance.image_boot_check:
    cloud: provider
    image: Firewall
    user: admin
    expect:
      interfaces: 2
      cloud_init: false
      grown: false

- name: In a project that has no network yet
  curator.glance.image_boot_check:
    cloud: customer_a
    image: Debian 12
    user: debian
    temporary_network: true
    floating_network: public

- name: Windows, which somebody reaches by remote desktop
  curator.glance.image_boot_check:
    cloud: provider
    image: Windows Server 2022
    expect:
      ssh: false
      rdp: true
    time_limit: 3600

- name: Once a week, however often the play runs
  curator.glance.image_boot_check:
    cloud: provider
    image: Debian 12
    record: true
    recheck_after: 7
"""

RETURN = r"""
passed:
  description: Whether all that was expected holds. V(none) in check mode.
  returned: always
  type: bool
reason:
  description: The first thing that does not hold, in one sentence. V(none) if all does.
  returned: always
  type: str
  sample: The firmware finds no boot loader on the disk.
blame:
  description:
    - What it is due to that not all holds; V(none) if all does.
    - V(place) where it never came to the guest, as no machine was started for it, or there was no
      way to that. With O(record), an image then keeps that it passed the same check before.
  returned: always
  type: str
  sample: guest
checks:
  description: All that was expected, the cause before what follows from it.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: V(started), V(boot), and what O(expect) has; V(interfaces) also for
        O(expect.single_nic).
      type: str
    passed:
      description: Whether it holds. V(none) if it could not be seen, since something before failed.
      type: bool
    told:
      description: The same in words.
      type: str
      sample: The guest has 1 network interface beside lo (eth0), and 2 were expected.
phases:
  description:
    - How many seconds after the beginning the guest got so far. V(started) when its machine ran,
      V(console) with the first words on its console, V(up) with a login prompt or when cloud-init
      had finished, V(ssh) when somebody was let in, V(cloud_init) when cloud-init was done as seen
      from inside, V(rdp), V(marker) when O(expect.console) was found, and V(ended).
  returned: always
  type: dict
  sample: {started: 0.4, console: 0.4, up: 6.1, ssh: 6.4, cloud_init: 7.2, ended: 7.6}
console:
  description: The last lines of the console. Empty if the check passed; see O(console_log).
  returned: always
  type: str
guest:
  description: What the guest said of itself. V(none) if nobody was let in, or it never came to the
    end.
  returned: always
  type: dict
  contains:
    hostname:
      description: Its name.
      type: str
    interfaces:
      description: Its network interfaces, each with C(name), C(mac) and C(addresses).
      type: list
      elements: dict
    cloud_init:
      description: What cloud-init says of its state. V(none) if there is no cloud-init.
      type: str
    failed_units:
      description: Units of systemd that failed. They are warned of; the check passes.
      type: list
      elements: str
where:
  description: Where it was booted, V(cloud) or V(local).
  returned: always
  type: str
booted:
  description: Whether it was booted now, and not long enough ago (O(recheck_after)).
  returned: always
  type: bool
recorded:
  description: Whether the verdict was left on the image.
  returned: always
  type: bool
verified_at:
  description: When the image passed, if that stands on it.
  returned: always
  type: str
  sample: "2026-11-21T02:14:09Z"
image:
  description: The image afterwards, with the keys that M(curator.glance.image_info) describes.
    V(none) without O(record) and O(recheck_after).
  returned: always
  type: dict
"""

from ..module_utils import module
from ..module_utils.domain.boot.wish import PLACES, BootWish
from ..module_utils.domain.disk import FORMATS
from ..module_utils.work.boot_recording import check_and_record, foresee_recorded

OPTIONS = {
    "image": {"type": "str"},
    "path": {"type": "path"},
    "where": {"type": "str", "choices": list(PLACES)},
    "format": {"type": "str", "choices": list(FORMATS)},
    "member": {"type": "str"},
    "max_virtual_size": {"type": "str", "default": "2 TiB"},
    "user": {"type": "str"},
    "properties": {"type": "dict"},
    "expect": {
        "type": "dict",
        "options": {
            "ssh": {"type": "bool", "default": True},
            "ipv4": {"type": "bool"},
            "ipv6": {"type": "bool"},
            "authorized_keys": {"type": "bool", "no_log": False},
            "single_nic": {"type": "bool"},
            "interfaces": {"type": "int"},
            "cloud_init": {"type": "bool"},
            "grown": {"type": "bool"},
            "clock": {"type": "bool"},
            "console": {"type": "str"},
            "rdp": {"type": "bool", "default": False},
        },
    },
    "ram": {"type": "int"},
    "vcpus": {"type": "int"},
    "disk": {"type": "int"},
    "flavor": {"type": "str"},
    "network": {"type": "list", "elements": "str"},
    "temporary_network": {"type": "bool", "default": False},
    "security_groups": {"type": "list", "elements": "str"},
    "boot_from_volume": {"type": "bool", "default": False},
    "floating_network": {"type": "str"},
    "jump_host": {"type": "str"},
    "time_limit": {"type": "int", "default": 1800},
    "console_log": {"type": "path"},
    "record": {"type": "bool", "default": False},
    "recheck_after": {"type": "int"},
    "cache_dir": {"type": "path"},
}


def main() -> None:
    module.run_check(
        OPTIONS, understand=BootWish.from_params, check=check_and_record, foresee=foresee_recorded
    )


if __name__ == "__main__":
    main()
