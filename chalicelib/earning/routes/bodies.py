"""Bodies of partners' calls, and their values: members normalised, refunds summed up."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, cast

import msgspec

from chalicelib.earning.routes.naming import MemberRef, Name, identity_of, shown_by
from chalicelib.earning.routes.signed import check_told_at
from chalicelib.earning.rules import (
    NOT_THE_SUM,
    CompletedOrder,
    Happening,
    PaidOrder,
    PartnerEvent,
    RefundedOrder,
    SoldItem,
)
from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.kernel.digests import digest_of
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.money import MAX_MINOR_UNITS, Amount, Currency
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.texts import ATTRIBUTE, BIRTHDAY, CUSTOM_EVENT, ID, PARTNER_ID
from chalicelib.kernel.web.requests import decode_body

MAX_EVENTS = 100

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=PARTNER_ID)]
EventId = Annotated[str, msgspec.Meta(min_length=1, max_length=128, pattern=ID)]
Refunded = Annotated[int, msgspec.Meta(ge=1, le=MAX_MINOR_UNITS)]
COMPLETED = "custom.order_completed"
Key = Annotated[str, msgspec.Meta(pattern=ATTRIBUTE, max_length=40)]
Value = Annotated[str, msgspec.Meta(max_length=64)]
Attributes = Annotated[
    dict[Key, bool | Annotated[int, msgspec.Meta(ge=-(10**12), le=10**12)] | Value],
    msgspec.Meta(max_length=20),
]
Quantity = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class PaidItem(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    sku: Name
    amount: Amount
    quantity: Quantity
    category: Name | None = None
    brand: Name | None = None
    margin_class: Name | None = None


class OrderPaid(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`amount` is the paid amount of the whole order, in minor units: the sum of its items, if they
    are given. Rules may look at `attributes`."""

    order_id: Code
    currency: Currency
    amount: Amount
    items: Annotated[list[PaidItem], msgspec.Meta(max_length=200)] = []
    attributes: Attributes = {}


class RefundedItem(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    sku: Name
    amount: Amount
    quantity: Quantity


class OrderRefunded(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`amount` is the refunded amount in minor units: given, or the sum of its items."""

    order_id: Code
    currency: Currency
    amount: Refunded | None = None
    items: Annotated[list[RefundedItem], msgspec.Meta(max_length=200)] = []


class OrderCompleted(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    order_id: Code


class MemberUpdated(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What the shop knows of the member: rules look at it as `member.…`. The latest event counts,
    and a part that it leaves out stays as it was. `birthday` is month and day, such as 05-01."""

    birthday: Annotated[str, msgspec.Meta(pattern=BIRTHDAY, max_length=5)] | None = None
    attributes: Attributes = {}


class Happened(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Money, if the event has to do with any, and what rules may look at."""

    amount: Amount | None = None
    currency: Currency | None = None
    attributes: Attributes = {}


class Told(
    msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, tag_field="type"
):
    """The fields of every event."""

    id: EventId
    occurred_at: Annotated[datetime, msgspec.Meta(tz=True)]
    member: MemberRef


class OrderPaidEvent(Told, tag="order.paid"):
    """An order was paid."""

    data: OrderPaid


class OrderRefundedEvent(Told, tag="order.refunded"):
    """An order was refunded, in whole or in part; each refund is an event."""

    data: OrderRefunded


class OrderCompletedEvent(Told, tag="custom.order_completed"):
    """An order is complete and has no more returns: its pending points become spendable."""

    data: OrderCompleted


class MemberUpdatedEvent(Told, tag="member.updated"):
    """The shop knows more of a member."""

    data: MemberUpdated


class CustomEvent(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Anything else that rules may be about, under a name of the shop's: `custom.store_visit`."""

    type: Annotated[str, msgspec.Meta(pattern=CUSTOM_EVENT, max_length=48)]
    id: EventId
    occurred_at: Annotated[datetime, msgspec.Meta(tz=True)]
    member: MemberRef
    data: Happened = msgspec.field(default_factory=Happened)


EventIn = OrderPaidEvent | OrderRefundedEvent | OrderCompletedEvent | MemberUpdatedEvent


class EventsIn(msgspec.Struct, forbid_unknown_fields=True):
    """A batch, applied in its order; a refused event does not stop the others."""

    events: Annotated[list[EventIn], msgspec.Meta(min_length=1, max_length=MAX_EVENTS)]


class SentEvents(msgspec.Struct, forbid_unknown_fields=True):
    """A batch whose events are read one by one."""

    events: Annotated[list[msgspec.Raw], msgspec.Meta(min_length=1, max_length=MAX_EVENTS)]


class _Named(msgspec.Struct):
    id: EventId


def sent_id(sent: bytes) -> str | None:
    """The id of a sent event that may be refused; None without a readable id."""
    try:
        return msgspec.json.decode(sent, type=_Named).id
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def read_event(sent: bytes, now: datetime, partner: str) -> PartnerEvent:
    """An event as a partner sent it, its member normalised.

    Raises NotJson, UnknownField, TillCodeInvalid, Invalid naming the field.
    """
    event: EventIn | CustomEvent = decode_body(sent, cast("Any", _kind_of(sent)))
    check_told_at(event.occurred_at, now)
    shown = shown_by(event.member, "member", now)
    facts: dict[str, Any] = {
        "id": event.id,
        "occurred_at_ms": clock.to_ms(event.occurred_at),
        "digest": digest_of(event, sent),
        "member_id": shown.member_id if shown else event.member.member_id,
        "identity": identity_of(event.member, "member", partner),
        "is_late": shown.is_late if shown else False,
    }
    match event.data:
        case OrderPaid() as data:
            return _paid(data, facts)
        case OrderRefunded() as data:
            sold = tuple(SoldItem(each.sku, each.amount, each.quantity) for each in data.items)
            return RefundedOrder(
                order_id=data.order_id,
                amount=_refunded(data),
                currency=data.currency,
                items=sold,
                **facts,
            )
        case OrderCompleted() as data:
            return CompletedOrder(order_id=data.order_id, **facts)
        case MemberUpdated() | Happened():
            return _happening(event, facts)


def _kind_of(sent: bytes) -> Any:
    """The type of an event's body: names of shops' own events are no closed set."""
    try:
        type_ = str(msgspec.json.decode(sent, type=dict[str, Any]).get("type", ""))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return EventIn
    return CustomEvent if type_.startswith("custom.") and type_ != COMPLETED else EventIn


def _paid(data: OrderPaid, facts: dict[str, Any]) -> PaidOrder:
    return PaidOrder(
        order_id=data.order_id,
        amount=data.amount,
        currency=data.currency,
        items=tuple(shaped(SoldItem, each) for each in data.items),
        attributes=data.attributes,
        **facts,
    )


def _happening(event: Any, facts: dict[str, Any]) -> Happening:
    data = event.data
    type_ = event.type if isinstance(event, CustomEvent) else "member.updated"
    amount = data.amount if isinstance(data, Happened) else None
    currency = data.currency if isinstance(data, Happened) else None
    birthday = data.birthday if isinstance(data, MemberUpdated) else None
    return Happening(
        type=type_,
        order_id=f"{type_}!{event.id}",  # no order's id has an exclamation mark
        amount=amount or 0,
        has_amount=amount is not None,
        currency=currency or config().currency,
        attributes=data.attributes,
        birthday=(int(birthday[:2]), int(birthday[3:])) if birthday else None,
        **facts,
    )


def _refunded(data: OrderRefunded) -> int:
    """The refunded amount in minor units.

    Raises Invalid naming the field.
    """
    total = sum(item.amount for item in data.items)
    if data.amount is None and not data.items:
        words = Words("须给出 amount 或 items", "takes amount, items or both")
        raise Invalid(FieldError("data", "amount_or_items", words))
    if data.amount is not None and data.items and total != data.amount:
        raise Invalid(FieldError("data.amount", "not_the_sum", NOT_THE_SUM))
    refunded = data.amount or total
    if not 0 < refunded <= MAX_MINOR_UNITS:
        words = Words("金额之和超出范围", "sum to an amount out of range")
        raise Invalid(FieldError("data.items", "out_of_range", words))
    return refunded
