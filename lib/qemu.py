# SPDX-License-Identifier: GPL-3.0-or-later
"""The virtual machine as a vessel: a kernel, an initramfs whose /init is the seed, a serial console.

No other device; a disk, and with a prompt a network, only for the systems after sysa.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import sys
import tempfile
import termios
import time
import tty
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lib import initramfs, sizes
from lib.errors import UserError
from lib.kernel import Kernel, find
from lib.machine import Machine
from lib.meter import Usage
from lib.parcel import Packages
from lib.vessel import OnLine, Outcome

ACCELERATORS = ("auto", "kvm", "tcg")
_KVM = Path("/dev/kvm")
_KVM_SIGN_OF_LIFE = 5.0  # seconds to the first console output under KVM, before `auto` gives it up
_SILENCE = {"kvm": 120.0, "tcg": 300.0}
_PROTOCOL = "#: "  # how the lines begin that say how far the guest is; lib/console.py understands them
_FLOOD = 256 << 20  # bytes of console output between two lines of the protocol
_LONGEST_LINE = 1 << 16
_TICK = 0.25  # seconds between two looks at the machine
_LEAVE = b"\x1d"  # Ctrl-]

# quiet: the kernel's own messages would break the guest's lines in two; a panic is printed all the same.
# panic=-1: a panic restarts the machine at once, which -no-reboot turns into an event.
# rootfstype=ramfs: an initramfs in a tmpfs may fill only half of the memory.
# The rest is there for speed: two tenths of a second out of two under TCG. A word that the kernel does not
# know would become an argument of /init, which counts its arguments.
_COMMAND_LINE = "console=ttyS0 quiet panic=-1 rootfstype=ramfs acpi=off no_timer_check tsc=reliable"

# A fixed clock, and none of the devices that a user's configuration or a default would add.
_MACHINE = ["-machine", "pc", "-nodefaults", "-no-user-config", "-display", "none"]
_POLICY = ["-no-reboot", "-no-shutdown", "-rtc", "base=2000-01-01T00:00:00,clock=vm"]


@dataclass
class Qemu:
    """Boots the root directory that it is given. Fields are the user's wishes, checked by `check`."""

    kernel: Path | None = None
    accel: str = "auto"
    ram: str = ""  # as much as default_memory() says
    command: str = "qemu-system-x86_64"
    cores: int = 1
    silence: float | None = None
    say: Callable[[str], None] = lambda _line: None
    name: str = field(default="qemu", init=False)
    keeps_packages: bool = field(default=True, init=False)
    prompts_in_guest: bool = field(default=True, init=False)
    changes_kernel: bool = field(default=True, init=False)
    _disk: Path | None = field(default=None, init=False)
    _facts: dict[str, str] = field(default_factory=dict, init=False)
    _found: Kernel | None = field(default=None, init=False)
    _settled: str = field(default="", init=False)  # what `auto` came to, for the rest of this run

    def attach(self, disk: Path | None) -> None:
        """See Vessel."""
        self._disk = disk

    def usage(self) -> Usage | None:
        """The host sees the machine, not what runs in it."""
        return None

    def strays(self) -> list[str]:
        """As with usage."""
        return []

    @property
    def has_disk(self) -> bool:
        """Whether one is attached."""
        return self._disk is not None

    def facts(self) -> dict[str, str]:
        """Kernel, initramfs, accelerator and qemu, for the report."""
        return dict(self._facts)

    def __post_init__(self) -> None:
        """Nobody has said how much memory."""
        self.ram = self.ram or default_memory()

    def check(self) -> None:
        """Everything the user can get wrong, before anything else is done."""
        if self.accel not in ACCELERATORS:
            raise UserError(f"--accel {self.accel}: not one of {', '.join(ACCELERATORS)}")
        if self.accel == "kvm" and not _can_open(_KVM):
            raise UserError(f"{_KVM} cannot be opened by this user", "use --accel tcg, or join the group kvm")
        if self.cores < 1:
            raise UserError(f"--cores {self.cores}: must be at least 1")
        memory_size(self.ram)
        if shutil.which(self.command) is None:
            raise UserError(
                f"{self.command} was not found",
                "install it (apt-get install qemu-system-x86), or name it with --qemu-cmd",
            )
        if self._found is None:
            self._found = find(self.kernel, say=self.say)
            self._facts |= {
                "kernel": str(self._found.path),
                "kernel_version": self._found.version,
                "kernel_sha256": self._found.sha256,
            }

    def run(self, root: Path, on_line: OnLine, interactive: bool = False) -> Outcome:
        """See Vessel.run."""
        self.check()
        # An unlinked file: it is gone with this process. On the disk, for /tmp is often memory.
        folder = root.resolve().parent
        with tempfile.TemporaryFile(dir=folder) as image, tempfile.TemporaryFile(dir=folder) as stream:
            packages = Packages(stream, root)
            self._facts["initramfs_sha256"] = initramfs.write(root, image)
            image.flush()
            size = image.tell()
            # The archive and its contents are in memory at the same time while it is unpacked; to leave by
            # kexec takes the next archive, and a copy of it.
            times = 4 if self._disk else 2
            if memory_size(self.ram) < times * size + (128 << 20):
                raise UserError(
                    f"--qemu-ram {self.ram} is too little for an initramfs of {size >> 20} MiB",
                    f"give it at least {(times * size >> 20) + 256}M",
                )
            for accel in self._candidates():
                self._facts["accel"] = accel
                hopeful = accel == "kvm" and self.accel == "auto" and not self._settled
                packages.restart()
                run = _Run(self, accel, packages.before(on_line), interactive, self._silence(accel, hopeful))
                outcome = run.boot(image.fileno(), stream.fileno())
                self._facts["qemu"] = run.version
                if hopeful and not outcome.ended and not run.spoke:
                    self.say(
                        f"KVM cannot run this guest ({outcome.reason}); going on with TCG, which is slower"
                    )
                    continue
                self._settled = accel
                return outcome
        raise AssertionError("the last candidate is always settled for")

    def command_line(self, accel: str, image: int, network: bool = False) -> list[str]:
        """The qemu command for an initramfs that is open as `image`."""
        assert self._found is not None
        more = ["-nic", "user,model=virtio-net-pci" if network else "none"]
        if self._disk:
            name = str(self._disk).replace(",", ",,")
            drive = f"if=virtio,format=raw,cache=writeback,discard=unmap,file={name}"
            more += ["-drive", drive]
        return [
            self.command, *_MACHINE, *_POLICY,
            "-accel", accel, "-m", f"{memory_size(self.ram) >> 20}M", "-smp", str(self.cores),
            "-kernel", str(self._found.path), "-initrd", f"/proc/self/fd/{image}",
            "-append", _COMMAND_LINE, *more,
        ]  # fmt: skip

    def _candidates(self) -> list[str]:
        if self._settled:
            return [self._settled]
        if self.accel != "auto":
            return [self.accel]
        return ["kvm", "tcg"] if _can_open(_KVM) else ["tcg"]

    def _silence(self, accel: str, hopeful: bool) -> tuple[float, float]:
        """Seconds to wait for the first output, and for each further one."""
        later = self.silence or _SILENCE[accel]
        return (min(_KVM_SIGN_OF_LIFE, later) if hopeful else later), later


def default_memory() -> str:
    """What a guest gets if nobody has said how much: enough for GCC, if this machine has it twice."""
    there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return "4G" if there >= 7 << 30 else f"{there >> 21}M"


def memory_size(text: str) -> int:
    """Bytes of a size (see sizes.py) that a machine on this one can have."""
    size = sizes.parse(text, "--qemu-ram")
    if size < 128 << 20:
        raise UserError(f"--qemu-ram {text}: too little, at least 128M", sizes.HINT)
    there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if size > there:
        raise UserError(f"--qemu-ram {text}: this machine has only {there >> 20}M", sizes.HINT)
    return size


@dataclass
class _Run:
    """One boot, from the start of qemu to its end."""

    qemu: Qemu
    accel: str
    on_line: OnLine
    interactive: bool
    silence: tuple[float, float]
    version: str = ""
    spoke: bool = False  # whether a program of the guest's printed something
    panic: str = ""
    rest: bytes = b""  # the unfinished last line; after the guest's last word, what followed it
    flood: int = 0

    def boot(self, image: int, stream: int) -> Outcome:
        """Run until there is an outcome; qemu is gone afterwards.

        image: the initramfs; stream: where the packages go, both open files.
        """
        command = self.qemu.command_line(self.accel, image, self.interactive and self.qemu.has_disk)
        with Machine(command, inherit=[image], stream=stream) as machine:
            self.version = machine.version
            outcome = self._watch(machine)
            if outcome.ended and self.interactive:
                converse(machine, self.rest)
            return outcome

    @property
    def init_ended(self) -> bool:
        """Then the panic's own dump says nothing, and would hide the guest's last words in the log."""
        return self.panic.startswith("/init")

    def _watch(self, machine: Machine) -> Outcome:
        heard = looked = time.monotonic()
        while True:
            data = machine.read(_TICK)
            now = time.monotonic()
            if data:
                heard = now
                if self._take(data):
                    return Outcome(True)
                if self.init_ended:
                    return Outcome(False, self.panic)
            patience = self.silence[1 if self.spoke else 0]
            reason = ""
            if not data or now - looked >= _TICK:
                looked = now
                reason = self._look(machine, ended=data is None)
            if not reason and now - heard > patience:
                reason = f"nothing was printed for {patience:.0f} s"
            if not reason and self.flood > _FLOOD:
                reason = f"{_FLOOD >> 20} MiB were printed since the last step's message: garbage?"
            if reason:
                # What was printed before the end is still on its way.
                while late := machine.read(_TICK):
                    if self._take(late):
                        return Outcome(True)
                    if self.flood > 2 * _FLOOD:
                        break
                if self.rest and self._line(self.rest):
                    return Outcome(True)
                return Outcome(False, self.panic or reason)

    def _take(self, data: bytes) -> bool:
        """Pass on complete lines; True when the guest has said its last word."""
        self.flood += len(data)
        *lines, self.rest = (self.rest + data).split(b"\n")
        if len(self.rest) > _LONGEST_LINE:
            lines.append(self.rest)
            self.rest = b""
        for number, line in enumerate(lines, 1):
            if self._line(line):
                self.rest = b"\n".join([*lines[number:], self.rest])
                return True
            if self.init_ended:
                break
        return False

    def _line(self, raw: bytes) -> bool:
        line = _printable(raw)
        if not line.startswith("["):  # the kernel's lines begin with the time in brackets
            self.spoke = self.spoke or bool(line)
        if line.startswith(_PROTOCOL):
            self.flood = 0
        if not self.panic:
            self.panic = explain_panic(line)
        return self.on_line(line)

    def _look(self, machine: Machine, ended: bool) -> str:
        """What happened to the machine, if anything did."""
        for event in machine.events():
            if event["event"] == "SHUTDOWN":
                return {
                    "guest-reset": "the guest restarted the machine",
                    "guest-shutdown": "the guest switched the machine off",
                    "guest-panic": "the kernel panicked",
                }.get(event["data"]["reason"], f"the machine was shut down ({event['data']['reason']})")
            if event["event"] == "GUEST_PANICKED":
                return "the kernel panicked"
            if event["event"] == "STOP":
                return f"the machine stopped ({machine.status() or 'for no reason that QEMU gives'})"
        return (machine.post_mortem() or "qemu closed the console") if ended else ""


def explain_panic(line: str) -> str:
    """The reason in a line of a kernel's panic, or nothing."""
    found = re.search(r"Kernel panic - not syncing: (.*)", line)
    if found is None:
        return ""
    killed = re.search(r"Attempted to kill init! exitcode=0x([0-9a-f]{8})", line)
    if killed is not None:
        status = int(killed[1], 16)
        if status & 0x7F:
            return f"/init was killed by signal {status & 0x7F}"
        return f"/init ended with exit status {status >> 8}"
    return f"the kernel panicked: {found[1]}"


def converse(machine: Machine, shown: bytes) -> None:
    """Connect the terminal to the console until Ctrl-] is typed or the machine ends.

    `shown`: what the console printed already.
    """
    keyboard, screen = sys.stdin.fileno(), sys.stdout.fileno()
    before = termios.tcgetattr(keyboard) if os.isatty(keyboard) else None
    try:
        if before is not None:
            os.write(screen, b"(Ctrl-] leaves)\n")
            tty.setraw(keyboard)
        os.write(screen, shown)
        watched = [keyboard, machine.console_fileno()]
        while True:
            ready, _, _ = select.select(watched, [], [], _TICK)
            if keyboard in ready:
                typed = os.read(keyboard, 4096)
                machine.type(typed.split(_LEAVE)[0])
                if _LEAVE in typed:
                    return
                if not typed:  # not a terminal: the input is at its end, the answers are not
                    watched.remove(keyboard)
            if machine.console_fileno() in ready:
                data = machine.read(0)
                if data is None:
                    return
                shown, panic, _ = data.partition(b"Kernel panic")
                os.write(screen, shown)
                if panic:  # the last program has ended
                    return
            if any(event["event"] in ("SHUTDOWN", "STOP") for event in machine.events()):
                return
    finally:
        if before is not None:
            termios.tcsetattr(keyboard, termios.TCSADRAIN, before)
            os.write(screen, b"\n")


def _can_open(path: Path) -> bool:
    return os.access(path, os.R_OK | os.W_OK)


def _printable(raw: bytes) -> str:
    """A console line as text: escapes for what is not UTF-8 and for control characters other than tabs."""
    text = raw.rstrip(b"\r").decode(errors="backslashreplace")
    return "".join(c if c.isprintable() or c == "\t" else c.encode("unicode_escape").decode() for c in text)
