"""Reads of invoices: by id, by order, by status."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import msgspec

from chalicelib.finance.rules.invoices import RED_REQUIRED, REQUESTED, Buyer, Invoice
from chalicelib.finance.tables.invoices import (
    INVOICE,
    ORDER,
    InvoicedOrderItem,
    InvoiceItem,
    invoice_key,
    invoice_list,
)
from chalicelib.finance.tables.items import FinanceItem
from chalicelib.kernel.counts import SomeOf
from chalicelib.kernel.crypto import decrypt
from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.kernel.errors import or_not_found
from chalicelib.kernel.store.tables import naming
from chalicelib.orders import get_order


def find_invoice(invoice_id: str) -> Invoice | None:
    return InvoiceItem.find_value(invoice_key(invoice_id), INVOICE)


def get_invoice(invoice_id: str) -> Invoice:
    """Raises NotFound."""
    return or_not_found(find_invoice(invoice_id))


def find_invoice_of(order_id: str) -> Invoice | None:
    """The last invoice of an order, cancelled or not."""
    item = InvoicedOrderItem.find(f"INVOICED#{order_id}", ORDER)
    return find_invoice(item.invoice_id) if item else None


def has_open_invoices(order_ids: Iterable[str]) -> bool:
    """Whether finance still has to issue or reverse an invoice of these orders."""
    found = (find_invoice_of(each) for each in order_ids)
    return any(made.status in (REQUESTED, RED_REQUIRED) for made in found if made)


def invoice_of(order_id: str, member_id: str) -> Invoice:
    """The last invoice of a member's order.

    Raises NotFound.
    """
    return or_not_found(find_invoice_of(get_order(order_id, member_id).id))


def buyer_of(invoice: Invoice) -> Buyer:
    """The buyer on an invoice, decrypted.

    Raises Unreadable.
    """
    with naming(InvoiceItem(invoice_key(invoice.id), INVOICE)):
        return msgspec.json.decode(decrypt(invoice.buyer, bound_to=invoice.id), type=Buyer)


def invoices_in(status: str, asked: PageQuery, view: Callable[[Invoice], Any]) -> Page[Any]:
    """A page of invoices in a state: open work oldest first, others newest first.

    Raises InvalidCursor.
    """

    is_work = status in (REQUESTED, RED_REQUIRED)
    query = partial(InvoiceItem.listed.query, invoice_list(status), scan_index_forward=is_work)
    return page(f"invoices|{status}", asked, query, lambda item: view(item.value()))


def count_invoices(status: str) -> SomeOf:
    """How many invoices are in a state, up to a hundred."""
    return FinanceItem.count_some(
        invoice_list(status), index_name=InvoiceItem.listed.Meta.index_name
    )
