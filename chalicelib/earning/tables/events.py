"""The items of earning: partners' events and orders, and what of them waits.

pk EVT#<partner>#<event>    sk EVENT
pk EVT#<partner>#<event>    sk ITEMS
pk PAID#<partner>#<order>   sk PAID
pk UNM#<identity>           sk <partner>#<event>
pk REFUNDS#<shard>          sk <partner>#<order>#<event>
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import msgspec
from pynamodb.attributes import Attribute, UnicodeAttribute
from pynamodb.constants import BINARY

from chalicelib.earning.rules import (
    Decision,
    Happening,
    PaidOrder,
    PartnerEvent,
    RefundedOrder,
    SoldItem,
    is_by_purchases,
)
from chalicelib.earning.rules.definitions import MEMBER_UPDATED
from chalicelib.earning.rules.items import packed, unpacked
from chalicelib.earning.rules.orders import MoneyEvent
from chalicelib.kernel.config import config
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute
from chalicelib.kernel.store.tables import Item

REFUND_SHARDS = 8
# What decisions and items may add to an event's record, which is below 1 KB with both.
ROOM_BYTES = 480
ITEMS = "ITEMS"
# The name of the attribute that holds an event's own.
_NAME_BYTES = 16
Told = dict[str, str | int | bool]


class SoldItemsAttribute(Attribute[tuple[SoldItem, ...]]):
    """An order's items in their compact form."""

    attr_type = BINARY

    def serialize(self, value: tuple[SoldItem, ...]) -> bytes:
        return packed(value)

    def deserialize(self, value: bytes) -> tuple[SoldItem, ...]:
        return unpacked(bytes(value))


class EarningItem(Item):
    """The keys that all items of earning share."""

    class Meta:
        table_name = config().table("campaigns")


class DecidedItem(EarningItem):
    """The attributes that events share: the order, the amount and items, the decisions.

    `rule`, `points` and `reason` are the first decision; `several` holds all, unless purchases
    alone decided.
    """

    event_id = UnicodeAttribute()
    order_id = UnicodeAttribute()
    amount = IntegerAttribute()
    currency = UnicodeAttribute()
    occurred_at = IntegerAttribute()
    rule = UnicodeAttribute()
    points = IntegerAttribute()
    reason = UnicodeAttribute()
    several = StructAttribute[list[Decision]](list[Decision], null=True)

    @property
    def decisions(self) -> list[Decision]:
        return self.several or [Decision(self.rule, self.points, self.reason)]


class EventItem(DecidedItem):
    """A partner's event with its items and the decisions on it; under 1 KB at maximal lengths.

    `sold` are its items if they fit here; `sold_apart` of them stand in an item of their own.
    `type` is that of a happening. `tier` is that of the member, if a rule asked for it.
    `attributes` are those of an order or a happening, for replays; `told_apart` is 1 if they stand
    beside the items. Of an applied refund, `paid_at` is the time of its payment, and `undoes` is 1
    if with it all of that has gone back. More than some four decisions may take a second KB.
    """

    digest = BytesAttribute()
    member_id = UnicodeAttribute(null=True)
    sold = SoldItemsAttribute(null=True)
    sold_apart = IntegerAttribute(null=True)
    type = UnicodeAttribute(null=True)
    tier = UnicodeAttribute(null=True)
    attributes = StructAttribute[Told](Told, null=True)
    told_apart = IntegerAttribute(null=True)
    paid_at = IntegerAttribute(null=True)
    undoes = IntegerAttribute(null=True)

    @classmethod
    def of(
        cls,
        partner: str,
        event: PartnerEvent,
        decisions: Sequence[Decision],
        member_id: str | None,
        tier: str | None = None,
    ) -> EventItem:
        money = event if isinstance(event, MoneyEvent) else None
        told = attributes_of(event)
        is_apart = _stand_apart(event.items, told, decisions)
        apart = len(event.items) if is_apart and event.items else None
        return cls(
            *cls.key(partner, event.id),
            event_id=event.id,
            order_id=event.order_id,
            amount=money.amount if money else 0,
            currency=money.currency if money else config().currency,
            occurred_at=event.occurred_at_ms,
            digest=event.digest,
            member_id=member_id,
            sold_apart=apart,
            sold=event.items if event.items and not apart else None,
            type=event.type if isinstance(event, Happening) else None,
            tier=tier,
            attributes=told if told and not is_apart else None,
            told_apart=1 if told and is_apart else None,
            **decided(decisions),
        )

    @property
    def has_more(self) -> bool:
        """Whether its items or its attributes stand in an item of their own."""
        return bool(self.sold_apart or self.told_apart)

    @property
    def matched(self) -> str | None:
        """The member it was matched with, None while nobody has registered for it."""
        found: str | None = self.member_id
        return found

    @staticmethod
    def key(partner: str, event_id: str) -> tuple[str, str]:
        return f"EVT#{partner}#{event_id}", "EVENT"


class SoldItemsItem(EarningItem):
    """The items of an event that has too many for its record, and its attributes: 255 KB at the
    very most."""

    sold = SoldItemsAttribute()
    attributes = StructAttribute[Told](Told, null=True)

    @classmethod
    def of(cls, partner: str, event: PartnerEvent) -> SoldItemsItem:
        told = attributes_of(event) or None
        return cls(EventItem.key(partner, event.id)[0], ITEMS, sold=event.items, attributes=told)


class PartnerOrderItem(EarningItem):
    """A partner's order, beside its ledger entries; most orders have none.

    `event_id`, `amount`, `currency` and `points` are of a payment that no entry marks: it earned
    nothing, or nobody yet. `refunded` and `waiting` are minor units: what refunds took back of it,
    and what those will that wait for its payment. `member_id` is whom they take from; `version`
    counts what refunds wrote. `refunded_of` is, by rule, the refunded part of the items it counted.
    """

    order_id = UnicodeAttribute()
    event_id = UnicodeAttribute(null=True)
    amount = IntegerAttribute(null=True)
    currency = UnicodeAttribute(null=True)
    points = IntegerAttribute(null=True)
    member_id = UnicodeAttribute(null=True)
    refunded = IntegerAttribute(null=True)
    waiting = IntegerAttribute(null=True)
    version = IntegerAttribute(null=True)
    refunded_of = StructAttribute[dict[str, int]](dict[str, int], null=True)

    @staticmethod
    def key(partner: str, order_id: str) -> tuple[str, str]:
        return f"PAID#{partner}#{order_id}", "PAID"


class UnmatchedItem(DecidedItem):
    """An event of somebody who has not registered yet, found by the keyed hash of who it is."""

    partner = UnicodeAttribute()

    @staticmethod
    def key(identity: str, partner: str, event_id: str) -> tuple[str, str]:
        return f"UNM#{identity}", f"{partner}#{event_id}"

    @classmethod
    def of(cls, identity: str, partner: str, event: EventItem) -> UnmatchedItem:
        return cls(
            *cls.key(identity, partner, event.event_id),
            partner=partner,
            event_id=event.event_id,
            order_id=event.order_id,
            amount=event.amount,
            currency=event.currency,
            occurred_at=event.occurred_at,
            **decided(event.decisions),
        )


class WaitingRefundItem(EarningItem):
    """A refund that came before its payment, or before its payment's member."""

    partner = UnicodeAttribute()
    event_id = UnicodeAttribute()
    order_id = UnicodeAttribute()
    amount = IntegerAttribute()
    currency = UnicodeAttribute()
    occurred_at = IntegerAttribute()
    recorded_at = IntegerAttribute()
    digest = BytesAttribute()
    member_id = UnicodeAttribute(null=True)
    identity = UnicodeAttribute(null=True)

    @classmethod
    def of(cls, partner: str, refund: RefundedOrder, now_ms: int) -> WaitingRefundItem:
        return cls.holding(
            refund,
            refunds_key(partner, refund.order_id),
            refunds_prefix(partner, refund.order_id) + refund.id,
            partner=partner,
            event_id=refund.id,
            recorded_at=now_ms,
        )

    def value(self) -> RefundedOrder:
        return self.into(RefundedOrder, id=self.event_id, items=(), is_late=False)


def refunds_key(partner: str, order_id: str) -> str:
    """The partition where an order's refunds wait."""
    return refunds_shard(zlib.crc32(f"{partner}#{order_id}".encode()) % REFUND_SHARDS)


def refunds_shard(number: int) -> str:
    return f"REFUNDS#{number}"


def refunds_prefix(partner: str, order_id: str) -> str:
    return f"{partner}#{order_id}#"


def decided(decisions: Sequence[Decision]) -> dict[str, Any]:
    """The attributes of an item that hold the decisions on it."""
    first = decisions[0]
    return {
        "rule": first.rule_id,
        "points": first.points,
        "reason": first.reason,
        "several": None if is_by_purchases(decisions) else list(decisions),
    }


def attributes_of(event: PartnerEvent) -> Told:
    """What is kept of an event's attributes; facts of a member are erased, so no event has them."""
    is_of_member = isinstance(event, Happening) and event.type == MEMBER_UPDATED
    return event.attributes if isinstance(event, PaidOrder) and not is_of_member else {}


def _stand_apart(items: Sequence[SoldItem], told: Told, decisions: Sequence[Decision]) -> bool:
    made = 0 if is_by_purchases(decisions) else len(msgspec.json.encode(decisions))
    kept = len(msgspec.json.encode(told)) + _NAME_BYTES if told else 0
    return bool(items or told) and len(packed(items)) + kept + made > ROOM_BYTES
