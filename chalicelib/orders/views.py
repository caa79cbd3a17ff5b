"""What members and staff see of an order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, cast

import msgspec

from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.crypto import decrypt
from chalicelib.kernel.errors import Words
from chalicelib.kernel.money import Money
from chalicelib.members import Address
from chalicelib.orders.rules import Line, Order, Refund, Step, payments

Status = Literal[
    "awaiting_payment", "awaiting_review", "in_review", "approved", "rejected", "shipped",
    "delivered", "completed", "cancelled",
]  # fmt: skip

PaymentStatus = Literal[
    "awaiting", "declined", "succeeded", "partially_refunded", "refunded", "disputed", "cancelled",
    "due", "collected",
]  # fmt: skip
Method = Literal["card", "alipay", "wechat_pay", "cod"]

STATUS_TEXT = {
    "awaiting_payment": Words("待付款", "Awaiting payment"),
    "awaiting_review": Words("待审核", "Awaiting review"),
    "in_review": Words("审核中", "In review"),
    "approved": Words("待发货", "To be shipped"),
    "shipped": Words("已发货", "Shipped"),
    "delivered": Words("已送达", "Delivered"),
    "completed": Words("兑换成功", "Completed"),
    "cancelled": Words("已取消", "Cancelled"),
    "rejected": Words("兑换失败", "Rejected"),
}


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
    """How the cash of an order stands: `declined` tells why the last try to pay failed."""

    status: PaymentStatus
    method: Method
    declined: str | None


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
    """What went back, in points and cash; the cash follows as fast as the bank does."""

    id: str
    points: int
    cash: Money
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
    title = Words(line.title_zh, line.title_en).in_language(language)
    return LineView(
        line.sku, line.product_id, title, line.quantity, line.points, cash(line.cash), codes,
        line.refunded,
    )  # fmt: skip


def order_view(order: Order, language: str) -> OrderView:
    codes: dict[str, list[str]] = {}
    if order.codes is not None and not order.disputed:
        codes = msgspec.json.decode(decrypt(order.codes, bound_to=order.id))
    return OrderView(**_fields(order, language, codes))


def staff_order_view(order: Order, language: str) -> StaffOrderView:
    """For the staff: without the codes, which are the member's alone."""
    actors = [step.actor for step in order.steps if step.actor and step.by == "staff"]
    return StaffOrderView(
        **_fields(order, language, {}), member_id=order.member_id, handled_by=actors
    )


def views_in(language: str) -> Callable[[Order], OrderView]:
    return lambda order: order_view(order, language)


def staff_views_in(language: str) -> Callable[[Order], StaffOrderView]:
    return lambda order: staff_order_view(order, language)


def _fields(order: Order, language: str, codes: dict[str, list[str]]) -> dict[str, Any]:
    booking = order.booking
    return {
        "id": order.id,
        "status": order.status,
        "status_text": STATUS_TEXT[order.status].in_language(language),
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
        "refunds": [refund_view(order, refund) for refund in order.refunds],
        "parcels": [ParcelView(p.carrier, p.tracking_number, p.quantities) for p in order.parcels],
        "timeline": [_step_view(step) for step in order.steps],
    }


def payment_view(order: Order) -> PaymentView | None:
    """None where nothing is due in cash."""
    status = payments.status_of(order)
    if status is None:
        return None
    return PaymentView(cast(PaymentStatus, status), cast(Method, order.method), order.declined)


def refund_view(order: Order, refund: Refund) -> RefundView:
    at = rfc3339_ms(refund.at_ms)
    money = cash(refund.cash, order.currency)
    return RefundView(refund.id, refund.points, money, at, refund.reason)


def _open_address(order: Order) -> Address | None:
    if order.address is None:
        return None
    return Address.decode(decrypt(order.address, bound_to=order.id))


def _step_view(step: Step) -> StepView:
    return StepView(cast(Status, step.status), rfc3339_ms(step.at_ms), step.by, step.note)
