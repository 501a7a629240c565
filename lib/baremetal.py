# SPDX-License-Identifier: GPL-3.0-or-later
"""What a real machine needs to grow the systems by itself: an initramfs and a disk, or one image with both.

TARGET/bare-metal/initramfs.cpio   sysa: the seed as /init, all sources, the whole script
TARGET/bare-metal/disk.img         for the machine's disk: where sysc will live
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lib import disk, initramfs, journey, layout, loader, plan, script, sizes
from lib.manifest import Step
from lib.plan import Chain

_DEVICES = tuple(device for device in initramfs.DEVICES if device.name != "dev/ttyS1")
"""Without the port on which a virtual machine's host waits for packages: nobody would read it."""


_FIRST = "quiet panic=60 rootfstype=ramfs"  # ramfs may take all memory, tmpfs half of it
_NEXT = "quiet panic=60"


@dataclass(frozen=True)
class Stick:
    """One image that starts by itself."""

    image: Path
    kernel: Path
    """What starts the seed."""


def write(
    chain: Chain,
    until: str | None,
    target: layout.Target,
    distfiles: Mapping[str, Path],
    size: int,
    *,
    words: str = loader.CONSOLES,
    stick: Stick | None = None,
) -> list[str]:
    """Write the files; returns lines that say what to do with them.

    size   of the disk, or of the stick's image, in bytes
    words  for the command line of the kernel that starts the seed, and of ours
    """
    steps = chain.until(until)
    sysa = tuple(step for step in steps if step.system == plan.FIRST)
    later = tuple(step for step in steps if step.system != plan.FIRST)
    folder = layout.Target(target.path / "bare-metal")
    folder.path.mkdir(exist_ok=True)
    archive = folder.path / "initramfs.cpio"
    value = _write_initramfs(chain, sysa, later, folder, archive, distfiles, words)
    if stick is not None:
        given = loader.Given(stick.kernel, archive, f"initrd=\\initramfs {_FIRST} {words}")
        try:
            if later:
                journey.Disk(folder, chain, later, size, stick.image).make({}, distfiles, given)
            else:
                empty = folder.path / "disk"
                empty.mkdir()
                disk.create(stick.image, empty, size, given)
                empty.rmdir()
        finally:
            archive.unlink()
        return [
            f"{stick.image} ({sizes.show(size)}, sparse; started by {stick.kernel})",
            "  Write it to a stick, whichever (all that is on it is lost), and start a machine from that:",
            f"  ./rootfs.py write {stick.image} /dev/...",
            "  BIOS and UEFI both start it; Secure Boot must be off. sysa lives in memory, which takes some",
            "  GiB: give it 8.",
        ]
    lines = [
        f"{archive} ({sizes.show(archive.stat().st_size)}, sha256 {value})",
        "  Start it on the machine by a 64-bit kernel that has kexec (any distribution's), without root= on",
        "  its command line: from a stick with any boot loader, or by network. sysa lives in memory,",
        "  which takes some GiB: give it 8.",
    ]
    if later:
        journey.Disk(folder, chain, later, size).make({}, distfiles)
        lines += [
            f"{folder.disk} ({sizes.show(size)}, sparse)",
            "  Write it to a disk of the machine, whichever (all that is on that disk is lost):",
            f"  ./rootfs.py write {folder.disk} /dev/...",
            "  sysb knows it by the name of its partition.",
        ]
    return lines


def _write_initramfs(
    chain: Chain,
    sysa: tuple[Step, ...],
    later: tuple[Step, ...],
    folder: layout.Target,
    archive: Path,
    distfiles: Mapping[str, Path],
    words: str,
) -> str:
    """Write all of sysa as an initramfs; returns its digest."""
    text = script.make(
        sysa,
        toolbox=chain.toolbox,
        sources=any(step.sources for step in sysa),
        interactive=not later,
        leave=bool(later),
    )
    try:
        layout.make_root(folder.root, chain.system.folder)
        wanted = dict.fromkeys(name for step in sysa for name in step.sources)
        layout.put_sources(folder.root, {name: distfiles[name] for name in wanted}, chain.sources)
        layout.put_script(folder.root, text, sysa)
        if later:
            takes = chain.system_of(later[0]).takes
            journey.put_change(folder.root, takes, interactive=True, building=False, words=f"{_NEXT} {words}")
        return initramfs.build(folder.root, archive, _DEVICES)
    finally:
        layout.clear(folder.root)
