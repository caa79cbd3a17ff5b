"""Accounts, causes and credits for tests of the rules; how their properties are tried."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.ledger import rules
from chalicelib.ledger.rules import Account, Cause, Credit, Entry
from chalicelib.ledger.rules.lots import Lots
from chalicelib.ledger.rules.replay import State

# The same examples every time: a mutant lives or dies by the tests, not by luck.
property_of = settings(derandomize=True, deadline=None, max_examples=60, database=None)

EXPIRIES = st.integers(1, 60)
POINTS = st.integers(1, 50)
LOTS = st.dictionaries(EXPIRIES, POINTS, max_size=8)
TIMES_MS = st.integers(0, 70_000)


def cause(reference: str = "ref:1", rule: str | None = None) -> Cause:
    return Cause(reference, "test", 7, rule, b"content", b"note")


def account_with(
    lots: Lots | None = None, unit: str = "points", at_ms: int = 0, **facts: object
) -> Account:
    """An account with these lots, each accrued; other facts as they are given."""
    account = Account(f"mbr_1:{unit}")
    for expiry, points in (lots or {}).items():
        account, _ = accrue(account, points, expiry, at_ms)
    return change(account, **facts)


def change(account: Account, **facts: object) -> Account:
    return replace(account, **facts) if facts else account


def accrue(
    account: Account,
    points: int,
    expiry: int,
    at_ms: int = 0,
    unlocks_at: int | None = None,
    reference: str = "accrual:1",
) -> tuple[Account, Entry]:
    credit = Credit(points, expiry, cause(reference, "purchases"), unlocks_at)
    return rules.accrue(account, credit, at_ms)


def in_debt(debt: int, lots: Lots | None = None, unit: str = "points") -> Account:
    """An account in debt after a clawback, with later lots."""
    account, accrual = accrue(Account(f"mbr_1:{unit}"), debt, 50)
    account, _ = rules.adjust(account, -debt, 0, cause("adjustment:1"), 0)
    account, _ = rules.claw_back(account, accrual, debt, None, cause("clawback:1"), 0)
    assert account.debt == debt
    if lots:
        account = change(account, lots=dict(lots), posted=sum(lots.values()))
    return account


def replay(entries: Iterable[Entry], until_ms: int | None = None) -> State:
    """The state after these entries, in order of seq, recorded at or before an instant."""
    state = State()
    for entry in entries:
        if until_ms is None or entry.recorded_at_ms <= until_ms:
            state.add(entry, entry.hash)
    return state
