# SPDX-License-Identifier: GPL-3.0-or-later
"""untar reads what Python's tarfile, gzip, bz2 and GNU tar write; nothing damaged passes or crashes it."""

import bz2
import gzip
import io
import os
import random
import subprocess
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stage0 import toolbox

Tree = dict[str, bytes | str | None]  # None: a directory, str: a symlink's target


def make_tar(tree: Tree, *, form: int = tarfile.USTAR_FORMAT) -> bytes:
    """An archive of the tree, in its order."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as tar:
        for name, what in tree.items():
            info = tarfile.TarInfo(name)
            if what is None:
                info.type, info.mode = tarfile.DIRTYPE, 0o755
            elif isinstance(what, str):
                info.type, info.linkname = tarfile.SYMTYPE, what
            else:
                info.size = len(what)
            tar.addfile(info, io.BytesIO(what) if isinstance(what, bytes) else None)
    return buffer.getvalue()


def read_tree(folder: Path) -> Tree:
    """What is below a folder."""
    tree: Tree = {}
    # not rglob, which fails in Python 3.11.2 where a link's target is longer than a name may be
    for at, folders, files in os.walk(folder):
        for path in (Path(at, name) for name in folders + files):
            name = str(path.relative_to(folder))
            if path.is_symlink():
                tree[name] = str(path.readlink())
            else:
                tree[name] = None if path.is_dir() else path.read_bytes()
    return tree


def with_parents(tree: Tree) -> Tree:
    full: Tree = {}
    for name, what in tree.items():
        for parent in Path(name).parents:
            if str(parent) != ".":
                full[str(parent)] = None
        full[name] = what
    return full


COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "tar": bytes,
    "gz": lambda data: gzip.compress(data, mtime=0),
    "gz stored": lambda data: gzip.compress(data, 0, mtime=0),
    "gz fastest": lambda data: gzip.compress(data, 1, mtime=0),
    "gz fixed codes": lambda data: deflate(data, strategy=zlib.Z_FIXED),
    "gz huffman only": lambda data: deflate(data, strategy=zlib.Z_HUFFMAN_ONLY),
    "gz in two members": lambda data: gzip.compress(data[:700], mtime=0) + gzip.compress(data[700:], mtime=0),
    "bz2": bz2.compress,
    "bz2 -1": lambda data: bz2.compress(data, 1),
    "bz2 in two streams": lambda data: bz2.compress(data[:700]) + bz2.compress(data[700:]),
}


def deflate(data: bytes, *, strategy: int) -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, 31, 8, strategy)
    return engine.compress(data) + engine.flush()


def unpack(folder: Path, data: bytes) -> Tree:
    folder.mkdir(exist_ok=True)
    archive = folder / "archive"
    archive.write_bytes(data)
    (folder / "out").mkdir()
    toolbox.ok("untar", archive, cwd=folder / "out")
    return read_tree(folder / "out")


name = st.text(st.sampled_from("abc .ä-"), min_size=1, max_size=12).filter(lambda s: s not in (".", ".."))
content = st.one_of(
    st.binary(max_size=2000),
    st.builds(lambda part, times: part * times, st.binary(min_size=1, max_size=20), st.integers(1, 5000)),
)
trees = st.dictionaries(
    st.builds(lambda a, b, i: f"{a}{i}/{b}", name, name, st.integers(0, 3)), content, min_size=0, max_size=6
)


@settings(max_examples=60, deadline=None)
@given(
    tree=trees,
    compressor=st.sampled_from(sorted(COMPRESSORS)),
    form=st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT]),
)
def test_what_python_packs(
    tmp_path_factory: pytest.TempPathFactory, tree: dict[str, bytes], compressor: str, form: int
) -> None:
    packed = COMPRESSORS[compressor](make_tar(dict(tree), form=form))
    assert unpack(tmp_path_factory.mktemp("untar"), packed) == with_parents(dict(tree))


@pytest.mark.parametrize("compressor", sorted(COMPRESSORS))
def test_large_data(tmp_path: Path, compressor: str) -> None:
    """Several blocks of bzip2 and windows of deflate; runs of every length; data that doesn't compress."""
    source = random.Random(1)
    lengths = [1, 2, 3, 4, 5, 255, 256, 300]
    runs = b"".join(bytes([source.randrange(4)]) * source.choice(lengths) for _ in range(3000))
    text = b" ".join(source.choice([b"all", b"those", b"words", b"again"]) for _ in range(100_000))
    tree: Tree = {"runs": runs, "text": text, "noise": source.randbytes(300_000), "zeros": bytes(2_000_000)}
    assert unpack(tmp_path, COMPRESSORS[compressor](make_tar(tree))) == tree


@pytest.mark.parametrize("form", ["v7", "ustar", "gnu", "oldgnu"])
def test_what_gnu_tar_packs(tmp_path: Path, form: str) -> None:
    tree = tmp_path / "tree"
    deep = tree / "/".join(["d" * 40] * (2 if form == "v7" else 5))
    deep.mkdir(parents=True)
    (deep / "file").write_text("deep")
    (deep / "run").write_text("#!")
    (deep / "run").chmod(0o755)
    (tree / "link").symlink_to("d" * 40 + "/x")
    if form == "gnu":
        (tree / ("n" * 200)).symlink_to("t" * 100)
    subprocess.run(["tar", f"--format={form}", "-cf", tmp_path / "t.tar", "-C", tree, "."], check=True)
    out = tmp_path / "out"
    out.mkdir()
    toolbox.ok("untar", tmp_path / "t.tar", cwd=out)
    assert read_tree(out) == read_tree(tree)
    assert (out / deep.relative_to(tree) / "run").stat().st_mode & 0o777 == 0o755


def test_replaces_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("safe")
    (tmp_path / "a").symlink_to("victim")
    (tmp_path / "d").mkdir()
    (tmp_path / "t").write_bytes(make_tar({"a": b"new", "d": None, "d/x": b"1"}))
    toolbox.ok("untar", "t", cwd=tmp_path)
    assert (tmp_path / "a").read_text() == "new"
    assert not (tmp_path / "a").is_symlink()
    assert (tmp_path / "victim").read_text() == "safe"


def with_field(tree: Tree, at: int, value: bytes) -> bytes:
    """The archive with other bytes in its first header, and a checksum to match."""
    data = bytearray(make_tar(tree))
    data[at : at + len(value)] = value
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(data[:512])
    return bytes(data)


def with_size(tree: Tree, size: bytes) -> bytes:
    return with_field(tree, 124, size)


def with_type(tree: Tree, kind: bytes) -> bytes:
    return with_field(tree, 156, kind)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (make_tar({"/etc/x": b""}), "refused: an absolute name"),
        (make_tar({"a/../../x": b""}), "refused: a name with '..' in it"),
        (make_tar({"..": None}), "refused: a name with '..' in it"),
        (make_tar({"a": "/tmp", "a/x": b"1"}), "a: is in the way: not a directory"),
        (make_tar({"a": b"", "a/x": b"1"}), "a: is in the way: not a directory"),
        (b"", "truncated"),
        (make_tar({"a": b"1"})[:1024], "truncated"),
        (make_tar({"a": b"1"})[:600], "truncated"),
        (b"nonsense" * 100, "not a tar file"),
        (with_size({"a": b"1"}, b"9a"), "corrupt, or not a tar file"),
        (with_size({"a": b"1"}, b"77777777777"), "truncated"),
        (with_size({"a": b"1"}, b"         -1 "), "corrupt, or not a tar file"),
        (with_size({"a": b"1"}, b"\x80" + bytes(10) + b"\1"), "corrupt, or not a tar file"),
        (gzip.compress(make_tar({})) + b"more", "it does not begin like gzip"),
        (bz2.compress(make_tar({})) + b"more", "it does not begin like bzip2"),
        (gzip.compress(b"no tar" * 100), "not a tar file"),
        (b"\x1f\x8b\x08\xff" + bytes(20), "header fields that are not supported"),
        (b"BZh0" + bytes(20), "impossible block size"),
    ],
)
def test_bad_archives(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "t").write_bytes(data)
    (tmp_path / "out").mkdir()
    line = toolbox.fails("untar", "../t", cwd=tmp_path / "out")
    assert message in line
    assert line.startswith(("untar: ../t: ", "untar: a: "))


@pytest.mark.parametrize("kind", [tarfile.CHRTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, b"K", b"S", b"x"])
def test_kinds_that_are_refused(tmp_path: Path, kind: bytes) -> None:
    data = with_type({"name": b"30 path=another name and more\n", "other": b""}, kind)
    (tmp_path / "t").write_bytes(data)
    expected = f"'name' is of a kind (type '{kind.decode()}')"
    assert expected in toolbox.fails("untar", "t", cwd=tmp_path)


def test_a_comment_of_pax(tmp_path: Path) -> None:
    assert unpack(tmp_path, with_type({"pax": b"9 a=b\n", "f": b"1"}, b"g")) == {"f": b"1"}


def test_a_long_name_without_end(tmp_path: Path) -> None:
    (tmp_path / "t").write_bytes(with_type({"name": b"x" * 512, "f": b"1"}, b"L"))
    assert "corrupt, or not a tar file" in toolbox.fails("untar", "t", cwd=tmp_path)


def test_usage(tmp_path: Path) -> None:
    for args in [(), ("a", "b")]:
        assert "usage: untar" in toolbox.fails("untar", *args, cwd=tmp_path)
    assert "nosuch: No such file" in toolbox.fails("untar", "nosuch", cwd=tmp_path)


SMALL: Tree = {"d": None, "d/a": b"hello, hello, hello world", "l": "d/a"}


@pytest.mark.parametrize("compressor", ["gz", "gz fixed codes", "gz stored", "bz2"])
def test_every_flipped_byte_and_every_truncation(tmp_path: Path, compressor: str) -> None:
    """Never a crash or a hang, never success with wrong files."""
    good = COMPRESSORS[compressor](make_tar(SMALL).rstrip(b"\0") + bytes(1024))
    if compressor == "gz stored":
        good = good[:1200] if len(good) < 1200 else good
    random_source = random.Random(2)
    samples = range(len(good)) if len(good) < 600 else sorted(random_source.sample(range(len(good)), 300))
    for i in samples:
        for data in (good[:i], good[:i] + bytes([good[i] ^ 1 << random_source.randrange(8)]) + good[i + 1 :]):
            (tmp_path / "t").write_bytes(data)
            out = tmp_path / "out"
            subprocess.run(["rm", "-rf", out], check=True)
            out.mkdir()
            done = toolbox.run("untar", tmp_path / "t", cwd=out)
            if done.returncode == 0:
                assert read_tree(out) == SMALL, i
            else:
                assert done.stderr.count(b"\n") == 1, done


@settings(max_examples=150, deadline=None)
@given(
    head=st.sampled_from([b"", b"\x1f\x8b\x08\0\0\0\0\0\0\3", b"BZh91AY&SY" + bytes(5)]),
    tail=st.binary(max_size=400),
)
def test_nonsense(tmp_path_factory: pytest.TempPathFactory, head: bytes, tail: bytes) -> None:
    folder = tmp_path_factory.mktemp("nonsense")
    (folder / "t").write_bytes(head + tail)
    toolbox.fails("untar", "t", cwd=folder)
