# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines that start by themselves, from BIOS or UEFI, and a medium in one of several places."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

from lib.machine import Machine

OVMF = Path("/usr/share/OVMF")
FIRMWARE = ("bios", "uefi")
MEDIA = {
    "usb": ["-device", "qemu-xhci", "-device", "usb-storage,drive=d,removable=on,bootindex=0"],
    "ahci": ["-device", "ide-hd,drive=d,bootindex=0"],
    "nvme": ["-device", "nvme,serial=1,drive=d,bootindex=0"],
    "cd": ["-device", "ide-cd,drive=d,bootindex=0"],
}
PATIENCE = 600.0
"""Seconds for a machine to come so far; alone on its host it needs twenty."""


def uefi(folder: Path) -> list[str]:
    """UEFI with settings of its own, in that folder."""
    shutil.copy(OVMF / "OVMF_VARS.fd", folder)
    return [
        "-drive", f"if=pflash,unit=0,format=raw,readonly=on,file={OVMF / 'OVMF_CODE.fd'}",
        "-drive", f"if=pflash,unit=1,format=raw,file={folder / 'OVMF_VARS.fd'}",
    ]  # fmt: skip


def machine(*options: str) -> Machine:
    """A machine that has only what is named."""
    command = ["qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"]
    return Machine([*command, "-machine", "q35", "-accel", "tcg", "-m", "1G", *options])


def medium(image: Path, where: str) -> list[str]:
    """An image as a medium; what is written onto it goes nowhere."""
    kind = "cdrom" if where == "cd" else "disk"
    return ["-snapshot", "-drive", f"if=none,id=d,format=raw,file={image},media={kind}", *MEDIA[where]]


def until(running: Machine, pattern: str) -> str:
    """What the console says from now on until a line fits the pattern."""
    said = ""
    deadline = time.monotonic() + PATIENCE
    while not re.search(pattern, said, re.MULTILINE):
        data = running.read(1.0)
        assert data is not None, f"the machine has ended:\n{said[-3000:]}{running.post_mortem()}"
        assert time.monotonic() < deadline, said[-3000:]
        said += data.decode(errors="replace").replace("\r", "")
    return said


def started(image: Path, firmware: str, where: str, folder: Path, line: str) -> list[str]:
    """What the console says, up to a line that has `line` in it; folder: for the firmware's settings."""
    options = uefi(folder) if firmware == "uefi" else []
    with machine(*medium(image, where), *options) as running:
        said = until(running, f"^.*{re.escape(line)}.*\n")
    return [each.strip() for each in said.splitlines()]
