# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from pathlib import Path

import pytest

from lib import figures, plan, sources


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [
        ("a.hex0", "# comment\n\n7F 45 # ELF\n  ; more\n4C\n", 2),
        ("a.hex2", ":label\n# comment\n%label\n", 2),
        ("a.M1", "; comment\nDEFINE x 00\n", 1),
        ("a.kaem", "# comment\ncc a.c\n\n", 1),
        ("a.c", "/* one\n   two */\nint a; // tail\n\n// whole\nint b; /* x\n*/ int c;\n", 3),
        ("a.h", 'char *s = "/* no comment */";\nchar c = \'"\'; /* yes */\n/**/\n', 2),
        ("a.c", 'char *s = "\\"//";\nint a;\n', 2),
        ("README.md", "prose\n", 0),
        ("step.yaml", "name: x\n", 0),
        ("a.edit", "file x\n", 0),
    ],
)
def test_lines_of_code_are_counted(tmp_path: Path, name: str, text: str, lines: int) -> None:
    (tmp_path / name).write_text(text)
    assert figures.count(tmp_path / name) == lines


def test_the_figures_of_a_checkout(checkout: Path) -> None:
    (checkout / "sysa/stage0/01-cc/README.md").write_text("prose\n")
    (checkout / "sysa/stage0/01-cc/tests").mkdir()
    (checkout / "sysa/stage0/01-cc/tests/a.c").write_text("int a;\n")
    found = figures.of(plan.load(checkout, sources.load(checkout).digests))
    assert found.opaque_bytes == 4
    assert found.handwritten_lines == {"sysa/seed": 2, "sysa/stage0/01-cc": 1, "sysa/stage0/02-tools": 1}
    as_json = json.loads(json.dumps(found.as_json()))
    assert (as_json["opaque_bytes"], as_json["handwritten_lines"]) == (4, 4)
    assert as_json["steps"][-1]["sources"] == ["two.tar"]
    assert "Opaque bytes: 4" in found.as_text()
    assert "from two.tar" in found.as_text()
