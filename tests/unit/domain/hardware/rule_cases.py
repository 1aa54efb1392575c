# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""For each rule on combinations hardware that breaks it, and what makes it right."""

from __future__ import annotations

from collections.abc import Mapping

SECURE = {"os_secure_boot": "required", "hw_firmware_type": "uefi", "hw_machine_type": "q35"}
ENCRYPTED = {"hw_mem_encryption": "true", "hw_firmware_type": "uefi", "hw_machine_type": "q35"}
STATELESS = {"hw_mem_encryption_model": "amd-sev-snp", "hw_firmware_stateless": "true"}
TDX = {
    "hw_mem_encryption_model": "intel-tdx",
    "hw_firmware_stateless": "true",
    "hw_video_model": "none",
}
NODES = {
    "hw_numa_nodes": "2",
    "hw_numa_cpus.0": "0-1",
    "hw_numa_cpus.1": "2,3",
    "hw_numa_mem.0": "512",
    "hw_numa_mem.1": "512",
}
VMWARE = {"hypervisor_type": "vmware"}

# A rule, what breaks it, and what has to be changed for it to hold; None is taken away.
CASES: list[tuple[str, dict[str, str], Mapping[str, str | None]]] = [
    ("secure-boot-needs-uefi", {"os_secure_boot": "required"}, SECURE),
    (
        "secure-boot-needs-uefi",
        {"os_secure_boot": "required", "hw_firmware_type": "bios"},
        {"architecture": "aarch64", "hw_firmware_type": None},
    ),
    ("secure-boot-needs-uefi", {"os_secure_boot": "required"}, {"os_secure_boot": "optional"}),
    ("secure-boot-needs-q35", SECURE | {"hw_machine_type": "pc"}, SECURE),
    (
        "secure-boot-needs-q35",
        {"os_secure_boot": "required", "hw_firmware_type": "uefi", "architecture": "amd64"},
        {"hw_machine_type": "pc-q35-8.2"},
    ),
    (
        "secure-boot-needs-q35",
        {"os_secure_boot": "required", "hw_firmware_type": "uefi", "architecture": "x86_64"},
        {"architecture": None},
    ),
    (
        "uefi-needs-its-board",
        {"hw_firmware_type": "uefi", "hw_machine_type": "isapc"},
        {"hw_machine_type": "pc"},
    ),
    (
        "uefi-needs-its-board",
        {"hw_firmware_type": "uefi", "architecture": "ppc64le"},
        {"architecture": "x86_64"},
    ),
    (
        "uefi-needs-its-architecture",
        {"hw_firmware_type": "uefi", "architecture": "mips"},
        {"hw_firmware_type": None},
    ),
    (
        "aarch64-needs-uefi",
        {"hw_firmware_type": "bios", "architecture": "aarch64"},
        {"hw_firmware_type": "uefi"},
    ),
    (
        "stateless-firmware-needs-uefi",
        {"hw_firmware_stateless": "yes"},
        {"hw_firmware_type": "uefi"},
    ),
    (
        "board-of-the-architecture",
        {"hw_machine_type": "q35", "architecture": "aarch64"},
        {"hw_machine_type": "virt-8.2"},
    ),
    (
        "board-of-the-architecture",
        {"hw_machine_type": "virt", "hw_architecture": "x86_64"},
        {"hw_emulation_architecture": "aarch64"},
    ),
    ("command-line-needs-kernel", {"os_command_line": "quiet"}, {"kernel_id": "k"}),
    ("scsi-model-needs-scsi-bus", {"hw_scsi_model": "virtio-scsi"}, {"hw_disk_bus": "scsi"}),
    (
        "scsi-model-needs-scsi-bus",
        {"hw_scsi_model": "virtio-scsi", "hw_disk_bus": "virtio"},
        {"hw_cdrom_bus": "scsi"},
    ),
    (
        "ide-disk-needs-pc-board",
        {"hw_disk_bus": "ide", "hw_machine_type": "q35"},
        {"hw_disk_bus": "sata"},
    ),
    (
        "ide-disk-needs-pc-board",
        {"hw_disk_bus": "ide", "architecture": "aarch64"},
        {"architecture": "x86_64"},
    ),
    (
        "ide-cdrom-needs-pc-board",
        {"hw_cdrom_bus": "ide", "hw_machine_type": "pc-q35-8.2"},
        {"hw_machine_type": "pc-i440fx-8.2"},
    ),
    (
        "ide-rescue-needs-pc-board",
        {"hw_rescue_bus": "ide", "hw_machine_type": "q35"},
        {"hw_machine_type": None},
    ),
    ("rescue-is-no-floppy", {"hw_rescue_bus": "fdc"}, {"hw_rescue_device": "floppy"}),
    ("floppy-needs-fdc", {"hw_floppy_bus": "ide"}, {"hw_floppy_bus": "fdc"}),
    (
        "multiqueue-needs-virtio",
        {"hw_vif_multiqueue_enabled": "yes", "hw_vif_model": "e1000"},
        {"hw_vif_model": "virtio"},
    ),
    (
        "multiqueue-needs-virtio",
        {"hw_vif_multiqueue_enabled": "true", "hw_vif_model": "e1000"},
        {"hw_vif_multiqueue_enabled": "false"},
    ),
    (
        "packed-ring-needs-virtio",
        {"hw_virtio_packed_ring": "true", "hw_vif_model": "e1000", "hw_disk_bus": "ide"},
        {"hw_disk_bus": None},
    ),
    (
        "tablet-on-its-bus",
        {"hw_pointer_model": "usbtablet", "hw_input_bus": "virtio"},
        {"hw_input_bus": "usb"},
    ),
    (
        "redirected-ports-need-usb",
        {"hw_redirected_usb_ports": "2", "hw_input_bus": "virtio", "hw_usb_model": "none"},
        {"hw_usb_model": "qemu-xhci"},
    ),
    (
        "redirected-ports-need-usb",
        {"hw_redirected_usb_ports": "2", "hw_input_bus": "virtio"},
        {"hw_redirected_usb_ports": "0"},
    ),
    (
        "usb-sound-needs-usb",
        {"hw_sound_model": "usb", "hw_input_bus": "virtio"},
        {"hw_input_bus": None},
    ),
    (
        "tpm-crb-needs-version-2",
        {"hw_tpm_model": "tpm-crb", "hw_tpm_version": "1.2"},
        {"hw_tpm_version": "2.0"},
    ),
    ("tpm-model-needs-version", {"hw_tpm_model": "tpm-tis"}, {"hw_tpm_version": "1.2"}),
    (
        "viommu-needs-q35-on-x86",
        {"hw_viommu_model": "auto", "architecture": "x86_64"},
        {"hw_machine_type": "q35"},
    ),
    (
        "viommu-needs-q35-on-x86",
        {"hw_viommu_model": "auto", "hw_machine_type": "pc"},
        {"hw_machine_type": "virt"},
    ),
    (
        "viommu-needs-its-architecture",
        {"hw_viommu_model": "virtio", "architecture": "s390x"},
        {"architecture": "aarch64"},
    ),
    (
        "viommu-intel-needs-x86",
        {"hw_viommu_model": "intel", "architecture": "aarch64"},
        {"hw_viommu_model": "smmuv3"},
    ),
    (
        "viommu-smmuv3-needs-aarch64",
        {"hw_viommu_model": "smmuv3", "architecture": "x86_64", "hw_machine_type": "q35"},
        {"hw_viommu_model": "intel"},
    ),
    (
        "quiesce-needs-guest-agent",
        {"os_require_quiesce": "yes"},
        {"hw_qemu_guest_agent": "yes"},
    ),
    (
        "cpu-topology-is-that-of-the-nodes",
        NODES | {"hw_cpu_sockets": "2", "hw_cpu_cores": "4", "hw_cpu_threads": "1"},
        {"hw_cpu_cores": "2"},
    ),
    (
        "cpu-topology-divides-into-nodes",
        {
            "hw_numa_nodes": "2",
            "hw_cpu_sockets": "3",
            "hw_cpu_cores": "1",
            "hw_cpu_threads": "1",
        },
        {"hw_cpu_threads": "2"},
    ),
    ("numa-nodes-are-whole", NODES | {"hw_numa_nodes": "3"}, {"hw_numa_nodes": "2"}),
    ("numa-nodes-are-whole", NODES | {"hw_numa_nodes": "1"}, {"hw_numa_nodes": None}),
    ("numa-nodes-are-whole", NODES | {"hw_numa_mem.2": "1"}, {"hw_numa_mem.2": None}),
    ("numa-nodes-are-whole", {"hw_numa_cpus.0": "0"}, {"hw_numa_mem.0": "1"}),
    ("numa-processors-in-one-node", NODES | {"hw_numa_cpus.1": "1-2"}, {"hw_numa_cpus.1": "2"}),
    (
        "thread-policy-needs-dedicated",
        {"hw_cpu_thread_policy": "isolate", "hw_cpu_policy": "shared"},
        {"hw_cpu_policy": "dedicated"},
    ),
    (
        "thread-policy-needs-dedicated",
        {"hw_cpu_thread_policy": "isolate", "hw_cpu_policy": "shared"},
        {"hw_cpu_policy": None},
    ),
    (
        "realtime-needs-dedicated",
        {"hw_cpu_realtime_mask": "^0", "hw_cpu_policy": "shared"},
        {"hw_cpu_policy": "mixed"},
    ),
    (
        "thread-policy-or-trait",
        {"hw_cpu_thread_policy": "require", "trait:HW_CPU_HYPERTHREADING": "required"},
        {"hw_cpu_thread_policy": None},
    ),
    (
        "address-bits-need-emulation",
        {"hw_maxphysaddr_bits": "46", "hw_maxphysaddr_mode": "passthrough"},
        {"hw_maxphysaddr_mode": "emulate"},
    ),
    (
        "hpet-needs-x86",
        {"hw_time_hpet": "on", "architecture": "aarch64"},
        {"architecture": "i386"},
    ),
    (
        "memory-encryption-needs-uefi",
        ENCRYPTED | {"hw_firmware_type": "bios"},
        {"hw_firmware_type": "uefi"},
    ),
    ("memory-encryption-needs-q35", ENCRYPTED | {"hw_machine_type": "pc"}, ENCRYPTED),
    (
        "memory-encryption-needs-x86",
        ENCRYPTED | {"architecture": "aarch64"},
        {"architecture": "x86_64"},
    ),
    (
        "memory-encryption-model-needs-encryption",
        {"hw_mem_encryption_model": "amd-sev"},
        ENCRYPTED,
    ),
    (
        "memory-encryption-needs-stateless-firmware",
        ENCRYPTED | STATELESS | {"hw_firmware_stateless": "false"},
        STATELESS,
    ),
    ("tdx-needs-no-video", ENCRYPTED | TDX | {"hw_video_model": "virtio"}, TDX),
    (
        "vmware_adaptertype-and-its-parts",
        VMWARE | {"vmware_adaptertype": "ide", "hw_disk_bus": "scsi"},
        {"hw_disk_bus": "ide"},
    ),
    (
        "vmware_adaptertype-and-its-parts",
        VMWARE | {"vmware_adaptertype": "paraVirtual", "hw_scsi_model": "lsilogic"},
        {"hw_scsi_model": "vmpvscsi"},
    ),
    *(
        (
            f"cpu-{part}-within-maximum",
            {f"hw_cpu_{part}": "4", f"hw_cpu_max_{part}": "2"},
            {f"hw_cpu_max_{part}": "4"},
        )
        for part in ("sockets", "cores", "threads")
    ),
    *(
        (f"{name}-needs-vmware", {name: value}, VMWARE)
        for name, value in (
            ("vmware_adaptertype", "lsiLogic"),
            ("vmware_disktype", "sparse"),
            ("vmware_ostype", "debian10_64Guest"),
            ("vmware_linked_clone", "true"),
            ("vmware_image_version", "1"),
        )
    ),
    *(
        (f"{older}-and-{newer}", {older: one, newer: other}, {newer: one})
        for older, newer, one, other in (
            ("architecture", "hw_architecture", "amd64", "aarch64"),
            ("hypervisor_type", "img_hv_type", "kvm", "qemu"),
            ("hypervisor_version_requires", "img_hv_requested_version", ">1", ">2"),
            ("vm_mode", "hw_vm_mode", "hvm", "xen"),
            ("vmware_disktype", "hw_disk_type", "thin", "sparse"),
            ("vmware_ostype", "os_distro", "otherGuest", "debian"),
            ("vmware_linked_clone", "img_linked_clone", "yes", "no"),
            ("vmware_image_version", "img_version", "1", "2"),
            ("auto_disk_config", "hw_auto_disk_config", "true", "disabled"),
            ("ipxe_boot", "hw_ipxe_boot", "yes", "no"),
            ("cache_in_nova", "img_cache_in_nova", "yes", "no"),
            ("bittorrent", "img_bittorrent", "yes", "no"),
            ("xenapi_device_id", "hw_device_id", "1", "2"),
            ("xenapi_image_compression_level", "img_compression_level", "1", "9"),
            ("xenapi_use_agent", "img_use_agent", "yes", "no"),
            ("xenapi_skip_agent_inject_ssh", "os_skip_agent_inject_ssh", "yes", "no"),
            (
                "xenapi_skip_agent_inject_files_at_boot",
                "os_skip_agent_inject_files_at_boot",
                "yes",
                "no",
            ),
        )
    ),
]
