# SPDX-License-Identifier: GPL-3.0-or-later
"""The virtual machine with guests of one small program each, under TCG."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from lib import deps
from lib.errors import UserError
from lib.qemu import Qemu
from lib.vessel import Outcome
from tests.e2e import cli

TOP = Path(__file__).resolve().parents[2]

pytestmark = [
    pytest.mark.skipif(shutil.which("qemu-system-x86_64") is None, reason="qemu is not installed"),
    pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed"),
    pytest.mark.timeout(300),
]

HEAD = """
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <unistd.h>
static void say(const char *text) { write(1, text, strlen(text)); }
"""
GOOD = r'say("#: step one\n"); say("#: done one 00\n#: end\n"); for (;;) pause();'

Boot = Callable[..., tuple[Outcome, list[str]]]


@pytest.fixture
def guest(tmp_path: Path) -> Callable[[str], Path]:
    """Make a root whose /init is a C program with this main()."""

    def make(body: str) -> Path:
        root = tmp_path / "root"
        root.mkdir()
        source = tmp_path / "init.c"
        source.write_text(f"{HEAD}int main(void) {{ {body} }}\n")
        subprocess.run(["gcc", "-static", "-w", "-O1", "-o", root / "init", source], check=True)
        return root

    return make


@pytest.fixture
def boot(guest: Callable[[str], Path]) -> Boot:
    def run(body: str, **wishes: object) -> tuple[Outcome, list[str]]:
        root = guest(body)
        vessel = Qemu(**{"accel": "tcg", "silence": 60.0, **wishes})  # type: ignore[arg-type]
        lines: list[str] = []

        def on_line(line: str) -> bool:
            lines.append(line)
            return line == "#: end"

        outcome = vessel.run(root, on_line)
        assert list(root.parent.glob("*.cpio*")) == []
        assert "qemu-system-x86" not in children()
        return outcome, lines

    return run


def children() -> list[str]:
    """Processes of this one's that are still there."""
    listing = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text()
    return [Path(f"/proc/{pid}/comm").read_text().strip() for pid in listing.split()]


def test_a_guest_that_ends_well(guest: Callable[[str], Path]) -> None:
    root = guest(GOOD)
    vessel = Qemu(accel="tcg")
    lines: list[str] = []
    outcome = vessel.run(root, lambda line: lines.append(line) or line == "#: end")  # type: ignore[func-returns-value]
    assert outcome == Outcome(True)
    assert lines == ["#: step one", "#: done one 00", "#: end"]
    facts = vessel.facts()
    assert facts["accel"] == "tcg"
    assert len(facts["kernel_sha256"]) == len(facts["initramfs_sha256"]) == 64


def test_what_the_guest_finds(boot: Boot) -> None:
    """One argument (the seed counts them), / as directory, the devices, no other files."""
    _, lines = boot(
        r"""
        static char text[4096];
        struct stat s;
        int n, f;
        printf("cwd %s\n", getcwd(text, sizeof text));
        mkdir("/proc", 0755);
        if (mount("proc", "/proc", "proc", 0, 0)) return 9;
        f = open("/proc/self/cmdline", O_RDONLY);
        n = read(f, text, sizeof text);
        printf("cmdline %d %s\n", n, text);
        printf("null %d\n", stat("/dev/null", &s) == 0 && S_ISCHR(s.st_mode) && s.st_rdev == 0x103);
        printf("ttyS1 %d\n", open("/dev/ttyS1", O_WRONLY | O_NONBLOCK) >= 0);
        printf("#: end\n");
        fflush(stdout);
        for (;;) pause();
        """
    )
    assert lines == ["cwd /", "cmdline 6 /init", "null 1", "ttyS1 1", "#: end"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param('say("#: step one\\n"); return 3;', "/init ended with exit status 3", id="exits"),
        pytest.param(
            'say("#: step one\\n"); *(volatile char *)8 = 1;', "/init was killed by signal 11", id="dies"
        ),
        pytest.param(
            'say("#: step one\\n"); reboot(RB_AUTOBOOT);', "the guest restarted the machine", id="reboots"
        ),
        pytest.param(
            'say("#: step one\\n"); mkdir("/proc", 0755); mount("p", "/proc", "proc", 0, 0);'
            'write(open("/proc/sysrq-trigger", O_WRONLY), "c", 1); for (;;) pause();',
            "the kernel panicked: sysrq triggered crash",
            id="panics",
        ),
    ],
)
def test_a_guest_that_ends_badly(boot: Boot, body: str, reason: str) -> None:
    outcome, lines = boot(body)
    assert outcome == Outcome(False, reason)
    assert lines[0] == "#: step one"
    if reason.startswith("/init"):
        assert "Kernel panic" in lines[-1]  # the kernel's dump is left out


def test_a_guest_that_hangs(boot: Boot) -> None:
    outcome, lines = boot('say("#: step one\\n"); for (;;) pause();', silence=4.0)
    # Booting may itself take longer than that where other things run; the message is the same.
    assert outcome == Outcome(False, "nothing was printed for 4 s")
    assert lines in ([], ["#: step one"])


def test_garbage_is_escaped_and_does_no_harm(boot: Boot) -> None:
    outcome, lines = boot(
        r"""
        static char noise[300000];
        unsigned x = 1;
        for (int i = 0; i < sizeof noise; i++) { x = x * 1103515245 + 12345; noise[i] = x >> 24; }
        write(1, noise, sizeof noise);
        say("\n#: end\n");
        for (;;) pause();
        """
    )
    assert outcome == Outcome(True)
    assert lines[-1] == "#: end"
    assert all(c.isprintable() or c == "\t" for line in lines for c in line)


def test_a_flood_of_garbage_is_stopped(boot: Boot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.qemu._FLOOD", 1 << 20)
    outcome, lines = boot(r"static char x[4096]; memset(x, 0xff, 4096); for (;;) write(1, x, 4096);")
    assert outcome == Outcome(False, "1 MiB were printed since the last step's message: garbage?")
    assert len(lines) > 1  # a line without an end is cut


def test_an_unfinished_last_line_is_passed_on(boot: Boot) -> None:
    outcome, lines = boot('say("#: step one\\nno end"); sleep(1); reboot(RB_AUTOBOOT);')
    assert outcome == Outcome(False, "the guest restarted the machine")
    assert "no end" in lines[1]


def test_no_init(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    outcome = Qemu(accel="tcg").run(root, lambda line: line == "#: end")
    assert not outcome.ended
    assert outcome.reason.startswith("the kernel panicked:")


def test_a_qemu_that_is_none(guest: Callable[[str], Path]) -> None:
    outcome = Qemu(accel="tcg", command="/bin/false").run(guest(GOOD), lambda line: False)
    assert outcome == Outcome(False, "qemu ended with exit status 1")


def test_a_qemu_that_refuses(guest: Callable[[str], Path], tmp_path: Path) -> None:
    fussy = tmp_path / "qemu"
    fussy.write_text("#!/bin/sh\necho 'qemu: warning: odd' >&2\necho 'qemu: no such machine' >&2\nexit 1\n")
    fussy.chmod(0o755)
    outcome = Qemu(accel="tcg", command=str(fussy)).run(guest(GOOD), lambda line: False)
    assert outcome == Outcome(False, "qemu ended with exit status 1: qemu: no such machine")


def test_a_qemu_that_is_killed(guest: Callable[[str], Path]) -> None:
    def on_line(line: str) -> bool:
        for qemu in Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split():
            os.kill(int(qemu), signal.SIGKILL)
        return False

    outcome = Qemu(accel="tcg").run(guest(GOOD), on_line)
    assert outcome == Outcome(False, "qemu was killed by SIGKILL")


def test_too_little_memory(guest: Callable[[str], Path]) -> None:
    root = guest(GOOD)
    with (root / "big").open("wb") as big:
        big.truncate(64 << 20)
    with pytest.raises(UserError, match=r"too little for an initramfs of 6[0-9] MiB"):
        Qemu(accel="tcg", ram="128M").run(root, lambda line: False)


FAKE = """#!{python}
import os, sys
if "kvm" in sys.argv:
    {with_kvm}
os.execvp("qemu-system-x86_64", sys.argv)
"""


@pytest.mark.parametrize(
    ("with_kvm", "why"),
    [
        pytest.param("sys.exit('no virtualisation')", "exit status 1: no virtualisation", id="dies"),
        # -S: the processors are never started
        pytest.param(
            "sys.argv[sys.argv.index('kvm')] = 'tcg'; sys.argv.append('-S')",
            "nothing was printed",
            id="silent",
        ),
    ],
)
def test_auto_falls_back_where_kvm_does_not_work(
    guest: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_kvm: str, why: str
) -> None:
    root = guest(GOOD)
    opens = tmp_path / "kvm"
    opens.write_text("")
    monkeypatch.setattr("lib.qemu._KVM", opens)
    monkeypatch.setattr("lib.qemu._KVM_SIGN_OF_LIFE", 1.0)
    fake = tmp_path / "qemu"
    fake.write_text(FAKE.format(python=sys.executable, with_kvm=with_kvm))
    fake.chmod(0o755)
    said: list[str] = []
    vessel = Qemu(accel="auto", command=str(fake), say=said.append)
    for _ in range(2):  # what was found out holds for the second boot, too
        assert vessel.run(root, lambda line: line == "#: end") == Outcome(True)
        assert vessel.facts()["accel"] == "tcg"
    [note] = [line for line in said if "KVM" in line]
    assert why in note
    assert "going on with TCG" in note


@pytest.mark.skipif(not os.access("/dev/kvm", os.R_OK | os.W_OK), reason="/dev/kvm cannot be opened")
def test_auto_ends_well_on_this_machine(guest: Callable[[str], Path]) -> None:
    """Whether its KVM works or not."""
    assert Qemu(accel="auto").run(guest(GOOD), lambda line: line == "#: end") == Outcome(True)


INTERACTIVE = """
import sys
from pathlib import Path
from lib.qemu import Qemu
print(Qemu(accel="tcg").run(Path(sys.argv[1]), lambda line: line == "#: end", interactive=True))
"""


@pytest.mark.parametrize("leave", ["quit", "\x1d"])
def test_the_terminal_is_connected_to_the_prompt(guest: Callable[[str], Path], leave: str) -> None:
    root = guest(
        r"""
        static char line[100];
        say("#: end\nready> ");
        while (fgets(line, sizeof line, stdin) && strcmp(line, "quit\n")) {
            line[strcspn(line, "\n")] = 0;
            printf("<%s>\nready> ", line);
            fflush(stdout);
        }
        return 0;
        """
    )
    host = pexpect.spawn(sys.executable, ["-c", INTERACTIVE, str(root)], cwd=str(TOP), timeout=60, echo=False)
    host.expect_exact("ready> ")
    host.send("hello\r")
    host.expect_exact("<hello>")
    host.expect_exact("ready> ")
    host.send(leave + ("" if leave == "\x1d" else "\r"))
    host.expect_exact("Outcome(ended=True, reason='')")
    host.expect(pexpect.EOF)
    assert "panic" not in str(host.before)
    host.close()


HOST = """
import sys
from pathlib import Path
from lib.qemu import Qemu
def on_line(line):
    print(line, flush=True)
    return False
Qemu(accel="tcg").run(Path(sys.argv[1]), on_line)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_stays_when_the_host_is_stopped(guest: Callable[[str], Path], how: signal.Signals) -> None:
    root = guest('say("#: step one\\n"); for (;;) pause();')
    command = [sys.executable, "-c", HOST, str(root)]
    host = subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert host.stdout is not None
    assert host.stdout.readline() == "#: step one\n"
    [qemu] = Path(f"/proc/{host.pid}/task/{host.pid}/children").read_text().split()
    host.send_signal(how)
    host.wait(30)
    host.stdout.close()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{qemu}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{qemu}").exists()
    assert sorted(path.name for path in root.parent.iterdir()) == ["init.c", "root"]


def test_it_goes_on_after_the_last_finished_step(tmp_path: Path) -> None:
    """What one machine has built comes out of it, and the next one begins with it."""
    cache = tmp_path / "cache"
    distfiles = str(deps.cache() / "distfiles")

    def steps(until: str) -> dict[str, str]:
        target = tmp_path / "target"
        arguments = ["--qemu", "--accel", "tcg", "--until", until, "--target", str(target)]
        cache.mkdir(exist_ok=True)
        done = cli.run(cli.BASE, *arguments, "--distfiles", distfiles, cache=cache)
        assert done.returncode == 0, done.stderr + done.stdout
        report = json.loads((target / "report.json").read_text())
        return {step["name"]: step["result"] for step in report["steps"]}

    first = steps("tools")
    assert set(first.values()) == {"given", "built"}
    then = steps("tcc-0.9.27")
    assert then == {name: "given" if name == "seed" else "stored" for name in first} | {"tcc-0.9.27": "built"}
    assert (tmp_path / "target/root/usr/bin/tcc").exists()
