# SPDX-License-Identifier: GPL-3.0-or-later
"""More than one system: in a chroot, and in a machine whose disk is a folder (tests/e2e has a real one)."""

from __future__ import annotations

import contextlib
import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lib import digest, disk, layout, plan, sources
from lib.errors import UserError
from lib.monitor import Silent
from lib.report import Report
from lib.run import Run
from lib.store import Store
from lib.vessel import OnLine, Outcome
from tests.unit.conftest import FakeVessel, add_step, make_tar, names_in

LATER = ["three", "four"]


@dataclass
class Reader:
    """What lib/ext4.py's Reader can do, for a folder."""

    tree: Path

    def read(self, name: str) -> bytes | None:
        path = self.tree / name
        return path.read_bytes() if path.exists() else None

    def extract(self, folder: str, to: Path) -> None:
        shutil.copytree(self.tree / folder, to, dirs_exist_ok=True)


@pytest.fixture(autouse=True)
def disks(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Disks are folders beside the image; returns those that were made."""
    made: list[Path] = []

    def create(path: Path, tree: Path, size: int, given: object) -> None:
        assert size == 16 << 30
        assert given is None  # the machine is given its kernel by QEMU
        shutil.rmtree(path.with_suffix(".tree"), ignore_errors=True)
        shutil.copytree(tree, path.with_suffix(".tree"))
        path.touch()
        made.append(path)

    @contextlib.contextmanager
    def opened(path: Path) -> Iterator[Reader]:
        yield Reader(path.with_suffix(".tree"))

    monkeypatch.setattr(disk, "create", create)
    monkeypatch.setattr(disk, "opened", opened)
    return made


@dataclass
class FakeMachine(FakeVessel):
    """Leaves sysa where the script says so, and does on the disk what sysb and sysc/go.sh do."""

    name: str = "qemu"
    changes_kernel: bool = True
    prompts_in_guest: bool = True
    disk: Path | None = None
    dies_at: str = "never"
    """A line of the script on the disk at which the power fails."""
    boots: int = 0
    left_with: list[str] = field(default_factory=list)
    """What was installed in the root that sysa was left from."""

    def attach(self, disk: Path | None) -> None:
        self.disk = disk

    def run(self, root: Path, on_line: OnLine, interactive: bool = False) -> Outcome:
        self.boots += 1
        left = False

        def listen(line: str) -> bool:
            nonlocal left
            left = left or line == "sh /sysa/leave.sh"
            return on_line(line)

        outcome = super().run(root, listen, interactive)
        if not left:
            return outcome
        assert self.disk
        assert (root / "takes").read_text() == "tools\none\n"
        assert ("seedroot.shell" in (root / "next").read_text()) == interactive
        self.left_with = names_in(root / "bin")
        return self._on_disk(self.disk.with_suffix(".tree"), on_line)

    def _on_disk(self, tree: Path, on_line: OnLine) -> Outcome:
        (tree / "state").mkdir(exist_ok=True)
        given = digest.read_list(tree / "packages/SHA256SUMS")
        skip = False
        for line in ["#: system sysb", "#: system sysc", *(tree / "sysc.kaem").read_text().splitlines()]:
            if line.startswith("#: step "):
                name = line.split()[-1]
                tar, state = tree / f"packages/{name}.tar", tree / f"state/{name}"
                value = digest.of_file(tar) if tar.exists() else ""
                skip = (
                    bool(value)
                    and (state.read_text().strip() if state.exists() else given.get(tar.name)) == value
                )
                if skip:
                    state.write_text(value)
            if skip and line != "#: end":
                continue
            if line == self.dies_at:
                return Outcome(ended=False, reason="qemu was killed by SIGKILL")
            if line.startswith("pack "):
                value = make_tar(tar, {f"bin/{name}": self.content(name)})
                state.write_text(f"{value}\n")
                self.built.append(name)
            if on_line(f"#: done {name} {value}" if line.startswith("pack ") else line):
                return Outcome(ended=True)
        return Outcome(ended=False, reason="the guest switched the machine off")


class Place:
    """A checkout, a target, a store."""

    def __init__(self, checkout: Path, tmp_path: Path) -> None:
        self.checkout = checkout
        self.target = layout.Target(tmp_path / "target")
        self.source = tmp_path / "two.tar"
        self.source.write_bytes(b"source")
        self.store = Store(tmp_path / "packages", Silent())
        self.monitor = Silent()

    def chain(self) -> plan.Chain:
        return plan.load(self.checkout, sources.load(self.checkout).digests)

    def run(self, vessel: FakeVessel, until: str | None = None, *, interactive: bool = False) -> Report:
        todo = plan.make(self.chain(), until, self.store)
        files = dict.fromkeys(todo.sources(), self.source)
        with layout.opened(self.target.path) as target:
            return Run(todo, vessel, target, self.store, files, self.monitor, io.StringIO(), interactive)()


@pytest.fixture
def place(two_systems: Path, tmp_path: Path) -> Place:
    return Place(two_systems, tmp_path)


def test_in_a_chroot_the_second_system_has_a_root_of_its_own(place: Place) -> None:
    vessel = FakeVessel()
    done = place.run(vessel)
    assert vessel.built == ["cc", "tools", "one", "two-1.0", *LATER]
    assert [step.system for step in done.steps] == ["sysa"] * 5 + ["sysc"] * 2
    packages = names_in(place.target.root_of("sysc") / "packages")
    assert packages == ["four.tar", "one.tar", "three.tar", "tools.tar"]
    assert names_in(place.target.root / "packages") == ["cc.tar", "one.tar", "tools.tar", "two-1.0.tar"]
    again = place.run(vessel)
    assert [step.result for step in again.steps] == ["given"] + ["stored"] * 6
    assert [step.identity for step in again.steps] == [step.identity for step in done.steps]
    assert done.from_seed
    assert not again.from_seed


def test_a_later_step_sees_only_what_its_system_took(place: Place) -> None:
    chain = place.chain()
    three = chain.until("three")[-1]
    seen = {"tools": "1", "one": "2", "two-1.0": "3"}
    same = chain.identity(three, seen | {"two-1.0": "other"})
    assert chain.identity(three, seen) == same
    assert chain.identity(three, seen | {"one": "other"}) != same


def test_a_machine_leaves_sysa_and_builds_on_its_disk(place: Place, disks: list[Path]) -> None:
    vessel = FakeMachine()
    done = place.run(vessel)
    assert vessel.built == ["cc", "tools", "one", "two-1.0", *LATER]
    assert vessel.boots == 1  # what it built in memory is what it leaves with
    assert [step.result for step in done.steps] == ["given"] + ["built"] * 6
    assert disks == [place.target.disk]
    assert "sysb has begun" in place.monitor.notes


def test_the_same_identities_and_digests_as_in_a_chroot(place: Place, tmp_path: Path) -> None:
    machine = place.run(FakeMachine())
    place.store = Store(tmp_path / "others", Silent())
    chroot = place.run(FakeVessel())
    assert [step.digest for step in chroot.steps] == [step.digest for step in machine.steps]
    assert [step.identity for step in chroot.steps] == [step.identity for step in machine.steps]


def test_what_was_built_on_the_disk_is_kept(place: Place, disks: list[Path]) -> None:
    vessel = FakeMachine()
    place.run(vessel)
    before = list(vessel.built)
    again = place.run(vessel)
    assert vessel.built == before
    assert vessel.boots == 1  # all is there: not even started
    assert [step.result for step in again.steps] == ["given"] + ["stored"] * 6
    assert len(disks) == 1
    place.run(vessel, interactive=True)
    assert vessel.boots == 2
    assert vessel.left_with == ["tools"]


def test_after_a_power_cut_it_goes_on_where_it_was(place: Place, disks: list[Path]) -> None:
    vessel = FakeMachine(dies_at="pack four")
    with pytest.raises(UserError, match="step four failed: qemu was killed"):
        place.run(vessel)
    assert vessel.built[-1] == "three"
    vessel.dies_at = "never"
    done = place.run(vessel)
    assert vessel.built[-2:] == ["three", "four"]
    assert [step.result for step in done.steps[-2:]] == ["stored", "built"]
    assert len(disks) == 1


def test_a_killed_run_left_more_on_the_disk_than_the_store_knows(place: Place) -> None:
    place.run(FakeMachine(), until="three")
    for entry in (place.store.folder / "three").iterdir():
        entry.unlink()
    vessel = FakeMachine()
    done = place.run(vessel, until="three")
    assert vessel.built == []
    assert done.steps[-1].result == "stored"


def test_a_spoilt_package_on_the_disk_is_built_again(place: Place) -> None:
    place.run(FakeMachine())
    shutil.rmtree(place.store.folder / "three")
    tree = place.target.disk.with_suffix(".tree")
    (tree / "packages/three.tar").write_bytes(b"spoilt")
    vessel = FakeMachine()
    done = place.run(vessel)
    assert vessel.built == ["three"]
    assert [step.result for step in done.steps[-2:]] == ["built", "stored"]


def test_other_recipes_make_another_disk(place: Place, disks: list[Path]) -> None:
    place.run(FakeMachine())
    add_step(place.checkout, "steps/four", "four", "sh", recipe="# other\n", system="sysc")
    vessel = FakeMachine()
    place.run(vessel)
    assert vessel.built == ["four"]
    assert len(disks) == 2


def test_another_kernel_makes_another_disk(place: Place, disks: list[Path]) -> None:
    """And so does another of the packages that go along: sysb would refuse the disk for ever."""
    first = place.run(FakeMachine())
    assert len(disks) == 1
    (place.checkout / "SHA256SUMS.packages").write_text(f"{first.steps[2].digest}  tools.tar\n")
    place.run(FakeMachine())
    assert len(disks) == 2


def test_a_disk_that_cannot_be_read_hides_no_failure(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(_path: Path) -> Reader:
        raise UserError("the disk is damaged")

    monkeypatch.setattr(disk, "opened", damaged)
    with pytest.raises(UserError, match="step four failed: qemu was killed"):
        place.run(FakeMachine(dies_at="pack four"))


def test_a_wrong_package_on_the_disk_ends_the_run(place: Place) -> None:
    (place.checkout / "SHA256SUMS.packages").write_text(f"{'0' * 64}  three.tar\n")
    with pytest.raises(UserError, match="step three: its package is not the pinned one"):
        place.run(FakeMachine())


def test_what_sysb_says_is_the_reason(place: Place) -> None:
    def no_disk(_root: Path, line: str) -> str | None:
        return None

    vessel = FakeMachine(before=no_disk)

    def run(root: Path, on_line: OnLine, interactive: bool = False) -> Outcome:
        for line in ("#: system sysb", "what there is", "#: fail sysb there is no disk called seedroot"):
            if on_line(line):
                return Outcome(ended=True)
        return Outcome(ended=False)

    place.run(FakeVessel(), until="two-1.0")
    vessel.run = run  # type: ignore[method-assign]
    with pytest.raises(UserError, match=r"sysb failed: there is no disk called seedroot\n  \| what there is"):
        place.run(vessel)


def test_a_panic_is_shown_with_the_kernels_last_lines(place: Place) -> None:
    place.run(FakeVessel(), until="two-1.0")

    def run(_root: Path, on_line: OnLine, interactive: bool = False) -> Outcome:
        for line in (
            "#: system sysb",
            "[    1.000000] BUG: bad",
            "[    1.000001] Kernel panic - not syncing: bad",
        ):
            on_line(line)
        return Outcome(ended=False, reason="the kernel panicked: bad")

    vessel = FakeMachine()
    vessel.run = run  # type: ignore[method-assign,assignment]
    with pytest.raises(UserError) as caught:
        place.run(vessel)
    assert caught.value.message.startswith("sysb failed: the kernel panicked: bad\n")
    assert "  | [    1.000000] BUG: bad\n" in caught.value.message


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ("name: sysc\ntakes: [six]\nsteps: [steps/three]\n", "takes 'six', which is no step of sysa"),
        ("name: sysb\nsteps: [steps/three]\n", "the system's name is 'sysb'"),
        (
            "name: sysc\ntakes: [one]\nleaves_with: [six]\nsteps: [steps/three]\n",
            "takes 'six', which is no step of sysa",
        ),
        ("name: sysc\nsteps: [steps/one]\n", "there is a step 'one' in sysa already"),
    ],
)
def test_manifests_that_do_not_fit(two_systems: Path, manifest: str, said: str) -> None:
    add_step(two_systems, "steps/one", "one", "sh", system="sysc")
    (two_systems / "sysc/manifest.yaml").write_text(manifest)
    with pytest.raises(UserError, match=said):
        plan.load(two_systems, sources.load(two_systems).digests)
