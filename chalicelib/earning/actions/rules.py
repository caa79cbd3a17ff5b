"""Writes of earning rules, each with its record in the audit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from msgspec.structs import replace

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.earning.actions.limits import put_budget
from chalicelib.earning.errors import TooManyRules
from chalicelib.earning.queries import rules as queries
from chalicelib.earning.rules import records
from chalicelib.earning.rules.checks import check_rule
from chalicelib.earning.rules.definitions import Rule, RuleChange, RuleDraft, changed
from chalicelib.earning.rules.records import RuleRecord
from chalicelib.earning.tables.rules import IN_FORCE, RuleItem, RuleVersionItem
from chalicelib.kernel.config import config
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import IdempotencyKeyReused, NotAllowedInThisState, Stale
from chalicelib.kernel.store.writes import (
    WriteSet,
    replay_outranks_refusal,
    unmoved,
    with_fresh_reads,
)

T = TypeVar("T")
MOST_RULES = 500


def create_rule(
    draft: RuleDraft, rule_id: str, content: bytes, act: Act, now: datetime
) -> tuple[RuleRecord, bool]:
    """Create a draft: (rule, replayed).

    Raises Invalid, IdempotencyKeyReused.
    """

    def write() -> RuleRecord:
        check_rule(draft, config().time_zone)
        record = records.new_record(rule_id, draft, now)
        writes = WriteSet()
        writes.put_new(RuleItem.of(record, content), or_raise=IdempotencyKeyReused)
        audit.record_change(writes, act, None, record)
        writes.commit()
        return record

    def find() -> RuleRecord | None:
        item = replay_of(queries.stored_rule(rule_id), content)
        return item.record if item else None

    return replay_outranks_refusal(write, find)


def change_rule(
    rule_id: str, change: RuleChange, version: int, act: Act, now: datetime
) -> RuleRecord:
    """Change a draft, or prepare the next version of a published rule.

    Raises NotFound, Stale, Invalid, NotAllowedInThisState.
    """

    def write() -> RuleRecord:
        item = queries.find_rule_item(rule_id)
        _check_seen(item, version)
        terms = changed(item.record.terms, change)
        check_rule(terms, config().time_zone)
        writes = WriteSet()
        return _put(writes, item, records.rewritten(item.record, terms, now), act)

    return with_fresh_reads(write)


def publish_rule(rule_id: str, version: int, act: Act, now: datetime) -> RuleRecord:
    """Put a rule in force, in all processes within a minute.

    Publishing what is in force already changes nothing.

    Raises NotFound, Stale, Invalid, NotAllowedInThisState, TooManyRules, BudgetSpent.
    """

    def write() -> RuleRecord:
        item = queries.find_rule_item(rule_id)
        seen = item.record
        if seen.live and seen.live.version == seen.version == version + 1:
            return seen
        _check_seen(item, version)
        check_rule(seen.terms, config().time_zone)
        after = records.published(seen, now)
        assert after.live is not None
        writes = WriteSet()
        writes.put(RuleVersionItem.of(after.live))
        put_budget(
            writes, rule_id, seen.live.terms.budget if seen.live else None, seen.terms.budget
        )
        live = after.live
        _put_in_force(writes, lambda rules: [*_others(rules, rule_id), live])
        return _put(writes, item, after, act)

    return _done(write)


def retire_rule(rule_id: str, version: int, act: Act, now: datetime) -> RuleRecord:
    """Take a rule out of force for good, in all processes within a minute.

    Raises NotFound, Stale, NotAllowedInThisState.
    """

    def write() -> RuleRecord:
        item = queries.find_rule_item(rule_id)
        if item.record.status == records.RETIRED and item.version == version + 1:
            return item.record
        _check_seen(item, version)
        writes = WriteSet()
        _put_in_force(writes, lambda rules: _others(rules, rule_id))
        return _put(writes, item, records.retired(item.record, now), act)

    return _done(write)


def put_purchases_in_force(act: Act, *, in_force: bool) -> None:
    """Retire the built-in rule for purchases, or put it in force again.

    Raises NotAllowedInThisState if it is so already.
    """

    def write() -> None:
        stored = queries.read_in_force()
        if stored.has_purchases == in_force:
            raise NotAllowedInThisState(state="published" if in_force else "retired")
        writes = WriteSet()
        _put_in_force(writes, list, without_purchases=0 if in_force else 1)
        audit.record(writes, act.changing({"in_force": not in_force}, {"in_force": in_force}))
        writes.commit()

    _done(write)


def _done(write: Callable[[], T]) -> T:
    made = with_fresh_reads(write)
    queries.forget()
    return made


def follow_campaign(
    writes: WriteSet, rule_id: str, campaign_id: str, draft: RuleDraft | None, now: datetime
) -> None:
    """Add the rule of a campaign with these terms in force, or out of force without any. Call
    `forget_rules` once it is committed. The commit raises Moved if rules have changed meanwhile.

    Raises Invalid, TooManyRules, BudgetSpent.
    """
    item = queries.stored_rule(rule_id)
    if draft is None:
        if item is not None and item.record.live is not None:
            _put_in_force(writes, lambda rules: _others(rules, rule_id))
            writes.put(RuleItem.of(records.retired(item.record, now), item.content))
        return
    check_rule(draft, config().time_zone)
    first = replace(records.new_record(rule_id, draft, now), campaign_id=campaign_id)
    seen = item.record if item else None
    after = records.published(replace(seen, terms=draft) if seen else first, now)
    live = after.live
    assert live is not None
    before = seen.live.terms.budget if seen and seen.live else None
    put_budget(writes, rule_id, before, draft.budget)
    writes.put(RuleVersionItem.of(live))
    _put_in_force(writes, lambda rules: [*_others(rules, rule_id), live])
    same = unmoved(RuleItem.version, seen.version if seen else 0)
    writes.put(RuleItem.of(after, item.content if item else None), condition=same)


def forget_rules() -> None:
    """Read the rules in force again at the next event: this process has changed them."""
    queries.forget()


def _check_seen(item: RuleItem, version: int) -> None:
    records.check_own(item.record)
    if item.version != version:
        raise Stale()


def _put(writes: WriteSet, seen: RuleItem, after: RuleRecord, act: Act) -> RuleRecord:
    same = RuleItem.version == seen.version
    writes.put(RuleItem.of(after, seen.content), condition=same, or_raise=Stale)
    audit.record_change(writes, act, seen.record, after)
    writes.commit()
    return after


def _others(rules: list[Rule], rule_id: str) -> list[Rule]:
    return [each for each in rules if each.id != rule_id]


def _put_in_force(
    writes: WriteSet,
    change: Callable[[list[Rule]], list[Rule]],
    *,
    without_purchases: int | None = None,
) -> None:
    """Add the next set of rules in force. The commit raises Moved if another came meanwhile.

    Raises TooManyRules.
    """
    stored = queries.read_in_force()
    rules, seen = change(stored.rules), stored.head
    if len(rules) > MOST_RULES:
        raise TooManyRules(most=MOST_RULES)
    left_out = seen.without_purchases if without_purchases is None else without_purchases
    IN_FORCE.put(writes, seen, rules, without_purchases=left_out or None)
