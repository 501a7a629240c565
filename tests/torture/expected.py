# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known to fail and why: reasons.yaml, written by hand, and results.yaml, written by the command."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from lib.errors import UserError
from tests.torture.compilers import COMPILERS, Compiler, Outcome
from tests.torture.suite import BASE, Test

_FOLDER = Path(__file__).parent
RESULTS = _FOLDER / "results.yaml"
DOCUMENT = BASE / "docs/torture.md"
UNKNOWN = "not looked into"
_FEW = 15
"""The document names so many; all are in results.yaml."""
_BEGIN = "<!-- results: written by tests/torture/run --write -->"
_END = "<!-- end of the results -->"


@dataclass(frozen=True)
class Reason:
    """Why tests fail."""

    name: str
    tests: frozenset[str] = frozenset()
    """They, or those that the next two fit, as far as they are given."""
    says: str = ""
    """A pattern for what the compiler says when it fails."""
    has: str = ""
    """A pattern for the test's text."""

    def fits(self, test: Test, outcome: Outcome) -> bool:
        """Whether it explains a failure."""
        if test.name in self.tests:
            return True
        if not outcome.said or not (self.says or self.has):
            return False
        return bool(re.search(self.says, outcome.said) and re.search(self.has, test.text))


def reasons() -> dict[str, list[Reason]]:
    """Of each compiler, in the order in which they are tried."""
    table = yaml.safe_load((_FOLDER / "reasons.yaml").read_text("utf-8"))
    return {
        compiler: [
            Reason(
                name, frozenset(entry.get("tests", "").split()), entry.get("says", ""), entry.get("has", "")
            )
            for name, entry in entries.items()
        ]
        for compiler, entries in table.items()
    }


@dataclass
class Results:
    """Of a compiler."""

    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By level: how many passed, of how many."""
    failed: dict[str, dict[str, str]] = field(default_factory=dict)
    """By level: tests and why."""

    def add(
        self, level: str, of: int, failed: Mapping[str, Outcome], tests: Mapping[str, Test], why: list[Reason]
    ) -> None:
        """Take in what came of a run."""
        self.counts[level] = (of - len(failed), of)
        self.failed[level] = {
            name: next((reason.name for reason in why if reason.fits(tests[name], outcome)), UNKNOWN)
            for name, outcome in sorted(failed.items())
        }

    def groups(self, order: list[Reason]) -> dict[str, dict[str, list[str]]]:
        """By reason and levels: tests."""
        found: dict[str, dict[str, list[str]]] = {reason.name: {} for reason in order}
        levels: dict[tuple[str, str], list[str]] = {}
        for level in sorted(self.failed):
            for name, why in self.failed[level].items():
                levels.setdefault((why, name), []).append(level)
        for (why, name), at in sorted(levels.items(), key=lambda item: (-len(item[1]), item)):
            key = "all" if len(at) == len(self.failed) else " ".join(at)
            found.setdefault(why, {}).setdefault(key, []).append(name)
        return {why: parts for why, parts in found.items() if parts}


def load() -> dict[str, Results]:
    """What is expected of each compiler."""
    if not RESULTS.exists():
        return {}
    found = {}
    for compiler, table in yaml.safe_load(RESULTS.read_text("utf-8")).items():
        results = found[compiler] = Results()
        for level, text in table["passed"].items():
            passed, of = map(int, text.split(" of "))
            results.counts[level] = (passed, of)
            results.failed[level] = {}
        for why, parts in table["failed"].items():
            for key, names in parts.items():
                for level in results.counts if key == "all" else key.split():
                    results.failed[level].update(dict.fromkeys(names.split(), why))
    return found


def save(all_results: Mapping[str, Results]) -> None:
    """Write both files."""
    lines = [
        "# SPDX-License-" + "Identifier: GPL-3.0-or-later",  # not of this file
        "# What fails, why, and at which levels. Written by tests/torture/run --write, out of reasons.yaml.",
    ]
    for compiler in _in_order(all_results):
        results = all_results[compiler.name]
        counts = ", ".join(
            f"{level}: {passed} of {of}" for level, (passed, of) in sorted(results.counts.items())
        )
        lines += [f"{compiler.name}:", f"  passed: {{{counts}}}", "  failed:"]
        for why, parts in results.groups(reasons().get(compiler.name, [])).items():
            lines.append(f'    "{why}":')
            for key, names in parts.items():
                text = textwrap.fill(" ".join(names), 118, break_on_hyphens=False, break_long_words=False)
                lines += [f"      {key}: >-", textwrap.indent(text, " " * 8)]
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    before, begin, rest = DOCUMENT.read_text("utf-8").partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise UserError(f"{DOCUMENT}: the marks around the results are gone")
    DOCUMENT.write_text(f"{before}{begin}\n\n{tables(all_results)}\n\n{end}{after}", encoding="utf-8")


def _in_order(all_results: Mapping[str, Results]) -> Iterable[Compiler]:
    return [compiler for compiler in COMPILERS if compiler.name in all_results]


def tables(all_results: Mapping[str, Results]) -> str:
    """How many pass, and what each reason keeps from passing: how many, and their names if they are few."""
    levels = sorted({level for results in all_results.values() for level in results.counts})
    lines = [f"| pass | {' | '.join(levels)} |", f"|---|{'---:|' * len(levels)}"]
    for compiler in _in_order(all_results):
        counts = all_results[compiler.name].counts
        cells = [f"{counts[level][0]} of {counts[level][1]}" if level in counts else "" for level in levels]
        lines.append(f"| {compiler.name} | {' | '.join(cells)} |")
    for compiler in _in_order(all_results):
        results = all_results[compiler.name]
        lines += ["", f"### {compiler.name}", "", "| fail | why | which |", "|---:|---|---|"]
        for why, parts in results.groups(reasons().get(compiler.name, [])).items():
            number = len({name for part in parts.values() for name in part})
            which = [
                " ".join(f"`{name}`" for name in part) + ("" if key == "all" else f" ({key})")
                for key, part in parts.items()
            ]
            lines.append(f"| {number} | {why} | {', '.join(which) if number <= _FEW else ''} |")
    return "\n".join(lines)
