# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import digest
from lib.errors import UserError

names = st.text(st.characters(blacklist_characters="/\0\n\r", blacklist_categories=["Cs"]), min_size=1)
digests = st.text("0123456789abcdef", min_size=64, max_size=64)


@given(st.dictionaries(names, digests))
def test_a_list_reads_back_as_it_was_written(listed: dict[str, str]) -> None:
    assert digest.parse_list(digest.format_list(listed), "SUMS") == listed


@given(st.text())
def test_any_text_is_read_or_refused_with_its_line(text: str) -> None:
    try:
        digest.parse_list(text, "SUMS")
    except UserError as error:
        assert error.message.startswith("SUMS:")
        assert error.hint


def test_the_format_is_that_of_sha256sum(tmp_path: Path) -> None:
    (tmp_path / "a file").write_bytes(b"content")
    (tmp_path / "SUMS").write_text(digest.format_list({"a file": digest.of_file(tmp_path / "a file")}))
    subprocess.run(["sha256sum", "-c", "SUMS"], cwd=tmp_path, check=True, capture_output=True)
    assert digest.of_bytes(b"content") == hashlib.sha256(b"content").hexdigest()


def test_a_repeated_name_is_named_with_its_line() -> None:
    line = f"{'0' * 64}  a\n"
    with pytest.raises(UserError, match=r"^SUMS:3: a is listed twice"):
        digest.parse_list(line + "# comment\n" + line, "SUMS")


def test_an_absent_list_is_empty(tmp_path: Path) -> None:
    assert digest.read_list(tmp_path / "none") == {}


def test_a_binary_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "SUMS").write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match="not text"):
        digest.read_list(tmp_path / "SUMS")
