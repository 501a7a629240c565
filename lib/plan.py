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


@dataclass(frozen=True)
class Chain:
    """A system with the digests that are pinned for it."""

    system: Manifest
    sources: Mapping[str, str]
    """Digests of the sources by name."""
    pins: Mapping[str, str]
    """Digests that the packages must have, by file name: NAME.tar."""
    seed: str
    """Digest of the seed's bytes, which stands for the package of a step that nobody runs."""

    @property
    def toolbox(self) -> str:
        """The last step of the seed: with it there are kaem and pack."""
        return next((step.name for step in reversed(self.system.steps) if step.runner == "seed"), "")

    def pin(self, step: Step) -> str | None:
        """The digest that a step's package must have."""
        return self.pins.get(f"{step.name}.tar")

    def identity(self, step: Step, packages: Mapping[str, str]) -> str:
        """Identity of a step that sees packages of these digests."""
        return manifest.identity(step, self.system.folder, self.sources, packages)


def load(base: Path, system: str, sources: Mapping[str, str]) -> Chain:
    """Read a system of the checkout at `base`."""
    return Chain(
        manifest.load(base / system, sources),
        sources,
        digest.read_list(base / "SHA256SUMS.packages"),
        digest.of_bytes(seed.read(base / system)),
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
        """The steps from one on that are to be built by one guest: those up to the next that is there."""
        return tuple(itertools.takewhile(lambda step: not self.is_there(step), self.steps[position:]))


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
    steps = chain.system.until(until)
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
        chain.system.until(name)  # refuses what is no step at all
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
