# SPDX-License-Identifier: GPL-3.0-or-later
"""Our kernels, by GCC 10 and by GCC 15, started by two kinds of firmware: the compilers' hardest test."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import Grown
from tests.e2e.firmware import uefi

pytestmark = [pytest.mark.far("sysb"), pytest.mark.timeout(7200)]


@pytest.fixture(scope="module")
def boot(grown: Grown) -> Path:
    """/boot, with kernel and initramfs."""
    return grown("sysb").root / "boot"


@pytest.mark.parametrize("cores", [1, 2])
@pytest.mark.parametrize("firmware", ["BIOS", "UEFI"])
@pytest.mark.parametrize(
    ("step", "compiler"),
    [
        ("linux-6.1", "10.2"),
        pytest.param("linux-6.1-sysc", "15.3", marks=pytest.mark.far("linux-6.1-sysc")),
    ],
)
def test_it_starts(
    boot: Path, grown: Grown, step: str, compiler: str, firmware: str, cores: int, tmp_path: Path
) -> None:
    kernel = boot / "vmlinuz" if step == "linux-6.1" else grown(step).root_of("sysc") / "boot/vmlinuz"
    command = [
        "qemu-system-x86_64", "-machine", "q35", "-accel", "tcg", "-m", "512M", "-smp", str(cores),
        "-nodefaults", "-display", "none", "-no-reboot", "-serial", "stdio",
        "-kernel", str(kernel), "-initrd", str(boot / "sysb.cpio"),
        "-append", "console=ttyS0 panic=-1 seedroot.wait=0",
    ]  # fmt: skip
    if firmware == "UEFI":
        command += uefi(tmp_path)
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=240, check=False)
    lines = done.stdout.splitlines()
    assert "#: system sysb" in [line.strip() for line in lines], done.stdout[-3000:]
    assert any("#: fail sysb there is no disk" in line for line in lines)
    assert any(f"Brought up 1 node, {cores} CPU" in line for line in lines)
    assert any(f"(gcc (GCC) {compiler}" in line for line in lines)
    assert any("efi: EFI v" in line for line in lines) == (firmware == "UEFI")
