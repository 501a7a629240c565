# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit of the sources as they are."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from lib import audit, deps, page, plan, sources
from lib.monitor import Silent
from tests.e2e import cli
from tests.e2e.conftest import Grown


@pytest.fixture(scope="module")
def found() -> audit.Audit:
    catalogue = sources.load(cli.BASE)
    steps = plan.load(cli.BASE, catalogue.digests).steps
    needed = list(dict.fromkeys(name for step in steps for name in step.sources))
    paths = sources.Fetcher(catalogue, deps.cache() / "distfiles", Silent()).fetch(needed)

    scans = audit.scan_all(paths, catalogue.digests, deps.cache() / "audit")
    return audit.of(steps, scans.__getitem__)


def test_every_file_is_accounted_for(found: audit.Audit) -> None:
    assert found.wrong == ()


def test_the_page_is_up_to_date(found: audit.Audit) -> None:
    text = page.read(cli.BASE / "docs/trust.md")
    assert page.replaced(text, "audit", found.as_page()) == text, "./rootfs.py audit --write"


def test_a_file_that_nobody_speaks_of_is_named_with_its_step(tmp_path: Path) -> None:
    base = cli.copy_checkout(tmp_path / "checkout")
    path = base / "sysa/steps/musl-1.2.3/audit.yaml"
    path.write_text(path.read_text().replace('"src/ctype/*.h"', '"src/ctype/[b-z]*.h"'))
    cache = ["--distfiles", str(deps.cache() / "distfiles")]
    done = cli.run(base, "audit", "--until", "musl-1.2.3", *cache, cache=tmp_path / "cache")
    text = cli.refused(done, "musl-1.2.3: src/ctype/alpha.h (table: numbers) is unaccounted for")
    assert "sysa/steps/musl-1.2.3/audit.yaml" in text


LAST = "byacc-20221106"


def prove(base: Path, target: Path) -> subprocess.CompletedProcess[str]:
    arguments = ["audit", "--prove", "--until", LAST, "--target", str(target)]
    return cli.run(base, *arguments, cache=deps.cache().parent)


def test_what_is_said_to_be_unused_is(grown: Grown, tmp_path: Path) -> None:
    grown(LAST)
    done = prove(cli.BASE, tmp_path / "t")
    assert done.returncode == 0, done.stderr
    for step in ("busybox-1.35.0", "byacc-20221106"):
        assert f"{step}: the same with " in done.stdout


def test_what_is_wrongly_said_to_be_unused_is_found(grown: Grown, tmp_path: Path) -> None:
    grown(LAST)
    base = cli.copy_checkout(tmp_path / "checkout")
    path = base / f"sysa/steps/{LAST}/audit.yaml"
    path.write_text(
        "byacc_2.0.20221106.orig.tar.gz:\n  unused:\n    'yaccpar.skel': not so\n  used:\n    '*': the rest\n"
    )
    cli.refused(prove(base, tmp_path / "t"), f"{LAST}: not the same without the files")
