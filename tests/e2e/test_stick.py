# SPDX-License-Identifier: GPL-3.0-or-later
"""--bare-metal --image: one image that starts the seed, whatever the firmware and wherever the stick is."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from lib import deps
from tests.e2e import cli
from tests.e2e.firmware import started


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As far as the first programs: the rest of the way is the same as in QEMU, from the same initramfs."""
    folder = tmp_path_factory.mktemp("stick")
    image = folder / "stick.img"
    arguments = ["--bare-metal", "--image", image, "--until", "hello", "--append", "console=ttyS0"]
    arguments += ["--target-size", "1G", "--target", folder / "target"]
    done = cli.run(cli.BASE, *map(str, arguments), cache=deps.cache().parent)
    assert done.returncode == 0, done.stderr
    assert f"./rootfs.py write {image} /dev/..." in done.stdout
    return image


@pytest.mark.parametrize(
    ("firmware", "bus"),
    [("bios", "usb"), ("uefi", "usb"), ("bios", "ahci"), ("bios", "nvme"), ("uefi", "nvme")],
)
def test_the_seed_runs(stick: Path, tmp_path: Path, firmware: str, bus: str) -> None:
    lines = started(stick, firmware, bus, tmp_path, "#: end")
    assert "#: step hello" in lines


def test_bios_says_what_is_wrong(stick: Path, tmp_path: Path) -> None:
    """Without a list, and with one that leads beyond the disk."""
    image = tmp_path / "copy.img"
    subprocess.run(["cp", "--sparse=always", stick, image], check=True)
    with image.open("r+b") as file:
        file.seek(2048 * 512 + 4)
        file.write((0x7FFFFFFF).to_bytes(4, "little"))
    assert "seedroot: the disk cannot be read" in screen(image)
    with image.open("r+b") as file:
        file.seek(2048 * 512)
        file.write(bytes(4))
    assert "seedroot: nothing to start is on this disk" in screen(image)


def screen(image: Path) -> str:
    """The text on the screen (80 by 25, at B8000), asked of QEMU's monitor, once the loader has stopped."""
    command = [
        "qemu-system-x86_64", "-machine", "pc", "-accel", "tcg", "-display", "none", "-monitor", "stdio",
        "-net", "none", "-drive", f"if=ide,format=raw,file={image}",
    ]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as machine:
        assert machine.stdin
        assert machine.stdout
        try:
            while "seedroot: " not in (text := _text(machine)):  # as long as the test may take
                time.sleep(0.2)
        finally:
            machine.kill()
    return text


def _text(machine: subprocess.Popen[str]) -> str:
    assert machine.stdin
    assert machine.stdout
    machine.stdin.write("xp /4000bx 0xb8000\ninfo name\n")
    machine.stdin.flush()
    data = []
    for line in machine.stdout:
        if line.startswith("00000000000b"):
            data += [int(word, 16) for word in line.split(":")[1].split()]
            if len(data) == 4000:
                break
    return bytes(data[::2]).decode("cp437")
