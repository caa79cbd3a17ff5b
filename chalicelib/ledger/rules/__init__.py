"""How entries change an account: pure arithmetic over integers, no storage, no clock."""

from chalicelib.ledger.rules.accounts import (
    ACCRUAL,
    ACTIVE,
    FROZEN,
    MAX_POINTS,
    NO_HASH,
    Account,
    Cause,
    Effect,
    Entry,
    Posting,
)
from chalicelib.ledger.rules.clawbacks import claw_back, pro_rata
from chalicelib.ledger.rules.expiry import ExpiryPolicy, expires_at
from chalicelib.ledger.rules.holds import Hold, capture, hold, release
from chalicelib.ledger.rules.lots import MAX_LOTS, NEVER, is_live
from chalicelib.ledger.rules.movements import (
    Credit,
    Pending,
    TransferLimits,
    accrue,
    adjust,
    lapse,
    receive,
    redeem,
    reversal_of,
    reverse,
    send,
    unlock,
)
from chalicelib.ledger.rules.units import GROWTH, POINTS, REBATE_CASH, UNITS

__all__ = [
    "ACCRUAL",
    "ACTIVE",
    "FROZEN",
    "GROWTH",
    "MAX_LOTS",
    "MAX_POINTS",
    "NEVER",
    "NO_HASH",
    "POINTS",
    "REBATE_CASH",
    "UNITS",
    "Account",
    "Cause",
    "Credit",
    "Effect",
    "Entry",
    "ExpiryPolicy",
    "Hold",
    "Pending",
    "Posting",
    "TransferLimits",
    "accrue",
    "adjust",
    "capture",
    "claw_back",
    "expires_at",
    "hold",
    "is_live",
    "lapse",
    "pro_rata",
    "receive",
    "redeem",
    "release",
    "reversal_of",
    "reverse",
    "send",
    "unlock",
]
