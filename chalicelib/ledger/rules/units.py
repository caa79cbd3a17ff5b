"""Units: points, growth for tiers, rebate cash in cents; each with its terms."""

from __future__ import annotations

import msgspec

from chalicelib.ledger.errors import UnitMismatch
from chalicelib.ledger.rules import words
from chalicelib.ledger.rules.expiry import END_OF_MONTH, END_OF_YEAR, NEVER_EXPIRES, ExpiryPolicy

POINTS, GROWTH, REBATE_CASH = "points", "growth", "rebate_cash"

# A clawback of spent points: the rest becomes a debt, which later credits pay first; or it is
# written off; or it becomes a debt and the account is frozen until ops review it.
NEGATIVE, FLOOR, ON_HOLD = "negative", "floor", "hold"


class Unit(msgspec.Struct, frozen=True):
    """The terms of a unit. `honours_lapsed`: points that lapse while held can be captured."""

    name: str
    spendable: bool
    transferable: bool
    honours_lapsed: bool
    clawback: str
    expires: ExpiryPolicy


UNITS = {
    unit.name: unit
    for unit in (
        Unit(POINTS, True, True, True, NEGATIVE, ExpiryPolicy(END_OF_MONTH, 12)),
        Unit(GROWTH, False, False, False, FLOOR, ExpiryPolicy(END_OF_YEAR, 1)),
        Unit(REBATE_CASH, True, False, True, ON_HOLD, ExpiryPolicy(NEVER_EXPIRES)),
    )
}


def spendable(name: str) -> Unit:
    """The unit, if members can spend it on goods.

    Raises UnitMismatch.
    """
    if not UNITS[name].spendable:
        raise UnitMismatch(unit=name).telling(name=words.UNIT_NAMES[name])
    return UNITS[name]


def transferable(name: str) -> Unit:
    """The unit, if members can send it to each other.

    Raises UnitMismatch.
    """
    if not UNITS[name].transferable:
        raise UnitMismatch(unit=name).telling(name=words.UNIT_NAMES[name])
    return UNITS[name]
