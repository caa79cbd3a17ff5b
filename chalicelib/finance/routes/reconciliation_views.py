"""Reconciliation as finance sees it: days with their totals, findings with both lines."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from chalicelib.finance.rules.reconciled_days import Case, Day, Totals
from chalicelib.finance.rules.reconciled_lines import BookLine
from chalicelib.kernel.money import Currency
from chalicelib.kernel.shapes import shaped

Kind = Literal[
    "missing_here", "missing_there", "duplicate_here", "duplicate_there", "late", "matched",
    "transaction_differs", "currency_differs", "type_differs", "source_differs",
    "amount_differs", "fee_differs", "balance_differs",
]  # fmt: skip


class SideView(msgspec.Struct):
    """One side of a currency's day: its lines, their net at the provider, the sum so far."""

    lines: int
    net: int
    closing: int


class TotalsView(msgspec.Struct):
    """A currency's day in minor units.

    `provider_balance` is the provider's balance when the day ended, null if it was not read in
    time. `in_findings` is the excess of its books over ours; findings list it line by line.
    `unexplained` is the rest: 0 when the books close.
    """

    currency: Currency
    ours: SideView
    theirs: SideView
    provider_balance: int | None
    in_findings: int
    unexplained: int | None


class ReconciliationView(msgspec.Struct):
    """A day of the program; `counts` are lines by kind, and findings at its end."""

    day: date
    status: Literal["running", "done"]
    counts: dict[str, int]
    totals: list[TotalsView]


class BookedView(msgspec.Struct):
    """A line of our journal (`name` is its reference) or of the provider's books (its id).

    `our_id` is the order or withdrawal that the provider's object names, null if it names none.
    """

    name: str
    transaction: str | None
    type: str
    amount: int
    fee: int
    net: int
    currency: str
    source: str | None
    at: str
    our_id: str | None


class FindingView(msgspec.Struct):
    """A difference between the books. `difference` is the provider's excess over our journal.

    The other side of a `waiting` line may still arrive. `explained_by` is the member of staff who
    explained it, null if a later line did.
    """

    id: str
    kind: Kind
    status: Literal["waiting", "open", "explained", "dropped"]
    since: date
    age_days: int
    currency: str
    difference: int
    ours: BookedView | None
    theirs: BookedView | None
    note: str | None
    explained_by: str | None


def day_view(day: Day) -> ReconciliationView:
    totals = [_totals(currency, each) for currency, each in sorted(day.totals.items())]
    return ReconciliationView(day.day, "done" if day.is_done else "running", day.counts, totals)


def _totals(currency: str, totals: Totals) -> TotalsView:
    return shaped(
        TotalsView,
        totals,
        currency=currency,
        ours=SideView(totals.lines_here, totals.here, totals.closing_here),
        theirs=SideView(totals.lines_there, totals.there, totals.closing_there),
        provider_balance=totals.balance,
    )


def finding_view(case: Case, note: str | None, today: date) -> FindingView:
    """A case with its decrypted `note`, aged on a day."""
    return shaped(
        FindingView,
        case,
        id=case.key,
        age_days=max(0, (today - case.since).days),
        ours=_booked(case.ours),
        theirs=_booked(case.theirs),
        note=note,
        explained_by=case.by,
    )


def _booked(line: BookLine | None) -> BookedView | None:
    return None if line is None else shaped(BookedView, line)


DAY_EXAMPLE = {
    "day": "2026-11-21", "status": "done", "counts": {"matched": 1204, "late": 3, "waiting": 1},
    "totals": [{
        "currency": "CNY", "ours": {"lines": 1206, "net": 2309417, "closing": 18200345},
        "theirs": {"lines": 1207, "net": 2311300, "closing": 18202228},
        "provider_balance": 18202228, "in_findings": 1883, "unexplained": 0,
    }],
}  # fmt: skip
FINDING_EXAMPLE = {
    "id": "txn_1MiN3gLkdIwHu7ixxapQrznl", "kind": "missing_here", "status": "open",
    "since": "2026-11-20", "age_days": 2, "currency": "CNY", "difference": 1883, "ours": None,
    "theirs": {
        "name": "txn_1MiN3gLkdIwHu7ixxapQrznl", "transaction": "txn_1MiN3gLkdIwHu7ixxapQrznl",
        "type": "charge", "amount": 1990, "fee": 107, "net": 1883, "currency": "CNY",
        "source": "ch_1MiN3gLkdIwHu7ixNCZvFdgA", "at": "2026-11-20T15:59:58Z",
        "our_id": "ord_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    },
    "note": None, "explained_by": None,
}  # fmt: skip
EXPLAINED_EXAMPLE = {
    **FINDING_EXAMPLE,
    "status": "explained",
    "note": "渠道测试收款，已原路退回",
    "explained_by": "mbr_6hq2kzvdkwqymh6dz4wmbyzixe",
}
