"""Returns as members and staff see them."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from chalicelib.catalog import thumbnail_of
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.money import Money
from chalicelib.kernel.shapes import shaped
from chalicelib.orders.routes.cash_views import cash
from chalicelib.orders.routes.views import ParcelView
from chalicelib.orders.rules import Parcel
from chalicelib.orders.rules.details import ReturnDetails
from chalicelib.orders.rules.returns import KINDS, STATUS_WORDS, Return, ReturnLine

ReturnKind = Literal["return", "exchange", "refund_only"]
ReturnStatus = Literal[
    "requested",
    "approved",
    "rejected",
    "sent",
    "received",
    "closed",
    "withdrawn",
]


class ReturnLineView(msgspec.Struct):
    """Units of one SKU; `received` of them came back."""

    sku: str
    product_id: str
    title: str
    quantity: int
    received: int


class ReturnStepView(msgspec.Struct):
    """A change of state. `by` is member, staff or system: the system acts when the time of a state
    is over.
    """

    status: ReturnStatus
    at: str
    by: str
    note: str | None


class ReturnWorthView(msgspec.Struct):
    """Points and cash of some units."""

    points: int
    cash: Money


class ReturnView(msgspec.Struct):
    """A return of units of an order.

    `due_at` is the end of its state's time. Then the system approves a requested one, withdraws
    one whose goods were not sent, refunds goods that were sent and not received, closes a received
    one, and refunds an exchange that was not shipped. `parcel` brings the goods back, as
    `instructions` say; `replacement` brings new ones. `refunded` is what went back so far,
    `refundable` what the units bring that are still open.
    """

    id: str
    order_id: str
    kind: ReturnKind
    kind_text: str
    status: ReturnStatus
    status_text: str
    created_at: str
    version: int
    lines: list[ReturnLineView]
    reason: str
    pictures: list[str]
    thumbnails: list[str]
    instructions: str | None
    due_at: str | None
    parcel: ParcelView | None
    replacement: ParcelView | None
    refunded: ReturnWorthView
    refundable: ReturnWorthView
    timeline: list[ReturnStepView]


class StaffReturnView(ReturnView, kw_only=True):
    """A return with its member, and the staff of each act on it. Where `needs_instructions`, only
    an approval with instructions is taken: goods come back, and the settings have no address.
    """

    member_id: str
    handled_by: list[str]
    needs_instructions: bool


def return_view(details: ReturnDetails, language: str) -> ReturnView:
    made = details.made
    return shaped(
        ReturnView,
        made,
        kind_text=KINDS[made.kind].in_language(language),
        status_text=STATUS_WORDS[made.status].in_language(language),
        lines=[_line(line, language) for line in made.lines],
        pictures=list(made.pictures),
        thumbnails=[thumbnail_of(each) for each in made.pictures],
        due_at=None if made.due_at_ms is None else rfc3339_ms(made.due_at_ms),
        parcel=_parcel(made.parcel),
        replacement=_parcel(made.replacement),
        refunded=_worth(made, made.points, made.cash),
        refundable=_worth(made, details.points, details.cash),
        timeline=[shaped(ReturnStepView, step) for step in made.steps],
    )


def staff_return_view(details: ReturnDetails, language: str) -> StaffReturnView:
    made = details.made
    handled_by = [step.actor for step in made.steps if step.actor and step.by == "staff"]
    return shaped(
        StaffReturnView,
        return_view(details, language),
        member_id=made.member_id,
        handled_by=handled_by,
        needs_instructions=made.comes_back and not config().returns.return_address,
    )


def _line(line: ReturnLine, language: str) -> ReturnLineView:
    return shaped(ReturnLineView, line, title=line.title.in_language(language))


def _parcel(parcel: Parcel | None) -> ParcelView | None:
    if parcel is None:
        return None
    return ParcelView(parcel.carrier, parcel.tracking_number, parcel.quantities, [])


def _worth(made: Return, points: int, amount: int) -> ReturnWorthView:
    return ReturnWorthView(points, cash(amount, made.currency))


_CNY_0 = {"amount": 0, "currency": "CNY"}
RETURN_EXAMPLE: dict[str, Any] = {
    "id": "ret_5c3bqbzkmvnl2hwmbkqk5pnjhm", "order_id": "ord_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "kind": "return", "kind_text": "退货退款", "status": "requested", "status_text": "待审核",
    "created_at": "2026-11-28T08:00:00Z", "version": 1,
    "lines": [{"sku": "CUP-RED", "product_id": "prd_7dq2kzvdkwqymh6dz4wmbyzixe",
               "title": "保温杯", "quantity": 1, "received": 0}],
    "reason": "杯盖漏水", "pictures": [], "thumbnails": [], "instructions": None,
    "due_at": "2026-12-01T08:00:00Z", "parcel": None, "replacement": None,
    "refunded": {"points": 0, "cash": _CNY_0}, "refundable": {"points": 800, "cash": _CNY_0},
    "timeline": [{"status": "requested", "at": "2026-11-28T08:00:00Z", "by": "member",
                  "note": None}],
}  # fmt: skip
STAFF_RETURN_EXAMPLE: dict[str, Any] = {
    **RETURN_EXAMPLE,
    "member_id": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe",
    "handled_by": [],
    "needs_instructions": False,
}
