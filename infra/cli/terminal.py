"""Questions to an operator at a terminal, and numbers in words."""

from __future__ import annotations

import sys

from infra.cli.errors import CommandFailed


def confirm(name: str, to: str) -> None:
    """Wait until the operator types the name.

    Raises CommandFailed.
    """
    if not sys.stdin.isatty():
        raise CommandFailed(f"not at a terminal: add --yes to {to} {name}")
    if input(f"Type {name} to {to} it: ").strip() != name:
        raise CommandFailed(f"{name} stays")


def number(count: int, of: str) -> str:
    """`1 record`, `2 records`, `1,000 tries`."""
    many = f"{of[:-1]}ies" if of.endswith("y") else f"{of}s"
    return f"{count:,} {of if count == 1 else many}"
