"""What an erased member leaves in risk: nothing."""

from __future__ import annotations

from chalicelib.kernel.store.writes import delete_each
from chalicelib.risk.tables import USE, RiskItem, UseItem, member_key


def erase_of(member_id: str) -> None:
    """Delete a member's case, and what they used, from both sides. Safe to repeat."""
    used = UseItem.query(member_key(member_id), UseItem.sk.startswith(USE), consistent_read=True)
    delete_each(UseItem(each.sk.removeprefix(USE), member_id) for each in used)
    delete_each(RiskItem.query(member_key(member_id), consistent_read=True))
