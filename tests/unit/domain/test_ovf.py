# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is read from descriptions of VMware, VirtualBox and oVirt, and what of them is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.machine import (
    Drive,
    GuestSystem,
    Machine,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.ovf.description import describe
from ansible_collections.curator.glance.plugins.module_utils.domain.ovf.document import clean
from ansible_collections.curator.glance.plugins.module_utils.domain.ovf.quantities import in_bytes
from ansible_collections.curator.glance.plugins.module_utils.errors import RefusedDisk
from hypothesis import given, settings
from hypothesis import strategies as st

from support import ovas
from support.ovas import Disk, Fault, OVirt, VirtualBox, VMware, description

DISKS = [
    Disk(name="one.vmdk", size=70_000, capacity=10 << 30),
    Disk(name="two.vmdk", size=80_000, capacity=20 << 30),
]
DIALECTS: tuple[ovas.Machine, ...] = (VMware(), VirtualBox(), OVirt())


def machine(writer: ovas.Machine, disks: list[Disk] | None = None) -> Machine:
    """The machine that is read from what this program writes."""
    return describe(description(writer, disks or DISKS), "").machine


def bare(hardware: str = "", system: str = "", disks: str = "", files: str = "") -> Machine:
    """The machine of a short description with these elements."""
    text = f"""
        <Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1"
            xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"
            xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_R">
          <References>{files}</References><DiskSection>{disks}</DiskSection>
          <VirtualSystem ovf:id="it">{system}
            <VirtualHardwareSection>{hardware}</VirtualHardwareSection>
          </VirtualSystem>
        </Envelope>"""
    return describe(text, "").machine


def device(**fields: object) -> str:
    """An item of the hardware."""
    parts = "".join(f"<rasd:{name}>{value}</rasd:{name}>" for name, value in fields.items())
    return f"<Item>{parts}</Item>"


def test_a_machine_of_vmware() -> None:
    """All of it, with the disks by their addresses and not as they are listed."""
    assert machine(VMware(firmware="efi", secure_boot=True)) == Machine(
        name="web01",
        os=GuestSystem(
            type="linux",
            distro="debian",
            version="12",
            described_as="Debian GNU/Linux 12 (64-bit)",
            architecture="x86_64",
        ),
        firmware="uefi",
        secure_boot=True,
        cpus=2,
        memory=2048,
        disks=(
            _drive(1, "one.vmdk", 10, bus="scsi", controller="pvscsi", address=0),
            _drive(2, "two.vmdk", 20, bus="scsi", controller="pvscsi", address=1),
        ),
        networks=("vmxnet3",),
    )


def test_a_machine_of_virtualbox() -> None:
    """It writes less of it, and more in a section of its own."""
    assert machine(VirtualBox(firmware="EFI")) == Machine(
        name="web01",
        os=GuestSystem(
            type="linux", distro="debian", described_as="Debian_64", architecture="x86_64"
        ),
        firmware="uefi",
        cpus=2,
        memory=2048,
        disks=(
            _drive(1, "one.vmdk", 10, bus="sata", controller="ahci", address=0),
            _drive(2, "two.vmdk", 20, bus="sata", controller="ahci", address=1),
        ),
        networks=("e1000",),
    )
    assert machine(VirtualBox()).firmware == "bios"
    assert machine(VirtualBox(network="virtio")).networks == ("virtio",)


def test_a_machine_of_ovirt() -> None:
    """It knows no controllers, numbers its models, and rounds its disks up."""
    found = machine(
        OVirt(interface="VirtIO", bios_type=3), [*DISKS, replace(DISKS[0], capacity=1, name="3")]
    )
    assert found == Machine(
        name="web01",
        os=GuestSystem(
            type="linux",
            described_as="Red Hat Enterprise Linux 7.x x64",
            architecture="x86_64",
        ),
        firmware="uefi",
        secure_boot=True,
        cpus=2,
        memory=2048,
        disks=(
            _drive(1, "one.vmdk", 10, bus="virtio"),
            _drive(2, "two.vmdk", 20, bus="virtio"),
            _drive(3, "3", 1, bus="virtio"),
        ),
        networks=("virtio",),
    )
    assert [
        (m.firmware, m.secure_boot) for m in (machine(OVirt(bios_type=n)) for n in range(5))
    ] == [
        ("bios", None),
        ("bios", None),
        ("uefi", False),
        ("uefi", True),
        (None, None),
    ]


def _drive(number: int, member: str | None, gib: int, **where: Any) -> Drive:
    return Drive(number=number, member=member, capacity=gib << 30, **where)


@pytest.mark.parametrize(
    "writer, bus, controller",
    [
        (VMware(controller="lsilogic"), "scsi", "lsilogic"),
        (VMware(controller="lsilogicsas"), "scsi", "lsisas1068"),
        (VMware(controller="buslogic"), "scsi", "buslogic"),
        (VMware(controller="vmware.sata.ahci"), "sata", "ahci"),
        (VMware(controller="vmware.nvme.controller"), "nvme", None),
        (VMware(controller="ide"), "ide", None),
        (VirtualBox(controller="PIIX4"), "ide", None),
        (VirtualBox(controller="LsiLogic"), "scsi", "lsilogic"),
        (VirtualBox(controller="VirtioSCSI"), "scsi", "virtio-scsi"),
        (VirtualBox(controller="NVMe"), "nvme", None),
        (OVirt(interface="IDE"), "ide", None),
        (OVirt(interface="SATA"), "sata", "ahci"),
        (OVirt(interface="VirtIO_SCSI"), "scsi", "virtio-scsi"),
        (OVirt(interface="SPAPR_VSCSI"), "scsi", "ibmvscsi"),
        (OVirt(interface="something new"), None, None),
    ],
)
def test_what_a_disk_is_attached_to(
    writer: ovas.Machine, bus: str | None, controller: str | None
) -> None:
    """In Nova's words, where it has some."""
    drive = machine(writer).disks[0]
    assert (drive.bus, drive.controller) == (bus, controller)


@pytest.mark.parametrize(
    "writer, model",
    [
        (VMware(network="E1000"), "e1000"),
        (VMware(network="E1000e"), "e1000e"),
        (VMware(network="PCNet32"), "pcnet"),
        (VMware(network="VmxNet3"), "vmxnet3"),
        (VMware(network="Something New"), "something new"),
        (VirtualBox(network="Am79C973"), "pcnet"),
        (OVirt(network=1), "rtl8139"),
        (OVirt(network=2), "e1000"),
    ],
)
def test_network_adapters(writer: ovas.Machine, model: str) -> None:
    """In Nova's words, where it has some."""
    assert machine(writer).networks == (model,)


@pytest.mark.parametrize("writer", [VMware(boots_from=2), OVirt(boots_from=2)])
def test_the_disk_to_start_from_comes_first(writer: ovas.Machine) -> None:
    """Where the description names one."""
    assert [drive.member for drive in machine(writer).disks] == ["two.vmdk", "one.vmdk"]
    assert [drive.number for drive in machine(writer).disks] == [1, 2]


def test_a_disk_that_is_shipped_empty() -> None:
    """It belongs to the machine; there is nothing to take."""
    found = machine(VMware(empty_disk=7))
    assert found.disks[2] == _drive(3, None, 7, bus="scsi", controller="pvscsi", address=2)
    assert [drive.number for drive in found.shipped] == [1, 2]
    assert found.notes == ("Disk 3 is shipped empty: there is no file to make an image of.",)


def test_a_machine_in_several_sizes() -> None:
    """The one that it has by itself, and a word about it."""
    found = machine(VMware(sizes=True, cpus=8))
    assert found.cpus == 8
    assert found.notes == ("It comes in several sizes; this is the one called 'large'.",)


def test_other_editions() -> None:
    """OVF 2 has items of their own for disks and networks; before 1.0, sections had types."""
    newer = description(VMware(), DISKS).replace("envelope/1", "envelope/2")
    assert describe(newer, "").machine == machine(VMware())
    old = description(OVirt(), DISKS)
    for section in ("DiskSection", "OperatingSystemSection", "VirtualHardwareSection"):
        old = old.replace(f"<{section}", f'<Section xsi:type="ovf:{section}_Type"')
        old = old.replace(f"</{section}>", "</Section>")
    old = old.replace("<VirtualSystem", '<Content xsi:type="ovf:VirtualSystem_Type"')
    old = old.replace("</VirtualSystem>", "</Content>")
    assert describe(old, "").machine == machine(OVirt())


def test_items_of_ovf_2() -> None:
    """Their fields are the same, in other namespaces."""
    found = bare(
        hardware="""
          <Item><rasd:InstanceID>3</rasd:InstanceID><rasd:ResourceType>5</rasd:ResourceType></Item>
          <StorageItem xmlns:sasd="urn:s"><sasd:HostResource>ovf:/disk/d</sasd:HostResource>
            <sasd:Parent>3</sasd:Parent><sasd:ResourceType>17</sasd:ResourceType></StorageItem>
          <EthernetPortItem xmlns:epasd="urn:e"><epasd:ResourceType>10</epasd:ResourceType>
            <epasd:ResourceSubType>virtio</epasd:ResourceSubType></EthernetPortItem>""",
        disks='<Disk ovf:diskId="d" ovf:fileRef="f"/>',
        files='<File ovf:id="f" ovf:href="d.vmdk"/>',
    )
    assert found.disks == (Drive(number=1, member="d.vmdk", bus="ide"),)
    assert found.networks == ("virtio",)


def test_whose_attribute_it_is() -> None:
    """Vendors put one of the same name beside it, before it or behind."""
    text = description(OVirt(guest=29, cim=117), DISKS)
    swapped = text.replace('ovf:id="117" ovirt:id="29"', 'ovirt:id="29" ovf:id="117"')
    assert swapped != text
    assert describe(swapped, "").machine.os.version == "2016"
    plain = text.replace('ovf:id="117" ovirt:id="29"', 'ovirt:id="4711" ovf:id="94"')
    assert describe(plain, "").machine.os.distro == "ubuntu"


def test_a_description_that_says_nothing() -> None:
    """That is no machine at all, or one without anything."""
    assert describe("<Envelope/>", "").machine == Machine()
    assert bare() == Machine(name="it")


@pytest.mark.parametrize(
    "hardware, note",
    [
        (device(ResourceType=3, VirtualQuantity=0), "'0' CPUs"),
        (device(ResourceType=3, VirtualQuantity=10**9), "no number of CPUs"),
        (device(ResourceType=3, VirtualQuantity="٣"), "no number of CPUs"),
        (device(ResourceType=4, VirtualQuantity=-5), "no size of a memory"),
        (device(ResourceType=4, VirtualQuantity=1, AllocationUnits="byte * 2^99"), "no size"),
        (device(ResourceType=4, VirtualQuantity=1, AllocationUnits="parsec"), "no size"),
        (device(ResourceType=17, HostResource="ovf:/disk/x", InstanceID=1), "does not have"),
    ],
)
def test_odd_numbers_are_left_out(hardware: str, note: str) -> None:
    """And noted."""
    found = bare(hardware)
    assert (found.cpus, found.memory, found.disks) == (None, None, ())
    assert len(found.notes) == 1
    assert note in found.notes[0]


def test_a_capacity_that_is_none() -> None:
    """The disk stays."""
    found = bare(
        disks='<Disk ovf:diskId="d" ovf:capacity="${size}" ovf:fileRef="f"/>',
        files='<File ovf:id="f" ovf:href="d.vmdk"/>',
    )
    assert found.disks == (Drive(number=1, member="d.vmdk"),)
    assert found.notes == ("The capacity of disk d is '${size}', which is no size.",)


def test_cpus_as_virt_v2v_writes_them() -> None:
    """By sockets, cores and threads."""
    found = bare(device(ResourceType=3, num_of_sockets=2, cpu_per_socket=4, threads_per_cpu=2))
    assert found.cpus == 16


@pytest.mark.parametrize(
    "unit, size",
    [
        ("", 1),
        ("byte", 1),
        ("byte * 2^20", 1 << 20),
        ("bytes*2^30", 1 << 30),
        ("byte * 10^9", 10**9),
        ("byte * 1024 * 2^10", 1 << 20),
        ("MegaBytes", 1 << 20),
        ("GB", 1 << 30),
        ("hertz * 10^6", None),
        ("byte * 2^-3", None),
        ("byte * 9999^99 * 9999^99", None),
    ],
)
def test_units(unit: str, size: int | None) -> None:
    """As the standard has them, and as programs wrote them before."""
    assert in_bytes("1", unit) == size


def test_texts_are_fit_to_be_shown() -> None:
    """In one line, without control characters, and not for ever."""
    assert clean(" a\n\x1b[31m b\u202ec ") == "a [31m bc"
    assert len(clean("x" * 10**6)) == 255
    assert bare(system=f"<Name>{'n' * 70000}</Name>").name == "n" * 255


@pytest.mark.parametrize("writer", DIALECTS, ids=lambda writer: type(writer).__name__)
@pytest.mark.parametrize(
    "fault, says",
    [
        (Fault.OUTSIDE, "'../one.vmdk', which lies outside of the archive"),
        (Fault.ABSOLUTE, "'/var/lib/images/one.vmdk', which lies outside of the archive"),
        (Fault.ELSEWHERE, "'http://192.0.2.1/one.vmdk', which lies outside of the archive"),
        (Fault.SEVERAL_MACHINES, "several machines: web01, database"),
        (Fault.CHUNKS, "disk one.vmdk is cut into chunks"),
        (Fault.ENTITIES, "declares entities"),
        (Fault.DIFFERENCE, "only the difference to another one"),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else "",
)
def test_refused_descriptions(writer: ovas.Machine, fault: Fault, says: str) -> None:
    """Whoever wrote them."""
    with pytest.raises(RefusedDisk) as refused:
        describe(description(writer, DISKS, fault), "")
    assert says in refused.value.message


def test_a_disk_in_no_file() -> None:
    """A reference that leads nowhere is no empty disk."""
    with pytest.raises(RefusedDisk, match="in a file 'f' that the description lacks"):
        bare(disks='<Disk ovf:diskId="d" ovf:fileRef="f"/>')


def test_more_disks_than_any_machine_has() -> None:
    """Nobody waits for them."""
    disks = "".join(f'<Disk ovf:diskId="{number}"/>' for number in range(300))
    with pytest.raises(RefusedDisk, match="300 disks"):
        bare(disks=disks)


@pytest.mark.parametrize("href", ["%2e%2e/one.vmdk", "%2Fetc/one.vmdk", "a/..\\..\\x", "C:\\x"])
def test_ways_out_in_disguise(href: str) -> None:
    """Refused as well."""
    with pytest.raises(RefusedDisk, match="outside of the archive"):
        machine(VMware(), [replace(DISKS[0], name=href)])


def test_disks_are_found_in_the_archive() -> None:
    """In the folder of the description, and also where their names are written as in a URL."""
    described = describe(description(VMware(), [replace(DISKS[0], name="my%20vm.vmdk")]), "a/")
    for name in ("a/my vm.vmdk", "a/my%20vm.vmdk"):
        assert described.is_of(name) == 1
        assert described.within(["a/vm.ovf", name]).disks[0].member == name
    assert described.is_of("my vm.vmdk") is None
    with pytest.raises(RefusedDisk, match=r"a disk a/my%20vm\.vmdk, which is not in the archive"):
        described.within(["my vm.vmdk"])


# What is put in place of some text of a description.
_ODD = st.one_of(
    st.sampled_from(["", "-1", "9" * 400, "٣", "\x00", "<", "&#0;", "../", "2^64", "]]>", "ovf:"]),
    st.text(max_size=8),
)


@settings(max_examples=300, database=None)
@given(
    writer=st.sampled_from(DIALECTS),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60), _ODD), max_size=4),
)
def test_spoilt_descriptions(writer: ovas.Machine, changes: list[tuple[float, int, str]]) -> None:
    """Whatever stands in one, it is a machine of a sane size, or is refused."""
    text = description(writer, DISKS)
    for place, length, odd in changes:
        at = int(place * len(text))
        text = text[:at] + odd + text[at + length :]
    try:
        found = describe(text, "").machine
    except RefusedDisk as error:
        assert error.message  # noqa: PT017  # One of two good ends.
    else:
        assert len(json.dumps(found.as_result())) < 20_000
        assert len(found.disks) <= 2
        assert all(".." not in (drive.member or "").split("/") for drive in found.disks)
