# SPDX-License-Identifier: GPL-3.0-or-later
"""GCC 15 and binutils 2.47 as grown: what they compile runs, and they are what they say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lib import chroot, script
from tests.e2e import test_gcc_10_2
from tests.e2e.conftest import Grown

LAST = "gcc-15.3.0"
FILES = Path(__file__).parent / "gcc"

pytestmark = [pytest.mark.far(LAST), pytest.mark.timeout(14400)]


@pytest.fixture(scope="module")
def root(grown: Grown) -> Path:
    """A grown sysc with the new compiler. Tests put files into its /tmp."""
    return grown(LAST).root_of("sysc")


def ran(root: Path, *argv: str, status: int = 0) -> str:
    """What a program says, in /tmp; it must end with that exit status."""
    done = chroot.run(root, argv, cwd="/tmp", env=script.ENVIRONMENT_LATER, timeout=600)
    output = done.output.decode()
    assert done.status == status, output
    return output


def compiled(root: Path, source: str, *options: str, name: str = "given.c") -> str:
    """What a program says that is given as a text."""
    (root / "tmp" / name).write_text(source)
    compiler = "/usr/bin/g++" if name.endswith("cc") else "/usr/bin/gcc"
    ran(root, compiler, *options, "-o", "given", name)
    return ran(root, "./given")


C23 = """\
135 270 1 1
6492492492492 4924924924924924
3fffffffffffffff
1 1
31 51
1 0
0.33333333333333333334
// SPDX 0 1
80000 8 1
"""
CXX23 = """\
gone
gone
gone
thrown: No space left on device
far
vector::_M_range_check: __n (which is 1) >= this->size() (which is 0)
   3.142|0xff|  mid  |2001-09-09 01:46:40
[1, 2, 3] [04, 05] {"a": 1}
**Größe**|1.23e+05|1010
42 no number: "4x"
a<1>b<22>c
0:1 1:1 2:3 3:5 [(1, 'a'), (2, 'b'), (3, 'c')] 120
{"ann": 41, "bob": 7} [[1, 2], [3, 4], [5]]
5 small large 49
text
40000 3
["a", "a/b", "a/b/file", "c", "c/b", "c/b/file"] 7 7
Thursday true 366d
int main() 8p-4
"""


@pytest.mark.parametrize("level", ["-O0", "-O1", "-O2", "-O3", "-Os"])
def test_a_program_in_c23(root: Path, level: str) -> None:
    shutil.copy(FILES / "program23.c", root / "tmp")
    ran(root, "/usr/bin/gcc", "-std=c23", "-Wall", "-Werror", level, "-o", "program", "program23.c")
    assert ran(root, "./program") == C23


@pytest.mark.parametrize("level", ["-O0", "-O2"])
def test_a_program_in_cxx23(root: Path, level: str) -> None:
    shutil.copy(FILES / "program23.cc", root / "tmp")
    ran(root, "/usr/bin/g++", "-std=c++23", "-Wall", "-Werror", level, "-o", "program", "program23.cc")
    assert ran(root, "./program") == CXX23


@pytest.mark.parametrize("old", ["c", "cc"])
def test_a_program_of_2017(root: Path, old: str) -> None:
    """What GCC 10 compiles, this one compiles to the same effect."""
    shutil.copy(FILES / f"program17.{old}", root / "tmp")
    command = {"c": ["/usr/bin/gcc", "-std=c17"], "cc": ["/usr/bin/g++", "-std=c++17"]}[old]
    ran(root, *command, "-O2", "-o", "program", f"program17.{old}", "-lm")
    assert ran(root, "./program") == {"c": test_gcc_10_2.C17, "cc": test_gcc_10_2.CXX17}[old]


def test_import_std(root: Path) -> None:
    """The library as a module, which has to be compiled first."""
    options = ["-std=c++23", "-fmodules"]
    ran(root, "/usr/bin/g++", *options, "-fsearch-include-path", "-c", "bits/std.cc")
    source = 'import std;\nint main() { std::println("{}", std::vector{3, 2, 1} | std::views::reverse); }\n'
    assert compiled(root, source, *options, "std.o", name="given.cc") == "[1, 2, 3]\n"


def test_old_c(root: Path) -> None:
    """What the new default, C23, no longer takes, in gnu11 and gnu89."""
    source = "#include <stdio.h>\ntypedef int bool; int f();\nint main() { return f(1) - 2; }\n"
    definition = "int f(bool n) { puts(__VERSION__); return n + 1; }\n"
    assert compiled(root, source + definition, "-std=gnu11") == "15.3.0\n"
    assert compiled(root, 'f(n) { puts("old"); return n; } main() { return f(0); }\n', "-std=gnu89", "-w")
    (root / "tmp/new.c").write_text("int f(); int main() { return f(1); }\n")
    assert "too many arguments" in ran(root, "/usr/bin/gcc", "-c", "new.c", status=1)


ASSEMBLY = """
    .globl main
main:
    vpxor %ymm0, %ymm0, %ymm0
    kmovd %k1, %eax
    jmpabs $0x1122334455667788
    xor %eax, %eax
    ret
    .section .note.GNU-stack,"",@progbits
"""


def test_the_new_assembler_and_linker(root: Path) -> None:
    for program in ("as", "ld", "objdump", "ar", "strip"):
        assert "(GNU Binutils) 2.47" in ran(root, f"/usr/bin/{program}", "--version")
        assert ran(root, "/usr/bin/gcc", f"-print-prog-name={program}").strip() in (
            program,
            f"/usr/bin/{program}",
        )
    (root / "tmp/given.s").write_text(ASSEMBLY)
    ran(root, "/usr/bin/gcc", "-c", "given.s")
    listing = ran(root, "/usr/bin/objdump", "-d", "given.o")
    assert "jmpabs $0x1122334455667788" in listing
    assert "kmovd  %k1,%eax" in listing
    ran(root, "/usr/bin/ar", "rcs", "libgiven.a", "given.o")
    assert "T main" in ran(root, "/usr/bin/nm", "libgiven.a")
    assert ran(root, "/usr/bin/c++filt", "_ZNSt6vectorIiSaIiEE9push_backERKi").startswith("std::vector<int,")
    assert "given.s:4" in _addr2line(root)


def _addr2line(root: Path) -> str:
    """Where the second instruction of the program is from."""
    ran(root, "/usr/bin/gcc", "-g", "-o", "given", "given.s")
    symbol = next(line for line in ran(root, "/usr/bin/nm", "given").splitlines() if line.endswith(" main"))
    return ran(root, "/usr/bin/addr2line", "-e", "given", symbol.split()[0])


def test_what_gcc_says_of_itself(root: Path) -> None:
    told = ran(root, "/usr/bin/gcc", "-v")
    assert "Target: x86_64-linux-musl\n" in told
    assert "gcc version 15.3.0 (GCC)" in told
    assert "Thread model: posix" in told
    assert ran(root, "/usr/bin/g++", "-dumpfullversion") == "15.3.0\n"


def test_programs_are_static(root: Path) -> None:
    source = '#include <stdio.h>\nint main(void) { puts("static"); }\n'
    assert compiled(root, source, "-fstack-protector-strong", "-D_FORTIFY_SOURCE=2", "-O2") == "static\n"
    headers = ran(root, "/usr/bin/readelf", "-lW", "given")
    assert "INTERP" not in headers and "EXEC" in headers


def test_diagnostics(root: Path) -> None:
    """Warnings, the analyzer, and a parser that says what is wrong."""
    (root / "tmp/bad.c").write_text(
        "#include <stdlib.h>\nint main(void)\n{\n    int *p = malloc(4);\n    free(p);\n    return *p;\n}\n"
    )
    assert "use after 'free' of 'p'" in ran(root, "/usr/bin/gcc", "-fanalyzer", "-c", "bad.c")
    (root / "tmp/bad.cc").write_text("int main() { std::vector<int> v; return strlenn(0); }\n")
    told = ran(root, "/usr/bin/g++", "-c", "bad.cc", status=1)
    assert "'std::vector' is defined in header '<vector>'" in told


def test_coverage(root: Path) -> None:
    """Profiles are written and used."""
    source = "int main(int n, char **v) { long s = 0; for (int i = 0; i < 99; i++) s += i % n; return s; }\n"
    assert compiled(root, source, "-O2", "-fprofile-generate") == ""
    assert list((root / "tmp").glob("given*.gcda"))
    assert compiled(root, source, "-O2", "-fprofile-use", "-Werror=missing-profile") == ""


def test_the_package_holds_no_place(root: Path) -> None:
    """Compilers and libraries say nothing of where they were built."""
    for name in (LAST, "binutils-2.47", "mp-gcc-15"):
        content = (root / "packages" / f"{name}.tar").read_bytes()
        for word in (b"/build/", b"/destdir/", b"/distfiles/"):
            assert word not in content, f"{name}: {word.decode()}"
