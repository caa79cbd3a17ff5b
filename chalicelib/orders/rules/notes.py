"""Notes of the staff about an order."""

from __future__ import annotations

import msgspec


class Note(msgspec.Struct, frozen=True):
    """A note: its text, opened, and its author."""

    id: str
    text: str
    by: str
    created_at_ms: int
