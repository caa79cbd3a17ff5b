"""Replays: ordered once, walked in rounds, each saved whole or not at all.

A replay's item is its own message: each put of one that is not over makes the relay of the table's
stream publish a fact. A worker that crashes leaves the replay as its last round did.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from msgspec.structs import replace

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.earning.queries import past
from chalicelib.earning.queries import replays as queries
from chalicelib.earning.queries.past import Refund
from chalicelib.earning.queries.replays import Plan
from chalicelib.earning.rules.deciding import Program
from chalicelib.earning.rules.replaying import Counters, Line, give_back, pay
from chalicelib.earning.rules.replays import MOST_MEMBERS, TOO_MANY_MEMBERS, Replay
from chalicelib.earning.tables.replays import (
    ReplayItem,
    ReplayOfRuleItem,
    ReplayPartItem,
    counters_part,
    in_parts,
    replay_key,
    rules_part,
)
from chalicelib.kernel import clock, ids
from chalicelib.kernel.clock import program_day, to_ms
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import IdempotencyKeyReused, Moved
from chalicelib.kernel.store.packed_sets import pack
from chalicelib.kernel.store.writes import (
    WriteSet,
    delete_each,
    replay_outranks_refusal,
    was_written,
)


class Asked(NamedTuple):
    """A replay as the staff orders it: its id follows from their key."""

    id: str
    rule_id: str
    first: date
    last: date
    made_by: str


def replay_now(
    rule_id: str, first: date, last: date, tell: Callable[[Replay], None] = lambda _: None
) -> Replay:
    """Hold a rule's newest terms against some days of the program, with nothing written.

    `tell` is called with the sums so far.

    Raises NotFound, Invalid.
    """
    now = clock.now()
    plan = queries.plan_of(rule_id, first, last, program_day(now))
    made = _of_plan(plan, ids.new_id("job"), "", b"", 0, now)
    program = queries.program_by(plan.rules, has_purchases=plan.has_purchases)
    return walk(made, program, Counters(), lambda: False, tell)


def start_replay(asked: Asked, content: bytes, act: Act, now: datetime) -> tuple[Replay, bool]:
    """Order a replay: (replay, replayed).

    Raises NotFound, Invalid, IdempotencyKeyReused.
    """

    def write() -> Replay:
        plan = queries.plan_of(asked.rule_id, asked.first, asked.last, program_day(now))
        parts = pack(plan.rules)
        made = _of_plan(plan, asked.id, asked.made_by, content, len(parts), now)
        writes = WriteSet()
        writes.put_new(ReplayItem.of(made), or_raise=IdempotencyKeyReused)
        writes.put(ReplayOfRuleItem.of(made))
        for number, packed in enumerate(parts):
            writes.put(ReplayPartItem(replay_key(made.id), rules_part(number), packed=packed))
        period = f"{made.first} – {made.last}"
        audit.record(writes, act.changing({}, {"job": made.id, "period": period}))
        writes.commit()
        return made

    return replay_outranks_refusal(write, lambda: replay_of(queries.find_replay(asked.id), content))


def _of_plan(
    plan: Plan, job_id: str, made_by: str, content: bytes, rule_parts: int, now: datetime
) -> Replay:
    return Replay(
        id=job_id,
        rule_id=plan.rule_id,
        version=plan.version,
        unit=plan.unit,
        made_by=made_by,
        content=content,
        created_at_ms=to_ms(now),
        moved_at_ms=to_ms(now),
        first=f"{plan.first:%Y-%m-%d}",
        last=f"{plan.last:%Y-%m-%d}",
        rule_parts=rule_parts,
        has_purchases=plan.has_purchases,
        lifted=plan.lifted,
        day=f"{plan.first:%Y-%m-%d}",
    )


def continue_replay(job_id: str, round_: int, enough: Callable[[], bool]) -> None:
    """Walk a replay until it is over or `enough` is true after a part of a day.

    A message that comes twice or late finds the replay in a later round and does nothing.
    """
    seen = queries.find_replay(job_id)
    if seen is None or seen.is_over or seen.round != round_:
        return
    try:
        counters = queries.counters_of(seen)
    except Moved:
        return  # Another delivery of this message has just saved the round.
    after = walk(seen, queries.program_of(seen), counters, enough)
    _save(seen, after, counters)


def walk(
    replay: Replay,
    program: Program,
    counters: Counters,
    enough: Callable[[], bool],
    tell: Callable[[Replay], None] = lambda _: None,
) -> Replay:
    """The replay with the sums of further events, which the counters take; nothing is written."""
    while not replay.is_over:
        assert replay.day is not None, "a replay that is not over has a day to read"
        day = replay.day
        for part in past.parts_of(date.fromisoformat(day), replay.after, program.rules):
            replay = _with_part(replay, program, counters, part)
            tell(replay)
            if replay.is_over or enough():
                return replay
        replay = replay.on_next_day()
        tell(replay)
        if enough():
            return replay
    return replay


def _with_part(replay: Replay, program: Program, counters: Counters, part: past.Part) -> Replay:
    assert replay.day is not None, "a part is of a day"
    day, sum_ = date.fromisoformat(replay.day), Line()
    for event in part.events:
        if isinstance(event, Refund):
            give_back(counters, event.order, event.refund, day)
        else:
            sum_ += pay(program, replay.rule_id, replay.unit, counters, event, day)
    is_full = len(counters.touched) > MOST_MEMBERS
    return replace(
        replay.with_line(replay.day, sum_),
        after=part.after,
        members=len(counters.touched),
        unmatched=replay.unmatched + part.unmatched,
        unreadable=replay.unreadable + part.unreadable,
        problem=TOO_MANY_MEMBERS if is_full else None,
    )


def _save(seen: Replay, walked: Replay, counters: Counters) -> None:
    """Save a round, unless another delivery did.

    What limits remember goes first, under a name of its own, so that the replay's item never names
    half of it; what no item names is deleted at last.
    """
    key, name = replay_key(seen.id), ids.new_id("rnd")
    parts = [] if walked.is_over else in_parts(counters.packed())
    for number, packed in enumerate(parts):
        ReplayPartItem(key, counters_part(name, number), packed=packed).save()
    after = replace(
        walked,
        round=seen.round + 1,
        moved_at_ms=to_ms(clock.now()),
        counters=name if parts else None,
        counter_parts=len(parts),
    )
    same = ReplayItem.round == seen.round
    saved = was_written(lambda: ReplayItem.of(after).save(condition=same))
    # A client that sends a save twice is refused by its own.
    if not saved and queries.find_replay(seen.id) != after:
        _delete(seen.id, name)
        return
    if seen.counters is not None:
        _delete(seen.id, seen.counters)
    if after.is_over:
        _delete(seen.id)


def _delete(job_id: str, name: str = "") -> None:
    """Delete the counters of a round, or of all rounds."""
    begins = ReplayPartItem.sk.startswith(f"STATE#{name}")
    delete_each(ReplayPartItem.query(replay_key(job_id), begins))
