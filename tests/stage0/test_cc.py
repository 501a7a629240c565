# SPDX-License-Identifier: GPL-3.0-or-later
"""cc, built by gcc and as grown: against gcc on programs and random expressions; its messages."""

import math
import os
import re
import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.stage0.conftest import SYSA, Chain

CC = SYSA / "stage0/05-cc"
LIBC = SYSA / "stage0/04-libc"
INCLUDES = [f"-I{LIBC / 'include'}", f"-I{CC / 'include'}"]
LIBRARY = [
    *sorted(file for file in LIBC.glob("*.c") if file.name != "c0.c"),
    LIBC / "amd64/start.c",
]
SOURCES = sorted(CC.glob("*.c"))
HERE = Path(__file__).parent / "cc"
PROGRAMS = sorted(HERE.glob("*.c"))
FAILURES = sorted(HERE.glob("*.fail"))
GCC = ["gcc", "-w", "-fwrapv", "-fno-strict-aliasing"]


def run(command: Sequence[str | Path], status: int = 0) -> str:
    """What a command prints, on both channels; its exit status is checked."""
    ran = subprocess.run(
        command,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=60,
        env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"},  # cc frees nothing, on purpose
    )
    assert ran.returncode == status, f"{command}: status {ran.returncode}\n{ran.stdout}{ran.stderr}"
    return ran.stdout + ran.stderr


@pytest.fixture(scope="module")
def host_cc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cc, compiled by the host's gcc, with all that gcc can watch over."""
    out = tmp_path_factory.mktemp("cc") / "cc"
    watch = ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize=alignment", "-fno-sanitize-recover"]
    run([*GCC, *watch, "-fno-builtin", f"-I{LIBC / 'include'}", "-o", out, *SOURCES, LIBC / "decimal.c"])
    return out


@pytest.fixture(params=["host", "grown"], scope="module")
def cc(request: pytest.FixtureRequest) -> Path:
    """Cc by gcc, and cc by cc by cc by cc0."""
    if request.param == "host":
        path: Path = request.getfixturevalue("host_cc")
        return path
    chain: Chain = request.getfixturevalue("chain")
    return chain.tool("cc")


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_program_does_what_gcc_makes_of_it(cc: Path, program: Path, tmp_path: Path) -> None:
    """The same output as when gcc compiles it against glibc."""
    run([cc, *INCLUDES, "-o", tmp_path / "ours", program, *LIBRARY])
    run([*GCC, "-fexcess-precision=standard", "-o", tmp_path / "theirs", program])
    assert run([tmp_path / "ours"]) == run([tmp_path / "theirs"])


@pytest.mark.parametrize("source", FAILURES, ids=lambda path: path.stem)
def test_error_names_file_line_and_column(cc: Path, source: Path, tmp_path: Path) -> None:
    """FILE:LINE:COLUMN: MESSAGE, the line, a caret; status 1; no output file."""
    said = run([cc, "-o", tmp_path / "out", source], status=1)
    first, line, caret = said.splitlines()[:3]
    assert source.with_suffix(".error").read_text().strip() in first
    where = re.match(rf"{re.escape(str(source))}:(\d+):(\d+): ", first)
    assert where, first
    assert line[2:] == source.read_text().splitlines()[int(where[1]) - 1]
    assert len(caret) == int(where[2]) + 2
    assert caret.strip() == "^"
    assert not (tmp_path / "out").exists()


def test_wrong_use(cc: Path, tmp_path: Path) -> None:
    """Options and files that are not there get one line."""
    assert "usage: cc" in run([cc], status=1)
    assert "unknown option: -Z" in run([cc, "-Z", "1"], status=1)
    assert "cannot open: missing.c" in run([cc, "-o", tmp_path / "out", "missing.c"], status=1)


def test_cc_reaches_a_fixed_point(chain: Chain, host_cc: Path, tmp_path: Path) -> None:
    """Whoever compiled cc, it compiles cc to the same bytes: by gcc, by cc0, by itself."""
    recipe = (CC / "build.kaem").read_text().splitlines()
    last = [word.replace("/sysa", str(SYSA)) for word in recipe[-1].split()]
    by_gcc = tmp_path / "by-gcc"
    run([host_cc, *[str(by_gcc) if word == "/destdir/cc/bin/cc" else word for word in last[1:]]])
    grown = chain.tool("cc").read_bytes()
    assert by_gcc.read_bytes() == grown
    assert (chain.root / "tmp/cc2").read_bytes() == grown


TYPES = ["char", "unsigned char", "short", "unsigned short", "int", "unsigned", "long", "unsigned long"]
OPERATORS = ["+", "-", "*", "&", "|", "^", "<", ">", "<=", ">=", "==", "!=", "&&", "||"]


@st.composite
def expression(draw: st.DrawFn, depth: int = 3) -> str:
    """An integer expression over v0..v7, one variable of each integer type, without undefined behaviour."""
    kind = draw(st.integers(0, 9)) if depth else draw(st.integers(0, 1))
    below = expression(depth - 1) if depth else st.nothing()
    if kind == 0:
        return f"v{draw(st.integers(0, len(TYPES) - 1))}"
    if kind == 1:
        value = draw(st.one_of(st.integers(0, 300), st.integers(0, 2**63 - 1)))
        return f"{value}{draw(st.sampled_from(['', 'l', 'ul']))}"
    if kind == 2:
        return f"({draw(st.sampled_from(TYPES))}){draw(below)}"
    if kind == 3:
        return f"({draw(st.sampled_from(['-', '~', '!', '+']))} {draw(below)})"
    if kind == 4:
        return f"({draw(below)} {draw(st.sampled_from(['<<', '>>']))} ({draw(below)} & 31))"
    if kind == 5:
        # at least 2: gcc turns a - b / c into a + b / -c, which traps for the least b and c = 1
        divisor = f"(({draw(below)} & 15) + 2)"
        return f"({draw(below)} {draw(st.sampled_from(['/', '%']))} {divisor})"
    if kind == 6:
        return f"({draw(below)} ? {draw(below)} : {draw(below)})"
    operator = draw(st.sampled_from(OPERATORS))
    return f"({draw(below)} {operator} {draw(below)})"


@st.composite
def float_expression(draw: st.DrawFn, depth: int = 3) -> str:
    """A floating-point expression over f0 (float), f1 (double) and the integers; no division by zero."""
    kind = draw(st.integers(0, 4)) if depth else draw(st.integers(0, 2))
    below = float_expression(depth - 1) if depth else st.nothing()
    if kind == 0:
        return f"f{draw(st.integers(0, 1))}"
    if kind == 1:
        return f"v{draw(st.integers(0, len(TYPES) - 1))}"
    if kind == 2:
        return repr(draw(st.floats(1e-3, 1e9)))
    if kind == 3:
        return f"({draw(st.sampled_from(['float', 'double']))})({draw(below)} * 1.0)"
    operator = draw(st.sampled_from(["+", "-", "*", "/ 7.5 -", "<", ">="]))
    return f"({draw(below)} {operator} {draw(below)})"


def alike(word: str, other: str) -> bool:
    """The same, or the bits of two doubles (d:...) or floats (f:...) that differ in the last digits only."""
    if word == other or word[:2] != other[:2] or word[1:2] != ":":
        return word == other
    layout = "<d" if word[0] == "d" else "<f"
    values = [
        struct.unpack(layout, int(text[2:], 16).to_bytes(struct.calcsize(layout), "little"))[0]
        for text in (word, other)
    ]
    return math.isclose(*values, rel_tol=1e-12 if layout == "<d" else 1e-5)


def compare(cc: Path, tmp: Path, statements: str, values: list[int]) -> None:
    """Compile the statements with cc and gcc, with these values in the variables, and compare the output."""
    variables = "".join(
        f"static {kind} v{i} = ({kind}){value}ul;"
        for i, (kind, value) in enumerate(zip(TYPES, values, strict=True))
    )
    source = tmp / "random.c"
    source.write_text(
        f'#include <stdio.h>\n#include "bits.h"\n'
        f"{variables}\nstatic float f0 = 1.5f; static double f1 = -1234.0625;\n"
        f"int main(void) {{\n{statements}return 0;\n}}\n"
    )
    run([cc, *INCLUDES, f"-I{HERE}", "-o", tmp / "ours", source, *LIBRARY])
    run([*GCC, f"-I{HERE}", "-o", tmp / "theirs", source])
    ours, theirs = run([tmp / "ours"]).split(), run([tmp / "theirs"]).split()
    assert [word for word, other in zip(ours, theirs, strict=True) if not alike(word, other)] == [], (
        source.read_text()
    )


WORDS = st.lists(
    st.one_of(st.integers(0, 2**64 - 1), st.sampled_from([0, 1, 127, 128, 2**31, 2**32 - 1, 2**63])),
    min_size=len(TYPES),
    max_size=len(TYPES),
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(values=WORDS, expressions=st.lists(expression(), min_size=20, max_size=40))
def test_integer_expressions(
    host_cc: Path, tmp_path_factory: pytest.TempPathFactory, values: list[int], expressions: list[str]
) -> None:
    """Random expressions have the values and the types (by size and sign) that gcc gives them."""
    lines = "".join(
        f'printf("{i} %ld %ld\\n", (long)({text}), (long)sizeof({text}) * (({text}) * 0 - 1 < 0));\n'
        for i, text in enumerate(expressions)
    )
    compare(host_cc, tmp_path_factory.mktemp("random"), lines, values)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(values=WORDS, expressions=st.lists(expression(2), min_size=10, max_size=20))
def test_integer_assignments(
    host_cc: Path, tmp_path_factory: pytest.TempPathFactory, values: list[int], expressions: list[str]
) -> None:
    """Random stores: plain and with an operator, into each of the types."""
    operators = ["=", "+=", "-=", "*=", "&=", "|=", "^="]
    lines = "".join(
        f"v{i % 8} {operators[i % 7]} {text};\n"
        f'printf("{i} %ld %ld\\n", (long)v{i % 8}, (long)v{(i + 3) % 8}++);\n'
        for i, text in enumerate(expressions)
    )
    compare(host_cc, tmp_path_factory.mktemp("random"), lines, values)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(values=WORDS, expressions=st.lists(float_expression(), min_size=10, max_size=20))
def test_float_expressions(
    host_cc: Path, tmp_path_factory: pytest.TempPathFactory, values: list[int], expressions: list[str]
) -> None:
    """Random floating point; the x87 may round twice, so not all digits are compared."""
    lines = "".join(
        f'printf("{i} d:%lx f:%x %d\\n", bits({text}), single({text}), ({text}) != 0);\n'
        for i, text in enumerate(expressions)
    )
    compare(host_cc, tmp_path_factory.mktemp("random"), lines, values)
