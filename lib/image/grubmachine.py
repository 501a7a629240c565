# SPDX-License-Identifier: GPL-3.0-or-later
"""What GRUB 2 knows while it reads a configuration file: variables, devices, and what an entry has loaded.

Here are the commands that change these; those that make menus are in grub2.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lib.image import grubtest
from lib.image.entry import LONGEST, MOST_ENTRIES, MenuError, Texts, parent, plain, resolve
from lib.image.grubscript import Block, Word

_STEPS = 50_000  # commands carried out, and their words; 64 letters of a value count as one more
CALLS = 60
"""Functions, files and blocks in each other."""
_HERE = "medium"
"""What the device is called here that the menu is on, whatever it is on a machine."""
_FEATURES = (
    "200_final", "all_video_module", "chainloader_bpb", "default_font_path", "menuentry_id",
    "menuentry_options", "nativedisk_cmd", "net_search", "ntldr", "platform_search_hint", "timeout_style",
)  # fmt: skip
_NETWORK = ("tftp", "http", "https", "pxe", "nfs", "net")


@dataclass
class Limits:
    """What all parts of a menu share."""

    texts: Texts
    steps: int = 0
    calls: int = 0
    entries: int = 0
    files: list[str] = field(default_factory=list)
    """Those that are being read, each from the one before."""
    problems: list[str] = field(default_factory=list)

    def step(self, letters: int = 0) -> None:
        """Count a command, or its words."""
        self.steps += 1 + letters // 64
        if self.steps > _STEPS:
            raise MenuError("it does not come to an end")

    def problem(self, words: str) -> None:
        """Remember what was not understood."""
        if words not in self.problems and len(self.problems) < 10:
            self.problems.append(words)


@dataclass
class Loaded:
    """What an entry has loaded."""

    kernel: str = ""
    initrds: list[str] = field(default_factory=list)
    append: str = ""
    problem: str | None = None
    unset: list[str] = field(default_factory=list)
    """Variables of its command line that have no value."""


def environment(texts: Texts, folder: str) -> dict[str, str]:
    """The variables that GRUB has kept (GRUB's manual, "The GRUB environment block")."""
    try:
        lines = texts.read(f"{folder}/grubenv").split("\n")
    except MenuError:
        return {}
    found = (re.fullmatch(r"([A-Za-z_]\w*)=(.*)", line, re.ASCII) for line in lines[1:])
    # A backslash makes an ordinary letter of the one after it.
    return {match[1]: re.sub(r"\\(.)", r"\1", match[2])[:LONGEST] for match in found if match}


def first_variables(path: str) -> dict[str, str]:
    efi = path.lower().startswith("/efi/")
    return {
        **{f"feature_{name}": "y" for name in _FEATURES},
        "grub_platform": "efi" if efi else "pc",
        "grub_cpu": "x86_64" if efi else "i386",
        "root": _HERE,
        "prefix": f"({_HERE}){parent(path)}",
        "cmdpath": f"({_HERE})",
    }


class Machine:
    """Variables, devices, and what was loaded."""

    def __init__(
        self,
        variables: dict[str, str],
        limits: Limits,
        functions: dict[str, Block] | None = None,
        elsewhere: dict[str, str] | None = None,
    ) -> None:
        self._files = limits.texts.files
        self._variables = variables
        self._exported = set(variables)
        self._limits = limits
        self._functions = {} if functions is None else functions
        self._elsewhere = {} if elsewhere is None else elsewhere
        """Names of devices that are not this medium, and what they are."""
        self._arguments: list[str] = []
        self._loaded = Loaded()
        self._unset: list[str] = []
        """Variables without a value in the command that is carried out."""
        self._commands: dict[str, Callable[[list[str]], bool]] = {
            "[": self._test,
            "export": self._export,
            "initrd": self._initrd,
            "initrd16": self._initrd,
            "initrdefi": self._initrd,
            "linux": self._linux,
            "linux16": self._linux,
            "linuxefi": self._linux,
            "load_env": self._load_env,
            "loopback": self._loopback,
            "probe": self._probe,
            "regexp": self._regexp,
            "search": self._search,
            "search.file": self._search,
            "search.fs_label": self._search,
            "search.fs_uuid": self._search,
            "set": self._set,
            "test": self._test,
            "unset": self._unset_variable,
        }

    # --- words and variables

    def _expand(self, words: tuple[Word, ...], wild: bool) -> list[str]:
        """Words with the values of their variables; without quotes, these may be several words or none.

        wild  whether "*" and "?" stand for names of files
        """
        done: list[str] = []
        for word in words:
            pieces = [""]
            real = False  # nothing at all is no word, unless it is quoted
            for part in word:
                match part.kind:
                    case "text" | "quoted":
                        pieces[-1] += part.text
                        real = True
                    case "quoted variable":
                        pieces[-1] += self._value(part.text)
                    case "variable":
                        value = self._value(part.text)
                        split = [piece for piece in re.split(r"[ \t\n\v\f\r]+", value) if piece]
                        real = real or bool(split)
                        if split and value[0] in " \t\n\v\f\r" and pieces[-1]:
                            pieces.append("")
                        pieces[-1] += split[0] if split else ""
                        pieces += split[1:]
                letters = sum(map(len, pieces))
                self._limits.step(letters)
                if letters > LONGEST:
                    raise MenuError("it makes too long a line")
            if not real:
                continue
            for piece in pieces:
                found = self._matching(piece) if wild and any(part.kind == "text" for part in word) else []
                done += found or [piece]
        return done

    def _matching(self, pattern: str) -> list[str]:
        """The files that a pattern stands for, if it has one in its last name."""
        folder, _, name = pattern.rpartition("/")
        path = self._path(f"{folder}/")
        if path is None or len(name) > 255 or not any(sign in name for sign in "*?"):
            return []
        names = self._files.names(path)
        self._limits.step(64 * len(names))
        return [f"{folder}/{found}" for found in names if fnmatch.fnmatchcase(found, name)]

    def _value(self, name: str) -> str:
        if name.isdigit():
            number = int(name[:4])
            return self._arguments[number - 1] if 0 < number <= len(self._arguments) else ""
        if name in "*@":
            return " ".join(self._arguments)
        if name in "?#":
            return str(len(self._arguments)) if name == "#" else "0"
        if name not in self._variables:
            self._unset.append(name)
        return self._variables.get(name, "")

    def _put(self, name: str, value: str) -> None:
        if len(self._variables) > 10 * MOST_ENTRIES or len(value) > LONGEST:
            raise MenuError("it keeps too much in its variables")
        self._variables[name] = value

    def _problem(self, words: str) -> None:
        self._loaded.problem = self._loaded.problem or words

    def _path(self, place: str) -> str | None:
        """A place on the medium as a path; None if it is on something else."""
        device, path = self._device(place)
        return None if device in self._elsewhere else resolve(path)

    def _device(self, place: str) -> tuple[str, str]:
        """The device that something is on, and where. All disks that a menu names count as this one."""
        match = re.match(r"\(([^)]*)\)", place)
        device = match[1] if match else self._variables.get("root", "")
        return device.strip("()"), place[match.end() :] if match else place

    def _found(self, place: str) -> str | None:
        """The path of something that an entry loads; None if there is a problem with it, which is noted."""
        device, path = self._device(place)
        if device in self._elsewhere:
            self._problem(f"it starts something on {self._elsewhere[device]}")
        elif device.split(",")[0] in _NETWORK:
            self._problem("it starts something from a network")
        elif not path.startswith("/"):
            self._problem(f"{plain(place)} is not a path")
        else:
            return resolve(path)
        return None

    # --- commands

    def _set(self, arguments: list[str]) -> bool:
        for word in arguments[:1]:
            name, equals, value = word.partition("=")
            if equals:
                self._put(name, value)
        return True

    def _unset_variable(self, arguments: list[str]) -> bool:
        for name in arguments:
            self._variables.pop(name, None)
        return True

    def _export(self, arguments: list[str]) -> bool:
        self._exported |= {word.partition("=")[0] for word in arguments}
        for word in arguments:
            if "=" in word:
                self._set([word])
        return True

    def _linux(self, arguments: list[str]) -> bool:
        if not arguments:
            self._problem("it names no kernel")
            return False
        self._loaded.kernel = self._found(arguments[0]) or ""
        self._loaded.append = " ".join(_quoted(word) for word in arguments[1:])
        self._loaded.unset += self._unset
        self._loaded.initrds = []
        return True

    def _initrd(self, arguments: list[str]) -> bool:
        for word in arguments:
            if word.startswith("newc:"):
                self._problem("its initial RAM disk is put together by the boot loader (newc:)")
            elif (path := self._found(word)) is not None:
                self._loaded.initrds.append(path)
        return True

    def _load_env(self, arguments: list[str]) -> bool:
        if any(word.startswith(("-f", "--file")) for word in arguments):
            return False
        folder = self._path(self._variables.get("prefix", "/"))
        for name, value in environment(self._limits.texts, folder).items() if folder else ():
            self._put(name, value)
        return True

    def _loopback(self, arguments: list[str]) -> bool:
        names = [word for word in arguments if not word.startswith("-")]
        if len(names) > 1:
            self._elsewhere[names[0]] = f"an image in a file, {plain(names[1])}"
        return True

    def _probe(self, arguments: list[str]) -> bool:
        """What the medium is: only its file system is known here."""
        asked, name, words = "", "", iter(arguments)
        for word in words:
            option, equals, value = word.partition("=")
            if option in ("--set", "-s"):
                name = value if equals else next(words, "")
            elif word.startswith("-"):
                asked = word
        files = self._files
        known = {"-f": files.kind, "-l": files.label, "-u": files.uuid}
        known |= {"--fs": files.kind, "--label": files.label, "--fs-uuid": files.uuid}
        if name:
            self._put(name, known.get(asked, ""))
        return asked in known

    def _regexp(self, arguments: list[str]) -> bool:
        """Not followed: what it would set has no value."""
        for word in arguments:
            if match := re.match(r"--set=(?:[0-9]+:)?(\w+)", word, re.ASCII):
                self._put(match[1], "")
        return False

    def _search(self, arguments: list[str]) -> bool:
        """Look for a file system by a file in it, its label or its UUID. There is only this one."""
        kind, variable, names, words = "", "root", [], iter(arguments)
        for word in words:
            option, equals, value = word.partition("=")
            if option in ("--set", "-s"):
                variable = value or variable
            elif option in ("-f", "--file", "-l", "--label", "-u", "--fs-uuid"):
                kind = {"-f": "file", "-l": "label", "-u": "fs-uuid"}.get(option, option.strip("-"))
            elif option == "--hint" and not equals:
                next(words, "")
            elif not word.startswith("-"):
                names.append(word)
        if not names:
            return False
        name = names[0]
        if len(names) > 1 and not kind:  # search.fs_uuid UUID VARIABLE HINTS
            variable = names[1]
        if kind == "file" or (not kind and name.startswith("/")):
            if self._files.kind_of(resolve(name)) is None:
                return False
            self._put(variable, _HERE)
            return True
        own = {self._files.uuid.casefold(), self._files.label.casefold()} - {""}
        if own and name.casefold() not in own:
            where = f"elsewhere{len(self._elsewhere)}"
            self._elsewhere[where] = f"another file system ({plain(name)})"
            self._put(variable, where)
        else:
            self._put(variable, _HERE)
        return True

    def _test(self, arguments: list[str]) -> bool:
        if arguments[-1:] == ["]"]:
            arguments = arguments[:-1]
        return grubtest.holds(arguments, self._size_of)

    def _size_of(self, place: str) -> int | None:
        """For conditions: the bytes of a file, -1 for a folder, None if there is nothing."""
        path = self._path(place)
        kind = None if path is None else self._files.kind_of(path)
        if path is None or kind is None:
            return None
        return self._files.size_of(path) if kind == "file" else -1


def _quoted(word: str) -> str:
    """A word of a kernel's command line as GRUB passes it on (grub-core/lib/cmdline.c)."""
    word = re.sub(r"([\\'\"])", r"\\\1", word)
    return f'"{word}"' if " " in word else word
