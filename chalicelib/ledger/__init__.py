"""The ledger: accounts of points, immutable hash-chained entries, lots that expire."""

from chalicelib.ledger.actions import accrue, redeem, reverse
from chalicelib.ledger.errors import EntryExists, InsufficientPoints
from chalicelib.ledger.queries import find_account, find_entry, points_account
from chalicelib.ledger.rules import Account, Cause, Credit, Entry

__all__ = [
    "Account",
    "Cause",
    "Credit",
    "Entry",
    "EntryExists",
    "InsufficientPoints",
    "accrue",
    "find_account",
    "find_entry",
    "points_account",
    "redeem",
    "reverse",
]
