"""Items of invoices: an invoice is its own idempotency record; an order leads to its last one.

pk INVOICE#<invoice>   sk INVOICE
pk INVOICED#<order>    sk ORDER
pk NUMBER#<number>     sk NUMBER (of twenty digits: one invoice has it, blue or red)
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.finance.rules.invoices import CANCELLED, Invoice, Red
from chalicelib.finance.tables.items import FinanceItem
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute

INVOICE, ORDER, NUMBER = "INVOICE", "ORDER", "NUMBER"


class InvoiceItem(FinanceItem):
    """One invoice, listed by its status, oldest first; a cancelled one is in no list."""

    order_id = UnicodeAttribute()
    member_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    buyer = BytesAttribute()
    content = BytesAttribute()
    amount = IntegerAttribute()
    currency = UnicodeAttribute()
    created_at = IntegerAttribute()
    status = UnicodeAttribute()
    number = UnicodeAttribute(null=True)
    issued = IntegerAttribute()
    issued_at = IntegerAttribute(null=True)
    reds = StructAttribute[tuple[Red, ...]](tuple[Red, ...], null=True)
    version = IntegerAttribute()

    @classmethod
    def of(cls, invoice: Invoice) -> InvoiceItem:
        is_listed = invoice.status != CANCELLED
        order = f"{invoice.created_at_ms:015d}#{invoice.id}"
        return cls(
            invoice_key(invoice.id), INVOICE, order_id=invoice.order_id,
            member_id=invoice.member_id, kind=invoice.kind, buyer=invoice.buyer,
            content=invoice.content, amount=invoice.amount, currency=invoice.currency,
            created_at=invoice.created_at_ms, status=invoice.status, number=invoice.number,
            issued=invoice.issued, issued_at=invoice.issued_at_ms, reds=invoice.reds or None,
            version=invoice.version, list_order=order if is_listed else None,
            list_name=invoice_list(invoice.status) if is_listed else None,
        )  # fmt: skip

    def value(self) -> Invoice:
        return Invoice(
            id=self.pk.removeprefix("INVOICE#"), order_id=self.order_id,
            member_id=self.member_id, kind=self.kind, buyer=self.buyer, content=self.content,
            amount=self.amount, currency=self.currency, created_at_ms=self.created_at,
            status=self.status, number=self.number, issued=self.issued,
            issued_at_ms=self.issued_at, reds=self.reds or (), version=self.version,
        )  # fmt: skip


class InvoicedOrderItem(FinanceItem):
    """Which invoice an order has: the last one, if others were cancelled."""

    invoice_id = UnicodeAttribute()

    @classmethod
    def of(cls, invoice: Invoice) -> InvoicedOrderItem:
        return cls(f"INVOICED#{invoice.order_id}", ORDER, invoice_id=invoice.id)


class NumberItem(FinanceItem):
    """A number that is taken, and the invoice that it is for."""

    invoice_id = UnicodeAttribute()

    @classmethod
    def of(cls, number: str, invoice: Invoice) -> NumberItem:
        return cls(f"NUMBER#{number}", NUMBER, invoice_id=invoice.id)


def invoice_key(invoice_id: str) -> str:
    return f"INVOICE#{invoice_id}"


def invoice_list(status: str) -> str:
    return f"INVOICES#{status}"
