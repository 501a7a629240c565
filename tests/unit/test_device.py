# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from pathlib import Path

import pytest

from lib import device
from lib.device import Disk
from lib.errors import UserError

SDB = os.makedev(8, 16)


class Machine:
    """Folders that look like /sys and /proc, with a disk: sdb, 8:16, with two partitions."""

    def __init__(self, top: Path) -> None:
        self.sys, self.proc = top / "sys", top / "proc"
        self.disk = self.sys / "devices/pci0000:00/ata1/block/sdb"
        self.put(self.disk / "dev", "8:16")
        self.put(self.disk / "size", "62333952")
        self.put(self.disk / "removable", "1")
        self.put(self.disk / "ro", "0")
        self.put(self.disk / "queue/logical_block_size", "512")
        self.put(self.disk / "device/vendor", "SanDisk ")
        self.put(self.disk / "device/model", "Ultra           ")
        self.link(self.disk, "8:16")
        for number in (1, 2):
            part = self.disk / f"sdb{number}"
            self.put(part / "partition", str(number))
            self.put(part / "dev", f"8:{16 + number}")
            self.link(part, f"8:{16 + number}")
        self.put(self.proc / "self/mountinfo", "22 1 254:0 / / rw - ext4 /dev/root rw\n")
        self.put(self.proc / "swaps", "Filename Type Size Used Priority\n/dev/nothing partition 1 0 -2\n")

    def put(self, path: Path, content: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{content}\n")

    def link(self, place: Path, number: str) -> None:
        link = self.sys / "dev/block" / number
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(place)

    def describe(self, number: int = SDB, path: str = "/dev/sdb") -> Disk:
        return device.describe(Path(path), number, self.sys, self.proc)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_stick(machine: Machine) -> None:
    disk = machine.describe()
    assert disk == Disk(
        Path("/dev/sdb"), SDB, "sdb", "SanDisk Ultra", "", 31914983424, 512,
        removable=True, write_protected=False, uses=(),
    )  # fmt: skip
    assert str(disk) == "/dev/sdb: SanDisk Ultra, 31.9 GB"
    device.check(disk)


def test_a_disk_that_is_built_in(machine: Machine) -> None:
    machine.put(machine.disk / "removable", "0")
    disk = machine.describe()
    with pytest.raises(UserError, match=r"SanDisk Ultra, 31\.9 GB is built into this machine") as caught:
        device.check(disk)
    assert "--fixed" in caught.value.hint
    device.check(disk, fixed=True)


def test_a_disk_behind_usb_is_no_built_in_one(machine: Machine) -> None:
    place = machine.sys / "devices/pci0000:00/0000:00:14.0/usb2/2-1/host6/block/sdc"
    for name, content in ("dev", "8:32"), ("size", "1000"), ("removable", "0"), ("ro", "0"):
        machine.put(place / name, content)
    machine.link(place, "8:32")
    disk = machine.describe(os.makedev(8, 32), "/dev/sdc")
    assert (disk.bus, disk.removable, disk.model, disk.size) == ("USB", True, "", 512000)
    assert str(disk) == "/dev/sdc: USB, 512000 bytes"


@pytest.mark.parametrize(("kind", "removable"), [("SD", True), ("MMC", False)])
def test_a_card_is_none_and_a_soldered_chip_is_one(machine: Machine, kind: str, removable: bool) -> None:
    machine.put(machine.disk / "removable", "0")
    machine.put(machine.disk / "device/type", kind)
    machine.put(machine.disk / "device/name", "SN64G")
    disk = machine.describe()
    assert disk.removable == removable
    assert disk.model == "SanDisk Ultra SN64G"


MOUNTS = r"""
36 35 8:17 / /media/my\040stick rw,noatime shared:1 - vfat /dev/sdb1 rw
37 35 0:55 /sub /mnt rw - btrfs /dev/sdz9 rw
38 35 8:16 / /whole rw - iso9660 /dev/sdb ro
"""


def test_what_is_mounted_is_refused(machine: Machine) -> None:
    machine.put(machine.proc / "self/mountinfo", MOUNTS)
    disk = machine.describe()
    assert disk.uses == ("/dev/sdb1 is mounted on /media/my stick", "/dev/sdb is mounted on /whole")
    with pytest.raises(UserError, match="in use: /dev/sdb1 is mounted on /media/my stick; ") as caught:
        device.check(disk, fixed=True)
    assert "--in-use" in caught.value.hint
    device.check(disk, in_use=True)


def test_parts_of_other_disks_are_refused(machine: Machine) -> None:
    machine.put(machine.disk / "sdb2/holders/dm-0/dm/name", "vg-root")
    machine.put(machine.disk / "holders/md127/x", "")
    assert machine.describe().uses == (
        "/dev/sdb is a part of md127",
        "/dev/sdb2 is a part of vg-root",
    )


def test_a_partition_is_refused(machine: Machine) -> None:
    with pytest.raises(UserError, match="/dev/sdb1 is a partition") as caught:
        machine.describe(os.makedev(8, 17), "/dev/sdb1")
    assert "/dev/sdb" in caught.value.hint
    with pytest.raises(UserError, match="is a partition") as caught:
        machine.describe(os.makedev(8, 17), "/dev/disk/by-label/x")
    assert caught.value.hint.endswith(": /dev/sdb")


def test_a_disk_without_a_medium_and_one_that_is_locked(machine: Machine) -> None:
    machine.put(machine.disk / "ro", "1")
    with pytest.raises(UserError, match="write-protected"):
        device.check(machine.describe(), fixed=True, in_use=True)
    machine.put(machine.disk / "ro", "0")
    machine.put(machine.disk / "size", "0")
    with pytest.raises(UserError, match="has nothing in it"):
        device.check(machine.describe(), fixed=True, in_use=True)


def test_a_number_that_the_kernel_does_not_know(machine: Machine) -> None:
    with pytest.raises(UserError, match="knows no disk"):
        machine.describe(os.makedev(8, 99))


def test_what_only_has_a_disks_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sdb").write_bytes(b"x")
    os.mkfifo(tmp_path / "pipe")
    for path, said in (
        (tmp_path / "sdb", "not a disk, but a file"),
        (tmp_path, "not a disk, but a folder"),
        (Path("/dev/null"), "not a disk, but another kind of device"),
        (tmp_path / "pipe", "not a disk, but something else"),
        (tmp_path / "gone", "cannot look at .*gone: No such file"),
    ):
        with pytest.raises(UserError, match=said):
            device.look(path)


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0 bytes"), (999_999, "999999 bytes"), (1_500_000, "1.5 MB"), (4_000_787_030_016, "4.0 TB")],
)
def test_sizes(size: int, shown: str) -> None:
    assert device.show(size) == shown
