# SPDX-License-Identifier: GPL-3.0-or-later
"""M0, the macro assembler: its listing, the language, and every message."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stage0.conftest import SYSA, Mescc, Tool
from tests.stage0.listing import Listing

FOLDER = SYSA / "stage0/02-M0"
SOURCE = FOLDER / "M0.hex2"

# --- its bytes


def test_grown(m0: Path, mescc: Mescc) -> None:
    assert m0.read_bytes() == mescc.hex2(SOURCE)


def test_comments(m0: Path, tmp_path: Path) -> None:
    image = m0.read_bytes()
    listing = Listing(SOURCE, image)
    listing.check_addresses()
    listing.check_jumps()
    listing.check_nasm(tmp_path)
    assert f"{len(image)} bytes" in (FOLDER / "README.md").read_text()


# --- the language


def _text(m0: Path, run: Tool, folder: Path, *texts: str) -> str:
    """The hex2 of some M1 files."""
    files = []
    for number, text in enumerate(texts):
        files.append(folder / f"in{number}.M1")
        files[-1].write_text(text)
    ran = run(m0, *files, folder / "out.hex2")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    return (folder / "out.hex2").read_text()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("# c\n;d\n", ""),
        ("DEFINE ret C3\nret ret", "C3 C3"),
        ("DEFINE a,[b+1] 0102 # c\nDEFINE DEFIN 03\n\ta,[b+1]\tDEFIN", "0102 03"),
        (":a :b;c %a !b>c @# $x &y", ":a :b;c %a !b>c @# $x &y"),
        ("!0 !5 !-1 !127 !-128 !255 !0x7f !0xFF", "00 05 FF 7F 80 FF 7F FF"),
        ("@0 @300 @-2 @0x1234 @65535 @-32768", "0000 2C01 FEFF 3412 FFFF 0080"),
        ("%0 %100 %-1 %0x12345678 %4294967295", "00000000 64000000 FFFFFFFF 78563412 FFFFFFFF"),
        ("%-2147483648 %2147483647 %0x0 %0xABcdEF", "00000080 FFFFFF7F 00000000 EFCDAB00"),
        ('"" "a" "hi!\n# no comment ; \'"', "00 6100 686921 0A23206E6F20636F6D6D656E74203B202700"),
        (r'"a\n\0"', "615C6E5C3000"),
        ("'41 4' '2 \"# c\n 43'", '41 4 2 "# c\n 43'),
        ("!1# c".replace("# c", " # c"), "01"),
    ],
)
def test_language(
    m0: Path, hex2: Path, mescc: Mescc, run: Tool, tmp_path: Path, text: str, expected: str
) -> None:
    """Tokens are compared; labels apart, Debian's make the same bytes of all of them."""
    assert _text(m0, run, tmp_path, text).split() == _joined(expected).split()
    if "DEFINE" in text or text.startswith(("!", "@", "%")):
        run(hex2, tmp_path / "out.hex2", tmp_path / "out")
        assert (tmp_path / "out").read_bytes() == mescc.hex2(mescc.m1(tmp_path / "in0.M1"))


def _joined(text: str) -> str:
    """The bytes of a string are one token; above they are in groups for the eye."""
    return text.replace("686921 0A", "6869210A")


def test_numbers_for_absolute_marks(m0: Path, run: Tool, tmp_path: Path) -> None:
    """Debian's M1 passes these to hex2, which takes them for labels."""
    assert _text(m0, run, tmp_path, "&7 $5 &0xffffffff $-1 &-2").split() == [
        "07000000",
        "0500",
        "FFFFFFFF",
        "FFFF",
        "FEFFFFFF",
    ]


def test_bytes_above_127(m0: Path, run: Tool, tmp_path: Path) -> None:
    """Debian's M1 makes no hex of these."""
    assert _text(m0, run, tmp_path, '"é"').split() == ["C3A900"]


def test_lines_are_kept(m0: Path, run: Tool, tmp_path: Path) -> None:
    """So that the line in a message of hex2 leads to the right place; several files count as one."""
    out = _text(m0, run, tmp_path, "# c\nDEFINE a 11\n\n:x a # d\n a a", "; e\n%x\n")
    assert [line.strip() for line in out.splitlines()] == ["", "", "", ":x 11", "11 11", "", "%x"]


def test_several_files(m0: Path, mescc: Mescc, hex2: Path, run: Tool, tmp_path: Path) -> None:
    """Macros of one are known in the next; the same number of lines; no newline at the end needed."""
    texts = ["DEFINE nop 90\nDEFINE last 91", ":start nop last", "", "%start nop # end"]
    _text(m0, run, tmp_path, *texts)
    assert run(hex2, tmp_path / "out.hex2", tmp_path / "out").returncode == 0
    for number, text in enumerate(texts):
        (tmp_path / f"in{number}.M1").write_text(text + "\n")
    sources = [tmp_path / f"in{number}.M1" for number in range(len(texts))]
    expected = bytes.fromhex("9091 faffffff 90")
    assert (tmp_path / "out").read_bytes() == expected == mescc.hex2(mescc.m1(*sources))


MACROS = {"ret": "C3", "mov_rax,rdi": "4889F8", "a": "11", "push_!": "6A", "x[y]": "0102", "nop2": "6690"}
GAPS = st.sampled_from([" ", "\n", "\t", "\n\n", ' # c :z "\n', " ; 'd\n"])
WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters="\"'"), max_size=12)


def _number(mark: str, size: int) -> st.SearchStrategy[str]:
    low, high = -(1 << (8 * size - 1)), (1 << (8 * size)) - 1
    decimal = st.integers(low, high).map(str)
    return st.one_of(decimal, st.integers(0, high).map(hex)).map(lambda text: mark + text)


@st.composite
def _programs(draw: st.DrawFn) -> str:
    """Everything that both assemblers know, short enough for one-byte references."""
    labels = draw(st.lists(st.sampled_from(["f", "main", "L_1", "x.y"]), unique=True, min_size=1))
    tokens = st.one_of(
        st.sampled_from(list(MACROS)),
        st.builds("{}{}".format, st.sampled_from(["!", "@", "%", "&"]), st.sampled_from(labels)),
        _number("!", 1),
        _number("@", 2),
        _number("%", 4),
        WORDS.map('"{}"'.format),
        st.binary(min_size=1, max_size=3).map(lambda data: f"'{data.hex(' ')}'"),
    )
    items = draw(st.lists(tokens, max_size=12)) + [f":{label}" for label in labels]
    defines = "".join(f"DEFINE {name} {value}\n" for name, value in MACROS.items())
    return defines + "".join(item + draw(GAPS) for item in draw(st.permutations(items)))


@given(text=_programs())
@settings(max_examples=80, deadline=None)
def test_same_as_debian(
    m0: Path, hex2: Path, mescc: Mescc, run: Tool, tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    _text(m0, run, folder, text)
    ran = run(hex2, folder / "out.hex2", folder / "out")
    expected = mescc.hex2(mescc.m1(folder / "in0.M1"))
    assert (ran.stderr, (folder / "out").read_bytes()) == ("", expected)


def test_our_files(m0: Path, hex2: Path, mescc: Mescc, run: Tool, tmp_path: Path) -> None:
    """What the chain assembles is the same with Debian's tools."""
    sources = sorted((SYSA / "stage0/03-cc0").glob("*.M1"))
    if not (SYSA / "stage0/03-cc0/step.yaml").exists():
        pytest.skip("cc0 is not there yet")
    ran = run(m0, *sources, tmp_path / "out.hex2")
    assert ran.stderr == ""
    ran = run(hex2, tmp_path / "out.hex2", tmp_path / "out")
    assert ran.stderr == ""
    assert (tmp_path / "out").read_bytes() == mescc.hex2(mescc.m1(*sources))


def test_many_macros(m0: Path, run: Tool, tmp_path: Path) -> None:
    count = 20000
    defines = "".join(f"DEFINE macro_{number} {number:08X}\n" for number in range(count))
    uses = "".join(f"macro_{number} " for number in range(count))
    out = _text(m0, run, tmp_path, defines + uses)
    assert out.split() == [f"{number:08X}" for number in range(count)]


# --- what may be wrong


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# c\nxyz", "2: unknown token xyz"),
        ("ret\nDEFINE ret C3", "1: unknown token ret"),
        ("DEFINE ret C3\nret ret ret,", "2: unknown token ret,"),
        ("4890", "1: unknown token 4890"),
        ('"a"b', "1: unknown token b"),
        (": a", "1: unknown token a"),
        ("~a", "1: unknown token ~a"),
        ("DEFINE a 11\nDEFINE b 22\nDEFINE a 11", "3: second DEFINE of a"),
        ("DEFINE", "1: DEFINE needs a name and a value"),
        ("\nDEFINE a\n11", "2: DEFINE needs a name and a value"),
        ("DEFINE\na 11", "1: DEFINE needs a name and a value"),
        ("DEFINE a # 11", "1: DEFINE needs a name and a value"),
        ("DEFINE ;a 11", "1: DEFINE needs a name and a value"),
        ("DEFINE a \r\n", "1: DEFINE needs a name and a value"),
        ("%12ab", "1: not a number: 12ab"),
        ("\n!08", "2: not a number: 08"),
        ("!0x", "1: not a number: 0x"),
        ("!0xg", "1: not a number: 0xg"),
        ("!0X1", "1: not a number: 0X1"),
        ("%-", "1: not a number: -"),
        ("%-0x1", "1: not a number: -0x1"),
        ("%1:", "1: not a number: 1:"),
        ("%1a", "1: not a number: 1a"),
        ("!256", "1: out of range: 256"),
        ("!-129", "1: out of range: -129"),
        ("@65536 ", "1: out of range: 65536"),
        ("@-32769\n", "1: out of range: -32769"),
        ("%4294967296", "1: out of range: 4294967296"),
        ("%-2147483649", "1: out of range: -2147483649"),
        ("%0x100000000", "1: out of range: 0x100000000"),
        ("%99999999999999999999999999999999", "1: out of range: 99999999999999999999999999999999"),
        ("!-0", "1: out of range: -0"),
        ('\n"ab\ncd', "2: quote without end"),
        ("\n\n'ab\ncd", "3: quote without end"),
        ("'", "1: quote without end"),
        ("\n!1 \0 !2", "2: zero byte"),
    ],
)
def test_errors(m0: Path, run: Tool, tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "good.M1").write_text("DEFINE good 11\ngood\n")
    (tmp_path / "in.M1").write_bytes(text.encode())
    ran = run(m0, "good.M1", "in.M1", "out", cwd=tmp_path)
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", f"in.M1:{message}\n")
    assert not (tmp_path / "out").exists()


def test_files(m0: Path, run: Tool, tmp_path: Path) -> None:
    (tmp_path / "in").write_text("!1")
    for arguments, message in [
        ([], "usage: M0 IN... OUT"),
        (["in"], "usage: M0 IN... OUT"),
        (["none", "out"], "none: cannot be read"),
        (["in", "none", "out"], "none: cannot be read"),
        ([".", "out"], ".: cannot be read"),
        (["in", "none/out"], "none/out: cannot be written"),
        (["in", "/dev/full"], "/dev/full: cannot be written"),
    ]:
        ran = run(m0, *arguments, cwd=tmp_path)
        assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", message + "\n")
    assert not (tmp_path / "out").exists()
    assert run(m0, "in", "out", cwd=tmp_path).returncode == 0
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o755


def test_large_input(m0: Path, run: Tool, tmp_path: Path) -> None:
    """All files together have 4 MiB; the longest string fits."""
    half = 0x200000
    (tmp_path / "a").write_text('"' + "a" * (half - 2) + '"')
    (tmp_path / "b").write_text("\n" * (half - 5))
    assert run(m0, "a", "b", "out", cwd=tmp_path).returncode == 0
    assert (tmp_path / "out").read_text().split() == ["61" * (half - 2) + "00"]
    (tmp_path / "b").write_text("\n" * half)
    assert run(m0, "a", "b", "out", cwd=tmp_path).stderr == "b: cannot be read\n"


def test_large_output(m0: Path, run: Tool, tmp_path: Path) -> None:
    """A macro can make 16 MiB out of little."""
    (tmp_path / "in").write_text(f"DEFINE a {'61' * 500000}\n" + "a a a a\n" * 10)
    ran = run(m0, "in", "out", cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (1, "in:6: output too large\n")


# --- the pages


def test_examples(m0: Path, hex2: Path, seed: Path, run: Tool, tmp_path: Path) -> None:
    """The programs at the end of the three pages do what they say."""
    hello = _example("hex0")
    (tmp_path / "hex0").write_text(hello)
    assert run(seed, "hex0", "hello", cwd=tmp_path).returncode == 0
    assert run(tmp_path / "hello").stdout == "hello\n"
    empty = _example("hex2")
    (tmp_path / "hex2").write_text(empty)
    assert run(hex2, "hex2", "empty", cwd=tmp_path).returncode == 0
    assert run(tmp_path / "empty").returncode == 0
    header = empty[: empty.index(":start")]
    (tmp_path / "M1").write_text(_example("m1") + ":end\n")
    assert run(m0, "M1", "body", cwd=tmp_path).returncode == 0
    (tmp_path / "all").write_text(header + (tmp_path / "body").read_text())
    assert run(hex2, "all", "hello", cwd=tmp_path).returncode == 0
    assert run(tmp_path / "hello").stdout == "hello\n"


def _example(page: str) -> str:
    text = (SYSA.parent / f"docs/{page}.md").read_text()
    lines = text[text.index("## Example") :].splitlines()
    return "\n".join(line[4:] for line in lines if line.startswith("    ")) + "\n"
