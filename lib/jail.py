# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts a program in namespaces of its own:

    python3 -IS jail.py USERNS TERMINAL ROOT CWD [NAME=VALUE...] -- PROGRAM ARG...


A process of its own, so that it may call unshare(2) and fork(2) without the host program's threads, and
so that nothing of Python is in the guest: its child becomes process 1 of a new process namespace and
executes PROGRAM. When that ends, or this process is killed (the kernel then kills the child, and with it
the whole namespace), every process and mount of the guest is gone.

Python 3.11 has no os.unshare; the few system calls are made through libc: by ctypes, or where Python is a
static program, as in sysc, by a module built into it. Only the standard library.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import socket
import sys

try:
    import ctypes

    _libc, _errno, _flags = ctypes.CDLL(None, use_errno=True), ctypes.get_errno, ctypes.c_ulong
except ImportError:  # sysc/steps/python-3.13.5/files/_libc.c
    import _libc  # type: ignore[import-not-found,no-redef]

    _errno, _flags = _libc.get_errno, int  # type: ignore[assignment]

SETUP_FAILED = 125
"""Exit status when the guest could not be started; the reason stands on the error output."""
HOSTNAME = "seedroot"
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")

_CLONE_NEWNS, _CLONE_NEWCGROUP, _CLONE_NEWUTS = 0x00020000, 0x02000000, 0x04000000
_CLONE_NEWIPC, _CLONE_NEWUSER, _CLONE_NEWPID, _CLONE_NEWNET = 0x08000000, 0x10000000, 0x20000000, 0x40000000
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REMOUNT = 1, 2, 4, 8, 32
_MS_BIND, _MS_REC, _MS_PRIVATE = 1 << 12, 1 << 14, 1 << 18
_MNT_DETACH = 2
_PR_SET_PDEATHSIG, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 1, 24, 38
_KEPT_CAPABILITIES = frozenset({0, 1, 3, 4, 5, 6, 7})
"""chown, dac_override, fowner, fsetid, kill, setgid, setuid: what installing files can need."""
_SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41, "i686": 217}


def _call(what: str, result: int) -> None:
    """Raise for a system call that failed."""
    if result != 0:
        number = _errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _mount(source: str, to: str, kind: str | None, flags: int, options: str | None = None) -> None:
    result = _libc.mount(
        source.encode(),
        os.fsencode(to),
        kind.encode() if kind else None,
        _flags(flags),
        options.encode() if options else None,
    )
    _call(f"mount {to}", result)


def _die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends."""
    _call("prctl", _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0))


def _has_hung_up(pipe: int) -> bool:
    """Whether nobody has the other end of a pipe open any more."""
    poll = select.poll()
    poll.register(pipe, 0)
    return bool(poll.poll(0))


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:  # noqa: PTH123 - a start in milliseconds: no pathlib
        file.write(text)


def _unshare(userns: bool) -> None:
    """Leave the host's namespaces; inside a user namespace, become its user 0."""
    flags = _CLONE_NEWNS | _CLONE_NEWCGROUP | _CLONE_NEWUTS | _CLONE_NEWIPC | _CLONE_NEWPID | _CLONE_NEWNET
    uid, gid = os.geteuid(), os.getegid()
    _call("unshare", _libc.unshare(flags | (_CLONE_NEWUSER if userns else 0)))
    if userns:
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"0 {uid} 1")
        _write("/proc/self/gid_map", f"0 {gid} 1")


def _enter(root: str) -> None:
    """Make `root` the root of this mount namespace, with its own /dev and /proc, and forget the host's."""
    _mount("none", "/", None, _MS_REC | _MS_PRIVATE)
    _mount(root, root, None, _MS_BIND | _MS_REC)
    os.chdir(root)
    _mount("dev", "dev", "tmpfs", _MS_NOSUID | _MS_NOEXEC, "mode=0755,size=64k")
    for device in DEVICES:
        _write(f"dev/{device}", "")
        _mount(f"/dev/{device}", f"dev/{device}", None, _MS_BIND)
    quiet = _MS_NOSUID | _MS_NOEXEC | _MS_NODEV
    _mount("proc", "proc", "proc", quiet)
    # If the guest's user 0 is the machine's, the kernel's knobs are its own, user namespace or not.
    for knob in ("proc/sys", "proc/sysrq-trigger"):
        if os.path.exists(knob):  # noqa: PTH110
            _mount(knob, knob, None, _MS_BIND)
            # A remount must keep what the mount has already, or it is refused in a user namespace.
            _mount("none", knob, None, _MS_REMOUNT | _MS_BIND | _MS_RDONLY | quiet)
    _call("pivot_root", _libc.syscall(_SYS_PIVOT_ROOT[os.uname().machine], b".", b"."))
    _call("umount", _libc.umount2(b".", _MNT_DETACH))
    os.chdir("/")


def _confine() -> None:
    """Fixed surroundings; no capability beyond those for files."""
    socket.sethostname(HOSTNAME)
    os.umask(0o022)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_DFL)  # Python ignores SIGPIPE, which exec would pass on
    for capability in range(64):
        if capability not in _KEPT_CAPABILITIES:
            _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)  # fails beyond the kernel's last: ignored
    _call("prctl", _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    os.closerange(3, 4096)


def main(argv: list[str]) -> int:
    """Run the program; returns its exit status (128 + N for signal N)."""
    userns, terminal, root, cwd = argv[1] == "1", argv[2] == "1", argv[3], argv[4]
    end = argv.index("--")
    environment, program = dict(word.split("=", 1) for word in argv[5:end]), argv[end + 1 :]
    parent = os.getppid()
    try:
        _die_with_parent()
        if os.getppid() != parent:
            return SETUP_FAILED
        _unshare(userns)
        read_end, write_end = os.pipe()
        child = os.fork()
        if child == 0:
            _die_with_parent()
            os.close(write_end)
            if _has_hung_up(read_end):  # the parent ended before it was watched
                os._exit(SETUP_FAILED)
            _enter(root)
            _confine()
            os.chdir(cwd)
            if not terminal:
                os.setsid()
            try:
                os.execve(program[0], program, environment)
            except OSError as error:
                raise OSError(error.errno, f"exec {program[0]}: {error.strerror}") from None
    except OSError as error:
        text = error.strerror if error.filename is None else f"{error.filename}: {error.strerror}"
        print(f"jail: {text}", file=sys.stderr, flush=True)
        os._exit(SETUP_FAILED)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv))
