# SPDX-License-Identifier: GPL-3.0-or-later
"""The compilers that take part, and the suite run by one of them in a grown root."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lib import chroot, manifest, script, sources
from tests.torture import suite
from tests.torture.suite import BASE, Test

PLACE = "/tmp/torture"
SECONDS = 60
"""For each command. The slowest program takes one."""


@dataclass(frozen=True)
class Compiler:
    """One that takes part from the step on that installs it."""

    name: str
    step: str
    program: str
    levels: tuple[str, ...]
    quick: tuple[str, ...]
    """Those of the levels that are tried by default. The rest takes longer than that is worth."""
    flags: tuple[str, ...] = ()


_ALL = ("-O0", "-O1", "-O2", "-O3", "-Os")
COMPILERS = (
    Compiler("tcc", "tcc-0.9.27-musl", "/usr/bin/tcc", ("-O0",), quick=("-O0",)),
    Compiler("gcc-3.4.6", "gcc-3.4.6", "/usr/bin/gcc", _ALL, quick=("-O2",), flags=("-std=gnu99",)),
    Compiler("gcc-10.2-cxx", "gcc-10.2-cxx", "/usr/bin/gcc", ("-O2",), quick=()),
    Compiler("gcc-10.2", "gcc-10.2", "/usr/bin/gcc", _ALL, quick=()),
)
"""In the order in which they are grown. One whose step is not in the manifest yet does not take part yet."""


def present() -> list[Compiler]:
    """Those that can be grown."""
    steps = manifest.load(BASE / "sysa", sources.load(BASE).digests).steps
    names = {step.name for step in steps}
    return [compiler for compiler in COMPILERS if compiler.step in names]


@dataclass(frozen=True)
class Outcome:
    """What became of a test that did not pass."""

    said: str
    """By the compiler, if that failed."""
    status: int
    """Else, of the program: see driver.c."""


@dataclass
class Ready:
    """A grown root with the suite in it."""

    root: Path
    tests: Mapping[str, Test]

    @classmethod
    def make(cls, root: Path) -> Ready:
        """Unpack it, and compile the driver by tcc, which is in all of them."""
        folder = root / PLACE.lstrip("/")
        if not folder.exists():
            tests = suite.unpack(folder / "src")
            (folder / "empty.c").write_text("int main(void) { return 0; }\n")
            (folder / "driver.c").write_bytes((Path(__file__).parent / "driver.c").read_bytes())
            ready = cls(root, tests)
            assert ready.succeeds("/usr/bin/tcc", "-o", "driver", "driver.c")
            return ready
        files = {str(path.relative_to(folder / "src")): path for path in (folder / "src").rglob("*.*")}
        texts = {name: path.read_text("utf-8", "backslashreplace") for name, path in files.items()}
        return cls(root, suite.tests(texts))

    def succeeds(self, *command: str) -> bool:
        """Whether a command in the suite's folder does."""
        return chroot.run(self.root, command, cwd=PLACE, env=script.ENVIRONMENT, timeout=60).status == 0

    def known(self, compiler: Compiler, level: str) -> set[str]:
        """Those of the tests' options that the compiler takes. Older ones have not heard of them all."""
        options = {option for test in self.tests.values() for option in test.options}
        compile_empty = [compiler.program, level, "-c", "empty.c", "-o", "empty.o"]
        return {option for option in options if self.succeeds(*compile_empty, option)}

    def run(self, compiler: Compiler, level: str, jobs: int = 2) -> tuple[int, dict[str, Outcome]]:
        """How many tests there were, and those that did not pass."""
        folder = self.root / PLACE.lstrip("/")
        known = self.known(compiler, level)
        chosen = [test for test in self.tests.values() if level not in test.not_at]
        (folder / "ieee").mkdir(exist_ok=True)
        for log in folder.rglob("*.log"):
            log.unlink()
        with (folder / "list").open("w") as file:
            for test in chosen:
                options = [option for option in test.options if option in known]
                command = [
                    compiler.program,
                    *compiler.flags,
                    level,
                    "-w",
                    *options,
                    f"{PLACE}/src/{test.name}.c",
                ]
                file.write(" ".join([test.name, *command, "-o", "@", "-lm"]) + "\n")
        ran = chroot.run(
            self.root,
            [f"{PLACE}/driver", "list", str(jobs), str(SECONDS)],
            cwd=PLACE,
            env=script.ENVIRONMENT,
        )
        output = ran.output.decode()
        if ran.status != 0:
            raise subprocess.CalledProcessError(ran.status, "driver", output)
        results = [line.split() for line in output.splitlines()]
        assert sorted(name for name, _, _ in results) == sorted(test.name for test in chosen), output[-2000:]
        failed = {}
        for name, phase, status in results:
            if phase == "compile":
                failed[name] = Outcome((folder / f"{name}.log").read_text(errors="backslashreplace"), 0)
            elif int(status):
                failed[name] = Outcome("", int(status))
        return len(results), failed
