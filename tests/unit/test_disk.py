# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import dataclasses
import hashlib
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib import disk, ext4, loader, tools
from lib.errors import UserError

from .conftest import names_in
from .trees import contents

BASE = Path(__file__).resolve().parents[2]
SIZE = disk.MINIMUM
ESP_START = (1 + 31) << 20
ROOT_START = ESP_START + (128 << 20)
OTHER = 54321
"""An ordinary user's number."""
FIXED = "5EED0000-0000-4000-8000-000000000009"
CREATE = """
import sys
from pathlib import Path
from lib import disk
disk.create(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """What is hard to bring over."""
    top = tmp_path / "tree"
    plant(top)
    return top


def plant(top: Path, backwards: bool = False) -> None:
    files: dict[str, bytes] = {
        "<12>": b"not an inode",
        "# comment": b"x",
        'a "quoted" one/deep/er/file': b"y" * 5000,
        "back\\slash": b"",
        "bin/tool": b"\x7fELF" + bytes(range(256)) * 300,
        "zero": bytes(20000),
        "mixed": bytes(8192) + b"!" * 4096 + bytes(12288) + b"end",
        "ünïcode/日本語": b"z",
        "-R": b"dash",
        "n" * 255: b"long",
        " space ": b" ",
    }
    for name, content in sorted(files.items(), reverse=backwards):
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o644)
    (top / os.fsdecode(b"not-utf8-\xff")).write_bytes(b"")
    (top / "bin/tool").chmod(0o755)
    (top / "empty").mkdir()
    (top / "tmp").mkdir()
    (top / "tmp").chmod(0o1777)
    (top / "many").mkdir()
    for number in sorted(range(400), reverse=backwards):
        (top / "many" / f"a file of some length {number}").write_text(str(number))
    (top / "link").symlink_to('a "quoted" one/deep')
    (top / "far").symlink_to("nowhere/" * 300)
    (top / "hung").symlink_to("<12>")


@pytest.fixture
def image(tmp_path: Path, tree: Path) -> Path:
    disk.create(tmp_path / "disk.img", tree, SIZE)
    return tmp_path / "disk.img"


def sum_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sbin(*argv: str | Path) -> subprocess.CompletedProcess[str]:
    """Another program looks at it."""
    env = os.environ | {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    return subprocess.run(
        argv, env=env, capture_output=True, text=True, check=False, errors="surrogateescape"
    )


def debugfs(image: Path, *commands: str, write: bool = False) -> str:
    script = "\n".join(commands) + "\n"
    argv = ["debugfs", *(["-w"] if write else []), "-f", "-", f"{image}?offset={ROOT_START}"]
    env = os.environ | {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    return subprocess.run(argv, input=script, env=env, capture_output=True, text=True, check=True).stdout


# --- what others say of our disks


def test_others_find_no_fault_with_the_partition_table(image: Path) -> None:
    verified = sbin("sfdisk", "--verify", image)
    assert verified.returncode == 0
    assert "No errors detected" in verified.stdout
    assert "No problems found" in sbin("sgdisk", "-v", image).stdout
    shown = sbin("sgdisk", "-i", "1", image).stdout
    assert "EFI system partition" in shown
    assert "'seedroot-esp'" in shown
    shown = sbin("sgdisk", "-i", "2", image).stdout
    assert "Linux filesystem" in shown
    assert "'seedroot'" in shown
    shown = sbin("sgdisk", "-i", "3", image).stdout
    assert "BIOS boot partition" in shown
    assert "First sector: 2048 " in shown
    assert image.stat().st_size == SIZE


def test_others_find_no_fault_with_the_file_systems(image: Path, tmp_path: Path) -> None:
    checked = sbin("e2fsck", "-fn", f"{image}?offset={ROOT_START}")
    assert checked.returncode == 0, checked.stdout
    boot = esp_of(image, tmp_path)
    checked = sbin("fsck.fat", "-n", "-v", boot)
    assert checked.returncode == 0, checked.stdout
    assert "32 bit entries" in checked.stdout
    assert sbin("mlabel", "-s", "-i", boot, "::").stdout.strip() == "Volume label is SEEDROOTESP"


def esp_of(image: Path, tmp_path: Path, size: int = 128 << 20) -> Path:
    boot = tmp_path / "esp.img"
    with image.open("rb") as file:
        file.seek(ESP_START)
        boot.write_bytes(file.read(size))
    return boot


def test_owners_modes_and_times_are_fixed(tmp_path: Path, tree: Path) -> None:
    (tree / "bin/tool").chmod(0o4711)
    (tree / "bin").chmod(0o2700)
    (tree / "zero").chmod(0o660)
    for path in tree.rglob("*"):
        if not path.is_symlink() and os.geteuid() == 0:
            mode = path.stat().st_mode
            os.chown(path, OTHER, OTHER)
            path.chmod(mode & 0o7777)
        os.utime(path, (5, 5), follow_symlinks=False)
    disk.create(tmp_path / "disk.img", tree, SIZE)
    shown = {
        name: debugfs(tmp_path / "disk.img", f'stat "/{name}"')
        for name in ("bin/tool", "bin", "zero", "tmp", "link", "", "far", "lost+found", "./<12>")
    }
    modes = {name: re.findall(r"Mode: +(\d+)", text)[0] for name, text in shown.items()}
    assert modes == {
        "bin/tool": "0755", "bin": "0755", "zero": "0644", "tmp": "01777", "link": "0777", "": "0755",
        "far": "0777", "lost+found": "0700", "./<12>": "0644",
    }  # fmt: skip
    for text in shown.values():
        assert re.findall(r"(User|Group): +(\d+)", text) == [("User", "0"), ("Group", "0")]
        stamps = re.findall(r"(\w+): 0x386d4380:00000000 -- Sat Jan  1 00:00:00 2000", text)
        assert sorted(stamps) == ["atime", "crtime", "ctime", "mtime"]


def test_a_disk_takes_no_more_room_than_its_content(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "big").write_bytes(os.urandom(30 << 20))
    with (tree / "hollow").open("wb") as hollow:
        hollow.truncate(200 << 20)
        hollow.seek(150 << 20)
        hollow.write(b"here")
    start = time.monotonic()
    disk.create(tmp_path / "disk.img", tree, 16 << 30)
    assert time.monotonic() - start < 60
    info = (tmp_path / "disk.img").stat()
    assert info.st_size == 16 << 30
    assert info.st_blocks * 512 < 40 << 20
    assert (disk.read(tmp_path / "disk.img", "hollow") or b"")[150 << 20 : (150 << 20) + 5] == b"here\0"


# --- the same bytes


def test_two_disks_are_equal_whatever_the_host_is_like(tmp_path: Path, tree: Path) -> None:
    disk.create(tmp_path / "one.img", tree, SIZE)
    time.sleep(2.1)  # FAT counts two seconds
    other = tmp_path / "else where" / "other?offset=1"
    before = os.umask(0o077)
    try:
        other.mkdir(parents=True)
        plant(other / "tree", backwards=True)
        for number, path in enumerate(other.rglob("*")):
            if path.is_file() and not path.is_symlink():
                path.touch()
                if number % 2:
                    set_attribute(path)
        # The same content, with no holes where there were some, and hard links where there were copies.
        (other / "tree/mixed").unlink()
        (other / "tree/mixed").write_bytes((tree / "mixed").read_bytes())
        (other / "tree/ space ").unlink()
        (other / "tree/ space ").write_bytes(b"x")
        (other / "tree/# comment").unlink()
        (other / "tree/# comment").hardlink_to(other / "tree/ space ")
        (tree / " space ").write_bytes(b"x")
        disk.create(tmp_path / "one.img", tree, SIZE)
        run_elsewhere(
            other / "two?x@@.img", other / "tree", {"TZ": "Asia/Tokyo", "LC_ALL": "C", "HOME": str(other)}
        )
    finally:
        os.umask(before)
    assert sum_of(tmp_path / "one.img") == sum_of(other / "two?x@@.img")


def set_attribute(path: Path) -> None:
    try:
        os.setxattr(path, b"user.host", b"theirs")
    except OSError:
        pytest.skip("no attributes on this file system")


def run_elsewhere(image: Path, tree: Path, env: dict[str, str]) -> None:
    """Make an image in another process, in another folder, as another user."""
    subprocess.run(
        [sys.executable, "-c", CREATE, image, tree, str(SIZE)],
        cwd="/", env=os.environ | {"PYTHONPATH": str(BASE)} | env, check=True,
    )  # fmt: skip


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.skipif(not Path("/usr/bin/python3").exists(), reason="no Python that all users can run")
def test_an_ordinary_user_makes_and_reads_the_same_disk(image: Path, tree: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o755)
        (home / "lib").mkdir()
        shutil.copytree(BASE / "lib", home / "lib", dirs_exist_ok=True)
        shutil.copytree(BASE / "boot", home / "boot")
        shutil.copytree(tree, home / "tree", symlinks=True)
        for path in (home, *home.rglob("*")):
            os.chown(path, OTHER, OTHER, follow_symlinks=False)
        env = {"PYTHONPATH": str(home), "PATH": "/usr/bin:/bin"}
        code = (
            "import sys; from pathlib import Path; from lib import disk; here = Path(sys.argv[1])\n"
            "disk.create(here / 'disk.img', here / 'tree', int(sys.argv[2]))\n"
            "disk.extract(here / 'disk.img', '/', here / 'out')\n"
            "assert disk.read(here / 'disk.img', 'back\\\\slash') == b''\n"
        )
        argv = ["/usr/bin/python3", "-c", code, folder, str(SIZE)]  # ours may be closed to others
        subprocess.run(argv, cwd="/", env=env, user=OTHER, group=OTHER, extra_groups=[], check=True)
        assert sum_of(home / "disk.img") == sum_of(image)
        assert contents(home / "out") == contents(tree)


# --- reading


def test_what_went_in_comes_out(image: Path, tree: Path, tmp_path: Path) -> None:
    before = sum_of(image)
    image.chmod(0o444)
    (tmp_path / "out").mkdir()
    disk.extract(image, "/", tmp_path / "out")
    assert contents(tmp_path / "out") == contents(tree)
    disk.extract(image, 'a "quoted" one/deep', tmp_path / "new/part")
    assert contents(tmp_path / "new/part") == contents(tree / 'a "quoted" one/deep')
    disk.extract(image, "/link/", tmp_path / "by link")
    assert contents(tmp_path / "by link") == contents(tree / 'a "quoted" one/deep')
    assert sum_of(image) == before
    assert names_in(tmp_path) == ["by link", "disk.img", "new", "out", "tree"]


def test_single_files_are_read(image: Path, tree: Path) -> None:
    with disk.opened(image) as reader:
        for name in (
            "<12>",
            "# comment",
            "link/er/file",
            "/bin/tool",
            "-R",
            "n" * 255,
            "mixed",
            "ünïcode/日本語",
        ):
            assert reader.read(name) == (tree / name.lstrip("/")).read_bytes()
        for name in ("nothing", "bin/nothing", "nothing/at/all", "bin/tool/below", "a\nb", 'q"'):
            assert reader.read(name) is None
        for name in ("bin", "/", "link"):
            with pytest.raises(UserError, match="is not a file"):
                reader.read(name)


def test_folders_that_cannot_be_extracted(image: Path, tmp_path: Path) -> None:
    for name in ("nothing", "bin/tool", "nothing/at/all"):
        with pytest.raises(UserError, match=f"there is no folder {name} on the disk"):
            disk.extract(image, name, tmp_path / "out")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/mine").write_text("mine")
    (tmp_path / "dangling").symlink_to("nowhere")
    for to in (tmp_path / "out", tmp_path / "out/mine", tmp_path / "dangling"):
        with pytest.raises(UserError, match="is not an empty folder"):
            disk.extract(image, "bin", to)
    assert names_in(tmp_path) == ["dangling", "disk.img", "out", "tree"]


def test_special_files_and_odd_modes_of_the_guest(image: Path, tmp_path: Path) -> None:
    debugfs(
        image, "cd /bin", "mknod pipe p", "mknod console c 5 1", "sif tool mode 0100000", "sif tool uid 77",
        "sif /empty mode 040000", write=True,
    )  # fmt: skip
    disk.extract(image, "bin", tmp_path / "out")
    assert names_in(tmp_path / "out") == ["tool"]
    disk.extract(image, "empty", tmp_path / "empty")
    assert disk.read(image, "bin/tool")
    with pytest.raises(UserError, match=r"bin/pipe on the disk .* is not a file"):
        disk.read(image, "bin/pipe")


def test_the_journal_of_a_killed_machine_counts(image: Path, tmp_path: Path) -> None:
    # As it is when a machine is killed: a block was changed, but only the journal has it.
    [block] = re.findall(r"\(0\):(\d+)", debugfs(image, 'stat "/-R"'))
    (tmp_path / "block").write_bytes(b"new!" + bytes(4092))
    debugfs(image, "jo", f"jw -b {block} {tmp_path / 'block'}", "jc", write=True)
    before = sum_of(image)
    assert not disk.describe(image).clean
    assert disk.read(image, "-R") == b"new!"
    disk.extract(image, "bin", tmp_path / "out")
    assert names_in(tmp_path / "out") == ["tool"]
    assert sum_of(image) == before
    assert "dash" in debugfs(image, "cat ./-R")
    assert names_in(tmp_path) == ["block", "disk.img", "out", "tree"]


def test_no_room_for_the_copy_of_a_killed_machines_disk(tmp_path: Path, tiny: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "big").write_bytes(os.urandom(20 << 20))
    disk.create(tmp_path / "disk.img", tree, SIZE)
    (tmp_path / "block").write_bytes(bytes(4096))
    debugfs(tmp_path / "disk.img", f"jo\njw -b 80000 {tmp_path / 'block'}\njc", write=True)
    found = disk.describe(tmp_path / "disk.img")
    assert not found.clean
    with (
        (tmp_path / "disk.img").open("rb") as image,
        pytest.raises(UserError, match="no space is left on the disk"),
        disk._root_copied(dataclasses.replace(found, path=tiny / "disk.img"), image.fileno()),
    ):
        pass


names = st.text(
    st.characters(exclude_characters="/\0\n\r", exclude_categories=["Cs"]), min_size=1, max_size=20
).filter(lambda name: name not in (".", "..", "lost+found"))
leaves = st.one_of(
    st.tuples(st.binary(max_size=70), st.booleans()),
    st.text(st.characters(exclude_characters="\0\n\r", exclude_categories=["Cs"]), min_size=1, max_size=80),
)
trees = st.recursive(leaves, lambda below: st.dictionaries(names, below, max_size=4), max_leaves=8)


@settings(max_examples=12, deadline=None)
@given(st.dictionaries(names, trees, max_size=4))
def test_any_tree_comes_back(wanted: dict[str, object]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        root, image, out = Path(scratch, "r"), Path(scratch, "i.img"), Path(scratch, "o")
        lay_out(root, wanted)
        disk.create(image, root, SIZE)
        disk.extract(image, "/", out)
        assert contents(out) == contents(root)


def lay_out(path: Path, wanted: object) -> None:
    if isinstance(wanted, dict):
        path.mkdir()
        for name, below in wanted.items():
            lay_out(path / name, below)
    elif isinstance(wanted, str):
        path.symlink_to(wanted)
    else:
        assert isinstance(wanted, tuple)
        path.write_bytes(wanted[0])
        path.chmod(0o755 if wanted[1] else 0o644)


# --- what a disk starts


def kernel_of(path: Path, sectors: int) -> Path:
    """A file with the header of a Linux kernel whose real-mode code has so many sectors."""
    data = bytearray(os.urandom(300_000))
    data[0x1F1] = sectors - 1
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("initramfs_size", [1000, 200 << 20])
def test_what_the_firmware_starts(tmp_path: Path, tree: Path, initramfs_size: int) -> None:
    """Both kinds of firmware find the same files: as files, and as sectors of the disk."""
    initramfs = tmp_path / "archive"
    initramfs.write_bytes(os.urandom(initramfs_size))
    found = loader.Given(kernel_of(tmp_path / "kernel", 30), initramfs, "one two=3")
    disk.create(tmp_path / "1.img", tree, 1 << 30, found)
    time.sleep(2.1)
    disk.create(tmp_path / "2.img", tree, 1 << 30, found)
    assert sum_of(tmp_path / "1.img") == sum_of(tmp_path / "2.img")

    size = 192 << 20 if initramfs_size == 1000 else 384 << 20
    partition = esp_of(tmp_path / "1.img", tmp_path, size)
    assert sbin("fsck.fat", "-n", partition).returncode == 0
    out = tmp_path / "out"
    out.mkdir()
    assert sbin("mcopy", "-s", "-i", partition, "::/", out).returncode == 0
    assert (out / "EFI/BOOT/BOOTX64.EFI").read_bytes() == loader.efi("one two=3")
    assert (out / "linux").read_bytes() == found.kernel.read_bytes()
    assert (out / "initramfs").read_bytes() == initramfs.read_bytes()
    listing = sbin("mdir", "-/", "-i", partition, "::/EFI").stdout
    assert set(re.findall(r"\d{4}-\d\d-\d\d +\d+:\d\d", listing)) == {"2000-01-01   0:00"}

    memory: dict[int, bytes] = {}
    with (tmp_path / "1.img").open("rb") as image:
        assert image.read(len(loader.bios())) == loader.bios()
        image.seek(loader.START * 512)
        table = image.read(512)
        assert table[:4] == b"SEED"
        for sector, count, address in struct.iter_unpack("<III", table[4 : 4 + 12 * 41]):
            if count:
                image.seek(sector * 512)
                memory[address] = image.read(count * 512)
    assert memory.pop(0x1E000) == b"one two=3".ljust(512, b"\0")
    assert memory.pop(0x10000) == loader.head(found.kernel.read_bytes(), initramfs_size)
    assert memory.pop(0x100000)[: 300_000 - 30 * 512] == found.kernel.read_bytes()[30 * 512 :]
    assert b"".join(memory[address] for address in sorted(memory))[:initramfs_size] == initramfs.read_bytes()


def test_a_disk_with_nothing_to_start_says_so(image: Path) -> None:
    data = image.read_bytes()[: 2 << 20]
    assert data[: len(loader.bios())] == loader.bios()
    assert data[510:512] == b"\x55\xaa"
    assert not any(data[1 << 20 :])


def test_a_disk_too_small_for_what_it_starts(tmp_path: Path, tree: Path) -> None:
    (tmp_path / "archive").write_bytes(b"")
    os.truncate(tmp_path / "archive", 500 << 20)
    found = loader.Given(kernel_of(tmp_path / "kernel", 30), tmp_path / "archive", "")
    with pytest.raises(UserError, match="a disk of 512M is too small"):
        disk.create(tmp_path / "disk.img", tree, SIZE, found)
    (tmp_path / "archive").unlink()
    with pytest.raises(UserError, match=r"cannot read .*archive: No such file"):
        disk.create(tmp_path / "disk.img", tree, SIZE, found)
    assert not (tmp_path / "disk.img").exists()


# --- what goes wrong while a disk is made


def test_a_disk_that_is_too_small(tmp_path: Path, tree: Path) -> None:
    with pytest.raises(UserError, match="a disk of 511M is too small") as caught:
        disk.create(tmp_path / "disk.img", tree, (512 << 20) - 1)
    assert "512M" in caught.value.hint


@pytest.mark.parametrize("known_before", [True, False])
def test_a_tree_that_does_not_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known_before: bool
) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    with (tree / "big").open("wb") as big:
        for _ in range(400):
            big.write(b"x" * (1 << 20))
    if not known_before:
        full = ext4.superblock
        roomy = ext4.Superblock(b"seedroot", True, 1 << 40, 1 << 30)
        monkeypatch.setattr(ext4, "superblock", lambda place: full(place) and roomy)
    with pytest.raises(UserError, match=r"tree does not fit on a disk of 512M: it needs (\d+)M") as caught:
        disk.create(tmp_path / "disk.img", tree, SIZE)
    assert names_in(tmp_path) == ["tree"]
    monkeypatch.undo()
    [needed] = re.findall(r"needs (\d+)M", str(caught.value))
    assert int(needed) <= 704
    disk.create(tmp_path / "disk.img", tree, int(needed) << 20)  # and it does fit then


def test_more_files_than_there_are_inodes(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    content = ext4.Content(tree)
    content.inodes = 30000
    with pytest.raises(ext4.TooBig), (tmp_path / "image").open("w+b") as image:
        image.truncate(400 << 20)
        ext4.make(ext4.Place(tmp_path / "image", image.fileno(), 0), 400 << 20, content, "x", "clear", FIXED)
    assert content.room() > 30000 * 16384


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda tree: os.mkfifo(tree / "pipe"), "pipe is neither a file, a folder nor a symbolic link"),
        (lambda tree: socket.socket(socket.AF_UNIX).bind(str(tree / "s")), "s is neither a file"),
        (lambda tree: (tree / "a\nb").write_text(""), "line break"),
        (lambda tree: (tree / "link").symlink_to("a\nb"), "line break"),
        (lambda tree: (tree / "a\r").mkdir(), "line break"),
        (lambda tree: (tree / ('"' * 200)).symlink_to('"' * 4000), "a name is too long"),
        (lambda tree: (tree / "lost+found").mkdir(), "lost.found is in the way"),
        (lambda tree: tree.rmdir(), "tree is not a folder"),
    ],
)
def test_trees_that_cannot_go_on_a_disk(tmp_path: Path, make: Callable[[Path], object], message: str) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    make(tree)
    with pytest.raises(UserError, match=message):
        disk.create(tmp_path / "deep/disk.img", tree, SIZE)
    assert not (tmp_path / "deep").exists()


def test_a_file_that_goes_away_meanwhile(tmp_path: Path, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def make(*args: object) -> None:
        (tree / "zero").unlink(missing_ok=True)
        real(*args)  # type: ignore[arg-type]

    real = ext4.make
    monkeypatch.setattr(ext4, "make", make)
    (tmp_path / "disk.img").write_text("the old one")
    with pytest.raises(UserError, match=r"cannot put .*zero.* on the disk|cannot put .*No such file"):
        disk.create(tmp_path / "disk.img", tree, SIZE)
    assert names_in(tmp_path) == ["disk.img", "tree"]
    assert (tmp_path / "disk.img").read_text() == "the old one"


def test_nothing_is_left_after_ctrl_c(tmp_path: Path, tree: Path) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "debugfs").write_text(
        "#!/bin/sh\necho $$ >$PROGRESS\nexec sleep 100\n".replace("$PROGRESS", str(tmp_path / "began"))
    )
    (programs / "debugfs").chmod(0o755)
    (tmp_path / "out").mkdir()
    env = os.environ | {"PYTHONPATH": str(BASE), "PATH": f"{programs}:{os.environ['PATH']}"}
    argv = [sys.executable, "-c", CREATE, str(tmp_path / "out/disk.img"), str(tree), str(SIZE)]
    with subprocess.Popen(argv, env=env, stderr=subprocess.PIPE) as process:
        for _ in range(300):
            if (tmp_path / "began").exists() and (tmp_path / "began").read_text():
                break
            time.sleep(0.1)
        assert len(names_in(tmp_path / "out")) == 1
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert b"KeyboardInterrupt" in said
    assert names_in(tmp_path / "out") == []
    tool = Path("/proc", (tmp_path / "began").read_text().strip(), "stat")
    for _ in range(100):  # until it is gone, or a zombie: nobody may have waited for it
        if not tool.exists() or ") Z " in tool.read_text():
            break
        time.sleep(0.1)
    else:
        pytest.fail("the tool goes on")


@pytest.fixture
def tiny() -> Iterator[Path]:
    """A disk of the host with little room."""
    with tempfile.TemporaryDirectory() as folder:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", folder], capture_output=True, check=False
        )
        if mounted.returncode != 0:
            pytest.skip("mounting is not allowed here")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("known_before", [True, False])
def test_the_hosts_disk_is_full(
    tmp_path: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch, known_before: bool
) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "big").write_bytes(os.urandom(20 << 20))
    if not known_before:
        usage = shutil.disk_usage(tmp_path)
        monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(UserError, match="no space is left on the disk"):
        disk.create(tiny / "disk.img", tree, SIZE)
    assert names_in(tiny) == []


def test_no_room_for_what_is_extracted(tmp_path: Path, tiny: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "big").write_bytes(os.urandom(20 << 20))
    disk.create(tmp_path / "disk.img", tree, SIZE)
    with pytest.raises(UserError, match=f"no space is left on the disk that {tiny} is on"):
        disk.extract(tmp_path / "disk.img", "/", tiny / "out")
    assert names_in(tiny) == []


def test_a_size_that_no_file_can_have(tmp_path: Path, tree: Path) -> None:
    with pytest.raises(UserError, match="cannot make a file of 7340032T"):
        disk.create(tmp_path / "disk.img", tree, 7 << 60)
    assert names_in(tmp_path) == ["tree"]


def test_missing_programs_are_named_before_anything_is_done(
    tmp_path: Path, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "_SBIN", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match=r"mkfs\.fat, mmd, mshowfat, sfdisk were not found") as caught:
        disk.create(tmp_path / "disk.img", tree, SIZE)
    assert "apt-get install dosfstools e2fsprogs fdisk mtools" in caught.value.hint
    with pytest.raises(UserError, match="debugfs, e2fsck, sfdisk were not found"):
        disk.read(tmp_path / "disk.img", "x")


# --- images that are not ours, or not whole


def test_a_disk_of_ours_is_described(image: Path) -> None:
    found = disk.describe(image)
    assert found.path == image
    assert (found.size, found.root_start, found.root_size) == (
        SIZE,
        ROOT_START,
        SIZE - ROOT_START - (1 << 20),
    )
    assert found.clean
    assert 250 << 20 < found.free < found.root_size


def other_layout(path: Path) -> None:
    path.write_bytes(b"")
    os.truncate(path, 100 << 20)
    subprocess.run(["/sbin/sfdisk", "-q", path], input=b'label: gpt\nname="other"\n', check=True)


def other_system(path: Path) -> None:
    path.write_bytes(b"")
    os.truncate(path, 100 << 20)
    rows = b'label: gpt\nsize=10M,name="seedroot-esp"\nsize=10M,name="seedroot"\nname="seedroot-bios"\n'
    subprocess.run(["/sbin/sfdisk", "-q", path], input=rows, check=True)


def unnamed(path: Path) -> None:
    path.write_bytes(b"")
    os.truncate(path, 100 << 20)
    subprocess.run(["/sbin/sfdisk", "-q", path], input=b"label: gpt\n\n", check=True)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "cannot read the disk .*: No such file or directory"),
        (lambda path: path.mkdir(), "cannot read the disk .*: Is a directory"),
        (lambda path: path.symlink_to("/dev/null"), "it is not a regular file"),
        (lambda path: path.write_bytes(b""), "it has no GUID partition table"),
        (lambda path: path.write_bytes(os.urandom(100000)), "it has no GUID partition table"),
        (
            lambda path: path.write_bytes(bytes(512) + b"EFI PART" + bytes(2000)),
            "its partition table is damaged",
        ),
        (other_layout, "its partitions are not seedroot-esp, seedroot and seedroot-bios"),
        (unnamed, "its partition table is damaged, or another system's"),
        (other_system, "its root is not an ext4 that is called seedroot"),
    ],
)
def test_what_is_no_disk_of_ours(tmp_path: Path, make: Callable[[Path], None], message: str) -> None:
    path = tmp_path / "disk.img"
    make(path)
    with pytest.raises(UserError, match=message):
        disk.describe(path)
    with pytest.raises(UserError, match=message):
        disk.read(path, "x")


@pytest.mark.parametrize("left", [SIZE - 1, SIZE // 2, 1 << 20, 2048])
def test_a_disk_that_was_cut_off(image: Path, left: int) -> None:
    os.truncate(image, left)
    with pytest.raises(UserError, match=f"it was cut off: of {SIZE} bytes there are {left}"):
        disk.describe(image)


@pytest.mark.parametrize("where", [ROOT_START + 4096 + 16, ROOT_START + 1024 + 16, ROOT_START + 65536])
def test_damage_is_found(image: Path, tmp_path: Path, where: int) -> None:
    with image.open("r+b") as file:
        file.seek(where)
        file.write(b"\xa5" * 2048 * 1024 if where > ROOT_START + 4112 else b"\xa5")
    before = sum_of(image)
    with pytest.raises(UserError, match=r"its file system is damaged: .") as caught:
        disk.read(image, "bin/tool")
    assert "built again" in caught.value.hint
    with pytest.raises(UserError, match="its file system is damaged"):
        disk.extract(image, "/", tmp_path / "out")
    assert sum_of(image) == before


def test_names_that_lead_out_are_damage(image: Path, tmp_path: Path) -> None:
    debugfs(image, "cd /empty", "mkdir AAAA", "ssv feature_incompat 0x2c2", write=True)
    # Without checksums, a name can be changed like this.
    debugfs(image, "feature ^metadata_csum", write=True)
    data = image.read_bytes()
    place = data.index(b"AAAA", ROOT_START)
    with image.open("r+b") as file:
        file.seek(place)
        file.write(b"../x")
    with pytest.raises(UserError, match="damaged"):
        disk.extract(image, "empty", tmp_path / "out")
    assert not (tmp_path / "x").exists()
