# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of the files that were not written by hand: each step's audit.yaml against what is found.

SOURCE:                     a source of the step
  like: STEP                as that step's audit.yaml says; what stands here comes first
  used:                     a fate (FATES)
    "src/table.h": reason   a pattern: * stands for any text, slashes too; the first that fits counts
"""

from __future__ import annotations

import collections
import concurrent.futures
import fnmatch
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from lib import scan, yamlfile
from lib.manifest import Step
from lib.scan import KINDS, Find, Scan

FILE = "audit.yaml"
FATES = {
    "unused": "no command reads it",
    "deleted": "the recipe removes it before it builds",
    "regenerated": "the recipe makes it anew, by programs of the chain",
    "handwritten": "it only looks as if a program had written it",
    "used": "it is used as it came",
}
"""What can become of a file."""
UNACCOUNTED = "unaccounted"


@dataclass(frozen=True)
class Rule:
    """A line of audit.yaml."""

    fate: str
    pattern: str
    why: str
    line: int

    def fits(self, find: Find) -> bool:
        """Whether it speaks of this file."""
        return fnmatch.fnmatchcase(find.path, self.pattern)


@dataclass(frozen=True)
class Entry:
    """A find, and what a step does with it."""

    step: str
    source: str
    path: str
    kind: str
    sign: str
    fate: str
    why: str


@dataclass(frozen=True)
class Audit:
    """What `audit` prints."""

    entries: tuple[Entry, ...]
    files: Mapping[tuple[str, str], int]
    """How many files there are, by step and source."""
    wrong: tuple[str, ...]
    """Finds that nobody accounts for, and rules that fit nothing: a line each."""

    def totals(self) -> dict[str, int]:
        """How many finds have each fate, those of several steps counted as often."""
        counts = collections.Counter(entry.fate for entry in self.entries)
        return {fate: counts[fate] for fate in (*FATES, UNACCOUNTED) if counts[fate]}

    def as_json(self) -> dict[str, object]:
        """The form with the documented keys."""
        return {
            "totals": self.totals(),
            "wrong": list(self.wrong),
            "files": [asdict(entry) for entry in self.entries],
        }

    def as_text(self) -> str:
        """The form for people."""
        lines: list[str] = []
        for (step, source), files in self.files.items():
            lines += [f"{step}: {source}, {files} files"]
            entries = [entry for entry in self.entries if (entry.step, entry.source) == (step, source)]
            for fate in (*FATES, UNACCOUNTED):
                of_fate = [entry for entry in entries if entry.fate == fate]
                if of_fate:
                    lines.append(f"  {fate:<12} {len(of_fate):5}  {_counts(of_fate)}")
            for why, paths in _by_reason(entries):
                lines += [f"{'':21}{', '.join(paths)}", f"{'':23}{why}"]
        lines += ["", "In all:"]
        lines += [
            f"  {fate:<12} {count:5}  {FATES.get(fate, '')}".rstrip() for fate, count in self.totals().items()
        ]
        return "\n".join(lines)

    def as_page(self) -> str:
        """The part of docs/trust.md that is made from it."""
        fates = [fate for fate in FATES if fate != "used"]
        lines = [
            f"| step | source | files | {' | '.join(fates)} | used |",
            f"|---|---|---:|{'---:|' * len(FATES)}",
        ]
        for (step, source), files in self.files.items():
            entries = [entry for entry in self.entries if (entry.step, entry.source) == (step, source)]
            counts = collections.Counter(entry.fate for entry in entries)
            cells = [str(counts[fate] or "") for fate in (*fates, "used")]
            lines.append(f"| {step} | {source} | {files} | {' | '.join(cells)} |")
        lines += ["", "What is used as it came:", "", "| step | files | reason |", "|---|---|---|"]
        rows: dict[str, list[str]] = {}
        for step, source in self.files:
            entries = [entry for entry in self.entries if (entry.step, entry.source) == (step, source)]
            for why, paths in _by_reason(entries):
                rows.setdefault(f"{', '.join(f'`{path}`' for path in paths)} | {why} |", []).append(step)
        lines += [f"| {', '.join(steps)} | {row}" for row, steps in rows.items()]
        return "\n".join(lines)


def _by_reason(entries: Sequence[Entry]) -> list[tuple[str, list[str]]]:
    """The files that are used as they came, those with the same reason together."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        if entry.fate == "used":
            found.setdefault(entry.why, []).append(entry.path)
    return list(found.items())


def _counts(entries: Sequence[Entry]) -> str:
    """How many of each kind."""
    counts = collections.Counter(entry.kind for entry in entries)
    return ", ".join(f"{counts[kind]} {kind}" for kind in KINDS if counts[kind])


def scan_all(archives: Mapping[str, Path], digests: Mapping[str, str], cache: Path) -> dict[str, Scan]:
    """Look into archives, on all processors; what was found is kept in `cache`. Both mappings are by name."""
    largest_first = sorted(archives, key=lambda name: archives[name].stat().st_size, reverse=True)
    with concurrent.futures.ProcessPoolExecutor() as pool:
        found = {
            name: pool.submit(scan.cached, archives[name], digests[name], cache) for name in largest_first
        }
        return {name: future.result() for name, future in found.items()}


def of(steps: Sequence[Step], look: Callable[[str], Scan]) -> Audit:
    """Hold the sources of steps against their audit.yaml. look: looks into a source by its name."""
    by_name = {step.name: step for step in steps}
    entries: list[Entry] = []
    files: dict[tuple[str, str], int] = {}
    wrong: list[str] = []
    for step in steps:
        table = _table(step)
        for source in step.sources:
            found = look(source)
            files[step.name, source] = found.files
            own, borrowed = rules(by_name, step, source)
            mine, unfit = account(step.name, source, found.finds, own, borrowed)
            entries += mine
            where = f"{table.where}:" if table else f"{_where(step)}:"
            wrong += [
                f"{step.name}: {entry.path} ({entry.kind}: {entry.sign}) is unaccounted for:"
                f" say in {_where(step)} what becomes of it"
                for entry in mine
                if entry.fate == UNACCOUNTED
            ]
            wrong += [f"{where}{rule.line}: '{rule.pattern}' fits nothing that was found" for rule in unfit]
    return Audit(tuple(entries), files, tuple(wrong))


def account(
    step: str, source: str, finds: Sequence[Find], own: Sequence[Rule], borrowed: Sequence[Rule]
) -> tuple[list[Entry], list[Rule]]:
    """The finds with their fates, and those of a step's own rules that none of them needs."""
    entries: list[Entry] = []
    needed: set[Rule] = set()
    for find in finds:
        rule = next((rule for rule in (*own, *borrowed) if rule.fits(find)), None)
        if rule:
            needed.add(rule)
        fate, why = (rule.fate, rule.why) if rule else (UNACCOUNTED, "")
        entries.append(Entry(step, source, find.path, find.kind, find.sign, fate, why))
    return entries, [rule for rule in own if rule not in needed]


def rules(
    by_name: Mapping[str, Step], step: Step, source: str, seen: tuple[str, ...] = ()
) -> tuple[list[Rule], list[Rule]]:
    """What a step says of a source: its own rules, and those of the step that it is like."""
    table = _table(step)
    if table is None or not table.has(source):
        return [], []
    part = table.table(source)
    part.only({"like", *FATES})
    own = list(_rules(part))
    if not part.has("like"):
        return own, []
    like = part.text("like")
    if like not in by_name or source not in by_name[like].sources or like in (*seen, step.name):
        raise part.error(f"'{like}' is no other step with this source", part.line_of("like"))
    first, second = rules(by_name, by_name[like], source, (*seen, step.name))
    return own, [*first, *second]


def _rules(part: yamlfile.Table) -> Iterator[Rule]:
    for fate in part.fields():
        if fate != "like":
            patterns = part.table(fate)
            for pattern in patterns.fields():
                yield Rule(fate, pattern, " ".join(patterns.text(pattern).split()), patterns.line_of(pattern))


def _where(step: Step) -> str:
    return f"{step.system}/{step.place}/{FILE}"


def _table(step: Step) -> yamlfile.Table | None:
    """A step's audit.yaml; None if there is none."""
    path = step.folder / FILE
    if not path.exists():
        return None
    table = yamlfile.load(path, _where(step))
    table.only(step.sources)
    return table
