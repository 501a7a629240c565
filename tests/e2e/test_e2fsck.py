# SPDX-License-Identifier: GPL-3.0-or-later
"""e2fsck, mke2fs and resize2fs as grown: they and the host's accept each other's file systems."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from lib import chroot, deps, script, sources
from lib.monitor import Silent
from tests.e2e import cli
from tests.e2e.conftest import Grown

LAST, WHOLE = "e2fsck-1.47.2", "e2fsprogs-1.47.2"
SBIN = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"

pytestmark = [
    pytest.mark.far(LAST),
    pytest.mark.skipif(shutil.which("debugfs", path=SBIN) is None, reason="e2fsprogs is missing"),
]

OK, CORRECTED, UNCORRECTED, OPERATION, USAGE = 0, 1, 4, 8, 16
"""e2fsck's exit statuses, from its manual; they are added up."""

FILES = {f"folder/file{number}": f"{number}\n" * number * 97 for number in range(1, 60)}


@pytest.fixture(
    scope="module",
    params=[LAST, pytest.param(WHOLE, marks=[pytest.mark.far(WHOLE), pytest.mark.timeout(14400)])],
)
def root(grown: Grown, request: pytest.FixtureRequest) -> Path:
    """A grown root, of sysa or of sysc, with a tree of files in its /tmp."""
    top = grown(LAST).root if request.param == LAST else grown(WHOLE).root_of("sysc")
    (top / "tmp/tree/folder").mkdir(parents=True)
    for name, text in FILES.items():
        (top / "tmp/tree" / name).write_text(text)
    (top / "tmp/tree/link").symlink_to("folder/file1")
    return top


def grown_run(root: Path, *argv: str) -> tuple[int, str]:
    """A grown program in the root's /tmp."""
    ran = chroot.run(root, [f"/usr/sbin/{argv[0]}", *argv[1:]], "/tmp", script.ENVIRONMENT, timeout=60)
    return ran.status, ran.output.decode()


def host_run(root: Path, *argv: str, stdin: str = "") -> str:
    """The host's, in the same place; returns what it writes."""
    done = subprocess.run(
        argv,
        cwd=root / "tmp",
        input=stdin,
        env={"PATH": SBIN, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def make(root: Path, kind: str, *options: str) -> str:
    """A file system by the host, in a file of the root's /tmp."""
    image = f"{kind}.img"
    (root / "tmp" / image).unlink(missing_ok=True)
    host_run(root, "mke2fs", "-q", "-t", kind, "-d", "tree", *options, image, "8M")
    return image


def has_all_files(root: Path, image: str) -> bool:
    """As the host reads them."""
    commands = "".join(f"cat /{name}\n" for name in FILES)
    said = host_run(root, "debugfs", "-f", "-", image, stdin=commands)
    return said == "".join(f"debugfs: cat /{name}\n{text}" for name, text in FILES.items())


@pytest.mark.parametrize("kind", ["ext2", "ext3", "ext4"])
def test_it_accepts_what_the_host_made(root: Path, kind: str) -> None:
    image = make(root, kind)
    before = (root / "tmp" / image).read_bytes()
    status, output = grown_run(root, "e2fsck", "-fn", image)
    assert status == OK, output
    assert "Pass 5" in output
    assert grown_run(root, "e2fsck", "-p", image)[0] == OK  # clean: nothing to do
    assert (root / "tmp" / image).read_bytes() == before


DAMAGE = {
    # what is done to it, what e2fsck says of it, and its exit status as long as it may not repair it
    "wrong number of links": ("sif /folder/file4 links_count 7", "ref count is 7, should be 1", UNCORRECTED),
    "a lost inode": ("clri /folder/file3", "has deleted/unused inode", UNCORRECTED),
    "a file without a name": ("unlink /folder/file5", "Unattached inode", UNCORRECTED),
    "a folder without a name": ("unlink /folder", "Unconnected directory inode", UNCORRECTED),
    "blocks that nobody has": ("setb 7000 20", "Block bitmap differences:  -(7000--7019)", UNCORRECTED),
    "no root": ("clri /", "Root inode is not a directory", UNCORRECTED | OPERATION),
    "a wrong sum": ("ssv free_blocks_count 5", "Free blocks count wrong (5", OK),  # only a hint
}


@pytest.mark.parametrize("kind", ["ext2", "ext3", "ext4"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_it_repairs(root: Path, kind: str, damage: str) -> None:
    image = make(root, kind)
    command, complaint, expected = DAMAGE[damage]
    host_run(root, "debugfs", "-w", "-f", "-", image, stdin=f"{command}\nssv state 0\n")
    before = (root / "tmp" / image).read_bytes()
    status, output = grown_run(root, "e2fsck", "-fn", image)
    assert (status, complaint in output) == (expected, True), output
    assert (root / "tmp" / image).read_bytes() == before
    status, output = grown_run(root, "e2fsck", "-fy", image)
    assert (status, complaint in output) == (CORRECTED, True), output
    status, output = grown_run(root, "e2fsck", "-fn", image)
    assert status == OK, output
    host_run(root, "e2fsck", "-fn", image)


def test_it_finishes_what_the_journal_says(root: Path) -> None:
    image = make(root, "ext4")
    journal = "journal_open\njournal_write -b 7000 /dev/zero\njournal_close\n"
    with (root / "tmp" / image).open("r+b") as file:
        file.seek(7000 * 1024)
        file.write(b"old" * 341)
    host_run(root, "debugfs", "-w", "-f", "-", image, stdin=journal)
    assert "needs_recovery" in host_run(root, "debugfs", "-R", "features", image)
    status, output = grown_run(root, "e2fsck", "-p", image)
    assert (status, "recovering journal" in output) == (OK, True), output
    assert "needs_recovery" not in host_run(root, "debugfs", "-R", "features", image)
    assert not any((root / "tmp" / image).read_bytes()[7000 * 1024 : 7001 * 1024])
    host_run(root, "e2fsck", "-fn", image)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [(["-Q", "ext2.img"], USAGE), ([], USAGE), (["-n", "nothing"], OPERATION), (["-n", "zeros"], OPERATION)],
)
def test_it_says_what_is_wrong_with_the_command(root: Path, arguments: list[str], expected: int) -> None:
    (root / "tmp/zeros").write_bytes(bytes(1 << 20))
    assert grown_run(root, "e2fsck", *arguments)[0] == expected


def test_it_refuses_what_it_cannot_check(root: Path) -> None:
    """Names that are the same in capitals: the tables for that are left out."""
    image = make(root, "ext4", "-O", "casefold")
    status, output = grown_run(root, "e2fsck", "-fy", image)
    assert (status, "unsupported encoding" in output) == (UNCORRECTED | OPERATION, True), output


@pytest.mark.parametrize("kind", ["ext2", "ext3", "ext4"])
def test_the_host_accepts_what_mke2fs_and_resize2fs_made(root: Path, kind: str) -> None:
    image = f"own-{kind}.img"
    status, output = grown_run(root, "mke2fs", "-q", "-t", kind, "-d", "tree", image, "8M")
    assert status == 0, output
    host_run(root, "e2fsck", "-fn", image)
    assert has_all_files(root, image)
    features = host_run(root, "debugfs", "-R", "features", image)
    assert ("extent" in features, "has_journal" in features) == (kind == "ext4", kind != "ext2")
    for size in ("40M", "7M"):
        status, output = grown_run(root, "resize2fs", image, size)
        assert status == 0, output
        host_run(root, "e2fsck", "-fn", image)
        assert has_all_files(root, image)
        assert grown_run(root, "e2fsck", "-fn", image)[0] == OK


def test_the_table_of_crc16_is_what_it_should_be() -> None:
    """It is the one table that is used as it came."""
    name = "e2fsprogs_1.47.2.orig.tar.gz"
    fetcher = sources.Fetcher(sources.load(cli.BASE), deps.cache() / "distfiles", Silent())
    with tarfile.open(fetcher.fetch([name])[name]) as archive:
        file = archive.extractfile("e2fsprogs-1.47.2/lib/ext2fs/crc16.c")
        assert file is not None
        text = file.read().decode()
    table = text.partition("crc16_table[256] = {")[2].partition("}")[0]

    def crc(value: int) -> int:
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
        return value

    assert [int(number, 16) for number in re.findall("0x[0-9A-F]{4}", table)] == [crc(i) for i in range(256)]
