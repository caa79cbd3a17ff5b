"""Reads of campaigns: one by one for the staff, those in force once in half a minute."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from chalicelib.campaigns.rules.definitions import Campaign, CampaignDraft
from chalicelib.campaigns.rules.eligibility import Left
from chalicelib.campaigns.rules.people import MemberFacts
from chalicelib.campaigns.rules.records import CampaignRecord, PublishedVersion
from chalicelib.campaigns.rules.sets import CampaignSet, compile_campaigns
from chalicelib.campaigns.tables.campaigns import (
    CAMPAIGN,
    LIVE,
    CampaignItem,
    CampaignVersionItem,
    LiveHeadItem,
    budget_of,
    list_of,
)
from chalicelib.campaigns.tables.items import MarketingItem
from chalicelib.kernel.budgets import Amounts, sum_of
from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.kernel.errors import or_not_found
from chalicelib.kernel.recall import Recall
from chalicelib.kernel.store import budgets
from chalicelib.kernel.store.packed_sets import Stored

_KEPT_S = 30
_AMOUNTS = ("points", "cash", "takers")


_kept = Recall[str, CampaignSet](_KEPT_S, 1)
# What was left of budgets that were found too small a moment ago.
_left = Recall[str, Amounts](_KEPT_S, 1000)


def live() -> CampaignSet:
    """The campaigns in force, as of half a minute ago at most, ready to price with."""
    found = _kept.get(LIVE.pk)
    if found is None:
        found = compile_campaigns(read_live().values)
        _kept.keep(LIVE.pk, found)
    return found


def left_for(facts: MemberFacts) -> dict[str, Left]:
    """What limits leave of the campaigns in force, as a price takes it: of a budget that was
    found too small a moment ago, and the orders that this member may still have."""
    left = {}
    for each in live().campaigns:
        limit = each.campaign.terms.orders_each
        orders = None if limit is None else limit - facts.taken.get(each.campaign.id, 0)
        of_budget = _left.get(each.campaign.id) or {}
        if of_budget or orders is not None:
            left[each.campaign.id] = Left(**of_budget, orders=orders)
    return left


def forget() -> None:
    """Read again at the next call: this process has changed the campaigns in force."""
    _kept.clear()
    _left.clear()


def remember_left(campaign_id: str, amounts: Amounts) -> None:
    """Price for a moment with what is left of a budget: an order wanted more."""
    _left.keep(campaign_id, amounts)


def has_ended(terms: CampaignDraft, at: datetime) -> bool:
    """Whether the time of a campaign is over."""
    until = terms.valid.until if terms.valid else None
    return until is not None and until <= at


def read_live() -> Stored[LiveHeadItem, Campaign]:
    """The campaigns in force as they are now: one request, and one more for a change meanwhile."""
    return LIVE.read()


def stored_campaign(campaign_id: str) -> CampaignItem | None:
    found: CampaignItem | None = CampaignItem.find(f"CAMPAIGN#{campaign_id}", CAMPAIGN)
    return found


def find_campaign_item(campaign_id: str) -> CampaignItem:
    """The stored item of a campaign.

    Raises NotFound.
    """
    item: CampaignItem = or_not_found(stored_campaign(campaign_id))
    return item


def list_campaigns(status: str, asked: PageQuery) -> Page[CampaignRecord]:
    """A page of the campaigns of a status, the newest first.

    Raises InvalidCursor.
    """
    query = partial(MarketingItem.listed.query, list_of(status), scan_index_forward=False)
    found = page(f"campaigns|{status}", asked, query, lambda item: (item.pk, item.sk))
    items = {item.pk: item for item in CampaignItem.batch_get(found.data)}
    return Page([items[pk].record for pk, _ in found.data if pk in items], found.next_cursor)


def versions_of(campaign_id: str) -> list[PublishedVersion]:
    """Each version of a campaign that was in force, the newest first."""
    begins = CampaignVersionItem.sk.startswith("V#")
    found = CampaignVersionItem.query(
        f"CAMPAIGN#{campaign_id}", begins, scan_index_forward=False, limit=100
    )
    return [PublishedVersion(item.campaign, item.published_at) for item in found]


def budget_left(campaign_id: str, terms: CampaignDraft) -> Amounts:
    """What is left of a campaign's budget, of each kind that it limits."""
    names = tuple(limits_of(terms))
    left = budgets.left_of(budget_of(campaign_id), names) if names else {}
    return {name: sum_of(left, name) for name in names}


def limits_of(terms: CampaignDraft) -> Amounts:
    """The limits of a campaign's budget by their names."""
    given = {name: getattr(terms.budget, name) for name in _AMOUNTS} if terms.budget else {}
    return {name: amount for name, amount in given.items() if amount is not None}


def find_version(campaign_id: str, version: int) -> Campaign | None:
    """A version of a campaign that was in force."""
    key = CampaignVersionItem.key(campaign_id, version)
    item: CampaignVersionItem | None = CampaignVersionItem.find(*key, consistent=False)
    return item.campaign if item else None
