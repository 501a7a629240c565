# SPDX-License-Identifier: GPL-3.0-or-later
"""The journey of a machine under TCG: a given kernel, sysa, kexec, sysb, a disk, sysc; what goes wrong."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lib import deps, disk, journey, layout, plan, qemu, sources
from lib.monitor import Silent
from lib.plan import Chain
from lib.store import Store
from lib.vessel import Outcome
from tests.e2e import cli
from tests.e2e.conftest import Grown
from tests.e2e.firmware import started

BEFORE, BUILT = "etc", "zlib-1.3.1"
"""A small package, which is built on the disk, and the one before, which is taken from the store."""

pytestmark = [pytest.mark.far(BEFORE), pytest.mark.timeout(7200)]


@pytest.fixture(scope="module")
def chain() -> Chain:
    return plan.load(cli.BASE, sources.load(cli.BASE).digests)


@pytest.fixture(scope="module")
def packages(chain: Chain, grown: Grown) -> dict[str, Path]:
    """The packages before BUILT, by step."""
    grown(BEFORE)
    found = plan.make(chain, BEFORE, Store(deps.cache() / "packages", Silent()))
    return {name: package.path for name, package in found.stored.items()}


# ---- sysb alone, with few packages: what it says of disks


@dataclass
class Bench:
    """A root to leave sysa from, and disks to arrive on."""

    folder: Path
    root: Path
    tree: Path
    lines: list[str] = field(default_factory=list)
    on_line: dict[str, Callable[[], object]] = field(default_factory=dict)
    """What to do when a line is seen."""

    def image(self, name: str, size: int = 1 << 30) -> Path:
        """A disk that sysb accepts: its sysc only says that it has begun."""
        path = self.folder / name
        disk.create(path, self.tree, size)
        return path

    def boot(
        self, image: Path | None, *, words: str = "", more: tuple[str, ...] = (), cores: int = 1
    ) -> Outcome:
        """Leave sysa and see how it ends; the console's lines are in `lines`."""
        (self.root / "next").write_text(f"{journey.COMMAND_LINE} seedroot.poweroff seedroot.wait=3 {words}\n")
        self.lines = []
        machine = Machine(accel="tcg", cores=cores, ram="1G", more=more)
        machine.attach(image)
        try:
            return machine.run(self.root, self._line)
        finally:
            machine.attach(None)

    def _line(self, line: str) -> bool:
        self.lines.append(line)
        self.on_line.get(line, lambda: None)()
        return line == "#: end" or line.startswith("#: fail")

    def said(self, text: str) -> bool:
        """Whether a line has this in it."""
        return any(text in line for line in self.lines)


@dataclass
class Machine(qemu.Qemu):
    """QEMU with further arguments."""

    more: tuple[str, ...] = ()

    def command_line(self, accel: str, image: int, network: bool = False) -> list[str]:
        """See Qemu."""
        return [*super().command_line(accel, image, network), *self.more]


@pytest.fixture(scope="module")
def bench(
    chain: Chain, packages: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("bench")
    system = chain.later[0]
    root, tree = folder / "root", folder / "tree"
    layout.make_root(root, chain.system.folder)
    for name in system.leaves_with:
        layout.put_package(root, name, packages[name])
    (root / "takes").write_text("tools\nbusybox-1.37.0\n")
    (root / "seed.kaem").write_text("/bin/kaem /sysa.kaem\n")
    (root / "sysa.kaem").write_text("PATH=/bin:/usr/bin\nsh /sysa/leave.sh\n")
    layout.make_tree(tree, system.folder)
    (tree / "sysc.kaem").write_text("PATH=/bin\n#: end\n")
    yield Bench(folder, root, tree)
    layout.clear(root)
    layout.clear(tree)


@pytest.mark.parametrize("cores", [1, 2])
def test_the_machine_comes_to_sysc(bench: Bench, cores: int) -> None:
    image = bench.image(f"right{cores}.img")
    outcome = bench.boot(image, cores=cores)
    assert outcome.ended, bench.lines
    assert bench.said("#: system sysb")
    assert bench.said("tools.tar: copied, verified, installed")
    assert bench.said("#: end")
    again = bench.boot(image, cores=cores)
    assert again.ended
    assert not bench.said("copied, verified")


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("ahci", ["-device", "ahci,id=a", "-device", "ide-hd,bus=a.0,drive=d"]),
        ("piix", ["-device", "ide-hd,drive=d"]),
        ("nvme", ["-device", "nvme,serial=1,drive=d"]),
        ("usb", ["-device", "qemu-xhci", "-device", "usb-storage,drive=d"]),
        ("uas", ["-device", "qemu-xhci", "-device", "usb-uas,id=u", "-device", "scsi-hd,bus=u.0,drive=d"]),
        ("ehci", ["-device", "usb-ehci", "-device", "usb-storage,drive=d"]),
        ("sdhci", ["-device", "sdhci-pci", "-device", "sd-card,drive=d"]),
        ("scsi", ["-device", "virtio-scsi-pci", "-device", "scsi-hd,drive=d"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.slow
def test_wherever_the_disk_is(bench: Bench, name: str, more: list[str]) -> None:
    image = bench.image(f"{name}.img")
    drive = ("-drive", f"if=none,id=d,format=raw,file={image}")
    assert bench.boot(None, more=(*drive, *more)).ended, bench.lines
    assert bench.said("#: end"), bench.lines


def test_a_disk_that_appears_late(bench: Bench) -> None:
    """Ten seconds after sysb has begun to look for it, a stick is put in."""
    image = bench.image("late.img")
    socket_path = bench.folder / "monitor"

    def put_in() -> None:
        with socket.socket(socket.AF_UNIX) as monitor:
            monitor.connect(str(socket_path))
            monitor.sendall(b"device_add usb-storage,bus=x.0,drive=d\n")
            said = b""
            while b"drive=d\x1b[K\r\n" not in said:  # it shows what is typed, as on a terminal
                said += monitor.recv(4096)

    bench.on_line["#: system sysb"] = lambda: threading.Timer(10, put_in).start()
    try:
        outcome = bench.boot(
            None,
            words="seedroot.wait=60",
            more=(
                *("-monitor", f"unix:{socket_path},server,nowait", "-device", "qemu-xhci,id=x"),
                *("-drive", f"if=none,id=d,format=raw,file={image}"),
            ),
        )
    finally:
        bench.on_line.clear()
    assert outcome.ended
    assert bench.said("#: end"), bench.lines
    [waited] = [line for line in bench.lines if line.startswith("The disk is /dev/sda2 (after ")]
    assert int(waited.split()[-2]) >= 5, waited  # the guest's seconds may be longer than ours


def test_there_is_no_disk(bench: Bench) -> None:
    assert bench.boot(None).ended
    assert bench.said("#: fail sysb there is no disk called seedroot (waited 3 s)"), bench.lines


def test_another_disk_is_named(bench: Bench) -> None:
    other = bench.folder / "other.img"
    with other.open("wb") as image:
        image.truncate(64 << 20)
    assert bench.boot(other).ended
    assert bench.said("#: fail sysb there is no disk called seedroot"), bench.lines
    assert bench.said("/dev/vda: 64 MiB"), bench.lines


def test_a_disk_that_can_only_be_read(bench: Bench) -> None:
    image = bench.image("read-only.img")
    drive = ("-drive", f"if=virtio,format=raw,readonly=on,file={image}")
    assert bench.boot(None, more=drive).ended
    assert bench.said("#: fail sysb the disk /dev/vda2 can only be read"), bench.lines


def test_a_damaged_file_system(bench: Bench) -> None:
    image = bench.image("damaged.img")
    start = disk.describe(image).root_start
    with image.open("r+b") as file:
        file.seek(start + 4096)
        file.write(os.urandom(1 << 20))
    assert bench.boot(image).ended
    assert bench.said("#: fail sysb the file system on /dev/vda2 is damaged (e2fsck: "), bench.lines


def test_a_full_disk(bench: Bench) -> None:
    image = bench.image("small.img", 512 << 20)
    room = disk.describe(image).free - (4 << 20)
    with (bench.tree / "distfiles/large").open("wb") as file:
        file.write(os.urandom(room))
    try:
        disk.create(image, bench.tree, 512 << 20)
    finally:
        (bench.tree / "distfiles/large").unlink()
    (bench.root / "takes").write_text("busybox-1.37.0\nlinux-6.1\n")
    try:
        assert bench.boot(image).ended
    finally:
        (bench.root / "takes").write_text("tools\nbusybox-1.37.0\n")
    assert bench.said("is it too small?"), bench.lines


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("/sys/kernel/kexec_loaded", None, "has no kexec: give another"),
        (
            "/sys/kernel/security/lockdown",
            "none [integrity] confidentiality\n",
            "is locked down and refuses kexec",
        ),
        ("/boot/vmlinuz", "no kernel", "kexec refuses the kernel"),
    ],
    ids=["no kexec", "locked down", "no kernel"],
)
def test_sysa_cannot_be_left(bench: Bench, file: str, content: str | None, said: str) -> None:
    """leave.sh looks at another file than the kernel's: these kernels are not at hand."""
    leave = bench.root / "sysa/leave.sh"
    text = leave.read_text()
    if content is not None:
        (bench.root / "other").write_text(content)
    leave.write_text(text.replace(file, "/other"))
    try:
        assert bench.boot(None).ended
    finally:
        leave.write_text(text)
        (bench.root / "other").unlink(missing_ok=True)
    assert bench.lines[-1].startswith("#: fail sysb ")
    assert said in bench.lines[-1]


def test_a_first_program_that_ends(bench: Bench) -> None:
    outcome = bench.boot(None, words="rdinit=/bin/false")
    assert not outcome.ended
    assert outcome.reason == "/init ended with exit status 1"  # a panic, in words


# ---- the whole, from the store


@pytest.fixture
def cache(packages: dict[str, Path], tmp_path: Path) -> Path:
    """A cache like the user's, whose store has all but what is to be built."""
    folder = tmp_path / "cache/seedroot"
    (folder / "packages").mkdir(parents=True)
    for entry in deps.cache().iterdir():
        if entry.name != "packages":
            (folder / entry.name).symlink_to(entry)
    for name in packages:
        (folder / "packages" / name).symlink_to(deps.cache() / "packages" / name)
    return folder.parent


def start(target: Path, cache: Path) -> subprocess.Popen[str]:
    arguments = ["--qemu", "--accel", "tcg", "--until", BUILT, "--target", str(target)]
    return subprocess.Popen(
        cli.command(cli.BASE, arguments), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, env=cli.environment(cache),
    )  # fmt: skip


def kill_at(target: Path, word: str, process: subprocess.Popen[str]) -> str:
    """kill -9 the run's qemu when a line of the log has this in it; what the run then printed."""
    until = time.monotonic() + 900
    while not any(word in line for line in _log(target)):
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < until, "\n".join(_log(target)[-20:])
        time.sleep(0.1)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for child in children:
        if "qemu" in Path(f"/proc/{child}/comm").read_text():
            os.kill(int(child), signal.SIGKILL)
    return process.communicate(timeout=120)[0]


def _log(target: Path) -> list[str]:
    path = target / "log.txt"
    return path.read_text(errors="replace").splitlines() if path.exists() else []


def spoil(image: Path, name: str, folder: Path) -> None:
    """Replace a file on a disk, behind its back."""
    (folder / "spoilt").write_bytes(b"spoilt")
    start_of_root = disk.describe(image).root_start
    commands = f"rm {name}\nwrite {folder / 'spoilt'} {name}\n"
    debugfs = shutil.which("debugfs", path="/usr/sbin:/sbin:/usr/bin")
    assert debugfs
    subprocess.run(
        [debugfs, "-w", "-f", "-", f"{image}?offset={start_of_root}"],
        input=commands, text=True, check=True, capture_output=True,
    )  # fmt: skip


def test_the_whole_journey_survives_power_cuts(cache: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    said = kill_at(target, "gcc-10.2.tar: copied", start(target, cache))
    assert "failed: qemu was killed by SIGKILL" in said, said
    said = kill_at(target, f"/build/{BUILT}", start(target, cache))
    assert f"step {BUILT} failed: qemu was killed by SIGKILL" in said, said
    done = start(target, cache)
    said = done.communicate(timeout=1200)[0]
    assert done.returncode == 0, said
    assert "copied, verified" not in "\n".join(_log(target))  # that was done before the power failed
    report = json.loads((target / "report.json").read_text())
    assert report["result"] == "complete"
    assert not report["from_seed"]
    assert report["steps"][-1]["result"] == "built"
    assert "came from the store" in said, said
    assert disk.read(target / "disk.img", "state/complete") == b""
    assert disk.read(target / "disk.img", "usr/lib/libz.a")

    # A package on the disk is spoilt: it is found, named, and built again to what it was.
    spoil(target / "disk.img", f"packages/{BUILT}.tar", tmp_path)
    shutil.rmtree(cache / "seedroot/packages" / BUILT)
    process = start(target, cache)
    said = process.communicate(timeout=1200)[0]
    assert process.returncode == 0, said
    assert f"{BUILT}: its package on the disk is not what was built; it is built again" in said, said
    assert json.loads((target / "report.json").read_text())["steps"][-1] == {
        **report["steps"][-1],
        "seconds": json.loads((target / "report.json").read_text())["steps"][-1]["seconds"],
    }


@pytest.mark.parametrize("firmware", ["uefi", "bios"])
def test_the_disk_starts_by_itself(bench: Bench, tmp_path: Path, firmware: str) -> None:
    """As far as init, which says a word in the kernel's log: the console is the screen."""
    init = bench.tree / "sbin/init"
    init.parent.mkdir()
    init.write_text("#!/bin/sh\nmountpoint -q /dev/pts && mountpoint /dev/shm >/dev/kmsg\nsleep 1000\n")
    init.chmod(0o755)
    try:
        image = bench.image("by-itself.img")
    finally:
        shutil.rmtree(init.parent)
    assert bench.boot(image).ended, bench.lines
    lines = started(image, firmware, "ahci", tmp_path, "/dev/shm is a mountpoint")
    assert any("efi: EFI v" in line for line in lines) == (firmware == "uefi")


@pytest.mark.parametrize("firmware", ["uefi", "bios"])
def test_another_kernel_takes_the_first_ones_place(bench: Bench, tmp_path: Path, firmware: str) -> None:
    """The same twice over, for there are two places for kernels: the third is where the first was."""
    init, other = bench.tree / "sysc/init", bench.tree / "boot/other"
    text = init.read_text()
    again = "for i in 1 2; do echo >>/boot/other; sh /sysc/boot.sh /boot/other; done\n"
    init.write_text(text.replace("hostname seedroot\n", again))
    assert again in init.read_text()
    other.parent.mkdir()
    shutil.copy(bench.root / "boot/vmlinuz", other)
    try:
        image = bench.image(f"other-{firmware}.img")
    finally:
        init.write_text(text)
        shutil.rmtree(other.parent)
    assert bench.boot(image).ended, bench.lines
    for how in ("UEFI starts /boot/other from /dev/vda1", "BIOS starts /boot/other from /dev/vda3"):
        assert sum(how in line for line in bench.lines) == 2, bench.lines
    started(image, firmware, "ahci", tmp_path, "Run /sysc/init as init process")


@pytest.mark.far("linux-6.1-sysc")
@pytest.mark.parametrize("firmware", ["uefi", "bios"])
def test_in_the_end_the_disk_starts_the_kernel_that_was_built_on_it(
    bench: Bench, grown: Grown, tmp_path: Path, firmware: str
) -> None:
    kernel = grown("linux-6.1-sysc").root_of("sysc") / "boot/vmlinuz"
    image = with_kernel(bench, kernel.read_bytes(), f"own-{firmware}.img")
    assert bench.boot(image).ended, bench.lines
    assert not any("(gcc (GCC) 15" in line for line in bench.lines)
    lines = started(image, firmware, "ahci", tmp_path, "Run /sysc/init as init process")
    assert any("Linux version 6.1.8" in line and "(gcc (GCC) 15" in line for line in lines), lines


def test_a_full_efi_partition_keeps_the_kernel_that_it_has(bench: Bench, tmp_path: Path) -> None:
    kernel = (bench.root / "boot/vmlinuz").read_bytes()
    image = with_kernel(bench, kernel + b"\n", "full-esp.img")
    drive = f"{image}@@{disk.describe(image).root_start - (128 << 20)}"
    free = subprocess.run(["mdir", "-i", drive, "::/"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"([\d ]+) bytes free", free)
    assert found
    with (tmp_path / "filler").open("wb") as filler:
        filler.truncate(int(found[1].replace(" ", "")) - len(kernel) - (1 << 20))
    subprocess.run(["mcopy", "-i", drive, str(tmp_path / "filler"), "::/filler"], check=True)
    assert bench.boot(image).ended, bench.lines
    assert bench.said(
        "#: note the disk goes on starting the kernel that it had: "
        "boot: /boot/vmlinuz cannot be copied to /dev/vda1: is it full?"
    ), bench.lines
    started(image, "uefi", "ahci", tmp_path, "Run /sysc/init as init process")


def test_a_disk_with_no_place_for_a_kernel(bench: Bench) -> None:
    image = bench.image("no-place.img")
    sfdisk = shutil.which("sfdisk", path="/usr/sbin:/sbin:/usr/bin")
    assert sfdisk
    for number in (1, 3):
        subprocess.run([sfdisk, "--quiet", "--part-label", str(image), str(number), "other"], check=True)
    assert bench.boot(image).ended, bench.lines
    assert bench.said("the disk does not start by itself"), bench.lines
    assert bench.said("#: end")


def with_kernel(bench: Bench, kernel: bytes, name: str) -> Path:
    """A disk whose sysc has built this kernel."""
    boot = bench.tree / "boot"
    boot.mkdir()
    (boot / "vmlinuz").write_bytes(kernel)
    try:
        return bench.image(name)
    finally:
        shutil.rmtree(boot)


def test_a_disk_that_is_only_filled_from_the_store(cache: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    arguments = ["--qemu", "--accel", "tcg", "--until", BEFORE, "--target", str(target)]
    done = cli.run(cli.BASE, *arguments, cache=cache, timeout=600)
    assert done.returncode == 0, done.stderr
    assert {step["result"] for step in json.loads((target / "report.json").read_text())["steps"]} == {
        "given",
        "stored",
    }
    assert disk.read(target / "disk.img", "etc/inittab")
    again = cli.run(cli.BASE, *arguments, cache=cache)
    assert again.returncode == 0, again.stderr
    assert "sysb has begun" in done.stderr + done.stdout
    assert "sysb has begun" not in again.stderr + again.stdout  # all is there: the machine is not started
