# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run has to do: which steps are in the store already, and which are to be built."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lib import digest, manifest, seed
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
    """The steps of a run, and the packages of those that need no building."""

    chain: Chain
    steps: tuple[Step, ...]
    stored: Mapping[str, Package]

    def sources(self) -> list[str]:
        """The sources of the steps that are to be built."""
        building = (step for step in self.steps if not self.is_there(step))
        return list(dict.fromkeys(name for step in building for name in step.sources))

    def is_there(self, step: Step) -> bool:
        """Whether a step needs no building: it is the seed, or in the store."""
        return step.runner == "none" or step.name in self.stored

    def stretches(self) -> Iterator[tuple[bool, tuple[Step, ...]]]:
        """The steps in order, those to build and those that are there apart: (build, steps)."""
        for there, steps in itertools.groupby(self.steps, self.is_there):
            yield not there, tuple(steps)


def make(chain: Chain, until: str | None, store: Store | None) -> Plan:
    """Look up each step in the store.

    The identity of a step needs the digests of all packages before it. For one that is still to be built
    that is the pinned digest (the run fails if another comes out); without a pin nothing after it is known.
    """
    steps = chain.system.until(until)
    stored: dict[str, Package] = {}
    digests: dict[str, str] = {}
    for step in steps if store else ():
        if step.runner == "none":
            digests[step.name] = chain.seed
            continue
        found = store.get(step.name, chain.identity(step, digests)) if store else None
        if found and chain.pin(step) in (None, found.digest):
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
    return Plan(chain, steps, stored)
