"""Start an order's payment, and record the money that came."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import IdempotencyKeyReused, Moved
from chalicelib.kernel.money import Money
from chalicelib.kernel.store.writes import WriteSet, was_written, with_fresh_reads
from chalicelib.payments.actions import provider
from chalicelib.payments.actions.journal import record_cash
from chalicelib.payments.actions.refunds import record_at_provider
from chalicelib.payments.errors import NotAtProvider, PaymentRefused
from chalicelib.payments.queries.journal import find_cash_entry
from chalicelib.payments.queries.payments import find_payment, find_start
from chalicelib.payments.rules.entries import charge_entry, dispute_entries, payout_entries
from chalicelib.payments.rules.external_refunds import dispute_at_provider
from chalicelib.payments.rules.gateway import Intent, Method, ProviderCharge
from chalicelib.payments.rules.journal import LOSSES, SALES, UNAPPLIED, CashEntry, moved
from chalicelib.payments.rules.payments import Payment, payment_id_of
from chalicelib.payments.rules.refunds import left_of
from chalicelib.payments.tables.payments import PaymentItem, StartItem


def start_payment(
    order_id: str,
    due: Money,
    first: Method,
    method: Method,
    key: bytes,
    content: bytes,
    now: datetime,
) -> tuple[Intent, bool]:
    """Start an order's one payment at the provider, or return it: (payment, replayed).

    The order records the amount due, and the provider's key follows from its id. After a crash
    behind the call, the next try finds the payment under that key. So the payment is always created
    with `first`, the order's own method, and then changed to `method`.

    Raises IdempotencyKeyReused, PaymentClosed, Unavailable.
    """
    known = find_payment(order_id)
    if known is not None:
        return _restart(known, method, key, content)
    intent = provider.gateway().create_payment(payment_id_of(order_id), order_id, due, first)
    intent = _with_method(intent, method)
    made = Payment(order_id, intent.id, due, key, content, to_ms(now))
    item = PaymentItem.of(made)
    if was_written(lambda: item.save(condition=PaymentItem.pk.does_not_exist())):
        return intent, False
    other = find_payment(order_id)
    assert other is not None, "what exists is found"
    return _restart(other, method, key, content)


def end_payment(
    order_id: str, due: Money, method: Method, now: datetime, *, find_orphan: bool
) -> Intent | None:
    """Cancel the payment of an ended order unless it was paid; returns its state, None without one.

    `find_orphan` also asks the provider for a payment that a crash kept us from recording. A paid
    one is recorded, because it must be refunded.

    Raises Unavailable.
    """
    known, gateway = find_payment(order_id), provider.gateway()
    if known is not None:
        return gateway.cancel_payment(known.intent_id)
    if not find_orphan:
        return None
    try:
        intent = gateway.create_payment(payment_id_of(order_id), order_id, due, method)
    except (PaymentRefused, IdempotencyKeyReused):
        # Nobody can pay a payment that was refused, or one whose secret was never returned.
        return None
    ended = gateway.cancel_payment(intent.id)
    if ended.status != "canceled":
        found = PaymentItem.of(Payment(order_id, ended.id, due, b"", b"", to_ms(now)))
        was_written(lambda: found.save(condition=PaymentItem.pk.does_not_exist()))
    return ended


def is_started_by(order_id: str, key: bytes) -> bool:
    """Whether a call with this key (its digest) has started or changed the order's payment."""
    known = find_payment(order_id)
    return known is not None and (known.key == key or find_start(order_id, key) is not None)


def find_intent(order_id: str) -> Intent | None:
    """An order's payment as the provider has it now; None if it was never started.

    Raises Unavailable.
    """
    known = find_payment(order_id)
    return provider.gateway().find_payment(known.intent_id) if known else None


def _restart(known: Payment, method: Method, key: bytes, content: bytes) -> tuple[Intent, bool]:
    before = known.content if known.key == key else find_start(known.order_id, key)
    if before not in (None, content):
        raise IdempotencyKeyReused()
    intent = provider.gateway().find_payment(known.intent_id)
    if before is not None:
        return intent, True
    intent = _with_method(intent, method)
    # After the change: a crash between the two lets the retry make the same change again.
    StartItem.of(known.order_id, key, content).save()
    return intent, False


def _with_method(intent: Intent, method: Method) -> Intent:
    if intent.status != "open" or intent.method == method:
        return intent
    return provider.gateway().change_method(intent.id, method)


def record_charge(
    writes: WriteSet, order_id: str, charge: ProviderCharge, contra: str, now: datetime
) -> None:
    """Add money that came for an order, once, against its sale or unapplied money."""
    entry = charge_entry(order_id, charge.id, charge.movement, contra, to_ms(now))
    record_cash(writes, entry, or_raise=Moved)


def has_charge(charge_id: str) -> bool:
    """Whether the journal has this charge."""
    return find_cash_entry(f"charge:{charge_id}") is not None


def record_disputes(
    writes: WriteSet, order_id: str, charge: ProviderCharge, now: datetime, *, is_sold: bool
) -> None:
    """Add the entries of disputes that the journal lacks: taken, returned, lost.

    `is_sold`: an order has taken the charge. Without one, money that was not refunded is no loss of
    ours: it was the payer's. That also holds after a refund that failed.

    The commit raises Moved if somebody records the same meanwhile.
    """
    unapplied = 0 if is_sold else _unapplied(order_id, charge)
    for dispute in charge.disputes:
        contra, currency = SALES if is_sold else UNAPPLIED, charge.amount.currency
        made = dispute_at_provider(order_id, dispute, contra, currency, to_ms(now))
        record_at_provider(writes, made, now)
        entries = dispute_entries(order_id, dispute, unapplied, to_ms(now))
        unapplied -= sum(entry.on(UNAPPLIED) for entry in entries)
        for entry in entries:
            known = find_cash_entry(entry.reference)
            if known is None:
                record_cash(writes, entry, or_raise=Moved)
            else:
                _correct(writes, known, entry.on(UNAPPLIED), charge, now)


def _correct(
    writes: WriteSet, lost: CashEntry, payers: int, charge: ProviderCharge, now: datetime
) -> None:
    """Add that part of a lost dispute was the payer's money: once for each refund that failed."""
    more = payers - lost.on(UNAPPLIED)
    for failed in (each for each in charge.refunds if not each.stands):
        reference = f"{lost.reference}:{failed.id}"
        known = find_cash_entry(reference) if more > 0 else None
        here = known.on(UNAPPLIED) if known else max(0, min(more, failed.amount))
        more -= here
        if here and not known:
            legs, at_ms = moved(here, UNAPPLIED, LOSSES), to_ms(now)
            made = replace(lost, postings=legs, occurred_at_ms=at_ms, recorded_at_ms=at_ms)
            record_cash(writes, replace(made, reference=reference), or_raise=Moved)


def _unapplied(order_id: str, charge: ProviderCharge) -> int:
    """The part of a charge without an order that was not refunded; disputes do not count."""
    payment = find_payment(order_id)
    return left_of(payment, replace(charge, disputes=())) if payment else 0


def payment_of(intent_id: str) -> str | None:
    """Our id of a payment at the provider; None if it is not ours.

    Raises Unavailable.
    """
    try:
        return provider.gateway().find_payment(intent_id).payment_id or None
    except NotAtProvider:
        return None


def sync_payout(provider_id: str, now: datetime) -> None:
    """Record money that the provider has sent to our bank, and its returns.

    Raises Unavailable.
    """
    try:
        told = provider.gateway().find_payout(provider_id)
    except NotAtProvider:
        return

    def write() -> None:
        writes = WriteSet()
        for entry in payout_entries(told, to_ms(now)):
            if find_cash_entry(entry.reference) is None:
                record_cash(writes, entry, or_raise=Moved)
        if len(writes):
            writes.commit()

    with_fresh_reads(write)
