# SPDX-License-Identifier: GPL-3.0-or-later
"""The boot loaders: what their listings say of themselves, and what they are told."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import hex0, loader
from lib.errors import UserError
from lib.loader import Row
from tests.stage0.listing import Listing

BOOT = Path(__file__).resolve().parents[2] / "boot"
RUNS = st.lists(st.tuples(st.integers(2048, 1 << 24), st.integers(1, 5000)), min_size=1, max_size=15)


@pytest.mark.parametrize(("name", "base", "bits"), [("bios", 0x7C00, 16), ("efi", 0, 64)])
def test_comments(tmp_path: Path, name: str, base: int, bits: int) -> None:
    """Another assembler makes the same bytes of what the comments say."""
    path = BOOT / f"{name}.hex0"
    image = hex0.decode(path.read_text(), name)
    listing = Listing(path, image, base, bits)
    listing.check_addresses()
    listing.check_nasm(tmp_path)
    assert f"{len(image)} bytes" in (BOOT / "README.md").read_text()


def test_the_command_line_for_uefi() -> None:
    code = hex0.decode((BOOT / "efi.hex0").read_text(), "efi.hex0")
    assert code[0x200:0x202] == b"\x53\x55"  # where the headers say that the section is
    program = loader.efi("a=é")
    assert len(program) == 2560
    assert program.startswith(code + b"a\0=\0\xe9\0\0\0")
    assert not any(program[len(code) + 6 :])
    assert len(loader.efi("x" * 511)) == 2560
    with pytest.raises(UserError, match="a command line of 512 characters is too long"):
        loader.efi("x" * 512)


def test_the_command_line_for_bios() -> None:
    assert loader.words("a b") == b"a b" + bytes(509)
    assert loader.words("x" * 511)[-1] == 0
    with pytest.raises(UserError, match="a command line of 512 bytes is too long"):
        loader.words("x" * 510 + "é")


@pytest.mark.parametrize(("sectors", "size"), [(0, 5), (1, 2), (30, 31)])
def test_the_head_of_a_kernel(sectors: int, size: int) -> None:
    kernel = bytearray(64 * 512)
    kernel[0x1F1] = sectors
    kernel[0x211] = 1
    head = loader.head(bytes(kernel), 1234)
    assert len(head) == size * 512
    assert (head[0x210], head[0x211]) == (0xFF, 0x81)
    assert struct.unpack_from("<II", head, 0x218) == (0x8000000, 1234)
    assert struct.unpack_from("<I", head, 0x228) == (0x1E000,)
    assert struct.unpack_from("<II", loader.head(bytes(kernel), 0), 0x218) == (0, 0)


@given(kernel=RUNS, initramfs=RUNS, head=st.integers(1, 64))
def test_the_rows_cover_all_but_the_head(
    kernel: list[tuple[int, int]], initramfs: list[tuple[int, int]], head: int
) -> None:
    """Followed as the loader does, they put each sector where it belongs, once."""
    rows = loader.rows(head, kernel, initramfs)
    assert rows[:2] == [Row(loader.WORDS_AT, 1, 0x1E000), Row(loader.HEAD_AT, head, 0x10000)]
    memory = {
        row.address + number * 512: row.sector + number for row in rows[2:] for number in range(row.count)
    }
    assert len(memory) == sum(row.count for row in rows[2:])
    flat = [first + number for first, count in kernel for number in range(count)][head:]
    assert [memory.pop(0x100000 + number * 512) for number in range(len(flat))] == flat
    flat = [first + number for first, count in initramfs for number in range(count)]
    assert [memory.pop(0x8000000 + number * 512) for number in range(len(flat))] == flat
    assert not memory


def test_the_list() -> None:
    table = loader.table([Row(1, 2, 3), Row(4, 5, 6)])
    assert table == b"SEED" + struct.pack("<6I", 1, 2, 3, 4, 5, 6) + bytes(512 - 28)
    assert loader.table([]) == bytes(512)
    assert len(loader.table([Row(1, 1, 1)] * 41)) == 512
    assert loader.table([Row(1, 1, 1)] * 41)[-16:] == bytes(16)
    with pytest.raises(UserError, match="too many pieces"):
        loader.table([Row(1, 1, 1)] * 42)


def test_a_listing_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "_FOLDER", tmp_path)
    with pytest.raises(UserError, match=r"boot/bios\.hex0: no such file"):
        loader.bios()
