# SPDX-License-Identifier: GPL-3.0-or-later
"""What the steps took when they were built, as a table in Markdown."""

from __future__ import annotations

from collections.abc import Mapping


def table(costs: Mapping[str, Mapping[str, float]]) -> str:
    """Step, wall time and its share, processor time, peak memory, size of the package; empty if not known."""
    width = max((len(name) for name in costs), default=4)
    lines = [
        f"| {'step':<{width}} |     wall |  share |      CPU | memory at peak |  package |",
        f"|{'-' * (width + 2)}|---------:|-------:|---------:|---------------:|---------:|",
    ]
    total = {what: sum(cost.get(what, 0.0) for cost in costs.values()) for what in ("seconds", "cpu", "size")}
    lines += [_row(f"{name:<{width}}", cost, total["seconds"]) for name, cost in costs.items()]
    total["memory"] = max((cost.get("memory", 0.0) for cost in costs.values()), default=0.0)
    return "\n".join([*lines, _row(f"{'all':<{width}}", total, total["seconds"])])


def _row(name: str, cost: Mapping[str, float], whole: float) -> str:
    share = cost.get("seconds", 0.0) / whole if whole else 0.0
    cells = [
        f"{_seconds(cost.get('seconds')):>8}",
        f"{share:>6.1%}",
        f"{_seconds(cost.get('cpu')):>8}",
        f"{_megabytes(cost.get('memory')):>14}",
        f"{_megabytes(cost.get('size')):>8}",
    ]
    return f"| {name} | {' | '.join(cells)} |"


def _seconds(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.2f} s" if value < 100 else f"{value:.0f} s"


def _megabytes(value: float | None) -> str:
    return f"{value / 1e6:.1f} MB" if value else ""
