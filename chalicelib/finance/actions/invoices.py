"""Request and issue invoices, and follow refunds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.finance.errors import InvoiceExists, InvoiceNumberUsed
from chalicelib.finance.queries.invoices import find_invoice, find_invoice_of, get_invoice
from chalicelib.finance.rules import invoices as rules
from chalicelib.finance.rules.invoices import CANCELLED, UNIQUE_DIGITS, Buyer, Invoice
from chalicelib.finance.tables.invoices import InvoicedOrderItem, InvoiceItem, NumberItem
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.crypto import encrypt
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.store.writes import (
    WriteSet,
    replay_outranks_refusal,
    unmoved,
    with_fresh_reads,
)
from chalicelib.orders import Order, check_undisputed, get_order

Change = Callable[[Invoice, Order], Invoice]


class InvoiceRequest(NamedTuple):
    """A member's request; `id` follows from the Idempotency-Key."""

    id: str
    order_id: str
    member_id: str
    kind: str
    buyer: Buyer
    content: bytes


def request_invoice(asked: InvoiceRequest, now: datetime) -> tuple[Invoice, bool]:
    """Request an invoice for the cash paid less refunds: (invoice, replayed).

    Raises NotFound, NotAllowedInThisState, OrderDisputed, NothingToInvoice, InvoiceExists,
    IdempotencyKeyReused.
    """

    def write() -> Invoice:
        order = get_order(asked.order_id, asked.member_id)
        amount = rules.invoiced_cash(order)
        last = find_invoice_of(order.id)
        if last is not None and last.status != CANCELLED:
            raise InvoiceExists(invoice_id=last.id)
        return _put_new(_made(asked, amount, order.currency or config().currency, now), last)

    def find() -> Invoice | None:
        return replay_of(find_invoice(asked.id), asked.content)

    made, replayed = replay_outranks_refusal(write, find)
    # A refund between the read of the order and the write found no invoice to change.
    return (made if made.status == CANCELLED else refresh_invoice(made.order_id) or made), replayed


def _made(asked: InvoiceRequest, amount: int, currency: str, now: datetime) -> Invoice:
    buyer = encrypt(msgspec.json.encode(asked.buyer), bound_to=asked.id)
    given = asked._asdict() | {"buyer": buyer}
    return Invoice(**given, amount=amount, currency=currency, created_at_ms=to_ms(now))


def _put_new(made: Invoice, last: Invoice | None) -> Invoice:
    """Raises InvoiceExists, Moved if another one was requested meanwhile."""
    writes = WriteSet()
    writes.put_new(InvoiceItem.of(made), or_raise=InvoiceExists(invoice_id=made.id))
    leads = unmoved(InvoicedOrderItem.invoice_id, last and last.id)
    writes.put(InvoicedOrderItem.of(made), condition=leads)
    writes.commit()
    return made


def refresh_invoice(order_id: str) -> Invoice | None:
    """Set an order's invoice to the cash paid less refunds; None if it has no invoice.

    The amount comes from the order, not from the facts of refunds: those may arrive twice, late,
    in any order.
    """

    def write() -> Invoice | None:
        seen = find_invoice_of(order_id)
        return None if seen is None else _put_changed(seen, _billed(seen)[0])

    return with_fresh_reads(write)


def issue(invoice_id: str, number: str, act: Act, now: datetime) -> tuple[Invoice, bool]:
    """Record the number of an issued invoice: (invoice, replayed).

    Raises NotFound, NotAllowedInThisState, OrderDisputed, InvoiceNumberUsed, IdempotencyKeyReused.
    """

    def issued(invoice: Invoice, order: Order) -> Invoice:
        check_undisputed(order)
        return rules.issued(invoice, number, to_ms(now))

    return _act(invoice_id, number, act, issued)


def issue_red(invoice_id: str, number: str, act: Act, now: datetime) -> tuple[Invoice, bool]:
    """Record the number of a red invoice for the refunded part: (invoice, replayed).

    Raises NotFound, NotAllowedInThisState, InvoiceNumberUsed, IdempotencyKeyReused.
    """
    return _act(invoice_id, number, act, lambda it, _: rules.reversed_by(it, number, to_ms(now)))


def _act(invoice_id: str, number: str, act: Act, change: Change) -> tuple[Invoice, bool]:
    def write() -> Invoice:
        seen = get_invoice(invoice_id)
        after = change(*_billed(seen))
        writes = WriteSet()
        if len(number) == UNIQUE_DIGITS:
            writes.put_new(NumberItem.of(number, seen), or_raise=InvoiceNumberUsed)
        audit.record(writes, act.changing(_facts(seen), {**_facts(after), "number": number}))
        return _put_changed(seen, after, writes)

    return audit.once(act, write, lambda: find_invoice(invoice_id))


def _billed(seen: Invoice) -> tuple[Invoice, Order]:
    """The invoice at its order's current amount, and the order.

    The order is read after the invoice, so an older version never rests on a newer order.
    """
    order = get_order(seen.order_id)
    return rules.with_amount(seen, rules.paid_cash(order)), order


def _put_changed(seen: Invoice, after: Invoice, writes: WriteSet | None = None) -> Invoice:
    """Raises Moved if the invoice has changed since it was read."""
    if after == seen:
        return seen
    writes = writes or WriteSet()
    put = replace(after, version=seen.version + 1)
    unmoved = InvoiceItem.version == seen.version
    writes.put(InvoiceItem.of(put), condition=unmoved)
    writes.commit()
    return put


def _facts(invoice: Invoice) -> audit.Facts:
    return {
        "status": invoice.status,
        "amount": invoice.amount,
        "currency": invoice.currency,
        "to_reverse": invoice.to_reverse,
    }
