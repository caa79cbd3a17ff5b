"""Items of invoices: an invoice is its own idempotency record; an order names its last invoice.

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
        return cls.holding(
            invoice,
            invoice_key(invoice.id),
            INVOICE,
            list_order=order if is_listed else None,
            list_name=invoice_list(invoice.status) if is_listed else None,
        )

    def value(self) -> Invoice:
        return self.into(Invoice, id=self.pk.removeprefix("INVOICE#"))


class InvoicedOrderItem(FinanceItem):
    """The last invoice of an order."""

    invoice_id = UnicodeAttribute()

    @classmethod
    def of(cls, invoice: Invoice) -> InvoicedOrderItem:
        return cls(f"INVOICED#{invoice.order_id}", ORDER, invoice_id=invoice.id)


class NumberItem(FinanceItem):
    """A number in use, and its invoice."""

    invoice_id = UnicodeAttribute()

    @classmethod
    def of(cls, number: str, invoice: Invoice) -> NumberItem:
        return cls(f"NUMBER#{number}", NUMBER, invoice_id=invoice.id)


def invoice_key(invoice_id: str) -> str:
    return f"INVOICE#{invoice_id}"


def invoice_list(status: str) -> str:
    return f"INVOICES#{status}"
