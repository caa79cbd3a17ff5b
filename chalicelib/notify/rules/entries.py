"""The choice of entries of the ledger that become news of a member."""

from __future__ import annotations

from typing import Any, Literal

from chalicelib.ledger import ERASURE, EntryRecorded
from chalicelib.notify.rules.news import TRANSFER, Change, Earned, News, PointsNews, Received

WRITTEN_OFF = ":written_off"
CHECK_IN = "check_in:"
REFERRAL = "referral:"
_CHANGES: dict[str, Change] = {
    "transfer_out": "sent",
    "clawback": "clawed_back",
    "expiry": "expired",
    "unlock": "unlocked",
}


def of_entry(told: EntryRecorded) -> News | None:
    """The news of an entry; None for one that the member made, or sees at once."""
    if told.source == ERASURE:
        return None
    about: dict[str, Any] = {
        "member_id": told.member_id,
        "entry_id": told.entry_id,
        "unit": told.unit,
        "balance_after": told.balance_after,
    }
    if told.type == "accrual":
        # Who checks in each day sees the points at once: a notice each day would be noise.
        is_told = told.points > 0 and not told.reference.startswith(CHECK_IN)
        return Earned(points=told.points, referral_of=_side(told), **about) if is_told else None
    if told.type == "transfer_in":
        return Received(
            points=told.moved, reference=told.reference, source=told.source, note=told.note, **about
        )
    change = _change(told)
    # Pending points move nothing when they unlock: the notice shows the points that unlock.
    points = told.points if change == "unlocked" else abs(told.moved)
    if change is None or points <= 0:
        return None
    is_gift = told.reference.startswith(TRANSFER)
    transfer_id = told.reference.split(":")[1] if is_gift else None
    return PointsNews(change=change, points=points, transfer_id=transfer_id, **about)


def _side(told: EntryRecorded) -> Literal["inviter", "friend"] | None:
    """Whose reward of a referral an entry is; its reference names the friend."""
    if not told.reference.startswith(REFERRAL):
        return None
    return "friend" if told.reference == f"{REFERRAL}{told.member_id}" else "inviter"


def _change(told: EntryRecorded) -> Change | None:
    if told.type == "reversal":
        return "returned" if told.reference.startswith(TRANSFER) else None
    if told.type == "adjustment":
        if told.reference.endswith(WRITTEN_OFF):
            return None
        return "added" if told.moved > 0 else "taken"
    if told.type == "clawback" and told.reference.startswith(REFERRAL):
        return "referral_undone"
    return _CHANGES.get(told.type)
