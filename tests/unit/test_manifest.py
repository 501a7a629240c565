# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from lib import manifest
from lib.errors import UserError
from tests.unit.conftest import STEP, add_step

SOURCES = {"two.tar": "0" * 64}


def load(base: Path) -> manifest.Manifest:
    return manifest.load(base / "sysa", SOURCES)


def test_steps_come_in_order_with_all_their_fields(checkout: Path) -> None:
    loaded = load(checkout)
    assert [step.name for step in loaded.steps] == ["seed", "cc", "tools", "one", "two-1.0"]
    assert loaded.sources() == ["two.tar"]
    two = loaded.steps[-1]
    assert (two.runner, two.sources, two.needs, two.place) == (
        "kaem",
        ("two.tar",),
        ("one",),
        "steps/two-1.0",
    )
    assert [step.name for step in loaded.until("cc")] == ["seed", "cc"]
    assert loaded.until(None) == loaded.steps


def test_the_repository_itself_is_valid() -> None:
    base = Path(__file__).resolve().parents[2]
    from lib import sources

    assert manifest.load(base / "sysa", sources.load(base).digests).steps


def test_an_unknown_step_is_answered_with_those_there_are(checkout: Path) -> None:
    with pytest.raises(UserError, match="no step 'three'") as caught:
        load(checkout).until("three")
    assert "two-1.0" in caught.value.hint


GOOD = STEP.format(name="two-1.0", runner="kaem")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD.replace("why: because\n", ""), r":1: missing field 'why'"),
        (GOOD.replace("because", "[a]"), r":3: field 'why' must be a text, not a list"),
        (GOOD.replace("two-1.0", "2.0"), r":1: field 'name' must be a text, not a number"),
        (GOOD.replace("two-1.0", "../x"), r":1: '../x' cannot be a step's name"),
        (GOOD.replace("kaem", "bash"), r":4: field 'runner' is 'bash', must be one of: none, seed, kaem, sh"),
        (GOOD.replace("kaem", "sh"), r":4: step 'two-1.0' has no build.sh"),
        (GOOD.replace("because", "''"), r":3: field 'why' is empty"),
        (GOOD + "what: again\n", r":5: duplicate field 'what' \(first on line 2\)"),
        (GOOD + "source: [a]\n", r":5: unknown field 'source'"),
        (GOOD + "sources: two.tar\n", r":5: field 'sources' must be a list, not a text"),
        (GOOD + "sources: [two.tar, 3]\n", r":5: field 'sources' must hold texts only, not a number"),
        (GOOD + "sources:\n- two.tar\n- two.tar\n", r":7: duplicate 'two.tar' in field 'sources'"),
        (GOOD + "sources: [three.tar]\n", r":5: source 'three.tar' is not in SHA256SUMS.sources"),
        (GOOD + "needs:\n- three\n", r":6: step 'two-1.0' needs 'three', which is no step"),
        (GOOD + "needs: [two-1.0]\n", r":5: a cycle of needs: two-1.0 -> two-1.0"),
        (GOOD.replace("two-1.0", "one"), r":1: duplicate step name 'one'"),
        ("- a\n", r":1: expected fields of the form NAME: VALUE, found a list"),
        ("", r":1: the file is empty"),
        ("name: [\n", r":2: not YAML"),
        ("name: \x00\n", r":1: not YAML"),
        ("3: 4\n", r":1: a field's name must be a text, not a number"),
    ],
)
def test_mistakes_in_a_step_name_file_and_line(checkout: Path, text: str, expected: str) -> None:
    (checkout / "sysa/steps/two-1.0/step.yaml").write_text(text)
    with pytest.raises(UserError, match=rf"^sysa/steps/two-1\.0/step\.yaml{expected}"):
        load(checkout)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: sysa\n", r":1: missing field 'steps'"),
        ("name: sysa\nsteps: []\n", r":2: field 'steps' is empty"),
        ("name: sysa\nsteps:\n- seed\n- seed\n", r":4: duplicate 'seed' in field 'steps'"),
        ("name: sysa\nsteps:\n- seed\n- nothing\n", r":4: there is no step 'nothing'"),
        ("name: sysa\nsteps: {}\n", r":2: field 'steps' must be a list, not a table"),
    ],
)
def test_mistakes_in_the_manifest_name_file_and_line(checkout: Path, text: str, expected: str) -> None:
    (checkout / "sysa/manifest.yaml").write_text(text)
    with pytest.raises(UserError, match=rf"^sysa/manifest\.yaml{expected}"):
        load(checkout)


def test_a_cycle_is_spelt_out(checkout: Path) -> None:
    add_step(checkout, "steps/one", "one", "kaem", "needs: [two-1.0]\n")
    with pytest.raises(UserError, match=r"one/step\.yaml:5: a cycle of needs: one -> two-1\.0 -> one"):
        load(checkout)


def test_a_need_that_comes_later_is_refused(checkout: Path) -> None:
    add_step(checkout, "stage0/01-cc", "cc", "seed", "needs: [one]\n")
    with pytest.raises(UserError, match=r"01-cc/step\.yaml:5: step 'cc' needs 'one', which comes later"):
        load(checkout)


def identity(base: Path, packages: dict[str, str]) -> str:
    loaded = load(base)
    return manifest.identity(loaded.steps[-1], loaded.folder, SOURCES, packages)


def test_identity_depends_on_the_recipe_the_sources_and_the_packages(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = identity(checkout, {"one": "a"})
    assert before == identity(checkout, {"one": "a"})
    assert before != identity(checkout, {"one": "b"})
    monkeypatch.setitem(SOURCES, "two.tar", "1" * 64)
    assert before != identity(checkout, {"one": "a"})
    monkeypatch.undo()
    folder = checkout / "sysa/steps/two-1.0"
    (folder / "README.md").write_text("prose")
    (folder / "tests").mkdir()
    (folder / "tests/test.py").write_text("")
    (folder / ".swp").write_text("")
    assert before == identity(checkout, {"one": "a"})
    (folder / "files").mkdir()
    (folder / "files/config.h").write_text("")
    assert before != identity(checkout, {"one": "a"})


def test_other_folders_that_a_recipe_names_are_part_of_it(checkout: Path) -> None:
    (checkout / "sysa/steps/two-1.0/part.kaem").write_text(
        "LIBC=/sysa/stage0/04-libc\ncc /sysa/seed/seed.hex0\n"
    )
    (checkout / "sysa/steps/two-1.0/build.kaem").write_text(
        "cc -I /sysa/steps/one/include a.c /sysa/none/x\n"
    )
    (checkout / "sysa/stage0/04-libc").mkdir()
    (checkout / "sysa/steps/one/include").mkdir()
    shares = ("seed", "seed/seed.hex0", "stage0/04-libc", "steps/one/include")
    assert load(checkout).steps[-1].shares == shares
    before = identity(checkout, {})
    (checkout / "sysa/stage0/01-cc/x").write_text("")
    (checkout / "sysa/steps/one/build.kaem").write_text("")
    (checkout / "sysa/seed/step.yaml").write_text((checkout / "sysa/seed/step.yaml").read_text() + "# new\n")
    assert before == identity(checkout, {})
    for other in ("steps/one/include/x.h", "stage0/04-libc/x.c", "seed/x"):
        (checkout / "sysa" / other).write_text("")
        after = identity(checkout, {})
        assert before != after
        before = after
    (checkout / "sysa/steps/two-1.0/build.kaem").write_text("kaem /sysa/steps/one/build.kaem\n")
    before = identity(checkout, {})
    (checkout / "sysa/steps/one/build.kaem").write_text("# changed\n")
    assert before != identity(checkout, {})
