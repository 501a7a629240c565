# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from lib import audit, manifest, page
from lib.errors import UserError
from lib.scan import Find, Scan
from tests.unit.conftest import add_step

FINDS = Scan(
    9,
    (
        Find("configure", "autotools", "made by autoconf"),
        Find("src/gram.c", "parser", "made by bison"),
        Find("src/gram.h", "parser", "made by bison"),
        Find("src/table.h", "table", "numbers"),
    ),
)
WHOLE = """two.tar:
  used:
    "src/table.h": Nobody knows how
      it was made.
  regenerated:
    "src/gram.[ch]": By byacc.
  unused:
    "*": Ours are used.
"""


def audited(checkout: Path, text: str | None, more: str = "") -> audit.Audit:
    add_step(checkout, "steps/three", "three", "kaem", "sources: [two.tar]\n")
    order = (
        "name: sysa\nsteps: [seed, stage0/01-cc, stage0/02-tools, steps/one, steps/two-1.0, steps/three]\n"
    )
    (checkout / "sysa/manifest.yaml").write_text(order)
    if text is not None:
        (checkout / "sysa/steps/two-1.0/audit.yaml").write_text(text)
    (checkout / "sysa/steps/three/audit.yaml").write_text(more or "two.tar:\n  like: two-1.0\n")
    return audit.of(manifest.load(checkout / "sysa").steps, lambda _name: FINDS)


def test_everything_is_accounted_for(checkout: Path) -> None:
    found = audited(checkout, WHOLE)
    assert found.wrong == ()
    assert found.totals() == {"unused": 2, "regenerated": 4, "used": 2}
    fates = {entry.path: (entry.fate, entry.why) for entry in found.entries if entry.step == "three"}
    assert fates["src/table.h"] == ("used", "Nobody knows how it was made.")
    assert fates["src/gram.h"] == ("regenerated", "By byacc.")
    assert "two-1.0: two.tar, 9 files" in found.as_text()
    assert "src/table.h" in found.as_text()
    assert found.as_json()["totals"] == found.totals()
    written = page.replaced(
        "a\n<!-- audit: x -->\nold\n<!-- end of the audit -->\nz\n", "audit", found.as_page()
    )
    assert "old" not in written
    assert "| two-1.0, three | `src/table.h` | Nobody knows how it was made. |" in written
    assert page.replaced(written, "audit", found.as_page()) == written


def test_what_is_not_accounted_for_is_named(checkout: Path) -> None:
    found = audited(checkout, WHOLE.replace('"*"', '"conf*"').replace("[ch]", "c"))
    assert [line.split(" is ")[0] for line in found.wrong] == [
        "two-1.0: src/gram.h (parser: made by bison)",
        "three: src/gram.h (parser: made by bison)",
    ]
    assert "sysa/steps/two-1.0/audit.yaml" in found.wrong[0]
    assert found.totals()["unaccounted"] == 2
    (checkout / "sysa/steps/two-1.0/audit.yaml").unlink()
    assert len(audited(checkout, None).wrong) == 8


def test_what_fits_nothing_is_named(checkout: Path) -> None:
    found = audited(checkout, WHOLE.replace('    "*"', '    "*": All.\n    "gone.c"'))
    assert found.wrong == ("sysa/steps/two-1.0/audit.yaml:9: 'gone.c' fits nothing that was found",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("two.tar:\n  burnt: {a: b}\n", "audit.yaml:2: unknown field 'burnt'"),
        ("one.tar:\n  used: {a: b}\n", "audit.yaml:1: unknown field 'one.tar'"),
        ("two.tar:\n  used: {a: }\n", "audit.yaml:2: field 'a' must be a text"),
        ("two.tar:\n  used: [a]\n", "audit.yaml:2: expected fields"),
        ("two.tar:\n  like: one\n", "audit.yaml:2: 'one' is no other step with this source"),
        ("two.tar:\n  like: three\n", "audit.yaml:2: 'two-1.0' is no other step with this source"),
    ],
)
def test_mistakes_are_named_with_file_and_line(checkout: Path, text: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        audited(checkout, text)
    assert said in caught.value.message


def test_what_is_said_of_files_is_no_part_of_a_recipe(checkout: Path) -> None:
    folder = checkout / "sysa/steps/one"
    before = manifest.recipe_files(folder)
    (folder / "audit.yaml").write_text("")
    assert manifest.recipe_files(folder) == before
