# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from lib import page
from lib.errors import UserError

TEXT = "before\n<!-- one: by a command -->\nold\n<!-- end of the one -->\nafter\n"


def test_a_part_is_replaced_and_the_rest_stays(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(TEXT)
    page.write(path, "one", "new \\1")
    assert path.read_text() == TEXT.replace("old", "\nnew \\1\n")
    assert list(tmp_path.iterdir()) == [path]


def test_a_page_that_is_not_there_or_has_no_place_for_it(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no place for the two"):
        page.replaced(TEXT, "two", "new")
    with pytest.raises(UserError, match=r"page\.md: no such file"):
        page.write(tmp_path / "page.md", "one", "new")
