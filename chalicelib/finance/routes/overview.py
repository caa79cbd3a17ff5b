"""The start page of the staff: how much waits in each list, by role."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec
from chalice.app import Blueprint

from chalicelib.catalog import count_alerts
from chalicelib.finance.queries.invoices import count_invoices
from chalicelib.finance.queries.reconciliations import count_cases
from chalicelib.finance.rules.invoices import RED_REQUIRED, REQUESTED
from chalicelib.finance.rules.reconciled_days import OPEN
from chalicelib.kernel.counts import SomeOf
from chalicelib.kernel.parked import count_parked
from chalicelib.kernel.web.auth import ADMIN, AGENT, FINANCE, OPS, STAFF_ROLES
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call, Caller
from chalicelib.ledger import count_adjustments
from chalicelib.orders import count_returns, count_reviews, count_unpublished
from chalicelib.payments import count_failed_refunds
from chalicelib.withdrawals import count_undecided

overview = Blueprint(__name__)

T = TypeVar("T")


class WaitingOrders(msgspec.Struct):
    """Orders by the state in which they wait for the staff."""

    awaiting_review: SomeOf
    in_review: SomeOf
    approved: SomeOf


class WaitingWithdrawals(msgspec.Struct):
    """Withdrawals to review, and approved ones that are not being paid yet."""

    requested: SomeOf
    approved: SomeOf


class WaitingInvoices(msgspec.Struct):
    """Invoices to issue, and invoices to reverse."""

    requested: SomeOf
    red_required: SomeOf


class WaitingReturns(msgspec.Struct):
    """Returns to decide about, parcels that come back, and goods that came: the replacement of an
    exchange is to be shipped, or the rest of a return has not come.
    """

    requested: SomeOf
    sent: SomeOf
    received: SomeOf


class OverviewView(msgspec.Struct):
    """What waits for the staff. A part is null for a role that may not read its list.

    `adjustments` wait for a second person. `failed_refunds` wait for finance. `findings` are open
    differences from the provider's books. `parked`: stream records that relays gave up. `reviews`
    wait to be published. `stock_alerts`: SKUs beyond a mark of theirs.
    """

    orders: WaitingOrders | None
    returns: WaitingReturns | None
    adjustments: SomeOf
    failed_refunds: SomeOf | None
    withdrawals: WaitingWithdrawals | None
    invoices: WaitingInvoices | None
    findings: SomeOf | None
    parked: SomeOf | None
    reviews: SomeOf | None = None
    stock_alerts: SomeOf | None = None


_NONE, _SOME = {"count": 0, "more": False}, {"count": 3, "more": False}


@route(
    overview, "GET", "/v1/admin/overview",
    summary="How much waits for the staff in each list, counted up to 100",
    roles=STAFF_ROLES, answer=OverviewView,
    example={"answer": {
        "orders": {"awaiting_review": {"count": 100, "more": True}, "in_review": _SOME,
                   "approved": _SOME},
        "returns": {"requested": _SOME, "sent": _SOME, "received": _NONE},
        "adjustments": _SOME, "failed_refunds": _NONE, "parked": _NONE,
        "reviews": _SOME, "withdrawals": None, "invoices": None, "findings": None,
        "stock_alerts": _SOME,
    }},
)  # fmt: skip
def show_overview(call: Call) -> Reply:
    assert call.caller is not None, "only the staff comes here"
    for_orders = _reader(call.caller, AGENT, OPS, ADMIN)
    for_money = _reader(call.caller, FINANCE, ADMIN)
    shown = OverviewView(
        orders=for_orders(lambda: WaitingOrders(**count_reviews())),
        returns=for_orders(
            lambda: WaitingReturns(*map(count_returns, WaitingReturns.__struct_fields__))
        ),
        adjustments=count_adjustments(),
        failed_refunds=_reader(call.caller, OPS, FINANCE, ADMIN)(count_failed_refunds),
        withdrawals=for_money(lambda: WaitingWithdrawals(**count_undecided())),
        invoices=for_money(
            lambda: WaitingInvoices(count_invoices(REQUESTED), count_invoices(RED_REQUIRED))
        ),
        findings=for_money(lambda: count_cases(OPEN)),
        parked=_reader(call.caller, OPS, ADMIN)(count_parked),
        reviews=for_orders(count_unpublished),
        stock_alerts=for_orders(count_alerts),
    )
    return Reply(shown)


def _reader(caller: Caller, *roles: str) -> Callable[[Callable[[], T]], T | None]:
    """A function that counts for callers with one of these roles, and is None for others."""
    is_allowed = not caller.roles.isdisjoint(roles)
    return lambda count: count() if is_allowed else None
