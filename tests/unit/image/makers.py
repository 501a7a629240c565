# SPDX-License-Identifier: GPL-3.0-or-later
"""Images made by other people's programs, and ways to spoil them."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from hypothesis import strategies as st

from lib.errors import UserError
from lib.image import filesystem, medium
from lib.image.filesystem import FileSystem
from lib.image.medium import Medium

FILES = {
    "boot/grub/grub.cfg": b"set default=0\n",
    "isolinux/isolinux.cfg": b"default linux\nlabel linux\n  kernel /vmlinuz\n",
    "vmlinuz": bytes(range(256)) * 400,
    "empty": b"",
    "a name that is long/and deeper/still.with.dots": b"deep\n",
    "Ünïcode/日本.txt": "日本\n".encode(),
}
LONG = {f"many/file number {number} of a folder": str(number).encode() for number in range(200)}
LINKS = {
    "isolinux/link": "../vmlinuz",
    "up": "/boot/./grub/../grub",
    "circle": "circle",
    "there": "and-back",
    "and-back": "there",
    "nowhere": "../../no/such",
    "way-up": "../" * 200 + "vmlinuz",
}


def run(*argv: str | Path, cwd: Path | None = None, stdin: str = "") -> str:
    """What a program prints; it must work."""
    environment = {
        **os.environ,
        "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin",
        "LC_ALL": "C.UTF-8",
        "SOURCE_DATE_EPOCH": "946684800",
        "MTOOLS_SKIP_CHECK": "1",
    }
    done = subprocess.run(
        [str(word) for word in argv], capture_output=True, text=True, cwd=cwd, env=environment,
        input=stdin, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, f"{argv}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def plant(top: Path, links: Iterable[str] = ()) -> Path:
    """A folder with FILES, LONG and some of LINKS."""
    for name, content in (FILES | LONG).items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(content)
    for name in links:
        (top / name).symlink_to(LINKS[name])
    return top


def iso(path: Path, tree: Path, *options: str) -> None:
    run("genisoimage", "-quiet", "-input-charset", "utf-8", *options, "-o", path, tree)


def fat(path: Path, bits: int, tree: Path) -> None:
    size = {12: 2, 16: 10, 32: 34}[bits]
    run(
        "mkfs.fat",
        "--invariant",
        "-C",
        "-F",
        str(bits),
        "-n",
        f"LABEL{bits}",
        "-s",
        "1",
        path,
        str(size << 10),
    )
    run("mcopy", "-s", "-Q", "-i", path, *sorted(tree.iterdir()), "::")


def ext(path: Path, kind: str, block: int, tree: Path, *options: str) -> None:
    run("mke2fs", "-q", "-t", kind, "-b", str(block), "-L", f"label-{kind}", "-d", tree, *options, path, "4M")


MAKERS: dict[str, Callable[[Path, Path], object]] = {
    "plain.iso": lambda path, tree: iso(path, tree, "-V", "PLAIN"),
    "joliet.iso": lambda path, tree: iso(path, tree, "-J", "-V", "JOLIET"),
    "rock.iso": lambda path, tree: iso(path, tree, "-R", "-J", "-V", "Rock"),
    "xorriso.iso": lambda path, tree: run(
        "xorriso", "-as", "mkisofs", "-quiet", "-R", "-V", "Xorriso", "-o", path, tree
    ),
    "fat12.img": lambda path, tree: fat(path, 12, tree),
    "fat16.img": lambda path, tree: fat(path, 16, tree),
    "fat32.img": lambda path, tree: fat(path, 32, tree),
    "ext2.img": lambda path, tree: ext(path, "ext2", 1024, tree),
    "ext3.img": lambda path, tree: ext(path, "ext3", 4096, tree),
    "ext4.img": lambda path, tree: ext(path, "ext4", 4096, tree),
    "ext4-small.img": lambda path, tree: ext(path, "ext4", 1024, tree, "-O", "64bit,^has_journal"),
}
WITH_LINKS: dict[str, Iterable[str]] = {
    "rock.iso": LINKS.keys() - {"way-up"},  # which genisoimage never finishes
    **dict.fromkeys(("xorriso.iso", "ext2.img", "ext3.img", "ext4.img", "ext4-small.img"), LINKS),
}


@functools.cache
def image(name: str) -> bytes:
    """One of MAKERS' images."""
    with tempfile.TemporaryDirectory() as folder:
        tree = plant(Path(folder) / "tree", WITH_LINKS.get(name, ()))
        path = Path(folder) / name
        MAKERS[name](path, tree)
        return path.read_bytes()


def spoilt(size: int, hot: Sequence[int] = ()) -> st.SearchStrategy[list[tuple[int, bytes]]]:
    """Changes of a few bytes each, half of them near the places that are named."""
    anywhere = st.integers(0, size - 1)
    near = st.tuples(st.sampled_from(list(hot) or [0]), st.integers(0, 255)).map(sum)
    number = st.sampled_from([b"\0" * 4, b"\xff" * 4, b"\1\0\0\0", b"\0\0\0\x80", b"\xff\xff\xff\x7f"])
    change = st.tuples(near | anywhere, number | st.binary(min_size=1, max_size=8))
    return st.lists(change, min_size=1, max_size=12)


def changed(data: bytes, changes: list[tuple[int, bytes]]) -> Medium:
    """A medium of these bytes with changes; they are not copied for it."""

    def fetch(offset: int, length: int) -> bytes:
        result = bytearray(data[offset : offset + length])
        for at, content in changes:
            for place, byte in enumerate(content, start=at - offset):
                if 0 <= place < len(result):
                    result[place] = byte
        return bytes(result)

    return Medium(fetch, len(data))


def explore(on: Medium) -> FileSystem | None:
    """Look at all that a file system shows; any UserError is a sound answer."""
    try:
        found = filesystem.detect(on)
    except UserError:
        return None
    if found is not None:
        look(found)
    return found


def look(found: FileSystem) -> None:
    """Walk through a file system, which may be endless."""
    todo = ["/", "/isolinux/link", "/circle", "/there/../up", "//./..//boot"]
    for _ in range(40):
        if not todo:
            return
        path = todo.pop()
        try:
            kind = found.kind_of(path)
            found.real(path)
            if kind == "file":
                assert len(found.read(path)) <= max(1 << 20, found.size_of(path))
            todo += [f"{path.rstrip('/')}/{name}" for name in found.names(path)[:6]]
        except UserError:
            pass


def of_file(path: Path) -> Medium:
    return medium.of_bytes(path.read_bytes())


def has(*programs: str) -> bool:
    return all(shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") for name in programs)
