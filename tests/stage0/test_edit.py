# SPDX-License-Identifier: GPL-3.0-or-later
"""edit: replaces lines that occur exactly once, and does not touch the file otherwise."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stage0 import toolbox

TEXT = "one\ntwo\nthree\ntwo\nfour\n"


def edit_text(*edits: tuple[str, str, str]) -> str:
    text, last = "# why\n\n", ""
    for name, old, new in edits:
        text += f"file {name}\n" if name != last else "# and\n"
        text += f"---- old\n{old}---- new\n{new}---- end\n"
        last = name
    return text


def write(folder: Path, *edits: tuple[str, str, str]) -> None:
    (folder / "a").write_text(TEXT)
    (folder / "b").write_text("b\n")
    (folder / "e.edit").write_text(edit_text(*edits))


def test_edits(tmp_path: Path) -> None:
    write(
        tmp_path,
        ("a", "one\ntwo\n", "1\n2\n"),
        ("a", "2\nthree\n", ""),
        ("b", "b\n", "B\n# kept\n\nfile x\n"),
    )
    (tmp_path / "a").chmod(0o755)
    assert toolbox.ok("edit", "e.edit", cwd=tmp_path) == ""
    assert (tmp_path / "a").read_text() == "1\ntwo\nfour\n"
    assert (tmp_path / "b").read_text() == "B\n# kept\n\nfile x\n"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o755
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "e.edit"]


def test_bytes_of_any_kind_and_a_last_line_without_newline(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\0\xff\r\nx\n\nlast")
    (tmp_path / "e.edit").write_text(edit_text(("a", "x\n", "y\n")))
    toolbox.ok("edit", "e.edit", cwd=tmp_path)
    assert (tmp_path / "a").read_bytes() == b"\0\xff\r\ny\n\nlast"


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        (
            [("a", "one\n", "1\n"), ("a", "two\n", "2\n")],
            "e.edit:10: a: the old lines occur 2 times, not once",
        ),
        (
            [("a", "one\n", "1\n"), ("a", "ne\n", "2\n")],
            "e.edit:10: a: the old lines occur 0 times, not once",
        ),
        (
            [("a", "one\n", "1\n"), ("a", "five\n", "2\n")],
            "e.edit:10: a: the old lines occur 0 times, not once",
        ),
        ([("b", "b\n", "c\n"), ("b", "b\n", "c\n")], "e.edit:10: b: the old lines occur 0 times, not once"),
        ([("b", "b\n", "c\n"), ("nosuch", "two\n", "2\n")], "nosuch: No such file"),
        ([("a", "one\n", "1\n"), ("a", "", "2\n")], "no old lines"),
        (
            [("a", "one\n", "1\n"), ("a", "---- old\n", "2\n")],
            "e.edit:11: not the '---- ' line that must come next",
        ),
    ],
)
def test_the_file_is_not_touched(tmp_path: Path, edits: list[tuple[str, str, str]], message: str) -> None:
    write(tmp_path, *edits)
    assert message in toolbox.fails("edit", "e.edit", cwd=tmp_path)
    assert (tmp_path / "a").read_text() == TEXT


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "e.edit: no edits in it"),
        ("# only a comment\n", "e.edit: no edits in it"),
        ("nonsense\n", "e.edit:1: neither a comment nor"),
        ("---- old\n", "e.edit:1: no 'file NAME' before the first edit"),
        ("file a\n---- old\none\n", "e.edit:4: the file ends within an edit"),
        ("file a\n---- old\none\n---- new\n1\n", "e.edit:6: the file ends within an edit"),
        ("file a\n---- old\none\n---- end\n", "e.edit:4: not the '---- ' line"),
    ],
)
def test_malformed(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path)
    (tmp_path / "e.edit").write_text(text)
    assert message in toolbox.fails("edit", "e.edit", cwd=tmp_path)
    assert (tmp_path / "a").read_text() == TEXT


lines = st.lists(st.sampled_from(["a", "b", "ab", ""]), max_size=12)


@settings(max_examples=60, deadline=None)
@given(text=lines, old=lines.filter(bool), new=lines)
def test_replaces_exactly_one(
    tmp_path_factory: pytest.TempPathFactory, text: list[str], old: list[str], new: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("edit")
    (folder / "a").write_text("".join(f"{line}\n" for line in text))
    (folder / "e.edit").write_text(
        edit_text(("a", "".join(f"{line}\n" for line in old), "".join(f"{line}\n" for line in new)))
    )
    places = [i for i in range(len(text)) if text[i : i + len(old)] == old]
    done = toolbox.run("edit", "e.edit", cwd=folder)
    assert (done.returncode == 0) == (len(places) == 1)
    if len(places) == 1:
        text = text[: places[0]] + new + text[places[0] + len(old) :]
    assert (folder / "a").read_text() == "".join(f"{line}\n" for line in text)
