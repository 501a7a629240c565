# SPDX-License-Identifier: GPL-3.0-or-later
"""What a real machine needs to grow the systems by itself: an initramfs for a stick, and a disk.

TARGET/bare-metal/initramfs.cpio   sysa: the seed as /init, all sources, the whole script
TARGET/bare-metal/disk.img         for the machine's disk: where sysc will live
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lib import initramfs, journey, layout, plan, script, sizes
from lib.plan import Chain

_DEVICES = tuple(device for device in initramfs.DEVICES if device.name != "dev/ttyS1")
"""Without the port on which a virtual machine's host waits for packages: nobody would read it."""


def write(
    chain: Chain, until: str | None, target: layout.Target, distfiles: Mapping[str, Path], size: int
) -> list[str]:
    """Write the files; returns lines that say what to do with them."""
    steps = chain.until(until)
    sysa = tuple(step for step in steps if step.system == plan.FIRST)
    later = tuple(step for step in steps if step.system != plan.FIRST)
    folder = layout.Target(target.path / "bare-metal")
    folder.path.mkdir(exist_ok=True)
    text = script.make(
        sysa,
        toolbox=chain.toolbox,
        sources=any(step.sources for step in sysa),
        interactive=not later,
        leave=bool(later),
    )
    image = folder.path / "initramfs.cpio"
    try:
        layout.make_root(folder.root, chain.system.folder)
        wanted = dict.fromkeys(name for step in sysa for name in step.sources)
        layout.put_sources(folder.root, {name: distfiles[name] for name in wanted}, chain.sources)
        layout.put_script(folder.root, text, sysa)
        if later:
            journey.put_change(folder.root, chain.system_of(later[0]).takes, interactive=True, building=False)
        value = initramfs.build(folder.root, image, _DEVICES)
    finally:
        layout.clear(folder.root)
    lines = [
        f"{image} ({sizes.show(image.stat().st_size)}, sha256 {value})",
        "  Start it on the machine by a 64-bit kernel that has kexec (any distribution's), without root= on",
        "  its command line: from a stick with any boot loader, or by network. sysa lives in memory,",
        "  which takes some GiB: give it 8.",
    ]
    if later:
        journey.Disk(folder, chain, later, size).make({}, distfiles)
        lines += [
            f"{folder.disk} ({sizes.show(size)}, sparse)",
            "  Write it to a disk of the machine, whichever (all that is on that disk is lost):",
            f"  dd if={folder.disk} of=/dev/... bs=4M conv=fsync",
            "  sysb knows it by the name of its partition.",
        ]
    return lines
