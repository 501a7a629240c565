# SPDX-License-Identifier: GPL-3.0-or-later
"""Images that other people made: what is in them, and how they are made to start on UEFI.

Readers here trust nothing that they read: every byte string gives a sound result or a `Damaged`, which says
what is wrong. Nothing here needs privileges, loop devices or other programs.
"""
