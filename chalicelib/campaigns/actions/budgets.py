"""What an order takes of campaigns joins its transaction: budgets, and a member's own limit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from zlib import crc32

from chalicelib import members
from chalicelib.campaigns.actions.people import put_taken
from chalicelib.campaigns.errors import CampaignGone
from chalicelib.campaigns.queries import campaigns as queries
from chalicelib.campaigns.queries.people import facts_of
from chalicelib.campaigns.rules.definitions import Campaign
from chalicelib.campaigns.rules.people import MemberFacts, with_taken
from chalicelib.campaigns.tables.campaigns import BUDGET_SHARDS, budget_of
from chalicelib.kernel.budgets import Amounts, sum_of
from chalicelib.kernel.store import budgets
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.writes import WriteSet


class Use(NamedTuple):
    """What one order has of a version of a campaign: points and minor units of cash that it
    saved."""

    campaign_id: str
    version: int
    points: int = 0
    cash: int = 0

    def of(self, names: Collection[str]) -> Amounts:
        """What it takes of a budget that limits these."""
        taken = {"points": self.points, "cash": self.cash, "takers": 1}
        return {name: taken[name] for name in names}


def take(writes: WriteSet, uses: Sequence[Use], facts: MemberFacts) -> None:
    """Add what an order takes of campaigns: two units for each budget, and two if one has a limit
    for each member. One request reads the budgets, none if there are none; one more reads what is
    in force if the member took a campaign that this process does not know.

    The commit raises Moved if others were faster.

    Raises CampaignGone of a campaign that has ended, or has nothing left: price the order anew.
    """
    live = {each.campaign.id: each.campaign for each in queries.live().campaigns}
    used: list[tuple[Use, Campaign]] = []
    for use in uses:
        campaign = live.get(use.campaign_id)
        if campaign is None or not has_left(campaign, facts):
            raise CampaignGone()
        used.append((use, campaign))
    _take_budgets(writes, used)
    counted = {each.id: 1 for _, each in used if each.terms.orders_each is not None}
    if counted:
        put_taken(writes, facts, with_taken(facts.taken, counted, _not_over(facts, live)))


def _not_over(facts: MemberFacts, live: Collection[str]) -> Collection[str]:
    """The campaigns in force, as they are now where a member took others: one that this process
    does not know may have begun a moment ago."""
    if facts.taken.keys() <= set(live):
        return live
    return {each.id for each in queries.read_live().values}


def has_left(campaign: Campaign, facts: MemberFacts) -> bool:
    """Whether a member may have one more order with a campaign."""
    limit = campaign.terms.orders_each
    return limit is None or facts.taken.get(campaign.id, 0) < limit


def _take_budgets(writes: WriteSet, used: Sequence[tuple[Use, Campaign]]) -> None:
    reads, wanted = ReadSet(), []
    for use, campaign in used:
        names = tuple(queries.limits_of(campaign.terms))
        if names:
            budget = budget_of(campaign.id)
            wanted.append((use, budget, budgets.want_left(reads, budget, names), names))
    reads.read()
    for use, budget, found, names in wanted:
        amounts = use.of(names)
        seen = found(amounts)
        if any(sum_of(seen.left, name) < amount for name, amount in amounts.items()):
            queries.remember_left(
                use.campaign_id, {name: sum_of(seen.left, name) for name in names}
            )
            raise CampaignGone()
        budgets.take(writes, budget, amounts, seen)


def give_back(writes: WriteSet, uses: Sequence[Use], member_id: str, order_id: str) -> None:
    """Add what a dead order gives back to campaigns, whether they go on or have ended.

    The commit raises Moved if the member's facts have changed since.
    """
    counted: dict[str, int] = {}
    for use in uses:
        taken = queries.find_version(use.campaign_id, use.version)
        item = queries.stored_campaign(use.campaign_id)
        if taken is None or item is None:
            continue
        now = item.record.live.terms if item.record.live else item.record.terms
        names = queries.limits_of(taken.terms).keys() & queries.limits_of(now).keys()
        if names:
            shard = crc32(order_id.encode()) % BUDGET_SHARDS
            budgets.give_back(writes, budget_of(use.campaign_id), shard, use.of(sorted(names)))
        if taken.terms.orders_each is not None:
            counted[use.campaign_id] = -1
    _put_counted(writes, member_id, counted)


def _put_counted(writes: WriteSet, member_id: str, counted: Mapping[str, int]) -> None:
    if not counted:
        return
    facts = facts_of(members.current(member_id))
    there = {each: change for each, change in counted.items() if each in facts.taken}
    if there:
        put_taken(writes, facts, with_taken(facts.taken, there, facts.taken))
