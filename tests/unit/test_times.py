# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from lib import times

COSTS = {
    "one": {"seconds": 1.234, "cpu": 2.0, "memory": 5e6, "size": 1e6},
    "gcc2": {"seconds": 600.0, "cpu": 1100.0},
}


def test_a_row_for_each_step_and_one_for_all() -> None:
    assert times.table(COSTS).splitlines() == [
        "| step |     wall |  share |      CPU | memory at peak |  package |",
        "|------|---------:|-------:|---------:|---------------:|---------:|",
        "| one  |   1.23 s |   0.2% |   2.00 s |         5.0 MB |   1.0 MB |",
        "| gcc2 |    600 s |  99.8% |   1100 s |                |          |",
        "| all  |    601 s | 100.0% |   1102 s |         5.0 MB |   1.0 MB |",
    ]


def test_nothing_built() -> None:
    assert times.table({}).endswith("| all  |   0.00 s |   0.0% |   0.00 s |                |          |")
