"""The items of earning: partners' events and orders, and what of them waits.

pk EVT#<partner>#<event>    sk EVENT
pk PAID#<partner>#<order>   sk PAID
pk UNM#<identity>           sk <partner>#<event>
pk REFUNDS#<shard>          sk <partner>#<order>#<event>
"""

from __future__ import annotations

import zlib

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.earning.rules import Decision, RefundedOrder
from chalicelib.kernel.config import config
from chalicelib.kernel.store.tables import BytesAttribute, IntegerAttribute, Item

REFUND_SHARDS = 8


class CampaignsItem(Item):
    """What events share: the order, what was paid or refunded, and the decision on it."""

    class Meta:
        table_name = config().table("campaigns")

    event_id = UnicodeAttribute()
    order_id = UnicodeAttribute()
    amount = IntegerAttribute()
    currency = UnicodeAttribute()
    occurred_at = IntegerAttribute()
    rule = UnicodeAttribute()
    points = IntegerAttribute()
    reason = UnicodeAttribute()

    @property
    def decision(self) -> Decision:
        return Decision(self.rule, self.points, self.reason)


class EventItem(CampaignsItem):
    """A partner's event with the decision on it; under 1 KB at maximal lengths."""

    class Meta:
        table_name = config().table("campaigns")

    digest = BytesAttribute()
    member_id = UnicodeAttribute(null=True)

    @property
    def matched(self) -> str | None:
        """The member it was matched with, None while nobody has registered for it."""
        found: str | None = self.member_id
        return found

    @staticmethod
    def key(partner: str, event_id: str) -> tuple[str, str]:
        return f"EVT#{partner}#{event_id}", "EVENT"


class PartnerOrderItem(Item):
    """What is known of a partner's order besides its ledger entry; most orders have none.

    `event_id`, `amount`, `currency` and `points` are of a payment that no entry marks: it earned
    nothing, or nobody yet. `refunded` and `waiting` are minor units: what refunds took back of it,
    and what those will that wait for its payment. `member_id` is whom they take from; `version`
    counts what refunds wrote.
    """

    class Meta:
        table_name = config().table("campaigns")

    order_id = UnicodeAttribute()
    event_id = UnicodeAttribute(null=True)
    amount = IntegerAttribute(null=True)
    currency = UnicodeAttribute(null=True)
    points = IntegerAttribute(null=True)
    member_id = UnicodeAttribute(null=True)
    refunded = IntegerAttribute(null=True)
    waiting = IntegerAttribute(null=True)
    version = IntegerAttribute(null=True)

    @staticmethod
    def key(partner: str, order_id: str) -> tuple[str, str]:
        return f"PAID#{partner}#{order_id}", "PAID"

    @property
    def unmoved(self) -> Condition:
        """That no refund has written since this was read."""
        attribute = PartnerOrderItem.version
        return attribute == self.version if self.version else attribute.does_not_exist()


class UnmatchedItem(CampaignsItem):
    """An event of somebody who has not registered yet, found by the keyed hash of who it is."""

    class Meta:
        table_name = config().table("campaigns")

    partner = UnicodeAttribute()

    @staticmethod
    def key(identity: str, partner: str, event_id: str) -> tuple[str, str]:
        return f"UNM#{identity}", f"{partner}#{event_id}"


class WaitingRefundItem(Item):
    """A refund that came before its payment, or before its payment's member."""

    class Meta:
        table_name = config().table("campaigns")

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
        return cls(
            refunds_key(partner, refund.order_id),
            refunds_prefix(partner, refund.order_id) + refund.id,
            partner=partner, event_id=refund.id, order_id=refund.order_id, amount=refund.amount,
            currency=refund.currency, occurred_at=refund.occurred_at_ms, recorded_at=now_ms,
            digest=refund.digest, member_id=refund.member_id, identity=refund.identity,
        )  # fmt: skip

    def value(self) -> RefundedOrder:
        return RefundedOrder(
            id=self.event_id, order_id=self.order_id, amount=self.amount, currency=self.currency,
            occurred_at_ms=self.occurred_at, digest=self.digest, member_id=self.member_id,
            identity=self.identity,
        )  # fmt: skip


def refunds_key(partner: str, order_id: str) -> str:
    """The partition where an order's refunds wait."""
    return refunds_shard(zlib.crc32(f"{partner}#{order_id}".encode()) % REFUND_SHARDS)


def refunds_shard(number: int) -> str:
    return f"REFUNDS#{number}"


def refunds_prefix(partner: str, order_id: str) -> str:
    return f"{partner}#{order_id}#"
