# SPDX-License-Identifier: GPL-3.0-or-later
"""The grown tcc runs the C test-suite that comes with tcc: tests/tests2 of the pinned tarball.

Each test is a program (or a set of them) and what is expected of it: messages of the compiler, output of the
program. The rules are those of tests2/Makefile, said again here. docs/tests2.md has the result in words.
"""

from __future__ import annotations

import re
import tarfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from lib import chroot, deps, layout, plan, sources
from tests.e2e import cli

STEP = "tcc-0.9.27"
FOLDER = "/tmp/tests2"
TCC = "/usr/bin/tcc"
DOCUMENT = cli.BASE / "docs/tests2.md"

SKIP = {
    "34_array_assignment": "it assigns arrays, which is not C",
    "73_arm64": "for ARM: it prints how that machine passes arguments",
    "98_al_ax_extend": "for i386",
    "99_fastcall": "for i386",
}
"""Left out by the Makefile itself, on amd64."""

FAIL = {
    "22_floating_point": ("mathematics", "undefined symbol 'sin'"),
    "24_math_library": ("mathematics", "undefined symbol 'sin'"),
    "106_pthread": ("threads", "include file 'pthread.h' not found"),
    "112_backtrace": ("bounds checker, backtraces", "bcheck.o' not found"),
    "113_btdll": ("shared libraries, backtraces", "undefined symbol 'tcc_backtrace'"),
    "114_bound_signal": ("bounds checker, threads", "include file 'pthread.h' not found"),
    "115_bound_setjmp": ("bounds checker", "bcheck.o' not found"),
    "116_bound_setjmp2": ("bounds checker, threads", "include file 'pthread.h' not found"),
    "117_gcc_test": ("bounds checker", "error: "),
}
"""What each needs that the grown system does not have, and how that shows in the output. Nothing else may
fail, and each of these must."""

FLAGS = {
    "60_errors_and_warnings": ["-dt"],  # several snippets in one file, one after the other
    "76_dollars_in_identifiers": ["-fdollars-in-identifiers"],
    "96_nodata_wanted": ["-dt"],
    "104_inline": ["104+_inline.c"],  # of two files
    "106_pthread": ["-pthread"],
    "112_backtrace": ["-dt", "-b"],
    "114_bound_signal": ["-b"],
    "115_bound_setjmp": ["-b"],
    "116_bound_setjmp2": ["-b"],
}
ARGUMENTS = {
    "31_args": ["arg1", "arg2", "arg3", "arg4", "arg5"],
    "46_grep": [r"[^* ]*[:a:d: ]+\:\*-/: $", "46_grep.c"],
}
NOT_IN_MEMORY = {"42_function_pointer", "106_pthread", "108_constructor", "113_btdll"}
"""Not with -run: the point of the test would be lost."""


@dataclass(frozen=True)
class Result:
    """What came of a test."""

    name: str
    passed: bool
    output: str


def commands(name: str, in_memory: bool) -> list[list[str]]:
    """What to run, one after the other until one fails."""
    source, program, flags = f"{name}.c", f"./{name}.exe", FLAGS.get(name, [])
    arguments = ARGUMENTS.get(name, [])
    if name == "113_btdll":  # two libraries and a program
        library = [TCC, "-bt", source, "-shared"]
        return [
            [*library, "-D", "DLL=1", "-o", "a1.so"],
            [*library, "-D", "DLL=2", "-o", "a2.so"],
            [TCC, "-bt", "a1.so", "a2.so", "-Wl,-rpath=.", source, "-o", program],
            [program],
        ]
    if "-dt" in flags or (in_memory and name not in NOT_IN_MEMORY):
        found = [[TCC, *flags, "-run", source, *arguments]]
    else:
        found = [[TCC, *flags, source, "-o", program], [program, *arguments]]
    if name == "117_gcc_test":
        found.append([TCC, "-b", "-run", source])
    return found


def expected(text: bytes) -> list[str]:
    """Lines, as `diff -b` looks at them."""
    lines = text.decode("latin-1").splitlines()
    return [re.sub(r"\s+", " ", line).rstrip() for line in lines]


@pytest.fixture(scope="module")
def folder(grown: layout.Target) -> Path:
    """The grown root with the test-suite in it."""
    folder = grown.root / FOLDER.lstrip("/")
    folder.mkdir()
    catalogue = sources.load(cli.BASE)
    chain = plan.load(cli.BASE, "sysa", catalogue.digests)
    (source,) = next(step.sources for step in chain.system.steps if step.name == STEP)
    with tarfile.open(deps.cache() / "distfiles" / source) as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            if content and Path(member.name).parent == Path("tests/tests2"):
                (folder / Path(member.name).name).write_bytes(content.read())
    return folder


def run_all(folder: Path, root: Path, in_memory: bool) -> dict[str, Result]:
    """Run every test that the Makefile would run."""

    def one(name: str) -> Result:
        output = b""
        for command in commands(name, in_memory):
            ran = chroot.run(root, command, cwd=FOLDER, timeout=60)
            output += ran.output
            if ran.status:
                break
        wanted = (folder / f"{name}.expect").read_bytes()
        return Result(name, expected(output) == expected(wanted), output.decode(errors="replace"))

    names = [path.stem for path in folder.glob("*.c") if re.match(r"\d\d\d?_", path.name)]
    with ThreadPoolExecutor(2) as pool:
        return {result.name: result for result in pool.map(one, sorted(set(names) - SKIP.keys()))}


@pytest.mark.parametrize("in_memory", [True, False], ids=["run in memory", "as programs"])
def test_only_what_needs_more_than_there_is_fails(
    folder: Path, grown: layout.Target, in_memory: bool
) -> None:
    results = run_all(folder, grown.root, in_memory)
    failed = {name: result.output[-2000:] for name, result in results.items() if not result.passed}
    assert {name: text for name, text in failed.items() if name not in FAIL} == {}
    assert [name for name in FAIL if name not in failed] == [], "these pass by now: say so"
    for name, (_, sign) in FAIL.items():
        assert sign in failed[name], failed[name]
    assert f"{len(results) - len(failed)} of {len(results)} pass" in DOCUMENT.read_text(encoding="utf-8")


def test_the_document_names_what_fails_and_what_is_left_out() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    assert dict(rows) == {**SKIP, **{name: reason for name, (reason, _) in FAIL.items()}}
    assert len(rows) == len(SKIP) + len(FAIL)
