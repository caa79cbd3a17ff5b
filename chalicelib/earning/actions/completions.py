"""Orders that are completed: their pending points need to wait no longer."""

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
from chalicelib.kernel.config import config
from chalicelib.ledger import Entry


def receive(
    partner: str, event: CompletedOrder, record: EventItem | None, now: datetime
) -> Outcome:
    """Unlock what an order gave; nothing is kept of an event that comes before its payment.

    Raises EventIdReused.
    """
    if record is not None:
        return Outcome(event.id, DUPLICATE, _entries_of(partner, record), record.decision)
    order = queries.find_order(partner, event.order_id)
    receipt = queries.find_receipt(partner, order, [queries.member_of(event)])
    if receipt is None or not receipt.settled:
        decision = Decision(rules.PURCHASES.id, 0, WAITING)
        return Outcome(event.id, UNMATCHED, [], decision)
    entry = None
    if (accrual := receipt.accrual) is not None:
        entry = ledger.unlock(accrual.account_id, accrual.reference, now, early=True)
    # Recorded last: unlocking is its own record, a retry after a crash finds it done.
    made = put_alone(_event_item(partner, event, entry), partner, event)
    return Outcome(event.id, APPLIED, [entry] if entry else [], made.decision)


def _event_item(partner: str, event: CompletedOrder, entry: Entry | None) -> EventItem:
    return EventItem(
        *EventItem.key(partner, event.id), event_id=event.id, order_id=event.order_id,
        amount=0, currency=config().currency, occurred_at=event.occurred_at_ms,
        rule=rules.PURCHASES.id, points=-entry.effect.pending if entry else 0,
        reason=UNLOCKED if entry else NOTHING_PENDING, digest=event.digest,
        member_id=entry.account_id.partition(":")[0] if entry else None,
    )  # fmt: skip


def _entries_of(partner: str, record: EventItem) -> list[Entry]:
    if record.matched is None:
        return []
    reference = rules.accrual_reference(partner, record.order_id, record.rule)
    account_id = ledger.points_account(record.matched)
    entry = ledger.find_entry(account_id, ledger.unlock_of(reference))
    return [entry] if entry else []
