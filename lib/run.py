# SPDX-License-Identifier: GPL-3.0-or-later
"""A run: builds what the plan says in a vessel, keeps the packages, and writes the report."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from lib import console, differ, digest, journey, layout, package, plan, script
from lib.errors import UserError
from lib.manifest import Manifest, Step
from lib.monitor import Monitor
from lib.outside import Outside
from lib.plan import Plan
from lib.report import COSTS, Report, StepResult
from lib.store import Package, Store
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
    disk_size: int = 16 << 30
    """Bytes of the disk that a machine gets."""
    _digests: dict[str, str] = field(default_factory=dict)
    """Of the packages that are in the root, in their order."""
    _results: dict[str, StepResult] = field(default_factory=dict)
    _outside: Outside | None = None
    _prompted: bool = False
    _root: Path = field(init=False)
    """Of the system that is being built."""
    _install: bool = True
    """Whether that root is for use, and not only for its packages."""
    _resting: bool = False
    """Whether that root is finished already."""

    def __call__(self) -> Report:
        """Do it; the report is written however it ends."""
        chain = self.plan.chain
        self._results = {
            step.name: StepResult(step.name, "waiting", pinned=chain.pin(step), system=step.system)
            for step in self.plan.steps
        }
        report = Report(self.vessel.name, chain.seed, steps=list(self._results.values()))
        began = time.monotonic()
        self.monitor.plan(len(self.plan.steps), "step")
        try:
            self._build()
            report.result = "complete"
            report.from_seed = all(step.result in ("given", "built") for step in report.steps)
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
        steps = self.plan.steps
        position = 0
        system = ""
        while position < len(steps):
            if steps[position].system != system:
                system = steps[position].system
                if self.vessel.changes_kernel and system != plan.FIRST:
                    self._go_on(())
                    break
                self._enter(self.plan.chain.system_of(steps[position]))
            if self._take(steps[position]):
                position += 1
            else:
                stretch = self.plan.stretch(position) or steps[position : position + 1]
                position += len(stretch)
                if self.vessel.changes_kernel and position < len(steps) and steps[position].system != system:
                    self._go_on(stretch)
                    break
                position += self._run_guest(stretch) - len(stretch)
            if position == len(steps) or steps[position].system != system:
                self._leave(system)
        if self.interactive and not self._prompted:
            self._run_guest((), interactive=True)

    def _go_on(self, steps: Sequence[Step]) -> None:
        """In a machine: build the last steps of sysa, then leave by kexec and build the rest on disk."""
        chain = self.plan.chain
        later = tuple(step for step in self.plan.steps if step.system != plan.FIRST)
        system = chain.system_of(later[0])
        disk = journey.Disk(self.target, chain, later, self.disk_size)
        fresh = not disk.is_ours() or bool(self.plan.fresh & {step.name for step in later})
        there = {} if fresh else self._on_disk(disk)
        if fresh:
            self.monitor.note(f"Disk: {disk.image}")
            disk.make(self.plan.stored, self.distfiles)
        for step in later:
            if self.plan.is_there(step):
                stored = self.plan.stored[step.name]
                self._record(step, "stored", stored.digest, stored.cost)
            elif step.name in there:
                self._check_pin(step, there[step.name])
                self._record(step, "stored", there[step.name], {})
        building = [step for step in later if self._results[step.name].digest is None]
        if building or self.interactive or not disk.is_complete():
            self._travel(steps, system, building, disk)
        for step in later:
            self._results[step.name].identity = chain.identity(step, self._digests)

    def _travel(
        self, steps: Sequence[Step], system: Manifest, building: Sequence[Step], disk: journey.Disk
    ) -> None:
        """The machine's run from sysa to the end of sysc."""
        self.vessel.attach(disk.image)
        try:
            with contextlib.ExitStack() as stack:
                if not steps:
                    self._root = stack.enter_context(journey.leaving(self.target, self.plan.chain, system))
                journey.put_change(
                    self._root, system.takes, interactive=self.interactive, building=bool(building)
                )
                self._run_guest(steps, self.interactive, building)
        except BaseException:
            with contextlib.suppress(UserError):  # what went wrong first is what the user must hear
                self._on_disk(disk, building)
            raise
        finally:
            self.vessel.attach(None)
        self._on_disk(disk, building)
        disk.set_complete()

    def _on_disk(self, disk: journey.Disk, built: Sequence[Step] | None = None) -> dict[str, str]:
        """The digests of what is finished on the disk. What is known to have been built there is kept."""
        with tempfile.TemporaryDirectory(dir=self.target.path, prefix=".from-disk-") as folder:
            finished = disk.finished(Path(folder))
            for step in built or ():
                digest_there, tar = finished.get(step.name, (None, None))
                if tar and digest_there == self._digests.get(step.name):
                    result = self._results[step.name]
                    result.size = tar.stat().st_size
                    cost = {"size": result.size, **({"seconds": result.seconds} if result.seconds else {})}
                    if self.store:
                        self.store.put(step.name, self.plan.chain.identity(step, self._digests), tar, cost)
            return {name: value for name, (value, _) in finished.items()}

    def _enter(self, system: Manifest) -> None:
        """Make the root of a system, with what it takes from the one before; or find it finished."""
        self._root = self.target.root_of(system.name)
        steps = [step for step in self.plan.steps if step.system == system.name]
        done = all(self.plan.is_there(step) for step in steps)
        self._install = not done or system.name == self.plan.steps[-1].system
        complete = self.target.complete(system.name)
        self._resting = False
        if done and self._install:
            digests = self._digests | {name: each.digest for name, each in self.plan.stored.items()}
            with contextlib.suppress(OSError):
                self._resting = complete.read_text() == self._contents(system, digests)
        if self._resting:
            return
        complete.unlink(missing_ok=True)
        layout.make_root(self._root, system.folder)
        for name in system.takes:
            tar = self.target.root / "packages" / f"{name}.tar"
            if digest.of_file(tar) != self._digests[name]:
                raise UserError(f"{tar}: not the package that was built", "run the same command again")
            layout.put_package(self._root, name, tar, self._install)

    def _leave(self, system: str) -> None:
        """The root of a system is finished."""
        complete = self.target.complete(system)
        if self._install and not self._resting:
            step = next(step for step in self.plan.steps if step.system == system)
            text = self._contents(self.plan.chain.system_of(step), self._digests)
            complete.write_text(text, encoding="utf-8")

    def _contents(self, system: Manifest, digests: Mapping[str, str]) -> str:
        """The packages of a system's root, in order."""
        steps = [
            step.name for step in self.plan.steps if step.system == system.name and step.runner != "none"
        ]
        names = [*system.takes, *steps]
        return digest.format_list({f"{name}.tar": digests[name] for name in names if name in digests})

    def _take(self, step: Step) -> bool:
        """Lay out a step that needs no building; False if it does."""
        if step.runner == "none":
            self._finish(step, "given", self.plan.chain.seed, {})
            return True
        stored = self._stored(step)
        if stored is None:
            return False
        if not self._resting:
            layout.put_package(self._root, step.name, stored.path, self._install)
        self._finish(step, "stored", stored.digest, stored.cost)
        return True

    def _stored(self, step: Step) -> Package | None:
        """The package of a step in the store, if that is one to use.

        It may be there although the plan did not foresee it: a step before it was built, and its package has
        come out as it was.
        """
        if self.store is None or step.name in self.plan.fresh:
            return None
        identity = self.plan.chain.identity(step, self._digests)
        planned = self.plan.stored.get(step.name)
        if planned and planned.identity == identity:
            return planned
        # What the seed builds is packed together: it is there as a whole, which the plan has seen, or not.
        found = self.store.get(step.name, identity) if step.runner != "seed" else None
        return found if found and self.plan.chain.pin(step) in (None, found.digest) else None

    def _run_guest(
        self,
        steps: Sequence[Step],
        interactive: bool = False,
        beyond: Sequence[Step] | None = None,
    ) -> int:
        """Build some steps that follow each other; returns how many of them. No steps: only give a prompt.

        beyond   leave sysa after them by kexec, and build these on the disk
        """
        root, chain = self._root, self.plan.chain
        wanted = dict.fromkeys(name for step in steps for name in step.sources)
        layout.put_sources(root, {name: self.distfiles[name] for name in wanted}, chain.sources)
        system = plan.FIRST if beyond is not None else (steps[0] if steps else self.plan.steps[-1]).system
        self.target.complete(system).unlink(missing_ok=True)
        last = bool(steps) and steps[-1] is self.plan.steps[-1]
        interactive = interactive or (self.interactive and last and self.vessel.prompts_in_guest)
        self._prompted = interactive
        text = script.make(
            steps,
            toolbox=chain.toolbox,
            sources=bool(wanted),
            interactive=interactive,
            system=system,
            leave=beyond is not None,
        )
        layout.put_script(root, text, steps)
        by_name = {step.name: step for step in (*steps, *(beyond or ()))}
        errors: list[UserError] = []
        found: list[str] = []

        def on_done(name: str, value: str) -> None:
            if not errors:
                try:
                    cost = watch.costs.get(name, {})
                    if by_name[name].system == system:
                        self._keep(by_name[name], value, cost)
                    else:
                        self._check_pin(by_name[name], value)
                        self._record(by_name[name], "built", value, cost)
                except UserError as error:
                    errors.append(error)

        self._outside = Outside(root)
        watch = Watch(list(by_name), self.log, self.monitor, on_done, self.vessel.usage)

        def on_line(line: str) -> bool:
            event = console.parse(line)
            if (
                isinstance(event, console.Started)
                and beyond is None
                and self._need_not_build(by_name.get(event.step), watch)
            ):
                found.append(event.step)
                return True
            over = watch.line(line) or bool(errors)
            if over and interactive:
                self.monitor.close()  # the terminal is the prompt's now
            return over

        try:
            outcome = self.vessel.run(root, on_line, interactive)
        finally:
            if watch.current in self._results:
                self._results[watch.current].result = "failed"
        if errors:
            raise errors[0]
        if found:  # the guest was stopped before this step
            layout.sweep(root, list(by_name))
            return list(by_name).index(found[0])
        self._check(watch, outcome)
        if not text.kaem:  # the seed alone ran: nothing could be packed
            for step in steps:
                self._finish(step, "built", None, watch.costs[step.name])
        return len(steps)

    def _need_not_build(self, step: Step | None, watch: Watch) -> bool:
        """Whether a step that begins is found to be in the store, now that all before it are built."""
        return (
            step is not None
            and step.runner != "seed"
            and watch.undone()[:1] == [step.name]
            and self.vessel.keeps_packages
            and self._stored(step) is not None
        )

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
        if step in self._results:
            self._results[step].result = "failed"
        command = watch.last_command()
        tail = [f"  the command: {_clipped(command)}"] if command else []
        tail += [f"  | {_clipped(line)}" for line in watch.tail]
        if "kernel panicked" in why:
            tail += [f"  | {_clipped(line)}" for line in watch.kernel]
        who = watch.current or watch.system or step or "the guest"
        if who in self._results:
            who = f"step {who}"
        left = f"the disk is {self.target.disk}" if watch.system else f"the tree is left in {self._root}"
        raise UserError(
            "\n".join([f"{who} failed: {why}", *tail]), f"all output is in {self.target.log}; {left}"
        )

    def _packed_by_now(self) -> set[str]:
        """Steps whose packages must exist once the guest has ended: none before there are tools."""
        names = [step.name for step in self.plan.steps]
        return set(names) if self.plan.chain.toolbox in names else set()

    def _keep(self, step: Step, said: str, cost: Mapping[str, float]) -> None:
        """A step's package has come: verify it, compare it with the pinned one, store it."""
        tar = self._root / "packages" / f"{step.name}.tar"
        if self.vessel.keeps_packages:
            actual = digest.of_file(tar) if tar.exists() else "no file"
            if actual != said:
                raise UserError(
                    f"step {step.name}: the guest said that its package is {said}, but {tar} is {actual}"
                )
            self._check_surroundings(step, tar)
            cost = {**cost, "size": tar.stat().st_size}
        self._check_pin(step, said, tar)
        identity = self.plan.chain.identity(step, self._digests)
        if self.store and self.vessel.keeps_packages:
            self._compare_with_stored(step, identity, said, tar)
            self.store.put(step.name, identity, tar, cost)
        self._finish(step, "built", said, cost)

    def _check_surroundings(self, step: Step, tar: Path) -> None:
        """Refuse a step that did more than make its package."""
        assert self._outside
        changed = self._outside.changed_by(tar, package.names(tar))
        why = ""
        if changed:
            more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
            why = f"it wrote outside of /destdir/{step.name}: {', '.join(changed[:3])}{more}"
        elif left := self.vessel.strays():
            why = f"it left a program running: {', '.join(left)}"
        if why:
            self._results[step.name].result = "failed"
            raise UserError(
                f"step {step.name} failed: {why}",
                f"all output is in {self.target.log}; the tree is left in {self._root}",
            )

    def _compare_with_stored(self, step: Step, identity: str, actual: str, tar: Path) -> None:
        """Say it if a step that was built anew did not become what it was, though nothing has changed."""
        assert self.store
        before = self.store.get(step.name, identity)
        if before and before.digest != actual:
            lines = [
                f"step {step.name}: not the package that the same recipe made before",
                f"  before {before.digest}",
                f"  now    {actual}",
                *differ.keep(self.target.differs, step.name, before.path, tar),
            ]
            self.monitor.note("\n".join(lines))

    def _check_pin(self, step: Step, actual: str, tar: Path | None = None) -> None:
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
        lines += self._compare(step, tar) if tar else []
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
            which = "the pinned one" if right else "another package of this step (the pinned one is not here)"
            return [f"  compared with {which}:", *differ.keep(self.target.differs, step.name, other, tar)]
        return []

    def _finish(self, step: Step, how: str, value: str | None, cost: Mapping[str, float]) -> None:
        if step.runner != "none" and (value is not None or how == "stored"):
            self._results[step.name].identity = self.plan.chain.identity(step, self._digests)
        self._record(step, how, value, cost)

    def _record(self, step: Step, how: str, value: str | None, cost: Mapping[str, float]) -> None:
        result = self._results[step.name]
        if value is not None:
            self._digests[step.name] = value
        result.result, result.digest = how, value
        for what in COSTS:
            setattr(result, what, cost.get(what))
        words = {"given": "given", "stored": "from the store"}
        self.monitor.finish(step.name, words.get(how) or f"{cost.get('seconds', 0):.2f} s")


def _clipped(line: str) -> str:
    """A line for a terminal; the log has it whole."""
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"
