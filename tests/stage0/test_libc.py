# SPDX-License-Identifier: GPL-3.0-or-later
"""The C library, built by gcc and by the grown cc: against the host's library and Python."""

import functools
import os
import struct
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.stage0.conftest import SYSA, Chain

LIBC = SYSA / "stage0/04-libc"
CC_INCLUDE = SYSA / "stage0/05-cc/include"
DRIVER = Path(__file__).parent / "libc/driver.c"
SOURCES = [
    LIBC / "amd64/start.c",
    *sorted(file for file in LIBC.glob("*.c") if file.name != "c0.c"),
]
GCC = ["gcc", "-std=c99", "-O1", "-fwrapv", "-nostdinc", "-fno-builtin", "-fno-stack-protector", "-fno-pic"]
# gcc would find memcpy in memcpy's loop and call it
GCC += ["-fno-tree-loop-distribute-patterns"]

Driver = Callable[..., str]


def output(program: Path, arguments: Sequence[str], status: int = 0) -> str:
    """What the driver prints."""
    env = {"PATH": "/nowhere:/usr/bin:/bin", "WORD": "word"}
    ran = subprocess.run([program, *arguments], capture_output=True, env=env, check=False, timeout=60)
    assert ran.returncode == status, (arguments, ran)
    return ran.stdout.decode("latin-1") + ran.stderr.decode("latin-1")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("libc")


@pytest.fixture(scope="session")
def host(folder: Path) -> Driver:
    """The driver with the host's C library."""
    program = folder / "host"
    flags = ["-std=gnu99", "-w", "-O1", "-fno-builtin"]
    subprocess.run(["gcc", *flags, "-o", program, DRIVER, "-lm"], check=True)
    return functools.cache(lambda *arguments, status=0: output(program, arguments, status))


@pytest.fixture(scope="session", params=["gcc", "cc"])
def ours(request: pytest.FixtureRequest, folder: Path, chain: Chain) -> Driver:
    """The driver with our C library, both by gcc or both by cc."""
    program = folder / request.param
    if request.param == "cc":
        command: list[str | Path] = [chain.tool("cc"), "-I", LIBC / "include", "-I", CC_INCLUDE]
    else:
        own = subprocess.run(["gcc", "-print-file-name=include"], capture_output=True, text=True, check=True)
        command = [*GCC, "-w", "-isystem", LIBC / "include", "-isystem", own.stdout.strip()]
        command += ["-nostdlib", "-static", "-no-pie"]
    ran = subprocess.run(
        [*command, "-o", program, DRIVER, *SOURCES], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return lambda *arguments, status=0: output(program, arguments, status)


def examples(count: int) -> settings:
    """One process an example: so not too many."""
    return settings(
        max_examples=count, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )


def test_warnings(folder: Path) -> None:
    """The library gives gcc nothing to warn about."""
    own = subprocess.run(["gcc", "-print-file-name=include"], capture_output=True, text=True, check=True)
    include = ["-isystem", own.stdout.strip(), "-I", str(LIBC / "include")]
    quiet = ["-Wno-unused-parameter", "-Wno-sign-compare", "-Wno-pedantic"]
    warn = ["-Wall", "-Wextra", *quiet, "-Werror"]
    for source in SOURCES:
        subprocess.run([*GCC, *warn, *include, "-c", source, "-o", folder / "warnings.o"], check=True)


# --- printf

FLAGS = st.text("-0#", max_size=3)
WIDTH = st.one_of(st.just(""), st.integers(0, 40).map(str))
PRECISION = st.one_of(st.just(""), st.just("."), st.integers(0, 40).map(lambda n: f".{n}"))
LONGS = st.one_of(
    st.integers(-(2**63), 2**63 - 1), st.integers(-300, 300), st.sampled_from([2**31, -(2**31)])
)
DOUBLES = st.one_of(
    st.integers(0, 2**64 - 1),
    st.floats().map(lambda x: int(struct.unpack("<Q", struct.pack("<d", x))[0])),
    st.sampled_from([0, 1, 0x000FFFFFFFFFFFFF, 0x0010000000000000, 0x7FEFFFFFFFFFFFFF, 0x7FF << 52]),
    st.tuples(st.integers(0, 10**6), st.integers(0, 6)).map(
        lambda t: int(struct.unpack("<Q", struct.pack("<d", t[0] / 10 ** t[1]))[0])
    ),
)


@given(FLAGS, WIDTH, PRECISION, st.sampled_from(["hh", "h", "", "l", "ll", "j", "z", "t"]), st.data())
@examples(300)
def test_integers(
    ours: Driver, host: Driver, flags: str, width: str, precision: str, size: str, data: st.DataObject
) -> None:
    letter = data.draw(st.sampled_from("diuxX" if "#" in flags else "diuxXo"))
    value = data.draw(LONGS)
    kind = "l" if size in ("l", "ll", "j", "z", "t") else "i"
    arguments = ("print", f"<%{flags}{width}{precision}{size}{letter}>", kind, str(value))
    assert ours(*arguments) == host(*arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        ("%s", "s", "text"),
        ("<%10s|%%>", "s", "text"),
        ("<%-10.2s>", "s", "text"),
        ("<%.0s>", "s", "text"),
        ("<%*.*s>", "*", "8", "3", "abcdef"),
        ("<%*.*s>", "*", "-8", "-3", "abcdef"),
        ("<%5c>", "i", "65"),
        ("<%-5c>", "i", "65"),
        ("%p", "p", "7fff12345678"),
        ("%20p", "p", "0ff"),
        ("no conversion", "i", "0"),
        ("%", "i", "0"),
    ],
)
def test_other_conversions(ours: Driver, host: Driver, arguments: Sequence[str]) -> None:
    expected = host("print", *arguments)
    if arguments[0] == "%":  # an error for the host; ours just stops
        expected = "\n0 0 \n"
    assert ours("print", *arguments) == expected


# --- numbers from text

DIGITS = st.text("0123456789", max_size=25)
EXPONENT = st.one_of(
    st.just(""), st.integers(-5100, 5100).map(lambda n: f"e{n}"), st.just("e"), st.just("E+")
)
DECIMAL = st.builds(
    lambda blank, sign, digits, point, fraction, exponent, rest: (
        blank + sign + digits + point + fraction + exponent + rest
    ),
    st.sampled_from(["", " ", "\t\n "]),
    st.sampled_from(["", "-", "+"]),
    DIGITS,
    st.sampled_from(["", "."]),
    DIGITS,
    EXPONENT,
    st.sampled_from(["", ".", "f", "x", "e"]),
)
HEXADECIMAL = st.builds(
    lambda digits, point, fraction, exponent: f"0x{digits}{point}{fraction}{exponent}",
    st.text("0123456789abcdefABCDEF", max_size=25),
    st.sampled_from(["", "."]),
    st.text("0123456789abcdef", max_size=25),
    st.one_of(st.just(""), st.integers(-1200, 1200).map(lambda n: f"p{n}")),
)


@given(st.one_of(DECIMAL, HEXADECIMAL, st.floats(allow_nan=False, allow_infinity=False).map(repr)))
@examples(600)
def test_reals(ours: Driver, host: Driver, text: str) -> None:
    assert ours("scan", text) == host("scan", text)


@given(st.integers(1, 0x7FEFFFFFFFFFFFFE), st.sampled_from([-1, 0, 1]))
@examples(200)
def test_halfway(ours: Driver, host: Driver, bits: int, nudge: int) -> None:
    """Between two doubles, exactly or next to it, all digits written out."""
    low, high = (float(struct.unpack("<d", struct.pack("<Q", n))[0]) for n in (bits, bits + 1))
    (a, b), (c, d) = low.as_integer_ratio(), high.as_integer_ratio()
    above, below = a * d + b * c, 2 * b * d
    zeros = below.bit_length() - 1  # below is a power of two
    digits = above * 5**zeros * 10**3 + nudge
    text = f"{digits}e-{zeros + 3}"
    assert ours("scan", text) == host("scan", text)
    assert float(text) in (low, high)


@pytest.mark.parametrize("bits", [1, 2, 3])
def test_least_long_doubles(ours: Driver, host: Driver, bits: int) -> None:
    """Halfway between the least long doubles: the longest numbers that matter."""
    digits, power = (2 * bits + 1), 16446
    scaled = digits * 5**power
    head, tail = divmod(scaled, 10**4000)  # Python will not write more at once
    parts = []
    while head or tail:
        parts.append(f"{tail:04000d}")
        head, tail = divmod(head, 10**4000)
    text = "".join(reversed(parts)).lstrip("0")
    for after in ("", "0" * 100 + "1"):
        number = f"{text}{after}e-{power + len(after)}"
        assert ours("scan", number) == host("scan", number)


@given(
    st.one_of(
        st.integers(-(2**63), 2**63 - 1).map(str),
        st.integers(0, 2**63 - 1).map(hex),
        st.text(" +-0189azxXZ", max_size=10),
    ),
    st.sampled_from([0, 2, 8, 10, 16, 36]),
)
@examples(300)
def test_whole_numbers(ours: Driver, host: Driver, text: str, base: int) -> None:
    expected = host("integer", text, str(base))
    assume(expected.split()[2] == expected.split()[5] == "0")  # ours does not say what is out of range
    assert ours("integer", text, str(base)) == expected


@given(DOUBLES, st.integers(-15000, 15000))
@examples(200)
def test_ldexpl(ours: Driver, host: Driver, bits: int, power: int) -> None:
    if bits >> 52 & 0x7FF == 0x7FF:
        bits &= 0xFFF << 52  # which of the many NaN comes out is nobody's concern
    assert ours("ldexpl", f"{bits:x}", str(power)) == host("ldexpl", f"{bits:x}", str(power))


@pytest.mark.parametrize("text", ["0.9.27", "12.x", "", "1.2", "-3.+4.5 6"])
def test_sscanf(ours: Driver, host: Driver, text: str) -> None:
    expected = host("version", text).split()
    got = ours("version", text).split()
    assert got == expected or (text == "" and got[1:] == expected[1:])


# --- memory, strings, sorting


@given(st.lists(st.integers(-1000, 1000), max_size=300))
@examples(100)
def test_sort(ours: Driver, numbers: list[int]) -> None:
    expected = "".join(f"{n}={n} " for n in sorted(numbers, reverse=True))
    assert ours("sort", *map(str, numbers)) == expected


@pytest.mark.parametrize("seed", range(5))
def test_allocation(ours: Driver, seed: int) -> None:
    assert ours("allocate", str(seed), "3000") == "kept"


TEXT = st.one_of(
    st.text("ab", max_size=12), st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=30)
)


@given(TEXT, TEXT, st.integers(0, 40), st.one_of(st.sampled_from([0, 97, 98]), st.integers(0, 255)))
@examples(300)
def test_strings(ours: Driver, host: Driver, a: str, b: str, n: int, c: int) -> None:
    assert ours("strings", a, b, str(n), str(c)) == host("strings", a, b, str(n), str(c))


def test_classes(ours: Driver, host: Driver) -> None:
    assert ours("classes") == host("classes")


# --- files and the system


SEEK = st.one_of(st.integers(0, 90000).map(lambda n: f"s{n}"), st.just("s0"), st.just("e0"))
SIZES = st.one_of(st.integers(0, 300), st.sampled_from([16383, 16384, 16385, 40000, 65536]))
READS = st.one_of(SIZES.map(lambda n: f"r{n}"), st.sampled_from(["c", "t"]))
WRITES = st.one_of(SIZES.map(lambda n: f"w{n}"), st.just("t"), st.integers(0, 255).map(lambda n: f"p{n}"))


@given(
    st.lists(
        st.builds(
            lambda seek, rest: [seek, *rest],
            SEEK,
            st.one_of(st.lists(READS, max_size=6), st.lists(WRITES, max_size=6)),
        ),
        max_size=8,
    )
)
@examples(200)
def test_files(ours: Driver, host: Driver, folder: Path, groups: list[list[str]]) -> None:
    operations = [operation for group in groups for operation in group]
    written = []
    for driver in (ours, host):
        path = folder / "file"
        printed = driver("file", str(path), *operations)
        written.append((printed, path.read_bytes()))
        host.cache_clear()  # type: ignore[attr-defined]
    assert written[0] == written[1]


@given(st.text("ab\n", max_size=80), st.integers(2, 12))
@examples(50)
def test_lines(ours: Driver, folder: Path, text: str, size: int) -> None:
    path = folder / "lines"
    path.write_text(text)
    expected = []
    for line in text.splitlines(keepends=True):
        expected += [line[i : i + size - 1] for i in range(0, len(line), size - 1)]
    assert ours("lines", str(path), str(size)) == "".join(f"[{part}]" for part in expected) + "1 0"


def test_date(ours: Driver) -> None:
    """It is always the first of January 1970, whatever the time."""
    assert ours("date") == "1970 1 1 1"


def test_directories(ours: Driver, tmp_path: Path) -> None:
    names = [f"{n}-{'x' * (n % 200)}" for n in range(400)]
    for name in names:
        (tmp_path / name).touch()
    assert sorted(ours("list", str(tmp_path)).split()) == sorted([".", "..", *names])
    assert ours("list", str(tmp_path / names[0])) == "Not a directory"


@pytest.mark.parametrize(
    "command",
    [
        ("sh", "-c", "exit 7"),
        ("/bin/sh", "-c", "exit 8"),
        ("sh", "-c", "kill -9 $$"),
        ("no-such-command",),
        ("./no-such-command",),
    ],
)
def test_programs(ours: Driver, host: Driver, command: Sequence[str]) -> None:
    assert ours("run", *command) == host("run", *command)


def test_rest(ours: Driver, host: Driver, tmp_path: Path) -> None:
    printed = []
    for name, driver in (("ours", ours), ("host", host)):
        (tmp_path / name).mkdir()
        printed.append(driver("rest", str(tmp_path / name), status=40))
    assert printed[0] == printed[1]


def test_full_disk(ours: Driver) -> None:
    """What cannot be written is said, not lost."""
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    # 100 bytes stay in the buffer until fclose; 40000 do not
    assert ours("file", "/dev/full", "w100") == "100 -1"
    assert ours("file", "/dev/full", "w40000").startswith("0 ")


def test_sources_are_the_archive() -> None:
    """Every C file of the folder is one of those that the chain compiles."""
    recipe = (SYSA / "steps/tcc-0.9.27/build.kaem").read_text()
    recipe += "".join(file.read_text() for file in (SYSA / "steps/tcc-0.9.27").glob("*.kaem"))
    for source in SOURCES:
        assert os.fspath(source.relative_to(LIBC)) in recipe
