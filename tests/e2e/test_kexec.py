# SPDX-License-Identifier: GPL-3.0-or-later
"""kexec as grown: in a virtual machine it starts a kernel from a running one."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

import pytest

from lib import initramfs, kernel, package
from lib.machine import Machine
from tests.e2e.conftest import Grown

LAST = "e2fsck-1.47.2"  # a later step, so that the tests of both share a root
SYSA, SYSC = "kexec-tools-2.0.29", "kexec-tools-2.0.29-sysc"
PATIENCE = 200.0  # seconds for two boots under TCG; a dozen is usual

pytestmark = [
    pytest.mark.far(LAST),
    pytest.mark.skipif(shutil.which("qemu-system-x86_64") is None, reason="qemu is not installed"),
    pytest.mark.timeout(600),
]

# panic=-1: a panic restarts the machine, which ends it
COMMAND_LINE = "console=ttyS0 quiet panic=-1 rootfstype=ramfs no_timer_check tsc=reliable"
FIRST = """#!/bin/sh
export PATH=/bin:/usr/bin:/usr/sbin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
echo "first: $(cat /sys/kernel/kexec_loaded)"
kexec {way} -l /vmlinuz --initrd=/second.cpio --command-line="{line} who=second" || echo "#: not loaded: $?"
echo "first: $(cat /sys/kernel/kexec_loaded)"
kexec -e
echo "#: kexec came back: $?"
"""
SECOND = """#!/bin/sh
mount -t proc proc /proc
echo "second: $(sed 's/.* //' /proc/cmdline) $(cat /message)"
echo "#: end"
sleep 1000
"""


@pytest.fixture(
    scope="module",
    params=[SYSA, pytest.param(SYSC, marks=[pytest.mark.far(SYSC), pytest.mark.timeout(14400)])],
)
def parts(grown: Grown, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder with the first system, which has the second one in it."""
    packages = grown(LAST).root / "packages"
    tools = packages if request.param == SYSA else grown(SYSC).root_of("sysc") / "packages"
    folder = tmp_path_factory.mktemp("kexec")
    first, second = folder / "first", folder / "second"
    for root in (first, second):
        for name in ("proc", "sys"):
            (root / name).mkdir(parents=True)
        package.unpack(packages / "busybox-1.35.0.tar", root)
    package.unpack(tools / f"{request.param}.tar", first)
    write_init(second, SECOND)
    (second / "message").write_text("hello\n")
    initramfs.build(second, first / "second.cpio")
    shutil.copy(kernel.find().path, first / "vmlinuz")
    return folder


def write_init(root: Path, text: str) -> None:
    (root / "init").write_text(text)
    (root / "init").chmod(0o755)


def boot(image: Path, line: str, *options: str) -> list[str]:
    """What the machine prints up to the first line that begins with "#: "."""
    command = ["qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none", "-nic", "none"]
    command += ["-no-reboot", "-accel", "tcg", "-m", "512M", *options]
    command += ["-kernel", str(kernel.find().path), "-initrd", str(image), "-append", line]
    said = b""
    deadline = time.monotonic() + PATIENCE
    with Machine(command) as machine:
        while not re.search(rb"^#: .*\n", said, re.MULTILINE) and time.monotonic() < deadline:
            data = machine.read(1.0)
            if data is None:
                break
            said += data
    return said.decode(errors="replace").split("\n#: ")[0].replace("\r", "").splitlines()


@pytest.mark.parametrize("way", ["-c", "-s"], ids=["kexec_load", "kexec_file_load"])
@pytest.mark.parametrize(
    ("machine", "acpi"), [("pc", "acpi=off "), ("q35", "")], ids=["without ACPI", "with ACPI"]
)
def test_a_kernel_starts_a_kernel(parts: Path, way: str, machine: str, acpi: str) -> None:
    line = acpi + COMMAND_LINE
    write_init(parts / "first", FIRST.format(way=way, line=line))
    initramfs.build(parts / "first", parts / "first.cpio")
    said = boot(parts / "first.cpio", line, "-machine", machine)
    assert said == ["first: 0", "first: 1", "second: who=second hello"]
