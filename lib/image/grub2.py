# SPDX-License-Identifier: GPL-3.0-or-later
"""Menus of GRUB 2: what its configuration file would come to on a machine that starts from this medium.

A configuration file is a program. What it says of variables, conditions on them and on files, functions,
loops and other configuration files is followed, within bounds; what it asks of the machine is answered as a
machine with 64 bits would on which nobody touches a key. Commands are in GRUB's manual ("Available
commands"). Nothing that it says is carried out on this machine but reading files of the medium.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lib.image import bls
from lib.image.entry import DEEPEST, MOST_ENTRIES, Entry, Menu, MenuError, Texts, plain, resolve
from lib.image.filesystem import FileSystem
from lib.image.grubmachine import CALLS, Limits, Machine, first_variables
from lib.image.grubscript import Block, Command, For, Function, If, Statement, While, parse

PLACES = (
    "/boot/grub/grub.cfg",
    "/boot/grub2/grub.cfg",
    "/grub/grub.cfg",
    "/grub2/grub.cfg",
    "/EFI/*/grub.cfg",
    "/boot/grub/loopback.cfg",
)
"""Where distributions have it; "*" is for any name."""

_FALSE = frozenset({"cmostest", "false", "keystatus", "authenticate"})
"""Commands that ask for something that is not so if nobody touches the machine."""
_STARTS = {
    "chainloader": "it starts another boot loader",
    "ntldr": "it starts Windows",
    "multiboot": "it is started by multiboot, as Xen is, not as Linux is",
    "multiboot2": "it is started by multiboot, as Xen is, not as Linux is",
    "xen_hypervisor": "it starts Xen",
    "kfreebsd": "it starts FreeBSD",
    "knetbsd": "it starts NetBSD",
    "kopenbsd": "it starts OpenBSD",
    "kopensolaris": "it starts Solaris",
    "xnu_kernel": "it starts a Mac's system",
    "xnu_kernel64": "it starts a Mac's system",
    "appleloader": "it starts a Mac's system",
    "freedos": "it starts FreeDOS",
    "plan9": "it starts Plan 9",
    "halt": "it switches the machine off",
    "poweroff": "it switches the machine off",
    "reboot": "it starts the machine anew",
    "exit": "it leaves the boot loader",
    "fwsetup": "it shows the settings of the firmware",
    "syslinux_configfile": "it shows the menu of another boot loader",
    "legacy_configfile": "it shows the menu of another boot loader",
}
"""Commands that lead to something that kexec cannot start."""
_OPTIONS = frozenset({"--class", "--users", "--hotkey", "--source", "--id"})
"""Options of menuentry and submenu with a value."""


class _Leave(Exception):  # noqa: N818 - nothing is wrong
    """The rest of a block is not carried out: `return`, `break`, `continue`, or another menu has begun."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass
class _Item:
    """A line of a menu."""

    title: str
    id: str
    arguments: list[str]
    body: Block
    is_menu: bool
    entry: Entry | None = None
    """Known from the beginning where it comes from another kind of file."""


@dataclass
class _Shown:
    """What a menu comes to: its entries and menus, with the default chosen."""

    items: list[tuple[str, Entry | _Shown]]
    default: int

    def entries(self, before: str = "") -> Iterator[Entry]:
        """All entries, with the titles of their menus in front."""
        for title, item in self.items:
            if isinstance(item, _Shown):
                yield from item.entries(f"{before}{title} > ")
            else:
                yield replace(item, title=f"{before}{title}")

    def chosen(self) -> int:
        """The index of the default among all entries."""
        before = sum(_count(item) for _, item in self.items[: self.default])
        item = self.items[self.default][1]
        return before + (item.chosen() if isinstance(item, _Shown) else 0)


def read(files: FileSystem, path: str) -> Menu:
    """The menu that begins with a file."""
    limits = Limits(Texts(files))
    shown = _Context(first_variables(path), limits).menu_of(path)
    problem = "; ".join(limits.problems) or None
    if shown is None or not shown.items:
        return Menu("grub2", path, (), -1, -1, problem or "it has no entries")
    default = shown.chosen()
    return Menu("grub2", path, tuple(shown.entries()), default, default, problem)


class _Context(Machine):
    """A menu as it is made."""

    def __init__(
        self,
        variables: dict[str, str],
        limits: Limits,
        functions: dict[str, Block] | None = None,
        elsewhere: dict[str, str] | None = None,
    ) -> None:
        super().__init__(variables, limits, functions, elsewhere)
        self._items: list[_Item] = []
        self._replaced: _Shown | None = None
        """The menu that has taken the place of this one."""
        self._within = False
        """Whether an entry is carried out."""
        self._commands |= {
            ".": self._source,
            "blscfg": self._blscfg,
            "configfile": self._configfile,
            "eval": self._eval,
            "extract_entries_source": self._source,
            "normal": self._configfile,
            "source": self._source,
        }

    # --- menus

    def menu_of(self, path: str) -> _Shown | None:
        """The menu that a file makes; None if it is being read already."""
        limits = self._limits
        if path in limits.files:
            return None
        if len(limits.files) >= DEEPEST:
            raise MenuError(f"its files lead to each other more than {DEEPEST} levels deep")
        limits.files.append(path)
        try:
            with contextlib.suppress(_Leave):
                self._run_file(path)
            return self._show()
        finally:
            limits.files.pop()

    def _run_file(self, path: str) -> None:
        parsed = parse(self._limits.texts.read(path))
        for error in parsed.errors:
            self._limits.problem(f"{plain(path)}, {error}")
        self._run(parsed.block)

    def _show(self) -> _Shown:
        """Look into the entries, which see the variables as they are in the end."""
        if self._replaced is not None and not self._items:
            return self._replaced
        chosen = _chosen(self._variables.get("default", ""), [(item.id, item.title) for item in self._items])
        default = 0
        shown: list[tuple[str, Entry | _Shown]] = []
        for number, item in enumerate(self._items):
            found = self._inside(item)
            if found is not None:
                default = len(shown) if number == chosen else default
                shown.append((plain(item.title), found))
        return _Shown(shown, default)

    def _inside(self, item: _Item) -> Entry | _Shown | None:
        """An entry, or a menu in this one; None if it only leads back, or to nothing."""
        if item.entry is not None:
            return item.entry
        self._limits.calls += 1
        if self._limits.calls > CALLS:
            raise MenuError("its menus are too deep in each other")
        inner = self._inner(self._exported if item.is_menu else set(self._variables))
        inner._within = not item.is_menu
        inner._arguments = item.arguments
        default = self._variables.get("default", "")
        if _first(default) != default:
            inner._variables["default"] = default[len(_first(default)) + 1 :]
        elif item.is_menu:
            inner._variables.pop("default", None)
        with contextlib.suppress(_Leave):
            inner._run(item.body)
        found = inner._result(item)
        self._limits.calls -= 1
        return found

    def _result(self, item: _Item) -> Entry | _Shown | None:
        if self._items or self._replaced is not None:
            shown = self._show()
            return shown if shown.items else None
        if item.is_menu or self._loaded.problem == "back":
            return None
        loaded = self._loaded
        unset = [name for name in dict.fromkeys(loaded.unset) if name]
        problem, note = loaded.problem, None
        if not loaded.kernel and problem is None:
            problem = "it loads no kernel"
        if unset and problem is None:
            names = ", ".join(f"${name}" for name in unset[:5])
            note = f"its command line has variables that nothing sets: {names}"
            if any("iso" in name.lower() for name in unset):
                problem = f"it is for an image that is a file in another file system: nothing sets {names}"
        return Entry(item.title, loaded.kernel, tuple(loaded.initrds), loaded.append, problem, note)

    def _inner(self, visible: set[str]) -> _Context:
        variables = {name: value for name, value in self._variables.items() if name in visible}
        inner = _Context(variables, self._limits, self._functions, dict(self._elsewhere))
        inner._exported = self._exported & visible
        return inner

    # --- statements

    def _run(self, block: Block) -> bool:
        self._limits.calls += 1
        if self._limits.calls > CALLS:
            raise MenuError("its functions, files and blocks are too deep in each other")
        done = True
        try:
            for statement in block:
                self._limits.step()
                done = self._statement(statement)
        finally:
            self._limits.calls -= 1
        return done

    def _statement(self, statement: Statement) -> bool:
        match statement:
            case Command():
                return self._command(statement)
            case If():
                for condition, body in statement.branches:
                    if self._run(condition):
                        return self._run(body)
                return self._run(statement.otherwise)
            case For():
                for word in self._expand(statement.words, wild=True):
                    self._limits.step()
                    self._put(statement.name, word)
                    if not self._loop(statement.body):
                        break
            case While():
                while self._run(statement.condition) != statement.until:
                    self._limits.step()
                    if not self._loop(statement.body):
                        break
            case Function():
                self._functions[statement.name] = statement.body
        return True

    def _loop(self, body: Block) -> bool:
        """Whether to go on after one round."""
        try:
            self._run(body)
        except _Leave as leave:
            if leave.word not in ("break", "continue"):
                raise
            return leave.word == "continue"
        return True

    def _command(self, command: Command) -> bool:
        self._unset = []
        words = self._expand(command.words, wild=False)
        self._limits.step(64 * len(words))
        if not words:
            return True
        name, arguments = words[0], words[1:]
        if name == "!" and arguments:
            name, arguments = arguments[0], arguments[1:]
            return not self._call(name, arguments, command.block)
        return self._call(name, arguments, command.block)

    def _call(self, name: str, arguments: list[str], block: Block | None) -> bool:
        if name in ("menuentry", "submenu"):
            return self._entry(name, arguments, block or ())
        if name in self._functions:
            return self._function(self._functions[name], arguments)
        if name in self._commands:
            return self._commands[name](arguments)
        if name in ("return", "break", "continue"):
            raise _Leave(name)
        if name in _STARTS:
            if self._within and not self._loaded.kernel:
                self._problem(_STARTS[name])
            return True
        if not arguments and (match := re.fullmatch(r"([A-Za-z_]\w*)=(.*)", name, re.ASCII | re.DOTALL)):
            self._put(match[1], match[2])
            return True
        # All others change the screen, or load what is of no use here, or are not known.
        return name not in _FALSE

    def _function(self, body: Block, arguments: list[str]) -> bool:
        before, self._arguments = self._arguments, arguments
        try:
            return self._run(body)
        except _Leave as leave:
            if leave.word != "return":
                raise
            return True
        finally:
            self._arguments = before

    def _entry(self, name: str, arguments: list[str], body: Block) -> bool:
        self._limits.entries += 1
        if self._limits.entries > MOST_ENTRIES:
            raise MenuError(f"it has more than {MOST_ENTRIES} entries")
        rest: list[str] = []
        id_ = ""
        words = iter(arguments)
        for word in words:
            option, equals, value = word.partition("=")
            if option in _OPTIONS:
                value = value if equals else next(words, "")
                id_ = value if option == "--id" else id_
            elif not word.startswith("--"):
                rest.append(word)
        if rest:
            self._items.append(_Item(rest[0], id_ or rest[0], rest, body, name == "submenu"))
        return True

    # --- commands

    def _eval(self, arguments: list[str]) -> bool:
        return self._run(parse(" ".join(arguments)).block)

    def _source(self, arguments: list[str]) -> bool:
        path = self._path(arguments[0]) if arguments else None
        if path is None or self._files.kind_of(path) != "file" or path in self._limits.files:
            return False
        if len(self._limits.files) >= DEEPEST:
            raise MenuError(f"its files lead to each other more than {DEEPEST} levels deep")
        self._limits.files.append(path)
        try:
            self._run_file(path)
        except _Leave as leave:
            if leave.word != "return":
                raise
        finally:
            self._limits.files.pop()
        return True

    def _configfile(self, arguments: list[str]) -> bool:
        """Show another menu instead of this one."""
        place = arguments[0] if arguments else ""
        device, _ = self._device(place)
        path = self._path(place)
        if path is None:
            what = f"its menu is on {self._elsewhere[device]}"
            self._problem(what)
            if not self._within:
                self._limits.problem(what)
            return False
        if path in self._limits.files:
            self._problem("back")
            return True
        if self._files.kind_of(path) != "file":
            self._problem(f"it leads to another menu, {plain(path)}, which is not there")
            return False
        self._replaced = self._inner(self._exported).menu_of(path)
        if self._replaced is not None and self._replaced.items:
            raise _Leave("configfile")
        self._replaced = None
        self._problem(f"it leads to another menu, {plain(path)}, which has no entries")
        return True

    def _blscfg(self, arguments: list[str]) -> bool:  # noqa: ARG002 - as all of them
        """Red Hat's command for entries of the Boot Loader Specification."""
        folder = self._variables.get("blsdir", "")
        for place in (resolve(folder),) if folder else bls.FOLDERS:
            for entry in bls.entries(self._files, place, self._variables):
                self._limits.entries += 1
                if self._limits.entries > MOST_ENTRIES:
                    raise MenuError(f"it has more than {MOST_ENTRIES} entries")
                name = entry.name
                self._items.append(_Item(entry.entry.title, name, [], (), is_menu=False, entry=entry.entry))
        return True


def _first(default: str) -> str:
    """The part of a default that is for the uppermost menu: up to a ">" that is not doubled."""
    match = re.match(r"(?:[^>]|>>)*", default)
    return match[0] if match else ""


def _chosen(default: str, ids: list[tuple[str, str]]) -> int:
    """Which entry is the default: by id, by title, by number, or else the first (grub-core/normal/menu.c)."""
    wanted = _first(default).replace(">>", ">")
    for which in (0, 1):
        for number, names in enumerate(ids):
            if wanted and names[which] == wanted:
                return number
    return int(wanted) if re.fullmatch(r"[0-9]{1,9}", wanted) and int(wanted) < len(ids) else 0


def _count(item: Entry | _Shown) -> int:
    return sum(_count(inner) for _, inner in item.items) if isinstance(item, _Shown) else 1
