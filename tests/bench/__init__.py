# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark: `tests/bench/run`. What it measures and how stands in docs/performance.md."""
