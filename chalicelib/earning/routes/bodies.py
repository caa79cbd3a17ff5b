"""Bodies of partners' calls, and their values: members normalised, refunds summed up."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, cast

import msgspec

from chalicelib import members
from chalicelib.earning.routes.signed import check_told_at
from chalicelib.earning.rules import (
    CompletedOrder,
    PaidOrder,
    PartnerEvent,
    RefundedOrder,
    SoldItem,
)
from chalicelib.kernel import clock
from chalicelib.kernel.digests import digest_of
from chalicelib.kernel.errors import FieldError, Invalid, Words, check_exactly_one
from chalicelib.kernel.money import MAX_MINOR_UNITS, Amount, Currency
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.texts import ID, PARTNER_ID
from chalicelib.kernel.web.requests import decode_body

MAX_EVENTS = 100

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Email = Annotated[str, msgspec.Meta(min_length=3, max_length=254)]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=PARTNER_ID)]
EventId = Annotated[str, msgspec.Meta(min_length=1, max_length=128, pattern=ID)]
Refunded = Annotated[int, msgspec.Meta(ge=1, le=MAX_MINOR_UNITS)]
Quantity = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class MemberRef(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Exactly one of the three."""

    member_id: Name | None = None
    phone: Name | None = None
    email: Email | None = None


class PaidItem(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    sku: Name
    amount: Amount
    quantity: Quantity
    category: Name | None = None
    brand: Name | None = None


class OrderPaid(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`amount` is the paid amount of the whole order, in minor units."""

    order_id: Code
    currency: Currency
    amount: Amount
    items: Annotated[list[PaidItem], msgspec.Meta(max_length=200)] = []


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


EventIn = OrderPaidEvent | OrderRefundedEvent | OrderCompletedEvent


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


def read_event(sent: bytes, now: datetime) -> PartnerEvent:
    """An event as a partner sent it, its member normalised.

    Raises NotJson, UnknownField, Invalid naming the field.
    """
    event: EventIn = decode_body(sent, cast("Any", EventIn))
    check_told_at(event.occurred_at, now)
    facts: dict[str, Any] = {
        "id": event.id,
        "order_id": event.data.order_id,
        "occurred_at_ms": clock.to_ms(event.occurred_at),
        "digest": digest_of(event, sent),
        "member_id": event.member.member_id,
        "identity": identity_of(event.member, "member"),
    }
    match event.data:
        case OrderPaid() as data:
            sold = tuple(shaped(SoldItem, each) for each in data.items)
            return PaidOrder(amount=data.amount, currency=data.currency, items=sold, **facts)
        case OrderRefunded() as data:
            refunded = _refunded(data)
            sold = tuple(SoldItem(each.sku, each.amount, each.quantity) for each in data.items)
            return RefundedOrder(amount=refunded, currency=data.currency, items=sold, **facts)
        case OrderCompleted():
            return CompletedOrder(**facts)


def _refunded(data: OrderRefunded) -> int:
    """The refunded amount in minor units.

    Raises Invalid naming the field.
    """
    total = sum(item.amount for item in data.items)
    if data.amount is None and not data.items:
        words = Words("须给出 amount 或 items", "takes amount, items or both")
        raise Invalid(FieldError("data", "amount_or_items", words))
    if data.amount is not None and data.items and total != data.amount:
        words = Words("不等于各项金额之和", "is not the sum of the items' amounts")
        raise Invalid(FieldError("data.amount", "not_the_sum", words))
    refunded = data.amount or total
    if not 0 < refunded <= MAX_MINOR_UNITS:
        words = Words("金额之和超出范围", "sum to an amount out of range")
        raise Invalid(FieldError("data.items", "out_of_range", words))
    return refunded


def identity_of(who: MemberRef, at: str) -> str | None:
    """The keyed hash of a phone or an e-mail, None for a member's id; an error names `at`.

    Raises Invalid naming the field.
    """
    check_one(who, at)
    if who.member_id is not None:
        return None
    try:
        return members.identity_hash(phone=who.phone, email=who.email)
    except Invalid as error:
        raise error.below(at) from error


def check_one(who: Any, at: str) -> None:
    """Check that exactly one of member_id, phone, email is given.

    Raises Invalid.
    """
    check_exactly_one(at, member_id=who.member_id, phone=who.phone, email=who.email)
