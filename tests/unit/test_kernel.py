# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest

from lib import kernel
from lib.errors import UserError


def image(version: str = "6.1.0-9-test (us@here)", protocol: int = 0x020F, xloadflags: int = 1) -> bytes:
    """The least that a boot loader takes for a kernel."""
    head = bytearray(0x3000)
    head[0x1F1] = 4  # sectors of setup code
    struct.pack_into("<I", head, 0x1F4, (len(head) - 5 * 512) // 16)
    struct.pack_into("<H", head, 0x1FE, 0xAA55)
    head[0x202:0x206] = b"HdrS"
    struct.pack_into("<H6xH", head, 0x206, protocol, 0x500)
    struct.pack_into("<H", head, 0x236, xloadflags)
    text = version.encode() + b"\0"
    head[0x700 : 0x700 + len(text)] = text
    return bytes(head)


def write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_a_kernel_says_its_version(tmp_path: Path) -> None:
    found = kernel.find(write(tmp_path / "bzImage", image()))
    assert found.version == "6.1.0-9-test"
    assert len(found.sha256) == 64


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a Linux kernel"),
        (b"\x7fELF" + b"\0" * 4000, "not a Linux kernel"),
        (image(protocol=0x0203), "too old"),
        (image(xloadflags=0), "32-bit"),
        (image()[:-16], "cut short"),
    ],
)
def test_a_file_that_is_no_kernel_gets_one_line(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        kernel.find(write(tmp_path / "k", data))
    assert "\n" not in caught.value.message
    assert "--kernel" in caught.value.hint


@pytest.mark.parametrize("path", ["missing", "."])
def test_a_kernel_that_cannot_be_read(tmp_path: Path, path: str) -> None:
    with pytest.raises(UserError, match="cannot read the kernel"):
        kernel.find(tmp_path / path)


def test_the_newest_kernel_in_boot_is_taken(tmp_path: Path) -> None:
    boot = tmp_path / "boot"
    for version in ("5.10.0-30-amd64", "6.1.0-9-amd64", "6.1.0-10-amd64"):
        write(boot / f"vmlinuz-{version}", image(version))
    assert kernel.find(boot=boot).version == "6.1.0-10-amd64"


def test_names_of_different_shapes_can_be_compared(tmp_path: Path) -> None:
    boot = tmp_path / "boot"
    for version in ("custom", "6.1.0", "6.1.0-rc1"):
        write(boot / f"vmlinuz-{version}", image(version))
    assert kernel.find(boot=boot).path.parent == boot


def test_a_kernel_fetched_before_is_taken_again(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    write(cache / "vmlinuz-6.1.0-1-cloud-amd64", image())
    assert kernel.find(boot=tmp_path / "boot", cache=cache).path.parent == cache


def test_no_apt_and_no_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="no readable kernel in /boot, and no apt-get"):
        kernel.find(boot=tmp_path / "boot", cache=tmp_path / "cache")


@pytest.fixture
def fake_apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """apt tools that know the package only after an update, as on a machine with old package lists."""
    tools = tmp_path / "tools"
    scripts = {
        "apt-cache": f"[ -e {tmp_path}/updated ] && echo '  Depends: linux-image-7-cloud-amd64'",
        "apt-get": f'case "$*" in *update*) > {tmp_path}/updated ;; *download*) > k.deb ;; esac',
        "dpkg-deb": f'mkdir -p "$3/boot" && cp {tmp_path}/bzImage "$3/boot/vmlinuz-7"',
    }
    for name, script in scripts.items():
        write(tools / name, f"#!/bin/sh\n{script}\n".encode()).chmod(0o755)
    write(tmp_path / "bzImage", image("7"))
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    return tools


def test_debians_kernel_is_fetched_once(tmp_path: Path, fake_apt: Path) -> None:
    cache = tmp_path / "cache"
    said: list[str] = []
    found = kernel.find(boot=tmp_path / "boot", cache=cache, say=said.append)
    assert (found.version, found.path) == ("7", cache / "vmlinuz-7")
    assert [path.name for path in cache.iterdir()] == ["vmlinuz-7"]
    assert len(said) == 1
    again = kernel.find(boot=tmp_path / "boot", cache=cache, say=said.append)
    assert again == found
    assert len(said) == 1


def test_apt_without_a_network(tmp_path: Path, fake_apt: Path) -> None:
    write(fake_apt / "apt-get", b"#!/bin/sh\nexit 100\n")
    with pytest.raises(UserError, match="apt could not fetch a kernel") as caught:
        kernel.find(boot=tmp_path / "boot", cache=tmp_path / "cache")
    assert "apt-get update" in caught.value.hint
    assert list((tmp_path / "cache").iterdir()) == []


def test_an_unwritable_cache(tmp_path: Path, fake_apt: Path) -> None:
    write(tmp_path / "file", b"")
    with pytest.raises(UserError, match="cannot keep a kernel"):
        kernel.find(boot=tmp_path / "boot", cache=tmp_path / "file" / "cache")
