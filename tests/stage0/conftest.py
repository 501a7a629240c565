# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for the tests of the stages: every tool, grown from its source by the tools before it.

Nothing is built before a test asks for it, and then once a run. The recipes (build.kaem) are those of the
real system; only their absolute paths are moved into a temporary folder. The seed runs them.
"""

import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import yaml

SYSA = Path(__file__).parents[2] / "sysa"


def hex0_bytes(text: str) -> bytes:
    """What a hex0 text stands for, by the shortest decoder there is."""
    return bytes.fromhex(re.sub(r"[#;].*", "", text))


class Chain:
    """The steps of sysa that the seed runs, in a folder of their own."""

    def __init__(self, root: Path) -> None:
        """Begin with nothing but the seed, at root/init."""
        self.root = root
        self.seed = root / "init"
        self.seed.write_bytes(hex0_bytes((SYSA / "seed/seed.hex0").read_text()))
        self.seed.chmod(0o755)
        self._folders = {}
        for file in sorted((SYSA / "stage0").glob("*/step.yaml")):
            step = yaml.safe_load(file.read_text())
            if step["runner"] == "seed":
                self._folders[step["name"]] = file.parent
        self._done: set[str] = set()

    def tool(self, name: str, step: str | None = None) -> Path:
        """The program NAME out of the step of that name, or of STEP. What it takes is built."""
        step = step or name
        for each in self._folders:
            self._build(each)
            if each == step:
                return self.root / f"destdir/{step}/bin/{name}"
        pytest.skip(f"there is no step {step} yet")

    def _build(self, step: str) -> None:
        if step in self._done:
            return
        folder = self._folders[step]
        for installed in yaml.safe_load((folder / "step.yaml").read_text())["installs"]:
            (self.root / f"destdir/{step}" / installed).parent.mkdir(parents=True, exist_ok=True)
        (self.root / "tmp").mkdir(exist_ok=True)
        script = self.root / "seed.kaem"
        script.write_text(self._moved((folder / "build.kaem").read_text()))
        ran = _captured([self.seed], cwd=self.root)
        assert ran.returncode == 0, f"step {step}:\n{ran.stdout}{ran.stderr}"
        self._done.add(step)

    def _moved(self, script: str) -> str:
        """The script with its absolute paths moved into the folder, those of sysa into the repository."""
        moved = {"sysa": SYSA, **{name: self.root / name for name in ("init", "destdir", "tmp")}}
        return re.sub(r"(?<!\S)/(sysa|init|destdir|tmp)\b", lambda found: str(moved[found[1]]), script)


@pytest.fixture(scope="session")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    """All tools, by name: chain.tool("cc")."""
    return Chain(tmp_path_factory.mktemp("chain"))


@pytest.fixture(scope="session")
def seed(chain: Chain) -> Path:
    """The seed."""
    return chain.seed


@pytest.fixture(scope="session")
def hex2(chain: Chain) -> Path:
    """Our hex2."""
    return chain.tool("hex2")


@pytest.fixture(scope="session")
def m0(chain: Chain) -> Path:
    """Our M0."""
    return chain.tool("M0")


class Mescc:
    """Debian's M1 and hex2 of mescc-tools, the independent implementation of the same languages."""

    def __init__(self, folder: Path) -> None:
        """Keep intermediate files in folder."""
        self.folder = folder

    def m1(self, *sources: Path) -> Path:
        """The hex2 text of M1 sources."""
        return self._run("M1", sources)

    def hex2(self, source: Path) -> bytes:
        """The bytes of a hex2 (or hex0) text."""
        return self._run("hex2", [source], "--base-address", "0x600000").read_bytes()

    def _run(self, program: str, sources: Sequence[Path], *options: str) -> Path:
        out = self.folder / f"out-of-{program}"
        out.unlink(missing_ok=True)
        files = [word for source in sources for word in ("-f", source)]
        ran = _captured([program, "--architecture", "amd64", "--little-endian", *options, *files, "-o", out])
        assert ran.returncode == 0, ran.stderr
        return out


@pytest.fixture(scope="session")
def mescc(tmp_path_factory: pytest.TempPathFactory) -> Mescc:
    """Debian's mescc-tools; the test is skipped where they are not installed."""
    if not shutil.which("M1"):
        pytest.skip("needs the package mescc-tools")
    return Mescc(tmp_path_factory.mktemp("mescc"))


Tool = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def run() -> Tool:
    """Run a program with arguments to its end; its output is text."""

    def function(
        program: Path, *arguments: str | Path, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        return _captured([program, *arguments], cwd)

    return function


def _captured(command: Sequence[str | Path], cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, errors="replace", check=False, timeout=60
    )
