"""Ids of members elsewhere, and notes of the staff, as values."""

from __future__ import annotations

from typing import NamedTuple

MAX_EXTERNAL_IDS = 20


class ExternalId(NamedTuple):
    """A member's id in another system: a shop's, under its partner id, or a CRM's.

    A system's id names one member; `created_at` is epoch milliseconds.
    """

    system: str
    id: str
    created_at: int = 0


class StaffNote(NamedTuple):
    """What one of the staff noted about a member, for the staff alone."""

    id: str
    text: str
    by: str
    created_at_ms: int
