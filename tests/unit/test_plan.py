# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import pytest

from lib import plan, sources
from lib.errors import UserError
from lib.monitor import Silent
from lib.plan import Chain
from lib.store import Store
from tests.unit.conftest import make_tar

STEPS = ["cc", "tools", "one", "two-1.0"]


@pytest.fixture
def chain(checkout: Path) -> Chain:
    return plan.load(checkout, sources.load(checkout).digests)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "packages", Silent())


def fill(chain: Chain, store: Store, tmp_path: Path) -> dict[str, str]:
    """Put a package of every step into the store; their digests by file name."""
    digests = {"seed": chain.seed}
    for step in chain.system.steps[1:]:
        make_tar(tmp_path / "p.tar", {f"bin/{step.name}": step.name.encode()})
        digests[step.name] = store.put(step.name, chain.identity(step, digests), tmp_path / "p.tar").digest
    return {f"{name}.tar": value for name, value in digests.items() if name != "seed"}


def stretches(made: plan.Plan) -> list[tuple[bool, list[str]]]:
    found: list[tuple[bool, list[str]]] = []
    position = 0
    while position < len(made.steps):
        build = made.stretch(position)
        steps = build or tuple(itertools.takewhile(made.is_there, made.steps[position:]))
        found.append((bool(build), [step.name for step in steps]))
        position += len(steps)
    return found


def test_without_a_store_all_is_built(chain: Chain, store: Store) -> None:
    everything = [(False, ["seed"]), (True, ["cc", "tools", "one", "two-1.0"])]
    assert stretches(plan.make(chain, None, None)) == everything
    assert stretches(plan.make(chain, None, store)) == everything
    assert plan.make(chain, None, store).sources() == ["two.tar"]


def test_with_a_full_store_nothing_is_built(chain: Chain, store: Store, tmp_path: Path) -> None:
    fill(chain, store, tmp_path)
    made = plan.make(chain, None, store)
    assert stretches(made) == [(False, ["seed", "cc", "tools", "one", "two-1.0"])]
    assert made.sources() == []


def change(folder: Path) -> None:
    (folder / "build.kaem").write_text("# a changed comment\n")


def test_after_a_changed_step_nothing_is_known_without_pins(
    chain: Chain, store: Store, tmp_path: Path
) -> None:
    fill(chain, store, tmp_path)
    change(chain.system.folder / "steps/one")
    assert stretches(plan.make(chain, None, store))[-1] == (True, ["one", "two-1.0"])


def test_with_pins_only_the_changed_step_is_built(chain: Chain, store: Store, tmp_path: Path) -> None:
    pinned = dataclasses.replace(chain, pins=fill(chain, store, tmp_path))
    change(chain.system.folder / "steps/one")
    assert stretches(plan.make(pinned, None, store)) == [
        (False, ["seed", "cc", "tools"]),
        (True, ["one"]),
        (False, ["two-1.0"]),
    ]


def test_the_steps_of_the_seed_come_together_or_not_at_all(
    chain: Chain, store: Store, tmp_path: Path
) -> None:
    pinned = dataclasses.replace(chain, pins=fill(chain, store, tmp_path))
    change(chain.system.folder / "stage0/02-tools")
    assert stretches(plan.make(pinned, None, store)) == [
        (False, ["seed"]),
        (True, ["cc", "tools"]),
        (False, ["one", "two-1.0"]),
    ]


def test_a_stored_package_that_is_not_the_pinned_one_is_built_again(
    chain: Chain, store: Store, tmp_path: Path
) -> None:
    pins = fill(chain, store, tmp_path) | {"two-1.0.tar": "0" * 64}
    made = plan.make(dataclasses.replace(chain, pins=pins), None, store)
    assert stretches(made)[-1] == (True, ["two-1.0"])


def test_from_a_step_on_all_is_built_anew(chain: Chain, store: Store, tmp_path: Path) -> None:
    fill(chain, store, tmp_path)
    assert stretches(plan.make(chain, None, store, start="one")) == [
        (False, ["seed", "cc", "tools"]),
        (True, ["one", "two-1.0"]),
    ]
    for start in ("tools", "seed"):
        assert stretches(plan.make(chain, None, store, start=start))[1] == (True, STEPS)


def test_from_a_step_needs_all_before_it(chain: Chain, store: Store, tmp_path: Path) -> None:
    fill(chain, store, tmp_path)
    change(chain.system.folder / "steps/one")
    with pytest.raises(
        UserError, match=r"cannot start from two-1\.0: the package of one is not in the store"
    ):
        plan.make(chain, None, store, start="two-1.0")
    change(chain.system.folder / "stage0/01-cc")
    with pytest.raises(UserError, match="the package of cc is not in the store"):
        plan.make(chain, None, store, start="one")


def test_a_step_is_built_anew(chain: Chain, store: Store, tmp_path: Path) -> None:
    pinned = dataclasses.replace(chain, pins=fill(chain, store, tmp_path))
    made = plan.make(pinned, None, store, rebuild=["one"])
    assert stretches(made) == [(False, ["seed", "cc", "tools"]), (True, ["one"]), (False, ["two-1.0"])]
    assert made.sources() == ["two.tar"]  # it may be needed, if another package comes out
    made = plan.make(pinned, None, store, rebuild=["cc"])
    assert stretches(made)[1] == (True, ["cc", "tools"])


@pytest.mark.parametrize(("start", "rebuild"), [("none", []), (None, ["none"])])
def test_what_is_no_step_is_refused(
    chain: Chain, store: Store, start: str | None, rebuild: list[str]
) -> None:
    with pytest.raises(UserError, match="there is no step 'none'"):
        plan.make(chain, None, store, start, rebuild)
    with pytest.raises(UserError, match=r"the step two-1\.0 comes after one"):
        plan.make(chain, "one", store, start and "two-1.0", ["two-1.0"] if rebuild else [])


def test_until_ends_the_plan(chain: Chain) -> None:
    assert stretches(plan.make(chain, "cc", None)) == [(False, ["seed"]), (True, ["cc"])]
    assert plan.make(chain, "one", None).sources() == []


def test_the_toolbox_is_the_last_step_of_the_seed(chain: Chain) -> None:
    assert chain.toolbox == "tools"
