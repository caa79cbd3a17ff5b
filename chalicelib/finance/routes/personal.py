"""The invoices of a member's orders, for an export of all that is theirs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chalicelib.finance.queries.invoices import buyer_of, find_invoice_of
from chalicelib.finance.routes.invoice_views import invoice_view


def export_of(order_ids: Iterable[str], language: str) -> dict[str, Iterable[Any]]:
    found = (made for each in order_ids if (made := find_invoice_of(each)) is not None)
    return {"invoices": (invoice_view(made, buyer_of(made), language) for made in found)}
