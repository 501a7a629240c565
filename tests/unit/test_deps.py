# SPDX-License-Identifier: GPL-3.0-or-later
"""The private environment; pip and apt-get are played by small programs."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lib import deps
from lib.errors import UserError

BASE = Path(__file__).resolve().parents[2]


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list of no packages, and a cache of our own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("# nothing\n")
    return requirements


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment is only a link to this Python."""

    def make(command: list[str], failure: str, hint: str = "") -> None:
        if "venv" in command:
            (Path(command[-1]) / "bin").mkdir(parents=True)
            (Path(command[-1]) / "bin/python").symlink_to(sys.executable)
        elif "apt-get" in command:
            must(command, failure, hint)

    must = deps._must
    monkeypatch.setattr(deps, "_must", make)


@pytest.mark.usefixtures("quick")
def test_it_is_made_once_and_found_again(empty: Path) -> None:
    python = deps.interpreter(empty)
    made = python.parent.parent.stat().st_mtime_ns
    assert subprocess.run([python, "-c", "print(1)"], capture_output=True, check=True).stdout == b"1\n"
    assert deps.interpreter(empty) == python
    assert python.parent.parent.stat().st_mtime_ns == made
    empty.write_text("# something else\n")
    assert deps.interpreter(empty) != python


@pytest.mark.usefixtures("quick")
def test_half_of_one_is_made_again(empty: Path) -> None:
    venv = deps.interpreter(empty).parent.parent
    (venv / "complete").unlink()
    (venv / "left over").write_text("")
    deps.interpreter(empty)
    assert (venv / "complete").exists()
    assert not (venv / "left over").exists()


def test_what_pip_says_is_passed_on(empty: Path) -> None:
    empty.write_text(f"nothing==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(UserError, match="pip could not install") as caught:
        deps.interpreter(empty)
    assert "  | ERROR" in caught.value.message
    assert not list(empty.parent.glob("cache/seedroot/venv-*/complete"))


@pytest.fixture(autouse=True)
def no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is downloaded here."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)


def test_a_user_without_venv_gets_the_one_command(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(UserError, match="Python lacks its venv module") as caught:
        deps.interpreter(empty)
    assert caught.value.hint == "sudo apt-get install -y --no-install-recommends python3-venv"


@pytest.mark.usefixtures("quick")
def test_root_without_venv_gets_it_installed(
    empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    program = tmp_path / "bin/apt-get"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\necho "$@" >>{tmp_path}/calls\n'
        f'[ "$1" = update ] && touch {tmp_path}/lists\n[ -e {tmp_path}/lists ]\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    deps.interpreter(empty)
    install = "install -y --no-install-recommends python3-venv"
    assert (tmp_path / "calls").read_text().splitlines() == [install, "update", install]


def test_versions_are_compared_exactly(tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("pytest==0.0.1 \\\n")
    assert not deps.are_here(requirements)
    requirements.write_text(f"pytest=={pytest.__version__} \\\n")
    assert deps.are_here(requirements)
    requirements.write_text("no-such-package==1\n")
    assert not deps.are_here(requirements)
    assert deps.are_here(BASE / "requirements.txt")


def test_the_lists_are_pinned_with_hashes() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        entries = [
            entry
            for entry in (BASE / name).read_text().replace("\\\n", " ").splitlines()
            if entry[:1].isalnum()
        ]
        assert entries
        assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)


def test_the_development_list_holds_the_same_versions() -> None:
    ours = set(deps._PIN.findall((BASE / "requirements.txt").read_text()))
    assert ours <= set(deps._PIN.findall((BASE / "requirements-dev.txt").read_text()))


@pytest.mark.parametrize(
    ("home", "expected"), [("/x", "/x/seedroot"), ("", "/h/.cache/seedroot"), ("rel", "/h/.cache/seedroot")]
)
def test_the_cache_follows_xdg(monkeypatch: pytest.MonkeyPatch, home: str, expected: str) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", home)
    monkeypatch.setenv("HOME", "/h")
    assert deps.cache() == Path(expected)


def test_as_a_program_it_runs_the_environments_python(empty: Path) -> None:
    command = [sys.executable, str(BASE / "lib/deps.py"), str(empty), "-c", "import sys; print(sys.prefix)"]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert said.stdout.startswith(str(empty.parent / "cache/seedroot/venv-"))


def test_a_grown_python_has_what_it_needs(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not deps.is_grown()
    empty.write_text("nothing==1.0\n")
    monkeypatch.setattr(sys, "builtin_module_names", (*sys.builtin_module_names, "_libc"))
    assert deps.is_grown()
    deps.ensure(empty)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UserError, match="no PyYAML"):
        deps.ensure(empty)
    assert not deps.cache().exists()
