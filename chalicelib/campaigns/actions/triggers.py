"""Triggers: defined by ops, fired by facts and by a sweep of the members who are due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import takewhile
from typing import Any

from msgspec.structs import replace

from chalicelib import audit, members
from chalicelib.audit import Act
from chalicelib.campaigns.actions import rewards
from chalicelib.campaigns.actions.missions import STATE_NAMES
from chalicelib.campaigns.errors import TooManyTriggers
from chalicelib.campaigns.queries import rewards as reward_queries
from chalicelib.campaigns.queries import triggers as queries
from chalicelib.campaigns.rules import triggers as rules
from chalicelib.campaigns.rules.triggers import (
    BIRTHDAY,
    DRAFT,
    ENDED,
    LIVE,
    MOST_LIVE,
    NO_VISIT,
    Event,
    Trigger,
    Watch,
)
from chalicelib.campaigns.tables.triggers import TriggerItem, TriggerTakersItem, WatchItem
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import IdempotencyKeyReused, NotAllowedInThisState, Stale
from chalicelib.kernel.store.writes import (
    WriteSet,
    replay_outranks_refusal,
    unmoved,
    with_fresh_reads,
)
from chalicelib.kernel.sweeps import each, raise_failed

Turn = Callable[[Trigger], Trigger]


def create_trigger(draft: Trigger, content: bytes, act: Act) -> tuple[Trigger, bool]:
    """Create a trigger as a draft, with the id that its key gives: (trigger, replayed).

    Raises Invalid, IdempotencyKeyReused.
    """

    def write() -> Trigger:
        rules.check_trigger(draft)
        writes = WriteSet()
        writes.put_new(TriggerItem.of(draft, content), or_raise=IdempotencyKeyReused)
        audit.record_change(writes, act, None, draft)
        writes.commit()
        return draft

    def find() -> Trigger | None:
        found = replay_of(queries.find_item(draft.id), content)
        return found.value() if found else None

    return replay_outranks_refusal(write, find)


def change_trigger(trigger_id: str, changes: dict[str, Any], version: int, act: Act) -> Trigger:
    """Raises NotFound, Stale, NotAllowedInThisState, Invalid."""
    return _written(trigger_id, version, DRAFT, lambda seen: rules.changed(seen, changes), act)


def publish_trigger(trigger_id: str, version: int, act: Act) -> Trigger:
    """Raises NotFound, Stale, NotAllowedInThisState, TooManyTriggers."""
    if sum(each.status == LIVE for each in queries.all_triggers()) >= MOST_LIVE:
        raise TooManyTriggers(most=MOST_LIVE)
    return _written(trigger_id, version, DRAFT, lambda seen: rules.turned(seen, LIVE), act)


def end_trigger(trigger_id: str, version: int, act: Act) -> Trigger:
    """Raises NotFound, Stale, NotAllowedInThisState."""
    return _written(trigger_id, version, LIVE, lambda seen: rules.turned(seen, ENDED), act)


def _written(trigger_id: str, version: int, status: str, turn: Turn, act: Act) -> Trigger:
    def write() -> Trigger:
        item = queries.get_item(trigger_id)
        seen = item.value()
        if seen.version != version:
            raise Stale()
        if seen.status != status:
            raise NotAllowedInThisState(status=seen.status).telling(state=STATE_NAMES[seen.status])
        after, writes = turn(seen), WriteSet()
        condition = TriggerItem.version == seen.version
        writes.put(TriggerItem.of(after, item.made_of), condition=condition, or_raise=Stale)
        audit.record_change(writes, act, seen, after)
        writes.commit()
        return after

    made = with_fresh_reads(write)
    queries.forget_triggers()
    return made


def fire(member_id: str, event: Event, amount: int, now: datetime) -> int:
    """Give a member what the triggers of an event give, each once in its period; how many fired."""
    met = [each for each in queries.live_triggers() if rules.is_met(each, event, amount)]
    return sum(_fire(trigger, member_id, now) for trigger in met)


def _fire(trigger: Trigger, member_id: str, now: datetime) -> bool:
    reference = rules.reference_of(trigger, now, config().time_zone)

    def write() -> bool:
        if reward_queries.find_promise(member_id, reference) is not None:
            return False
        writes = WriteSet()
        if trigger.takers is not None:
            if queries.taken_of(trigger.id) >= trigger.takers:
                return False
            taken = TriggerTakersItem.taken
            left = taken.does_not_exist() | (taken < trigger.takers)
            writes.update(TriggerTakersItem.key(trigger.id), [taken.add(1)], condition=left)
        source = rules.source_of(trigger.id)
        rewards.promise(writes, trigger.reward, member_id, reference, now, source=source)
        writes.commit()
        return True

    fired = with_fresh_reads(write)
    if fired:
        rewards.settle(member_id, reference, now)
    return fired


def note_visit(member_id: str, at_ms: int) -> None:
    """Watch a member from their last visit on: a write for each day on which they come."""

    def write() -> None:
        seen = queries.find_watch(member_id, NO_VISIT)
        after = rules.visited(seen, member_id, at_ms)
        if after is not None:
            _put(seen, after)

    with_fresh_reads(write)


def note_birthday(member_id: str, now: datetime) -> None:
    """Watch for the birthday that a member has told."""
    birthday = members.birthday_of(member_id)
    if birthday is None:
        return

    def write() -> None:
        seen = queries.find_watch(member_id, BIRTHDAY)
        version = seen.version if seen else 0
        _put(seen, rules.born(member_id, birthday, now, config().time_zone, version))

    with_fresh_reads(write)


def _put(seen: Watch | None, after: Watch) -> None:
    writes = WriteSet()
    condition = unmoved(WatchItem.version, seen.version if seen else None)
    writes.put(WatchItem.of(after), condition=condition)
    writes.commit()


def sweep_watches(now: datetime, is_over: Callable[[], bool]) -> int:
    """Look at the members who are due until the run is over; how many. Each is done for itself, so
    the next run goes on where this one ended, also after a crash.

    Raises ExceptionGroup of the failures, after the others are done.
    """
    failed: list[Exception] = []
    due = takewhile(lambda _: not is_over(), queries.due_watches(to_ms(now) // 1000))
    done = each(due, lambda named: _look(*named, now), failed, name=lambda named: named[0])
    raise_failed("members were not looked at", failed)
    return done


def _look(member_id: str, event: str, now: datetime) -> bool:
    """The reward comes before the next due time: a crash between gives it again, which is once."""
    seen = queries.find_watch(member_id, event)
    if seen is None or seen.due_ms is None or seen.due_ms > to_ms(now):
        return False
    if event == NO_VISIT:
        fire(member_id, NO_VISIT, rules.days_away(seen, to_ms(now)) or 0, now)
        after = rules.looked_at(seen, to_ms(now))
    else:
        fire(member_id, BIRTHDAY, 0, now)
        after = _next_birthday(seen, now)
    with_fresh_reads(lambda: _put(seen, after))
    return True


def _next_birthday(seen: Watch, now: datetime) -> Watch:
    """The watch for the birthday of the next year; for none if the member tells none any more."""
    birthday = members.birthday_of(seen.member_id)
    if birthday is None:
        return replace(seen, due_ms=None, version=seen.version + 1)
    return rules.born(seen.member_id, birthday, now, config().time_zone, seen.version)
