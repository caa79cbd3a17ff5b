"""The items of campaigns: partners' events, orders paid without an entry, unmatched events."""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.campaigns.rules import Decision
from chalicelib.kernel.config import config
from chalicelib.kernel.tables import BytesAttribute, IntegerAttribute, Item


class CampaignsItem(Item):
    """What all items of the table share: the decision on an order, and whose it is."""

    class Meta:
        table_name = config().table("campaigns")

    event_id = UnicodeAttribute()
    order_id = UnicodeAttribute()
    amount = IntegerAttribute()
    occurred_at = IntegerAttribute()
    rule = UnicodeAttribute()
    points = IntegerAttribute()
    reason = UnicodeAttribute()

    @property
    def decision(self) -> Decision:
        return Decision(self.rule, self.points, self.reason)


class EventItem(CampaignsItem):
    """A partner's event, recorded before it is applied; under 1 KB at maximal lengths."""

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


class PaidOrderItem(CampaignsItem):
    """A paid order that no ledger entry marks: it earned nothing, or nobody yet."""

    class Meta:
        table_name = config().table("campaigns")

    @staticmethod
    def key(partner: str, order_id: str) -> tuple[str, str]:
        return f"PAID#{partner}#{order_id}", "PAID"


class UnmatchedItem(CampaignsItem):
    """An event of somebody who has not registered yet, found by the keyed hash of who it is."""

    class Meta:
        table_name = config().table("campaigns")

    partner = UnicodeAttribute()

    @staticmethod
    def key(identity: str, partner: str, event_id: str) -> tuple[str, str]:
        return f"UNM#{identity}", f"{partner}#{event_id}"
