"""Writes of campaigns, each with its record in the audit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from chalicelib import audit, earning
from chalicelib.audit import Act
from chalicelib.campaigns.actions import multipliers
from chalicelib.campaigns.errors import CampaignBudgetSpent, TooManyCampaigns
from chalicelib.campaigns.queries import campaigns as queries
from chalicelib.campaigns.rules import records
from chalicelib.campaigns.rules.changes import CampaignChange, changed
from chalicelib.campaigns.rules.checks import CheckedAt, campaign_faults
from chalicelib.campaigns.rules.costs import most_cost, needs_another
from chalicelib.campaigns.rules.definitions import ENDED, MULTIPLIER, Campaign, CampaignDraft
from chalicelib.campaigns.rules.multipliers import multiplier_faults
from chalicelib.campaigns.rules.records import CampaignRecord
from chalicelib.campaigns.tables.campaigns import (
    LIVE,
    CampaignItem,
    CampaignVersionItem,
    budget_of,
)
from chalicelib.kernel.config import config
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import IdempotencyKeyReused, Invalid, Stale
from chalicelib.kernel.store import budgets
from chalicelib.kernel.store.writes import (
    WriteSet,
    replay_outranks_refusal,
    with_fresh_reads,
)

MOST_CAMPAIGNS = 500
Step = Callable[[CampaignRecord], CampaignRecord]


def create_campaign(
    draft: CampaignDraft, campaign_id: str, content: bytes, act: Act, now: datetime
) -> tuple[CampaignRecord, bool]:
    """Create a draft: (campaign, replayed).

    Raises Invalid, IdempotencyKeyReused.
    """

    def write() -> CampaignRecord:
        check(draft, now)
        record = records.new_record(campaign_id, draft, now)
        writes = WriteSet()
        writes.put_new(CampaignItem.of(record, content), or_raise=IdempotencyKeyReused)
        audit.record_change(writes, act, None, record)
        writes.commit()
        return record

    def find() -> CampaignRecord | None:
        item = replay_of(queries.stored_campaign(campaign_id), content)
        return item.record if item else None

    return replay_outranks_refusal(write, find)


def change_campaign(
    campaign_id: str, change: CampaignChange, version: int, act: Act, now: datetime
) -> CampaignRecord:
    """Change a draft, or prepare the next version of a campaign in force.

    Raises NotFound, Stale, Invalid, NotAllowedInThisState.
    """

    def step(seen: CampaignRecord) -> CampaignRecord:
        terms = changed(seen.terms, change)
        check(terms, now)
        return records.rewritten(seen, terms, now)

    return with_fresh_reads(lambda: _stepped(campaign_id, version, step, act, now))


def publish_campaign(campaign_id: str, version: int, act: Act, now: datetime) -> CampaignRecord:
    """Put a campaign in force within a minute; above the configured cost it waits for approval.
    Asking for what was done already changes nothing.

    Raises NotFound, Stale, Invalid, NotAllowedInThisState, TooManyCampaigns, CampaignBudgetSpent.
    """
    by = act.actor.member_id

    def step(seen: CampaignRecord) -> CampaignRecord:
        check(seen.terms, now)
        cost = most_cost(seen.terms, config().campaigns.point_worth)
        if needs_another(cost, config().campaigns.campaign_alone_at_most):
            return records.asked(seen, by, cost, now)
        return records.published(seen, by, cost, now)

    return _once(campaign_id, version, step, act, now, lambda seen: seen.asked_by == by)


def approve_campaign(campaign_id: str, version: int, act: Act, now: datetime) -> CampaignRecord:
    """Put somebody else's campaign in force.

    Raises NotFound, Stale, NotAllowedInThisState, SecondPersonRequired,
    TooManyCampaigns, CampaignBudgetSpent.
    """
    by = act.actor.member_id

    def step(seen: CampaignRecord) -> CampaignRecord:
        return records.approved(seen, by, now)

    return _once(campaign_id, version, step, act, now, lambda seen: seen.approved_by == by)


def reject_campaign(campaign_id: str, version: int, act: Act, now: datetime) -> CampaignRecord:
    """Leave a waiting campaign a draft, or in force as it was.

    Raises NotFound, Stale, NotAllowedInThisState.
    """

    def step(seen: CampaignRecord) -> CampaignRecord:
        return records.rejected(seen, now)

    return with_fresh_reads(lambda: _stepped(campaign_id, version, step, act, now))


def end_campaign(campaign_id: str, version: int, act: Act, now: datetime) -> CampaignRecord:
    """Take a campaign out of force for good, in all processes within a minute.

    Raises NotFound, Stale, NotAllowedInThisState.
    """

    def step(seen: CampaignRecord) -> CampaignRecord:
        return records.ended(seen, now)

    return _once(campaign_id, version, step, act, now, lambda seen: seen.status == ENDED)


def _once(
    campaign_id: str,
    version: int,
    step: Step,
    act: Act,
    now: datetime,
    is_done: Callable[[CampaignRecord], bool],
) -> CampaignRecord:
    """Take a step to or from the campaigns in force; one that was taken just before is the answer.

    Raises NotFound, Stale, what the step raises.
    """

    def write() -> CampaignRecord:
        seen = queries.find_campaign_item(campaign_id).record
        if seen.version == version + 1 and is_done(seen):
            return seen
        return _stepped(campaign_id, version, step, act, now)

    made = with_fresh_reads(write)
    queries.forget()
    if made.rule_id is not None:
        earning.forget_rules()
    return made


def check(terms: CampaignDraft, now: datetime) -> None:
    """Raises Invalid naming each fault of a campaign's terms."""
    faults = campaign_faults(terms, CheckedAt(config().time_zone, now))
    faults += multiplier_faults(terms) if terms.kind == MULTIPLIER else []
    if faults:
        raise Invalid(*faults[:50])


def _stepped(campaign_id: str, version: int, step: Step, act: Act, now: datetime) -> CampaignRecord:
    """Write the next state of a campaign: its budget, its version and the set in force follow."""
    item = queries.find_campaign_item(campaign_id)
    if item.version != version:
        raise Stale()
    seen = item.record
    after, writes = step(seen), WriteSet()
    if after.live != seen.live:
        after = _put_in_force(writes, seen, after, now)
    same = CampaignItem.version == seen.version
    writes.put(CampaignItem.of(after, item.content), condition=same, or_raise=Stale)
    audit.record_change(writes, act, seen, after)
    writes.commit()
    return after


def _put_in_force(
    writes: WriteSet, seen: CampaignRecord, after: CampaignRecord, now: datetime
) -> CampaignRecord:
    """Add what follows when other terms of a campaign are in force, or none."""
    live = after.live
    if live is not None:
        assert after.published_at_ms is not None, "a campaign in force was published"
        writes.put(CampaignVersionItem.of(live, after.published_at_ms))
        then = queries.limits_of(seen.live.terms) if seen.live else {}
        limits = queries.limits_of(live.terms)
        budgets.change(writes, budget_of(seen.id), then, limits, CampaignBudgetSpent())
    _put_live(writes, seen.id, live)
    return multipliers.follow(writes, seen, after, now)


def _put_live(writes: WriteSet, campaign_id: str, live: Campaign | None) -> None:
    """Add the next set of campaigns in force. The commit raises Moved if another came meanwhile.

    Raises TooManyCampaigns.
    """
    stored = queries.read_live()
    after = [each for each in stored.values if each.id != campaign_id]
    after += [live] if live else []
    if live is not None and len(after) > MOST_CAMPAIGNS:
        raise TooManyCampaigns(most=MOST_CAMPAIGNS)
    LIVE.put(writes, stored.head, after)
