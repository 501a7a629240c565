# SPDX-License-Identifier: GPL-3.0-or-later
"""The vessel that needs no machine: a root directory in namespaces of its own (see jail.py)."""

from __future__ import annotations

import contextlib
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lib import jail, script
from lib.errors import UserError
from lib.meter import Meter, Usage
from lib.vessel import OnLine, Outcome

_JAIL = Path(jail.__file__)
_SYSCTLS = (
    ("/proc/sys/kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone=1"),
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    ("/proc/sys/user/max_user_namespaces", "0", "user.max_user_namespaces=10000"),
)
"""File, the value that forbids user namespaces to ordinary users, and the setting that allows them."""


@dataclass(frozen=True)
class Result:
    """How a program in a root ended."""

    status: int
    output: bytes
    """Standard output and error output together."""


def run(
    root: Path,
    argv: Sequence[str],
    cwd: str = "/",
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
) -> Result:
    """Run one program (a whole path) in a root and wait for it.

    TimeoutExpired if it takes longer than `timeout` seconds.
    """
    with _started(root, argv, cwd, env or {}) as process:
        output, _ = process.communicate(timeout=timeout)
        return Result(process.returncode, output)


@dataclass
class Chroot:
    """Runs /init of a root."""

    cores: int | None = None
    """Let the guest use that many processors; None for all."""
    _meter: Meter | None = None

    @property
    def name(self) -> str:
        """For messages and the report."""
        return "chroot"

    @property
    def keeps_packages(self) -> bool:
        """What the guest writes is in the root."""
        return True

    @property
    def prompts_in_guest(self) -> bool:
        """The prompt is a program of its own."""
        return False

    @property
    def changes_kernel(self) -> bool:
        """There is only the host's."""
        return False

    def attach(self, disk: Path | None) -> None:
        """It needs none."""

    def facts(self) -> dict[str, str]:
        """The host's kernel runs the guest."""
        return {"kernel": platform.release()}

    def usage(self) -> Usage | None:
        """See Vessel."""
        return self._meter.take() if self._meter else None

    def strays(self) -> list[str]:
        """See Vessel."""
        return self._meter.strays() if self._meter else []

    def run(self, root: Path, on_line: OnLine, interactive: bool = False) -> Outcome:
        """See Vessel."""
        with _started(root, ["/init"], "/", {}, self.cores) as process, Meter(process.pid) as self._meter:
            assert process.stdout is not None
            for raw in process.stdout:
                if on_line(raw.decode(errors="backslashreplace").rstrip("\r\n")):
                    break
            else:
                status = process.wait()
                return Outcome(ended=False, reason=_reason(status))
        if interactive:
            argv, environment = _prompt(root)
            prompt = _command(root, argv, "/", environment, _prepare(root), terminal=True)
            ours = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for what runs at the prompt
            try:
                subprocess.run(prompt, check=False)
            finally:
                signal.signal(signal.SIGINT, ours)
        return Outcome(ended=True)


def _prompt(root: Path) -> tuple[list[str], dict[str, str]]:
    """What gives a prompt in a root, and its environment: bash, or what there is before it."""
    if (root / "sysc").is_dir():
        shell = "/usr/bin/bash" if (root / "usr/bin/bash").exists() else "/bin/sh"
        more = {"HOME": "/root", "TERM": os.environ.get("TERM", "dumb")}
        return [shell, "-l"], {**script.ENVIRONMENT_LATER, **more}
    return ["/bin/kaem", "-i"], script.ENVIRONMENT


def _reason(status: int) -> str:
    if status > 128:
        return f"/init was killed by signal {status - 128}"
    return f"/init ended with exit status {status}"


def _command(
    root: Path, argv: Sequence[str], cwd: str, env: Mapping[str, str], userns: bool, terminal: bool = False
) -> list[str]:
    jail_itself = [
        sys.executable,
        "-IS",
        str(_JAIL),
        str(int(userns)),
        str(int(terminal)),
        str(root.resolve()),
    ]
    return [*jail_itself, cwd, *(f"{name}={value}" for name, value in env.items()), "--", *argv]


@contextlib.contextmanager
def _started(
    root: Path, argv: Sequence[str], cwd: str, env: Mapping[str, str], cores: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """The guest, running; dead with all its children when the block is left."""
    command = _command(root, argv, cwd, env, _prepare(root))
    ours = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(ours)[:cores])  # inherited by the guest
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the host program, which ends the guest in order
        )
    finally:
        os.sched_setaffinity(0, ours)
    try:
        yield process
    finally:
        process.kill()
        _drain(process.stdout)
        process.wait()


def _drain(stream: IO[bytes] | None) -> None:
    """Wait until the last process of the guest is gone: each of them has the pipe open."""
    with contextlib.suppress(OSError, ValueError):
        while stream is not None and stream.read(1 << 16):
            pass


_probed: dict[int, bool] = {}


def _prepare(root: Path) -> bool:
    """Make the places to mount on, and find out whether to use a user namespace.

    True for a user namespace; False where only the machine's root may do without; else a UserError.
    """
    for needed in ("dev", "proc"):
        (root / needed).mkdir(exist_ok=True)
    user = os.geteuid()
    if user in _probed:
        return _probed[user]
    reason = ""
    for userns in (True, False) if user == 0 else (True,):
        answer = subprocess.run(
            _command(root, ["/"], "/", {}, userns),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        # Everything up to execve worked if that is what failed: "/" is no program.
        if "jail: exec /:" in answer.stderr:
            _probed[user] = userns
            return userns
        reason = reason or answer.stderr.strip().removeprefix("jail: ")
    raise UserError(f"cannot make a chroot: {reason or 'no answer'}", _advice(user))


def _advice(user: int) -> str:
    """The one command that helps."""
    if user == 0:
        return "this container or machine forbids namespaces even to root: run it elsewhere, or use --qemu"
    for path, forbids, setting in _SYSCTLS:
        with contextlib.suppress(OSError):
            if Path(path).read_text().strip() == forbids:
                return f"user namespaces are switched off here; switch them on: sudo sysctl {setting}"
    return "user namespaces are not allowed here; run it as root, or use --qemu"
