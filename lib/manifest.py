# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a system: manifest.yaml gives the order, each step's folder has a step.yaml and its recipe."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from lib import digest, yamlfile
from lib.errors import UserError

RUNNERS = ("none", "seed", "kaem", "sh")
"""Who executes a recipe: nobody (the seed itself), the seed's own runner, kaem, or a shell."""

_FIELDS = frozenset({"name", "what", "why", "runner", "sources", "installs", "needs"})
_HOW_BUILT = frozenset({"step.yaml", "build.kaem", "build.sh"})
_ABOUT = frozenset({"README.md", "audit.yaml"})
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")


@dataclass(frozen=True)
class Step:
    """One package: where its recipe is, what it is made from and what comes out."""

    name: str
    what: str
    why: str
    runner: str
    sources: tuple[str, ...]
    installs: tuple[str, ...]
    needs: tuple[str, ...]
    folder: Path
    place: str
    """The folder's path below the system's, as the guest sees it too: /<system>/<place>."""
    system: str = "sysa"
    shares: tuple[str, ...] = field(default=(), compare=False)
    """Other files and folders of the system that the recipe names, and which are therefore part of it."""

    @property
    def recipe(self) -> Path:
        """The build script."""
        return self.folder / ("build.sh" if self.runner == "sh" else "build.kaem")


@dataclass(frozen=True)
class Manifest:
    """A system: its name, its folder and its steps in order."""

    name: str
    folder: Path
    steps: tuple[Step, ...]
    takes: tuple[str, ...] = ()
    """Packages of the system before that it begins with, in this order."""
    leaves_with: tuple[str, ...] = ()
    """Packages that the system before needs to change over by kexec. They are not part of this one."""

    def until(self, name: str | None) -> tuple[Step, ...]:
        """The steps up to and with one of them; all of them for None."""
        return until(self.steps, name)

    def sources(self) -> list[str]:
        """Every source that a step uses, once, in order."""
        return list(dict.fromkeys(source for step in self.steps for source in step.sources))


def until(steps: tuple[Step, ...], name: str | None) -> tuple[Step, ...]:
    """The steps up to and with one of them; all of them for None."""
    if name is None:
        return steps
    names = [step.name for step in steps]
    if name not in names:
        raise UserError(f"there is no step '{name}'", "the steps are: " + ", ".join(names))
    return steps[: names.index(name) + 1]


def load(folder: Path, known_sources: Collection[str] | None = None) -> Manifest:
    """Read and check a system's manifest and all its steps.

    known_sources: the names in SHA256SUMS.sources; a step that uses another is refused.
    """
    base = folder.parent
    where = f"{folder.name}/manifest.yaml"
    table = yamlfile.load(folder / "manifest.yaml", where)
    table.only({"name", "steps", "takes", "leaves_with"})
    name = table.text("name")
    if name != folder.name:
        raise table.error(
            f"the system's name is '{name}'", table.line_of("name"), f"its folder's is {folder.name}"
        )
    takes = tuple(text for text, _ in table.texts("takes", optional=True))
    leaves_with = tuple(text for text, _ in table.texts("leaves_with", optional=True))
    steps: list[Step] = []
    lines: dict[str, str] = {}
    tables: list[yamlfile.Table] = []
    for place, line in table.texts("steps"):
        if not (folder / place / "step.yaml").is_file():
            raise table.error(
                f"there is no step '{place}'", line, f"expected the file {folder.name}/{place}/step.yaml"
            )
        step_table = yamlfile.load(
            folder / place / "step.yaml", f"{folder.relative_to(base)}/{place}/step.yaml"
        )
        step = _step(step_table, folder, place)
        if step.name in lines:
            raise step_table.error(
                f"duplicate step name '{step.name}'",
                step_table.line_of("name"),
                f"first in {lines[step.name]}",
            )
        lines[step.name] = f"{step_table.where}:{step_table.line_of('name')}"
        _check_sources(step_table, known_sources)
        steps.append(step)
        tables.append(step_table)
    if not steps:
        raise table.error("field 'steps' is empty", table.line_of("steps"))
    _check_needs(steps, tables, takes)
    shared = tuple(replace(step, shares=_shares(step, folder)) for step in steps)
    return Manifest(name, folder, shared, takes, leaves_with)


def _step(table: yamlfile.Table, folder: Path, place: str) -> Step:
    table.only(_FIELDS)
    step = Step(
        name=table.text("name"),
        what=table.text("what"),
        why=table.text("why"),
        runner=table.choice("runner", RUNNERS),
        sources=tuple(text for text, _ in table.texts("sources", optional=True)),
        installs=tuple(text for text, _ in table.texts("installs", optional=True)),
        needs=tuple(text for text, _ in table.texts("needs", optional=True)),
        folder=folder / place,
        place=place,
        system=folder.name,
    )
    if not _NAME.fullmatch(step.name):
        raise table.error(
            f"'{step.name}' cannot be a step's name", table.line_of("name"), "use letters, digits and . _ + -"
        )
    if step.runner != "none" and not step.recipe.is_file():
        raise table.error(
            f"step '{step.name}' has no {step.recipe.name}",
            table.line_of("runner"),
            f"a step with the runner '{step.runner}' needs it beside step.yaml",
        )
    return step


def _check_sources(table: yamlfile.Table, known: Collection[str] | None) -> None:
    for source, line in table.texts("sources", optional=True):
        if known is not None and source not in known:
            raise table.error(
                f"source '{source}' is not in SHA256SUMS.sources",
                line,
                "add its digest there, or correct the name",
            )


def _check_needs(steps: list[Step], tables: list[yamlfile.Table], takes: Collection[str]) -> None:
    """Every need is an earlier step, or was taken from the system before."""
    needs = {step.name: step.needs for step in steps}
    order = {step.name: index for index, step in enumerate(steps)}
    for step, table in zip(steps, tables, strict=True):
        for need, line in table.texts("needs", optional=True):
            if need in takes:
                continue
            if need not in order:
                raise table.error(
                    f"step '{step.name}' needs '{need}', which is no step",
                    line,
                    "the steps are: " + ", ".join(order),
                )
            cycle = _path(needs, need, step.name)
            if cycle:
                raise table.error(
                    "a cycle of needs: " + " -> ".join([step.name, *cycle]), line, "remove one of them"
                )
            if order[need] > order[step.name]:
                raise table.error(
                    f"step '{step.name}' needs '{need}', which comes later",
                    line,
                    "change the order in manifest.yaml",
                )


def _path(needs: dict[str, tuple[str, ...]], start: str, goal: str) -> list[str]:
    """The way from start to goal along needs; empty if there is none."""
    ways = [[start]]
    seen = {start}
    for way in ways:
        if way[-1] == goal:
            return way
        for need in needs.get(way[-1], ()):
            if need not in seen:
                seen.add(need)
                ways.append([*way, need])
    return []


def _shares(step: Step, system: Path) -> tuple[str, ...]:
    """What a recipe mentions as /sysa/... (or whatever its system is called), outside of its own folder.

    With a file comes its folder: for what it includes from there, and what a variable stands for. Not so
    with a file of the system itself, beside the manifest.
    """
    if step.runner == "none":
        return ()
    found: set[str] = set()
    mention_of = re.compile(rf"/{step.system}/([A-Za-z0-9._+/-]+)")
    for script in sorted(step.folder.glob("*.kaem")) + sorted(step.folder.glob("*.sh")):
        for mention in mention_of.findall(script.read_text(encoding="utf-8", errors="replace")):
            path = Path(mention)
            if (system / path).is_file():
                found |= {path.as_posix()} | ({path.parent.as_posix()} - {"."})
            elif (system / path).is_dir():
                found.add(path.as_posix())
    return tuple(sorted(place for place in found if not f"{place}/".startswith(f"{step.place}/")))


def recipe_files(folder: Path) -> list[Path]:
    """The files of a step's folder that its package can depend on.

    Not its README, its audit.yaml, tests and hidden files.
    """

    def counts(path: Path) -> bool:
        parts = path.relative_to(folder).parts
        return (
            path.is_file()
            and not any(part.startswith(".") or part == "__pycache__" for part in parts)
            and parts[0] != "tests"
            and parts[-1] not in _ABOUT
        )

    return sorted((path for path in folder.rglob("*") if counts(path)), key=lambda path: path.as_posix())


def _visible_files(step: Step, system: Path) -> list[Path]:
    """A step's own files, and those that it shares; of other steps not how they are built, unless named."""
    files = dict.fromkeys(recipe_files(step.folder))
    for place in step.shares:
        path = system / place
        if path.is_file():
            files[path] = None
        else:
            files |= dict.fromkeys(file for file in recipe_files(path) if file.name not in _HOW_BUILT)
    return sorted(files, key=lambda path: path.as_posix())


def identity(step: Step, system: Path, sources: Mapping[str, str], packages: Mapping[str, str]) -> str:
    """SHA-256 of all that the package of a step can depend on.

    packages: name -> digest of those that the step sees, in the order in which they were installed.
    """
    return digest.of_bytes(identity_text(step, system, sources, packages).encode())


def identity_text(step: Step, system: Path, sources: Mapping[str, str], packages: Mapping[str, str]) -> str:
    """The text that identity() is the digest of: sorted lines, one fact each."""
    lines = [f"seedroot-step 1 {step.name} amd64 {step.runner}"]
    lines += [
        f"file {digest.of_file(path)} {path.relative_to(system).as_posix()}"
        for path in _visible_files(step, system)
    ]
    lines += [f"source {sources[name]} {name}" for name in step.sources]
    lines += [f"package {value} {name}" for name, value in packages.items()]
    return "\n".join(lines) + "\n"
