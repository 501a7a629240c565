# SPDX-License-Identifier: GPL-3.0-or-later
"""The grown tcc runs the C test-suite that comes with tcc: tests/tests2 of the pinned tarball.

Each test is a program and what is expected of it: messages of the compiler, output of the program. The rules
are those of tests2/Makefile, said again here, but for one: the Makefile has most programs run in tcc's own
memory (-run). docs/tests2.md says why not here, and has the result in words.
"""

from __future__ import annotations

import re
import tarfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lib import chroot, deps, manifest, sources
from tests.e2e import cli
from tests.e2e.conftest import Grown

FOLDER = "/tmp/tests2"
TCC = "/usr/bin/tcc"
DOCUMENT = cli.BASE / "docs/tests2.md"

SYSTEM = manifest.load(cli.BASE / "sysa", sources.load(cli.BASE).digests)
COMPILERS = [step for step in SYSTEM.steps if step.name.startswith("tcc-")]

SKIP = {
    "34_array_assignment": "it assigns arrays, which is not C",
    "73_arm64": "for ARM: it prints how that machine passes arguments",
    "98_al_ax_extend": "for i386",
    "99_fastcall": "for i386",
}
"""Left out by the Makefile itself, on amd64."""

SIGNS = {
    "bounds checker": r"invalid option -- '-b'|'MAP_FIXED' undeclared",  # the latter in the half before
    "shared libraries, backtraces": r"invalid option -- '-bt'",
    "bounds checker, threads": r"invalid option -- '-b'|'pthread.h' not found",
    "threads": r"'pthread.h' not found",
    "printf of floating point": r"\b[fg]\b",
    "mathematics": r"undefined symbol 'sin'",
    "constructors": r"^main$",
    "strncpy": r"undefined symbol 'strncpy'",
    "wide characters": r"'wchar.h' not found",
}
"""What a test can need that is not there, and how that shows in its output."""

FAIL = {
    "112_backtrace": "bounds checker",
    "113_btdll": "shared libraries, backtraces",
    "114_bound_signal": "bounds checker, threads",
    "115_bound_setjmp": "bounds checker",
    "116_bound_setjmp2": "bounds checker, threads",
    "117_gcc_test": "bounds checker",
}
"""What fails whatever the library. Nothing else may fail but the next, and all of these must."""

FAIL_WITH_SMALL_LIBRARY = {
    "22_floating_point": "mathematics",
    "23_type_coercion": "printf of floating point",
    "24_math_library": "mathematics",
    "28_strings": "strncpy",
    "49_bracket_evaluation": "printf of floating point",
    "70_floating_point_literals": "printf of floating point",
    "83_utf8_in_identifiers": "printf of floating point",
    "96_nodata_wanted": "printf of floating point",
    "97_utf8_string_literal": "wide characters",
    "101_cleanup": "printf of floating point",
    "106_pthread": "threads",
    "108_constructor": "constructors",
    "109_float_struct_calling": "printf of floating point",
    "110_average": "printf of floating point",
}
"""What fails as well with our own library, before there is musl."""

FLAGS = {
    "76_dollars_in_identifiers": ["-fdollars-in-identifiers"],
    "104_inline": ["104+_inline.c"],  # of two files
    "106_pthread": ["-pthread"],
    "114_bound_signal": ["-b"],
    "115_bound_setjmp": ["-b"],
    "116_bound_setjmp2": ["-b"],
}
ARGUMENTS = {
    "31_args": ["arg1", "arg2", "arg3", "arg4", "arg5"],
    "46_grep": [r"[^* ]*[:a:d: ]+\:\*-/: $", "46_grep.c"],
}
SNIPPETS = {"60_errors_and_warnings": [], "96_nodata_wanted": [], "112_backtrace": ["-b"]}
"""Many programs in one file, and their flags: with -dt tcc compiles and runs one after the other."""


@dataclass
class Case:
    """A test that is being run."""

    root: Path
    name: str
    output: str = ""
    died: list[str] = field(default_factory=list)
    """Programs that a signal ended: that is a failure even if nothing is missing in the output."""

    @property
    def source(self) -> str:
        """The test's file."""
        return f"{self.name}.c"

    @property
    def passed(self) -> bool:
        """Whether it did what is expected."""
        wanted = self.root / FOLDER.lstrip("/") / f"{self.name}.expect"
        return not self.died and _lines(self.output) == _lines(wanted.read_text(encoding="utf-8"))

    def do(self, *command: str) -> int:
        """Run a command, and take in what it says."""
        ran = chroot.run(self.root, command, cwd=FOLDER, timeout=60)
        self.output += ran.output.decode(errors="backslashreplace")
        if ran.status > 125:
            self.died.append(" ".join(command))
        return ran.status

    def run(self) -> None:
        """By the rule of the Makefile for this test."""
        program = f"./{self.name}.exe"
        if self.name in SNIPPETS:
            self.run_snippets(program, SNIPPETS[self.name])
        elif self.name == "113_btdll":  # two libraries and a program
            library = [TCC, "-bt", self.source, "-shared"]
            _ = (
                self.do(*library, "-D", "DLL=1", "-o", "a1.so")
                or self.do(*library, "-D", "DLL=2", "-o", "a2.so")
                or self.do(TCC, "-bt", "a1.so", "a2.so", "-Wl,-rpath=.", self.source, "-o", program)
                or self.do(program)
            )
        elif self.name == "117_gcc_test":  # without and with the bounds checker
            _ = (
                self.do(TCC, self.source, "-o", program)
                or self.do(program)
                or self.do(TCC, "-b", self.source, "-o", program)
                or self.do(program)
            )
        elif not self.do(TCC, *FLAGS.get(self.name, []), self.source, "-o", program):
            self.do(program, *ARGUMENTS.get(self.name, []))

    def run_snippets(self, program: str, flags: list[str]) -> None:
        """What tcc does by itself with `-dt -run`."""
        text = (self.root / FOLDER.lstrip("/") / self.source).read_text(encoding="utf-8")
        for snippet in dict.fromkeys(re.findall(r"defined (test_\w+)", text)):
            self.output += f"\n[{snippet}]\n" if self.output else f"[{snippet}]\n"
            part = f"{self.name}.o"
            if self.do(TCC, *flags, "-D", snippet, "-c", self.source, "-o", part):
                continue
            before = self.output
            if self.do(TCC, *flags, part, "-o", program):
                if "undefined symbol 'main'" in self.output.removeprefix(before):
                    self.output = before  # it was only to be compiled
            elif status := self.do(program):
                self.output += f"[returns {status}]\n"


def _lines(text: str) -> list[str]:
    """Lines, as `diff -b` looks at them."""
    return [re.sub(r"\s+", " ", line).rstrip() for line in text.splitlines()]


def run_all(root: Path) -> dict[str, Case]:
    """Run the test-suite in a grown root."""
    folder = root / FOLDER.lstrip("/")
    folder.mkdir()
    with tarfile.open(deps.cache() / "distfiles" / COMPILERS[0].sources[0]) as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            if content and Path(member.name).parent == Path("tests/tests2"):
                (folder / Path(member.name).name).write_bytes(content.read())
    names = {path.stem for path in folder.glob("*.c") if re.match(r"\d\d\d?_", path.name)}
    cases = [Case(root, name) for name in sorted(names - SKIP.keys())]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(Case.run, cases))
    return {case.name: case for case in cases}


@pytest.mark.parametrize("step", [step.name for step in COMPILERS])
def test_only_what_needs_more_than_there_is_fails(grown: Grown, step: str) -> None:
    expected = FAIL if step.endswith("-musl") else FAIL | FAIL_WITH_SMALL_LIBRARY
    cases = run_all(grown(step).root)
    failed = {name: f"{case.output[-2000:]}{case.died}" for name, case in cases.items() if not case.passed}
    assert {name: text for name, text in failed.items() if name not in expected} == {}
    assert [name for name in expected if name not in failed] == [], "these pass by now: say so"
    for name, need in expected.items():
        assert re.search(SIGNS[need], failed[name], re.MULTILINE), (name, failed[name])
    passed = len(cases) - len(failed)
    assert f"| `{step}` | {passed} of {len(cases)} |" in DOCUMENT.read_text(encoding="utf-8")


def test_the_document_names_what_fails_and_what_is_left_out() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\d\w+)` \| (.*?) \|", text, re.MULTILINE)
    assert dict(rows) == {**FAIL, **FAIL_WITH_SMALL_LIBRARY, **SKIP}
    assert len(rows) == len(FAIL) + len(FAIL_WITH_SMALL_LIBRARY) + len(SKIP)
