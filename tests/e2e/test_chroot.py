# SPDX-License-Identifier: GPL-3.0-or-later
"""The chroot: what a guest in it can see, and that nothing of it stays.

The guests are small static programs made by the host's gcc; they run as root without a user namespace, as
root in one, and as an ordinary user.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest

from lib import chroot, deps, jail, layout, plan, sources
from lib.errors import UserError
from lib.monitor import Silent
from lib.run import Run
from tests.e2e import cli

LAST = "hello"
"""The chain up to here takes seconds, whatever comes after it."""
PROBE = r"""
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void list(const char *name, const char *path) {
    struct dirent *entry;
    DIR *dir = opendir(path);
    printf("\"%s\": [", name);
    for (int first = 1; dir && (entry = readdir(dir)); first = 0)
        printf("%s\"%s\"", first ? "" : ", ", entry->d_name);
    printf("],\n");
    if (dir)
        closedir(dir);
}

/* Only opens: what is written to a knob stays there, for the whole machine. */
static int opens(const char *path) {
    return open(path, O_WRONLY) >= 0;
}

static int writes(const char *path) {
    int fd = open(path, O_WRONLY);
    return fd >= 0 && write(fd, "x", 1) == 1;
}

int main(int argc, char **argv, char **env) {
    char host[65], line[512], cwd[4096];
    struct sockaddr_in somewhere = {AF_INET, htons(80)};
    int count = 0;
    inet_aton("127.0.0.1", &somewhere.sin_addr);
    while (env[count])
        count++;
    gethostname(host, sizeof host);
    printf("{\"uid\": %d, \"pid\": %d, \"host\": \"%s\", \"env\": %d,\n", getuid(), getpid(), host, count);
    printf("\"cwd\": \"%s\", \"umask\": %d,\n", getcwd(cwd, sizeof cwd), umask(0));
    list("root", "/");
    list("above", "/../../..");
    list("dev", "/dev");
    list("fds", "/proc/self/fd");
    list("interfaces", "/proc/sys/net/ipv4/conf");
    printf("\"mounts\": [");
    FILE *mounts = fopen("/proc/self/mounts", "r");
    for (int first = 1; mounts && fgets(line, sizeof line, mounts); first = 0)
        printf("%s\"%s\"", first ? "" : ", ", strtok(strchr(line, ' ') + 1, " "));
    printf("],\n\"stdin\": %d, \"tty\": %d,\n", (int)read(0, line, 1), open("/dev/tty", O_RDWR) >= 0);
    printf("\"null\": %d, \"full\": %d,\n", writes("/dev/null"), writes("/dev/full"));
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    printf("\"connects\": %d,\n", connect(fd, (void *)&somewhere, sizeof somewhere) == 0);
    printf("\"unlinks\": %d,\n", unlink("/dev/null") == 0);
    printf("\"mounts it\": %d,\n", mount("x", "/tmp", "tmpfs", 0, 0) == 0);
    printf("\"escapes\": %d,\n", mkdir("/in", 0755) == 0 && chroot("/in") == 0);
    printf("\"knobs\": %d,\n", opens("/proc/sys/kernel/core_pattern") || opens("/proc/sysrq-trigger"));
    printf("\"nodes\": %d}\n", mknod("/tmp/disk", S_IFBLK | 0600, 8 << 8) == 0);
    return 0;
}
"""

SLEEPER = r"""
#include <stdio.h>
#include <unistd.h>
int main(int argc, char **argv) {
    if (fork() == 0 && fork() == 0) { setsid(); for (;;) pause(); }
    printf("#: step one\n");
    fflush(stdout);
    for (;;) pause();
}
"""


def build(code: str, out: Path) -> None:
    """A static program."""
    source = out.with_suffix(".c")
    source.write_text(code)
    subprocess.run(["gcc", "-static", "-O1", "-w", "-o", out, source], check=True)
    source.unlink()


@pytest.fixture(scope="module")
def guest() -> Iterator[Path]:
    """A root with the programs, in a folder that ordinary users can write."""
    with cli.open_folder() as folder:
        root = folder / "root"
        for name in ("bin", "tmp", "dev", "proc"):
            (root / name).mkdir(parents=True)
        build(PROBE, root / "bin/probe")
        build(SLEEPER, root / "init")
        # The checkout and the tests' Python may be where only root can look.
        shutil.copytree(cli.BASE / "lib", folder / "lib", ignore=shutil.ignore_patterns("__pycache__"))
        if os.geteuid() == 0:
            for path in [root, *root.rglob("*")]:
                os.chown(path, cli.NOBODY, cli.NOBODY)
        yield root


PYTHON = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable
"""The system's Python, which every user may start."""
LIKE_SYSC = """
import runpy, sys
sys.modules["ctypes"] = None
sys.path.append(sys.argv[1])
del sys.argv[:2]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
"""Runs a program as the Python of sysc would: no ctypes, but `_libc`, from the folder that is given."""


def static(folder: Path) -> list[str]:
    """What to put between Python and jail.py to have it run as in sysc."""
    include = Path(
        subprocess.check_output(
            [PYTHON, "-c", "import sysconfig as s; print(s.get_path('include'))"], text=True
        ).strip()
    )
    if not (include / "Python.h").exists():
        pytest.skip(f"no {include}/Python.h (Debian's package python3-dev) to compile a module with")
    module = folder / "libc/_libc.so"
    module.parent.mkdir(exist_ok=True)
    source = cli.BASE / "sysc/steps/python-3.13.5/files/_libc.c"
    subprocess.run(["gcc", "-shared", "-fPIC", f"-I{include}", "-o", module, source], check=True)
    return ["-c", LIKE_SYSC, str(module.parent)]


def jailed(
    root: Path, userns: bool, program: str, user: bool = False, like_sysc: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run a program through jail.py itself, with the system's Python."""
    where = [str(int(userns)), "0", str(root), "/tmp"]
    start = static(root.parent) if like_sysc else []
    command = [PYTHON, "-IS", *start, str(root.parent / "lib/jail.py"), *where, "--", program]
    return subprocess.run(
        [*(cli.as_user() if user else []), *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env={"SECRET": "x", "PATH": "/bin"},
    )


ways = [
    pytest.param({"userns": True, "user": True}, id="user"),
    pytest.param({"userns": True, "user": False}, id="root in a user namespace"),
    pytest.param({"userns": False, "user": False}, id="root"),
    pytest.param({"userns": True, "user": True, "like_sysc": True}, id="user, Python as in sysc"),
    pytest.param({"userns": False, "user": False, "like_sysc": True}, id="root, Python as in sysc"),
]


@pytest.mark.parametrize("way", ways)
def test_the_guest_sees_nothing_of_the_host(guest: Path, way: dict[str, bool]) -> None:
    if os.geteuid() != 0 and not way["userns"]:
        pytest.skip("only root can do without a user namespace")
    (guest / "in").rmdir() if (guest / "in").exists() else None
    if not way["user"]:
        os.chown(guest, os.geteuid(), os.getegid())
    done = jailed(guest, program="/bin/probe", **way)
    assert done.stderr == ""
    seen = json.loads(done.stdout)
    assert (seen["uid"], seen["pid"], seen["host"], seen["env"]) == (0, 1, "seedroot", 0)
    assert (seen["cwd"], seen["umask"]) == ("/tmp", 0o022)
    assert set(seen["root"]) == set(seen["above"]) == {".", "..", "bin", "dev", "init", "proc", "tmp"}
    assert set(seen["dev"]) == {".", "..", *jail.DEVICES}
    assert set(seen["fds"]) == {".", "..", "0", "1", "2", "3"}  # 3 is the listing itself
    assert set(seen["interfaces"]) <= {".", "..", "all", "default", "lo"}
    own = {
        "/",
        "/dev",
        "/proc",
        "/proc/sys",
        "/proc/sysrq-trigger",
        *(f"/dev/{name}" for name in jail.DEVICES),
    }
    assert set(seen["mounts"]) <= own
    assert (seen["stdin"], seen["tty"], seen["null"], seen["full"]) == (0, 0, 1, 0)
    for forbidden in ("connects", "unlinks", "mounts it", "escapes", "knobs", "nodes"):
        assert seen[forbidden] == 0, forbidden
    assert list((guest / "dev").iterdir()) == []
    assert list((guest / "proc").iterdir()) == []


def test_run_gives_status_and_output(guest: Path) -> None:
    done = chroot.run(guest, ["/bin/probe"])
    assert done.status == 0
    assert json.loads(done.output)["env"] == 0
    done = chroot.run(guest, ["/bin/probe", "a=b", "--"], cwd="/bin", env={"A": "1=2", "B": ""})
    assert (json.loads(done.output)["env"], json.loads(done.output)["cwd"]) == (2, "/bin")
    assert chroot.run(guest, ["/bin/none"]).status == jail.SETUP_FAILED
    assert b"exec /bin/none: No such file" in chroot.run(guest, ["/bin/none"]).output


def test_run_ends_what_takes_too_long(guest: Path) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        chroot.run(guest, ["/init", "too long"], timeout=0.5)
    assert sleepers(guest, "too long") == []


def test_the_vessel_stops_the_guest_when_nothing_more_is_to_come(guest: Path) -> None:
    lines: list[str] = []

    def on_line(line: str) -> bool:
        lines.append(line)
        return True

    outcome = chroot.Chroot(cores=1).run(guest, on_line)
    assert outcome.ended
    assert lines == ["#: step one"]
    assert sleepers(guest) == []


def test_the_vessel_says_how_the_guest_ended(guest: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    for code, reason in (
        ("int main() { return 3; }", "/init ended with exit status 3"),
        ("int main() { return *(volatile int *)0; }", "/init was killed by signal 11"),
    ):
        build(code, root / "init")
        outcome = chroot.Chroot().run(root, lambda _line: False)
        assert (outcome.ended, outcome.reason) == (False, reason)


def test_garbage_on_the_console_arrives_as_text(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    build(r'int main() { write(1, "\377\0a\r\n\nlast", 10); return 0; }', root / "init")
    lines: list[str] = []

    def on_line(line: str) -> bool:
        lines.append(line)
        return False

    chroot.Chroot().run(root, on_line)
    assert lines == ["\\xff\0a", "", "last"]


def sleepers(guest: Path, marker: str = "/init") -> list[int]:
    """Processes of the guest's /init that have `marker` in their command line."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            ours = process.name.isdigit() and (process / "exe").samefile(guest / "init")
        except OSError:
            continue
        if ours and marker.encode() in words:
            found.append(int(process.name))
    return found


def start_host(guest: Path, marker: str) -> subprocess.Popen[bytes]:
    """A host program that runs the sleeper."""
    code = textwrap.dedent(f"""
        import sys
        sys.path.insert(0, {str(cli.BASE)!r})
        from pathlib import Path
        from lib import chroot
        chroot.run(Path({str(guest)!r}), ["/init", {marker!r}])
    """)
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while len(sleepers(guest, marker)) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(sleepers(guest, marker)) >= 2
    return process


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_when_the_host_program_ends_everything_is_gone(guest: Path, number: signal.Signals) -> None:
    mounts = Path("/proc/self/mounts").read_text()
    for attempt in range(2):
        marker = f"ended by {number.name} {attempt}"
        process = start_host(guest, marker)
        process.send_signal(number)
        process.wait(timeout=60)
        deadline = time.monotonic() + 30
        while sleepers(guest, marker) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert sleepers(guest, marker) == []
    assert Path("/proc/self/mounts").read_text() == mounts
    assert list((guest / "dev").iterdir()) == []


def answer(stderr: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    return lambda *_, **__: subprocess.CompletedProcess([], jail.SETUP_FAILED, "", stderr)


@pytest.mark.parametrize(
    ("user", "settings", "hint"),
    [
        (0, {}, "use --qemu"),
        (1000, {}, "run it as root, or use --qemu"),
        (1000, {"unprivileged_userns_clone": "0\n"}, "sudo sysctl kernel.unprivileged_userns_clone=1"),
        (1000, {"apparmor": "1\n"}, "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"),
        (1000, {"max": "0\n"}, "sudo sysctl user.max_user_namespaces=10000"),
        (1000, {"max": "99\n"}, "run it as root, or use --qemu"),
    ],
)
def test_without_namespaces_the_command_that_helps_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: int, settings: dict[str, str], hint: str
) -> None:
    names = ("unprivileged_userns_clone", "apparmor", "max")
    fakes = [
        (str(tmp_path / name), forbids, setting)
        for name, (_, forbids, setting) in zip(names, chroot._SYSCTLS, strict=True)
    ]
    for name, value in settings.items():
        (tmp_path / name).write_text(value)
    monkeypatch.setattr(chroot, "_SYSCTLS", fakes)
    monkeypatch.setattr(chroot, "_probed", {})
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(subprocess, "run", answer("jail: unshare: Operation not permitted\n"))
    with pytest.raises(UserError, match="cannot make a chroot: unshare: Operation not permitted") as caught:
        chroot.run(tmp_path, ["/init"])
    assert hint in caught.value.hint


def test_where_the_kernel_really_gives_no_namespaces(tmp_path: Path) -> None:
    """In a user namespace whose own limit is 0; there we are root, who is told of --qemu."""
    limited = ["unshare", "-Ur", "sh", "-c", "echo 0 >/proc/sys/user/max_user_namespaces && "
               "echo 0 >/proc/sys/user/max_mnt_namespaces && exec \"$@\"", "sh"]  # fmt: skip
    done = cli.run(cli.BASE, "--chroot", "--until", "hex2", "--target", str(tmp_path / "t"),
                   cache=tmp_path / "cache", prefix=limited)  # fmt: skip
    assert "use --qemu" in cli.refused(done, "cannot make a chroot: unshare: No space left on device")


def test_nothing_around_a_build_changes_its_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another umask, directory, number of processors, date of the recipes; a user namespace or none."""
    catalogue = sources.load(cli.BASE)
    cache = deps.cache() / "distfiles"
    needed = plan.make(plan.load(cli.BASE, catalogue.digests), LAST, None).sources()
    files = sources.Fetcher(catalogue, cache, Silent()).fetch(needed)
    checkout = cli.copy_checkout(tmp_path / "checkout")
    for path in (checkout / "sysa").rglob("*"):
        os.utime(path, (1e9, 1e9))
    builds = []
    for base, umask, cores, userns in (
        (cli.BASE, 0o022, None, True),
        (checkout, 0o077, 1, os.geteuid() != 0),
    ):
        monkeypatch.setattr(chroot, "_probed", {os.geteuid(): userns})
        old = os.umask(umask)
        try:
            todo = plan.make(plan.load(base, catalogue.digests), LAST, None)
            with layout.opened(tmp_path / f"target-{umask}") as target, target.log.open("w") as log:
                done = Run(todo, chroot.Chroot(cores), target, None, files, Silent(), log)()
        finally:
            os.umask(old)
        builds.append([(step.name, step.digest) for step in done.steps])
    assert builds[0] == builds[1]


def test_the_prompt_is_on_the_users_terminal(tmp_path: Path) -> None:
    """Ctrl-C ends what runs there, not the prompt; the prompt's environment is that of the recipes."""
    distfiles = str(deps.cache() / "distfiles")
    arguments = ["--chroot", "--interactive", "--until", LAST]
    arguments += ["--target", str(tmp_path / "t"), "--distfiles", distfiles]
    program, *rest = cli.command(cli.BASE, arguments)
    terminal = pexpect.spawn(
        program, rest, timeout=60, encoding="utf-8", env=dict(cli.environment(tmp_path / "cache")), echo=False
    )
    terminal.expect("kaem> ")
    loop = r'int write(int, char *, long); int main() { write(1, "looping\n", 8); for (;;); }'
    (tmp_path / "t/root/tmp/loop.c").write_text(loop)
    terminal.sendline("tcc -o /tmp/loop /tmp/loop.c")
    terminal.expect("kaem> ")
    terminal.sendline("/tmp/loop")
    terminal.expect("looping")
    terminal.sendintr()
    terminal.expect("killed by signal 2")
    terminal.expect("kaem> ")
    terminal.sendeof()
    terminal.expect("steps in")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
