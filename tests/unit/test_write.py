# SPDX-License-Identifier: GPL-3.0-or-later
"""Real disks of the kernel's, made of files: they need root, and a machine that has loop devices."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lib import command, device, write
from lib.errors import UserError
from lib.monitor import Silent
from lib.options import parse

BASE = Path(__file__).resolve().parents[2]
SIZE = 12 << 20


def attach(file: Path) -> Path:
    """A loop device for a file."""
    done = subprocess.run(["losetup", "-f", "--show", str(file)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no loop device: {done.stderr.strip()}")
    return Path(done.stdout.strip())


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 12 MiB, which holds "old"."""
    if os.geteuid() != 0:
        pytest.skip("loop devices are for root")
    backing = tmp_path / "backing"
    backing.write_bytes(b"old" + bytes(SIZE - 3))
    found = attach(backing)
    yield found
    subprocess.run(["losetup", "-d", str(found)], check=True)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """An image of 9 MiB and a bit, with a hole, which ends within a sector."""
    path = tmp_path / "x.img"
    with path.open("wb") as file:
        file.write(os.urandom(5 << 20))
        file.seek(3 << 20, os.SEEK_CUR)
        file.write(os.urandom((1 << 20) + 77))
    return path


def run(
    image: Path, disk: Path, agree: Callable[[str], bool] = lambda _: False, **options: bool
) -> list[str]:
    return write.write(image, disk, Silent(), agree=agree, fixed=True, **options)


def head(disk: Path, size: int) -> bytes:
    with disk.open("rb") as file:
        return file.read(size)


def test_an_image_is_written_and_compared(
    image: Path, disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = parse(["write", str(image), str(disk), "--yes", "--fixed"])
    assert command.main(BASE, options) == 0
    size = image.stat().st_size
    assert capsys.readouterr().out == f"{disk}: {size} bytes written, read back and found equal\n"
    assert head(disk, SIZE) == image.read_bytes() + bytes(SIZE - size)


def test_a_person_is_shown_what_will_be_lost(image: Path, disk: Path) -> None:
    asked = []

    def agree(question: str) -> bool:
        asked.append(question)
        return False

    with pytest.raises(UserError, match="nothing was written"):
        run(image, disk, agree)
    assert head(disk, 3) == b"old"
    assert asked == [f"{disk}: 12.6 MB\nAll that is on it will be lost. Write {image} (9.4 MB) onto it?"]
    run(image, disk, lambda _: True)
    assert head(disk, 3) == image.read_bytes()[:3]


def on_terminal(arguments: list[str], answer: bytes) -> tuple[int, str]:
    """rootfs.py on a terminal."""
    ours, theirs = pty.openpty()
    with contextlib.ExitStack() as stack:
        stack.callback(os.close, ours)
        stack.callback(os.close, theirs)
        os.write(ours, answer)
        done = subprocess.run(
            [sys.executable, str(BASE / "rootfs.py"), *arguments],
            stdin=theirs, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(("answer", "status"), [(b"yes\n", 0), (b"y\n", 1), (b"\n", 1), (b"\x04", 1)])
def test_the_question_on_a_terminal(image: Path, disk: Path, answer: bytes, status: int) -> None:
    found, said = on_terminal(["write", str(image), str(disk), "--fixed"], answer)
    assert found == status, said
    assert "onto it? [yes/no]" in said
    assert (head(disk, 3) != b"old") == (status == 0)


def test_without_a_terminal_nothing_is_written_unasked(
    image: Path, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Path(os.devnull).open())  # noqa: SIM115 - it has nothing to lose
    with pytest.raises(UserError, match="no terminal to ask on"):
        write.write(image, disk, Silent(), fixed=True)
    assert head(disk, 3) == b"old"


def test_a_built_in_disk_is_refused(image: Path, disk: Path) -> None:
    with pytest.raises(UserError, match="is built into this machine"):
        write.write(image, disk, Silent(), yes=True)
    assert head(disk, 3) == b"old"


def test_an_image_that_is_too_large_is_refused_before_anything_is_written(tmp_path: Path, disk: Path) -> None:
    (tmp_path / "large").write_bytes(b"new" + bytes(SIZE - 2))
    with pytest.raises(UserError, match=f"has {SIZE + 1} bytes, {disk} only {SIZE}: nothing was written"):
        run(tmp_path / "large", disk, yes=True)
    assert head(disk, 3) == b"old"
    (tmp_path / "large").write_bytes(b"new" + bytes(SIZE - 3))
    run(tmp_path / "large", disk, yes=True)


@pytest.mark.parametrize(
    ("name", "said"),
    [("gone", "cannot read .*gone"), (".", "is not a file"), ("empty", "is empty"), ("pipe", "not a fi")],
)
def test_what_is_no_image_is_refused(tmp_path: Path, disk: Path, name: str, said: str) -> None:
    (tmp_path / "empty").touch()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match=said):
        run(tmp_path / name, disk, yes=True)


def test_a_disk_that_is_mounted_is_refused(image: Path, disk: Path, tmp_path: Path) -> None:
    subprocess.run(["mke2fs", "-q", "-F", str(disk)], check=True, capture_output=True)
    (tmp_path / "on here").mkdir()
    done = subprocess.run(["mount", str(disk), str(tmp_path / "on here")], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("this kernel mounts nothing")
    try:
        with pytest.raises(UserError, match=f"in use: {disk} is mounted on {tmp_path}/on here"):
            run(image, disk, yes=True)
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    run(image, disk, yes=True)


def test_a_disk_that_somebody_else_has_for_himself_is_refused(image: Path, disk: Path) -> None:
    other = os.open(disk, os.O_RDONLY | os.O_EXCL)
    try:
        with pytest.raises(UserError, match=f"cannot write to {disk}: .*busy") as caught:
            run(image, disk, yes=True)
        assert "close that" in caught.value.hint
        run(image, disk, yes=True, in_use=True)
    finally:
        os.close(other)


def test_a_disk_that_becomes_another_one_is_noticed(
    image: Path, disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = device.look(disk)
    file = tmp_path / "file"
    file.write_bytes(b"old")
    monkeypatch.setattr(device, "look", lambda _: device.Disk(**{**vars(real), "path": file}))
    with pytest.raises(UserError, match="has become something else"):
        run(image, file, yes=True)
    assert file.read_bytes() == b"old"


def test_a_disk_that_cannot_keep_what_is_written_is_named(image: Path, tmp_path: Path) -> None:
    """It is made of a file in a memory that is too small for it."""
    if os.geteuid() != 0:
        pytest.skip("loop devices are for root")
    memory = tmp_path / "memory"
    memory.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(memory)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system in memory can be mounted")
    watcher = Silent()
    with contextlib.ExitStack() as stack:
        stack.callback(subprocess.run, ["umount", str(memory)], check=True)
        (memory / "backing").touch()
        os.truncate(memory / "backing", SIZE)
        disk = attach(memory / "backing")
        stack.callback(subprocess.run, ["losetup", "-d", str(disk)], check=True)
        with pytest.raises(UserError, match=f"{disk}: cannot write near byte [0-9]+: Input/output error"):
            write.write(image, disk, watcher, yes=True, fixed=True)
    assert re.fullmatch(
        rf"{disk}: what was on it is lost; [0-9]+ of [0-9]+ bytes are written", watcher.notes[-1]
    )


def test_what_the_disk_did_not_keep_is_found(
    image: Path, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between writing and reading, somebody else writes."""
    forget = write._forget

    def spoil(target: int) -> None:
        os.pwrite(target, bytes([image.read_bytes()[4321] ^ 1]), 4321)
        forget(target)

    monkeypatch.setattr(write, "_forget", spoil)
    watcher = Silent()
    with pytest.raises(
        UserError, match=f"{disk} has not kept what was written: byte 4321 differs from {image}"
    ):
        write.write(image, disk, watcher, yes=True, fixed=True)
    assert "0 of" in watcher.notes[-1]


def test_an_image_that_is_cut_short_meanwhile(
    image: Path, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = write._put

    def cut(target: int, piece: bytes, at: int) -> None:
        put(target, piece, at)
        os.truncate(image, 1 << 20)

    monkeypatch.setattr(write, "_put", cut)
    with pytest.raises(UserError, match="has become shorter"):
        run(image, disk, yes=True)


SLOW = """
import runpy, sys, time
from lib import write
put = write._put
def slow(target, piece, at):
    put(target, piece, at)
    print("put", file=sys.stderr, flush=True)
    time.sleep(60 if at else 0)
write._put = slow
sys.argv[0] = "rootfs.py"
runpy.run_path("rootfs.py", run_name="__main__")
"""


def test_ctrl_c_says_what_the_disk_is_now(tmp_path: Path, disk: Path) -> None:
    (tmp_path / "x.img").write_bytes(b"new" * (3 << 20))
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, "write", str(tmp_path / "x.img"), str(disk), "--fixed", "--yes"],
        cwd=BASE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    for _ in range(2):
        assert process.stderr.readline() == "put\n"
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    said = process.stderr.read()
    assert process.wait() == 130
    assert f"{disk}: what was on it is lost; {4 << 20} of {9 << 20} bytes are written" in said


def test_sectors_of_another_size_are_told(image: Path, disk: Path) -> None:
    subprocess.run(["losetup", "-d", str(disk)], check=True)
    backing = next(image.parent.glob("backing"))
    done = subprocess.run(
        ["losetup", "-b", "4096", str(disk), str(backing)], capture_output=True, check=False
    )
    if done.returncode:
        subprocess.run(["losetup", str(disk), str(backing)], check=True)
        pytest.skip("no loop device with other sectors")
    assert "sectors have 4096 bytes" in run(image, disk, yes=True)[1]
