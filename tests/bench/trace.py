# SPDX-License-Identifier: GPL-3.0-or-later
"""System calls, page faults and memory of a guest in a chroot, step by step, counted with ptrace(2).

Counts, unlike times, do not depend on what else the machine is doing: they can be held to a budget. No other
program (strace, perf) is needed, and the guest runs as it always does, through lib/jail.py. Only amd64 Linux.

`python3 -m tests.bench.trace ROOT` is a process of its own, for it waits for every child that it has.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

from lib import chroot, jail
from tests.bench.sections import Sections

_TRACEME, _CONT, _SYSCALL, _SETOPTIONS = 0, 7, 24, 0x4200
_OPTIONS = 0x01 | 0x02 | 0x04 | 0x08 | 0x10 | 0x40 | 0x100000
"""TRACESYSGOOD, TRACEFORK, TRACEVFORK, TRACECLONE, TRACEEXEC, TRACEEXIT, EXITKILL."""
_SYSCALL_STOP = signal.SIGTRAP | 0x80
_EVENT_EXEC, _EVENT_EXIT = 4, 6

_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
_libc.ptrace.restype = ctypes.c_long


@dataclass
class Counts:
    """What the processes of a step did."""

    programs: int = 0
    """Successful execve calls."""
    system_calls: int = 0
    page_faults: int = 0
    """Minor ones; those of the step's own processes, without the runner that starts them."""
    memory: int = 0
    """Bytes: the most that all processes of the guest had at once (each counted with its own peak)."""


@dataclass
class _Process:
    system_calls: int = 0
    in_guest: bool = False
    """It, or one it descends from, has executed the guest's /init."""


@dataclass
class _Tracer:
    output: int
    """The read end of the guest's output: what was written is there before the writer goes on."""
    counts: dict[str, Counts] = field(default_factory=dict)
    processes: dict[int, _Process] = field(default_factory=dict)
    sections: Sections = field(default_factory=Sections)
    text: bytes = b""
    early: set[int] = field(default_factory=set)
    """Children that stopped at their start, of which no parent has told yet."""

    def run(self, first: int) -> None:
        """Follow the process and all its children to the script's end."""
        os.waitpid(first, 0)
        _ptrace(_SETOPTIONS, first, _OPTIONS)
        self.processes[first] = _Process()
        _ptrace(_CONT, first)
        while self.processes and not self.sections.ended:
            pid, status = os.waitpid(-1, 0x40000000)  # __WALL
            if os.WIFSTOPPED(status):
                self._stopped(pid, status)
            else:
                self.processes.pop(pid, None)

    def _stopped(self, pid: int, status: int) -> None:
        if pid not in self.processes:  # a child that stops before its parent has told of it: it has to wait
            self.early.add(pid)
            return
        process = self.processes[pid]
        stop, event, pass_on = os.WSTOPSIG(status), status >> 16, 0
        if stop == _SYSCALL_STOP:
            process.system_calls += 1
        elif event == _EVENT_EXEC:
            self._listen()
            process.in_guest = process.in_guest or Path(f"/proc/{pid}/cmdline").read_bytes() == b"/init\0"
            self._of_step().programs += process.in_guest
        elif event == _EVENT_EXIT:
            self._listen()
            self._exits(pid, process)
        elif event:
            child = ctypes.c_ulong()
            _ptrace(0x4201, pid, ctypes.addressof(child))  # GETEVENTMSG
            self.processes[child.value] = _Process(in_guest=process.in_guest)
            if child.value in self.early:
                self.early.remove(child.value)
                _ptrace(_SYSCALL if process.in_guest else _CONT, child.value)
        elif stop not in (signal.SIGSTOP, signal.SIGTRAP):
            pass_on = stop
        _ptrace(_SYSCALL if process.in_guest else _CONT, pid, pass_on)

    def _exits(self, pid: int, process: _Process) -> None:
        """A process is about to end: its memory is still there to be looked at."""
        if not process.in_guest:
            return
        counts = self._of_step()
        # Each system call stops twice, and the one that ends the process once.
        counts.system_calls += (process.system_calls + 1) // 2
        counts.page_faults += int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[7])
        alive = [number for number, each in self.processes.items() if each.in_guest]
        counts.memory = max(counts.memory, sum(_peak(number) for number in alive))

    def _of_step(self) -> Counts:
        return self.counts.setdefault(self.sections.current, Counts())

    def _listen(self) -> None:
        """Find the current step in what the guest has printed by now."""
        try:
            while data := os.read(self.output, 1 << 16):
                self.text += data
        except BlockingIOError:
            pass
        *lines, self.text = self.text.split(b"\n")
        for line in lines:
            self.sections.line(line.decode(errors="replace"))


def trace(root: Path) -> dict[str, Counts]:
    """Run the script in a root that is ready for it; the counts of each section, in their order."""
    command = [sys.executable, "-m", __name__, str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"the traced run failed: {done.stdout}{done.stderr}")
    return {section: Counts(**counts) for section, counts in json.loads(done.stdout).items()}


def main(root: str) -> None:
    """Trace, and print what `trace` reads."""
    read_end, write_end = os.pipe()
    os.set_blocking(read_end, False)
    # As lib/chroot.py does it, but for the one thing that it has no need of: to be traced from the start.
    path = Path(root)
    command = chroot._command(path, ["/init"], "/", {}, chroot._prepare(path))
    pid = os.fork()
    if pid == 0:
        try:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(write_end, 1)
            os.dup2(write_end, 2)
            _ptrace(_TRACEME, 0)
            os.execv(command[0], command)
        finally:
            os._exit(jail.SETUP_FAILED)
    os.close(write_end)
    tracer = _Tracer(read_end)
    tracer.run(pid)
    if not tracer.sections.ended:
        sys.exit(f"the guest ended in step {tracer.sections.current}")
    print(json.dumps({section: asdict(counts) for section, counts in tracer.counts.items()}))
    # The kernel ends what is left of the guest together with this process (EXITKILL).


def _peak(pid: int) -> int:
    """The most memory that a process had, in bytes; of one that is gone, none."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    peak = next((line for line in status.splitlines() if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(peak.split()[1]) << 10


def _ptrace(request: int, pid: int, data: int = 0) -> None:
    if _libc.ptrace(request, pid, None, ctypes.c_void_p(data)) < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"ptrace: {os.strerror(number)}")


if __name__ == "__main__":
    main(sys.argv[1])
