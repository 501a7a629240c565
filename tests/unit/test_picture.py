# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from lib import picture, plan, sources
from tests.e2e import cli


def texts(svg: str) -> list[str]:
    return [
        element.text or "" for element in ElementTree.fromstring(svg).iter() if element.tag.endswith("text")
    ]


def test_every_step_is_in_it(two_systems: Path) -> None:
    chain = plan.load(two_systems, sources.load(two_systems).digests)
    found = texts(picture.of(chain))
    assert {step.name for step in chain.steps} <= set(found)
    assert {"sysa", "sysc", "kexec", "2 packages"} <= set(found)


def test_the_picture_is_up_to_date() -> None:
    chain = plan.load(cli.BASE, sources.load(cli.BASE).digests)
    assert (cli.BASE / "docs/journey.svg").read_text() == picture.of(chain), "./rootfs.py inspect --write"
