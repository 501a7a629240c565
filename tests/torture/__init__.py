# SPDX-License-Identifier: GPL-3.0-or-later
"""GCC's suite of C programs to be compiled and run, gcc.c-torture/execute: see docs/torture.md."""
