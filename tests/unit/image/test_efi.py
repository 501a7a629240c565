# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversion and its undoing, and what is refused."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.errors import UserError
from lib.image import convert, efi, fat32, medium, payload, show, starts, survey, undo
from lib.monitor import Silent
from tests.unit.conftest import names_in

from . import disks, makers

CONVERTED = [
    "plain.iso",
    "hybrid.iso",
    "silent.iso",
    "gpt.iso",
    "mbr.img",
    "odd.img",
    "extended.img",
    "gpt.img",
]
FILES = {"EFI/Boot/bootx64.efi": b"MZ" + bytes(3000), "kexec.sourceme": b"another"}


def make(
    image: Path,
    out: Path | None,
    *,
    by_hand: efi.ByHand | None = None,
    dry_run: bool = False,
    second: bool = False,
) -> list[str]:
    said: list[str] = []
    given = by_hand or efi.ByHand()
    efi.make(image, out, lambda: FILES, given, said.append, Silent(), dry_run=dry_run, second=second)
    return said


def restore(image: Path, out: Path | None) -> list[str]:
    said: list[str] = []
    efi.restore(image, out, said.append, Silent(), dry_run=False)
    return said


@pytest.fixture(params=CONVERTED)
def converted(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    image = disks.write(tmp_path, request.param)
    make(image, tmp_path / "out")
    assert image.read_bytes() == disks.image(request.param)
    return tmp_path / "out"


def test_others_find_it_sound(converted: Path, tmp_path: Path) -> None:
    with medium.opened(converted) as on:
        found = survey.of(on)
    assert found.problems == ()
    assert found.medium.size == converted.stat().st_size
    assert found.medium.size % (1 << 20) == 0
    ours = next(one for one in found.volumes if one.files and one.files.label == "gen-kexec")
    cut = disks.cut_out(converted, ours.start, convert.ESP_SIZE, tmp_path / "esp")
    makers.run("fsck.fat", "-n", cut)
    assert sorted(makers.run("mdir", "-b", "-/", "-i", cut, "::").split()) == [
        "::/EFI/", "::/EFI/Boot/", "::/EFI/Boot/bootx64.efi", "::/kexec.sourceme",
    ]  # fmt: skip
    assert "No errors detected" in makers.run("sfdisk", "--verify", converted) or found.mbr is None
    if found.gpt:
        assert "No problems found" in makers.run("sgdisk", "-v", converted)
        assert "EF00" in makers.run("sgdisk", "-p", converted)
    else:
        assert re.search(r"\bef EFI", makers.run("sfdisk", "-l", converted))
    if found.catalogue:
        said = makers.run("xorriso", "-indev", f"stdio:{converted}", "-report_el_torito", "plain")
        assert re.search(rf"El Torito boot img : +2 +UEFI +y +none .* {ours.start // 2048}\n", said)
        assert re.search(r"El Torito img path : +1 +/isolinux/isolinux.bin", said)


def test_it_starts_in_more_ways_than_before(converted: Path, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.params["converted"]
    before = starts.of(survey.of(medium.of_bytes(disks.image(name))))
    with medium.opened(converted) as on:
        after = starts.of(survey.of(on))
    for old, new in zip(before, after, strict=True):
        assert new.works or not old.works
        if old.firmware == "BIOS":
            assert new.works == old.works
    works = {(one.firmware, one.medium) for one in after if one.works}
    assert ("UEFI", "disk") in works
    assert (("UEFI", "CD") in works) == (name.endswith("iso") and name != "silent.iso")


def test_the_boot_code_is_as_it_was(converted: Path, request: pytest.FixtureRequest) -> None:
    before = disks.image(request.node.callspec.params["converted"])
    after = converted.read_bytes()[: len(before)]
    if any(before[:440]):
        assert after[:440] == before[:440]
    for at in (446, 462, 478, 494):  # entries that were in use
        if any(before[at + 12 : at + 16]) and before[at + 4] != 0xEE:
            assert after[at : at + 16] == before[at : at + 16]
        elif any(before[at + 12 : at + 16]):
            assert after[at : at + 12] == before[at : at + 12]


def test_undo_gives_the_original(converted: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    original = disks.image(request.node.callspec.params["converted"])
    restore(converted, tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == original
    with converted.open("ab") as file:  # read back from a stick, which is larger
        file.truncate(converted.stat().st_size + (5 << 20))
    restore(converted, None)
    assert converted.read_bytes() == original


def test_in_place_and_the_same_bytes(converted: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    image = disks.write(tmp_path, request.node.callspec.params["converted"])
    make(image, None)
    assert _digest(image) == _digest(converted)


def test_a_second_time_is_refused(converted: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="converted before") as caught:
        make(converted, tmp_path / "again", second=True)
    assert "--undo" in caught.value.hint
    assert not (tmp_path / "again").exists()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def test_it_is_sparse(tmp_path: Path) -> None:
    image = disks.write(tmp_path, "mbr.img")
    makers.run("fallocate", "--dig-holes", image)
    make(image, tmp_path / "out")
    assert (tmp_path / "out").stat().st_blocks * 512 < 8 << 20


class Watching(Silent):
    """Adds up what it hears."""

    total = done = closed = 0

    def plan(self, total: int, unit: str) -> None:
        assert unit == "B"
        self.total += total

    def advance(self, amount: int) -> None:
        assert amount >= 0
        self.done += amount

    def close(self) -> None:
        self.closed += 1


def test_it_shows_how_far_the_copy_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    image = disks.write(tmp_path, "mbr.img")
    watcher = Watching()
    given = efi.ByHand()
    efi.make(image, tmp_path / "out", lambda: FILES, given, print, watcher, dry_run=False, second=False)
    assert watcher.done == watcher.total == image.stat().st_size
    assert watcher.closed == 1
    monkeypatch.setattr(os, "copy_file_range", _fails)
    with pytest.raises(UserError, match="space"):
        efi.make(image, tmp_path / "no", lambda: FILES, given, print, watcher, dry_run=False, second=False)
    assert watcher.closed == 2


def _fails(*_arguments: int) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_dry_run_says_all_and_does_nothing(tmp_path: Path) -> None:
    image = disks.write(tmp_path, "hybrid.iso")
    said = make(image, tmp_path / "out", dry_run=True)
    assert names_in(tmp_path) == ["hybrid.iso"] and image.read_bytes() == disks.image("hybrid.iso")
    make(image, None, dry_run=True)
    assert image.read_bytes() == disks.image("hybrid.iso")
    text = "\n".join(said)
    for words in (
        "El Torito",
        "MBR: partition 2, type ef",
        "/live/vmlinuz",
        disks.APPEND,
        "nothing was written",
    ):
        assert words in text


def test_the_script_comes_from_the_menu(tmp_path: Path) -> None:
    image = disks.write(tmp_path, "gpt.img")
    make(image, tmp_path / "out")
    script = _script(tmp_path / "out")
    assert f"append='{disks.APPEND}'" in script and "TARGET_PARTITION=1 " in script
    assert "TARGET_LABEL='TARGET'" in script and "TARGET_UUID='1234-5678'" in script


def _script(path: Path) -> str:
    with medium.opened(path) as on:
        ours = next(one for one in survey.of(on).volumes if one.files and one.files.label == "gen-kexec")
        assert ours.files is not None
        return ours.files.read("/kexec.sourceme").decode()


def test_by_hand(tmp_path: Path) -> None:
    image = disks.write(tmp_path, "mbr.img")
    given = efi.ByHand("/LIVE/vmlinuz", ("/live/initrd", "/live/initrd"), "it's $HOME")
    make(image, tmp_path / "out", by_hand=given)
    script = _script(tmp_path / "out")
    assert "kernel='/live/vmlinuz'" in script and "append='it'\\''s $HOME'" in script
    for path, said in (("/none", "has the file /none"), ("/live/initrd", "not a Linux kernel")):
        with pytest.raises(UserError, match=said):
            make(image, tmp_path / "no", by_hand=efi.ByHand(path))


def test_what_starts_already(tmp_path: Path) -> None:
    image = disks.write(tmp_path, "modern.iso")
    with pytest.raises(UserError, match="start on UEFI already") as caught:
        make(image, tmp_path / "out")
    assert "--second" in caught.value.hint
    make(image, tmp_path / "out", second=True)
    restore(tmp_path / "out", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == disks.image("modern.iso")


def bytes_of(name: str, *changes: tuple[int, bytes]) -> bytes:
    data = bytearray(disks.image(name))
    for at, content in changes:
        data[at : at + len(content)] = content
    return bytes(data)


def large_sectors() -> bytes:
    data = bytearray(1 << 20)
    data[4096:4104] = b"EFI PART"
    data[446:462] = struct.pack("<B3xB3xII", 0, 0xEE, 1, 255)
    data[510:512] = b"\x55\xaa"
    return bytes(data)


def full_catalogue() -> bytes:
    on = medium.of_bytes(disks.image("plain.iso"))
    found = survey.of(on).catalogue
    assert found is not None
    return bytes_of("plain.iso", (found.offset + 64, b"x"))


REFUSED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "empty": (lambda: b"", "no image that starts", "unpack"),
    "text": (lambda: b"hello\n" * 100, "no image that starts", "unpack"),
    "packed": (disks.efi_archive, "no image that starts", "unpack"),
    "zeros": (lambda: bytes(1 << 20), "no image that starts", ""),
    "one file system": (lambda: makers.image("fat16.img"), "one file system", "EFI/Boot/bootx64.efi"),
    "another": (lambda: makers.image("ext4.img"), "one file system", "whole disk"),
    "cut off iso": (lambda: disks.image("hybrid.iso")[: 300 << 10], "cut off", "fetch"),
    "cut off mbr": (lambda: disks.image("mbr.img")[: 2 << 20], "cut off", "fetch"),
    "cut off gpt": (lambda: disks.image("gpt.img")[: 7 << 20], "cut off", "fetch"),
    "damaged gpt": (lambda: bytes_of("gpt.img", (600, b"x")), "GUID partition table is damaged", "repair"),
    "large sectors": (large_sectors, "sectors of 4096", "512"),
    "full table": (lambda: disks.image("full.img"), "four entries", "remove"),
    "full catalogue": (full_catalogue, "no room for another entry", "xorriso"),
    "damaged catalogue": (
        lambda: bytes_of("plain.iso", (_catalogue_at(), b"\0")), "catalogue (El Torito) is damaged", "fetch",
    ),
    "no menu": (
        lambda: disks.image("mbr.img").replace(b"SYSLINUX", b"NOTHING "), "no boot menu", "--kernel",
    ),
    "no kernel": (
        lambda: disks.image("mbr.img").replace(disks.kernel(), bytes(4096)), "not a Linux kernel", "--kernel",
    ),
}  # fmt: skip


def _catalogue_at() -> int:
    found = survey.of(medium.of_bytes(disks.image("plain.iso"))).catalogue
    assert found is not None
    return found.offset


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, tmp_path: Path) -> None:
    data, said, hint = REFUSED[name]
    image = tmp_path / "image"
    image.write_bytes(data())
    with pytest.raises(UserError, match=re.escape(said)) as caught:
        make(image, tmp_path / "out")
    assert caught.value.message.startswith(str(image)) and hint in caught.value.hint
    assert names_in(tmp_path) == ["image"]


def test_a_full_gpt(tmp_path: Path) -> None:
    image = disks.write(tmp_path, "gpt.img")
    more = [f"--new={number}:{6144 + number * 8}:+1" for number in range(2, 129)]
    makers.run("sgdisk", "--set-alignment=1", *more, image)
    with pytest.raises(UserError, match="all 128 entries") as caught:
        make(image, tmp_path / "out")
    assert "sgdisk --delete" in caught.value.hint


def test_over_two_terabytes(tmp_path: Path) -> None:
    """An MBR ends there; a GPT does not."""
    for name, works in (("mbr.img", False), ("gpt.img", True)):
        image = disks.write(tmp_path, name)
        try:
            os.truncate(image, 3 << 40)
        except OSError as error:
            if error.errno == errno.EFBIG:
                pytest.skip("the disk here has no files of 3 TiB")
            raise
        if works:
            makers.run("sgdisk", "--move-second-header", image)
            make(image, tmp_path / "out")
            assert "No problems found" in makers.run("sgdisk", "-v", tmp_path / "out")
        else:
            with pytest.raises(UserError, match="2 TiB"):
                make(image, tmp_path / "out")


def test_what_is_there_already_is_not_replaced(tmp_path: Path) -> None:
    image = disks.write(tmp_path, "mbr.img")
    (tmp_path / "out").write_bytes(b"precious")
    for out, said in ((tmp_path / "out", "there already"), (tmp_path / "no/folder", "no folder")):
        with pytest.raises(UserError, match=said):
            make(image, out)
    assert (tmp_path / "out").read_bytes() == b"precious"


def test_nothing_to_undo(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no record of a conversion"):
        restore(disks.write(tmp_path, "mbr.img"), tmp_path / "out")


def test_undo_of_what_was_changed_since(tmp_path: Path) -> None:
    image = disks.write(tmp_path, "mbr.img")
    make(image, tmp_path / "out")
    with (tmp_path / "out").open("r+b") as file:
        file.seek(446 + 32)
        file.write(struct.pack("<B3xB3xII", 0, 0x83, 300000, 8))
    with pytest.raises(UserError, match="was changed since"):
        restore(tmp_path / "out", None)
    os.truncate(tmp_path / "out", 60 << 20)
    with pytest.raises(UserError, match=r"no record|cut off"):
        restore(tmp_path / "out", None)


@given(st.data())
@settings(max_examples=150, deadline=1000)
def test_spoilt_records(data: st.DataObject) -> None:
    record = undo.Record(
        1000, 5000, (undo.piece(0, b"before", b"after."), undo.piece(100, b"x" * 50, b"y" * 50))
    )
    packed = record.pack()
    assert undo.read(medium.of_bytes(packed), 0) == record
    changes = data.draw(makers.spoilt(len(packed)))
    spoilt = makers.changed(packed, changes)
    try:
        found = undo.read(spoilt, 0)
    except UserError:
        return
    assert found in (None, record)


FULL = """
import sys
from pathlib import Path
from lib.errors import UserError
from lib.image import efi
from lib.monitor import Silent
folder, image, out = map(Path, sys.argv[1:])
files = {"EFI/Boot/bootx64.efi": bytes(range(256)) * 20000, "kexec.sourceme": b""}
try:
    out = out if out.name else None
    efi.make(image, out, lambda: files, efi.ByHand(), print, Silent(), dry_run=False, second=False)
except UserError as error:
    print(sorted(path.name for path in folder.iterdir()), error.message)
"""


@pytest.mark.parametrize(("image", "out", "left"), [("../hybrid.iso", "out", []), ("copy", "", ["copy"])])
def test_the_disk_is_full(image: str, out: str, left: list[str], tmp_path: Path) -> None:
    """A disk of 2 MiB in memory, where this machine lets us have one."""
    small = tmp_path / "small"
    small.mkdir()
    whole = disks.write(tmp_path, "hybrid.iso")
    script = (
        "mount -t tmpfs -o size=2m none small && cp hybrid.iso small/copy || exit 9\n"
        '[ -z "$3" ] || rm small/copy\n'
        '"$0" -c "$1" small "small/$2" "${3:+small/$3}" || exit 8\n'
        "[ ! -e small/copy ] || cmp small/copy hybrid.iso"
    )
    namespace = ["unshare", "--user", "--map-root-user", "--mount"]
    done = subprocess.run(
        [*namespace, "sh", "-c", script, sys.executable, FULL, image, out],
        capture_output=True, text=True, check=False, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )  # fmt: skip
    if done.returncode == 9 or "unshare" in done.stderr:
        pytest.skip("there are no namespaces here")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith(f"{left} no space is left on the disk")
    assert whole.read_bytes() == disks.image("hybrid.iso")


def test_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "efi.tar.xz"
    path.write_bytes(disks.efi_archive())
    assert sorted(payload.of_archive(path)) == ["EFI/Boot/bootx64.efi", "kexec.sourceme"]
    whole = path.read_bytes()
    for data, said in (
        (whole[:-100], "no efi.tar.xz|is no"),
        (b"hello", "is no efi.tar.xz"),
        (b"", "is no efi.tar.xz"),
        (disks.efi_archive({"kexec.sourceme": b""}), "has no EFI/Boot/bootx64.efi"),
    ):
        path.write_bytes(data)
        with pytest.raises(UserError, match=said):
            payload.of_archive(path)
    with pytest.raises(UserError, match="cannot read"):
        payload.of_archive(tmp_path / "none")
    path.write_bytes(disks.efi_archive({"EFI/Boot/bootx64.efi": b"", "../out": b""}))
    with pytest.raises(UserError, match="no name for"):
        fat32.make(payload.of_archive(path), 100 << 20, "x", 1)


@given(data=st.data())
@settings(max_examples=60, deadline=2000)
def test_spoilt_archives(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    whole = disks.efi_archive()
    changes = data.draw(makers.spoilt(len(whole)))
    path = tmp_path_factory.getbasetemp() / "spoilt.tar.xz"
    path.write_bytes(makers.changed(whole, changes).read(0, len(whole)))
    with contextlib.suppress(UserError):
        payload.of_archive(path)


def test_sizes_as_people_say_them() -> None:
    assert [show.size(count) for count in (0, 1023, 1024, 1536, 3 << 40)] == [
        "0 bytes", "1023 bytes", "1 KiB", "1.5 KiB", "3 TiB",
    ]  # fmt: skip
