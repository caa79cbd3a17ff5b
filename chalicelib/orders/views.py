"""What members and staff see of an order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, cast

import msgspec

from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.crypto import decrypt
from chalicelib.kernel.money import Money
from chalicelib.members import Address
from chalicelib.orders.rules import Line, Order, Refund, Step, payments
from chalicelib.orders.rules.words import status_words
from chalicelib.payments import RefundState, refund_states

Status = Literal[
    "awaiting_payment", "awaiting_review", "in_review", "approved", "rejected", "shipped",
    "delivered", "completed", "cancelled",
]  # fmt: skip

PaymentStatus = Literal[
    "awaiting", "declined", "succeeded", "partially_refunded", "refunded", "disputed", "cancelled",
    "due", "collected",
]  # fmt: skip
Method = Literal["card", "alipay", "wechat_pay", "cod"]


class LineView(msgspec.Struct):
    """One line; `codes` are those of virtual goods, once they have been handed out.

    `returned` units of it were given back for.
    """

    sku: str
    product_id: str
    title: str
    quantity: int
    points: int
    cash: Money
    codes: list[str]
    returned: int


class PaymentView(msgspec.Struct):
    """How the cash of an order stands; docs/paying.md tells what an app does with it.

    `declined`: Stripe's code of the last try to pay that failed, such as `insufficient_funds`,
    `expired_card`. `due` is to be paid to the carrier, `collected` is taken for paid as the parcel
    has come. `method` is the one that was ordered with. `expires_at`: when the order is cancelled
    if the cash has not come; null once it does not wait for it.
    """

    status: PaymentStatus
    method: Method
    declined: str | None
    expires_at: str | None


class ParcelView(msgspec.Struct):
    carrier: str
    tracking_number: str
    lines: dict[str, int]


class StepView(msgspec.Struct):
    """A state that the order came into; `by` is member, staff or system."""

    status: Status
    at: str
    by: str
    note: str | None


class RefundView(msgspec.Struct):
    """What goes back: points at once, cash as fast as the bank does.

    `status` is that of the cash: `pending` until the bank has moved it, `failed` while it has come
    back to us and is paid in another way, `not_due` if nobody had paid it, on delivery.
    """

    id: str
    points: int
    cash: Money
    status: RefundState
    at: str
    reason: str | None


class BookingView(msgspec.Struct):
    at: str
    note: str | None


class OrderView(msgspec.Struct):
    """An order. Points are integers, cash and freight minor units of their currency."""

    id: str
    status: Status
    status_text: str
    kind: Literal["physical", "virtual", "service"]
    created_at: str
    version: int
    lines: list[LineView]
    points: int
    cash: Money
    freight: Money
    address: Address | None
    booking: BookingView | None
    payment: PaymentView | None
    refunds: list[RefundView]
    parcels: list[ParcelView]
    timeline: list[StepView]


class StaffOrderView(OrderView, kw_only=True):
    """The order with its member, and who of the staff acted on it, act by act."""

    member_id: str
    handled_by: list[str]


def cash(amount: int, currency: str | None = None) -> Money:
    return Money(amount, currency or config().currency)


def line_view(line: Line, language: str, codes: list[str]) -> LineView:
    title = line.title.in_language(language)
    return LineView(
        line.sku, line.product_id, title, line.quantity, line.points, cash(line.cash), codes,
        line.refunded,
    )  # fmt: skip


def order_view(order: Order, language: str) -> OrderView:
    return order_views([order], language)[0]


def order_views(orders: Sequence[Order], language: str) -> list[OrderView]:
    states = _refund_states(orders)
    return [OrderView(**_fields(order, language, _codes(order), states)) for order in orders]


def staff_order_view(order: Order, language: str) -> StaffOrderView:
    return staff_order_views([order], language)[0]


def staff_order_views(orders: Sequence[Order], language: str) -> list[StaffOrderView]:
    """For the staff: without the codes, which are the member's alone."""
    states = _refund_states(orders)
    return [
        StaffOrderView(
            **_fields(order, language, {}, states), member_id=order.member_id,
            handled_by=[step.actor for step in order.steps if step.actor and step.by == "staff"],
        )
        for order in orders
    ]  # fmt: skip


def _codes(order: Order) -> dict[str, list[str]]:
    if order.codes is None or order.disputed:
        return {}
    found: dict[str, list[str]] = msgspec.json.decode(decrypt(order.codes, bound_to=order.id))
    return found


def _refund_states(orders: Sequence[Order]) -> dict[str, RefundState]:
    """One read for all of them; none where no cash goes back."""
    return refund_states(
        (order.id, refund.id) for order in orders for refund in order.refunds if refund.cash
    )


def _fields(
    order: Order,
    language: str,
    codes: dict[str, list[str]],
    states: dict[str, RefundState],
) -> dict[str, Any]:
    booking = order.booking
    return {
        "id": order.id,
        "status": order.status,
        "status_text": status_words(order.kind, order.status).in_language(language),
        "kind": order.kind,
        "created_at": rfc3339_ms(order.created_at_ms),
        "version": order.version,
        "lines": [line_view(line, language, codes.get(line.sku, [])) for line in order.lines],
        "points": order.points,
        "cash": cash(order.cash, order.currency),
        "freight": cash(0, order.currency),
        "address": _open_address(order),
        "booking": BookingView(rfc3339_ms(booking.at_ms), booking.note) if booking else None,
        "payment": payment_view(order),
        "refunds": [
            _refund_view(order, refund, states) for refund in order.refunds if not refund.is_silent
        ],
        "parcels": [ParcelView(p.carrier, p.tracking_number, p.quantities) for p in order.parcels],
        "timeline": [_step_view(step) for step in order.steps],
    }


def payment_view(order: Order) -> PaymentView | None:
    """None where nothing is due in cash."""
    status = payments.status_of(order)
    if status is None:
        return None
    expires_at = rfc3339_ms(order.pay_until_ms) if payments.awaits(order) else None
    return PaymentView(
        cast(PaymentStatus, status), cast(Method, order.method), order.declined, expires_at
    )


def refund_view(order: Order, refund: Refund) -> RefundView:
    return _refund_view(order, refund, _refund_states([order]))


def _refund_view(order: Order, refund: Refund, states: dict[str, RefundState]) -> RefundView:
    is_ours = refund.cash and not refund.is_foreign
    state: RefundState = states.get(refund.id, "not_due") if is_ours else "succeeded"
    at, money = rfc3339_ms(refund.at_ms), cash(refund.cash, order.currency)
    return RefundView(refund.id, refund.points, money, state, at, refund.reason)


def _open_address(order: Order) -> Address | None:
    if order.address is None:
        return None
    return Address.decode(decrypt(order.address, bound_to=order.id))


def _step_view(step: Step) -> StepView:
    return StepView(cast(Status, step.status), rfc3339_ms(step.at_ms), step.by, step.note)
