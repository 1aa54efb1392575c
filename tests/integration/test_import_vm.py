# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Machines of other kits, brought into the cloud: whole, as they were, or not at all."""

from __future__ import annotations

import hashlib
import json
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.cloud import LoopbackCloud
from support.disks import Workshop
from support.importing import Importer, assert_stored, raw_of
from support.linux_disk import data_disk, linux_disk
from support.openstack import openstack
from support.ovas import Fault, virtualbox_ova, vmware_ova
from support.upstream import Upstream, upstream


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Where disks are made, each once for all tests."""
    return Workshop(tmp_path_factory.mktemp("disks"))


@pytest.fixture
def bring(cloud: LoopbackCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Importer:
    """Imports for this test, with a home folder of its own."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return Importer(cloud, tmp_path)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Upstream]:
    """A web server, still without anything."""
    (tmp_path / "web").mkdir()
    with upstream(tmp_path / "web") as server:
        yield server


def _linux(workshop: Workshop, kind: str) -> Path:
    return workshop.disk(kind, linux_disk())


def _stream_optimized(workshop: Workshop, *disks: bytes) -> list[Path]:
    return [workshop.disk("vmdk-streamOptimized", disk) for disk in disks]


def test_a_disk(bring: Importer, workshop: Workshop) -> None:
    """A qcow2 is stored as raw, private, with safe hardware; the report says why and what next."""
    name, disk = bring.name(), _linux(workshop, "qcow2")
    foreseen = bring.run("--check", "--diff", source=str(disk), name=name)
    assert foreseen.status == 0, foreseen.output
    assert bring.left_of(name) == []
    assert '+    "name": "' in foreseen.output
    assert foreseen.machine(name)["chosen"]["profiles"] == ["legacy-ide"]

    imported = bring.run(source=str(disk), name=name, expires="2027-06-30", tags="finance")
    assert imported.status == 0, imported.output
    image = bring.standing(name)
    assert_stored(bring, image, raw_of(disk, "qcow2"))
    assert image["visibility"] == "private"
    assert (image["hw_disk_bus"], image["hw_vif_model"]) == ("ide", "e1000")
    assert image["provided_until"] == "2027-06-30"
    assert {"finance", "managed_by_curator"} == set(image["tags"])
    report = imported.machine(name)
    assert report["chosen"]["reasons"]
    assert any(f"--image {image['id']} --boot-from-volume 1 " in step for step in report["next"])
    assert f"hardware: {', '.join(report['chosen']['profiles'])}" in imported.output

    again = bring.run(source=str(disk), name=name, expires="2027-06-30", tags="finance")
    assert (again.status, again.changed) == (0, 0), again.output
    assert bring.standing(name) == image


def test_a_machine_of_two_disks(bring: Importer, workshop: Workshop) -> None:
    """Each disk is an image, in order; what is said of the machine is on the first."""
    name = bring.name()
    disks = _stream_optimized(workshop, linux_disk(), data_disk())
    ova = vmware_ova(bring.folder / "two.ova", disks, memory=1024, cpus=2)
    imported = bring.run(source=str(ova), name=name)
    assert imported.status == 0, imported.output
    first, second = bring.standing(name), bring.standing(f"{name} disk 2")
    assert_stored(bring, first, raw_of(disks[0], "vmdk"))
    assert_stored(bring, second, raw_of(disks[1], "vmdk"))
    assert (first["import_vm_disk"], second["import_vm_disk"]) == ("1", "2")
    assert second["import_vm_disk_of"] == first["id"]
    assert (first["os_distro"], first["min_ram"]) == ("debian", 1024)
    assert "hw_disk_bus" not in second
    # Who starts it when it is there has all of it.
    assert second["updated_at"] <= first["updated_at"]
    report = imported.machine(name)
    assert [image["id"] for image in report["images"]] == [first["id"], second["id"]]
    assert any(f"volume create --image {second['id']}" in step for step in report["next"])
    assert report["found"]["machine"]["cpus"] == 2

    again = bring.run(source=str(ova), name=name)
    assert (again.status, again.changed) == (0, 0), again.output


def test_refused_machines(bring: Importer, workshop: Workshop) -> None:
    """What is not whole, or points elsewhere, fails with its reason, and leaves nothing."""
    disks = _stream_optimized(workshop, linux_disk(), data_disk())
    faults = (Fault.OUTSIDE, Fault.MISSING_DISK, Fault.WRONG_MANIFEST)
    machines = [
        {
            "name": bring.name(fault.name.lower()),
            "source": str(vmware_ova(bring.folder / f"{fault.name}.ova", disks, fault=fault)),
        }
        for fault in faults
    ]
    # What is wrong is with the second disk alone: the first one is not uploaded either.
    large = vmware_ova(bring.folder / "large.ova", disks[::-1])
    machines.append({"name": bring.name("large"), "source": str(large)})
    run = bring.run(list=machines, max_size="7 MiB")
    assert run.status != 0
    assert [machine["failed"] for machine in run.machines] == [True] * 4
    assert bring.left_of(*(machine["name"] for machine in machines)) == []
    assert "import_vm_max_size" in run.machine(bring.name("large"))["message"]
    for machine in run.machines:
        assert f"{machine['name']}: FAILED. {machine['message']}" in " ".join(run.output.split())


def test_one_of_several_fails(bring: Importer, workshop: Workshop) -> None:
    """A table with a bad row: the others are there, the report has all, and the run is red."""
    shutil.copy(_linux(workshop, "qcow2"), bring.folder / "good.qcow2")
    table = bring.folder / "machines.csv"
    names = [bring.name(label) for label in ("first", "bad", "last")]
    sources = ["good.qcow2", "missing.qcow2", "good.qcow2"]
    rows = [f"{name};{source};vga" for name, source in zip(names, sources, strict=True)]
    table.write_text("\n".join(["name;source;properties.hw_video_model", *rows]))
    report = bring.folder / "report.json"
    # Paths begin where the playbook is started, which tests do in a temporary folder.
    beside = Path("..") / bring.folder.relative_to(tempfile.gettempdir())
    # Hosts of the inventory are nobody's machines.
    slugs = [name.replace(" ", "-") for name in names]
    inventory = ",".join([*slugs, f"import-{slugs[0]}"])
    paths: dict[str, Any] = {
        "file": str(beside / table.name),
        "report_file": str(beside / report.name),
    }
    run = bring.run("--forks", "3", "-i", inventory, **paths)
    assert run.status != 0
    assert "1 of 3 machines could not be imported" in run.output
    assert [machine["failed"] for machine in run.machines] == [False, True, False]
    assert "missing.qcow2 cannot be read" in run.machine(names[1])["message"]
    assert json.loads(report.read_text())["machines"] == run.machines
    for name in (names[0], names[2]):
        assert bring.standing(name)["hw_video_model"] == "vga"
    assert bring.left_of(names[1]) == []
    assert run.hosts == {f"import-import-{slug}" for slug in slugs}


@pytest.mark.parametrize(
    "variables, says",
    [
        ({"list": []}, "The list of machines is empty"),
        ({"file": "/nowhere/machines.csv"}, "/nowhere/machines.csv"),
        ({}, "Give the machines in one of import_vm_list, import_vm_file and import_vm_source"),
        ({"list": [{"name": "a", "sorce": "b"}]}, "Write source"),
        ({"source": "/a.qcow2"}, "has no name"),
        ({"list": {"machines": []}}, "is a map of machines"),
        ({"list": [{"name": "a", "source": "b"}], "checksum": "c"}, "import_vm_checksum: this is"),
    ],
)
def test_lists_that_are_none(bring: Importer, variables: dict[str, Any], says: str) -> None:
    """Nothing is begun with a list that cannot be meant."""
    run = bring.run(**variables)
    assert run.status != 0
    assert says in " ".join(run.output.split())
    assert run.hosts == set()


@pytest.mark.slow
def test_a_file_that_has_no_list(bring: Importer) -> None:
    """A map in YAML has to have the key; a table is one by its suffix, however that is written."""
    (bring.folder / "machines.yml").write_text("machines: [{name: a, source: b}]\n")
    (bring.folder / "MACHINES.CSV").write_bytes(b"name;source\nB\xfcro;b.vmdk\n")
    for file, says in (("machines.yml", "is a map of machines"), ("MACHINES.CSV", "not in UTF-8")):
        run = bring.run(file=str(bring.folder / file))
        assert run.status != 0
        assert says in " ".join(run.output.split())


def test_hardware_that_cannot_be(bring: Importer, workshop: Workshop) -> None:
    """It is refused before the first byte is sent, as in check mode."""
    name, disk = bring.name(), _linux(workshop, "qcow2")
    for arguments in (["--check"], []):
        run = bring.run(*arguments, source=str(disk), name=name, profile="legacy-ide,uefi")
        assert run.status != 0
        assert "Such a board has no IDE bus" in run.machine(name)["message"]
        assert bring.left_of(name) == []


@pytest.mark.slow
def test_from_the_web(bring: Importer, workshop: Workshop, server: Upstream) -> None:
    """An address is fetched once, whatever is run, and not at all in check mode."""
    name = bring.name()
    disks = _stream_optimized(workshop, linux_disk(), data_disk())
    ova = virtualbox_ova(server.folder / "two.ova", disks)
    digest = hashlib.sha256(ova.read_bytes()).hexdigest()
    machine: dict[str, Any] = {
        "source": server.url("two.ova"),
        "name": name,
        "checksum": f"sha256:{digest}",
    }

    foreseen = bring.run("--check", **machine)
    assert foreseen.status == 0, foreseen.output
    assert "its source is not here" in foreseen.output
    assert (server.sent("two.ova"), bring.left_of(name)) == (0, [])

    assert bring.run(**machine).status == 0
    first, second = bring.standing(name), bring.standing(f"{name} disk 2")
    assert_stored(bring, first, raw_of(disks[0], "vmdk"))
    assert first["curator_proof"] == second["curator_proof"] == f"sha256:{digest}"
    assert first["image_source"] == server.url("two.ova")
    again = bring.run(**machine)
    assert (again.status, again.changed) == (0, 0), again.output
    assert server.count("two.ova") == 1

    machine["checksum"] = f"sha256:{'0' * 64}"
    wrong = bring.run(**{**machine, "name": bring.name("other")})
    assert wrong.status != 0
    assert "is not what was released" in wrong.machine(bring.name("other"))["message"]
    assert bring.left_of(bring.name("other")) == []


@pytest.mark.slow
def test_what_the_user_says_wins(bring: Importer, workshop: Workshop) -> None:
    """Profiles of the import are taken, own ones too, and what they contradict is refused."""
    name, disk = bring.name(), _linux(workshop, "qcow2")
    ours = {"ours": {"hw_disk_bus": "scsi", "hw_scsi_model": "virtio-scsi"}}
    machine: dict[str, Any] = {"source": str(disk), "name": name, "profile_definitions": ours}
    assert bring.run(**machine, profile=["ours"]).status == 0
    image = bring.standing(name)
    assert (image["hw_disk_bus"], image["hw_scsi_model"]) == ("scsi", "virtio-scsi")
    wrong = bring.run(**machine, profile=["ours"], properties={"hw_disk_bus": "idee"})
    assert wrong.status != 0
    assert "idee" in wrong.machine(name)["message"]
    assert bring.standing(name) == image


@pytest.mark.slow
def test_for_another_project(bring: Importer, workshop: Workshop) -> None:
    """An administrator gives the machine away, and finds it there in the next run."""
    bring.user = "provider"
    name, disk = bring.name(), _linux(workshop, "raw")
    for changes in (True, False):
        run = bring.run(source=str(disk), name=name, owner="customer_a")
        assert run.status == 0, run.output
        assert (run.changed > 0) is changes
    (image,) = bring.cloud.images_named(name, "customer_a")
    assert image["owner"] == bring.cloud["customer_a"].project_id
    assert image["hw_disk_bus"] == "ide"
    assert bring.cloud.images_named(name) == []


@pytest.mark.slow
def test_the_role_alone(bring: Importer, workshop: Workshop) -> None:
    """Included in a play, it works in sequence; a failed machine does not stop the next."""
    names = [bring.name(label) for label in ("bad", "good")]
    sources = ["/nowhere.qcow2", str(_linux(workshop, "qcow2"))]
    machines = [{"name": n, "source": s} for n, s in zip(names, sources, strict=True)]
    role = {"name": "import", "ansible.builtin.include_role": {"name": "curator.glance.import_vm"}}
    told = {"name": "tell", "ansible.builtin.debug": {"var": "import_vm_result"}}
    tasks = [{"block": [role], "rescue": [told]}]
    plays = [
        {
            "hosts": "localhost",
            "gather_facts": False,
            "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
            "tasks": tasks,
        }
    ]
    run = bring.run(playbook=plays, list=machines)
    assert run.status == 0, run.output
    assert [machine["failed"] for machine in run.machines] == [True, False]
    assert bring.standing(names[1])["hw_disk_bus"] == "ide"
    assert [
        m["name"] for m in run.played.result_of("tell")["import_vm_result"]["machines"]
    ] == names


@pytest.mark.slow
def test_switching_to_virtio(bring: Importer, workshop: Workshop) -> None:
    """What was made of the machine since takes the name; the first image steps back, usable."""
    name = bring.name()
    machine: dict[str, Any] = {
        "source": str(_linux(workshop, "qcow2")),
        "name": name,
        "tags": ["office"],
        "expires": "2027-06-30",
        "min_ram": 512,
        "properties": {"os_distro": "debian", "architecture": "x86_64"},
    }
    imported = bring.run(**machine)
    first = bring.standing(name)
    # As Nova makes it of a server: with the properties of its image, and with what it is.
    inherited = {key: first[key] for key in first if key.startswith(("hw_", "curator_"))}
    made = bring.cloud.new_image(
        bring.user, image_type="snapshot", instance_uuid=first["id"], **inherited
    )
    (step,) = (s for s in imported.machine(name)["next"] if "switch_virtio" in s)
    told = shlex.split(step.partition("ansible-playbook ")[2].replace('"ID"', f'"{made["id"]}"'))
    for arguments, changes in ((["--check"], True), ([], True), ([], False)):
        run = bring.run(*told[1:], *arguments, playbook=told[0])
        assert run.status == 0, run.output
        assert (run.changed > 0) is changes
        said = "would step back;" if arguments else "stepped back;"
        assert (said in run.output) is changes
    now, before = (bring.cloud[bring.user].image(i) for i in (made["id"], first["id"]))
    assert (now["name"], now["hw_disk_bus"], now["hw_vif_model"]) == (name, "virtio", "virtio")
    assert (before["os_hidden"], before["status"]) == (True, "active")
    assert before["name"] != name
    assert before["hw_disk_bus"] == "ide"
    assert openstack(bring.user, "image", "show", name)["id"] == made["id"]
    # What was known of the machine still is.
    known = ("os_distro", "architecture", "provided_until", "min_ram", "min_disk")
    assert {key: now[key] for key in known} == {key: before[key] for key in known}
    assert now["tags"] == ["office"]
    assert (now["import_vm_switched"], now["import_vm_switched_from"]) == ("virtio", first["id"])

    again = bring.run(**machine)
    assert (again.status, again.changed) == (0, 0), again.output
    assert "import_vm_replace_switched: true" in again.machine(name)["message"]
    assert f"{name}: unchanged. Switched to virtio since" in again.output
    assert bring.standing(name) == now


@pytest.mark.slow
def test_switching_in_place(bring: Importer, workshop: Workshop) -> None:
    """Where the drivers were on the disk all along, the image itself asks for other hardware."""
    name = bring.name()
    bring.run(source=str(_linux(workshop, "qcow2")), name=name)
    image = bring.standing(name)
    run = bring.run(playbook="curator.glance.switch_virtio", switch_image=name)
    assert run.status == 0, run.output
    assert bring.standing(name)["id"] == image["id"]
    assert bring.standing(name)["hw_disk_bus"] == "virtio"

    machine: dict[str, Any] = {"source": str(_linux(workshop, "qcow2")), "name": name}
    kept = bring.run(**machine)
    assert (kept.status, kept.changed) == (0, 0), kept.output
    assert bring.standing(name)["hw_disk_bus"] == "virtio"
    # Whoever wants it as it was imported says so once; then nothing is left of the switch.
    assert bring.run(**machine, replace_switched=True).status == 0
    back = bring.standing(name)
    assert (back["id"], back["hw_disk_bus"]) == (image["id"], "ide")
    assert "import_vm_switched" not in back
    again = bring.run(**machine)
    assert (again.status, again.changed) == (0, 0), again.output
    assert "chosen" in again.machine(name)


@pytest.mark.slow
def test_a_switched_image_of_somebody_else(bring: Importer, workshop: Workshop) -> None:
    """Nobody keeps a machine out by showing an image of its name around."""
    name = bring.name()
    bring.cloud.new_image("provider", name=name, visibility="public", import_vm_switched="virtio")
    run = bring.run(source=str(_linux(workshop, "qcow2")), name=name)
    assert run.status == 0, run.output
    assert run.machine(name)["changed"]
