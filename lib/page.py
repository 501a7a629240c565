# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of pages in docs/ that a command writes: from `<!-- NAME: ... -->` to `<!-- end of the NAME -->`."""

from __future__ import annotations

import re
from pathlib import Path

from lib.errors import UserError

_HELP = "restore it with git checkout"


def read(path: Path) -> str:
    """A page's text."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UserError(f"{path}: no such file", _HELP) from None


def replaced(text: str, name: str, body: str) -> str:
    """A page's text with the part of this name replaced; the comments around it stay."""
    part = re.compile(rf"(<!-- {name}: [^\n]*-->\n).*?(\n<!-- end of the {name} -->)", re.DOTALL)
    if not part.search(text):
        raise UserError(f"the page has no place for the {name}", _HELP)
    return part.sub(lambda match: f"{match[1]}\n{body}\n{match[2]}", text)


def write(path: Path, name: str, body: str) -> None:
    """Replace the part of this name in a page."""
    text = replaced(read(path), name, body)
    new = path.with_name(f"{path.name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
