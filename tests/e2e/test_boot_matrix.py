# SPDX-License-Identifier: GPL-3.0-or-later
"""Converted images start: from BIOS as before, from UEFI through gen-kexec, to a line of the target.

The target is not ours: its kernel and shell are Debian's, its boot loaders Syslinux and GRUB from Debian.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lib import deps, initramfs, kernel
from tests import screenshot
from tests.e2e import cli
from tests.e2e.firmware import FIRMWARE, PATIENCE, started
from tests.screenshot import Screen
from tests.unit.image import debian, makers

STEP = "gen-kexec"
pytestmark = [pytest.mark.far(STEP), pytest.mark.timeout(1800)]

MIB = 1 << 20
ISOLINUX = Path("/usr/lib/ISOLINUX")
MODULES = Path("/usr/lib/syslinux/modules/bios")
CODE = Path("/usr/lib/syslinux/mbr")
APPEND = "console=ttyS0,115200 panic=-1 quiet no_timer_check who='the target'"
INIT = """#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
firmware=BIOS
[ ! -e /sys/firmware/efi/runtime-map/0 ] || firmware=UEFI
echo "#: started on $firmware: $(/bin/busybox cat /proc/cmdline)"
/bin/busybox sleep 1000
"""
MENU = f"""default only
prompt 0
timeout 1
label only
  kernel /live/vmlinuz
  append initrd=/live/initrd {APPEND}
"""
GRUB = f"""set timeout=0
menuentry "The target" {{
  linux /live/vmlinuz {APPEND.replace("'", '"')}
  initrd /live/initrd
}}
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Debian's kernel, and a system that says one line."""
    top = tmp_path_factory.mktemp("tree")
    busybox = debian.unpacked("busybox-static", tmp_path_factory.mktemp("busybox"))
    root = tmp_path_factory.mktemp("root")
    for name in ("bin", "proc", "sys"):
        (root / name).mkdir()
    shutil.copy(next(busybox.glob("**/bin/busybox")), root / "bin")
    (root / "init").write_text(INIT)
    (root / "init").chmod(0o755)
    (top / "live").mkdir()
    initramfs.build(root, top / "live/initrd")
    shutil.copy(kernel.find().path, top / "live/vmlinuz")
    return top


def isolinux(path: Path, tree: Path) -> None:
    """As most hybrid ISOs of the years of BIOS were made, before isohybrid."""
    folder = tree / "isolinux"
    folder.mkdir()
    shutil.copy(ISOLINUX / "isolinux.bin", folder)
    for module in MODULES.glob("*.c32"):
        shutil.copy(module, folder)
    if not (folder / "isolinux.cfg").exists():
        (folder / "isolinux.cfg").write_text(MENU)
    makers.iso(
        path, tree, "-R", "-J", "-V", "TARGET", "-b", "isolinux/isolinux.bin", "-c", "isolinux/boot.cat",
        "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table",
    )  # fmt: skip


def hybrid(path: Path, tree: Path) -> None:
    isolinux(path, tree)
    makers.run("isohybrid", path)


def grub(path: Path, tree: Path) -> None:
    """GRUB's own tool, without its part for UEFI."""
    (tree / "boot/grub").mkdir(parents=True)
    (tree / "boot/grub/grub.cfg").write_text(GRUB)
    makers.run("grub-mkrescue", "--directory=/usr/lib/grub/i386-pc", "--compress=no", "-o", path, tree)


def disk(path: Path, tree: Path, script: str, code: str) -> None:
    """A disk with a FAT16 that Syslinux starts."""
    part = path.with_suffix(".part")
    makers.run("mkfs.fat", "-C", "-F", "16", "-n", "TARGET", part, str(62 << 10))
    (tree / "syslinux").mkdir()
    (tree / "syslinux/syslinux.cfg").write_text(MENU)
    makers.run("mcopy", "-s", "-i", part, *sorted(tree.iterdir()), "::")
    makers.run("syslinux", "--install", "--directory", "syslinux", part)
    with path.open("wb") as file:
        file.truncate(64 * MIB)
    makers.run("sfdisk", "--quiet", path, stdin=script)
    with path.open("r+b") as file:
        file.write((CODE / code).read_bytes())
        file.seek(MIB)
        file.write(part.read_bytes())
    part.unlink()


DATA = "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"
SIZE = f"start=2048,size={62 * 2048}"
IMAGES: dict[str, Callable[[Path, Path], None]] = {
    "mbr": lambda path, tree: disk(path, tree, f"label: dos\n{SIZE},type=c,bootable\n", "mbr.bin"),
    "gpt": lambda path, tree: disk(
        path, tree, f"label: gpt\n{SIZE},type={DATA},attrs=LegacyBIOSBootable\n", "gptmbr.bin",
    ),
    "hybrid": hybrid,
    "plain": isolinux,
    "grub": grub,
}  # fmt: skip


Converted = Callable[[str], Path]


@pytest.fixture(scope="module")
def converted(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Converted:
    """A converted image of a kind, made once."""
    folder = tmp_path_factory.mktemp("images")

    def get(kind: str) -> Path:
        out = folder / f"{kind}-efi.img"
        if not out.exists():
            copy = tmp_path_factory.mktemp(kind) / "tree"
            shutil.copytree(tree, copy)
            IMAGES[kind](folder / f"{kind}.img", copy)
            convert(folder / f"{kind}.img")
        return out

    return get


def convert(image: Path) -> None:
    done = cli.run(cli.BASE, "efi", str(image), cache=deps.cache().parent)
    assert done.returncode == 0, done.stderr


CELLS = [
    *((kind, firmware, bus) for kind in ("mbr", "gpt") for firmware in FIRMWARE for bus in ("usb", "nvme")),
    *(("hybrid", firmware, bus) for firmware in FIRMWARE for bus in ("usb", "ahci", "cd")),
    ("plain", "bios", "cd"), ("plain", "uefi", "usb"), ("plain", "uefi", "ahci"), ("plain", "uefi", "cd"),
    ("grub", "bios", "usb"), ("grub", "uefi", "usb"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "firmware", "medium"), CELLS)
def test_it_starts(converted: Converted, tmp_path: Path, kind: str, firmware: str, medium: str) -> None:
    lines = started(converted(kind), firmware, medium, tmp_path, "#: ")
    assert f"#: started on {firmware.upper()}: " in lines[-1]
    said = lines[-1].replace('"', "'")
    assert "who='the target'" in said or "'who=the target'" in said
    if firmware == "uefi":
        assert "Found on /dev/" in "\n".join(lines)  # it went through gen-kexec


INSTALLER = "usr/lib/debian-installer/images/12/amd64/text/debian-installer"


@pytest.fixture(scope="module")
def installer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Debian's installer, as it speaks through the serial port."""
    return _installer(tmp_path_factory, "console=ttyS0,115200 no_timer_check")


def _installer(tmp_path_factory: pytest.TempPathFactory, more: str) -> Path:
    """Kernel, initramfs, menus as they come, on a disc that only knows BIOS; more: for the command line."""
    top = tmp_path_factory.mktemp("installer")
    files = debian.unpacked("debian-installer-12-netboot-amd64", tmp_path_factory.mktemp("package"))
    tree = top / "tree"
    shutil.copytree(files / INSTALLER, tree / "debian-installer", ignore=shutil.ignore_patterns("grub*"))
    menus = tree / "debian-installer/amd64/boot-screens"
    text = (menus / "txt.cfg").read_text()
    assert " --- quiet" in text
    (menus / "txt.cfg").write_text(text.replace(" --- quiet", f" {more} --- quiet"))
    shutil.copy(menus / "syslinux.cfg", tree / "isolinux.cfg")
    shutil.copy(ISOLINUX / "isolinux.bin", tree)
    for module in ("ldlinux.c32", "libcom32.c32", "libutil.c32"):
        shutil.copy(MODULES / module, tree)
    makers.iso(
        top / "installer.iso", tree, "-R", "-J", "-V", "INSTALLER", "-b", "isolinux.bin", "-c", "boot.cat",
        "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table",
    )  # fmt: skip
    makers.run("isohybrid", top / "installer.iso")
    convert(top / "installer.iso")
    return top / "installer-efi.iso"


@pytest.mark.parametrize("where", ["usb", "cd"])
def test_a_distribution_starts(installer: Path, tmp_path: Path, where: str) -> None:
    """As far as what its first program says."""
    lines = started(installer, "uefi", where, tmp_path, "Starting system log daemon")
    assert "Found on /dev/" in "\n".join(lines)


def test_what_it_looks_like(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    """The screen shows each picture of docs/efi.md in turn, but for the cell where a cursor blinks."""
    image = _installer(tmp_path_factory, "no_timer_check")
    with screenshot.started(image, tmp_path) as (running, camera):
        for name in ("efi-menu.svg", "efi-installer.svg"):
            text = (cli.BASE / "docs" / name).read_text()
            wanted = Screen.of_svg(text)
            assert wanted.svg() == text  # nothing is in the picture that was not read
            deadline = time.monotonic() + PATIENCE
            while True:
                found = camera.screen()
                alike = [len(row) for row in found.last(len(wanted.rows)).rows] == [
                    len(row) for row in wanted.rows
                ]
                if alike and found.last(len(wanted.rows)).differences(wanted) <= 1:
                    break
                (tmp_path / name).write_text(found.svg())
                assert time.monotonic() < deadline, f"not {name}, but {tmp_path / name}"
                assert running.read(0.5) is not None, running.post_mortem()
