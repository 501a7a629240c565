# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole runs with a vessel that pretends; tests/e2e has the real ones."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from lib import digest, layout, plan, report, sources
from lib.errors import UserError
from lib.monitor import Silent
from lib.report import Report
from lib.run import Run
from lib.store import Store
from tests.unit.conftest import FakeVessel

STEPS = ["cc", "tools", "one", "two-1.0"]


class Place:
    """A checkout, a target, a store."""

    def __init__(self, checkout: Path, tmp_path: Path) -> None:
        self.checkout = checkout
        self.target = tmp_path / "target"
        self.source = tmp_path / "two.tar"
        self.source.write_bytes(b"source")
        self.store: Store | None = Store(tmp_path / "packages", Silent())
        self.monitor = Silent()

    def run(
        self,
        vessel: FakeVessel,
        until: str | None = None,
        interactive: bool = False,
        start: str | None = None,
        rebuild: Sequence[str] = (),
    ) -> Report:
        chain = plan.load(self.checkout, sources.load(self.checkout).digests)
        todo = plan.make(chain, until, self.store, start, rebuild)
        files = dict.fromkeys(todo.sources(), self.source)
        with layout.opened(self.target) as target:
            return Run(todo, vessel, target, self.store, files, self.monitor, io.StringIO(), interactive)()

    def pin(self, digests: dict[str, str]) -> None:
        (self.checkout / "SHA256SUMS.packages").write_text(digest.format_list(digests))


@pytest.fixture
def place(checkout: Path, tmp_path: Path) -> Place:
    return Place(checkout, tmp_path)


def test_a_first_run_builds_all_and_a_second_nothing(place: Place) -> None:
    vessel = FakeVessel()
    first = place.run(vessel)
    assert vessel.built == STEPS
    assert [step.result for step in first.steps] == ["given", *["built"] * 4]
    (place.target / "root.complete").unlink()  # as a run leaves it that was killed
    second = place.run(vessel)
    assert vessel.built == STEPS
    assert [step.result for step in second.steps] == ["given", *["stored"] * 4]
    assert [step.digest for step in first.steps] == [step.digest for step in second.steps]
    assert [step.identity for step in first.steps] == [step.identity for step in second.steps]
    assert (place.target / "root/bin/two-1.0").read_bytes() == b"two-1.0"
    assert report.read(place.target / "report.json") == second
    assert second.result == "complete"


def test_a_finished_root_is_left_alone(place: Place) -> None:
    place.run(FakeVessel())
    (place.target / "root/a").touch()
    place.run(FakeVessel())
    assert (place.target / "root/a").exists()
    place.run(FakeVessel(), until="one")
    assert not (place.target / "root/a").exists()


def test_without_a_store_all_is_built_again(place: Place) -> None:
    place.store = None
    vessel = FakeVessel()
    place.run(vessel)
    place.run(vessel)
    assert vessel.built == STEPS * 2


def test_a_vessel_that_keeps_nothing_still_gives_digests(place: Place) -> None:
    place.store = None
    kept = place.run(FakeVessel())
    lost = place.run(FakeVessel(keeps_packages=False))
    assert [step.digest for step in kept.steps] == [step.digest for step in lost.steps]


def test_after_a_failure_it_goes_on_with_the_failed_step(place: Place) -> None:
    def broken(_root: Path, line: str) -> str | None:
        return "power cut" if line == "pack two-1.0" else None

    with pytest.raises(UserError, match=r"^step two-1\.0 failed: power cut") as caught:
        place.run(FakeVessel(before=broken))
    assert str(place.target / "log.txt") in caught.value.hint
    failed = report.read(place.target / "report.json")
    assert (failed.result, failed.reason) == ("failed", "step two-1.0 failed: power cut")
    assert [step.result for step in failed.steps] == ["given", *["built"] * 3, "failed"]
    vessel = FakeVessel()
    place.run(vessel)
    assert vessel.built == ["two-1.0"]


def test_what_the_guest_said_last_is_shown(place: Place) -> None:
    def broken(root: Path, line: str) -> str | None:
        return "gone" if line == "cd /build/one" else None

    with pytest.raises(UserError, match=r"step one failed: gone\n  \| mkdir /build/one"):
        place.run(FakeVessel(before=broken))


def test_a_script_that_ends_too_early_has_failed(place: Place) -> None:
    with pytest.raises(UserError, match=r"step two-1\.0 failed: the script ended without its package"):
        place.run(FakeVessel(forgets="pack two-1.0"))


def test_a_guest_that_lies_about_a_digest_is_found_out(place: Place) -> None:
    def tamper(root: Path, line: str) -> str | None:
        return None

    class Liar(FakeVessel):
        def run(self, root: Path, on_line: object, interactive: bool = False) -> object:  # type: ignore[override]
            def lie(line: str) -> bool:
                return on_line(line[:-1] + "0" if line.startswith("#: done one") else line)  # type: ignore[operator, no-any-return]

            return super().run(root, lie, interactive)

    vessel = Liar(content=lambda name: name.encode() + b"!", before=tamper)
    with pytest.raises(UserError, match="step one: the guest said that its package is"):
        place.run(vessel)


def test_a_package_that_is_not_the_pinned_one_stops_the_run_and_names_the_file(place: Place) -> None:
    good = place.run(FakeVessel())
    pins = {f"{step.name}.tar": step.digest for step in good.steps[1:] if step.digest}
    place.pin(pins)
    assert [step.pinned for step in place.run(FakeVessel()).steps[1:]] == list(pins.values())
    (place.checkout / "sysa/steps/one/build.kaem").write_text("# changed\n")
    with pytest.raises(UserError, match=r"^step one: its package is not the pinned one") as caught:
        place.run(FakeVessel(content=lambda name: b"other"))
    assert f"pinned {pins['one.tar']}" in caught.value.message
    assert "compared with the pinned one" in caught.value.message
    assert "  first difference: bin/one: size 3 and 5" in caught.value.message
    kept = place.target / "differs/one"
    assert digest.of_file(kept / "expected.tar") == pins["one.tar"]
    assert digest.of_file(kept / "built.tar") == digest.of_file(place.target / "root/packages/one.tar")
    assert "--update-checksums" in caught.value.hint
    vessel = FakeVessel()
    place.run(vessel)
    assert vessel.built == ["one"]


def test_a_changed_comment_rebuilds_nothing_after_it(place: Place) -> None:
    good = place.run(FakeVessel())
    place.pin({f"{step.name}.tar": step.digest for step in good.steps[1:] if step.digest})
    (place.checkout / "sysa/steps/one/build.kaem").write_text("# changed\n")
    vessel = FakeVessel()
    done = place.run(vessel)
    assert vessel.built == ["one"]
    assert [step.result for step in done.steps] == ["given", "stored", "stored", "built", "stored"]


def test_without_pins_too_a_changed_comment_rebuilds_nothing_after_it(place: Place) -> None:
    """What is found to be in the store once the changed step is built stops the guest before it is begun."""
    place.run(FakeVessel())
    for changed, built in (("steps/one", ["one"]), ("stage0/01-cc", ["cc", "tools"])):
        (place.checkout / f"sysa/{changed}/build.kaem").write_text("# changed\n")
        vessel = FakeVessel()
        done = place.run(vessel)
        assert vessel.built == built
        assert [step.result for step in done.steps][-1] == "stored"
        assert done.result == "complete"
        assert not (place.target / "root/destdir/two-1.0").exists()
        assert (place.target / "root/bin/two-1.0").read_bytes() == b"two-1.0"


def test_a_step_built_anew_rebuilds_what_follows_only_if_it_changes(place: Place) -> None:
    first = place.run(FakeVessel())
    vessel = FakeVessel()
    done = place.run(vessel, rebuild=["one"])
    assert vessel.built == ["one"]
    assert [step.digest for step in done.steps] == [step.digest for step in first.steps]
    assert place.monitor.notes == []
    vessel = FakeVessel(content=lambda name: name.encode() + (b"!" if name == "one" else b""))
    done = place.run(vessel, rebuild=["one"])
    assert vessel.built == ["one", "two-1.0"]
    (note,) = place.monitor.notes
    assert note.startswith("step one: not the package that the same recipe made before\n  before ")
    assert "first difference: bin/one: size 3 and 4" in note
    assert (place.target / "differs/one/built.tar").exists()
    vessel = FakeVessel()
    place.run(vessel)
    assert vessel.built == []


def test_from_a_step_on_all_is_built_anew(place: Place) -> None:
    place.run(FakeVessel())
    vessel = FakeVessel()
    done = place.run(vessel, start="one")
    assert vessel.built == ["one", "two-1.0"]
    assert [step.result for step in done.steps] == ["given", "stored", "stored", "built", "built"]


def test_a_step_that_writes_elsewhere_fails(place: Place) -> None:
    def write(root: Path, line: str) -> str | None:
        if line == "cd /build/one":
            (root / "usr/bin").mkdir(parents=True)
            for name in ("a", "b", "c", "d"):
                (root / "usr/bin" / name).write_text("evil")
            (root / "tmp/this").write_text("is right")
        return None

    with pytest.raises(
        UserError, match=r"step one failed: it wrote outside of /destdir/one: /usr/bin/a, /usr/bin/b"
    ):
        place.run(FakeVessel(before=write))
    assert (place.target / "root/usr/bin/a").exists()
    done = report.read(place.target / "report.json")
    assert [step.result for step in done.steps] == ["given", "built", "built", "failed", "waiting"]


@pytest.mark.parametrize("what", ["changes", "removes"])
def test_a_step_that_harms_what_others_installed_fails(place: Place, what: str) -> None:
    def harm(root: Path, line: str) -> str | None:
        if line == "cd /build/two-1.0":
            (root / "bin/one").write_text("evil") if what == "changes" else (root / "bin/one").unlink()
        return None

    place.run(FakeVessel(), until="one")
    with pytest.raises(
        UserError, match=r"step two-1\.0 failed: it wrote outside of /destdir/two-1\.0: /bin/one"
    ):
        place.run(FakeVessel(before=harm))


def test_a_step_that_leaves_a_program_running_fails(place: Place) -> None:
    with pytest.raises(UserError, match="step cc failed: it left a program running: sleep"):
        place.run(FakeVessel(left=["sleep"]))


def test_what_a_step_took_is_remembered(place: Place) -> None:
    first = place.run(FakeVessel()).steps[3]
    assert (first.cpu, first.memory) == (1.5, 1 << 20)
    assert first.seconds is not None
    assert first.size == (place.target / "root/packages/one.tar").stat().st_size
    again = place.run(FakeVessel()).steps[3]
    assert again.result == "stored"
    assert (again.seconds, again.cpu, again.memory, again.size) == (
        first.seconds,
        first.cpu,
        first.memory,
        first.size,
    )


def test_a_spoilt_package_in_the_store_is_built_again(place: Place) -> None:
    place.run(FakeVessel())
    assert place.store
    (spoilt,) = place.store.others("two-1.0")
    spoilt.write_bytes(b"")
    vessel = FakeVessel()
    place.run(vessel)
    assert vessel.built == ["two-1.0"]


def test_until_a_step_of_the_seed_gives_no_packages(place: Place) -> None:
    vessel = FakeVessel()
    done = place.run(vessel, until="cc")
    assert vessel.built == []
    assert [(step.name, step.result, step.digest) for step in done.steps[1:]] == [("cc", "built", None)]
    assert done.result == "complete"


def test_a_source_that_changed_after_its_check_stops_the_run(place: Place) -> None:
    place.source.write_bytes(b"sourcE")
    with pytest.raises(UserError, match=r"two\.tar: wrong digest"):
        place.run(FakeVessel())


def test_a_prompt_is_given_even_when_nothing_is_built(place: Place) -> None:
    place.run(FakeVessel())
    vessel = FakeVessel()
    place.run(vessel, interactive=True)
    assert vessel.built == []
    assert (place.target / "root/sysa.kaem").read_text().endswith("kaem -i\n")


def test_an_interrupted_run_leaves_a_report(place: Place) -> None:
    def interrupt(_root: Path, line: str) -> str | None:
        if line == "#: step one":
            raise KeyboardInterrupt
        return None

    with pytest.raises(KeyboardInterrupt):
        place.run(FakeVessel(before=interrupt))
    assert report.read(place.target / "report.json").reason == "interrupted"
