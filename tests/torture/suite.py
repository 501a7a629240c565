# SPDX-License-Identifier: GPL-3.0-or-later
"""The test-suite: where it comes from, and how each of its programs is to be compiled."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lib import deps, sources
from lib.monitor import Silent

BASE = Path(__file__).resolve().parents[2]

SOURCE = "gcc-10_10.2.1.orig.tar.xz"
_INNER = "gcc-10-10.2.0/gcc-10.2.0-dfsg.tar.xz"
_FOLDER = "gcc-10.2.0/gcc/testsuite/gcc.c-torture/execute/"

_DIRECTIVE = re.compile(r"\{ *dg-((?:additional-)?options|skip-if|require-effective-target) +(.*)")
_OPTIONS = re.compile(
    r'(?:"(?P<plain>[^"]*)"|\{ *"(?P<braced>[^"]*)" *\}) *(?:\{ *target (?P<target>.*?)\} *)?\}'
)
_SKIP = re.compile(r'"[^"]*" *\{ *"?\*-\*-\*"? *\} *\{? *"(?P<level>-O\w)"')
_LACKING = {"noinit"}
"""What tests can ask for that no compiler for amd64 has."""


@dataclass(frozen=True)
class Test:
    """A program of the suite."""

    name: str
    """Its path without `.c`."""
    text: str
    options: tuple[str, ...]
    """What the test wants to be compiled with, beside a level of optimisation."""
    not_at: frozenset[str]
    """Levels at which it makes no sense."""


def unpack(folder: Path) -> dict[str, Test]:
    """Unpack the suite into a folder. Returns the tests that are for amd64."""
    catalogue = sources.load(BASE)
    path = sources.Fetcher(catalogue, deps.cache() / "distfiles", Silent()).fetch([SOURCE])[SOURCE]
    files: dict[str, bytes] = {}
    with tarfile.open(path) as outer:
        inner = outer.extractfile(_INNER)
        assert inner is not None, f"{SOURCE} without {_INNER}"
        with tarfile.open(fileobj=inner, mode="r|xz") as archive:
            for member in archive:
                content = archive.extractfile(member) if member.name.startswith(_FOLDER) else None
                if content is not None:
                    files[member.name.removeprefix(_FOLDER)] = content.read()
                elif files and not member.name.startswith(_FOLDER):
                    break  # it stands together, in the middle of half a gigabyte
    for name, data in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return tests({name: data.decode("utf-8", "backslashreplace") for name, data in files.items()})


def tests(files: Mapping[str, str]) -> dict[str, Test]:
    """By what the files say of themselves."""
    found: dict[str, Test] = {}
    for file, text in sorted(files.items()):
        name = file.removesuffix(".c")
        if name == file or name.startswith("builtins/"):
            continue
        if name.startswith(
            "ieee/"
        ):  # these have their options in a script beside them, or in the driver's: ieee.exp
            more = re.findall(r"^lappend additional_flags (.*)$", files.get(f"{name}.x", ""), re.MULTILINE)
            options = ["-fno-inline", *re.findall(r'"(-f[^"]*)"', " ".join(more))]
            found[name] = Test(name, text, tuple(options), frozenset())
            continue
        options, not_at, lacking = _directives(text)
        if not lacking & _LACKING:
            found[name] = Test(name, text, tuple(options), frozenset(not_at))
    return found


def _directives(text: str) -> tuple[list[str], set[str], set[str]]:
    """Options, levels to leave out, and what is asked for."""
    options: list[str] = []
    not_at: set[str] = set()
    wanted: set[str] = set()
    for kind, body in _DIRECTIVE.findall(text):
        if kind == "require-effective-target":
            wanted.add(body.split()[0])
        elif kind == "skip-if":
            not_at.update(_SKIP.findall(body))
        elif found := _OPTIONS.match(body):
            target = found["target"]
            ours = not target or target.strip() == "fpic" or ("x86_64" in target and "ia32" not in target)
            if ours:
                options += (found["plain"] or found["braced"] or "").split()
    return options, not_at, wanted
