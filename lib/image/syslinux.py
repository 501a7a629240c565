# SPDX-License-Identifier: GPL-3.0-or-later
"""Menus of isolinux, syslinux and extlinux.

The format is described in syslinux.cfg(5) and in menu.txt, both in Syslinux' own documentation. Relative
paths begin in the folder of the first file, whichever file they are in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from lib.image.entry import (
    DEEPEST,
    LONGEST,
    MOST_ENTRIES,
    MOST_LINES,
    Entry,
    Menu,
    MenuError,
    Texts,
    parent,
    plain,
    resolve,
)
from lib.image.filesystem import FileSystem

PLACES = tuple(
    f"{folder}/{name}"
    for folder in (
        "/boot/isolinux", "/isolinux", "/boot/syslinux", "/syslinux", "/boot/extlinux", "/extlinux", "/boot",
        "",
    )
    for name in ("isolinux.cfg", "extlinux.conf", "syslinux.cfg")
)  # fmt: skip
"""Where the loaders look, those of discs first (syslinux.cfg(5), LOCATION/NAME)."""

_KINDS = ("linux", "kernel", "config", "com32", "comboot", "boot", "bss", "pxe", "fdimage", "localboot")
_SUFFIXES = {
    ".c32": "com32", ".com": "comboot", ".cbt": "comboot", ".bss": "bss", ".bs": "boot", ".bin": "boot",
    ".0": "pxe", ".img": "fdimage",
}  # fmt: skip
"""What KERNEL takes a file for (syslinux.cfg(5), KERNEL-LIKE DIRECTIVES)."""
_MENUS = ("menu.c32", "vesamenu.c32", "gfxmenu.c32")
_SPACES = "".join(chr(code) for code in range(1, 33))  # what the loaders take for white space


@dataclass(eq=False)
class _Submenu:
    title: str
    parent: _Submenu | None
    default: _Label | _Submenu | None = None
    titled: bool = False

    @property
    def prefix(self) -> str:
        """What goes before the titles of its entries."""
        return f"{self.parent.prefix}{plain(self.title)} > " if self.parent else ""


@dataclass(eq=False)
class _Label:
    """What is said of an entry, as it is read."""

    name: str
    menu: _Submenu
    title: str = ""
    kind: str = "kernel"
    image: str = ""
    append: str | None = None
    initrd: str = ""
    default: bool = False
    hidden: bool = False
    moves: bool = False
    """It is no entry to start: it leads to another menu, or only shows something."""


@dataclass
class _Config:
    """A file with all that it includes."""

    texts: Texts
    folder: str
    top: _Submenu = field(default_factory=lambda: _Submenu("", None))
    labels: list[_Label] = field(default_factory=list)
    default: str = ""
    timeout: int = 0
    on_timeout: str = ""
    lines: int = 0

    def __post_init__(self) -> None:
        self._menu = self.top
        self._start = self.top
        self._label: _Label | None = None
        self._append = ""

    @property
    def start(self) -> _Submenu:
        """The menu that is shown first."""
        return self._start

    def read(self, path: str, depth: int = 0) -> None:
        """Take in a file."""
        if depth > DEEPEST:
            raise MenuError(f"its files include each other more than {DEEPEST} levels deep")
        in_text = False
        for line in re.split(r"\r?\n|\r", self.texts.read(path)):
            self.lines += 1
            if self.lines > MOST_LINES:
                raise MenuError(f"it has more than {MOST_LINES} lines")
            word, rest = _first(line.split("\0")[0][:LONGEST])
            if in_text or word == "text":
                in_text = word != "endtext"
            elif word == "include":
                self._include(rest, depth)
            elif word == "menu":
                self._menu_line(*_first(rest), depth)
            else:
                self._line(word, rest)

    def end(self) -> None:
        """What was begun is over."""
        label, self._label = self._label, None
        if label is None:
            return
        if label.append is None:
            label.append = self._append
        if label.append == "-":
            label.append = ""
        if len(self.labels) >= MOST_ENTRIES:
            raise MenuError(f"it has more than {MOST_ENTRIES} entries")
        self.labels.append(label)
        if label.default and not label.moves:
            label.menu.default = label

    def _include(self, rest: str, depth: int) -> None:
        name, tag = _first(rest, lower=False)
        path = self.place(name)
        if self.texts.files.kind_of(path) != "file":
            return  # as the loaders: they go on without it
        if tag:
            self._begin(tag)
        self.read(path, depth + 1)
        if tag:
            self._end()

    def _begin(self, title: str) -> None:
        self.end()
        depth = self._menu.prefix.count(" > ")
        if depth > DEEPEST:
            raise MenuError(f"its menus are more than {DEEPEST} levels deep")
        self._menu = _Submenu(title, self._menu)

    def _end(self) -> None:
        self.end()
        self._menu = self._menu.parent or self._menu

    def _menu_line(self, word: str, rest: str, depth: int) -> None:
        label = self._label
        if word == "include":
            self._include(rest, depth)
        elif word == "begin":
            self._begin(rest)
        elif word == "end":
            self._end()
        elif word == "separator":
            self.end()
        elif word == "start":
            self._start = self._menu
        elif label is None:
            if word == "label" or (word == "title" and not self._menu.titled):
                self._menu.title = rest.replace("^", "", 1)
                self._menu.titled = word == "label"
            elif word == "default" and self._menu.parent:
                self._menu.parent.default = self._menu
        elif word == "label":
            label.title = rest.replace("^", "", 1)
        elif word == "default":
            label.default = True
        elif word == "hide":
            label.hidden = True
        elif word in ("disable", "disabled", "goto", "exit", "quit", "help"):
            label.moves = True

    def _line(self, word: str, rest: str) -> None:
        label = self._label
        if word == "label":
            self.end()
            self._label = _Label(rest, self._menu, title=rest, image=rest)
        elif word == "append":
            if label is None:
                self._append = "" if rest == "-" else rest
            else:
                label.append = rest
        elif word == "initrd" and label is not None:
            label.initrd = rest
        elif word in _KINDS and label is not None:
            label.kind, label.image = word, rest
        elif word == "default":
            self.default = "" if _name(rest) in _MENUS else rest  # the last one counts
        elif word == "timeout":
            self.timeout = _number(rest)
        elif word == "ontimeout":
            self.on_timeout = rest

    def place(self, path: str) -> str:
        """A path in a configuration file as an absolute one; "::" begins one that is absolute anyway."""
        if self.texts.files.kind == "vfat":
            path = path.replace("\\", "/")
        return resolve(f"/{path[2:]}" if path.startswith("::") else path, self.folder)


def read(files: FileSystem, path: str) -> Menu:
    """The menu that begins with a file."""
    entries, default, untouched = _Reader(files).menu(path)
    return Menu("syslinux", path, tuple(entries), default, untouched)


class _Reader:
    """Follows labels that lead to other configuration files."""

    def __init__(self, files: FileSystem) -> None:
        self._texts = Texts(files)
        self._seen: set[tuple[str, ...]] = set()
        self._lines = 0

    def menu(self, *paths: str, folder: str = "") -> tuple[list[Entry], int, int]:
        """The entries of a menu, the default, and the one that a timeout starts."""
        self._seen.add(paths)
        config = _Config(self._texts, folder or parent(paths[0]), lines=self._lines)
        for path in paths:
            config.read(path)
        config.end()
        self._lines = config.lines
        entries: list[Entry] = []
        places: dict[_Label, int] = {}
        leading: list[tuple[_Label, tuple[str, ...], str]] = []
        for label in config.labels:
            if label.hidden or label.moves:
                continue
            real = _meant(config, label)
            others = _others(config, real)
            if others is not None:
                leading.append((label, *others))
            else:
                places[label] = len(entries)
                entries.append(_entry(config, _title(label), real, _line(real)))
        # What other menus have comes last, and only if it is nowhere else: they often show the same again.
        for label, followed, where in leading:
            self._follow(label, followed, where, entries, places)
        default = _index(config, config.default, entries, places)
        if default is None:
            default = _default(config, places)
        untouched = _index(config, config.on_timeout, entries, places) if config.timeout else None
        if len(entries) > MOST_ENTRIES:
            raise MenuError(f"it has more than {MOST_ENTRIES} entries")
        default = min(default, len(entries) - 1)
        return entries, default, default if untouched is None else untouched

    def _follow(
        self,
        label: _Label,
        paths: tuple[str, ...],
        folder: str,
        entries: list[Entry],
        places: dict[_Label, int],
    ) -> None:
        if paths in self._seen or len(self._seen) > DEEPEST:
            return
        found, default, _ = self.menu(*paths, folder=folder)
        for number, entry in enumerate(found):
            if _same(entry, entries) is None:
                if number == default:
                    places[label] = len(entries)
                entries.append(replace(entry, title=f"{_title(label)} > {entry.title}"))


def _meant(config: _Config, label: _Label) -> _Label:
    """The label that a program chooses which looks at the machine; the label itself if it starts none."""
    for _ in range(DEEPEST):
        words = _words(label.append or "")
        program = _name(label.image) if _kind(label) == "com32" else ""
        name = ""
        if program == "ifcpu64.c32" and words:
            name = words[0]  # the one for processors with 64 bits
        elif program == "whichsys.c32" and "-iso-" in words[:-1]:
            name = words[words.index("-iso-") + 1]
        label = next((other for other in config.labels if name and other.name == name), label)
    return label


def _others(config: _Config, label: _Label) -> tuple[tuple[str, ...], str] | None:
    """The configuration files that a label leads to, and the folder where their paths begin."""
    words = _words(label.append or "")
    if label.kind == "config":
        paths = [config.place(label.image)]
        folder = config.place(words[0]) if words else config.folder
    elif _kind(label) == "com32" and _name(label.image) in _MENUS:
        paths = [config.place(word) for word in words if word != "~"]  # "~" is the first file
        folder = config.folder
    else:
        return None
    paths = [path for path in paths if config.texts.files.kind_of(path) == "file"]
    return (tuple(paths), folder) if paths else None


def _index(config: _Config, line: str, entries: list[Entry], places: dict[_Label, int]) -> int | None:
    """The entry that a command line starts; a new one if there is none like it. None for no command line."""
    name, more = _first(line, lower=False)
    if not name:
        return None
    label = next((label for label in config.labels if label.name == name), None)
    if label in places and not more:
        return places[label]
    if label is None:
        entry = _entry(config, name, _Label(name, config.top, image=name), more)
    elif label.moves:
        return None
    else:
        real = _meant(config, label)
        entry = _entry(config, _title(label), real, f"{_line(real)} {more}".strip())
    found = _same(entry, entries)
    if found is None:
        entries.append(entry)
        return len(entries) - 1
    return found


def _default(config: _Config, places: dict[_Label, int]) -> int:
    """The default of the menu that is shown first; the first of its entries if it has none."""
    chosen: _Label | _Submenu | None = config.start
    for _ in range(DEEPEST):
        if isinstance(chosen, _Submenu):
            menu = chosen
            chosen = menu.default or next((label for label in places if label.menu is menu), None)
    return places.get(chosen, 0) if isinstance(chosen, _Label) else 0


def _entry(config: _Config, title: str, label: _Label, line: str) -> Entry:
    """What starting a label with a command line means."""
    kind = _kind(label)
    name = plain(label.image)
    initrd = [word[7:] for word in _words(line) if word.startswith("initrd=")][-1:]
    entry = Entry(
        title,
        config.place(label.image),
        tuple(config.place(path) for path in initrd[0].split(",") if path) if initrd else (),
        line,
    )
    if kind == "localboot":
        return replace(entry, problem="it starts what is on one of the machine's own disks")
    if kind == "config" or (kind == "com32" and _name(label.image) in _MENUS):
        return replace(entry, problem="it leads to another menu, which is not there")
    if _name(label.image) in ("mboot.c32", "mboot"):
        return replace(entry, problem="it is started by multiboot, as Xen and ESXi are, not as Linux is")
    if kind != "linux":
        return replace(entry, problem=f"{name} is a program for the boot loader, not a kernel")
    if _name(label.image) == "memdisk":
        return replace(entry, problem="it starts the image of another disk by memdisk")
    return entry


def _same(entry: Entry, entries: list[Entry]) -> int | None:
    """Where there is an entry that starts the same."""
    what = (entry.kernel, entry.initrds, entry.append)
    return next((i for i, e in enumerate(entries) if (e.kernel, e.initrds, e.append) == what), None)


def _title(label: _Label) -> str:
    return label.menu.prefix + plain(label.title)


def _line(label: _Label) -> str:
    """Its kernel command line. INITRD is the same as initrd= at the end of it (syslinux.cfg(5))."""
    return f"{label.append or ''} initrd={label.initrd}".strip() if label.initrd else label.append or ""


def _kind(label: _Label) -> str:
    """What a label starts: KERNEL goes by the file's name."""
    if label.kind != "kernel":
        return label.kind
    name = _name(label.image)
    return next((kind for suffix, kind in _SUFFIXES.items() if name.endswith(suffix)), "linux")


def _name(line: str) -> str:
    """The file's name, without its folder, that a command line begins with."""
    return re.split(r"[/\\]", _first(line, lower=False)[0])[-1].lower()


def _first(line: str, lower: bool = True) -> tuple[str, str]:
    """The first word of a line, and the rest."""
    words = re.split(f"[{_SPACES}]+", line.strip(_SPACES), maxsplit=1)
    return (words[0].lower() if lower else words[0]), words[1] if len(words) > 1 else ""


def _words(line: str) -> list[str]:
    return [word for word in re.split(f"[{_SPACES}]", line) if word]


def _number(digits: str) -> int:
    """As C's atoi: what a text begins with."""
    found = re.match(r"[0-9]{1,9}", digits)
    return int(found[0]) if found else 0
