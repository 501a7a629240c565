# SPDX-License-Identifier: GPL-3.0-or-later
"""The host side of seedroot: it carries, checks, lays out, boots and watches, and compiles nothing.

Data flows one way: manifest -> sources -> script -> layout -> vessel -> console -> report.
A module imports from its left, never from its right.
"""

__version__ = "0.1.0"
