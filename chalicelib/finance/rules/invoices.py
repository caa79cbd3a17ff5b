"""Invoices (fapiao) for the cash of an order: requested, issued, reversed by red invoices.

Amounts are minor units. A refund lowers an invoice's amount; an issued invoice then needs a red
invoice for the difference.
"""

from __future__ import annotations

import re

import msgspec
from msgspec.structs import replace

from chalicelib.finance.errors import NothingToInvoice
from chalicelib.kernel.errors import FieldError, Invalid, NotAllowedInThisState, Words
from chalicelib.orders import COMPLETED, DELIVERED, Order, check_undisputed, not_allowed

PERSONAL, COMPANY = "personal", "company"
REQUESTED, ISSUED, CANCELLED = "requested", "issued", "cancelled"
RED_REQUIRED, RED_ISSUED = "red_required", "red_issued"
STATUS_WORDS = {
    REQUESTED: Words("待开票", "Requested"),
    ISSUED: Words("已开票", "Issued"),
    RED_REQUIRED: Words("待红冲", "To be reversed"),
    RED_ISSUED: Words("已红冲", "Reversed"),
    CANCELLED: Words("已取消", "Cancelled"),
}

# Source: GB 32100-2015, tables 2 and 3: the letters I, O, S, V and Z are not used.
_CREDIT_CODE = {letter: value for value, letter in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
_CREDIT_CODE_LENGTH = 18
# Numbers from before 2015: a region and an organisation's code, or a person's id and two digits.
_LEGACY = re.compile(r"([0-9]{14}[0-9X]|[0-9]{17}[0-9X][0-9]{2})\Z")
# A number of eight digits may repeat: a separate code tells invoices apart. Twenty digits never do.
UNIQUE_DIGITS = 20


class Buyer(msgspec.Struct, frozen=True):
    """The buyer on an invoice, and the address that receives it: personal data."""

    title: str
    tax_number: str | None
    email: str


def without_person(buyer: Buyer) -> Buyer:
    """The buyer without what is personal: a company, which has a tax number, keeps its title."""
    return Buyer(buyer.title if buyer.tax_number else "", buyer.tax_number, "")


class Red(msgspec.Struct, frozen=True, array_like=True):
    """A red invoice: it reverses `amount` of the issued one."""

    number: str
    amount: int
    at_ms: int


class Invoice(msgspec.Struct, frozen=True):
    """An invoice for an order: `amount` is due now, `issued` stands on the issued invoice.

    `buyer` is sealed to the invoice's id.
    """

    id: str
    order_id: str
    member_id: str
    kind: str
    buyer: bytes
    content: bytes
    amount: int
    currency: str
    created_at_ms: int
    status: str = REQUESTED
    number: str | None = None
    issued: int = 0
    issued_at_ms: int | None = None
    reds: tuple[Red, ...] = ()
    version: int = 1

    @property
    def to_reverse(self) -> int:
        """The amount that red invoices must still reverse."""
        return max(0, self.issued - sum(red.amount for red in self.reds) - self.amount)


def paid_cash(order: Order) -> int:
    """The cash paid for an order, less refunds."""
    return order.cash - order.cash_refunded if order.paid else 0


def invoiced_cash(order: Order) -> int:
    """The amount to invoice for an order, once it is delivered.

    Raises NotAllowedInThisState, OrderDisputed, NothingToInvoice.
    """
    if order.status not in (DELIVERED, COMPLETED):
        raise not_allowed(order.way, order.status)
    check_undisputed(order)
    amount = paid_cash(order)
    if amount <= 0:
        raise NothingToInvoice()
    return amount


def with_amount(invoice: Invoice, amount: int) -> Invoice:
    """The invoice for a new `amount`: cash paid less refunds."""
    after = replace(invoice, amount=amount)
    if invoice.status == CANCELLED:
        return invoice
    if invoice.status == REQUESTED:
        return after if amount > 0 else replace(after, status=CANCELLED)
    if after.to_reverse:
        return replace(after, status=RED_REQUIRED)
    return replace(after, status=RED_ISSUED if after.reds else ISSUED)


def _not_allowed(invoice: Invoice) -> NotAllowedInThisState:
    return NotAllowedInThisState(status=invoice.status).telling(state=STATUS_WORDS[invoice.status])


def issued(invoice: Invoice, number: str, now_ms: int) -> Invoice:
    """The invoice once finance has issued it.

    Raises NotAllowedInThisState.
    """
    if invoice.status != REQUESTED:
        raise _not_allowed(invoice)
    return replace(
        invoice, status=ISSUED, number=number, issued=invoice.amount, issued_at_ms=now_ms
    )


def reversed_by(invoice: Invoice, number: str, now_ms: int) -> Invoice:
    """The invoice once a red invoice has reversed the excess.

    Raises NotAllowedInThisState.
    """
    if invoice.status != RED_REQUIRED:
        raise _not_allowed(invoice)
    red = Red(number, invoice.to_reverse, now_ms)
    return replace(invoice, status=RED_ISSUED, reds=(*invoice.reds, red))


def check_tax_number(kind: str, text: str | None) -> str | None:
    """The buyer's tax number in upper case; a personal invoice has none.

    Raises Invalid naming `tax_number`.
    """
    if kind == PERSONAL:
        if text is not None:
            raise _wrong("for_companies", Words("个人发票无需税号", "is for companies"))
        return None
    if text is None:
        raise _wrong("required_for_companies", Words("企业发票须填税号", "companies need one"))
    number = text.upper()
    if not (_LEGACY.match(number) or is_credit_code(number)):
        raise _wrong("invalid_tax_number", Words("税号无效", "is not a valid tax number"))
    return number


def is_credit_code(text: str) -> bool:
    """Whether a text is a unified social credit code, by its last character.

    Source: GB 32100-2015: weights are 3^i, the last one makes the sum a multiple of 31.
    """
    if len(text) != _CREDIT_CODE_LENGTH or not set(text).issubset(_CREDIT_CODE):
        return False
    values = [_CREDIT_CODE[letter] for letter in text]
    weighted: int = sum(value * 3**place for place, value in enumerate(values[:-1]))
    return (weighted + values[-1]) % 31 == 0


def _wrong(code: str, words: Words) -> Invalid:
    return Invalid(FieldError("tax_number", code, words))
