"""The items of lotteries.

LOTTERIES        <lottery>      a lottery, as ops define it, with its sealed seed
LOT#<lottery>    DRAW#<n>       a draw; the last one has the lottery's stocks
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.campaigns.rules.draws import Draw, Tally
from chalicelib.campaigns.rules.lotteries import PUBLISHED, Lottery
from chalicelib.campaigns.tables.items import MarketingItem
from chalicelib.kernel.store.attributes import (
    BytesAttribute,
    IntegerAttribute,
    IntegerMapAttribute,
    StructAttribute,
)

LOTTERIES, LOT, DRAW = "LOTTERIES", "LOT#", "DRAW#"
# The partitions of the index of what is due.
LOTTERIES_DUE, PRIZES_DUE = "LOTTERY", "PRIZE"


class LotteryItem(MarketingItem):
    """A lottery; due at its end while it is published."""

    version = IntegerAttribute()
    lottery = StructAttribute[Lottery](Lottery)
    content = BytesAttribute(null=True)
    sealed_seed = BytesAttribute(null=True)

    @staticmethod
    def key(lottery_id: str) -> tuple[str, str]:
        return LOTTERIES, lottery_id

    @classmethod
    def of(
        cls, lottery: Lottery, content: bytes | None = None, sealed_seed: bytes | None = None
    ) -> LotteryItem:
        is_open = lottery.status == PUBLISHED
        return cls(
            *cls.key(lottery.id),
            version=lottery.version,
            lottery=lottery,
            content=content,
            sealed_seed=sealed_seed,
            due_shard=LOTTERIES_DUE if is_open else None,
            due_at=-(-lottery.until_ms // 1000) if is_open else None,
        )

    def value(self) -> Lottery:
        return self.lottery


class DrawItem(MarketingItem):
    """A draw, in the order of the numbers; `owned` has those of a member in the same order."""

    draw_id = UnicodeAttribute()
    result = UnicodeAttribute()
    left = IntegerMapAttribute()
    at = IntegerAttribute()
    member_id = UnicodeAttribute(null=True)
    pseudonym = UnicodeAttribute(null=True)
    tally = StructAttribute[Tally](Tally, null=True)
    points = IntegerAttribute(null=True)
    taken = IntegerAttribute(null=True)
    content = BytesAttribute(null=True)
    given = IntegerAttribute(null=True)
    coupon_id = UnicodeAttribute(null=True)
    sealed_code = BytesAttribute(null=True)

    @staticmethod
    def key(lottery_id: str, number: int) -> tuple[str, str]:
        return LOT + lottery_id, f"{DRAW}{number:08d}"

    @staticmethod
    def owner(member_id: str) -> str:
        return f"{member_id}#"

    @classmethod
    def of(cls, draw: Draw) -> DrawItem:
        mine = f"{cls.owner(draw.member_id)}{draw.number:08d}" if draw.member_id else None
        return cls.holding(
            draw,
            *cls.key(draw.lottery_id, draw.number),
            draw_id=draw.id,
            owned_by=mine,
            due_shard=None if draw.due_ms is None else PRIZES_DUE,
            due_at=None if draw.due_ms is None else draw.due_ms // 1000,
        )

    def value(self) -> Draw:
        return self.into(
            Draw,
            lottery_id=self.pk.removeprefix(LOT),
            number=int(self.sk.removeprefix(DRAW)),
            id=self.draw_id,
            due_ms=None if self.due_at is None else self.due_at * 1000,
        )
