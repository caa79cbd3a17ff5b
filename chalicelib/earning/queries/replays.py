"""Reads of replays, their parts, and the rules that they hold events against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

from chalicelib.earning.queries.rules import find_rule_item, purchases, read_in_force
from chalicelib.earning.rules import PURCHASES
from chalicelib.earning.rules.checks import check_rule
from chalicelib.earning.rules.deciding import Program
from chalicelib.earning.rules.definitions import Rule
from chalicelib.earning.rules.evaluation import compile_rules
from chalicelib.earning.rules.replaying import Counters
from chalicelib.earning.rules.replays import Replay, check_period, tried_in
from chalicelib.earning.tables.replays import (
    REPLAY,
    ReplayItem,
    ReplayOfRuleItem,
    ReplayPartItem,
    counters_part,
    replay_key,
    replays_key,
    rules_part,
)
from chalicelib.kernel import cursors
from chalicelib.kernel.config import config
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import Moved, or_not_found
from chalicelib.kernel.store.packed_sets import unpack
from chalicelib.kernel.store.reads import ReadSet


class Plan(NamedTuple):
    """A rule with its newest terms beside the others in force, to be held against a period.

    `lifted`: the terms' own period is left out of account.
    """

    rule_id: str
    version: int
    unit: str
    rules: list[Rule]
    has_purchases: bool
    first: date
    last: date
    lifted: bool = False


def plan_of(rule_id: str, first: date, last: date, today: date) -> Plan:
    """The plan of a replay over some days of the program.

    Raises NotFound, Invalid.
    """
    check_period(first, last, today, config().earning.event_age_days)
    stored = read_in_force()
    if rule_id == PURCHASES.id:
        return Plan(rule_id, 0, PURCHASES.unit, stored.rules, True, first, last)
    record = find_rule_item(rule_id).record
    check_rule(record.terms)
    terms, lifted = tried_in(record.terms, first, last)
    others = [each for each in stored.rules if each.id != rule_id]
    return Plan(
        rule_id,
        record.tried_version,
        terms.effect.unit,
        [*others, Rule(rule_id, record.tried_version, terms)],
        stored.has_purchases,
        first,
        last,
        lifted,
    )


def find_replay(job_id: str) -> Replay | None:
    return ReplayItem.find_value(replay_key(job_id), REPLAY)


def get_replay(job_id: str) -> Replay:
    """Raises NotFound."""
    return or_not_found(find_replay(job_id))


def list_replays(rule_id: str, page: PageQuery) -> Page[Replay]:
    """A page of the replays of a rule, the newest first.

    Raises InvalidCursor.
    """
    found = ReplayOfRuleItem.query(replays_key(rule_id), consistent_read=True)
    named = cursors.part(
        f"replays:{rule_id}", page, found, lambda item: (-int(item.sk.split("#")[1]), item.sk)
    )
    reads = ReadSet()
    wanted = [reads.want(ReplayItem, replay_key(each.job_id), REPLAY) for each in named.data]
    reads.read()
    return Page([item.value() for each in wanted if (item := each())], named.next_cursor)


def program_of(replay: Replay) -> Program:
    """By what a replay decides: the rules as they were when it was ordered."""
    key = replay_key(replay.id)
    parts = _parts([(key, rules_part(number)) for number in range(replay.rule_parts)])
    return program_by(unpack(parts, Rule), has_purchases=replay.has_purchases)


def program_by(rules: Sequence[Rule], *, has_purchases: bool) -> Program:
    """A program that decides by these rules."""
    built_in = [purchases()] if has_purchases else []
    return Program(compile_rules(rules), built_in, config().currency, config().time_zone)


def counters_of(replay: Replay) -> Counters:
    """What a replay remembers of the events so far.

    Raises Moved if another delivery has saved it meanwhile.
    """
    if replay.counters is None:
        return Counters()
    name, key = replay.counters, replay_key(replay.id)
    numbers = range(replay.counter_parts)
    return Counters.unpacked(b"".join(_parts([(key, counters_part(name, n)) for n in numbers])))


def _parts(keys: list[tuple[str, str]]) -> list[bytes]:
    reads = ReadSet()
    wanted: list[Callable[[], Any]] = [reads.want(ReplayPartItem, pk, sk) for pk, sk in keys]
    reads.read()
    found = [each() for each in wanted]
    if any(each is None for each in found):
        raise Moved()
    return [each.packed for each in found]
