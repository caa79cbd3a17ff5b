"""Vouchers: shown to their member as codes and QR codes, used at the counter by the staff."""

from __future__ import annotations

from typing import Annotated, Any, Literal, cast

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.catalog import OutOfStock
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.kernel.web.auth import ADMIN, AGENT, MEMBER, OPS
from chalicelib.kernel.web.http import Reply, replayable, route
from chalicelib.kernel.web.requests import Call
from chalicelib.orders.actions import counter, wrong_codes
from chalicelib.orders.errors import (
    NotThisStoresStaff,
    OrderDisputed,
    TooManyWrongCodes,
    VoucherExpired,
    VoucherOfAnotherStore,
    VoucherUsed,
)
from chalicelib.orders.queries import orders, vouchers
from chalicelib.orders.queries.vouchers import FoundVoucher
from chalicelib.orders.routes.act_requests import order_act_of
from chalicelib.orders.routes.views import BookingView, booking_view
from chalicelib.orders.rules.orders import CANCELLED, REJECTED
from chalicelib.orders.rules.vouchers import VoucherStatus, status_of

voucher_routes = Blueprint(__name__)

Kind = Literal["physical", "virtual", "service"]
COUNTER = (AGENT, OPS, ADMIN)
_QR_BORDER = 2


class VoucherView(msgspec.Struct):
    """A voucher of one line of an order. `qr` is an SVG image of its code; the store may also type
    the code."""

    code: str
    sku: str
    status: VoucherStatus
    expires_at: str
    qr: str


class StaffVoucherView(msgspec.Struct):
    """A voucher at the counter: the goods that it is for, and where it is good (null: anywhere)."""

    code: str
    sku: str
    title: str
    quantity: int
    status: VoucherStatus
    expires_at: str
    used_at: str | None
    used_store_id: str | None
    order_id: str
    kind: Kind
    store_id: str | None
    booking: BookingView | None


class UseIn(msgspec.Struct, forbid_unknown_fields=True):
    """The store where the voucher is used."""

    store_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


VOUCHER_EXAMPLE: dict[str, Any] = {
    "code": "402917755831",
    "sku": "MASSAGE-60",
    "status": "unused",
    "expires_at": "2027-02-28T16:00:00Z",
    "qr": "<svg/>",
}
STAFF_VOUCHER_EXAMPLE: dict[str, Any] = {
    "code": "402917755831", "sku": "MASSAGE-60", "title": "肩颈按摩", "quantity": 1,
    "status": "used", "expires_at": "2027-02-28T16:00:00Z", "used_at": "2026-12-01T02:05:00Z",
    "used_store_id": "sto_5c3bqbzkmvnl2hwmbkqk5pnjhm", "order_id": "ord_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "kind": "service", "store_id": "sto_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "booking": {"at": "2026-12-01T02:00:00Z", "note": None, "until": "2026-12-01T03:00:00Z",
                "missed": False},
}  # fmt: skip


@route(
    voucher_routes, "GET", "/v1/orders/{id}/vouchers",
    summary="The vouchers of one of my orders; none before it is approved",
    roles=[MEMBER], answer=list[VoucherView], example={"answer": [VOUCHER_EXAMPLE]},
)  # fmt: skip
def list_vouchers(call: Call) -> Reply:
    order = orders.get_order(call.path["id"], call.member_id)
    seen = vouchers.find_vouchers(order.id)
    if seen is None or order.disputed or order.status in (CANCELLED, REJECTED):
        return Reply([])
    expires_at = rfc3339_ms(seen.expires_at_ms)
    return Reply(
        [
            VoucherView(code, sku, status_of(seen, order, sku, call.now), expires_at, _qr(code))
            for sku, code in seen.codes.items()
        ]
    )


@route(
    voucher_routes, "GET", "/v1/admin/vouchers/{code}",
    summary="A voucher by its code, as it is now",
    roles=COUNTER, answer=StaffVoucherView, may_raise=[TooManyWrongCodes],
    example={"answer": {**STAFF_VOUCHER_EXAMPLE, "status": "unused", "used_at": None,
                        "used_store_id": None}},
)  # fmt: skip
def show_voucher(call: Call) -> Reply:
    place = wrong_codes.place_of(call.path["code"], call.member_id, call.now)
    return Reply(_staff_view(call, vouchers.voucher_at(place)))


@route(
    voucher_routes, "POST", "/v1/admin/vouchers/{code}/use",
    summary="Use a voucher up at a store, once",
    roles=COUNTER, body=UseIn, answer=StaffVoucherView, key=False,
    may_raise=[NotThisStoresStaff, VoucherUsed, VoucherExpired, VoucherOfAnotherStore,
               NotAllowedInThisState, OrderDisputed, OutOfStock, TooManyWrongCodes],
    example={"request": {"store_id": "sto_5c3bqbzkmvnl2hwmbkqk5pnjhm"},
             "answer": STAFF_VOUCHER_EXAMPLE},
)  # fmt: skip
def use_voucher(call: Call) -> Reply:
    code = call.path["code"]
    act = order_act_of(call, "use", "staff")
    place = wrong_codes.place_of(code, call.member_id, call.now)
    audited = audit.act_of(call, "voucher.use", place.order_id)
    _, _, replayed = counter.use_voucher(code, call.body.store_id, act, audited)
    return replayable(_staff_view(call, vouchers.voucher_at(place)), replayed=replayed)


def _staff_view(call: Call, found: FoundVoucher) -> StaffVoucherView:
    order, seen, sku = found
    line = next(line for line in order.lines if line.sku == sku)
    ended = seen.ends.get(sku)
    used = ended if ended and ended.status == "used" else None
    return StaffVoucherView(
        code=seen.codes[sku],
        sku=sku,
        title=line.title.in_language(call.language),
        quantity=line.left or line.quantity,
        status=status_of(seen, order, sku, call.now),
        expires_at=rfc3339_ms(seen.expires_at_ms),
        used_at=rfc3339_ms(used.at_ms) if used else None,
        used_store_id=used.store_id if used else None,
        order_id=order.id,
        kind=cast(Kind, order.kind),
        store_id=order.store_id,
        booking=booking_view(order.booking) if order.booking else None,
    )


def _qr(code: str) -> str:
    """The code as an SVG image that takes the size of its place."""
    import segno

    made: str = segno.make_qr(code, error="m").svg_inline(
        border=_QR_BORDER, omitsize=True, dark="#000", light="#fff"
    )
    return made
