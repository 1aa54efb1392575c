#!/usr/bin/python
# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: image_hw_props
short_description: Set the virtual hardware that an image asks for
version_added: 0.2.0
description:
  - Sets, changes and removes the properties of an image that decide which virtual hardware a server
    gets that starts from it, such as disk and network models, firmware, machine type, video and CPU
    topology, and those that say which operating system is in it.
  - A value that the hypervisor does not have, or a combination that it refuses, lets a server fail
    to start, and the cloud says so only then. So names, values and combinations are checked before
    anything changes.
  - What the task does not name is left alone, unless O(exact) is set. All changes go into one
    request, which Glance carries out whole or not at all.
  - The verdict of a boot check goes with the hardware that it was about. When that changes, what
    M(curator.glance.image_boot_check) and its O(curator.glance.image_boot_check#module:record) left
    on the image is removed in the same request, such as C(curator_verified_at).
  - With no more than O(image), it changes nothing and returns the hardware that the image asks for.
options:
  properties:
    description:
      - Hardware properties to set. They win over those of O(profiles). A value of V(null) removes
        the property, also where a profile would set it.
      - Glance stores strings. Values are compared as those who read them take them, so that V(1)
        and V("1") are the same, and so are the spellings of a switch, such as V(yes) and V(true). A
        value that says the same already stays as it is written.
      - YAML turns a version such as V(4.10) into a number, and V(on) into a boolean, before any
        module sees it. Put such values in quotes.
      - Other properties are set with M(curator.glance.image_metadata), and are refused here.
    type: dict
  profiles:
    description:
      - Named sets of properties, of this list or of O(profile_definitions). Where two name the same
        property, the later one wins.
      - "V(virtio). Modern Linux: paravirtual disk and network, the fastest that QEMU has."
      - V(virtio-scsi). Linux with many disks, or that gives space back by discarding it.
      - "V(legacy-ide). Guests of unknown age, or without virtio drivers: slow, and starts nearly
        always."
      - V(windows). Windows with virtio drivers installed.
      - V(windows-legacy). Windows without virtio drivers, as it comes from another virtualization.
      - V(uefi). Disks that start by UEFI, on x86.
      - V(uefi-secureboot). Systems that are signed for Secure Boot, on x86.
      - V(vmware). Disks for VMware; vmware_disktype is left to you, as it has to say how the VMDK
        is made.
      - V(xen). Guests with Xen's drivers, on the few clouds that still have Xen.
      - "V(minimal). Appliances and network functions that are seen on a serial console: few
        devices."
    type: list
    elements: str
  profile_definitions:
    description:
      - Further profiles, by name, each a dict of properties and values as in O(properties). One
        that has the name of a profile above takes its place.
    type: dict
  hypervisor:
    description:
      - Whose hardware the values are checked against. Left out, it is what the image says with
        C(hypervisor_type), and V(kvm) for an image that says nothing.
      - It is not stored. To keep the image to hosts with a certain hypervisor, set
        C(hypervisor_type) in O(properties).
    type: str
    choices: [kvm, qemu, vmware, xen, hyperv, parallels, lxc]
  exact:
    description:
      - Whether every hardware property that neither O(properties) nor O(profiles) name is removed.
        Other properties always stay.
    type: bool
    default: false
  validation:
    description:
      - What becomes of a task with names, values or combinations that are wrong.
      - With V(strict), it fails and nothing changes. With V(warn), it warns and sets them. With
        V(off), they are not looked at.
      - What the tables of this collection lack may be something that the cloud defines for itself.
        Then, and only then, its metadata definitions are read, which takes about 20 more requests.
      - Names that cannot be hardware properties are an error in any case.
    type: str
    default: strict
    choices: [strict, warn, "off"]
extends_documentation_fragment:
  - curator.glance.attributes
  - curator.glance.attributes.changes
  - curator.glance.image
  - curator.glance.cloud
seealso:
  - module: curator.glance.image_metadata
  - module: curator.glance.image_info
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Give a modern Linux image the fastest hardware
  curator.glance.image_hw_props:
    cloud: provider
    image: Debian 12
    profiles: [virtio, uefi]
    properties:
      os_type: linux
      os_distro: debian
      os_version: "12"
      architecture: x86_64

- name: Let an old guest start, and nothing else be left of what was tried before
  curator.glance.image_hw_props:
    cloud: customer_a
    image: Accounting 2009
    profiles: [legacy-ide]
    exact: true

- name: Add a profile of our own to one that is there, and take one property away
  curator.glance.image_hw_props:
    cloud: provider
    image: GPU Ubuntu 24.04
    profiles: [virtio-scsi, house]
    profile_definitions:
      house:
        hw_video_model: virtio
        hw_watchdog_action: reset
    properties:
      hw_rng_model: null

- name: See which hardware an image asks for
  curator.glance.image_hw_props:
    cloud: provider
    image: Debian 12
  register: hardware
"""

RETURN = r"""
image:
  description: The image afterwards, with the keys that M(curator.glance.image_info) describes.
    In check mode V(none) if there is no such image yet.
  returned: success
  type: dict
before:
  description: The hardware properties that the image had. V(none) where there is no image yet.
  returned: success
  type: dict
  sample: {hw_disk_bus: ide}
after:
  description: The hardware properties that it has now, or would have in check mode. V(none) where
    there is no image yet.
  returned: success
  type: dict
  sample: {hw_disk_bus: virtio, hw_vif_model: virtio}
profiles:
  description: What O(profiles) come to together, before O(properties). V(none) where there is no
    image yet.
  returned: success
  type: dict
  sample: {hw_disk_bus: virtio, hw_vif_model: virtio}
findings:
  description: What is wrong with the properties, one sentence or more each. Where the task did not
    fail, each is a warning, too.
  returned: success, and where O(validation=strict) refused something
  type: list
  elements: str
  sample: []
"""

from ..module_utils import module
from ..module_utils.domain.hardware.hypervisors import HYPERVISORS
from ..module_utils.domain.hardware_plan import STRICT, VALIDATIONS, HardwareWish, plan_hardware
from ..module_utils.work.equipping import equip, read_hardware

OPTIONS = {
    "image": {"type": "str", "required": True},
    "properties": {"type": "dict"},
    "profiles": {"type": "list", "elements": "str"},
    "profile_definitions": {"type": "dict"},
    "hypervisor": {"type": "str", "choices": list(HYPERVISORS)},
    "exact": {"type": "bool", "default": False},
    "validation": {"type": "str", "choices": list(VALIDATIONS), "default": STRICT},
}


def main() -> None:
    module.run_change(
        OPTIONS,
        understand=HardwareWish.from_params,
        read=read_hardware,
        plan=plan_hardware,
        apply=equip,
        predicted={"before": None, "after": None, "profiles": None, "findings": []},
    )


if __name__ == "__main__":
    main()
