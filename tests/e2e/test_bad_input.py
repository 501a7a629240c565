# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that can be wrong around a build: one clear line, exit status 1, no traceback, nothing lost.

Mirrors, targets and manifests are tried here through the command; their finer points in tests/unit. What a
virtual machine can get wrong is in test_qemu.py.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from lib import deps, digest, layout, manifest, monitor, plan, reproduce, sources
from lib.chroot import Chroot
from lib.errors import UserError
from lib.run import Run
from tests.e2e import cli
from tests.unit import servers

SOURCES = digest.read_list(cli.BASE / "SHA256SUMS.sources")
TCC = next(name for name in SOURCES if name.startswith("tcc"))
QUICK_STEP = "hex2"
LAST = "hello"
"""The chain up to here takes seconds, whatever comes after it."""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A checkout to spoil."""
    return cli.copy_checkout(tmp_path / "checkout")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """An empty cache."""
    folder = tmp_path / "cache"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def distfiles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources that are needed up to LAST; from the user's cache if they are there."""
    catalogue = sources.load(cli.BASE)
    needed = plan.make(plan.load(cli.BASE, catalogue.digests), LAST, None).sources()
    found = sources.Fetcher(catalogue, deps.cache() / "distfiles", monitor.Silent()).fetch(needed)
    folder = tmp_path_factory.mktemp("distfiles")
    for name, path in found.items():
        (folder / name).symlink_to(path)
    return folder


@pytest.fixture
def one_source(base: Path) -> Path:
    """A checkout that knows of one source only."""
    (base / "SHA256SUMS.sources").write_text(digest.format_list({TCC: SOURCES[TCC]}))
    (base / "sources.yaml").write_text(f"{TCC}: {{upstream: ['http://127.0.0.1:9/x']}}\n")
    return base


def no_network() -> list[str]:
    """What to put before a command to run it without a network, and without apt's mirrors."""
    return ["unshare", "-Urn", "env", "PATH=/none"]


# --- sources


def test_a_source_with_a_flipped_byte_is_not_used(
    one_source: Path, cache: Path, distfiles: Path, tmp_path: Path
) -> None:
    spoilt = tmp_path / "spoilt"
    spoilt.mkdir()
    data = bytearray((distfiles / TCC).read_bytes())
    data[1000] ^= 1
    (spoilt / TCC).write_bytes(data)
    done = cli.run(one_source, "sources", "--mirror", str(spoilt), cache=cache, prefix=no_network())
    text = cli.refused(done, f"{spoilt / TCC}: wrong digest, not kept: expected {SOURCES[TCC]}")
    assert hashlib.sha256(data).hexdigest() in text
    assert not (cache / "seedroot/distfiles" / TCC).exists()
    assert (spoilt / TCC).read_bytes() == data


def test_the_next_mirror_helps(one_source: Path, cache: Path, distfiles: Path) -> None:
    with servers.serving(servers.truncating, b"x" * 5000) as (bad, _):
        done = cli.run(one_source, "sources", "--mirror", bad, "--mirror", str(distfiles), cache=cache)
    assert done.returncode == 0
    assert f"{TCC}: {bad}/" in done.stderr
    assert (cache / "seedroot/distfiles" / TCC).read_bytes() == (distfiles / TCC).read_bytes()


@pytest.mark.parametrize(
    ("mirror", "reason"),
    [
        (servers.not_found, "answered 404"),
        (servers.web_page, "sent a web page"),
        (servers.flipping, "wrong digest"),
    ],
)
def test_bad_mirrors_alone_are_not_enough(
    one_source: Path, cache: Path, mirror: Callable[[servers.Handler], None], reason: str, tmp_path: Path
) -> None:
    no_apt = tmp_path / "no-apt"
    no_apt.mkdir()
    with servers.serving(mirror, b"x" * 5000) as (bad, _):
        done = cli.run(one_source, "sources", "--mirror", bad, cache=cache, more={"PATH": str(no_apt)})
    assert "--mirror" in cli.refused(done, reason)


def test_without_a_network(one_source: Path, cache: Path) -> None:
    done = cli.run(one_source, "sources", cache=cache, prefix=no_network())
    text = cli.refused(done, "cannot be reached")
    assert "check the network" in text


def test_without_space_for_the_sources(
    one_source: Path, cache: Path, distfiles: Path, tmp_path: Path
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount = ["unshare", "-Urm", "sh", "-c", f'mount -t tmpfs -o size=100k x {small} && exec "$@"', "sh"]
    arguments = ["sources", "--distfiles", str(small), "--mirror", str(distfiles)]
    cli.refused(cli.run(one_source, *arguments, cache=cache, prefix=mount), f"no space left in {small}")
    assert cli.run(one_source, *arguments, cache=cache).returncode == 0


# --- targets


def test_a_target_without_space(base: Path, cache: Path, distfiles: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount = ["unshare", "-Urm", "sh", "-c", f'mount -t tmpfs -o size=200k x {small} && exec "$@"', "sh"]
    arguments = ["--chroot", "--target", str(small / "t"), "--mirror", str(distfiles)]
    cli.refused(cli.run(base, *arguments, cache=cache, prefix=mount), "No space left on device")


def test_a_target_that_is_a_file(base: Path, cache: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis").write_text("mine")
    done = cli.run(base, "--chroot", "--target", str(tmp_path / "thesis"), cache=cache)
    assert "--target DIR" in cli.refused(done, "is a file, not a directory")
    assert (tmp_path / "thesis").read_text() == "mine"


def test_a_target_with_files_of_the_user(base: Path, cache: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/thesis").write_text("mine")
    cli.refused(cli.run(base, "--chroot", "--target", str(tmp_path / "home"), cache=cache), "not seedroot's")
    assert (tmp_path / "home/thesis").read_text() == "mine"


def test_a_target_of_another_version(base: Path, cache: Path, tmp_path: Path) -> None:
    target = tmp_path / "t"
    arguments = ["--chroot", "--until", QUICK_STEP, "--target", str(target)]
    assert cli.run(base, *arguments, cache=cache).returncode == 0
    (target / ".seedroot").write_text(json.dumps({"format": layout.FORMAT + 1}))
    done = cli.run(base, *arguments, cache=cache)
    cli.refused(done, "from another version of seedroot")
    assert (target / "root/init").exists()


@pytest.fixture
def for_users() -> Iterator[Path]:
    """A checkout, and the tests' packages, that an ordinary user can read."""
    with cli.open_folder() as folder:
        cli.copy_checkout(folder / "checkout")
        # the tests' own packages are where an ordinary user cannot read them
        shutil.copytree(Path(yaml.__file__).parent, folder / "checkout/yaml")
        yield folder


def test_a_target_that_is_not_writable(for_users: Path) -> None:
    locked = for_users / "locked"
    locked.mkdir(mode=0o755)
    if os.geteuid() != 0:
        locked.chmod(0o555)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from lib import layout\n"
        "from lib.errors import UserError\n"
        "try:\n"
        "    with layout.opened(Path(sys.argv[2])): pass\n"
        "except UserError as error: print(error.message)\n"
    )
    python = "/usr/bin/python3"
    for target, said in ((locked / "t", "cannot use the target"), (locked, "cannot use the target")):
        done = subprocess.run(
            [*cli.as_user(), python, "-c", code, str(for_users / "checkout"), str(target)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert said in done.stdout, done.stdout + done.stderr


def test_a_store_that_belongs_to_another(for_users: Path) -> None:
    """What cannot be read counts as spoilt; that nothing can be kept is said."""
    place = for_users / "packages/one"
    place.mkdir(parents=True)
    for name in ("i.tar", "i.sha256"):
        (place / name).write_text("x")
        (place / name).chmod(0o600 if os.geteuid() == 0 else 0)
    place.chmod(0o555)
    reproduce._packages(for_users / "python")
    code = (
        "import sys; sys.path[:0] = sys.argv[1:3]\n"
        "from pathlib import Path\n"
        "from lib.errors import UserError\n"
        "from lib.monitor import Silent\n"
        "from lib.store import Store\n"
        "watcher = Silent()\n"
        "store = Store(Path(sys.argv[3]), watcher)\n"
        "print(store.get('one', 'i'), watcher.notes)\n"
        "try: store.put('one', 'j', Path('/etc/passwd'))\n"
        "except UserError as error: print(error)\n"
    )
    places = [str(for_users / name) for name in ("checkout", "python", "packages")]
    done = subprocess.run(
        [*cli.as_user(), "/usr/bin/python3", "-c", code, *places], capture_output=True, text=True, check=False
    )
    assert "None ['one: its package in the store is spoilt" in done.stdout, done.stderr
    assert "cannot keep the package of one" in done.stdout
    assert "--no-store" in done.stdout


def test_two_runs_at_once_on_one_target(base: Path, cache: Path, tmp_path: Path) -> None:
    with layout.opened(tmp_path / "t"):
        done = cli.run(base, "--chroot", "--until", QUICK_STEP, "--target", str(tmp_path / "t"), cache=cache)
    cli.refused(done, "another run is using")


# --- recipes


def test_an_unknown_step(base: Path, cache: Path, tmp_path: Path) -> None:
    done = cli.run(base, "--chroot", "--until", "gcc-99", "--target", str(tmp_path / "t"), cache=cache)
    assert "the steps are: seed, hex2" in cli.refused(done, "there is no step 'gcc-99'")
    assert not (tmp_path / "t").exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("runner: seed\n", "", "sysa/stage0/01-hex2/step.yaml:2: missing field 'runner'"),
        ("name: hex2", "name: [hex2]", "step.yaml:2: field 'name' must be a text, not a list"),
        ("runner: seed", "runner: seed\nrunner: kaem", "duplicate field 'runner'"),
        ("needs: [seed]", "needs: [M0]", "a cycle of needs: hex2 -> M0 -> hex2"),
        ("needs: [seed]", "needs: [sed]", "needs 'sed', which is no step"),
    ],
)
@pytest.mark.parametrize("command", [["--chroot"], ["inspect"], ["--print-script"], ["status"]])
def test_mistakes_in_a_manifest(
    base: Path, cache: Path, tmp_path: Path, old: str, new: str, said: str, command: list[str]
) -> None:
    path = base / "sysa/stage0/01-hex2/step.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    cli.refused(cli.run(base, *command, "--target", str(tmp_path / "t"), cache=cache), said)


def test_a_seed_with_an_odd_digit(base: Path, cache: Path, tmp_path: Path) -> None:
    path = base / "sysa/seed/seed.hex0"
    path.write_text(path.read_text() + "7\n")
    done = cli.run(base, "--chroot", "--target", str(tmp_path / "t"), cache=cache)
    cli.refused(done, "an odd number of hexadecimal digits")


@pytest.mark.parametrize(
    ("file", "text", "step", "said"),
    [
        ("stage0/02-M0/M0.hex2", "%no_such_label\n", "M0", "M0.hex2"),
        ("stage0/05-cc/main.c", "int broken( { return 1; }\n", "cc", "main.c"),
        ("stage0/06-tools/kaem.c", "int broken( { return 1; }\n", "tools", "kaem.c"),
    ],
)
def test_mistakes_in_a_stage_are_said_with_file_and_line(
    base: Path, cache: Path, tmp_path: Path, file: str, text: str, step: str, said: str
) -> None:
    path = base / "sysa" / file
    path.write_text(path.read_text() + text)
    line = len(path.read_text().splitlines())
    done = cli.run(base, "--chroot", "--target", str(tmp_path / "t"), cache=cache, prefix=[])
    output = cli.refused(done, f"step {step} failed")
    assert f"{said}:{line}" in output
    assert str(tmp_path / "t/log.txt") in output


# --- what happens during a run


def test_the_guest_finds_a_source_that_was_spoilt_after_the_hosts_check(
    tmp_path: Path, distfiles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = layout.put_sources

    def put_and_spoil(root: Path, *arguments: Any) -> None:
        put(root, *arguments)
        path = root / "distfiles" / TCC
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)

    monkeypatch.setattr(layout, "put_sources", put_and_spoil)
    catalogue = sources.load(cli.BASE)
    todo = plan.make(plan.load(cli.BASE, catalogue.digests), LAST, None)
    paths = {name: distfiles / name for name in todo.sources()}
    with layout.opened(tmp_path / "t") as target, target.log.open("w") as log:
        run = Run(todo, Chroot(), target, None, paths, monitor.Silent(), log)
        with pytest.raises(UserError, match="failed") as caught:
            run()
    assert TCC in caught.value.message
    assert not (target.root / "build/tcc-0.9.27").exists()


# --- recipes that fail, or do what they must not

SHELL = "busybox-1.35.0"
"""The step that brings the shell."""
Recipe = Callable[[str], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def to_the_shell(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the packages of all steps up to the shell, taken from the user's if they are there."""
    target = tmp_path_factory.mktemp("shell") / "target"
    command = cli.command(cli.BASE, ["--chroot", "--until", SHELL, "--target", str(target)])
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    cache = tmp_path_factory.mktemp("shell-cache") / "cache"
    for step in manifest.load(cli.BASE / "sysa").until(SHELL)[1:]:
        place = f"seedroot/packages/{step.name}"
        shutil.copytree(deps.cache().parent / place, cache / place)
    return cache


@pytest.fixture
def recipe(base: Path, to_the_shell: Path, tmp_path: Path) -> Recipe:
    """Runs a recipe for the shell as the step `probe`, and one that does nothing behind it."""

    def run(text: str) -> subprocess.CompletedProcess[str]:
        places = [step.place for step in manifest.load(base / "sysa").until(SHELL)]
        # the host looks for programs that a step left while the next one runs: give it time on a busy machine
        behind = "sleep 5" if text.endswith("&") else "true"
        for name, commands in (("probe", text), ("after", behind)):
            folder = base / "sysa/steps" / name
            folder.mkdir()
            (folder / "step.yaml").write_text(f"name: {name}\nwhat: it\nwhy: because\nrunner: sh\n")
            (folder / "build.sh").write_text(f"set -e\nDESTDIR=/destdir/{name}\n{commands}\n")
            places.append(f"steps/{name}")
        (base / "sysa/manifest.yaml").write_text(f"name: sysa\nsteps: [{', '.join(places)}]\n")
        shutil.rmtree(base / "sysc")  # it would miss what it takes from sysa
        return cli.run(base, "--chroot", "--target", str(tmp_path / "t"), cache=to_the_shell)

    return run


def test_a_recipe_that_is_right(recipe: Recipe, tmp_path: Path) -> None:
    done = recipe("mkdir -p $DESTDIR/usr/bin\necho hello >$DESTDIR/usr/bin/x\necho x >/tmp/x\n")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "t/root/usr/bin/x").read_text() == "hello\n"


@pytest.mark.parametrize(
    ("text", "command", "output", "kept"),
    [
        ("tar -xf /distfiles/none.tar", "tar -xf /distfiles/none.tar", "No such file", ""),
        ("echo old >a\nedit /sysa/steps/tcc-0.9.27/edits/1-alias.edit", "edit /sysa", "tccgen.c", "a"),
        ("cp /sysa/none config.h", "cp /sysa/none config.h", "can't stat '/sysa/none'", ""),
        ("echo 'int main( { }' >x.c\ntcc -o x x.c", "tcc -o x x.c", "x.c:1: error", "x.c"),
        ("echo y >y\ncp y $DESTDIR/usr/bin/y", "cp y /destdir/probe/usr/bin/y", "can't create", "y"),
        ("echo z >z\nread answer", "read answer", "", "z"),
    ],
    ids=["unpack", "edit", "configure", "compile", "install", "asks on stdin"],
)
def test_a_recipe_that_fails(
    recipe: Recipe, tmp_path: Path, text: str, command: str, output: str, kept: str
) -> None:
    said = cli.refused(recipe(text), "step probe failed: ")
    assert f"\n  the command: {command}" in said
    assert output in said
    assert str(tmp_path / "t/log.txt") in said
    assert str(tmp_path / "t/root") in said
    if kept:
        assert (tmp_path / "t/root/build/probe" / kept).exists()


NETWORK = """
cat >net.c <<'END'
#include <arpa/inet.h>
#include <stdio.h>
int main(void) {
    struct sockaddr_in to = {AF_INET, htons(PORT), {inet_addr("127.0.0.1")}};
    if (connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&to, sizeof to))
        return perror("connect"), 1;
    return 0;
}
END
tcc -o net net.c
./net
"""


def test_a_recipe_that_tries_the_network(recipe: Recipe) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = recipe(NETWORK.replace("PORT", str(server.getsockname()[1])))
    said = cli.refused(done, "step probe failed: ")
    assert "the command: ./net" in said
    assert "connect: Network unreachable" in said


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("echo >/usr/bin/stray", "/usr/bin/stray"),
        ("echo >>/usr/include/stdio.h", "/usr/include/stdio.h"),
        ("rm /usr/lib/libc.a", "/usr/lib/libc.a"),
        ("echo >/sysa/steps/after/build.sh", "/sysa/steps/after/build.sh"),
    ],
)
def test_a_recipe_that_writes_outside(recipe: Recipe, text: str, what: str) -> None:
    cli.refused(recipe(text), f"step probe failed: it wrote outside of /destdir/probe: {what}\n")


def test_a_recipe_that_leaves_a_process_behind(recipe: Recipe) -> None:
    cli.refused(recipe("sleep 1000 &"), "step probe failed: it left a program running: sleep\n")


def test_without_space_during_a_compile(base: Path, cache: Path, distfiles: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount = ["unshare", "-Urm", "sh", "-c", f'mount -t tmpfs -o size=5m x {small} && exec "$@"', "sh"]
    arguments = ["--chroot", "--until", LAST, "--target", str(small / "t"), "--mirror", str(distfiles)]
    done = cli.run(base, *arguments, cache=cache, prefix=mount)
    assert "o space left on device" in cli.refused(done, "seedroot: ")
    done = cli.run(base, *arguments, cache=cache)
    assert done.returncode == 0, done.stderr


def digests(target: Path) -> dict[str, str]:
    """What a run has built."""
    return {
        step["name"]: step["digest"] for step in json.loads((target / "report.json").read_text())["steps"]
    }


@pytest.fixture(scope="module")
def whole(distfiles: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The digests of an undisturbed run."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "cache").mkdir()
    arguments = ["--chroot", "--until", LAST, "--no-store", "--target", str(folder / "t")]
    done = cli.run(cli.BASE, *arguments, "--mirror", str(distfiles), cache=folder / "cache")
    assert done.returncode == 0, done.stderr
    return digests(folder / "t")


@pytest.mark.parametrize(
    "line", ["#: step hex2", "#: step cc", "#: done hex2", "#: step tcc", "#: step hello"]
)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_after_a_kill_the_next_run_ends_with_the_same_bytes(
    whole: dict[str, str], distfiles: Path, tmp_path: Path, line: str, number: signal.Signals
) -> None:
    target, cache = tmp_path / "t", tmp_path / "cache"
    arguments = ["--chroot", "--until", LAST, "--target", str(target), "--mirror", str(distfiles)]
    process = subprocess.Popen(
        cli.command(cli.BASE, arguments), env=cli.environment(cache), stderr=subprocess.PIPE, text=True
    )
    wait_for(target / "log.txt", line, process)
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert "Traceback" not in errors
    if line == "#: step tcc":  # the others are so short that they may have ended
        assert process.returncode == (-signal.SIGKILL if number == signal.SIGKILL else 130)
    done = cli.run(cli.BASE, *arguments, cache=cache)
    assert done.returncode == 0, done.stderr
    assert digests(target) == whole
    assert not list((target / "root/dev").iterdir())


def wait_for(log: Path, line: str, process: subprocess.Popen[str]) -> None:
    """Until the guest has printed a line that begins so, or the program has ended."""
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        if log.exists() and f"\n{line}" in log.read_text(errors="replace"):
            return
        time.sleep(0.002)


def test_an_unchanged_run_is_quick_and_builds_nothing(
    whole: dict[str, str], distfiles: Path, tmp_path: Path
) -> None:
    arguments = ["--chroot", "--until", LAST, "--target", str(tmp_path / "t"), "--mirror", str(distfiles)]
    assert cli.run(cli.BASE, *arguments, cache=tmp_path / "cache").returncode == 0
    began = time.monotonic()
    done = cli.run(cli.BASE, *arguments, cache=tmp_path / "cache")
    assert time.monotonic() - began < 5
    assert done.returncode == 0
    report = json.loads((tmp_path / "t/report.json").read_text())
    assert {step["result"] for step in report["steps"]} == {"given", "stored"}
    assert digests(tmp_path / "t") == whole
    done = cli.run(cli.BASE, "verify", "--target", str(tmp_path / "t"), cache=tmp_path / "cache")
    assert done.returncode == 0, done.stderr


def test_a_spoilt_store_is_mended(whole: dict[str, str], distfiles: Path, tmp_path: Path) -> None:
    arguments = ["--chroot", "--until", LAST, "--target", str(tmp_path / "t"), "--mirror", str(distfiles)]
    assert cli.run(cli.BASE, *arguments, cache=tmp_path / "cache").returncode == 0
    packages = sorted((tmp_path / "cache/seedroot/packages").glob("*/*.tar"))
    for number, package in enumerate(packages):
        data = package.read_bytes()
        package.write_bytes((data[:-1] + b"x", data[: len(data) // 2], b"")[number % 3])
    done = cli.run(cli.BASE, *arguments, cache=tmp_path / "cache")
    assert done.returncode == 0, done.stderr
    assert "spoilt" in done.stderr
    assert digests(tmp_path / "t") == whole
    first, second = packages[:2]  # swapped
    other = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(other)
    packages[2].unlink()
    packages[3].with_suffix(".sha256").unlink()
    done = cli.run(cli.BASE, *arguments, cache=tmp_path / "cache")
    assert done.returncode == 0, done.stderr
    assert digests(tmp_path / "t") == whole
    (packages[0].parent / "x").symlink_to("nowhere")
    (tmp_path / "t/root/packages/hello.tar").write_bytes(b"")
    done = cli.run(cli.BASE, "verify", "--target", str(tmp_path / "t"), cache=tmp_path / "cache")
    cli.refused(done, "not the package that the report speaks of")
