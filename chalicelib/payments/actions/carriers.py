"""Cash on delivery: the carrier owes it from delivery until it pays our bank or nobody paid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from chalicelib import audit
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.money import Money
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.payments.actions.journal import check_no_cash, record_cash
from chalicelib.payments.actions.refunds import void_refund
from chalicelib.payments.errors import NotCollected
from chalicelib.payments.queries.journal import find_cash_entries, find_cash_entry
from chalicelib.payments.rules.entries import our_entry
from chalicelib.payments.rules.journal import (
    BANK,
    CARRIERS,
    COD_COLLECTED,
    COD_REMITTED,
    COD_UNCOLLECTED,
    SALES,
)


def collect_on_delivery(writes: WriteSet, order_id: str, cash: Money, now: datetime) -> None:
    """Add cash that a carrier has collected for us."""
    reference, source, at_ms = _collected(order_id), f"order:{order_id}", to_ms(now)
    entry = our_entry(COD_COLLECTED, reference, source, cash, CARRIERS, SALES, at_ms)
    record_cash(writes, entry, or_raise=Moved)


def remit_cash(order_ids: Sequence[str], act: audit.Act, now: datetime) -> tuple[Money, bool]:
    """Record that carriers have paid our bank the cash of these orders, all or none.

    Raises NotCollected, IdempotencyKeyReused.
    """

    def write() -> Money:
        writes, total, currency, at_ms = WriteSet(), 0, "", to_ms(now)
        for order_id, (cash, source) in _held_by_carriers(order_ids).items():
            reference, currency = _remitted(order_id), cash.currency
            entry = our_entry(COD_REMITTED, reference, source, cash, BANK, CARRIERS, at_ms)
            record_cash(writes, entry, or_raise=Moved)
            check_no_cash(writes, _uncollected(order_id), or_raise=Moved)
            total += cash.amount
        audit.record(writes, act.changing({}, {"amount": total, "orders": len(order_ids)}))
        writes.commit()
        return Money(total, currency)

    def find() -> Money:
        entries = [*find_cash_entries(map(_remitted, order_ids)).values()]
        return Money(sum(entry.on(BANK) for entry in entries), entries[0].currency)

    return audit.once(act, write, find)


def reverse_collection(
    writes: WriteSet, order_id: str, refund_ids: Iterable[str], now: datetime
) -> int:
    """Add that the payer never paid the carrier; returns the amount in minor units.

    The carrier owes us nothing, and refunds of this cash are void.

    Raises NotCollected if the carrier has remitted it, NotAllowedInThisState if a refund of it was
    paid.
    """
    if find_cash_entry(_collected(order_id)) is None:
        return 0  # a full refund before the delivery left nothing to collect
    cash, source = _held_by_carriers([order_id])[order_id]
    reference, at_ms = _uncollected(order_id), to_ms(now)
    entry = our_entry(COD_UNCOLLECTED, reference, source, cash, SALES, CARRIERS, at_ms)
    record_cash(writes, entry, or_raise=Moved)
    check_no_cash(writes, _remitted(order_id), or_raise=Moved)
    for refund_id in refund_ids:
        void_refund(writes, order_id, refund_id, "uncollected", now)
    return cash.amount


def _held_by_carriers(order_ids: Sequence[str]) -> dict[str, tuple[Money, str]]:
    """The cash that carriers collected and still hold, with its source, by order.

    Raises NotCollected.
    """
    names = (_collected, _remitted, _uncollected)
    entries = find_cash_entries(name(order_id) for order_id in order_ids for name in names)
    held = {}
    for order_id in order_ids:
        collected = entries.get(_collected(order_id))
        if collected is None or {_remitted(order_id), _uncollected(order_id)} & entries.keys():
            raise NotCollected(order_id=order_id)
        held[order_id] = (Money(collected.on(CARRIERS), collected.currency), collected.source)
    return held


def _collected(order_id: str) -> str:
    return f"cod:{order_id}"


def _remitted(order_id: str) -> str:
    return f"cod:{order_id}:remitted"


def _uncollected(order_id: str) -> str:
    return f"cod:{order_id}:uncollected"
