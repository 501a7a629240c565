# SPDX-License-Identifier: GPL-3.0-or-later
"""One qemu process with its serial console (pexpect) and its monitor (qemu.qmp), both over inherited sockets.

Nothing of it has a name in the file system, and the kernel ends the process when this program dies, so
that nothing is left however the run ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar, cast

import pexpect
from pexpect.fdpexpect import fdspawn
from qemu.qmp import QMPClient, QMPError

_T = TypeVar("_T")

_ANSWER = 30.0  # seconds within which the monitor answers, on a machine that has other things to do
_GONE = (QMPError, OSError, EOFError, TimeoutError)
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)

# The library logs lost connections, which is how every machine ends here.
logging.getLogger("qemu.qmp").setLevel(logging.CRITICAL + 1)


class Machine:
    """A context manager: inside it qemu runs, after it there is no process and no open file."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        inherit: Sequence[int] = (),
        stream: int | None = None,
    ) -> None:
        """`command` without console and monitor; `inherit`: open files that it names as /proc/self/fd/N.

        stream: an open file that gets what the guest writes to its second serial port.
        """
        self._console, console_end = socket.socketpair()
        self._control, control_end = socket.socketpair()
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 (closed by _close)
        self.version = ""
        self._loop = asyncio.new_event_loop()
        self._qmp = QMPClient("seedroot")
        with console_end, control_end:
            console = [*_channel("console", console_end), "-serial", "chardev:console"]
            control = [*_channel("control", control_end), "-mon", "chardev=control,mode=control"]
            second: list[str] = []
            if stream is not None:
                path = f"/proc/self/fd/{stream}"
                second = ["-chardev", f"file,id=packages,path={path}", "-serial", "chardev:packages"]
                inherit = [*inherit, stream]
            self._process = subprocess.Popen(
                [*command, *console, *second, *control],
                stdin=subprocess.DEVNULL,
                stdout=self._stderr,
                stderr=self._stderr,
                pass_fds=[*inherit, console_end.fileno(), control_end.fileno()],
                start_new_session=True,  # Ctrl-C is for this program, which then stops qemu
                preexec_fn=_die_with_parent,  # noqa: PLW1509 (one system call, no locks)
            )
        self._spawn = fdspawn(self._console.fileno(), maxread=1 << 16, use_poll=True)

    def __enter__(self) -> Self:
        """Wait for the monitor. Raises QMPError or OSError if there is none: `post_mortem` says why."""
        try:
            self._sync(self._qmp.connect(self._control))
        except _GONE:
            # An ended process is for the caller to explain; `read` finds the console closed.
            if self._wait(1.0) is None:
                self._process.kill()
        except BaseException:
            self._close()
            raise
        else:
            if self._qmp.greeting is not None:
                version = cast(dict[str, int], self._qmp.greeting.QMP.version["qemu"])
                self.version = f"{version['major']}.{version['minor']}.{version['micro']}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ask qemu to quit; if it does not, end it."""
        if kind is None:
            with contextlib.suppress(*_GONE):
                self._sync(self._qmp.execute("quit"), 5.0)
            self._wait(5.0)
        self._close()

    def read(self, seconds: float) -> bytes | None:
        """What the console printed; empty if nothing came in that time, None if there will be no more."""
        try:
            # Without an encoding pexpect gives bytes, whatever its type says.
            return cast(bytes, self._spawn.read_nonblocking(1 << 16, seconds))
        except pexpect.TIMEOUT:
            return b""
        except (pexpect.EOF, OSError):
            return None

    def type(self, data: bytes) -> None:
        """Send bytes to the console."""
        with contextlib.suppress(OSError):
            self._spawn.send(data)

    def console_fileno(self) -> int:
        """For select()."""
        return self._console.fileno()

    def events(self) -> list[dict[str, Any]]:
        """What happened to the machine since the last call."""
        with contextlib.suppress(*_GONE):
            self._sync(asyncio.sleep(0.005))  # lets the library read its socket
        return [dict(event) for event in self._qmp.events.clear()]

    def status(self) -> str:
        """QEMU's word for the machine's state: running, internal-error, ...; empty if it cannot be had."""
        try:
            answer = self._sync(self._qmp.execute("query-status"))
        except _GONE:
            return ""
        return str(answer["status"]) if isinstance(answer, dict) else ""

    def post_mortem(self) -> str:
        """If the process has ended: how, in one line; otherwise nothing."""
        status = self._wait(1.0)
        if status is None:
            return ""
        if status < 0:
            how = f"qemu was killed by {signal.Signals(-status).name}"
        else:
            how = f"qemu ended with exit status {status}"
        self._stderr.seek(0)
        lines = self._stderr.read().decode(errors="backslashreplace").split("\n")
        said = [line.strip() for line in lines if line.strip() and "warning:" not in line]
        return f"{how}: {said[-1]}" if said else how

    def _wait(self, seconds: float) -> int | None:
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def _sync(self, coroutine: Coroutine[Any, Any, _T], seconds: float = _ANSWER) -> _T:
        return self._loop.run_until_complete(asyncio.wait_for(coroutine, seconds))

    def _close(self) -> None:
        steps: list[Callable[[], object]] = [
            self._process.kill,
            self._process.wait,
            lambda: self._sync(self._qmp.disconnect(), 5.0),
            self._loop.close,
            self._console.close,
            self._control.close,
            self._stderr.close,
        ]
        for step in steps:
            with contextlib.suppress(*_GONE):
                step()


def _channel(name: str, end: socket.socket) -> list[str]:
    return ["-chardev", f"socket,id={name},fd={end.fileno()}"]


def _die_with_parent() -> None:
    """In the child, before exec: the kernel sends SIGKILL when this program dies, be it by kill -9."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
