# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML read strictly: every mistake is reported with its file and line."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import yaml

from lib.errors import UserError

_TEXT = "tag:yaml.org,2002:str"
_KINDS = {
    "int": "a number", "float": "a number", "bool": "a truth value", "null": "empty",
    "seq": "a list", "map": "a table", "timestamp": "a date",
}  # fmt: skip


def _kind(node: yaml.Node) -> str:
    """How a node is called in a message."""
    return "a text" if node.tag == _TEXT else _KINDS.get(node.tag.rpartition(":")[2], node.tag)


class Table:
    """One mapping of a YAML file; its values are asked for by name and type."""

    def __init__(self, node: yaml.Node, where: str) -> None:
        self.where = where
        self.line: int = node.start_mark.line + 1
        self._nodes: dict[str, yaml.Node] = {}
        self._lines: dict[str, int] = {}
        if not isinstance(node, yaml.MappingNode):
            raise self.error(f"expected fields of the form NAME: VALUE, found {_kind(node)}", node)
        for key, value in node.value:
            if key.tag != _TEXT:
                raise self.error(f"a field's name must be a text, not {_kind(key)}", key)
            if key.value in self._nodes:
                raise self.error(
                    f"duplicate field '{key.value}' (first on line {self._lines[key.value]})", key
                )
            self._nodes[key.value] = value
            self._lines[key.value] = key.start_mark.line + 1

    def error(self, message: str, at: yaml.Node | int | None = None, hint: str = "") -> UserError:
        """An error at a node, a line, or the start of this table."""
        line = at if isinstance(at, int) else at.start_mark.line + 1 if at else self.line
        return UserError(f"{self.where}:{line}: {message}", hint)

    def line_of(self, field: str) -> int:
        """The line that a field begins on."""
        return self._lines.get(field, self.line)

    def only(self, known: Collection[str]) -> None:
        """Refuse fields that are none of `known`."""
        for field, line in self._lines.items():
            if field not in known:
                raise self.error(f"unknown field '{field}'", line, "fields: " + ", ".join(sorted(known)))

    def _node(self, field: str) -> yaml.Node:
        try:
            return self._nodes[field]
        except KeyError:
            raise self.error(f"missing field '{field}'", hint=f"add a line '{field}: ...'") from None

    def has(self, field: str) -> bool:
        """Whether a field is there."""
        return field in self._nodes

    def text(self, field: str) -> str:
        """A text that is not empty."""
        node = self._node(field)
        if node.tag != _TEXT:
            raise self.error(f"field '{field}' must be a text, not {_kind(node)}", node, "put it in quotes")
        if not node.value.strip():
            raise self.error(f"field '{field}' is empty", node)
        return str(node.value).strip()

    def choice(self, field: str, choices: Collection[str]) -> str:
        """A text that is one of several."""
        value = self.text(field)
        if value not in choices:
            raise self.error(
                f"field '{field}' is '{value}', must be one of: {', '.join(choices)}", self._nodes[field]
            )
        return value

    def texts(self, field: str, optional: bool = False) -> list[tuple[str, int]]:
        """A list of texts without repetitions, each with its line."""
        if optional and field not in self._nodes:
            return []
        node = self._node(field)
        if not isinstance(node, yaml.SequenceNode):
            raise self.error(f"field '{field}' must be a list, not {_kind(node)}", node, "write it as [a, b]")
        seen: dict[str, int] = {}
        for item in node.value:
            if item.tag != _TEXT:
                raise self.error(f"field '{field}' must hold texts only, not {_kind(item)}", item)
            if item.value in seen:
                raise self.error(
                    f"duplicate '{item.value}' in field '{field}' (first on line {seen[item.value]})", item
                )
            seen[item.value] = item.start_mark.line + 1
        return list(seen.items())

    def fields(self) -> list[str]:
        """The fields' names, in order."""
        return list(self._nodes)

    def table(self, field: str) -> Table:
        """A field that is a table itself."""
        return Table(self._node(field), self.where)

    def tables(self) -> Iterator[tuple[str, Table]]:
        """Every field, each of which must be a table itself."""
        for field, node in self._nodes.items():
            yield field, Table(node, self.where)


def load(path: Path, where: str) -> Table:
    """The one table that a file holds. `where` is how messages call the file."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except FileNotFoundError:
        raise UserError(f"{where}: no such file", "restore it with git checkout") from None
    except UnicodeDecodeError as error:
        raise UserError(f"{where}: not UTF-8 text: {error}") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UserError(f"{where}:{line}: not YAML: {error.problem}") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise UserError(f"{where}:1: not YAML: {str(error).splitlines()[0]}") from None
    if node is None:
        raise UserError(f"{where}:1: the file is empty")
    return Table(node, where)
