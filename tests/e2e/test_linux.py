# SPDX-License-Identifier: GPL-3.0-or-later
"""Our kernel, as GCC 10 compiled it, started by two kinds of firmware: the compiler's hardest test."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from lib import deps, plan, sources
from lib.monitor import Silent
from lib.package import unpack
from lib.store import Store
from tests.e2e import cli

OVMF = Path("/usr/share/OVMF")

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def boot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """/boot, with kernel and initramfs. They take an hour to build: only what is in the store is used."""
    chain = plan.load(cli.BASE, sources.load(cli.BASE).digests)
    found = plan.make(chain, "sysb", Store(deps.cache() / "packages", Silent()))
    folder = tmp_path_factory.mktemp("boot")
    for name in ("linux-6.1", "sysb"):
        if name not in found.stored:
            pytest.skip(f"{name} is not in the store: ./rootfs.py --chroot --until sysb")
        unpack(found.stored[name].path, folder)
    return folder / "boot"


@pytest.mark.parametrize("cores", [1, 2])
@pytest.mark.parametrize("firmware", ["BIOS", "UEFI"])
def test_it_starts(boot: Path, firmware: str, cores: int, tmp_path: Path) -> None:
    command = [
        "qemu-system-x86_64", "-machine", "q35", "-accel", "tcg", "-m", "512M", "-smp", str(cores),
        "-nodefaults", "-display", "none", "-no-reboot", "-serial", "stdio",
        "-kernel", str(boot / "vmlinuz"), "-initrd", str(boot / "sysb.cpio"),
        "-append", "console=ttyS0 panic=-1 seedroot.wait=0",
    ]  # fmt: skip
    if firmware == "UEFI":
        shutil.copy(OVMF / "OVMF_VARS.fd", tmp_path)
        for unit, file in enumerate([OVMF / "OVMF_CODE.fd", tmp_path / "OVMF_VARS.fd"]):
            mode = "readonly=on," if unit == 0 else ""
            command += ["-drive", f"if=pflash,unit={unit},format=raw,{mode}file={file}"]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=240, check=False)
    lines = done.stdout.splitlines()
    assert "#: system sysb" in [line.strip() for line in lines], done.stdout[-3000:]
    assert any("#: fail sysb there is no disk" in line for line in lines)
    assert any(f"Brought up 1 node, {cores} CPU" in line for line in lines)
    assert any("efi: EFI v" in line for line in lines) == (firmware == "UEFI")
