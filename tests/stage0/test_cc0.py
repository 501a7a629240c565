# SPDX-License-Identifier: GPL-3.0-or-later
"""cc0, the compiler in assembly: its bytes, its programs against gcc's, its messages, its speed."""

import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stage0.conftest import SYSA, Chain, Mescc, Tool

FOLDER = SYSA / "stage0/03-cc0"
SOURCES = sorted(FOLDER.glob("*.M1"))
PROGRAMS = Path(__file__).parent / "cc0"
IO = PROGRAMS / "io.h"

GCC = ["gcc", "-w", "-fwrapv", "-fno-strict-aliasing", "-fno-builtin"]
SYSCALL = """
long __syscall(long n, long a, long b, long c, long d, long e)
{
    register long r10 __asm__("r10") = d, r8 __asm__("r8") = e;
    long r;
    __asm__ volatile ("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
                      : "rcx", "r11", "memory");
    return r;
}
"""


@pytest.fixture(scope="session")
def cc0(chain: Chain) -> Path:
    """The compiler, grown by the tools before it."""
    return chain.tool("cc0")


# --- its bytes


def test_grown(cc0: Path, mescc: Mescc) -> None:
    """M0 and hex2 make of it what Debian's M1 and hex2 do."""
    assert cc0.read_bytes() == mescc.hex2(mescc.m1(*SOURCES))


def test_readme(cc0: Path) -> None:
    assert f"{cc0.stat().st_size} bytes" in (FOLDER / "README.md").read_text()


def _code() -> list[str]:
    """The lines of the sources without comments and strings, the definitions apart."""
    text = "\n".join(source.read_text() for source in SOURCES[1:])
    return re.sub(r"#.*", "", re.sub(r"\"[^\"\n]*\"|'[0-9A-F]*'", "", text)).splitlines()


def _definitions() -> dict[str, str]:
    return dict(re.findall(r"^DEFINE (\S+) (\S+)", SOURCES[0].read_text(), re.MULTILINE))


def test_nothing_unused() -> None:
    words = " ".join(_code()).split()
    labels = [word[1:] for word in words if word.startswith(":")]
    assert len(labels) == len(set(labels))
    assert set(labels) == {word[1:] for word in words if re.match("[%&][a-z_]", word)}
    assert set(_definitions()) == {word for word in words if word[0] not in ":%&!"}


def test_definitions(tmp_path: Path) -> None:
    """An instruction's name, read by nasm, gives its bytes. i8 and i32 are numbers that follow.

    Instructions that are needed once have no name: '8D43FC'  # lea eax,[rbx-4]: why.
    """
    if not shutil.which("nasm"):
        pytest.skip("needs the package nasm")
    text, expected = ["bits 64"], ""
    unnamed = re.findall(
        r"^ {4}'([0-9A-F]+)'(?: [^'#\n]*)?# ([a-z]+(?: [a-z\[][^:\n]*)?)(?::|$)",
        "\n".join(source.read_text() for source in SOURCES[2:]),
        re.MULTILINE,
    )
    assert len(unnamed) > 50
    for name, code in [*_definitions().items(), *((name, code) for code, name in unnamed)]:
        if re.match(r"call$|j[a-z]+$|[^a-z]", name) or re.fullmatch("..006300", code):
            continue  # relative jumps, constants, fields, variables
        line = re.sub(r"^(repe?_)?(\w+?)_", lambda m: f"{(m[1] or '').replace('_', ' ')}{m[2]} ", name)
        line = line.replace("+i8", "+0x11").replace("i8", "byte 0x11").replace("i32", "0x11223344")
        text.append(re.sub(r"^(push|pop) \[", r"\1 qword [", line))
        expected += code + "".join({"i8": "11", "i32": "44332211"}[n] for n in re.findall("i8|i32", name))
    (tmp_path / "in.asm").write_text("\n".join(text) + "\n")
    subprocess.run(["nasm", "-O1", "-w-all", "-o", tmp_path / "out", tmp_path / "in.asm"], check=True)
    assert (tmp_path / "out").read_bytes() == bytes.fromhex(expected)


# --- its programs


def _compile(cc0: Path, run: Tool, folder: Path, text: str) -> Path:
    source, program = folder / "in.c", folder / "program"
    source.write_text(text)
    ran = run(cc0, IO, source, program)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    return program


@pytest.mark.parametrize("name", sorted(path.stem for path in PROGRAMS.glob("*.c")))
def test_program(cc0: Path, run: Tool, tmp_path: Path, name: str) -> None:
    """The output is what name.out says, by cc0 and by gcc at two levels; and so is the exit status."""
    source, expected = PROGRAMS / f"{name}.c", (PROGRAMS / f"{name}.out").read_text()
    ran = run(cc0, IO, source, tmp_path / "by-cc0")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    ours = run(tmp_path / "by-cc0", "argument")
    assert ours.stdout == expected
    assert ours.stderr == ""
    (tmp_path / "syscall.c").write_text(SYSCALL)
    for level in ("-O0", "-O2"):
        program = tmp_path / f"by-gcc{level}"
        subprocess.run([*GCC, level, "-o", program, source, tmp_path / "syscall.c"], check=True)
        theirs = run(program, "argument")
        assert (theirs.returncode, theirs.stdout) == (ours.returncode, ours.stdout)


VARIABLES = {"a": 5, "b": -3, "c": 1 << 40, "d": 0, "e": 255, "f": -(1 << 63)}
MASK = (1 << 64) - 1


def _signed(n: int) -> int:
    return ((n + (1 << 63)) & MASK) - (1 << 63)


def _divided(a: int, b: int) -> int:
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


BINARY: dict[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "<": lambda a, b: int(a < b),
    ">": lambda a, b: int(a > b),
    "<=": lambda a, b: int(a <= b),
    ">=": lambda a, b: int(a >= b),
    "==": lambda a, b: int(a == b),
    "!=": lambda a, b: int(a != b),
    "&&": lambda a, b: int(bool(a) and bool(b)),
    "||": lambda a, b: int(bool(a) or bool(b)),
}
PRECEDENCE = ["||", "&&", "|", "^", "&", "== !=", "< > <= >=", "<< >>", "+ -", "* / %"]
Expression = tuple[str, int, int]  # text, value, precedence of its operator


def _level(operator: str) -> int:
    return next(n for n, each in enumerate(PRECEDENCE) if operator in each.split())


def _operand(operand: Expression, lowest: int) -> str:
    """With parentheses only if there have to be some."""
    return operand[0] if operand[2] >= lowest else f"({operand[0]})"


def _unary(operator: str, operand: Expression) -> Expression:
    value = {"-": -operand[1], "~": ~operand[1], "!": int(not operand[1])}[operator]
    return f"{operator} {_operand(operand, 10)}", _signed(value), 10


def _binary(operator: str, left: Expression, right: Expression) -> Expression:
    level = _level(operator)
    value = _signed(BINARY[operator](left[1], right[1]))
    return f"{_operand(left, level)} {operator} {_operand(right, level + 1)}", value, level


def _guarded(operator: str, left: Expression, divisor: int) -> Expression:
    """Divisions and shifts, by numbers for which C defines them."""
    level = _level(operator)
    count = abs(divisor) % 63
    if operator in {"<<", ">>"}:
        value = left[1] << count if operator == "<<" else left[1] >> count
        return f"{_operand(left, level)} {operator} {count}", _signed(value), level
    divisor = divisor if divisor not in {0, -1} else 7
    quotient = _divided(left[1], divisor)
    value = quotient if operator == "/" else left[1] - quotient * divisor
    return f"{_operand(left, level)} {operator} {divisor}L", value, level


def _choice(condition: Expression, left: Expression, right: Expression) -> Expression:
    return f"({_operand(condition, 0)} ? {left[0]} : {right[0]})", (left if condition[1] else right)[1], 11


EXPRESSIONS = st.recursive(
    st.one_of(
        st.sampled_from([(name, value, 11) for name, value in VARIABLES.items()]),
        st.sampled_from([(f"p[{n}]", value, 11) for n, value in enumerate(VARIABLES.values())]),
        st.integers(0, (1 << 63) - 1).map(lambda n: (f"{n}L", n, 11)),
        st.integers(0, 300).map(lambda n: (f"{n}L", n, 11)),
        st.integers(-300, 300).map(lambda n: (f"same({n})", n, 11)),
    ),
    lambda inner: st.one_of(
        st.builds(_unary, st.sampled_from("-~!"), inner),
        st.builds(_binary, st.sampled_from(sorted(BINARY)), inner, inner),
        st.builds(_guarded, st.sampled_from(["<<", ">>", "/", "%"]), inner, st.integers(-1000, 1000)),
        st.builds(_choice, inner, inner, inner),
    ),
    max_leaves=30,
)


@settings(max_examples=40, deadline=None)
@given(st.lists(EXPRESSIONS, min_size=30, max_size=60))
def test_expressions(
    cc0: Path, run: Tool, tmp_path_factory: pytest.TempPathFactory, expressions: list[Expression]
) -> None:
    """Any expression has the value that Python finds, as a value and as a condition."""
    declared = ", ".join(
        f"{name} = {value if value > -(1 << 63) else '-0x7FFFFFFFFFFFFFFF - 1'}"
        for name, value in VARIABLES.items()
    )
    lines = ["long same(long n) { return n; }", "long main(void) {", f"long {declared}, p[{len(VARIABLES)}];"]
    lines += [f"p[{n}] = {name};" for n, name in enumerate(VARIABLES)]
    for number, (text, value, _) in enumerate(expressions):
        lines.append(f'if (({text}) != {_literal(value)}) {{ put("value {number}\\n"); return 1; }}')
        right = "; else" if value else ""
        lines.append(f'if ({text}) {right} {{ put("condition {number}\\n"); return 1; }}')
    program = _compile(cc0, run, tmp_path_factory.mktemp("e"), "\n".join([*lines, "return 0; }"]))
    ran = run(program)
    assert (ran.returncode, ran.stdout) == (0, "")


def _literal(value: int) -> str:
    return f"{value}L" if value > -(1 << 63) else "(-0x7FFFFFFFFFFFFFFFL - 1)"


def test_deterministic_and_small(cc0: Path, run: Tool, tmp_path: Path) -> None:
    """The same bytes twice; globals without values take no room in the file."""
    text = "char big[10000000];\nint main(void) { big[9999999] = 3; return big[9999999]; }\n"
    first = _compile(cc0, run, tmp_path, text).read_bytes()
    program = _compile(cc0, run, tmp_path, text)
    assert program.read_bytes() == first
    assert len(first) < 1500
    assert run(program).returncode == 3
    assert program.stat().st_mode & 0o777 == 0o755 & ~_umask()


def _umask() -> int:
    return int(re.findall(r"Umask:\s*(\d+)", Path("/proc/self/status").read_text())[0], 8)


def test_one_read_one_write(cc0: Path, tmp_path: Path) -> None:
    if not shutil.which("strace"):
        pytest.skip("needs the package strace")
    source = PROGRAMS / "queens.c"
    subprocess.run(["strace", "-o", tmp_path / "log", cc0, IO, source, tmp_path / "out"], check=True)
    calls = re.findall(r"^(\w+)\(", (tmp_path / "log").read_text(), re.MULTILINE)
    assert calls.count("write") == 1
    assert calls.count("read") == 2 * 2  # the second one says that the file has ended
    assert len(calls) == 12


def test_speed(cc0: Path, run: Tool, tmp_path: Path) -> None:
    """150 KB in 20 ms, process and all (the best of some tries; a slow machine is given twice as long)."""
    text = (PROGRAMS / "sha256.c").read_text().replace("main", "main_0") + "int main(void) { return 0; }\n"
    names = re.findall(r"^\w[^=;(]*?(\w+)\(", text, re.MULTILINE)
    copies = [text.replace("#include", "//")]
    while sum(map(len, copies)) < 150_000:
        number = len(copies)
        copies.append(re.sub(rf"\b({'|'.join(names)})\b", rf"\1_{number}", text).split("int main")[0])
    source = tmp_path / "in.c"
    source.write_text("".join(copies))
    times = []
    for _ in range(20):
        start = time.perf_counter()
        ran = run(cc0, IO, source, tmp_path / "out")
        times.append(time.perf_counter() - start)
        assert (ran.returncode, ran.stderr) == (0, "")
    assert min(times) < 0.04


# --- its messages

MESSAGES = [
    ("int main(void) { return x; }", 1, "undeclared, or a function that is not called", "x"),
    ("int main(void) {\n\n return put; }", 3, "undeclared, or a function that is not called", "put"),
    ("int main(void) { nothing(); return 0; }", 1, "undefined function", "nothing"),
    ("\nint f(int);\nint main(void) {\n return f(1) + f(2); }", 2, "undefined function", "f"),
    ("int x;", 1, "undefined function", "main"),
    ("int main(void) { return 1 }", 1, "expected ';'", "}"),
    ("int main(void) { if 1) ; }", 1, "expected '('", "1"),
    ("int main(void) { while (1 ; }", 1, "expected ')'", ";"),
    ("int main(void) { return p[3; }", 1, "undeclared, or a function that is not called", "p"),
    ("int p[4]; int main(void) { return p[3; }", 1, "expected ']'", ";"),
    ("int main(void) { do ; until (1); }", 1, "'while' expected", "until"),
    ("int main(void) { return * ; }", 1, "expression expected", ";"),
    ("int main(void) { return 1 + ; }", 1, "expression expected", ";"),
    ("int main(void) { return @; }", 1, "expression expected", "@"),
    ("int main(void) { typedef int T; return T; }", 1, "expression expected", "T"),
    ("unsigned x;", 1, "type expected", "unsigned"),
    ("x;", 1, "type expected", "x"),
    ("}", 1, "type expected", "}"),
    ("int 5;", 1, "name expected", "5"),
    ("int *;", 1, "name expected", ";"),
    ("typedef int;", 1, "name expected", ";"),
    ("struct { int a; } s;", 1, "name expected", "{"),
    ("struct s { int; };", 1, "name expected", ";"),
    ("int f(int a) { return (struct t *)a->b; }", 1, "not a pointer", "b"),
    ("struct s { int a; } x;\nint f(void) { return x.b; }", 2, "no such member", "b"),
    ("int f(int *p) { return p->a; }", 1, "no such member", "a"),
    ("int f(int a) { return a.b; }", 1, "no such member", "b"),
    ("int f(int a) { return *a; }", 1, "not a pointer", ";"),
    ("int f(int a) { return a[1]; }", 1, "not a pointer", ";"),
    ("int f(void *p) { return *p; }", 1, "size unknown", ";"),
    ("int f(void *p) { return p + 1; }", 1, "size unknown", ";"),
    ("struct s x;", 1, "size unknown", ";"),
    ("void x;", 1, "size unknown", ";"),
    ("struct s { int a; } x, y; int f(void) { x = y; }", 1, "a struct is no value", ";"),
    ("int f(int a) { return &3; }", 1, "this has no address", ";"),
    ("int f(void) { int a[2]; return &a; }", 1, "this has no address", ";"),
    ("int f(void) { return f (); }", 1, "undeclared, or a function that is not called", "f"),
    ("enum color { RED };", 1, "expected '{'", "color"),
    ("int f(int *p) { return 1 + p; }", 1, "number + pointer: put the pointer first", ";"),
    ("int n, a[n];", 1, "constant expected", "]"),
    ("int f(int a) { switch (a) { case a: ; } }", 1, "constant expected", ":"),
    ('char *s = "abc\n";', 1, "unterminated string, character or comment", '"'),
    ('char *s = "abc', 1, "unterminated string, character or comment", '"'),
    ("int c = 'ab';", 1, "unterminated string, character or comment", "'"),
    ("\n\n/* abc\n\n", 3, "unterminated string, character or comment", "/"),
    ("int a = 12ab;", 1, "malformed number", "12"),
    ("int a = 08;", 1, "malformed number", "0"),
    ("int a = 1.5;", 1, "name expected", "5"),
    ("int a = '\\x1234';", 1, "malformed number", "'\\x1234"),
]


@pytest.mark.parametrize(("text", "line", "message", "near"), MESSAGES)
def test_message(cc0: Path, run: Tool, tmp_path: Path, text: str, line: int, message: str, near: str) -> None:
    """FILE:LINE: message near 'token'; exit status 1; no output. The file is the second of three."""
    bad, good = tmp_path / "bad.c", tmp_path / "good.c"
    bad.write_text(text)
    good.write_text("int good;\n")
    ran = run(cc0, IO, bad, good, tmp_path / "out")
    file = IO if near == "main" else bad  # no place is the right one for that
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", f"{file}:{line}: {message} near '{near}'\n")
    assert not (tmp_path / "out").exists()


def test_end_of_input(cc0: Path, run: Tool, tmp_path: Path) -> None:
    (tmp_path / "in.c").write_text("int main(void) {\n return 1;\n")
    ran = run(cc0, tmp_path / "in.c", tmp_path / "out")
    assert ran.stderr == f"{tmp_path / 'in.c'}:3: expression expected near ''\n"


@pytest.mark.parametrize("arguments", [[], ["one"]])
def test_usage(cc0: Path, run: Tool, arguments: list[str]) -> None:
    ran = run(cc0, *arguments)
    assert (ran.returncode, ran.stderr) == (1, f"{cc0}: usage: cc0 IN... OUT\n")


def test_files(cc0: Path, run: Tool, tmp_path: Path) -> None:
    """What cannot be read or written is named; a source may have up to 1 MB."""
    good, out = PROGRAMS / "queens.c", tmp_path / "out"
    for bad in (tmp_path / "missing", tmp_path):
        ran = run(cc0, IO, bad, out)
        expected = f"{bad}: cannot read it, or more than 1 MB of source\n"
        assert (ran.returncode, ran.stderr) == (1, expected)
    for bad in (tmp_path / "no/such/folder", tmp_path, Path("/dev/full")):
        ran = run(cc0, IO, good, bad)
        assert (ran.returncode, ran.stderr) == (1, f"{bad}: cannot write it\n")
    big = tmp_path / "big.c"
    big.write_text("int main(void) { return 4; }" + "\n" * ((1 << 20) - 29))
    assert run(cc0, big, out).returncode == 0
    assert run(out).returncode == 4
    big.write_text("int main(void) { return 4; }" + "\n" * ((1 << 20) - 28))
    ran = run(cc0, big, out)
    assert (ran.returncode, ran.stderr) == (1, f"{big}: cannot read it, or more than 1 MB of source\n")
