# SPDX-License-Identifier: GPL-3.0-or-later
"""What others write is read as they wrote it; what nobody writes is refused, and soon."""

from __future__ import annotations

import struct
import subprocess
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.errors import UserError
from lib.image import ext, filesystem, iso9660, medium
from lib.image.medium import Damaged

from . import makers

HOT = {
    "iso": [32768, 32768 + 120, 34816, 34816 + 156, 36864, *range(40960, 65536, 2048)],
    "fat": [0, 11, 32, 64, 512, 540, *range(1024, 40960, 2048)],
    "ext": [1024, 1064, 1110, 1280, 2048, 4096, *range(8192, 65536, 1024)],
}


@pytest.mark.parametrize("name", makers.MAKERS)
def test_everything_is_found(name: str) -> None:
    found = filesystem.detect(medium.of_bytes(makers.image(name)))
    assert found is not None and found.readable
    for path, content in (makers.FILES | makers.LONG).items():
        if name == "plain.iso" and ("long" in path or "many" in path or not path.isascii()):
            continue  # their names are cut off
        assert found.kind_of(f"/{path}") == "file", path
        assert found.read(f"/{path}") == content
        assert found.size_of(f"/{path}") == len(content)
        assert Path(path).name in found.names(f"/{Path(path).parent}")
    assert found.read("/vmlinuz", 1000) == makers.FILES["vmlinuz"][:1000]
    assert found.names("/vmlinuz") == found.names("/no/such") == []
    assert found.kind_of("/no/such") is found.kind_of("/vmlinuz/x") is found.real("/none") is None
    assert found.kind_of("/") == found.kind_of("/..") == "folder"
    for what in (found.read, found.size_of):
        with pytest.raises(UserError, match="no file /boot"):
            what("/boot")


@pytest.mark.parametrize("name", sorted(makers.WITH_LINKS))
def test_links_stay_on_the_medium(name: str) -> None:
    found = filesystem.detect(medium.of_bytes(makers.image(name)))
    assert found is not None
    assert found.read("/isolinux/link") == makers.FILES["vmlinuz"]
    assert found.real("/isolinux/link") == "/vmlinuz"
    assert found.names("/up") == ["grub.cfg"]
    if name != "rock.iso":  # as in Linux, the root is above itself
        assert found.read("/way-up") == makers.FILES["vmlinuz"]
    assert [found.kind_of(f"/{path}") for path in ("circle", "there", "nowhere")] == [None] * 3


@pytest.mark.parametrize("name", makers.MAKERS)
def test_names_of_upper_and_lower_case(name: str) -> None:
    found = filesystem.detect(medium.of_bytes(makers.image(name)))
    assert found is not None
    folds = not name.startswith("ext")
    assert found.kind_of("/BOOT/Grub/GRUB.CFG") == ("file" if folds else None)
    assert found.real("/BOOT/Grub/GRUB.CFG") == ("/boot/grub/grub.cfg" if folds else None)


@pytest.mark.parametrize("name", makers.MAKERS)
def test_blkid_says_the_same(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(makers.image(name))
    found = filesystem.detect(makers.of_file(path))
    assert found is not None
    lines = makers.run("blkid", "-p", "-o", "export", path).splitlines()
    said = dict(line.split("=", 1) for line in lines if "=" in line)
    theirs = (said["TYPE"], said["LABEL"].replace("\\", ""), said["UUID"])
    assert (found.kind, found.label, found.uuid) == theirs


OTHERS = {
    "squashfs": ["mksquashfs", "{tree}", "{path}", "-quiet", "-no-progress"],
    "xfs": ["mkfs.xfs", "-q", "-L", "some-xfs", "-d", "file,name={path},size=300m"],
    "btrfs": ["mkfs.btrfs", "-q", "-L", "some-btrfs", "{path}"],
    "swap": ["mkswap", "-q", "-L", "some-swap", "{path}"],
    "udf": ["mkudffs", "--label=x", "{path}"],
    "ntfs": ["mkfs.ntfs", "-Q", "-F", "-L", "some", "{path}"],
}


@pytest.mark.parametrize("kind", OTHERS)
def test_others_are_known_by_name(kind: str, tmp_path: Path) -> None:
    if not makers.has(OTHERS[kind][0]):
        pytest.skip(f"{OTHERS[kind][0]} is not installed")
    tree, path = tmp_path / "tree", tmp_path / "image"
    tree.mkdir()
    if kind != "squashfs":
        with path.open("wb") as file:
            file.truncate(300 << 20)
    makers.run(*(word.format(tree=tree, path=path) for word in OTHERS[kind]))
    with medium.opened(path) as found_on:
        found = filesystem.detect(found_on)
    assert found is not None and not found.readable
    lines = makers.run("blkid", "-p", "-o", "export", path).splitlines()
    said = dict(line.split("=", 1) for line in lines if "=" in line)
    assert found.kind == said["TYPE"]
    if kind != "udf":  # its label lies deeper than is looked here
        assert (found.label, found.uuid) == (said.get("LABEL", found.label), said.get("UUID", ""))
    assert found.names("/") == [] and found.kind_of("/") is None
    with pytest.raises(UserError, match="cannot be read here"):
        found.read("/x")


@pytest.mark.parametrize("name", makers.MAKERS)
@given(data=st.data())
@settings(max_examples=60, deadline=4000)
def test_spoilt_images(name: str, data: st.DataObject) -> None:
    whole = makers.image(name)
    hot = HOT["iso" if name.endswith("iso") else name[:3]]
    changes = data.draw(makers.spoilt(len(whole), hot))
    cut = data.draw(st.one_of(st.just(len(whole)), st.integers(0, len(whole))))
    makers.explore(makers.changed(whole, changes).part(0, cut))


@given(st.binary(max_size=4096), st.sampled_from([0, 1024, 32768, 34816]))
@settings(max_examples=300, deadline=2000)
def test_random_bytes(data: bytes, at: int) -> None:
    makers.explore(medium.of_bytes(bytes(at) + data + bytes(4096)))


def test_a_chain_of_clusters_that_runs_in_a_circle() -> None:
    data = bytearray(makers.image("fat16.img"))
    found = filesystem.detect(medium.of_bytes(bytes(data)))
    assert found is not None
    table = struct.unpack_from("<H", data, 14)[0] * 512
    size = struct.unpack_from("<H", data, 22)[0] * 512
    for at in range(table + 4, table + size, 2):
        struct.pack_into("<H", data, at, 2)
    circle = filesystem.detect(medium.of_bytes(bytes(data)))
    assert circle is not None
    assert len(circle.names("/many")) <= 65536
    assert len(circle.read("/vmlinuz")) == len(makers.FILES["vmlinuz"])


def test_rock_ridge_that_goes_on_in_itself() -> None:
    data = bytearray(makers.image("rock.iso"))
    at = data.index(b"CE\x1c\x01")
    sector, offset = divmod(at, 2048)
    # The field that says where more fields are says: here.
    struct.pack_into("<I4xI4xI", data, at + 4, sector, offset, 28)
    found = makers.explore(medium.of_bytes(bytes(data)))
    assert found is None or found.kind == "iso9660"


def test_a_folder_in_itself_is_endless_and_does_no_harm() -> None:
    data = bytearray(makers.image("plain.iso"))
    root = data.index(b"\x08ISOLINUX", data.index(b"CD001")) - 32
    struct.pack_into("<I", data, root + 2, struct.unpack_from("<I", data, 32768 + 158)[0])
    found = filesystem.detect(medium.of_bytes(bytes(data)))
    assert found is not None
    assert found.kind_of("/isolinux" * 300) == "folder"
    assert found.kind_of("/isolinux" * 3000) is None


def test_tree_of_extents_that_is_its_own_child() -> None:
    data = bytearray(makers.image("ext4.img"))
    found = filesystem.detect(medium.of_bytes(bytes(data)))
    assert isinstance(found, ext.Ext)
    node = struct.pack("<HHHHI", 0xF30A, 340, 340, 4, 0) + struct.pack("<IIHH", 0, 100, 0, 0) * 340
    data[100 * 4096 : 100 * 4096 + len(node)] = node
    where = data.index(found._inode(2))
    struct.pack_into("<HHHHI", data, where + 40, 0xF30A, 4, 4, 5, 0)
    struct.pack_into("<IIHH", data, where + 52, 0, 100, 0, 0)
    spoilt = filesystem.detect(medium.of_bytes(bytes(data)))
    assert spoilt is not None
    with pytest.raises(Damaged, match="damaged list of pieces"):
        spoilt.names("/")


@pytest.mark.parametrize("name", ["rock.iso", "fat32.img", "ext4.img"])
def test_little_memory_is_used(name: str, tmp_path: Path) -> None:
    """Whoever wants to know the beginning of a file doesn't get all the rest into memory."""
    path = tmp_path / name
    path.write_bytes(makers.image(name))
    subprocess.run(["truncate", "-s", "3G", path], check=True)
    with medium.opened(path) as found_on:
        tracemalloc.start()
        found = filesystem.detect(found_on)
        assert found is not None
        found.read("/vmlinuz", 4096)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
        tracemalloc.stop()


def test_the_volume_descriptors() -> None:
    found = iso9660.descriptors(medium.of_bytes(makers.image("rock.iso")))
    assert [descriptor.type for descriptor in found] == [1, 2]
    assert iso9660.descriptors(medium.of_bytes(b"x" * 40000)) == []
    assert iso9660.descriptors(medium.of_bytes(b"")) == []


def test_what_is_no_image(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No such file"), medium.opened(tmp_path / "none"):
        pass
    with pytest.raises(UserError, match="neither a file nor a disk"), medium.opened(tmp_path):
        pass
    with pytest.raises(UserError, match="neither a file nor a disk"), medium.opened(Path("/dev/null")):
        pass


def test_reading_stays_inside() -> None:
    whole = medium.of_bytes(b"0123456789")
    part = whole.part(2, 4)
    assert part.read(0, 4) == b"2345" and part.part(1, 2).read(0, 2) == b"34"
    for offset, length in ((0, 5), (-1, 2), (4, 1), (0, -1), (1 << 70, 1)):
        with pytest.raises(Damaged):
            part.read(offset, length)
        with pytest.raises(Damaged):
            part.part(offset, length)
    with pytest.raises(Damaged, match="ends at byte 10"):
        medium.Medium(whole.fetch, 20).read(5, 10)
