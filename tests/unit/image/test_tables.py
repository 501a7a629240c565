# SPDX-License-Identifier: GPL-3.0-or-later
"""Partition tables and boot catalogues: as others write them, as we do, and spoilt."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.errors import UserError
from lib.image import apm, eltorito, gpt, iso9660, mbr, medium, show, survey
from lib.image.medium import Damaged

from . import disks, makers


@pytest.mark.parametrize("name", ["mbr.img", "extended.img", "full.img", "gpt.img"])
def test_sfdisk_says_the_same(name: str, tmp_path: Path) -> None:
    path = disks.write(tmp_path, name)
    theirs = json.loads(makers.run("sfdisk", "--json", path))["partitiontable"]["partitions"]
    with medium.opened(path) as found_on:
        ours = list(survey.of(found_on).partitions())
    assert [(one.start // 512, one.size // 512) for one in ours] == [
        (one["start"], one["size"]) for one in theirs
    ]
    numbers = [int(one["node"].removeprefix(str(path))) for one in theirs]
    assert [one.number for one in ours] == numbers


def test_logical_partitions_that_run_in_a_circle() -> None:
    data = bytearray(disks.image("extended.img"))
    found = mbr.read(medium.of_bytes(bytes(data)))
    assert found is not None and [entry.number for entry in found.entries] == [1, 2, 5, 6]
    # The second table's link leads to the first one.
    second = next(
        at for at in range(6145 * 512, 14336 * 512, 512) if data[at + 510 : at + 512] == b"\x55\xaa"
    )
    struct.pack_into("<BxxxBxxxII", data, second + 462, 0, 5, 0, 100)
    found = mbr.read(medium.of_bytes(bytes(data)))
    assert found is not None and found.problems == ("the chain of logical partitions runs in a circle",)
    struct.pack_into("<II", data, second + 470, 1 << 31, 100)
    found = mbr.read(medium.of_bytes(bytes(data)))
    assert found is not None and "leads out" in found.problems[0]


def test_an_entry_is_written_where_the_next_is_free() -> None:
    first = bytearray(512)
    first[510:] = mbr.SIGNATURE
    assert _read(bytes(first)).free() == 1
    data = mbr.with_entry(bytes(first), 2, 0x83, 100, 50)
    assert _read(data).free() == 3
    data = mbr.with_entry(mbr.with_entry(data, 4, 0xEF, 150, 50), 1, 0x0C, 1, 9)
    assert _read(data).free() == 3  # the only one
    data = mbr.with_entry(data, 3, 0x0C, 10, 5)
    assert _read(data).free() is None
    assert _read(mbr.with_size(data, 4, 77)).entries[3] == mbr.Entry(4, False, 0xEF, 150, 77)


def _read(data: bytes) -> mbr.Mbr:
    found = mbr.read(medium.of_bytes(data))
    assert found is not None
    return found


def test_boot_sectors_of_file_systems_are_no_tables() -> None:
    assert mbr.read(medium.of_bytes(bytes(510) + b"\x55\xaa")) == mbr.Mbr((), False, (1, 2, 3, 4))
    ntfs = bytearray(512)
    ntfs[446:510] = b"A disk read error occurred. Press Ctrl+Alt+Del to restart.\r\n\0\0\0\0"
    ntfs[510:] = mbr.SIGNATURE
    assert mbr.read(medium.of_bytes(bytes(ntfs))) is None
    assert mbr.read(medium.of_bytes(b"short")) is None


def test_gpt_is_read_and_written_as_others_do() -> None:
    data = disks.image("gpt.img")
    on = medium.of_bytes(data)
    found = gpt.read(on, 512)
    assert [(one.number, one.first, one.last) for one in found.entries] == [(1, 2048, 6143)]
    assert found.header() == data[512:1024]  # to the last bit
    copy = found.backup()
    assert copy.header() == data[-512:] and copy.table_at == len(data) // 512 - 33
    assert gpt.read(on, 512, found.other).entries == found.entries
    added = found.with_entry(gpt.Entry(2, gpt.ESP, UUID(disks.LINUX), 6144, 8191, "a name"))
    assert added.entries[1].name == "a name" and added.free() == 3 and found.free() == 2


@pytest.mark.parametrize(
    ("at", "content", "said"),
    [
        (512, b"EFI DART", "is not there"),
        (512 + 12, b"\1\0", "claims to be 1 bytes long"),
        (512 + 16, b"\0\0", "wrong checksum"),
        (512 + 24, b"\2", "wrong checksum"),
        (1024, b"\xff", "a table with a wrong checksum"),
    ],
)
def test_damaged_gpt(at: int, content: bytes, said: str) -> None:
    data = makers.changed(disks.image("gpt.img"), [(at, content)])
    with pytest.raises(Damaged, match=said):
        gpt.read(data, 512)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({24: 5}, "says that it is on sector 5"),
        ({84: 0}, "has 128 entries of 0 bytes"),
        ({80: 1 << 31}, "has 2147483648 entries"),
        ({72: 1 << 60}, "something points at"),
    ],
)
def test_gpt_with_sound_checksums_and_nonsense(fields: dict[int, int], said: str) -> None:
    data = bytearray(disks.image("gpt.img"))
    for at, value in fields.items():
        struct.pack_into("<Q" if at in (24, 72) else "<I", data, 512 + at, value)
    struct.pack_into("<I", data, 512 + 16, 0)
    struct.pack_into("<I", data, 512 + 16, zlib.crc32(data[512 : 512 + 92]))
    with pytest.raises(Damaged, match=said):
        gpt.read(medium.of_bytes(bytes(data)), 512)


def test_boot_catalogues() -> None:
    assert _catalogue("silent.iso") is None
    plain = _catalogue("plain.iso")
    assert plain is not None and [entry.platform for entry in plain.entries] == [eltorito.BIOS]
    modern = _catalogue("modern.iso")
    assert modern is not None and [entry.platform for entry in modern.entries] == [
        eltorito.BIOS,
        eltorito.EFI,
    ]
    for found in (plain, modern):
        data = found.with_efi(12345)
        assert data is not None
        whole = makers.changed(disks.image("plain.iso"), [(plain.offset, data)])
        again = eltorito.read(whole, iso9660.descriptors(whole))
        assert again is not None
        assert again.entries == (*found.entries, eltorito.Entry(eltorito.EFI, True, 0, 12345, 0))


def test_a_full_boot_catalogue() -> None:
    plain = _catalogue("plain.iso")
    assert plain is not None
    data: bytes | None = plain.data
    room = 0
    while data is not None:
        on = makers.changed(disks.image("plain.iso"), [(plain.offset, data)])
        found = eltorito.read(on, iso9660.descriptors(on))
        assert found is not None
        data = found.with_efi(1)
        room += 1
    assert room == 32  # of 64 entries, two are there, and each time two are added


def _catalogue(name: str) -> eltorito.Catalogue | None:
    on = medium.of_bytes(disks.image(name))
    return eltorito.read(on, iso9660.descriptors(on))


def test_apple_partition_maps() -> None:
    assert apm.read(medium.of_bytes(disks.image("plain.iso"))) is None
    found = apm.read(medium.of_bytes(disks.image("modern.iso")))
    assert found is not None and found.block == 2048
    assert "Apple_partition_map" in [entry.type for entry in found.entries]


@pytest.mark.parametrize("name", ["hybrid.iso", "modern.iso", "extended.img", "gpt.img", "gpt.iso"])
@given(data=st.data())
@settings(max_examples=50, deadline=4000)
def test_spoilt_images_can_be_shown(name: str, data: st.DataObject) -> None:
    whole = disks.image(name)
    hot = [440, 446, 462, 510, 512, 590, 1024, 2048, 32768, 32848, 34816, 34887, len(whole) - 512]
    changes = data.draw(makers.spoilt(len(whole), hot))
    cut = data.draw(st.one_of(st.just(len(whole)), st.integers(0, len(whole))))
    assert "how it starts" in _shown(makers.changed(whole, changes).part(0, cut))


@given(st.binary(max_size=3000), st.sampled_from([0, 400, 512, 2048, 32768]))
@settings(max_examples=200, deadline=2000)
def test_random_bytes_can_be_shown(data: bytes, at: int) -> None:
    whole = bytearray(40960)
    whole[510:512] = mbr.SIGNATURE
    whole[at : at + len(data)] = data
    _shown(medium.of_bytes(bytes(whole)))


def _shown(on: medium.Medium) -> str:
    try:
        text = "\n".join(show.lines(survey.of(on)))
    except UserError as error:
        return f"how it starts: not at all, {error}"
    text.encode()  # nothing in it that no terminal takes
    assert all(letter.isprintable() for letter in text.replace("\n", ""))
    return text
