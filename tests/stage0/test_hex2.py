# SPDX-License-Identifier: GPL-3.0-or-later
"""hex2, the linker: its listing, the language, and every message."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stage0.conftest import SYSA, Mescc, Tool, hex0_bytes
from tests.stage0.listing import Listing

FOLDER = SYSA / "stage0/01-hex2"
SOURCE = FOLDER / "hex2.hex0"

# --- its bytes


def test_grown(hex2: Path, mescc: Mescc) -> None:
    """The seed makes the same of the listing as two other assemblers."""
    assert hex2.read_bytes() == hex0_bytes(SOURCE.read_text()) == mescc.hex2(SOURCE)


def test_comments(hex2: Path, tmp_path: Path) -> None:
    image = hex2.read_bytes()
    listing = Listing(SOURCE, image)
    listing.check_addresses()
    listing.check_jumps()
    listing.check_nasm(tmp_path)
    assert f"{len(image)} bytes" in (FOLDER / "README.md").read_text()


def test_assembles_itself(hex2: Path, run: Tool, tmp_path: Path) -> None:
    """Hex0 is hex2, too."""
    assert run(hex2, SOURCE, tmp_path / "out").returncode == 0
    assert (tmp_path / "out").read_bytes() == hex2.read_bytes()


# --- the language


def _bytes(hex2: Path, run: Tool, folder: Path, text: str) -> bytes:
    (folder / "in.hex2").write_text(text)
    ran = run(hex2, folder / "in.hex2", folder / "out")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    return (folder / "out").read_bytes()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("41 aB\tCd", "41 ab cd"),
        ("4 1", "41"),
        ("41 # 42 :a %b\n43 ; 44\n45", "41 43 45"),
        ("41 #", "41"),
        (":a", ""),
        (":a 11 &a", "11 00 00 60 00"),
        ("11 22 &a :a", "11 22 06 00 60 00"),
        ("%a 11 :a", "01 00 00 00 11"),
        (":a 11 %a", "11 fb ff ff ff"),
        ("@a 11 :a", "01 00 11"),
        ("!a 11 :a", "01 11"),
        ("!a :a", "00"),
        (":a 11 !a", "11 fe"),
        ("%b>a :a 11 22 :b", "02 00 00 00 11 22"),
        (":a 11 22 :b %b>a @a>b !b>a", "11 22 02 00 00 00 fe ff 02"),
        (":a#b;c &a#b;c", "00 00 60 00"),
        (":1 :-2 &1 &-2", "00 00 60 00 00 00 60 00"),
        (":a\n%a\n:b\n%b\n", "fc ff ff ff fc ff ff ff"),
        (":a :b 11 :ab &ab &a &b", "11 01 00 60 00 00 00 60 00 00 00 60 00"),
    ],
)
def test_language(hex2: Path, mescc: Mescc, run: Tool, tmp_path: Path, text: str, expected: str) -> None:
    assert _bytes(hex2, run, tmp_path, text) == bytes.fromhex(expected)
    assert mescc.hex2(tmp_path / "in.hex2") == bytes.fromhex(expected)


@pytest.mark.parametrize(
    ("size", "mark", "farthest"), [(1, "!", 127), (2, "@", 32767)], ids=["one byte", "two bytes"]
)
def test_range(
    hex2: Path, mescc: Mescc, run: Tool, tmp_path: Path, size: int, mark: str, farthest: int
) -> None:
    """The farthest distances, forward and back, and one more."""
    forward = f"{mark}a {'00' * farthest} :a"
    assert _bytes(hex2, run, tmp_path, forward)[:size] == farthest.to_bytes(size, "little")
    assert (tmp_path / "out").read_bytes() == mescc.hex2(tmp_path / "in.hex2")
    back = f":a {'00' * (farthest + 1 - size)} {mark}a"
    assert _bytes(hex2, run, tmp_path, back)[-size:] == (farthest + 1).to_bytes(size, "little")
    assert (tmp_path / "out").read_bytes() == mescc.hex2(tmp_path / "in.hex2")
    for text in (
        f"\n{mark}a {'00' * (farthest + 1)} :a",
        f"\n:a {'00' * (farthest + 2 - size)} {mark}a",
    ):
        (tmp_path / "in.hex2").write_text(text)
        ran = run(hex2, tmp_path / "in.hex2", tmp_path / "out")
        assert (ran.returncode, ran.stderr) == (1, f"{tmp_path}/in.hex2:2: out of range: a\n")


NAMES = [f"{letter}{number}" for letter in "abx_" for number in ("", 1, 22)]
GAPS = st.sampled_from([" ", "\n", "\t", "  ", " # c :z\n", "\n; d\n"])


@st.composite
def _programs(draw: st.DrawFn) -> str:
    """Bytes, labels and references to them; at most about 90 bytes, so that every reference is in range."""
    labels = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1))
    refer = st.builds("{}{}".format, st.sampled_from(["!", "@", "%", "&"]), st.sampled_from(labels))
    between = st.builds(
        "{}{}>{}".format,
        st.sampled_from(["!", "@", "%"]),
        st.sampled_from(labels),
        st.sampled_from(labels),
    )
    data = st.binary(min_size=1, max_size=4).map(bytes.hex)
    items = draw(st.lists(st.one_of(refer, between, data, data.map(str.upper)), max_size=20))
    items += [f":{label}" for label in labels]
    return "".join(item + draw(GAPS) for item in draw(st.permutations(items)))


@given(text=_programs())
@settings(max_examples=80, deadline=None)
def test_same_as_debian(
    hex2: Path, mescc: Mescc, run: Tool, tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    assert _bytes(hex2, run, folder, text) == mescc.hex2(folder / "in.hex2")


def test_many_labels(hex2: Path, mescc: Mescc, run: Tool, tmp_path: Path) -> None:
    """50,000 labels and references (3,000 for Debian's, which looks through all)."""
    for count in (3000, 50000):
        lines = [f":label_number_{number} 90 %label_number_{count - 1 - number}" for number in range(count)]
        image = _bytes(hex2, run, tmp_path, "\n".join(lines))
        assert len(image) == 5 * count
        if count == 3000:
            assert image == mescc.hex2(tmp_path / "in.hex2")


def test_long_name(hex2: Path, run: Tool, tmp_path: Path) -> None:
    name = "n" * 100000
    assert _bytes(hex2, run, tmp_path, f"11 :{name} &{name}") == bytes.fromhex("11 01 00 60 00")


def test_file_is_executable(hex2: Path, run: Tool, tmp_path: Path) -> None:
    _bytes(hex2, run, tmp_path, "41")
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o755


# --- what may be wrong


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("4", "1: odd number of digits"),
        ("41\n4 # 1\n1", "2: odd number of digits"),
        ("\n\n4:a", "3: odd number of digits"),
        (":a\n4 &a", "2: odd number of digits"),
        ("414\n", "1: odd number of digits"),
        ("41 # x\n42 g", "2: unexpected character g"),
        ("41 > ", "1: unexpected character >"),
        (":a &a>a", "1: unexpected character >"),
        ("~a", "1: unexpected character ~"),
        ("41 \0 42", "1: unexpected character \0"),
        ("41\r", "1: unexpected character \r"),
        ("\n:", "2: a name is missing"),
        (":a %a>\n", "1: a name is missing"),
        ("41 !", "1: a name is missing"),
        (":a\n:b\n:a", "3: second label a"),
        (":a\n%b\n", "2: unknown label b"),
        ("# c\n:a !a>bc", "2: unknown label bc"),
        ("%a", "1: unknown label a"),
        (":ab\n%a", "2: unknown label a"),
        ("$a :a", "1: out of range: a"),
    ],
)
def test_errors(hex2: Path, run: Tool, tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "in.hex2").write_bytes(text.encode())
    ran = run(hex2, "in.hex2", "out", cwd=tmp_path)
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", f"in.hex2:{message}\n".replace("\r\n", "\n"))
    assert not (tmp_path / "out").exists()


def test_line_numbers(hex2: Path, run: Tool, tmp_path: Path) -> None:
    for line in (1, 9, 10, 99, 100, 12345):
        (tmp_path / "in").write_text("41\n" * (line - 1) + "x")
        assert run(hex2, "in", "out", cwd=tmp_path).stderr == f"in:{line}: unexpected character x\n"


def test_files(hex2: Path, run: Tool, tmp_path: Path) -> None:
    (tmp_path / "in").write_text("41")
    for arguments, message in [
        ([], "usage: hex2 IN OUT"),
        (["in"], "usage: hex2 IN OUT"),
        (["in", "out", "more"], "usage: hex2 IN OUT"),
        (["none", "out"], "none: cannot be read"),
        ([".", "out"], ".: cannot be read"),
        (["in", "none/out"], "none/out: cannot be written"),
        (["in", "."], ".: cannot be written"),
        (["in", "/dev/full"], "/dev/full: cannot be written"),
    ]:
        ran = run(hex2, *arguments, cwd=tmp_path)
        assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", message + "\n")
    assert not (tmp_path / "out").exists()


def test_large_file(hex2: Path, run: Tool, tmp_path: Path) -> None:
    """4 MiB are too many; the densest text of one byte less is not."""
    room = 0x400000
    text = "&a " * ((room - 4) // 3) + ":a"
    image = _bytes(hex2, run, tmp_path, text.ljust(room - 1))
    assert image == (0x600000 + len(image)).to_bytes(4, "little") * ((room - 4) // 3)
    (tmp_path / "in.hex2").write_text(text.ljust(room))
    assert run(hex2, "in.hex2", "out", cwd=tmp_path).stderr == "in.hex2: cannot be read\n"
