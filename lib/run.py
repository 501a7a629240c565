# SPDX-License-Identifier: GPL-3.0-or-later
"""A run: builds what the plan says in a vessel, keeps the packages, and writes the report."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from lib import digest, layout, package, script
from lib.errors import UserError
from lib.manifest import Step
from lib.monitor import Monitor
from lib.plan import Plan
from lib.report import Report, StepResult
from lib.store import Store
from lib.vessel import Outcome, Vessel
from lib.watch import Watch

_WIDTH = 200


@dataclass
class Run:
    """One run on one target."""

    plan: Plan
    vessel: Vessel
    target: layout.Target
    store: Store | None
    """Where new packages are kept; None for nowhere."""
    distfiles: Mapping[str, Path]
    monitor: Monitor
    log: TextIO
    interactive: bool = False
    _digests: dict[str, str] = field(default_factory=dict)
    """Of the packages that are in the root, in their order."""
    _results: dict[str, StepResult] = field(default_factory=dict)

    def __call__(self) -> Report:
        """Do it; the report is written however it ends."""
        chain = self.plan.chain
        self._results = {
            step.name: StepResult(step.name, "waiting", pinned=chain.pin(step)) for step in self.plan.steps
        }
        report = Report(self.vessel.name, chain.seed, steps=list(self._results.values()))
        began = time.monotonic()
        self.monitor.plan(len(self.plan.steps), "step")
        try:
            self._build()
            report.result = "complete"
        except UserError as error:
            report.reason = error.message.splitlines()[0]
            raise
        except KeyboardInterrupt:
            report.reason = "interrupted"
            raise
        finally:
            self.monitor.close()
            report.facts = self.vessel.facts()
            report.seconds = round(time.monotonic() - began, 3)
            report.write(self.target.report)
        return report

    def _build(self) -> None:
        layout.make_root(self.target.root, self.plan.chain.system.folder)
        stretches = list(self.plan.stretches())
        if self.interactive and not stretches[-1][0]:
            stretches.append((True, ()))  # nothing to build, but a prompt to give
        for number, (build, steps) in enumerate(stretches, 1):
            if build:
                self._run_guest(steps, self.interactive and number == len(stretches))
            else:
                for step in steps:
                    self._take(step)

    def _take(self, step: Step) -> None:
        """Lay out a step that needs no building."""
        stored = self.plan.stored.get(step.name)
        if stored is None:
            self._finish(step, "given", self.plan.chain.seed, None)
        else:
            layout.put_package(self.target.root, step.name, stored.path)
            self._finish(step, "stored", stored.digest, None)

    def _run_guest(self, steps: Sequence[Step], interactive: bool) -> None:
        """Build some steps that follow each other."""
        root, chain = self.target.root, self.plan.chain
        wanted = dict.fromkeys(name for step in steps for name in step.sources)
        layout.put_sources(root, {name: self.distfiles[name] for name in wanted}, chain.sources)
        text = script.make(steps, toolbox=chain.toolbox, sources=bool(wanted), interactive=interactive)
        layout.put_script(root, text, steps)
        by_name = {step.name: step for step in steps}
        errors: list[UserError] = []

        def on_done(name: str, value: str, seconds: float) -> None:
            if not errors:
                try:
                    self._keep(by_name[name], value, seconds)
                except UserError as error:
                    errors.append(error)

        watch = Watch(list(by_name), self.log, self.monitor, on_done)

        def on_line(line: str) -> bool:
            over = watch.line(line) or bool(errors)
            if over and interactive:
                self.monitor.close()  # the terminal is the prompt's now
            return over

        try:
            outcome = self.vessel.run(root, on_line, interactive)
        finally:
            if watch.current:
                self._results[watch.current].result = "failed"
        if errors:
            raise errors[0]
        self._check(watch, outcome)
        if not text.sysa:  # the seed alone ran: nothing could be packed
            for step in steps:
                self._finish(step, "built", None, watch.seconds[step.name])

    def _check(self, watch: Watch, outcome: Outcome) -> None:
        """Raise if the guest did not do all that it was to do."""
        step = watch.current or next(iter(watch.undone()), None)
        if watch.failure is None and watch.has_ended and outcome.ended:
            packed = [name for name in watch.undone() if name in self._packed_by_now()]
            if not packed:
                return
            step, why = packed[0], "the script ended without its package"
        else:
            why = watch.failure or outcome.reason or "it ended for no known reason"
        if step:
            self._results[step].result = "failed"
        tail = [f"  | {_clipped(line)}" for line in watch.tail]
        raise UserError(
            "\n".join([f"step {step} failed: {why}" if step else f"the guest failed: {why}", *tail]),
            f"all output is in {self.target.log}; the tree is left in {self.target.root}",
        )

    def _packed_by_now(self) -> set[str]:
        """Steps whose packages must exist once the guest has ended: none before there are tools."""
        names = [step.name for step in self.plan.steps]
        return set(names) if self.plan.chain.toolbox in names else set()

    def _keep(self, step: Step, said: str, seconds: float) -> None:
        """A step's package has come: verify it, compare it with the pinned one, store it."""
        tar = self.target.root / "packages" / f"{step.name}.tar"
        if self.vessel.keeps_packages:
            actual = digest.of_file(tar) if tar.exists() else "no file"
            if actual != said:
                raise UserError(
                    f"step {step.name}: the guest said that its package is {said}, but {tar} is {actual}"
                )
        self._check_pin(step, said, tar)
        identity = self.plan.chain.identity(step, self._digests)
        if self.store and self.vessel.keeps_packages:
            self.store.put(step.name, identity, tar)
        self._finish(step, "built", said, seconds)

    def _check_pin(self, step: Step, actual: str, tar: Path) -> None:
        pin = self.plan.chain.pin(step)
        if pin in (None, actual):
            return
        self._results[step.name].result = "failed"
        self._results[step.name].digest = actual
        lines = [
            f"step {step.name}: its package is not the pinned one",
            f"  pinned {pin}",
            f"  built  {actual}",
        ]
        lines += self._compare(step, tar)
        raise UserError(
            "\n".join(lines),
            "if the recipe was changed on purpose: ./rootfs.py --chroot --update-checksums",
        )

    def _compare(self, step: Step, tar: Path) -> list[str]:
        """What differs from the package in the store that should have come, or else from the newest one."""
        if not self.store or not tar.exists():
            return []
        others = self.store.others(step.name)
        right = [path for path in others if digest.of_file(path) == self.plan.chain.pin(step)]
        for other in right or others[:1]:
            difference = package.first_difference(other, tar)
            which = "the pinned package" if right else "another package of this step"
            return [
                f"  first difference from {which}, {other}:",
                f"    {difference or 'only in the archive itself'}",
            ]
        return []

    def _finish(self, step: Step, how: str, value: str | None, seconds: float | None) -> None:
        result = self._results[step.name]
        if step.runner != "none" and (value is not None or how == "stored"):
            result.identity = self.plan.chain.identity(step, self._digests)
        if value is not None:
            self._digests[step.name] = value
        result.result, result.digest = how, value
        result.seconds = None if seconds is None else round(seconds, 3)
        words = {"given": "given", "stored": "from the store"}
        self.monitor.finish(step.name, words.get(how) or f"{seconds or 0:.2f} s")


def _clipped(line: str) -> str:
    """A line for a terminal; the log has it whole."""
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"
