# SPDX-License-Identifier: GPL-3.0-or-later
"""What a newcomer meets: a fresh Debian 12 with Python and git, a clean checkout, and one command."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lib import deps

TOP = Path(__file__).resolve().parents[2]
CHECKOUT = "/home/newcomer/seedroot"
PACKAGES = "python3,git,ca-certificates"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(10800),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a Debian tree"),
    pytest.mark.skipif(shutil.which("debootstrap", path="/usr/sbin:/sbin") is None, reason="no debootstrap"),
]

# A mount namespace of its own, which takes all mounts with it when it ends. pivot_root instead of a
# chroot, in which user namespaces are forbidden.
ENTER = """
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
cd "$1"
mount -t proc proc proc
mount --rbind /dev dev
mount --rbind /sys sys
mkdir -p old-root
pivot_root . old-root
umount -l /old-root
shift
exec "$@"
"""


class Tree:
    """An installed Debian in a directory."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, *command: str, user: str = "root", cwd: str = "/") -> subprocess.CompletedProcess[str]:
        """Run a command in it; standard error goes with the output."""
        environment = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root" if user == "root" else f"/home/{user}",
            "LC_ALL": "C.UTF-8",
            **{
                name: value
                for name, value in os.environ.items()
                if re.match("PIP_|SSL_CERT_|.*_proxy$", name)
            },
        }
        become = (
            ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--"] if user != "root" else []
        )
        namespaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
        enter = [*namespaces, "sh", "-c", ENTER, "sh", str(self.root)]
        clean = ["env", "-i", *(f"{name}={value}" for name, value in environment.items())]
        there = ["sh", "-c", f'cd {cwd} && exec "$@"', "sh"]
        return subprocess.run(
            [*enter, *clean, *become, *there, *command], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip

    def must(self, *command: str, user: str = "root", cwd: str = "/") -> str:
        """Run a command that has to succeed."""
        done = self.run(*command, user=user, cwd=cwd)
        assert done.returncode == 0, f"{command}:\n{done.stdout}"
        return done.stdout


def mirror() -> str:
    """The Debian mirror of this machine."""
    command = ["apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages", "Release: bookworm"]
    sites = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    if not sites:
        pytest.skip("apt on this machine has no mirror for Debian 12")
    return sites[0]


def saved_tree() -> Path:
    """A tar of the tree, made once."""
    saved = deps.cache() / "tests" / f"debian-12-{PACKAGES}.tar"
    if not saved.exists():
        saved.parent.mkdir(parents=True, exist_ok=True)
        scratch = saved.with_suffix(".tree")
        shutil.rmtree(scratch, ignore_errors=True)
        command = ["/usr/sbin/debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm"]
        subprocess.run([*command, scratch, mirror()], check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(scratch / "var/cache/apt/archives")
        partial = saved.with_suffix(".partial")
        subprocess.run(["tar", "-C", scratch, "--numeric-owner", "-cf", partial, "."], check=True)
        partial.rename(saved)
        shutil.rmtree(scratch)
    return saved


@pytest.fixture(scope="module")
def fresh() -> Iterator[Tree]:
    """A fresh tree with this machine's way to the network, a user, a checkout of the last commit."""
    # Not among pytest's folders, of which any later run of pytest removes all but the last three.
    root = Path(tempfile.mkdtemp(prefix="seedroot-debian-"))
    root.chmod(0o755)
    try:
        yield furnish(root)
    finally:
        shutil.rmtree(root)


def furnish(root: Path) -> Tree:
    subprocess.run(["tar", "-C", root, "--numeric-owner", "-xf", saved_tree()], check=True)
    settings = ["etc/resolv.conf", "etc/hosts", "etc/pip.conf", "etc/ssl/certs/ca-certificates.crt"]
    settings += [str(path.relative_to("/")) for path in Path("/etc/apt/apt.conf.d").glob("*proxy*")]
    for name in settings:
        if Path("/", name).is_file():
            (root / name).unlink(missing_ok=True)
            shutil.copy(Path("/", name), root / name)
    tree = Tree(root)
    tree.must("useradd", "--create-home", "newcomer")
    checkout = root / CHECKOUT.lstrip("/")
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", TOP, checkout], check=True)
    tree.must("chown", "-R", "newcomer:newcomer", "/home/newcomer")
    return tree


def report(tree: Tree) -> dict[str, object]:
    content = json.loads((tree.root / CHECKOUT.lstrip("/") / "target/report.json").read_text())
    assert isinstance(content, dict)
    return content


def test_an_ordinary_user_is_told_the_one_command(fresh: Tree) -> None:
    """And once it has been run, seedroot works without root."""
    to_tcc = ("./rootfs.py", "--chroot", "--until", "tcc-0.9.27")
    first = fresh.run(*to_tcc, user="newcomer", cwd=CHECKOUT)
    assert "Traceback" not in first.stdout
    if first.returncode:
        [command] = re.findall(r"apt-get install.*", first.stdout)
        fresh.must("apt-get", "update", "-qq")
        fresh.must("sh", "-c", f"DEBIAN_FRONTEND=noninteractive {command}")
        fresh.must(*to_tcc, user="newcomer", cwd=CHECKOUT)
    assert report(fresh)["result"] == "complete"


def test_root_needs_nothing_but_the_command(fresh: Tree) -> None:
    fresh.must("sh", "-c", "rm -rf target && apt-get purge -qq -y python3-venv python3.11-venv", cwd=CHECKOUT)
    fresh.must("./rootfs.py", "--chroot", "--until", "gcc-10.2", cwd=CHECKOUT)
    done = report(fresh)
    assert done["result"] == "complete"
    steps = done["steps"]
    assert isinstance(steps, list)
    assert all(step["result"] in ("given", "built") for step in steps)
    program = "#include <iostream>\nint main() { std::cout << 6 * 7 << std::endl; }\n"
    root = fresh.root / CHECKOUT.lstrip("/") / "target/root"
    (root / "tmp/answer.cc").write_text(program)
    inside = ["chroot", "target/root", "/usr/bin/g++", "-o", "/tmp/answer", "/tmp/answer.cc"]
    fresh.must(*inside, cwd=CHECKOUT)
    assert fresh.must("chroot", "target/root", "/tmp/answer", cwd=CHECKOUT) == "42\n"


def test_the_test_command_alone_passes(fresh: Tree) -> None:
    fresh.must("tests/run", cwd=CHECKOUT)
