# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of rootfs.py."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from pathlib import Path

from lib import loader

_EXAMPLES = """\
examples:
  ./rootfs.py --chroot                      build everything, in a chroot (no root needed)
  ./rootfs.py --qemu                        build everything in a virtual machine
  ./rootfs.py --bare-metal --image FILE     write an image for a stick, from which a real machine does it
  ./rootfs.py --chroot --interactive        ... and give a prompt in the result
  ./rootfs.py --chroot --until cc           stop after a step
  ./rootfs.py --chroot --rebuild tcc-0.9.27 build a step anew
  ./rootfs.py sources --mirror /media/usb   only fetch and verify the sources
  ./rootfs.py write stick.img /dev/sdb      put an image onto a stick, and compare
  ./rootfs.py efi old.iso                   make an image that only knows BIOS start on UEFI too
  ./rootfs.py inspect old.iso               what is in an image, and how it would start
  ./rootfs.py inspect                       what there is to trust, in figures
  ./rootfs.py audit                         what in the sources was not written by hand, and is it used

Running the same command again goes on after the last finished step: packages of finished steps are kept
in $XDG_CACHE_HOME/seedroot (~/.cache/seedroot). Everything else is in the target directory.
"""


@dataclass
class Options(argparse.Namespace):
    """What the user asked for."""

    command: str | None = None
    chroot: bool = False
    qemu: bool = False
    bare_metal: bool = False
    arch: str = "amd64"
    target: Path = Path("target")
    until: str | None = None
    start: str | None = None
    rebuild: list[str] = field(default_factory=list)
    print_script: bool = False
    interactive: bool = False
    no_store: bool = False
    update_checksums: bool = False
    mirror: list[str] = field(default_factory=list)
    distfiles: Path | None = None
    cores: int | None = None
    qemu_ram: str | None = None
    target_size: str = "16G"
    qemu_cmd: str | None = None
    kernel: Path | None = None
    image: Path | None = None
    append: str = loader.CONSOLES
    accel: str = "auto"
    json: bool = False
    ddc: str | None = None
    reproduce: bool = False
    write: bool = False
    prove: bool = False
    times: bool = False
    to_write: Path = Path()
    device: Path = Path()
    yes: bool = False
    fixed: bool = False
    in_use: bool = False
    subject: Path | None = None
    out: Path | None = None
    dry_run: bool = False
    undo: bool = False
    in_place: bool = False
    second: bool = False
    efi_files: Path | None = None
    target_kernel: str | None = None
    target_initrds: list[str] = field(default_factory=list)
    target_append: str | None = None


def parse(argv: list[str]) -> Options:
    """Read a command line; argparse ends the program for --help and for wrong usage."""
    parser = argparse.ArgumentParser(
        prog="rootfs.py",
        description="Grow a complete Linux system out of a few hundred bytes that a person can read.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    _add_build(parser)
    _add_common(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="instead of building")
    sources = commands.add_parser("sources", help="fetch and verify all sources", allow_abbrev=False)
    inspect = commands.add_parser(
        "inspect",
        help="print the opaque bytes, the hand-written lines and the steps; or, of an image, what is in it",
        allow_abbrev=False,
    )
    inspect.add_argument(
        "subject", type=Path, nargs="?", metavar="IMAGE", help="any image of a disk or a disc, or a disk"
    )
    inspect.add_argument("--json", action="store_true", help="for programs")
    inspect.add_argument(
        "--write", action="store_true", help="also bring the picture docs/journey.svg up to date"
    )
    verify = commands.add_parser(
        "verify", help="check a finished target against its report and the pinned digests", allow_abbrev=False
    )
    verify.add_argument(
        "--ddc",
        nargs="?",
        const="tcc",
        choices=["tcc", "gcc"],
        help="build tcc (--ddc gcc: GCC 10) by the chain's compilers and by the host's, let both build it"
        " again, and compare the bytes",
    )
    verify.add_argument(
        "--reproduce",
        action="store_true",
        help="build from nothing with another user, folder, umask, host name, locale, number of processors,"
        " order of files, and compare all packages with the finished target's, or with another build's",
    )
    verify.add_argument(
        "--until", metavar="STEP", default=argparse.SUPPRESS, help="with --reproduce: stop after this step"
    )
    status = commands.add_parser(
        "status", help="what is built, and what a run would build",
        description="Print a line for each step. built: in the target and in the store. cached: in the store."
        " stale: its recipe, its sources or what it is built with have changed since. failed: in the last run"
        " on the target. not built: never. unknown: hangs on packages that are still to be built.",
        allow_abbrev=False,
    )  # fmt: skip
    status.add_argument(
        "--times", action="store_true", help="what each step took when it was built, as a table in Markdown"
    )
    status.add_argument(
        "--write", action="store_true", help="with --times: also bring docs/performance.md up to date"
    )
    audit = commands.add_parser(
        "audit", help="print which files of the sources nobody wrote by hand, and what becomes of them",
        description="Look into every source for what a strict bootstrap must not trust: binaries, output of"
        " autotools, yacc and lex, other generated code, parts that are not free. Each step's audit.yaml says"
        " what its recipe does with them (docs/trust.md). Exit status 1 if a file is unaccounted for.",
        allow_abbrev=False,
    )  # fmt: skip
    audit.add_argument("--json", action="store_true", help="for programs")
    audit.add_argument("--write", action="store_true", help="also bring docs/trust.md up to date")
    audit.add_argument(
        "--prove", action="store_true",
        help="build each step of a finished chain again, with all files emptied that it is said not to use:"
        " the package must be the same",
    )  # fmt: skip
    audit.add_argument("--until", metavar="STEP", default=argparse.SUPPRESS, help="stop after this step")
    _add_write(commands.add_parser(
        "write", help="write an image onto a stick, a card or a disk", allow_abbrev=False,
        description="Show what the disk is, ask, write the image onto it, read it back and compare. All that"
        " was on the disk is lost. Built-in disks, and those that are in use, are refused.",
    ))  # fmt: skip
    for sub in (sources, inspect, verify, status, audit):
        _add_common(sub)
    _add_efi(commands)
    options = parser.parse_args(argv, namespace=Options())
    _check(parser, options)
    return options


def _add_efi(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    efi = commands.add_parser(
        "efi", help="make an image that only knows BIOS start on UEFI too",
        description="Put an EFI system partition behind an image of a disk or a disc. In it is a kernel that"
        " starts the image's own one by kexec, as its boot menu says. On BIOS the image starts as before."
        " docs/efi.md has more.",
        allow_abbrev=False,
    )  # fmt: skip
    efi.add_argument("subject", type=Path, metavar="IMAGE", help="an image; it is only read")
    where = efi.add_mutually_exclusive_group()
    where.add_argument(
        "-o", dest="out", type=Path, metavar="OUT", help="the new image (IMAGE-efi, beside it)"
    )
    where.add_argument(
        "--in-place", action="store_true", help="change the image itself, which may be a disk; asks"
    )
    efi.add_argument("--yes", action="store_true", help="with --in-place: do not ask")
    efi.add_argument("--dry-run", action="store_true", help="only say what was found, and what would be done")
    efi.add_argument("--undo", action="store_true", help="give the original back, byte by byte")
    efi.add_argument(
        "--second",
        action="store_true",
        help="also if it starts on UEFI already; not all firmware takes two ways",
    )
    efi.add_argument("--with", dest="efi_files", type=Path, metavar="FILE", help="another efi.tar.xz")
    target = efi.add_argument_group("what it starts, where the boot menu does not say it")
    target.add_argument("--kernel", dest="target_kernel", metavar="PATH", help="in the image: /boot/vmlinuz")
    target.add_argument(
        "--initrd", dest="target_initrds", action="append", metavar="PATH", default=argparse.SUPPRESS,
        help="in the image; repeatable",
    )  # fmt: skip
    target.add_argument("--append", dest="target_append", metavar="TEXT", help="the kernel's command line")


def _add_build(parser: argparse.ArgumentParser) -> None:
    vessel = parser.add_argument_group("where to build").add_mutually_exclusive_group()
    vessel.add_argument("--chroot", action="store_true", help="in a chroot with namespaces of its own")
    vessel.add_argument("--qemu", action="store_true", help="in a virtual machine")
    vessel.add_argument(
        "--bare-metal",
        action="store_true",
        help="on a real machine: write an initramfs and a disk image for it",
    )
    what = parser.add_argument_group("what to build")
    what.add_argument("--arch", choices=["amd64"], help="architecture (amd64)")
    what.add_argument("--until", metavar="STEP", help="stop after this step")
    what.add_argument(
        "--from", dest="start", metavar="STEP",
        help="build this step and those after it anew; what comes before must be in the store",
    )  # fmt: skip
    what.add_argument(
        "--rebuild", action="append", metavar="STEP", default=argparse.SUPPRESS,
        help="build this step anew, and what comes after it only if its package changes; repeatable",
    )  # fmt: skip
    what.add_argument(
        "--interactive", action="store_true", help="at the end, give a prompt in the grown system"
    )
    what.add_argument("--print-script", action="store_true", help="print what would be run inside, and stop")
    what.add_argument("--no-store", action="store_true", help="neither use nor keep packages")
    what.add_argument(
        "--update-checksums",
        action="store_true",
        help="build each step whose package is not pinned twice (once, if the store has a first build); if"
        " both are equal, write SHA256SUMS.packages",
    )
    what.add_argument(
        "--cores", type=int, metavar="N", help="processors for the guest (chroot: all; qemu: 1)"
    )
    machine = parser.add_argument_group("the virtual machine")
    machine.add_argument(
        "--kernel", type=Path, metavar="FILE", help="(the newest /boot/vmlinuz-*, or Debian's)"
    )
    machine.add_argument("--accel", choices=["auto", "kvm", "tcg"], help="(auto: KVM, and TCG if that fails)")
    machine.add_argument("--qemu-ram", metavar="SIZE", help="memory, like 2G (4G, or half of what there is)")
    machine.add_argument(
        "--target-size", metavar="SIZE", default=argparse.SUPPRESS, help="of the disk that it gets (16G)"
    )
    machine.add_argument("--qemu-cmd", metavar="PROGRAM", help="(qemu-system-x86_64)")
    metal = parser.add_argument_group("the real machine")
    metal.add_argument(
        "--image", type=Path, metavar="FILE",
        help="instead of two files, write one image for a stick, which starts from BIOS and from UEFI",
    )  # fmt: skip
    metal.add_argument(
        "--append", metavar="WORDS", default=argparse.SUPPRESS,
        help=f"for the kernels' command lines ({loader.CONSOLES})",
    )  # fmt: skip


def _add_write(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("to_write", type=Path, metavar="IMAGE", help="the file of the image")

    parser.add_argument("device", type=Path, metavar="DEVICE", help="the whole disk, like /dev/sdb")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument(
        "--fixed", action="store_true", help="also onto a disk that is built in, or calls itself so"
    )
    parser.add_argument("--in-use", action="store_true", help="also onto a disk that is in use")


def _add_common(parser: argparse.ArgumentParser) -> None:
    """Options that may stand before and after a subcommand; only those given override the defaults."""
    common = parser.add_argument_group("files")
    unset = argparse.SUPPRESS
    common.add_argument("--target", type=Path, metavar="DIR", default=unset, help="where to build (./target)")
    common.add_argument(
        "--mirror", action="append", metavar="URL|DIR", default=unset,
        help="look for sources here first: laid out like a Debian mirror, or files side by side; repeatable",
    )  # fmt: skip
    common.add_argument(
        "--distfiles", type=Path, metavar="DIR", default=unset,
        help="keep sources here ($XDG_CACHE_HOME/seedroot/distfiles)",
    )  # fmt: skip


def _check(parser: argparse.ArgumentParser, options: Options) -> None:
    if options.cores is not None and options.cores < 1:
        parser.error(f"--cores {options.cores}: must be at least 1")
    if options.command is None and not (
        options.chroot or options.qemu or options.bare_metal or options.print_script
    ):
        if not options.update_checksums:
            parser.error("say where to build: --chroot, --qemu or --bare-metal (--help shows more)")
        options.chroot = True
    if options.image is not None and not options.bare_metal:
        parser.error("--image is for --bare-metal")
    if options.target_kernel is None and (options.target_initrds or options.target_append is not None):
        parser.error("--initrd and --append belong to a --kernel")
    if options.command == "inspect" and options.subject is not None and (options.json or options.write):
        parser.error("--json and --write belong to the project's own figures: leave out IMAGE")
    if options.ddc and options.reproduce:
        parser.error("--ddc and --reproduce: one after the other")
    if options.no_store and (options.start or options.rebuild):
        parser.error("--from and --rebuild take packages from the store: leave out --no-store")
    if options.update_checksums and (options.start or options.rebuild):
        parser.error("--update-checksums knows what to build: leave out --from and --rebuild")
    if options.update_checksums and options.qemu:
        parser.error("--update-checksums builds in a chroot: leave out --qemu")
