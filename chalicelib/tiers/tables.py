"""Items of the tiers table.

    pk LADDER           sk NOW; V#<version>; JUDGING
    pk FORECAST#<job>   sk FORECAST
    pk TIER#<member>    sk STANDING; ACT#<month>#<reference>; HIST#<number>

A standing stands in the index of due things while time alone may change it.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from pynamodb.attributes import Attribute, BooleanAttribute, UnicodeAttribute
from pynamodb.constants import BINARY

from chalicelib.kernel.config import config
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute
from chalicelib.kernel.store.indexes import KEYS_ONLY, index, shard_of, shards_of
from chalicelib.kernel.store.tables import Item
from chalicelib.tiers.rules.forecasts import Forecast
from chalicelib.tiers.rules.history import Step
from chalicelib.tiers.rules.judging import Judging
from chalicelib.tiers.rules.ladder import Ladder
from chalicelib.tiers.rules.months import spelled
from chalicelib.tiers.rules.standing import Grant, Standing, Sums

LADDER, NOW, VERSION, JUDGING = "LADDER", "NOW", "V#", "JUDGING"
FORECAST = "FORECAST"
MEMBER, STANDING, ACTIVITY, HISTORY = "TIER#", "STANDING", "ACT#", "HIST#"
due_shard, due_shards = partial(shard_of, shards=8), partial(shards_of, shards=8)
DUE = "DUE"


class MonthsAttribute(Attribute[dict[int, Sums]]):
    """Sums by month, as rows of MessagePack: 25 months take some 400 bytes."""

    attr_type = BINARY

    def serialize(self, value: dict[int, Sums]) -> bytes:
        return msgspec.msgpack.encode([[month, *value[month]] for month in sorted(value)])

    def deserialize(self, value: bytes) -> dict[int, Sums]:
        rows = msgspec.msgpack.decode(bytes(value), type=list[list[int]])
        return {month: Sums(*told[: len(Sums._fields)]) for month, *told in rows}


class TiersItem(Item):
    class Meta:
        table_name = config().table("tiers")

    # Standings by when they are to be looked at (epoch seconds): sparse, keys only.
    due = index("due", "due_shard", "due_at", projection=KEYS_ONLY, order_type=IntegerAttribute)
    due_shard = UnicodeAttribute(null=True)
    due_at = IntegerAttribute(null=True)


class LadderItem(TiersItem):
    """The ladder in force, or a version that was."""

    version = IntegerAttribute()
    ladder = StructAttribute[Ladder](Ladder)

    @classmethod
    def now(cls, ladder: Ladder) -> LadderItem:
        return cls(LADDER, NOW, version=ladder.version, ladder=ladder)

    @classmethod
    def kept(cls, ladder: Ladder) -> LadderItem:
        return cls(LADDER, f"{VERSION}{ladder.version:08d}", version=ladder.version, ladder=ladder)


class JudgingItem(TiersItem):
    """How far all standings are judged by the newest ladder: those up to the key `cursor` are."""

    version = IntegerAttribute()
    starts_at = IntegerAttribute()
    cursor = UnicodeAttribute(null=True)
    is_done = BooleanAttribute(null=True)
    judged = IntegerAttribute(null=True)
    risen = IntegerAttribute(null=True)
    fallen = IntegerAttribute(null=True)

    @classmethod
    def of(cls, judging: Judging) -> JudgingItem:
        return cls.holding(judging, LADDER, JUDGING)

    def value(self) -> Judging:
        return self.into(Judging)


class ForecastItem(TiersItem):
    """What a ladder would do; each put of one that is not over makes the relay publish a fact."""

    ladder = StructAttribute[Ladder](Ladder)
    made_by = UnicodeAttribute()
    content = BytesAttribute()
    created_at = IntegerAttribute()
    moved_at = IntegerAttribute()
    round = IntegerAttribute(null=True)
    cursor = UnicodeAttribute(null=True)
    is_done = BooleanAttribute(null=True)
    moves = StructAttribute[dict[str, int]](dict[str, int], null=True)
    later = StructAttribute[dict[str, int]](dict[str, int], null=True)
    unreadable = IntegerAttribute(null=True)

    @staticmethod
    def key(job_id: str) -> tuple[str, str]:
        return f"{FORECAST}#{job_id}", FORECAST

    @classmethod
    def of(cls, forecast: Forecast) -> ForecastItem:
        return cls.holding(forecast, *cls.key(forecast.id))

    def value(self) -> Forecast:
        return self.into(Forecast, id=self.pk.removeprefix(f"{FORECAST}#"))


class StandingItem(TiersItem):
    """A member's standing, below 1 KB with each number as long as can be."""

    version = IntegerAttribute()
    earned = UnicodeAttribute(null=True)
    until = IntegerAttribute(null=True)
    counted_from = IntegerAttribute(null=True)
    held = UnicodeAttribute(null=True)
    held_until = IntegerAttribute(null=True)
    since = IntegerAttribute(null=True)
    months = MonthsAttribute(null=True)
    grant = StructAttribute[Grant](Grant, null=True)
    tier = UnicodeAttribute(null=True)
    birthday = UnicodeAttribute(null=True)
    gifted_year = IntegerAttribute(null=True)
    merged_into = UnicodeAttribute(null=True)

    @staticmethod
    def key(member_id: str) -> tuple[str, str]:
        return MEMBER + member_id, STANDING

    @classmethod
    def of(cls, standing: Standing, due_at_ms: int | None) -> StandingItem:
        due: dict[str, Any] = {}
        if due_at_ms is not None:
            due = {"due_shard": due_shard(DUE, standing.member_id), "due_at": due_s(due_at_ms)}
        return cls.holding(standing, *cls.key(standing.member_id), **due)

    def value(self) -> Standing:
        return self.into(Standing, member_id=self.pk.removeprefix(MEMBER))


class ActivityItem(TiersItem):
    """One thing that a member did, counted once by its reference."""

    spend = IntegerAttribute(null=True)
    orders = IntegerAttribute(null=True)
    points = IntegerAttribute(null=True)
    growth = IntegerAttribute(null=True)

    @classmethod
    def of(cls, member_id: str, month: int, reference: str, sums: Sums) -> ActivityItem:
        told = {name: amount for name, amount in sums._asdict().items() if amount}
        return cls(MEMBER + member_id, activities_of(month) + reference, **told)

    def value(self) -> Sums:
        return Sums(self.spend or 0, self.orders or 0, self.points or 0, self.growth or 0)


class StepItem(TiersItem):
    """A change of a member's tier."""

    before = UnicodeAttribute()
    after = UnicodeAttribute()
    why = UnicodeAttribute()
    at = IntegerAttribute()
    rose = BooleanAttribute(null=True)
    title = StructAttribute[dict[str, str]](dict[str, str], null=True)
    until = IntegerAttribute(null=True)
    by = UnicodeAttribute(null=True)
    reason = BytesAttribute(null=True)

    @classmethod
    def of(cls, step: Step) -> StepItem:
        return cls.holding(step, MEMBER + step.member_id, f"{HISTORY}{step.number:010d}")

    def value(self) -> Step:
        number = int(self.sk.removeprefix(HISTORY))
        return self.into(Step, member_id=self.pk.removeprefix(MEMBER), number=number)


def due_s(at_ms: int) -> int:
    """Rounded up: a sweep never looks before the time."""
    return -(-at_ms // 1000)


def activities_of(month: int) -> str:
    """The prefix of a month's activities."""
    return f"{ACTIVITY}{spelled(month)}#"
