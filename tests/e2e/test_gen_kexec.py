# SPDX-License-Identifier: GPL-3.0-or-later
"""gen-kexec's kernel, started by UEFI from sticks, disks and CDs, starts our other one, or says why not."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lib import deps, initramfs, package, plan, sources
from lib.machine import Machine
from lib.monitor import Silent
from lib.store import Store
from tests.e2e import cli, firmware
from tests.e2e.conftest import Grown

STEP = "gen-kexec"
MIB = 1 << 20
ENVIRONMENT = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}

pytestmark = [pytest.mark.far(STEP), pytest.mark.timeout(3600)]

TARGET = """#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
echo "target: $(/bin/busybox cat /proc/cmdline)"
echo "EFI: $(/bin/busybox ls -d /sys/firmware/efi/runtime-map)"
echo "#: end"
/bin/busybox sleep 1000
"""
MENU = """default linux
label linux
  kernel linux
  append initrd=initrd.gz console=ttyS0 no_timer_check who=target
"""


@pytest.fixture(scope="module")
def packages(grown: Grown) -> dict[str, Path]:
    """Packages of the chain, by step."""
    chain = plan.load(cli.BASE, sources.load(cli.BASE).digests)
    store = Store(deps.cache() / "packages", Silent())
    if STEP not in plan.make(chain, STEP, store).stored:
        grown(STEP)
    return {name: found.path for name, found in plan.make(chain, STEP, store).stored.items()}


@pytest.fixture(scope="module")
def efi(packages: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What belongs on an EFI system partition."""
    folder = tmp_path_factory.mktemp("gen-kexec")
    package.unpack(packages[STEP], folder / "package")
    with tarfile.open(folder / "package/usr/share/gen-kexec/efi.tar.xz") as archive:
        archive.extractall(folder / "efi", filter="data")
    return folder / "efi"


@pytest.fixture(scope="module")
def target(packages: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A medium for isolinux: our kernel of the other step, and a small system that says a line."""
    folder = tmp_path_factory.mktemp("target")
    package.unpack(packages["linux-6.1"], folder / "linux")
    return system(folder, packages, folder / "linux/boot/vmlinuz", TARGET)


def system(folder: Path, packages: dict[str, Path], kernel: Path, init: str) -> Path:
    """A medium with a menu, a kernel and an initramfs of busybox and that program."""
    package.unpack(packages["busybox-1.37.0"], folder / "busybox")
    root = folder / "root"
    (root / "bin").mkdir(parents=True)
    for name in ("proc", "sys"):
        (root / name).mkdir()
    shutil.copy2(folder / "busybox/bin/busybox", root / "bin")
    (root / "init").write_text(init)
    (root / "init").chmod(0o755)
    medium = folder / "medium/isolinux"
    medium.mkdir(parents=True)
    initramfs.build(root, medium / "initrd.gz")
    shutil.copy(kernel, medium / "linux")
    (medium / "isolinux.cfg").write_text(MENU)
    return medium.parent


# ---- media


def run(*command: str | Path, data: str = "") -> None:
    """A program that makes or fills a file system."""
    done = subprocess.run(
        [str(word) for word in command],
        input=data, text=True, capture_output=True, check=False, env=ENVIRONMENT,
    )  # fmt: skip
    assert done.returncode == 0, (command, done.stdout + done.stderr)


def fat(path: Path, size: int, tree: Path, label: str = "gen-kexec", bits: int = 32) -> Path:
    """A FAT file system with the files of a tree; size in MiB."""
    with path.open("wb") as file:
        file.truncate(size * MIB)
    run("mkfs.vfat", "-F", str(bits), "-n", label, path)
    run("mcopy", "-s", "-i", path, *tree.iterdir(), "::/")
    return path


def ext4(path: Path, size: int, tree: Path, *options: str) -> Path:
    """An ext4 file system with the files of a tree; size in MiB."""
    with path.open("wb") as file:
        file.truncate(size * MIB)
    run("mkfs.ext4", "-q", "-F", *options, "-d", tree, path)
    return path


def plain(folder: Path, efi: Path, target: Path) -> Path:
    """A disk with an MBR: the target on ext4, behind it the EFI system partition."""
    first, second = ext4(folder / "first", 32, target), fat(folder / "second", 64, efi)
    image = folder / "disk.img"
    with image.open("wb") as file:
        for start, part in ((1, first), (33, second)):
            file.seek(start * MIB)
            file.write(part.read_bytes())
    run("sfdisk", "--quiet", image, data="1MiB,32MiB,83\n33MiB,64MiB,ef\n")
    return image


def iso(folder: Path, efi: Path, target: Path) -> Path:
    """A CD that is a disk as well: MBR and El Torito's catalogue both have the EFI system partition."""
    esp = fat(folder / "esp", 24, efi, bits=16)
    image = folder / "cd.iso"
    run(
        "xorriso", "-as", "mkisofs", "-quiet", "-r", "-V", "TARGET", "-o", image,
        "-append_partition", "2", "0xef", esp, "-e", "--interval:appended_partition_2:all::",
        "-no-emul-boot", target,
    )  # fmt: skip
    return image


# ---- machines


def ended(running: Machine) -> None:
    """The machine restarts, which here means that it ends."""
    deadline = time.monotonic() + firmware.PATIENCE
    while running.read(1.0) is not None:
        assert time.monotonic() < deadline


@pytest.mark.parametrize(
    ("make", "where", "found"),
    [
        (plain, "usb", "Found on /dev/sda2 (of /dev/sda)."),
        (plain, "nvme", "Found on /dev/nvme0n1p2 (of /dev/nvme0n1)."),
        (iso, "usb", "Found on /dev/sda2 (of /dev/sda)."),
        (iso, "cd", "Found on /dev/loop0 (of /dev/sr0)."),
    ],
    ids=["disk on USB", "disk on NVMe", "ISO on USB", "ISO as CD"],
)
def test_firmware_starts_it_and_it_starts_the_target(
    make: Callable[[Path, Path, Path], Path], where: str, found: str, efi: Path, target: Path, tmp_path: Path
) -> None:
    image = make(tmp_path, efi, target)
    with firmware.machine(*firmware.uefi(tmp_path), *firmware.medium(image, where)) as running:
        said = firmware.until(running, r"^#: end\n")
    assert found in said
    line = re.search(r"^target: .*initrd=initrd.gz console=ttyS0 no_timer_check who=target (.*)$", said, re.M)
    assert line, said[-3000:]
    assert re.fullmatch("acpi_rsdp=0x[0-9a-f]+", line[1])
    assert "EFI: /sys/firmware/efi/runtime-map" in said  # the firmware's services are handed on


VARIABLE = "/sys/firmware/efi/efivars/Seedroot-5d8be6fa-2b3f-4f0c-9d3c-0d3f6a1c7e55"
WRITER = f"""#!/bin/busybox sh
/bin/busybox mount -t sysfs sys /sys
/bin/busybox mount -t efivarfs efivarfs /sys/firmware/efi/efivars
/bin/busybox printf '\\7\\0\\0\\0grown' > {VARIABLE}
echo "read: $(/bin/busybox tail -c 5 {VARIABLE})"
echo "#: end"
/bin/busybox sleep 1000
"""


def test_the_target_writes_a_variable_of_the_firmware(
    efi: Path, packages: dict[str, Path], tmp_path: Path
) -> None:
    """As a boot loader does that is installed from there; gen-kexec's own kernel is the target here."""
    medium = system(tmp_path / "system", packages, efi / "EFI/Boot/bootx64.efi", WRITER)
    image = plain(tmp_path, efi, medium)
    with firmware.machine(*firmware.uefi(tmp_path), *firmware.medium(image, "usb")) as running:
        said = firmware.until(running, r"^#: end\n")
    assert "read: grown\n" in said, said[-3000:]


def unreadable(path: Path, tree: Path) -> Path:
    """ext4 with our label, and with features that no kernel has: s_feature_incompat of the superblock."""
    ext4(path, 16, tree, "-L", "gen-kexec")
    with path.open("r+b") as file:
        file.seek(1024 + 0x63)
        file.write(b"\xff")
    return path


NO_FILE_SYSTEM = "there is no file system"
RETURNED = "/boot/kexec.sourceme has returned (exit status 0)"
SCRIPT = 'echo "on ${BOOT_PATH} of ${BOOT_DISK}, ${BOOT_FILESYSTEM_LABEL} within ${DELAY}"\r\n'


@pytest.mark.parametrize(
    ("label", "words", "error"),
    [
        ("other", "", f"{NO_FILE_SYSTEM} called gen-kexec (waited 2 s)"),
        ("gen-kexec", "BOOT_PATH=/dev/sdz9", f"{NO_FILE_SYSTEM} /dev/sdz9 (waited 2 s)"),
        (None, "", "/dev/vda cannot be mounted"),
        ("gen-kexec", "KSCRIPT=/boot/another", "/dev/vda has no /another"),
        ("GEN-KEXEC", "", RETURNED),
        ("other", "BOOT_PATH=/dev/vda", RETURNED),
    ],
    ids=["no label", "no device", "not mounted", "no script", "script returns", "device given"],
)
def test_errors_end_in_a_recovery_console(
    label: str | None, words: str, error: str, efi: Path, tmp_path: Path
) -> None:
    tree, image = tmp_path / "tree", tmp_path / "image"
    tree.mkdir()
    (tree / "kexec.sourceme").write_text(SCRIPT)
    if label:
        fat(image, 64, tree, label)
    else:
        unreadable(image, tree)
    with firmware.machine(
        "-kernel", str(efi / "EFI/Boot/bootx64.efi"), "-append", f"no_timer_check DELAY=2 {words}",
        "-drive", f"if=virtio,format=raw,file={image}",
    ) as running:  # fmt: skip
        said = firmware.until(running, r"^~ # ")
        running.type(b"sleep 1000\n")
        time.sleep(3)
        running.type(b"\3")  # Ctrl-C, which needs a controlling terminal
        running.type(b"echo $((6 * 7))\n")
        answer = firmware.until(running, r"^42\n")
        running.type(b"exit\n")
        ended(running)
    assert f"Error: {error}" in said
    assert "can't access tty" not in said + answer
    if error == RETURNED:
        assert "on /dev/vda of /dev/vda, gen-kexec within 2" in said
    if NO_FILE_SYSTEM in error:
        assert "/dev/vda: 64 MiB" in said


def test_the_archive(efi: Path) -> None:
    """It has what the guide's has, whoever unpacks it and whenever."""
    with tarfile.open(efi.parent / "package/usr/share/gen-kexec/efi.tar.xz") as archive:
        members = archive.getmembers()
    assert [member.name for member in members] == [
        ".", "./EFI", "./EFI/Boot", "./EFI/Boot/bootx64.efi", "./kexec.sourceme",
    ]  # fmt: skip
    assert {(member.uid, member.gid, member.mtime) for member in members} == {(0, 0, 0)}
    assert {oct(member.mode) for member in members} == {"0o755", "0o644"}


def test_the_configuration_is_the_one_that_was_asked_for(efi: Path) -> None:
    config = (efi.parent / "package/usr/share/gen-kexec/config").read_text().splitlines()
    for option in ("EFI_STUB", "KEXEC", "KEXEC_FILE", "RELOCATABLE", "EFI_RUNTIME_MAP", "DEVTMPFS"):
        assert f"CONFIG_{option}=y" in config
    for option in ("CMDLINE_BOOL", "MODULES", "SYSFB_SIMPLEFB", "DRM", "KEXEC_SIG", "SECURITY_LOCKDOWN_LSM"):
        assert f"CONFIG_{option}=y" not in config
