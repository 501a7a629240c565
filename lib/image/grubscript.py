# SPDX-License-Identifier: GPL-3.0-or-later
"""The language of GRUB 2's configuration files, as text and as a tree.

It is described in GRUB's manual ("Writing full configuration files directly"); what that leaves open is
decided as GRUB's own lexer does (grub-core/script/yylex.l). Nothing is carried out here.

  script    = { statement (";" | newline) }
  statement = command | function | if | for | while
  command   = word { word } [ block ]
  block     = "{" script "}"
  function  = "function" word block
  if        = "if" script "then" script { "elif" script "then" script } [ "else" script ] "fi"
  for       = "for" word "in" { word } "do" script "done"
  while     = ("while" | "until") script "do" script "done"
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from lib.image.entry import LONGEST, MenuError

_DEEPEST = 40
"""Levels of statements in each other."""
_MOST = 100_000
"""Words and signs of a script."""


class Part(NamedTuple):
    """A piece of a word."""

    kind: Literal["text", "quoted", "variable", "quoted variable"]
    text: str
    """A variable's name, or what stands for itself."""


Word = tuple[Part, ...]


@dataclass(frozen=True)
class Command:
    """A command with its words, and what it has in braces."""

    words: tuple[Word, ...]
    block: Block | None = None


@dataclass(frozen=True)
class If:
    """Pairs of a condition and what is done if it holds; and what is done if none does."""

    branches: tuple[tuple[Block, Block], ...]
    otherwise: Block


@dataclass(frozen=True)
class For:
    """Something is done for each of some words."""

    name: str
    words: tuple[Word, ...]
    body: Block


@dataclass(frozen=True)
class While:
    """Something is done as long as a condition holds, or until it does."""

    condition: Block
    body: Block
    until: bool


@dataclass(frozen=True)
class Function:
    """A new command."""

    name: str
    body: Block


Statement = Command | If | For | While | Function
Block = tuple[Statement, ...]


@dataclass
class Parsed:
    """What was understood of a text. GRUB goes on after a line that it does not understand, and so do we."""

    block: Block
    errors: list[str] = field(default_factory=list)


def parse(script: str) -> Parsed:
    """Read a script."""
    return _Parser(script).script()


class _Token(NamedTuple):
    kind: str
    """"word", "name" (a word that may be a keyword), "end", or the sign itself."""
    word: Word
    line: int


_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+|[?#*@])\}|([?#*@]))", re.ASCII)
_SIGN = re.compile(r";;|\|\||&&|[;|&<>{}]")
_TEXT = re.compile(r"[^{}|&$;<> \t\n'\"\\]+")
_QUOTED = re.compile(r'[^"$\\]+')


class _SyntaxError(Exception):
    """A statement that GRUB would refuse."""


class _Parser:
    """Reads statements one by one."""

    def __init__(self, script: str) -> None:
        self._text = script.replace("\r\n", "\n").replace("\0", " ")
        self._at = 0
        self._line = 1
        self._token = _Token("end", (), 0)
        self._depth = 0
        self._tokens = 0

    def script(self) -> Parsed:
        """The whole of it."""
        parsed = Parsed(())
        found: list[Statement] = []
        while True:
            try:
                self._next()
                while self._token.kind in ("\n", ";"):
                    self._next()
                if self._token.kind == "end":
                    break
                found.append(self._statement())
                if self._token.kind not in ("\n", ";", "end"):
                    raise self._unexpected()
            except _SyntaxError as error:
                if len(parsed.errors) < 10:
                    parsed.errors.append(str(error))
                # On with the line after this one, as GRUB does: it reads line by line.
                end = self._text.find("\n", self._at)
                if self._token.kind == "\n":
                    continue
                self._at = len(self._text) if end < 0 else end
        parsed.block = tuple(found)
        return parsed

    def _statement(self) -> Statement:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise MenuError(f"its statements are more than {_DEEPEST} levels deep")
        try:
            match self._keyword():
                case "if":
                    return self._if()
                case "for":
                    return self._for()
                case "while" | "until" as word:
                    return self._while(until=word == "until")
                case "function":
                    return self._function()
            return self._command()
        finally:
            self._depth -= 1

    def _command(self) -> Command:
        words = self._words()
        if not words:
            raise self._unexpected()
        if self._token.kind != "{":
            return Command(words)
        return Command(words, self._braces())

    def _words(self) -> tuple[Word, ...]:
        words = []
        while self._token.kind in ("word", "name"):
            words.append(self._token.word)
            self._next()
        return tuple(words)

    def _braces(self) -> Block:
        self._next()
        body = self._until("}")
        self._next()
        return body

    def _if(self) -> If:
        branches = []
        while True:
            self._next()
            condition = self._until("then")
            self._next()
            branches.append((condition, self._until("elif", "else", "fi")))
            if self._keyword() != "elif":
                break
        otherwise: Block = ()
        if self._keyword() == "else":
            self._next()
            otherwise = self._until("fi")
        self._next()
        return If(tuple(branches), otherwise)

    def _for(self) -> For:
        self._next()
        name = self._named()
        if self._keyword() != "in":
            raise self._unexpected()
        self._next()
        words = self._words()
        return For(name, words, self._loop())

    def _while(self, until: bool) -> While:
        self._next()
        condition = self._until("do")
        return While(condition, self._loop(), until)

    def _loop(self) -> Block:
        while self._token.kind in ("\n", ";"):
            self._next()
        if self._keyword() != "do":
            raise self._unexpected()
        self._next()
        body = self._until("done")
        self._next()
        return body

    def _function(self) -> Function:
        self._next()
        name = self._named()
        while self._token.kind == "\n":
            self._next()
        if self._token.kind != "{":
            raise self._unexpected()
        return Function(name, self._braces())

    def _named(self) -> str:
        if self._token.kind != "name":
            raise self._unexpected()
        name = self._token.word[0].text
        self._next()
        return name

    def _until(self, *ends: str) -> Block:
        """Statements up to one of some keywords, or a brace, which is left to the caller."""
        found: list[Statement] = []
        while True:
            while self._token.kind in ("\n", ";"):
                self._next()
            if self._token.kind in ends or self._keyword() in ends:
                return tuple(found)
            if self._token.kind not in ("word", "name"):
                raise self._unexpected()
            found.append(self._statement())
            if self._token.kind not in ("\n", ";", *ends):
                raise self._unexpected()

    def _keyword(self) -> str:
        return self._token.word[0].text if self._token.kind == "name" else ""

    def _unexpected(self) -> _SyntaxError:
        what = {"\n": "end of the line", "end": "end"}.get(self._token.kind, f'"{self._token.kind}"')
        if self._token.word:
            what = f'"{self._token.word[0].text[:40]}"'
        return _SyntaxError(f"line {self._token.line}: unexpected {what}")

    def _next(self) -> None:
        """Read the next token."""
        self._tokens += 1
        if self._tokens > _MOST:
            raise MenuError(f"it has more than {_MOST} words")
        text = self._text
        while self._at < len(text) and (text[self._at] in " \t" or text.startswith("\\\n", self._at)):
            self._line += text[self._at] == "\\"
            self._at += 1 if text[self._at] != "\\" else 2
        if text.startswith("#", self._at):
            end = text.find("\n", self._at)
            self._at = len(text) if end < 0 else end
        line = self._line
        if self._at >= len(text):
            self._token = _Token("end", (), line)
        elif text[self._at] == "\n":
            self._at += 1
            self._line += 1
            self._token = _Token("\n", (), line)
        elif sign := _SIGN.match(text, self._at):
            self._at = sign.end()
            self._token = _Token(sign[0], (), line)
        else:
            word = tuple(self._parts())
            is_name = len(word) == 1 and word[0].kind == "text" and _NAME.fullmatch(word[0].text)
            self._token = _Token("name" if is_name else "word", word, line)

    def _parts(self) -> Iterator[Part]:
        """The pieces of the word that begins here."""
        text = self._text
        begin = self._at
        while self._at < len(text):
            if self._at - begin > LONGEST:
                raise MenuError(f"line {self._line} has too long a word in it")
            if found := _TEXT.match(text, self._at):
                self._at = found.end()
                yield Part("text", found[0])
            elif text[self._at] == "\\":
                if text[self._at + 1 : self._at + 2] == "\n":  # the line goes on
                    self._line += 1
                else:
                    yield Part("quoted", text[self._at + 1 : self._at + 2])
                self._at += 2
            elif text[self._at] == "'":
                yield Part("quoted", self._single())
            elif text[self._at] == '"':
                yield from self._double()
            elif text.startswith('$"', self._at):  # to be translated
                self._at += 1
                yield from self._double()
            elif text[self._at] == "$":
                yield Part("variable", self._variable())
            else:
                return

    def _single(self) -> str:
        end = self._text.find("'", self._at + 1)
        if end < 0:
            raise self._open("'")
        inside = self._text[self._at + 1 : end]
        self._at = end + 1
        self._line += inside.count("\n")
        return inside

    def _double(self) -> Iterator[Part]:
        text = self._text
        yield Part("quoted", "")  # "" is a word as well
        self._at += 1
        while True:
            if self._at >= len(text):
                raise self._open('"')
            if text[self._at] == '"':
                self._at += 1
                return
            if found := _QUOTED.match(text, self._at):
                self._at = found.end()
                self._line += found[0].count("\n")
                yield Part("quoted", found[0])
            elif text[self._at] == "\\":
                following = text[self._at + 1 : self._at + 2]
                self._line += following == "\n"
                self._at += 2
                if following != "\n":
                    yield Part("quoted", following if following in ("$", "\\", '"') else f"\\{following}")
            else:
                yield Part("quoted variable", self._variable())

    def _variable(self) -> str:
        found = _VARIABLE.match(self._text, self._at)
        if found is None:
            self._token = _Token("$", (), self._line)
            raise _SyntaxError(f'line {self._line}: a "$" without the name of a variable')
        self._at = found.end()
        return found[1] or found[2] or found[3]

    def _open(self, sign: str) -> _SyntaxError:
        """A quote that does not end: GRUB would read on to the end of the file."""
        line = self._line
        self._at = len(self._text)
        self._token = _Token("end", (), line)
        return _SyntaxError(f"line {line}: {sign} without another one")
