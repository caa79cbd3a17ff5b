"""The order of facts of the same millisecond."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.ledger import EntryRecorded, PointsExpiring
from chalicelib.members import MemberRegistered
from chalicelib.notify.rules.points import GROWTH, POINTS, REBATE_CASH
from chalicelib.orders import OrderCash, OrderChanged, OrderRefunded, ReturnChanged, ReviewChanged
from chalicelib.tiers import TierChanged
from chalicelib.withdrawals import WithdrawalChanged

_Versioned = OrderChanged | ReturnChanged | ReviewChanged | WithdrawalChanged | TierChanged
# Registration, acts, their effects, reminders: a cause comes before its effects.
_WELCOME, _CAUSE, _EFFECT, _TO_COME = "0", "1", "2", "3"
# Points come before the other units of one event.
_UNITS = {POINTS: "0", GROWTH: "1", REBATE_CASH: "2"}
_LAST = 10**12 - 1
_AT_ONCE = 10**4


def place_of(told: Any) -> str:
    """The place of a fact among those of its millisecond: 16 characters that sort.

    Facts of one source sort by its sequence: the `seq` of an account; the `version` of an order, a
    return, a review, a withdrawal or a tier, then `nth` within a version. Reminders have no
    sequence: points that lapse sooner sort later, so the inbox shows them above.
    """
    if isinstance(told, MemberRegistered):
        return _place(_WELCOME, 0)
    if isinstance(told, EntryRecorded):
        return _place(_EFFECT, told.seq, told.unit)
    if isinstance(told, PointsExpiring):
        lapses_s = int(datetime.fromisoformat(told.expires_at).timestamp())
        return _place(_TO_COME, _LAST - lapses_s, told.unit)
    # A fact of an earlier release has version 0.
    if isinstance(told, OrderRefunded | OrderCash):
        return _place(_CAUSE, told.version * _AT_ONCE + told.nth)
    if isinstance(told, _Versioned):
        return _place(_CAUSE, told.version * _AT_ONCE)
    return _place(_EFFECT, 0)


def _place(rank: str, number: int, unit: str = POINTS) -> str:
    return f"{rank}.{_UNITS.get(unit, '3')}.{number:012d}"
