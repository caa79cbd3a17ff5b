"""Invoices as members and finance see them."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from chalicelib.finance.rules.invoices import STATUS_WORDS, Buyer, Invoice
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.money import Money
from chalicelib.kernel.shapes import shaped
from chalicelib.members import Destination

Status = Literal["requested", "issued", "red_required", "red_issued", "cancelled"]
Kind = Literal["personal", "company"]


class RedView(msgspec.Struct):
    """A red invoice and the amount that it reverses."""

    number: str
    amount: Money
    issued_at: str


class InvoiceView(msgspec.Struct):
    """An invoice for an order's cash: `amount` is the cash paid less refunds.

    `issued_amount` stands on the issued invoice; red invoices must still reverse `to_reverse`.
    """

    id: str
    order_id: str
    kind: Kind
    status: Status
    status_text: str
    amount: Money
    title: str
    tax_number: str | None
    email: str
    number: str | None
    issued_at: str | None
    issued_amount: Money | None
    to_reverse: Money
    reds: list[RedView]
    created_at: str


class StaffInvoiceView(InvoiceView, kw_only=True):
    """An invoice with its member; lists mask the e-mail."""

    member_id: str


class OrderInvoiceView(msgspec.Struct):
    """An order's invoice without its buyer; `issued_amount` is null until it is issued."""

    id: str
    status: Status
    status_text: str
    amount: Money
    number: str | None
    issued_amount: Money | None
    to_reverse: Money


class OrderInvoicesView(msgspec.Struct):
    """The last invoice of an order, or none."""

    data: list[OrderInvoiceView]


def order_invoice_view(invoice: Invoice, language: str) -> OrderInvoiceView:
    currency = invoice.currency
    return shaped(
        OrderInvoiceView,
        invoice,
        status_text=STATUS_WORDS[invoice.status].in_language(language),
        amount=Money(invoice.amount, currency),
        issued_amount=Money(invoice.issued, currency) if invoice.number else None,
        to_reverse=Money(invoice.to_reverse, currency),
    )


def invoice_view(invoice: Invoice, buyer: Buyer, language: str) -> InvoiceView:
    def money(amount: int) -> Money:
        return Money(amount, invoice.currency)

    return shaped(
        InvoiceView,
        invoice,
        **msgspec.structs.asdict(buyer),
        status_text=STATUS_WORDS[invoice.status].in_language(language),
        amount=money(invoice.amount),
        issued_amount=money(invoice.issued) if invoice.number else None,
        to_reverse=money(invoice.to_reverse),
        reds=[
            RedView(red.number, money(red.amount), rfc3339_ms(red.at_ms)) for red in invoice.reds
        ],
    )


def staff_invoice_view(invoice: Invoice, buyer: Buyer, language: str) -> StaffInvoiceView:
    seen = invoice_view(invoice, buyer, language)
    return shaped(StaffInvoiceView, seen, member_id=invoice.member_id)


def listed_invoice_view(invoice: Invoice, buyer: Buyer, language: str) -> StaffInvoiceView:
    view = staff_invoice_view(invoice, buyer, language)
    view.email = Destination("email", view.email).masked
    return view


REQUEST_EXAMPLE = {
    "kind": "company",
    "title": "上海示例科技有限公司",
    "tax_number": "91310000MA1FL0B18Y",
    "email": "fapiao@example.com",
}
EXAMPLE: dict[str, Any] = {
    "id": "inv_5c3bqbzkmvnl2hwmbkqk5pnjhm", "order_id": "ord_7dq2kzvdkwqymh6dz4wmbyzixe",
    "status": "requested", "status_text": "待开票", **REQUEST_EXAMPLE,
    "amount": {"amount": 1980, "currency": "CNY"}, "number": None, "issued_at": None,
    "issued_amount": None, "to_reverse": {"amount": 0, "currency": "CNY"}, "reds": [],
    "created_at": "2026-11-21T08:00:00Z",
}  # fmt: skip
STAFF_EXAMPLE = {
    **EXAMPLE, "member_id": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe", "status": "issued",
    "status_text": "已开票", "number": "26312000000000000017",
    "issued_at": "2026-11-22T02:00:00Z", "issued_amount": {"amount": 1980, "currency": "CNY"},
}  # fmt: skip
ORDER_EXAMPLE = {name: STAFF_EXAMPLE[name] for name in OrderInvoiceView.__struct_fields__}
LISTED_EXAMPLE = {
    **EXAMPLE,
    "member_id": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe",
    "email": "f***@example.com",
}
RED_EXAMPLE = {
    **STAFF_EXAMPLE, "status": "red_issued", "status_text": "已红冲",
    "amount": {"amount": 0, "currency": "CNY"},
    "reds": [{"number": "26312000000000000025", "amount": {"amount": 1980, "currency": "CNY"},
              "issued_at": "2026-11-23T02:00:00Z"}],
}  # fmt: skip
