# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows that the audit is true: builds steps from sources in which what they are said not to use is empty.

What is deleted or made anew may be empty as well. If the package is the same, nothing of it is in there.
"""

from __future__ import annotations

import io
import shutil
import tarfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lib import digest, layout, scan
from lib.audit import Audit
from lib.chroot import Chroot
from lib.errors import UserError
from lib.manifest import Step
from lib.monitor import Monitor, Silent
from lib.plan import Chain, Plan
from lib.run import Run
from lib.store import Store

_EMPTY = ("unused", "deleted", "regenerated")


@dataclass(frozen=True)
class _Hollow(Chain):
    """A chain with other sources, of which each step is held to be what it is with the right ones."""

    real: Chain = field(kw_only=True)

    def identity(self, step: Step, packages: Mapping[str, str]) -> str:
        """As with the right sources."""
        return self.real.identity(step, packages)


def verify(
    found: Audit, plan: Plan, store: Store, distfiles: Mapping[str, Path], folder: Path, monitor: Monitor
) -> list[str]:
    """Build each step of a finished chain again. Returns lines to print; UserError for one that differs.

    folder: where to do it.
    """
    lines = []
    folder.mkdir(exist_ok=True)
    for number, step in enumerate(plan.steps):
        paths = {
            source: {
                entry.path
                for entry in found.entries
                if (entry.step, entry.source) == (step.name, source) and entry.fate in _EMPTY
            }
            for source in step.sources
        }
        if not any(paths.values()):
            continue
        hollow = dict(distfiles)
        for source in step.sources:
            hollow[source] = folder / source
            empty(distfiles[source], folder / source, paths[source])
        count = sum(map(len, paths.values()))
        monitor.note(f"{step.name}, with {count} files of its sources empty")
        _build(plan, number, store, hollow, folder)
        lines.append(f"{step.name}: the same with {count} files of its sources empty")
    layout.clear(folder)
    return lines


def _build(plan: Plan, number: int, store: Store, distfiles: Mapping[str, Path], folder: Path) -> None:
    step = plan.steps[number]
    missing = [each.name for each in plan.steps[: number + 1] if not plan.is_there(each)]
    if missing:
        raise UserError(
            f"the package of {missing[0]} is not in the store", "build it first: ./rootfs.py --chroot"
        )
    chain = _Hollow(
        plan.chain.system,
        {**plan.chain.sources, **{name: digest.of_file(distfiles[name]) for name in step.sources}},
        {f"{step.name}.tar": plan.stored[step.name].digest},
        plan.chain.seed,
        plan.chain.later,
        real=plan.chain,
    )
    todo = Plan(chain, plan.steps[: number + 1], plan.stored, frozenset({step.name}))
    target = layout.Target(folder)
    try:
        with target.log.open("w", encoding="utf-8") as log:
            Run(todo, Chroot(), target, store, distfiles, Silent(), log)()
    except UserError as error:
        raise UserError(
            f"{step.name}: not the same without the files that it is said not to use\n{error.message}",
            error.hint,
        ) from None


def empty(archive: Path, to: Path, paths: Collection[str]) -> None:
    """Copy a tar archive with some files emptied."""
    to.unlink(missing_ok=True)
    if not paths:
        shutil.copyfile(archive, to)
        return
    packing = archive.suffix.removeprefix(".")
    with tarfile.open(archive) as source:
        to.write_bytes(_emptied(source, paths, packing if packing in ("gz", "bz2", "xz") else ""))


def _emptied(source: tarfile.TarFile, paths: Collection[str], packing: str) -> bytes:
    members = source.getmembers()
    top = scan.common_folder([member.name.removeprefix("./") for member in members if member.isfile()])
    out = io.BytesIO()
    level = {"xz": {"preset": 0}, "gz": {"compresslevel": 1}, "bz2": {"compresslevel": 1}}.get(packing, {})
    with tarfile.open(fileobj=out, mode=f"w:{packing}", format=tarfile.GNU_FORMAT, **level) as copy:  # type: ignore[call-overload]
        for member in members:
            path = member.name.removeprefix("./").removeprefix(top)
            content = source.extractfile(member) if member.isfile() else None
            data = content.read() if content else b""
            inner = {name.partition("!")[2] for name in paths if name.startswith(f"{path}!")}
            if path in paths:
                data = b""
            elif inner:
                with tarfile.open(fileobj=io.BytesIO(data)) as archive:
                    data = _emptied(archive, inner, path.rpartition(".")[2])
            member.size = len(data)
            copy.addfile(member, io.BytesIO(data))
    return out.getvalue()
