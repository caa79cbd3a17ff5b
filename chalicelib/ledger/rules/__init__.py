"""Rules of accounts and entries: pure arithmetic over integers, no storage, no clock."""

from chalicelib.ledger.rules.accounts import (
    ACCRUAL,
    ACTIVE,
    CREDITS_PENDING,
    FROZEN,
    MAX_POINTS,
    NO_HASH,
    UNDER_REVIEW,
    Account,
    Cause,
    Effect,
    Entry,
    Posting,
)
from chalicelib.ledger.rules.clawbacks import Clawback, claw_back, pro_rata
from chalicelib.ledger.rules.expiry import ExpiryPolicy, expire, expires_at
from chalicelib.ledger.rules.freezing import SPENDABLE, is_spendable
from chalicelib.ledger.rules.holds import Hold, capture, hold, release
from chalicelib.ledger.rules.lots import MAX_LOTS, NEVER, is_live
from chalicelib.ledger.rules.movements import (
    Credit,
    Pending,
    accrue,
    adjust,
    held_back,
    redeem,
    refund,
    reversal_of,
    reverse,
    unlock,
    unlock_of,
)
from chalicelib.ledger.rules.transfers import TransferLimits, receive, send
from chalicelib.ledger.rules.units import GROWTH, POINTS, UNITS
