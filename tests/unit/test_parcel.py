# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages through a serial port, which writes a carriage return before each newline."""

from __future__ import annotations

import io
import tarfile
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from lib.parcel import Packages


def tar(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        info = tarfile.TarInfo("usr/file")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def sent(name: str, data: bytes) -> bytes:
    return (f"{name} {len(data)}\n".encode() + data).replace(b"\n", b"\r\n")


CONTENTS = st.lists(st.text("\r\nab", max_size=40).map(str.encode), min_size=1, max_size=4)


@given(CONTENTS, st.lists(st.integers(1, 3000), max_size=12))
def test_what_was_sent_arrives(contents: list[bytes], cuts: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as stream:
        root = Path(folder)
        (root / "packages").mkdir()
        packages = Packages(stream, root)
        data = b"".join(sent(f"p{i}", tar(content)) for i, content in enumerate(contents))
        for cut in [*cuts, len(data)]:
            stream.write(data[:cut])
            stream.flush()
            data = data[cut:]
            packages.collect()
        for i, content in enumerate(contents):
            assert (root / f"packages/p{i}.tar").read_bytes() == tar(content)
        assert (root / "usr/file").read_bytes() == contents[-1]
        assert len(list((root / "packages").iterdir())) == len(contents)


def test_it_is_there_before_the_step_is_done() -> None:
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as stream:
        root = Path(folder)
        (root / "packages").mkdir()
        seen: list[bool] = []

        def on_line(_line: str) -> bool:
            seen.append((root / "packages/p.tar").exists())
            return False

        line = Packages(stream, root).before(on_line)
        stream.write(sent("p", tar(b"x")))
        stream.flush()
        line("#: step p")
        line("#: done p 0123")
        assert seen == [False, True]


def test_noise_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "packages").mkdir()
    with tempfile.TemporaryFile() as stream:
        packages = Packages(stream, tmp_path)
        stream.write(b"noise\r\n../p 3\r\nabc" + sent("p", tar(b"x")))
        stream.flush()
        packages.collect()
    assert [path.name for path in (tmp_path / "packages").iterdir()] == ["p.tar"]
