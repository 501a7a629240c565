# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.errors import UserError
from lib.image import fat, fat32, medium

from . import makers

SIZE = 40 << 20
FILES = {
    "EFI/Boot/bootx64.efi": bytes(range(256)) * 5000,
    "kexec.sourceme": b"echo hello\n",
    "README.TXT": b"x",
    "exactly13char": b"y",
    "twenty-six-characters.name": b"z",
    "empty": b"",
    "lower.txt": b"l",
    "two.dots.in-it": b"d",
    **{f"many/number-{number}-of.them": str(number).encode() for number in range(150)},
    "many/deeper/than/that/F": b"f" * 513,
}


def write(path: Path, files: dict[str, bytes], size: int = SIZE) -> Path:
    with path.open("wb") as file:
        file.truncate(size)
        for offset, content in fat32.make(files, size, "gen-kexec", 0x1234ABCD, 2048):
            assert 0 <= offset <= offset + len(content) <= size
            file.seek(offset)
            file.write(content)
    return path


def test_others_read_it(tmp_path: Path) -> None:
    image = write(tmp_path / "fat.img", FILES)
    said = makers.run("fsck.fat", "-n", "-v", image)
    assert f"{len(FILES) + 7} files" in said  # with six folders and the label
    for name, content in FILES.items():
        out = tmp_path / "out"
        makers.run("mcopy", "-n", "-o", "-i", image, f"::{name}", out)
        assert out.read_bytes() == content
    listed = makers.run("mdir", "-b", "-/", "-i", image, "::").splitlines()
    assert sorted(line.removeprefix("::/") for line in listed if not line.endswith("/")) == sorted(FILES)
    said = makers.run("blkid", "-p", image)
    for words in ('LABEL="gen-kexec"', 'UUID="1234-ABCD"', 'VERSION="FAT32"'):
        assert f" {words}" in said


def test_we_read_it(tmp_path: Path) -> None:
    with medium.opened(write(tmp_path / "fat.img", FILES)) as on:
        found = fat.detect(on)
        assert found is not None
        assert (found.label, found.uuid, found.shape.bits) == ("gen-kexec", "1234-ABCD", 32)
        for name, content in FILES.items():
            assert found.read(f"/{name}", 1 << 23) == content


@pytest.mark.parametrize("size", [34 << 20, (34 << 20) + 512 * 77, 100 << 20, 513 << 20])
def test_sizes(size: int, tmp_path: Path) -> None:
    makers.run("fsck.fat", "-n", write(tmp_path / "fat.img", {"a": b"b"}, size))


def test_the_same_bytes_whatever_the_order() -> None:
    backwards = dict(reversed(FILES.items()))
    assert fat32.make(FILES, SIZE, "x", 1) == fat32.make(backwards, SIZE, "x", 1)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a": b"", "A": b""}, "upper and lower case are the same"),
        ({"a:b": b""}, "no name for"),
        ({"../a": b""}, "no name for"),
        ({"a//b": b""}, "no name for"),
        ({"ä": b""}, "no name for"),
        ({"a.": b""}, "no name for"),
        ({"a": b"", "a/b": b""}, "upper and lower case"),
        ({"large": bytes(41 << 20)}, "do not fit on an EFI system partition of 39 MiB"),
    ],
)
def test_what_fat_cannot_hold(files: dict[str, bytes], said: str) -> None:
    with pytest.raises(UserError, match=said):
        fat32.make(files, SIZE, "x", 1)


NAMES = st.text("abcAB01-_+.", min_size=1, max_size=30).filter(
    lambda name: name[0] not in ".-+" and not name.endswith(".")
)


@given(st.dictionaries(NAMES.map(str.lower), st.binary(max_size=2000), max_size=30))
@settings(max_examples=40, deadline=3000)
def test_any_names(files: dict[str, bytes]) -> None:
    pieces = fat32.make(files, SIZE, "label", 7)
    data = bytearray(1 << 20)
    for offset, content in pieces:
        data[offset : offset + len(content)] = content
    found = fat.detect(medium.Medium(medium.of_bytes(bytes(data)).fetch, SIZE))
    assert found is not None
    assert found.names("/") == sorted(files)
    for name, content in files.items():
        assert found.read(f"/{name}") == content
