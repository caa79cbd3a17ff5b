"""The items of results.

pk RESULT#<campaign>   sk DAY#<day>#<shard>   sums of a day of the program
pk RESULT#<campaign>   sk TAKER#<member>      how many orders of a member had the campaign
"""

from __future__ import annotations

from msgspec.structs import fields

from chalicelib.campaigns.rules.results import SHARDS, Sums
from chalicelib.campaigns.tables.items import MarketingItem
from chalicelib.kernel.ids import digest
from chalicelib.kernel.store.attributes import IntegerAttribute

RESULT, DAY, TAKER = "RESULT#", "DAY#", "TAKER#"


class ResultDayItem(MarketingItem):
    """A shard of the sums of a day: an order is always counted in the same one."""

    orders = IntegerAttribute(null=True)
    takers = IntegerAttribute(null=True)
    points = IntegerAttribute(null=True)
    cash = IntegerAttribute(null=True)
    points_saved = IntegerAttribute(null=True)
    cash_saved = IntegerAttribute(null=True)
    points_back = IntegerAttribute(null=True)
    cost = IntegerAttribute(null=True)
    treated_orders = IntegerAttribute(null=True)
    treated_cash = IntegerAttribute(null=True)
    held_orders = IntegerAttribute(null=True)
    held_cash = IntegerAttribute(null=True)

    @classmethod
    def key(cls, campaign_id: str, day: str, order_id: str) -> ResultDayItem:
        shard = digest(order_id.encode())[0] % SHARDS
        return cls(f"{RESULT}{campaign_id}", f"{DAY}{day}#{shard}")

    def value(self) -> Sums:
        return Sums(*(getattr(self, each.name) or 0 for each in fields(Sums)))


class TakerItem(MarketingItem):
    orders = IntegerAttribute()

    @classmethod
    def key(cls, campaign_id: str, member_id: str) -> tuple[str, str]:
        return f"{RESULT}{campaign_id}", f"{TAKER}{member_id}"
