"""Completed orders: their pending points become spendable."""

from __future__ import annotations

from datetime import datetime

from chalicelib import ledger
from chalicelib.earning import queries, rules
from chalicelib.earning.actions.records import put_alone
from chalicelib.earning.rules import (
    APPLIED,
    DUPLICATE,
    UNMATCHED,
    CompletedOrder,
    Decision,
    Outcome,
)
from chalicelib.earning.rules.orders import NOTHING_PENDING, UNLOCKED, WAITING
from chalicelib.earning.tables import EventItem
from chalicelib.ledger import Entry


def receive(
    partner: str, event: CompletedOrder, record: EventItem | None, now: datetime
) -> Outcome:
    """Unlock an order's points; an event that comes before its payment is not recorded.

    Raises EventIdReused.
    """
    if record is not None:
        return Outcome(event.id, DUPLICATE, _entries_of(partner, record), record.decisions)
    order = queries.find_order(partner, event.order_id)
    receipt = queries.find_receipt(partner, order, [queries.member_of(event)])
    if receipt is None or not receipt.settled:
        decision = Decision(rules.PURCHASES.id, 0, WAITING)
        return Outcome(event.id, UNMATCHED, [], [decision])
    entries, decisions = [], []
    for accrual in receipt.accruals:
        entry = ledger.unlock(accrual.account_id, accrual.reference, now, early=True)
        if entry is None:
            decisions.append(rules.decision_on(accrual, 0, NOTHING_PENDING))
        else:
            decisions.append(rules.decision_on(accrual, -entry.effect.pending, UNLOCKED))
            entries.append(entry)
    decisions = decisions or [Decision(rules.PURCHASES.id, 0, NOTHING_PENDING)]
    item = EventItem.of(partner, event, decisions, receipt.member_id if entries else None)
    # The event is recorded last: after a crash, a retry finds the points unlocked.
    made = put_alone(item, partner, event)
    return Outcome(event.id, APPLIED, entries, made.decisions)


def _entries_of(partner: str, record: EventItem) -> list[Entry]:
    if record.matched is None:
        return []
    order_id, decisions = record.order_id, record.decisions
    found = (
        ledger.find_entry(each.account_id, ledger.unlock_of(each.reference))
        for each in queries.accruals_of(partner, order_id, record.matched, decisions)
    )
    return [entry for entry in found if entry is not None]
