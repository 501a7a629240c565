# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from lib import seed
from lib.errors import UserError


def test_it_is_decoded(checkout: Path) -> None:
    assert seed.read(checkout / "sysa") == b"\x7fELF"


def test_its_absence_is_said(checkout: Path) -> None:
    (checkout / "sysa/seed/seed.hex0").unlink()
    with pytest.raises(UserError, match=r"^sysa/seed/seed\.hex0: no such file"):
        seed.read(checkout / "sysa")
