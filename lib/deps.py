# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python packages that seedroot uses: pinned with their hashes, kept in a private environment.

Only the standard library is imported here: it runs before anything is installed.
`python3 lib/deps.py REQUIREMENTS ARG...` runs the environment's Python with ARG...
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from lib.errors import UserError

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ \\;]+)", re.MULTILINE)
_VENV_PACKAGE = "python3-venv"


def cache() -> Path:
    """Where seedroot keeps what can be had again: $XDG_CACHE_HOME/seedroot."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    if home.startswith("/"):
        return Path(home) / "seedroot"
    try:
        return Path.home() / ".cache/seedroot"
    except RuntimeError:
        raise UserError("no home directory to keep files in", "set XDG_CACHE_HOME to a folder") from None


def ensure(requirements: Path) -> None:
    """Return if this interpreter has the packages; else run the same command again with one that has."""
    if are_here(requirements):
        return
    if is_grown():
        if importlib.util.find_spec("yaml") is None:
            raise UserError("this Python has no PyYAML", "build sysc as far as pyyaml")
        return
    python = interpreter(requirements)
    if Path(sys.executable) == python:
        raise UserError(f"{python.parent.parent} is incomplete", f"remove it: rm -r {python.parent.parent}")
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(python, [str(python), *sys.argv])


def are_here(requirements: Path) -> bool:
    """Whether exactly the pinned versions can be imported here."""
    for name, version in _PIN.findall(requirements.read_text(encoding="utf-8")):
        try:
            if importlib.metadata.version(name) != version:
                return False
        except importlib.metadata.PackageNotFoundError:
            return False
    return True


def is_grown() -> bool:
    """Whether this is the Python that seedroot itself has built.

    Nothing can be installed for it: it has no pip. What it can use is pinned and built with it in sysc.
    """
    return "_libc" in sys.builtin_module_names


def interpreter(requirements: Path) -> Path:
    """The Python of the private environment for a list of requirements; makes it if it is not there.

    It counts only once the file `complete` is in it: one whose making was interrupted is made again.
    """
    key = hashlib.sha256(
        f"{sys.version}\n{sys.base_prefix}\n{requirements.read_text(encoding='utf-8')}".encode()
    ).hexdigest()[:16]
    venv = cache() / f"venv-{key}"
    python = venv / "bin/python"
    if not (venv / "complete").exists() or not python.exists():
        try:
            venv.parent.mkdir(parents=True, exist_ok=True)
            with _alone(venv.with_suffix(".lock")):
                if not (venv / "complete").exists() or not python.exists():
                    _make(venv, requirements)
        except OSError as error:
            raise UserError(
                f"cannot make {venv}: {error.strerror}",
                "set XDG_CACHE_HOME to a folder of yours with some space",
            ) from None
    return python


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Wait for another seedroot that makes the same environment."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make(venv: Path, requirements: Path) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        _install_venv_package()
    shutil.rmtree(venv, ignore_errors=True)
    print(f"Installing the Python packages of {requirements.name} into {venv}", file=sys.stderr, flush=True)
    _must([sys.executable, "-m", "venv", str(venv)], "python3 -m venv failed")
    pip = [
        str(venv / "bin/python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
    ]
    _must(
        [*pip, "--no-deps", "--require-hashes", "-r", str(requirements)],
        f"pip could not install the packages of {requirements.name}",
        "check the network; pip's own settings (PIP_INDEX_URL, pip.conf) are respected",
    )
    (venv / "complete").touch()


def _install_venv_package() -> None:
    """Debian keeps a part of the venv module in a package of its own."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", _VENV_PACKAGE]
    hint = f"{'' if os.geteuid() == 0 else 'sudo '}{' '.join(command)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise UserError(f"Python lacks its venv module (Debian's package {_VENV_PACKAGE})", hint)
    print(f"Installing Debian's {_VENV_PACKAGE}: {hint}", file=sys.stderr, flush=True)
    if _quiet(command).returncode != 0:
        _quiet(["apt-get", "update"])  # there may be no package lists yet
        _must(command, f"apt-get could not install {_VENV_PACKAGE}", f"try it yourself: {hint}")


def _quiet(command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env=environment,
    )


def _must(command: list[str], failure: str, hint: str = "") -> None:
    answer = _quiet(command)
    if answer.returncode != 0:
        tail = "\n".join(f"  | {line}" for line in answer.stdout.splitlines()[-5:])
        raise UserError(f"{failure}\n{tail}", hint)


def main() -> None:
    """See the module's docstring."""
    if len(sys.argv) < 2:
        sys.exit("usage: python3 lib/deps.py REQUIREMENTS ARG...")
    try:
        python = interpreter(Path(sys.argv[1]))
    except UserError as error:
        sys.exit(f"seedroot: {error}")
    os.execv(python, [str(python), *sys.argv[2:]])


if __name__ == "__main__":
    main()
