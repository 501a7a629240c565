# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.errors import UserError
from lib.image import entry, menu
from lib.image.entry import Entry, Menu

from . import debian
from .files import Files, kernel, patient

KERNEL = kernel()


def test_all_menus_are_found_each_once() -> None:
    label = "label x\nlinux /linux\n"
    files = Files({
        "/isolinux/isolinux.cfg": label, "/boot/syslinux/syslinux.cfg": label, "/extlinux.conf": label,
        "/boot/grub/grub.cfg": "", "/EFI/debian/grub.cfg": "", "/EFI/BOOT/grub.cfg": "", "/EFI/BOOT/x": "",
        "/boot/grub/loopback.cfg": "", "/boot/grub/menu.lst": "", "/loader/entries/x.conf": "",
    })  # fmt: skip
    assert [(one.kind, one.path) for one in menu.find(files)] == [
        ("syslinux", "/isolinux/isolinux.cfg"),
        ("syslinux", "/boot/syslinux/syslinux.cfg"),
        ("syslinux", "/extlinux.conf"),
        ("grub2", "/boot/grub/grub.cfg"),
        ("grub2", "/EFI/BOOT/grub.cfg"),
        ("grub2", "/EFI/debian/grub.cfg"),
        ("grub2", "/boot/grub/loopback.cfg"),
        ("grub-legacy", "/boot/grub/menu.lst"),
        ("bls", "/loader/entries"),
    ]
    assert menu.find(Files({"/linux": KERNEL})) == []
    assert "/isolinux/isolinux.cfg" in menu.PLACES


def test_the_best_menu() -> None:
    bad, good = Entry("bad", problem="why"), Entry("good", "/linux")
    none = Menu("syslinux", "/1", (), -1, -1)
    hopeless = Menu("syslinux", "/2", (bad,), 0, 0)
    partly = Menu("syslinux", "/3", (bad, good), 0, 0)
    whole = Menu("grub2", "/4", (good, bad), 0, 0)
    assert menu.best([none, hopeless, partly, whole]) is whole
    assert menu.best([none, hopeless, partly]) is partly
    assert menu.best([none, hopeless]) is None


class Broken(Files):
    """A file system in which some files cannot be read."""

    def read(self, path: str, limit: int = 1 << 20) -> bytes:
        if path.startswith("/broken"):
            raise UserError("byte 7 is wrong")
        return super().read(path, limit)

    def size_of(self, path: str) -> int:
        return 7


def test_damage_is_told_where_it_is() -> None:
    found = menu.find(
        Broken({"/syslinux.cfg": "include broken.cfg\n", "/broken.cfg": "", "/broken": b"",
                "/extlinux.conf": "label x\nlinux broken\n"})
    )  # fmt: skip
    assert [(one.problem, [e.problem for e in one.entries]) for one in found] == [
        (None, ["byte 7 is wrong"]),
        ("byte 7 is wrong", []),
    ]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ({0x1FE: 0}, "not a Linux kernel"),
        ({0x202: 0}, "not a Linux kernel"),
        ({0x211: 0}, "zImage"),
    ],
)
def test_kernels_are_looked_into(damage: dict[int, int], said: str) -> None:
    content = bytearray(KERNEL)
    for at, value in damage.items():
        content[at] = value
    found = entry.checked(Files({"/linux": bytes(content)}), Entry("x", "/linux"))
    assert said in (found.problem or "")
    assert "not a Linux kernel" in (entry.checked(Files({"/linux": b""}), Entry("x", "/linux")).problem or "")


def test_what_a_script_could_not_pass_on_is_refused() -> None:
    files = Files({"/linux": KERNEL, "/a\nb": b"", "/c\x7f": KERNEL})
    for line in ("a\0b", "a\nb", "a\r", "\x7f"):
        found = entry.checked(files, Entry("x", "/linux", (), line))
        assert "control characters" in (found.problem or "")
    assert entry.checked(files, Entry("x", "/linux", (), "a\tb")).problem is None
    many = entry.checked(files, Entry("x", "/linux", ("/linux",) * 101))
    assert "more than 100" in (many.problem or "")
    assert "too long" in (entry.checked(files, Entry("x", "/linux", (), "a" * 20000)).problem or "")
    assert "control characters" in (entry.checked(files, Entry("x", "/linux", ("/a\nb",))).problem or "")
    assert "control characters" in (entry.checked(files, Entry("x", "/c\x7f")).problem or "")
    assert entry.checked(files, Entry("a\n\x1b[31m b", "/linux")).title == "a [31m b"


@patient
@given(st.text(alphabet="ab./", max_size=30), st.sampled_from(["/", "/x", "/x/y"]))
def test_no_path_leads_above_the_root(path: str, where: str) -> None:
    found = entry.resolve(path, where)
    assert found.startswith("/")
    assert not {"", ".", ".."} & set(found[1:].split("/")) or found == "/"


@patient
@given(st.binary(max_size=50))
def test_all_text_can_be_shown(content: bytes) -> None:
    words = entry.plain(content.decode("utf-8", "surrogateescape"), 20)
    assert words.isprintable()
    assert len(words) <= 20
    words.encode("utf-8")


# --- menus of others, from Debian's packages


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What live-build makes the menus of Debian's live discs from."""
    return (
        debian.unpacked("live-build", tmp_path_factory.mktemp("live-build"))
        / "usr/share/live/build/bootloaders"
    )


FILLED = {
    "@FLAVOUR@": "amd64", "@LINUX@": "/live/linux", "@INITRD@": "/live/initrd",
    "@APPEND_LIVE@": "boot=live quiet",
    "@APPEND_LIVE_FAILSAFE@": "boot=live noapic", "@OPTIONAL_INSTALLER_INCLUDE@": "include install.cfg",
    "@OPTIONAL_MEMTEST_INCLUDE@": "include memtest.cfg", "@MEMTEST@": "/live/memtest",
    "@MEMTEST_VERSION@": "6.10",
    "@KERNEL_GI@": "/install/gtk/linux", "@INITRD_GI@": "/install/gtk/initrd",
    "@KERNEL_DI@": "/install/linux",
    "@INITRD_DI@": "/install/initrd", "@APPEND_INSTALL@": "", "@ENABLE_INSTALL_MENU@": "true",
    "@ENABLE_MEMTEST@": "true", "@MEMTEST_DIR@": "/live",
    "@LINUX_LIVE@": 'menuentry "Live system" { linux /live/linux boot=live quiet\ninitrd /live/initrd\n}',
}  # fmt: skip
BOOT: dict[str, bytes | str] = {
    "/live/linux": KERNEL, "/live/initrd": b"", "/live/memtest": b"", "/live/memtest.bin": b"",
    "/install/gtk/linux": KERNEL, "/install/gtk/initrd": b"", "/install/linux": KERNEL,
    "/install/initrd": b"",
}  # fmt: skip


def filled(top: Path, to: str) -> dict[str, bytes | str]:
    """The templates of a folder as files in another one."""
    found: dict[str, bytes | str] = {}
    for path in sorted(top.glob("*.cfg*")):
        content = path.read_text()
        for word, value in FILLED.items():
            content = content.replace(word, value)
        found[f"{to}/{path.name.removesuffix('.in')}"] = content
    return found


def test_the_syslinux_menu_of_a_live_disc(templates: Path) -> None:
    files = filled(templates / "isolinux", "/isolinux") | filled(templates / "syslinux_common", "/isolinux")
    files["/isolinux/install.cfg"] = files["/isolinux/install_gui.cfg"]
    (found,) = menu.find(Files({**BOOT, **files}))
    assert found.entries[found.default] == Entry(
        "Live system (amd64)", "/live/linux", ("/live/initrd",), "boot=live quiet initrd=/live/initrd"
    )
    startable = [one.title for one in found.entries if one.problem is None]
    assert len(startable) == 24
    assert "Advanced install options > Text installer > Rescue mode" in startable
    assert {one.title: one.problem for one in found.entries if one.problem} == {
        "Utilities > Hardware Detection Tool (HDT)": "hdt.c32 is a program for the boot loader, not a kernel",
        "Utilities > Memory Diagnostic Tool (6.10)": "/live/memtest is not a Linux kernel for x86",
    }


def test_the_grub_menu_of_a_live_disc(templates: Path) -> None:
    files = filled(templates / "grub-pc", "/boot/grub")
    files["/boot/grub/install_start.cfg"] = files["/boot/grub/install_start_gui.cfg"]
    files["/boot/grub/install.cfg"] = files["/boot/grub/install_gui.cfg"]
    (found,) = menu.find(Files({**BOOT, **files}))
    assert found.problem is None
    assert found.entries[found.default] == Entry(
        "Live system", "/live/linux", ("/live/initrd",), "boot=live quiet"
    )
    assert len([one for one in found.entries if one.problem is None]) == 23
    assert "Advanced install options ... > Text installer ... > Rescue mode" in [
        one.title for one in found.entries
    ]
    memtest = found.entries[-1]
    assert (memtest.title, memtest.problem) == (
        "Utilities... > Memory Diagnostic Tool (6.10)", "/live/memtest is not a Linux kernel for x86",
    )  # fmt: skip


def test_the_menu_that_grub_mkconfig_writes(tmp_path: Path) -> None:
    """Its own scripts, on a made-up /boot: what they would find out of a machine is told them instead."""
    (tmp_path / "deb").mkdir()
    top = debian.unpacked("grub-common", tmp_path / "deb")
    for name in ("vmlinuz-6.1.0-9-amd64", "vmlinuz-6.1.0-10-amd64", "initrd.img-6.1.0-10-amd64"):
        (tmp_path / name).write_bytes(KERNEL)
    (tmp_path / "grub-probe").write_text("#!/bin/sh\necho ext2\n")
    (tmp_path / "grub-probe").chmod(0o755)
    (tmp_path / "grub-mkconfig_lib").write_text(
        (top / "usr/share/grub/grub-mkconfig_lib").read_text() + MACHINE.format(boot=tmp_path)
    )
    environment = {
        "PATH": f"{tmp_path}:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "pkgdatadir": str(tmp_path),
        "GRUB_DEVICE": "/dev/sda2", "GRUB_DEVICE_UUID": "1234-ABCD", "GRUB_FS": "ext2", "GRUB_DEFAULT": "1>2",
        "GRUB_CMDLINE_LINUX": "splash='a b'", "GRUB_DISABLE_LINUX_UUID": "true", "GRUB_DISTRIBUTOR": "Debian",
        "GRUB_RECOVERY_TITLE": "recovery mode",
    }  # fmt: skip
    config = ""
    for name in ("00_header", "10_linux"):
        script = (top / "etc/grub.d" / name).read_text().replace("/boot/vmlinuz-*", f"{tmp_path}/vmlinuz-*")
        done = subprocess.run(
            ["sh", "-c", script], env=environment, check=True, capture_output=True, text=True
        )
        config += done.stdout
    files: dict[str, bytes | str] = {f"/boot/{path.name}": KERNEL for path in tmp_path.glob("*-6.1.0-*")}
    (found,) = menu.find(Files({**files, "/boot/grub/grub.cfg": config}))
    assert found.problem is None
    more = "Advanced options for Debian GNU/Linux > Debian GNU/Linux, with Linux 6.1.0"
    assert [one.title for one in found.entries] == [
        "Debian GNU/Linux", f"{more}-10-amd64", f"{more}-10-amd64 (recovery mode)",
        f"{more}-9-amd64", f"{more}-9-amd64 (recovery mode)",
    ]  # fmt: skip
    assert found.entries[found.default].title == f"{more}-9-amd64"
    assert found.entries[1] == Entry(
        f"{more}-10-amd64", "/boot/vmlinuz-6.1.0-10-amd64", ("/boot/initrd.img-6.1.0-10-amd64",),
        'root=/dev/sda2 ro "splash=a b"',
    )  # fmt: skip


MACHINE = """
prepare_grub_to_access_device() {{ echo 'search --no-floppy --fs-uuid --set=root 1234-ABCD'; }}
make_system_path_relative_to_its_root() {{ echo "$1" | sed 's#^{boot}#/boot#'; }}
"""
