"""Items of replays.

pk REPLAY#<job>      sk REPLAY             how far it is, and its sums by day
pk REPLAY#<job>      sk RULES#<n>          the rules that it holds events against, packed
pk REPLAY#<job>      sk STATE#<name>#<n>   what its limits remember, packed; gone when it is over
pk REPLAYS#<rule>    sk JOB#<ms>#<job>     the replays of a rule
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.earning.rules.replaying import Line
from chalicelib.earning.rules.replays import Replay
from chalicelib.earning.tables.events import EarningItem
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute

REPLAY = "REPLAY"
# Of one item DynamoDB takes 400 KB.
PART_BYTES = 350_000


class ReplayItem(EarningItem):
    """A replay; each put of one that is not over makes the relay publish a fact."""

    rule_id = UnicodeAttribute()
    version = IntegerAttribute()
    unit = UnicodeAttribute()
    made_by = UnicodeAttribute()
    content = BytesAttribute()
    created_at = IntegerAttribute()
    moved_at = IntegerAttribute()
    first = UnicodeAttribute()
    last = UnicodeAttribute()
    rule_parts = IntegerAttribute()
    has_purchases = IntegerAttribute()
    lifted = IntegerAttribute()
    round = IntegerAttribute()
    day = UnicodeAttribute(null=True)
    after = UnicodeAttribute(null=True)
    counters = UnicodeAttribute(null=True)
    counter_parts = IntegerAttribute()
    lines = StructAttribute[list[tuple[str, Line]]](list[tuple[str, Line]])
    members = IntegerAttribute()
    unmatched = IntegerAttribute()
    unreadable = IntegerAttribute()
    problem = UnicodeAttribute(null=True)

    @classmethod
    def of(cls, replay: Replay) -> ReplayItem:
        return cls.holding(
            replay,
            replay_key(replay.id),
            REPLAY,
            has_purchases=int(replay.has_purchases),
            lifted=int(replay.lifted),
            lines=list(replay.lines.items()),
        )

    def value(self) -> Replay:
        return self.into(
            Replay,
            id=self.pk.removeprefix("REPLAY#"),
            has_purchases=bool(self.has_purchases),
            lifted=bool(self.lifted),
            lines=dict(self.lines),
        )


class ReplayPartItem(EarningItem):
    """A part of what a replay needs beside its item."""

    packed = BytesAttribute()


class ReplayOfRuleItem(EarningItem):
    """That there is a replay of a rule."""

    job_id = UnicodeAttribute()

    @classmethod
    def of(cls, replay: Replay) -> ReplayOfRuleItem:
        sk = f"JOB#{replay.created_at_ms:015d}#{replay.id}"
        return cls(replays_key(replay.rule_id), sk, job_id=replay.id)


def replay_key(job_id: str) -> str:
    return f"REPLAY#{job_id}"


def replays_key(rule_id: str) -> str:
    return f"REPLAYS#{rule_id}"


def rules_part(number: int) -> str:
    return f"RULES#{number:03d}"


def counters_part(name: str, number: int) -> str:
    return f"STATE#{name}#{number:04d}"


def in_parts(packed: bytes) -> list[bytes]:
    """Bytes in parts that each fit into an item."""
    return [packed[at : at + PART_BYTES] for at in range(0, len(packed), PART_BYTES)]
