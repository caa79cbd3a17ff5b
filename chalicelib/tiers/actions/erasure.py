"""What an erased member leaves in tiers: nothing."""

from __future__ import annotations

from chalicelib.kernel.store.writes import delete_each
from chalicelib.tiers.tables import MEMBER, TiersItem


def erase_of(member_id: str) -> None:
    """Delete a member's standing, activities and history. Safe to repeat."""
    delete_each(TiersItem.query(MEMBER + member_id, consistent_read=True))
