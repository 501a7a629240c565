# SPDX-License-Identifier: GPL-3.0-or-later
"""Images that could be started, made by other people's programs, with a kernel that only looks like one."""

from __future__ import annotations

import functools
import io
import lzma
import shutil
import struct
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from . import makers

MENU = b"""\
default linux
label linux
  menu label The system
  kernel /live/vmlinuz
  append initrd=/live/initrd who=target quiet
label safe
  kernel /live/vmlinuz
  append nomodeset
"""
APPEND = "initrd=/live/initrd who=target quiet"
MIB = 1 << 20
ISOLINUX = Path("/usr/lib/ISOLINUX")


def kernel() -> bytes:
    """What the boot protocol's header makes of nothing (Linux, Documentation/arch/x86/boot.rst)."""
    data = bytearray(4096)
    data[0x1FE:0x206] = b"\x55\xaa\xeb\x66HdrS"
    struct.pack_into("<H", data, 0x206, 0x20F)
    data[0x211] = 1  # loaded high
    data[0x236] = 1  # 64 bits
    return bytes(data)


def efi_archive(files: dict[str, bytes] | None = None) -> bytes:
    """An efi.tar.xz."""
    buffer = io.BytesIO()
    wanted = files or {"./EFI/Boot/bootx64.efi": b"MZ" + bytes(5000), "./kexec.sourceme": b"# an old one\n"}
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in wanted.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return lzma.compress(buffer.getvalue(), preset=0)


def _tree(folder: Path, menu: str = "isolinux/isolinux.cfg") -> Path:
    tree = folder / "tree"
    for name, content in {"live/vmlinuz": kernel(), "live/initrd": b"initrd", menu: MENU}.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(content)
    return tree


def plain_iso(path: Path, folder: Path) -> None:
    tree = _tree(folder)
    shutil.copy(ISOLINUX / "isolinux.bin", tree / "isolinux")
    makers.iso(
        path, tree, "-R", "-V", "TARGET", "-b", "isolinux/isolinux.bin", "-c", "isolinux/boot.cat",
        "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table",
    )  # fmt: skip


def hybrid_iso(path: Path, folder: Path) -> None:
    plain_iso(path, folder)
    makers.run("isohybrid", path)


def silent_iso(path: Path, folder: Path) -> None:
    """Without a boot catalogue."""
    makers.iso(path, _tree(folder), "-R", "-V", "SILENT")


def efi_iso(path: Path, folder: Path) -> None:
    """As distributions make them today: it starts on both, with an MBR, a GPT and an Apple partition map."""
    tree = _tree(folder)
    shutil.copy(ISOLINUX / "isolinux.bin", tree / "isolinux")
    esp = tree / "efi.img"
    makers.run("mkfs.fat", "-C", esp, "1440")
    loader = folder / "loader"
    loader.write_bytes(b"MZ")
    makers.run("mmd", "-i", esp, "::EFI", "::EFI/BOOT")
    makers.run("mcopy", "-i", esp, loader, "::EFI/BOOT/BOOTX64.EFI")
    makers.run(
        "xorriso", "-as", "mkisofs", "-quiet", "-R", "-V", "MODERN", "-b", "isolinux/isolinux.bin",
        "-c", "isolinux/boot.cat", "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table",
        "-eltorito-alt-boot", "-e", "efi.img", "-no-emul-boot", "-isohybrid-gpt-basdat",
        "-isohybrid-apm-hfsplus",
        "-isohybrid-mbr", ISOLINUX / "isohdpfx.bin", "-o", path, tree,
    )  # fmt: skip


def gpt_iso(path: Path, folder: Path) -> None:
    """A disc with a GPT around it that has no place for UEFI: grub-mkrescue's layout without its EFI part."""
    tree = _tree(folder)
    shutil.copy(ISOLINUX / "isolinux.bin", tree / "isolinux")
    other = folder / "other.img"
    other.write_bytes(bytes(64 << 10))
    makers.run(
        "xorriso", "-as", "mkisofs", "-quiet", "-R", "-V", "GPT", "-b", "isolinux/isolinux.bin",
        "-c", "isolinux/boot.cat", "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table",
        "-appended_part_as_gpt", "-append_partition", "2", "0x83", other, "-o", path, tree,
    )  # fmt: skip


def disk(path: Path, folder: Path, script: str, size: int = 8 * MIB) -> None:
    """A disk with partitions as sfdisk's script says; the one at 1 MiB is a FAT12 with a boot menu."""
    part = folder / "part.img"
    makers.run("mkfs.fat", "-C", "-F", "12", "-n", "TARGET", "-i", "12345678", part, "2048")
    makers.run("mcopy", "-s", "-i", part, *sorted(_tree(folder, "syslinux/syslinux.cfg").iterdir()), "::")
    with path.open("wb") as file:
        file.truncate(size)
    makers.run("sfdisk", "--quiet", path, stdin=script)
    with path.open("r+b") as file:
        file.write(b"\xfa\x33\xc0")  # what a BIOS could run
        file.seek(MIB)
        file.write(part.read_bytes())


LINUX = "0FC63DAF-8483-4772-8E79-3D69D8477DE4"
DISKS: dict[str, Callable[[Path, Path], None]] = {
    "plain.iso": plain_iso,
    "hybrid.iso": hybrid_iso,
    "silent.iso": silent_iso,
    "modern.iso": efi_iso,
    "gpt.iso": gpt_iso,
    "mbr.img": lambda path, folder: disk(path, folder, "label: dos\nstart=2048,size=4096,type=c,bootable\n"),
    "odd.img": lambda path, folder: disk(
        path, folder, "label: dos\nstart=2048,size=4096,type=c,bootable\n", 8 * MIB + 512 * 5
    ),
    "extended.img": lambda path, folder: disk(
        path, folder,
        "label: dos\nstart=2048,size=4096,type=c\nstart=6144,size=8192,type=5\n"
        "start=7168,size=1024,type=83\nstart=9216,size=1024,type=83\n",
    ),
    "full.img": lambda path, folder: disk(
        path, folder,
        "label: dos\nstart=2048,size=4096,type=c\n"
        + "\n".join(f"start={at},size=2048,type=83" for at in (6144, 8192, 10240)),
    ),
    "gpt.img": lambda path, folder: disk(
        path, folder, f"label: gpt\nlabel-id: {LINUX}\nstart=2048,size=4096,type={LINUX},uuid={LINUX}\n"
    ),
}  # fmt: skip


@functools.cache
def image(name: str) -> bytes:
    """One of DISKS' images."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        DISKS[name](path, Path(folder))
        return path.read_bytes()


def write(folder: Path, name: str) -> Path:
    """One of DISKS' images as a file."""
    path = folder / name
    path.write_bytes(image(name))
    return path


def cut_out(path: Path, start: int, size: int, to: Path) -> Path:
    """A part of an image as a file, in which zeros take no room."""
    with path.open("rb") as source, to.open("wb") as file:
        source.seek(start)
        for at in range(0, size, MIB):
            if any(block := source.read(min(MIB, size - at))):
                file.seek(at)
                file.write(block)
        file.truncate(size)
    return to
