# SPDX-License-Identifier: GPL-3.0-or-later
"""The script runs in a real busybox, in a folder that it takes for the whole system.

Only mount, umount, blkid, losetup, kexec and sleep are stand-ins: functions, which a shell takes first.
"""

from __future__ import annotations

import contextlib
import os
import pty
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lib import deps
from lib.errors import UserError
from lib.image import menu
from lib.image.entry import Entry, Menu
from lib.image.sourceme import Place, make, quoted
from tests.unit.conftest import names_in

from . import debian
from .files import Files, kernel, patient

STAND_INS = r"""
export PATH=/bin
mount() { # mount -o ro DEVICE FOLDER; what is on a device lies in /on
    device=${3##*/}
    [ ! -e /backing/"$device" ] || device=$(cat /backing/"$device")
    [ -d /on/"$device" ] && [ ! -e "/busy/$3" ] || return
    rmdir "$4" && ln -s /on/"$device" "$4" && echo "$3" >>/mounted
}
umount() {
    [ -h "$1" ] && rm "$1" && mkdir "$1" && return
    echo "umount $1" >>/done
}
losetup() {
    case $1 in
        -f) echo /dev/loop7 ;;
        -r) echo "${3##*/}" >/backing/"${2##*/}" ;;
        -d) rm /backing/"${2##*/}" ;;
    esac
}
blkid() { cat /names/"${1##*/}" 2>/dev/null; }
sleep() {
    [ ! -e /later ] || mv /later/* /on
    echo sleep >>/done
}
kexec() {
    for word; do printf '%s\0' "$word"; done >>/kexec
    printf '\n\0' >>/kexec
    for word; do
        case $word in --initrd=*) cat "${word#--initrd=}" >/loaded ;; esac
    done
    [ ! -e "/refuses$2" ] && [ ! -e "/refuses$1" ]
}
"""


@dataclass
class System:
    """A folder with busybox, in which the script runs."""

    top: Path
    status: int = 0
    said: str = ""

    def disk(self, name: str, *partitions: int, device: str = "") -> None:
        """A disk as sysfs shows it."""
        place = self.top / "sys/devices" / device / "block" / name
        place.mkdir(parents=True, exist_ok=True)
        self._link(name, place)
        for number in partitions:
            part = f"{name}p{number}" if name[-1].isdigit() else f"{name}{number}"
            (place / part).mkdir()
            (place / part / "partition").write_text(f"{number}\n")
            self._link(part, place / part)

    def _link(self, name: str, place: Path) -> None:
        link = self.top / "sys/class/block" / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to("/" + str(place.relative_to(self.top)))

    def put(self, path: str, content: bytes | str = "") -> None:
        """A file."""
        file = self.top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    def run(
        self, script: bytes, boot: str = "/dev/sdb2", disk: str = "/dev/sdb", answer: bytes | None = None
    ) -> None:
        """Source the script as /init does; with an answer, on a terminal."""
        for name in ("kexec", "done", "mounted", "loaded"):
            (self.top / name).unlink(missing_ok=True)
        mounted = self.top / "mnt/target"
        if mounted.is_symlink():
            mounted.unlink()
            mounted.mkdir()
        (self.top / "kexec.sourceme").write_bytes(script)
        shell = f'{STAND_INS}\n(. /kexec.sourceme)\necho "status $?"'
        chroot = ["chroot"] if os.geteuid() == 0 else ["unshare", "-r", "chroot"]
        command = [*chroot, str(self.top), "/bin/busybox", "ash", "-c", shell]
        environment = {**os.environ, "BOOT_PATH": boot, "BOOT_DISK": disk}
        with contextlib.ExitStack() as stack:
            terminal = subprocess.DEVNULL
            if answer is not None:
                ours, terminal = pty.openpty()
                stack.callback(os.close, ours)
                stack.callback(os.close, terminal)
                os.write(ours, answer)
            done = subprocess.run(
                command, env=environment, stdin=terminal, capture_output=True, timeout=60, check=False
            )
        said = done.stdout + done.stderr
        self.said = said.decode(errors="backslashreplace")

    @property
    def kexec(self) -> list[list[bytes]]:
        """The command lines of kexec."""
        path = self.top / "kexec"
        if not path.exists():
            return []
        return [run.split(b"\0")[:-1] for run in path.read_bytes().split(b"\n\0")[:-1]]

    def lines(self, name: str) -> list[str]:
        """What stand-ins have written down."""
        path = self.top / name
        return path.read_text().split("\n")[:-1] if path.exists() else []


@pytest.fixture(scope="module", params=["debian", "grown"])
def busybox(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Debian's, and the one that the chain has grown, if that is in the store."""
    top = tmp_path_factory.mktemp("busybox")
    if request.param == "debian":
        return debian.unpacked("busybox-static", top) / "bin/busybox"
    packages = sorted(
        (deps.cache() / "packages").glob("busybox-1.37.0/*.tar"), key=lambda path: path.stat().st_mtime
    )
    if not packages:
        pytest.skip("busybox-1.37.0 is not in the store")
    subprocess.run(["tar", "-C", str(top), "-xf", str(packages[-1]), "bin/busybox"], check=True)
    return top / "bin/busybox"


@pytest.fixture
def system(busybox: Path, tmp_path: Path) -> System:
    """A stick with the target in partition 1, and another disk."""
    return make_system(busybox, tmp_path / "system")


def make_system(busybox: Path, top: Path) -> System:
    for folder in ("bin", "dev", "mnt/target", "on", "busy", "names", "backing", "boot", "proc"):
        (top / folder).mkdir(parents=True)
    shutil.copy2(busybox, top / "bin/busybox")
    for name in subprocess.run(
        [busybox, "--list"], capture_output=True, text=True, check=True
    ).stdout.split():
        if name != "busybox":
            (top / "bin" / name).symlink_to("busybox")
    made = System(top)
    made.disk("sda", 1)
    made.disk("sdb", 1, 2)
    made.put("on/sdb1/linux", "kernel")
    made.put("on/sda1/other")
    return made


ENTRY = Entry("It", "/linux", (), "root=/dev/sda1 quiet")
PLACE = Place(1, "LABEL", "1234-ABCD")
LOAD = [b"-a", b"-l", b"/mnt/target/linux", b"--append=root=/dev/sda1 quiet"]


def script(*entries: Entry, place: Place = PLACE, default: int = 0, untouched: int = 0) -> bytes:
    return make(Menu("syslinux", "/isolinux.cfg", entries or (ENTRY,), default, untouched), place)


def test_the_kernel_is_loaded_and_started(system: System) -> None:
    system.run(script())
    assert system.kexec == [LOAD, [b"-e"]], system.said
    assert system.lines("mounted") == ["/dev/sdb1"]
    assert system.lines("done") == ["umount /boot"]
    assert "Entry 1: It\n" in system.said
    assert "Starting /linux with: root=/dev/sda1 quiet" in system.said


def test_initial_ram_disks(system: System) -> None:
    system.put("on/sdb1/boot/a b.gz", b"12345")
    system.put("on/sdb1/boot/c.gz", b"123456")
    system.run(script(Entry("x", "/linux", ("/boot/a b.gz",), "")))
    assert system.kexec[0] == [*LOAD[:3], b"--append=", b"--initrd=/mnt/target/boot/a b.gz"]
    system.run(script(Entry("x", "/linux", ("/boot/a b.gz", "/boot/c.gz"), "")))
    assert system.kexec[0] == [*LOAD[:3], b"--append=", b"--initrd=/initrd"]
    assert (system.top / "loaded").read_bytes() == b"12345\0\0\0" + b"123456\0\0"
    system.run(script(Entry("x", "/linux", ("/boot/gone",), "")))
    assert system.kexec == []
    assert "Error: there is no file /boot/gone beside /linux." in system.said
    assert "status 1" in system.said


@pytest.mark.parametrize(
    ("boot", "disk", "there", "mounted"),
    [
        ("/dev/sdb2", "/dev/sdb", "sdb1", "/dev/sdb1"),
        ("/dev/sdb2", "", "sdb1", "/dev/sdb1"),
        ("/dev/nvme0n1p2", "", "nvme0n1p1", "/dev/nvme0n1p1"),
        ("/dev/mmcblk0p2", "/dev/mmcblk0", "mmcblk0p1", "/dev/mmcblk0p1"),
        ("/dev/vda2", "/dev/vda", "vda1", "/dev/vda1"),
        ("/dev/loop0", "/dev/sr0", "sr0", "/dev/sr0"),
        ("/dev/sr0", "", "sr0", "/dev/sr0"),
        ("/dev/sdc2", "/dev/sdc", "sdc", "/dev/loop7"),
        ("", "", "vda1", "/dev/vda1"),
        ("/dev/sdb2", "/dev/sdb", "vda", "/dev/loop7"),
        ("/dev/sdb2", "/dev/sdb", "vda2", "/dev/vda2"),
    ],
)
def test_the_target_is_found_whatever_the_disk_is_called(
    system: System, boot: str, disk: str, there: str, mounted: str
) -> None:
    shutil.rmtree(system.top / "on/sdb1")
    for name, parts in (
        ("nvme0n1", (1, 2)),
        ("mmcblk0", (1, 2)),
        ("vda", (1, 2)),
        ("sr0", ()),
        ("sdc", (2, 3)),
    ):
        system.disk(name, *parts)
    system.put(f"on/{there}/linux")
    if there not in ("sdc",):
        system.put(f"names/{there}", f'/dev/{there}: LABEL="LABEL" TYPE="iso9660"\n')
    system.run(script(), boot, disk)
    assert system.lines("mounted")[-1:] == [mounted], system.said
    assert system.kexec[-1:] == [[b"-e"]]


def test_a_disk_of_which_a_partition_is_mounted_gets_a_loop_device(system: System) -> None:
    system.put("busy/dev/sdb")
    shutil.move(system.top / "on/sdb1", system.top / "on/sdb")
    system.run(script(place=Place(0, "", "")))
    assert system.lines("mounted") == ["/dev/loop7"]
    assert system.kexec == [LOAD, [b"-e"]]
    assert names_in(system.top / "backing") == []
    system.run(script(place=Place(0, "", "")).replace(b"WAIT=30", b"WAIT=0").replace(b"/linux", b"/other"))
    assert names_in(system.top / "backing") == [], "a loop device that is of no use is given back"


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ('LABEL="LABEL"', True),
        ('UUID="1234-ABCD"', True),
        ('LABEL="LABEL2" UUID="1234-ABCDE"', False),
        ('XLABEL="LABEL"', False),
        ("", False),
    ],
)
def test_other_disks_are_known_by_their_names(system: System, names: str, found: bool) -> None:
    shutil.move(system.top / "on/sdb1/linux", system.top / "on/sda1/linux")
    system.put("names/sda1", f"/dev/sda1: {names}\n")
    system.run(script().replace(b"WAIT=30", b"WAIT=2"))
    assert (system.kexec != []) == found, system.said
    if not found:
        assert "Error: no disk has /linux (waited 2 s; label 'LABEL', UUID '1234-ABCD')." in system.said
        assert system.lines("done") == ["sleep", "sleep"]
        assert "status 1" in system.said


def test_a_target_without_names_is_on_no_other_disk(system: System) -> None:
    shutil.move(system.top / "on/sdb1/linux", system.top / "on/sda1/linux")
    system.put("names/sda1", '/dev/sda1: LABEL="" UUID=""\n')
    system.run(script(place=Place(1, "", "")).replace(b"WAIT=30", b"WAIT=0"))
    assert system.kexec == []


def test_a_disk_that_comes_late_is_waited_for(system: System) -> None:
    (system.top / "later").mkdir()
    shutil.move(system.top / "on/sdb1", system.top / "later/sdb1")
    system.run(script())
    assert system.lines("done")[0] == "sleep"
    assert system.kexec == [LOAD, [b"-e"]]


@pytest.mark.parametrize(
    ("systab", "append", "line"),
    [
        ("ACPI20=0x7bfae014\nACPI=0x7bfae000\nSMBIOS=0x1\n", "quiet", "acpi_rsdp=0x7bfae014 quiet"),
        ("ACPI=0x7bfae000\nSMBIOS=0x1\n", "", "acpi_rsdp=0x7bfae000"),
        ("ACPI20=0x1\n", "a -- b", "acpi_rsdp=0x1 a -- b"),
        ("ACPI20=0x1\n", "a acpi_rsdp=0x2", "a acpi_rsdp=0x2"),
        ("SMBIOS=0x1\n", "quiet", "quiet"),
    ],
)
def test_the_kernel_is_told_where_the_acpi_tables_are(
    system: System, systab: str, append: str, line: str
) -> None:
    system.put("sys/firmware/efi/systab", systab)
    system.run(script(Entry("x", "/linux", (), append)))
    assert system.kexec[0][3] == b"--append=" + line.encode()


def test_more_words_go_in_front(system: System) -> None:
    changed = script().replace(b"MORE= ", b"MORE='console=ttyS0 x' ")
    system.run(changed)
    assert system.kexec[0][3] == b"--append=console=ttyS0 x root=/dev/sda1 quiet"


def test_windows_line_ends_are_of_no_harm_as_init_removes_them(system: System) -> None:
    changed = script().replace(b"\n", b"\r\n")
    system.run(changed.replace(b"\r", b""))
    assert system.kexec == [LOAD, [b"-e"]]


def test_a_kernel_that_the_newer_call_refuses_is_loaded_by_the_older(system: System) -> None:
    system.put("refuses-a")
    system.run(script())
    assert system.kexec == [LOAD, [b"-c", *LOAD[1:]], [b"-e"]]
    system.put("refuses-c")
    system.run(script())
    assert system.kexec == [LOAD, [b"-c", *LOAD[1:]]]
    assert "Error: /linux cannot be loaded." in system.said
    assert not (system.top / "mnt/target").is_symlink()


def test_usb_controllers_are_given_up_on_demand(system: System) -> None:
    device = "sys/bus/pci/drivers/xhci_hcd/0000:00:14.0"
    system.put(device)
    system.run(script())
    assert not (system.top / device).with_name("unbind").exists()
    system.run(script().replace(b"RELEASE_USB=no", b"RELEASE_USB=yes"))
    assert (system.top / device).with_name("unbind").read_text() == "0000:00:14.0\n"


TWO = (
    Entry("First", "/linux", (), "1"),
    Entry("Not", problem="it's odd"),
    Entry("Third > `x`", "/linux", (), "3"),
)


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (b"\n", "3"), (b"1\n", "1"), (b"2\n", "3"), (b"", "1"), (b"7\n1\n", "1"), (b"x; reboot\n2\n", "3"),
        (b"99999999999999999999\n0\n\n", "3"), (b"$(x)\n*\n1\n", "1"), (b"\x04", "1"),
    ],
)  # fmt: skip
def test_a_person_is_asked(system: System, answer: bytes, line: str) -> None:
    changed = script(*TWO, default=2, untouched=0).replace(b"TIMEOUT=10", b"TIMEOUT=1")
    assert b"#   Not: it's odd\n" in changed
    system.run(changed, answer=answer)
    assert system.kexec[0][3] == b"--append=" + line.encode(), system.said
    assert "    2  Third > `x`\n" in system.said


def test_nobody_is_asked_where_there_is_no_terminal_or_nothing_to_choose(system: System) -> None:
    system.run(script(*TWO, default=2, untouched=0))
    assert system.kexec[0][3] == b"--append=1"
    assert "Number" not in system.said
    system.run(script(*TWO).replace(b"TIMEOUT=10", b"TIMEOUT=0"), answer=b"2\n")
    assert "Number" not in system.said
    system.run(script(), answer=b"2\n")
    assert "Number" not in system.said


def test_a_wrong_setting_is_told(system: System) -> None:
    system.run(script().replace(b"UNTOUCHED=1", b"UNTOUCHED=7"))
    assert "Error: there is no entry 7" in system.said
    assert system.kexec == []


def test_a_default_that_cannot_be_started_gives_way() -> None:
    assert b"DEFAULT=1 " in script(*TWO, default=1, untouched=2)
    assert b"UNTOUCHED=2 " in script(*TWO, default=1, untouched=2)
    with pytest.raises(UserError, match=r"nothing in /isolinux\.cfg"):
        script(TWO[1])


ODD = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cc", "Cs"]), st.sampled_from("'\"\\$`!*?[]{}()<>|&;~#% \t"),
        st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF, categories=["Cs"]),
    ), max_size=40,
)  # fmt: skip


@pytest.fixture(scope="module")
def reused(busybox: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system for many tries."""
    yield make_system(busybox, tmp_path_factory.mktemp("system") / "system")


@settings(deadline=None, max_examples=40)
@example(
    append="'; touch /bad; '", title="$(touch /bad)", name="`touch ${IFS}bad`", label='" ) touch /bad;; #'
)
@example(append="$(touch /bad)", title="'\\''", name="';touch $HOME bad;'", label="'")
@example(append="\\", title="-n", name="-rf", label="*")
@given(append=ODD, title=ODD, name=ODD, label=ODD)
def test_nothing_in_a_menu_is_ever_executed(
    reused: System, append: str, title: str, name: str, label: str
) -> None:
    """Kexec gets what the menu says, to the byte, and nothing else happens."""
    name = "/" + name.replace("/", "_")[:40].replace("\t", "").strip(". ") + "x"
    raw = os.fsencode(name)
    shutil.rmtree(reused.top / "on/sdb1")
    for path in (raw, raw + b"1"):
        (reused.top / "on/sdb1").mkdir(exist_ok=True)
        Path(os.fsdecode(os.fsencode(reused.top / "on/sdb1") + path)).write_bytes(b"")
    before = set(names_in(reused.top))
    text = script(Entry(title, name, (f"{name}1",), append), place=Place(1, label, label))
    reused.run(text)
    line = append.encode("utf-8", "surrogateescape")
    assert reused.kexec == [
        [b"-a", b"-l", b"/mnt/target" + raw, b"--append=" + line, b"--initrd=/mnt/target" + raw + b"1"],
        [b"-e"],
    ], reused.said
    written = {"kexec", "done", "mounted", "loaded", "kexec.sourceme"}
    assert set(names_in(reused.top)) - before <= written


@patient
@given(st.text(max_size=50))
def test_quoting(text: str) -> None:
    assert quoted(text).count("'") == 2 + 3 * text.count("'")
    assert quoted(text)[1:-1].replace("'\\''", "'") == text


def test_from_a_menu_to_the_script() -> None:
    files = Files(
        {"/isolinux/isolinux.cfg": "label a b\nlinux /linux\nappend it's\n", "/linux": kernel(bits=32)}
    )
    found = menu.best(menu.find(files))
    assert found is not None
    text = make(found, Place.of(files, 0)).decode()
    assert "append='it'\\''s'\n" in text
    assert "TARGET_PARTITION=0 " in text
    assert "# its kernel is a 32-bit one" in text
