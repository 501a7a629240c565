# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run has to do: which steps are in the store already, and which are to be built."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lib import digest, manifest, seed
from lib.errors import UserError
from lib.manifest import Manifest, Step
from lib.store import Package, Store

FIRST = "sysa"
LATER = ("sysc",)
"""The systems. What lies between these two, sysb, is a step of the first (sysa/steps/sysb)."""


@dataclass(frozen=True)
class Chain:
    """The systems, one growing out of the other, with the digests that are pinned for them."""

    system: Manifest
    """The first: sysa."""
    sources: Mapping[str, str]
    """Digests of the sources by name."""
    pins: Mapping[str, str]
    """Digests that the packages must have, by file name: NAME.tar."""
    seed: str
    """Digest of the seed's bytes, which stands for the package of a step that nobody runs."""
    later: tuple[Manifest, ...] = ()
    """What grows out of it: sysc."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """Those of all systems."""
        return tuple(step for system in (self.system, *self.later) for step in system.steps)

    def until(self, name: str | None) -> tuple[Step, ...]:
        """The steps up to and with one of them; all of them for None."""
        return manifest.until(self.steps, name)

    def system_of(self, step: Step) -> Manifest:
        """The system that a step belongs to."""
        return next(system for system in (self.system, *self.later) if system.name == step.system)

    @property
    def toolbox(self) -> str:
        """The last step of the seed: with it there are kaem and pack."""
        return next((step.name for step in reversed(self.system.steps) if step.runner == "seed"), "")

    def pin(self, step: Step) -> str | None:
        """The digest that a step's package must have."""
        return self.pins.get(f"{step.name}.tar")

    def identity(self, step: Step, packages: Mapping[str, str]) -> str:
        """Identity of a step that comes after packages of these digests.

        It sees those of its own system, and what that took from the one before.
        """
        system = self.system_of(step)
        names = [other.name for other in system.steps]
        before = [name for name in names[: names.index(step.name)] if name in packages]
        visible = {name: packages[name] for name in (*system.takes, *before)}
        return manifest.identity(step, system.folder, self.sources, visible)


def load(base: Path, sources: Mapping[str, str]) -> Chain:
    """Read the systems of the checkout at `base`. UserError if one takes what the first has not."""
    first = manifest.load(base / FIRST, sources)
    later = tuple(
        manifest.load(base / name, sources) for name in LATER if (base / name / "manifest.yaml").is_file()
    )
    there = [step.name for step in first.steps]
    for system in later:
        for name in (*system.takes, *system.leaves_with):
            if name not in there:
                raise UserError(
                    f"{system.name}/manifest.yaml takes '{name}', which is no step of {FIRST}",
                    "the steps are: " + ", ".join(there),
                )
        for step in system.steps:
            if step.name in there:
                raise UserError(
                    f"{system.name}/{step.place}: there is a step '{step.name}' in {FIRST} already"
                )
    return Chain(
        first,
        sources,
        digest.read_list(base / "SHA256SUMS.packages"),
        digest.of_bytes(seed.read(base / FIRST)),
        later,
    )


@dataclass(frozen=True)
class Plan:
    """The steps of a run, and the packages of those that need no building, as far as that can be foreseen."""

    chain: Chain
    steps: tuple[Step, ...]
    stored: Mapping[str, Package]
    fresh: frozenset[str] = frozenset()
    """Steps to be built even if their packages are in the store."""
    identities: Mapping[str, str] = field(default_factory=dict)
    """Of the steps of which it is known already, in all that it takes."""

    def sources(self) -> list[str]:
        """The sources of the steps that may be built."""
        first = next(
            (index for index, step in enumerate(self.steps) if step.name in self.fresh), len(self.steps)
        )
        building = (
            step for index, step in enumerate(self.steps) if index >= first or not self.is_there(step)
        )
        return list(dict.fromkeys(name for step in building for name in step.sources))

    def is_there(self, step: Step) -> bool:
        """Whether a step needs no building: it is the seed, or in the store."""
        return step.runner == "none" or step.name in self.stored

    def stretch(self, position: int) -> tuple[Step, ...]:
        """The steps from one on that are to be built by one guest.

        That is those up to the next that is there, or the end of the system.
        """
        system = self.steps[position].system
        return tuple(
            itertools.takewhile(
                lambda step: step.system == system and not self.is_there(step), self.steps[position:]
            )
        )


def make(
    chain: Chain,
    until: str | None,
    store: Store | None,
    start: str | None = None,
    rebuild: Sequence[str] = (),
) -> Plan:
    """Look up each step in the store.

    start    build this step and all after it anew; what comes before must be in the store
    rebuild  build these steps anew

    The identity of a step needs the digests of all packages before it. For one that is still to be built
    that is the pinned digest (the run fails if another comes out); without a pin nothing after it is known
    until it is built.
    """
    steps = chain.until(until)
    fresh = _fresh(chain, steps, start, rebuild)
    stored: dict[str, Package] = {}
    identities: dict[str, str] = {}
    digests: dict[str, str] = {}
    for step in steps if store else ():
        if step.runner == "none":
            digests[step.name] = chain.seed
            continue
        identities[step.name] = chain.identity(step, digests)
        found = store.get(step.name, identities[step.name]) if store else None
        if found and chain.pin(step) in (None, found.digest) and step.name not in fresh:
            stored[step.name] = found
        known = found.digest if step.name in stored and found else chain.pin(step)
        if known is None:
            break
        digests[step.name] = known
    # Only the last of the seed's steps makes packages of all of them: they come together or not at all.
    by_seed = [step.name for step in steps if step.runner == "seed"]
    if not all(name in stored for name in by_seed):
        for name in by_seed:
            stored.pop(name, None)
    plan = Plan(chain, steps, stored, fresh, identities)
    if start is not None:
        _check_start(plan, start)
    return plan


def _fresh(chain: Chain, steps: Sequence[Step], start: str | None, rebuild: Sequence[str]) -> frozenset[str]:
    """The steps to be built anew. If the seed runs one of them it runs all of its steps."""
    names = [step.name for step in steps]
    for name in (*rebuild, *([start] if start else ())):
        chain.until(name)  # refuses what is no step at all
        if name not in names:
            raise UserError(f"the step {name} comes after {names[-1]}", "choose a later --until")
    fresh = {*rebuild, *(names[names.index(start) :] if start else ())}
    by_seed = {step.name for step in steps if step.runner == "seed"}
    fresh |= by_seed if fresh & by_seed else set()
    return frozenset(fresh) - {step.name for step in steps if step.runner == "none"}


def _check_start(plan: Plan, start: str) -> None:
    for step in plan.steps:
        if step.name == start or step.name in plan.fresh:
            return
        if not plan.is_there(step):
            raise UserError(
                f"cannot start from {start}: the package of {step.name} is not in the store",
                f"leave out --from, or build it first: --until {step.name}",
            )
