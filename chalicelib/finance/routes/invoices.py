"""Invoices (fapiao): members request them, finance issues and reverses them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Literal, TypeVar

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.finance.actions import invoices as actions
from chalicelib.finance.errors import InvoiceExists, InvoiceNumberUsed, NothingToInvoice
from chalicelib.finance.queries import invoices as queries
from chalicelib.finance.routes.invoice_views import (
    EXAMPLE,
    LISTED_EXAMPLE,
    ORDER_EXAMPLE,
    RED_EXAMPLE,
    REQUEST_EXAMPLE,
    STAFF_EXAMPLE,
    InvoiceView,
    Kind,
    OrderInvoicesView,
    StaffInvoiceView,
    invoice_view,
    listed_invoice_view,
    order_invoice_view,
    staff_invoice_view,
)
from chalicelib.finance.rules.invoices import Buyer, Invoice, check_tax_number
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.kernel.texts import Email, InvoiceNumber, InvoiceTitle, TaxNumber
from chalicelib.kernel.web.auth import ADMIN, FINANCE, MEMBER, STAFF_ROLES
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.members import destination_of
from chalicelib.orders import OrderDisputed

invoices = Blueprint(__name__)
V = TypeVar("V", bound=InvoiceView)

ACCOUNTANTS = (FINANCE, ADMIN)


class InvoiceIn(msgspec.Struct, forbid_unknown_fields=True):
    """The buyer on the invoice. Companies need a `tax_number`; persons have none."""

    kind: Kind
    title: InvoiceTitle
    email: Email
    tax_number: TaxNumber | None = None


class InvoicesQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """Invoices that wait for finance come oldest first, the others newest first."""

    status: Literal["requested", "issued", "red_required", "red_issued"] = "requested"


class NumberIn(msgspec.Struct, forbid_unknown_fields=True):
    """The invoice's number: 8 digits, or 20 for a fully digital invoice."""

    number: InvoiceNumber


@route(
    invoices, "POST", "/v1/orders/{id}/invoice",
    summary="Request an invoice for the cash part of a delivered order",
    roles=[MEMBER], body=InvoiceIn, answer=InvoiceView, status=201, key=True,
    may_raise=[NotAllowedInThisState, NothingToInvoice, OrderDisputed, InvoiceExists],
    example={"request": REQUEST_EXAMPLE, "answer": EXAMPLE},
)  # fmt: skip
def request_invoice(call: Call) -> Reply:
    body: InvoiceIn = call.body
    number = check_tax_number(body.kind, body.tax_number)
    buyer = Buyer(body.title.strip(), number, destination_of(email=body.email).text)
    invoice_id, order_id, content = call.derived_id("inv"), call.path["id"], call.content_digest
    asked = actions.InvoiceRequest(invoice_id, order_id, call.member_id, body.kind, buyer, content)
    return answer_of(actions.request_invoice(asked, call.now), _shown(call, invoice_view))


@route(
    invoices, "GET", "/v1/orders/{id}/invoice",
    summary="Get the invoice of one of my orders",
    roles=[MEMBER], answer=InvoiceView, example={"answer": EXAMPLE},
)  # fmt: skip
def show_invoice(call: Call) -> Reply:
    found = queries.invoice_of(call.path["id"], call.member_id)
    return Reply(_shown(call, invoice_view)(found))


@route(
    invoices, "GET", "/v1/admin/invoices",
    summary="List invoices in a state, with masked e-mails",
    roles=ACCOUNTANTS, query=InvoicesQuery, answer=Page[StaffInvoiceView],
    example={"answer": {"data": [LISTED_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_invoices(call: Call) -> Reply:
    asked: InvoicesQuery = call.query
    return Reply(queries.invoices_in(asked.status, asked, _shown(call, listed_invoice_view)))


@route(
    invoices, "GET", "/v1/admin/invoices/{id}",
    summary="Get an invoice, with its full e-mail",
    roles=ACCOUNTANTS, answer=StaffInvoiceView, example={"answer": STAFF_EXAMPLE},
)  # fmt: skip
def show_any_invoice(call: Call) -> Reply:
    return Reply(_shown(call, staff_invoice_view)(queries.get_invoice(call.path["id"])))


@route(
    invoices, "GET", "/v1/admin/orders/{id}/invoices",
    summary="Whether an order has an invoice, and in what state",
    roles=STAFF_ROLES, answer=OrderInvoicesView,
    example={"answer": {"data": [ORDER_EXAMPLE]}},
)  # fmt: skip
def list_invoices_of_order(call: Call) -> Reply:
    found = queries.find_invoice_of(call.path["id"])
    return Reply(OrderInvoicesView([order_invoice_view(found, call.language)] if found else []))


# An act of finance on an invoice.
act = partial(
    route, invoices, "POST", roles=ACCOUNTANTS, body=NumberIn, answer=StaffInvoiceView, key=True
)


@act(
    "/v1/admin/invoices/{id}/issue",
    summary="Record the number of an issued invoice",
    may_raise=[NotAllowedInThisState, OrderDisputed, InvoiceNumberUsed],
    example={"request": {"number": STAFF_EXAMPLE["number"]}, "answer": STAFF_EXAMPLE},
)  # fmt: skip
def issue_invoice(call: Call) -> Reply:
    return _act(call, "invoice.issue", actions.issue)


@act(
    "/v1/admin/invoices/{id}/issue-red",
    summary="Record the number of a red invoice for the refunded part",
    may_raise=[NotAllowedInThisState, InvoiceNumberUsed],
    example={"request": {"number": "26312000000000000025"}, "answer": RED_EXAMPLE},
)  # fmt: skip
def issue_red_invoice(call: Call) -> Reply:
    return _act(call, "invoice.issue_red", actions.issue_red)


def _act(
    call: Call, name: str, do: Callable[[str, str, Act, datetime], tuple[Invoice, bool]]
) -> Reply:
    invoice_id = call.path["id"]
    done = do(invoice_id, call.body.number, audit.act_of(call, name, invoice_id), call.now)
    return answer_of(done, _shown(call, staff_invoice_view))


def _shown(call: Call, view: Callable[[Invoice, Buyer, str], V]) -> Callable[[Invoice], V]:
    """A view of an invoice, with its buyer, in the caller's language."""
    return lambda invoice: view(invoice, queries.buyer_of(invoice), call.language)
