# SPDX-License-Identifier: GPL-3.0-or-later
"""The circle: a system that seedroot has grown grows itself again, by its own Python, to the same bytes."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from lib import deps, digest, disk, plan, sources
from lib.monitor import Silent
from lib.script import ENVIRONMENT_LATER
from lib.store import Store
from tests.e2e import cli
from tests.e2e.conftest import Grown

LAST = "pyyaml-6.0.2"
"""The last step of sysc that rootfs.py needs."""
AGAIN = "byacc-20221106"
"""What is grown in what was grown: past tcc, musl and busybox."""

pytestmark = [pytest.mark.far(LAST), pytest.mark.timeout(14400)]

ENTER = """
set -e
mount --rbind "$1" "$1"
cd "$1"
mount -t proc proc proc
mount --rbind /dev dev
pivot_root . .
shift
umount -l .
cd /tmp/circle
exec "$@"
"""
"""Makes a folder the root of its mount namespace, and runs a program there. After a chroot alone the kernel
would allow no namespaces. What comes after pivot_root are programs of the new root."""


def inside(root: Path, user: bool, *program: str) -> subprocess.CompletedProcess[str]:
    """Run a program as root, or as the root of a user namespace, to whom a grown system is the world."""
    namespaces = ["unshare", "--mount", "--pid", "--fork", "--net"] + user * ["--user", "--map-root-user"]
    environment = {**ENVIRONMENT_LATER, "HOME": "/root", "XDG_CACHE_HOME": "/tmp/circle/cache"}
    changed = ["env", "-i", *(f"{name}={value}" for name, value in environment.items())]
    return subprocess.run(
        [*namespaces, "sh", "-c", ENTER, "sh", str(root), *changed, *program],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"},
    )


@pytest.fixture(scope="module")
def root(grown: Grown) -> Path:
    """A grown sysc with a checkout of the project in /tmp/circle, and the sources that it needs there."""
    system = grown(LAST).root_of("sysc")
    circle = system / "tmp/circle"
    cli.copy_checkout(circle / "seedroot")
    catalogue = sources.load(cli.BASE)
    steps = plan.load(cli.BASE, catalogue.digests).until(AGAIN)
    distfiles = circle / "cache/seedroot/distfiles"
    distfiles.mkdir(parents=True)
    needed = sorted({name for step in steps for name in step.sources})
    for path in sources.Fetcher(catalogue, deps.cache() / "distfiles", Silent()).fetch(needed).values():
        shutil.copy2(path, distfiles)
    return system


ways = [
    pytest.param(False, id="root", marks=pytest.mark.skipif(os.geteuid() != 0, reason="only for root")),
    pytest.param(True, id="root of a user namespace"),
]


@pytest.mark.parametrize("user", ways)
def test_what_was_grown_grows_the_same(root: Path, user: bool) -> None:
    target = root / f"tmp/circle/target-{int(user)}"
    command = ["seedroot/rootfs.py", "--chroot", "--no-store", "--until", AGAIN, "--target", target.name]
    done = inside(root, user, *command)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    report = json.loads((target / "report.json").read_text())
    pins = digest.read_list(cli.BASE / "SHA256SUMS.packages")
    built = {f"{step['name']}.tar": step["digest"] for step in report["steps"] if step["result"] == "built"}
    assert built == {name: pins[name] for name in built}
    assert {"tcc-0.9.27.tar", f"{AGAIN}.tar"} <= set(built)
    assert report["from_seed"]


INIT = """#!/bin/sh
export PATH=/usr/bin:/usr/sbin:/bin:/sbin HOME=/root XDG_CACHE_HOME=/tmp/circle/cache
mount -t proc proc /proc
mountpoint -q /dev || mount -t devtmpfs dev /dev
cd /tmp/circle
seedroot/rootfs.py --chroot --no-store --until tcc-0.9.27 --target machine && cat machine/report.json
echo "ended with $?"
poweroff -f
"""
"""The first program of a machine that closes the circle, as far as tcc."""


def test_in_a_machine(root: Path, tmp_path: Path) -> None:
    """The grown system on a disk, under the kernel that was grown, in QEMU by TCG."""
    init = root / "tmp/circle/init"
    init.write_text(INIT)
    init.chmod(0o755)
    image = tmp_path / "disk.img"
    disk.create(image, root, 8 << 30)
    chain = plan.load(cli.BASE, sources.load(cli.BASE).digests)
    kernel = plan.make(chain, LAST, Store(deps.cache() / "packages", Silent())).stored["linux-6.1"].path
    with tarfile.open(kernel) as package:
        package.extract("boot/vmlinuz", tmp_path, filter="data")
    command = [
        "qemu-system-x86_64", "-machine", "q35", "-accel", "tcg", "-m", "1G", "-nodefaults",
        "-display", "none", "-no-reboot", "-serial", "stdio", "-kernel", str(tmp_path / "boot/vmlinuz"),
        "-append", "console=ttyS0 quiet panic=-1 root=PARTLABEL=seedroot rootwait rw init=/tmp/circle/init",
        "-drive", f"if=virtio,format=raw,file={image}",
    ]  # fmt: skip
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False
    )
    assert "ended with 0" in done.stdout, done.stdout + done.stderr
    pins = digest.read_list(cli.BASE / "SHA256SUMS.packages")
    for name in ("hex2", "M0", "cc0", "cc", "tools", "tcc-0.9.27"):
        assert f'"digest": "{pins[f"{name}.tar"]}"' in done.stdout


def test_its_own_prompt_says_what_is_wrong(root: Path) -> None:
    for arguments, said in {
        ("--qemu",): "a system that seedroot has grown has no QEMU",
        ("--chroot", "--until", "nothing"): "nothing",
    }.items():
        done = inside(root, True, "seedroot/rootfs.py", *arguments)
        assert done.returncode == 1
        assert said in done.stderr
        assert "Traceback" not in done.stderr


LIBRARY = (
    "import lzma, bz2, zlib; print([m.decompress(m.compress(b'x')) for m in (lzma, bz2, zlib)])",
    "import sqlite3; print(sqlite3.connect(':memory:').execute('select sqrt(2), json(1)').fetchall())",
    "import ssl; print(ssl.create_default_context().cert_store_stats()['x509_ca'] > 100)",
    "import hashlib; print([hashlib.new(n, b'').digest() for n in ('md5', 'sha1', 'sha3_256', 'blake2s')])",
    "import decimal; print(decimal.Decimal(2).sqrt(), decimal.Decimal(2) ** 3000)",
    "import xml.etree.ElementTree as e; print(e.fromstring('<a><b c=\"d\"/></a>')[0].get('c'))",
    "import unicodedata as u; print(u.name('\u00e9'), ascii(u.normalize('NFD', '\u00e9')))",
    "import threading; t = threading.Thread(target=print, args=(1,)); t.start(); t.join()",
    "import multiprocessing as m; print(m.get_context('fork').Pool(2).map(abs, [-1, -2]))",
    "import subprocess; print(subprocess.check_output(['echo', 'a']))",
    "import random; random.seed(1); print(random.random(), random.sample(range(99), 9))",
    "import math, struct; print(math.gamma(5), struct.pack('>e', 1.5).hex(), repr(2 / 3))",
    "import asyncio; print(asyncio.run(asyncio.wait_for(asyncio.sleep(0, 'done'), 1)))",
    "import datetime as d; print(d.datetime(2000, 1, 1, tzinfo=d.UTC).strftime('%c %s %j'))",
    "import codecs; print(codecs.lookup('latin-1').name, codecs.decode(b'\\x80', 'cp1252') == '\u20ac')",
    "import json, csv, array, select, mmap, resource, termios, grp, pwd; print(pwd.getpwuid(0).pw_name)",
    "def f(n): return n and 1 + f(n - 1)\nprint(f(900))",
)
"""Programs that the system's Python must run as the tests' own does; its modules in C are all part of it."""


@pytest.mark.parametrize("program", LIBRARY)
def test_library(root: Path, program: str) -> None:
    done = inside(root, True, "python3", "-c", program)
    host = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"LC_ALL": "C"}
    )
    assert (done.stdout, done.stderr) == (host.stdout, "")


LIBC = {
    "prctl(-1, None, 0, 0, 0)": (-1, errno.EINVAL),
    "mount(b'x', b'/none', None, 0, None)": (-1, errno.ENOENT),
    "umount2(b'/none', 0)": (-1, errno.ENOENT),
    "unshare(1)": (-1, errno.EINVAL),
    "unshare(0)": (0, None),
    "syscall(39, 0, 0, 0, 0, 0, 0)": (1, None),
}
"""Calls of our own module, with result and error number; system call 39 of amd64 is getpid."""


@pytest.mark.parametrize("call", LIBC)
def test_libc(root: Path, call: str) -> None:
    done = inside(root, True, "python3", "-c", f"import _libc as c; print(c.{call}, c.get_errno())")
    result, number = done.stdout.split()
    assert (int(result), done.stderr) == (LIBC[call][0], "")
    assert LIBC[call][1] in (None, int(number))


@pytest.mark.parametrize("wrong", ["'text'", "1.5", "1 << 64", "0, 0, 0, 0, 0, 0, 0"])
def test_libc_refuses_what_is_no_word(root: Path, wrong: str) -> None:
    done = inside(root, True, "python3", "-c", f"import _libc\n_libc.prctl({wrong})")
    assert done.returncode == 1
    assert "TypeError" in done.stderr or "OverflowError" in done.stderr
