"""Campaigns as a member sees them: those of their audience that run or are to begin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from chalicelib import catalog, tiers
from chalicelib.campaigns.queries import campaigns as queries
from chalicelib.campaigns.queries.people import buyer_of, want_facts
from chalicelib.campaigns.rules.audiences import Buyer, held_out, is_in
from chalicelib.campaigns.rules.definitions import (
    FIRST_ORDER,
    FLASH_SALE,
    PRICE,
    Campaign,
    CampaignDraft,
)
from chalicelib.campaigns.rules.lines import Line
from chalicelib.campaigns.rules.people import MemberFacts
from chalicelib.campaigns.rules.pricing import price
from chalicelib.campaigns.rules.sets import compile_campaigns
from chalicelib.campaigns.rules.words import Names, skus_in
from chalicelib.catalog import Offer
from chalicelib.kernel.errors import Words
from chalicelib.kernel.store.reads import ReadSet

# How long before its begin a campaign is told of.
AHEAD = timedelta(days=7)
MOST_PRICED = 50


class UnitPrice(NamedTuple):
    """The price of one unit with a campaign, and the list price beside it."""

    offer: Offer
    points: int
    cash: int


class Shown(NamedTuple):
    """A campaign to a member: `orders` are those that they may still have it with, `takers` those
    of all members; None is no limit."""

    campaign: Campaign
    orders: int | None
    takers: int | None
    prices: tuple[UnitPrice, ...] = ()


class Seen(NamedTuple):
    """A member as campaigns see them."""

    buyer: Buyer
    facts: MemberFacts
    tier: str


def of_member(member_id: str, now: datetime, product_id: str | None = None) -> list[Shown]:
    """The campaigns that run for a member now or begin soon, of one product if one is named."""
    seen = seen_as(member_id)
    found = [each for each in _all() if _is_for(each, seen, now)]
    if product_id is None:
        return [_shown(each, seen, ()) for each in found]
    product = catalog.find_products([product_id]).get(product_id)
    if product is None:
        return []
    line = Line("", product.id, 1, categories=(product.category,), brand=product.brand)
    skus = [each.sku for each in product.skus][:MOST_PRICED]
    about = [each for each in found if _is_about(each, line, skus)]
    return [_shown(each, seen, _prices(each, seen, now, skus)) for each in about]


def one_of_member(campaign_id: str, member_id: str, now: datetime) -> Shown | None:
    """A campaign with its prices, if it runs for a member now or begins soon."""
    found = next((each for each in _all() if each.id == campaign_id), None)
    seen = seen_as(member_id)
    if found is None or not _is_for(found, seen, now):
        return None
    skus = sorted(skus_in(found.terms))[:MOST_PRICED]
    return _shown(found, seen, _prices(found, seen, now, skus))


def names_in(campaigns: Sequence[Campaign]) -> Names:
    """The names of the goods that campaigns tell of, by SKU."""
    skus = {sku for each in campaigns for sku in skus_in(each.terms)}
    titles = catalog.names_of("sku", skus)
    return {sku: Words(title.zh, title.en) for sku, title in titles.items()}


def begins_at(terms: CampaignDraft) -> datetime | None:
    return terms.valid.from_ if terms.valid else None


def _all() -> Iterator[Campaign]:
    return (each.campaign for each in queries.live().campaigns)


def seen_as(member_id: str) -> Seen:
    reads = ReadSet()
    facts, tier = want_facts(reads, member_id), tiers.want_tier(reads, member_id)
    reads.read()
    return Seen(buyer_of(facts(), tier()), facts(), tier())


def _is_for(campaign: Campaign, seen: Seen, now: datetime) -> bool:
    terms, begins = campaign.terms, begins_at(campaign.terms)
    if queries.has_ended(terms, now) or (begins is not None and begins - AHEAD > now):
        return False
    if terms.kind == FIRST_ORDER and seen.buyer.orders_before:
        return False
    is_meant = is_in(terms.audience, seen.buyer)
    return is_meant and not held_out(campaign.id, seen.buyer.member_id, terms.holdout_percent)


def _shown(campaign: Campaign, seen: Seen, prices: tuple[UnitPrice, ...]) -> Shown:
    limit, budget = campaign.terms.orders_each, campaign.terms.budget
    orders = None if limit is None else max(0, limit - seen.facts.taken.get(campaign.id, 0))
    takers = None
    if budget is not None and budget.takers is not None and prices:
        takers = queries.budget_left(campaign.id, campaign.terms)["takers"]
    return Shown(campaign, orders, takers, prices)


def _is_about(campaign: Campaign, line: Line, skus: Sequence[str]) -> bool:
    named = skus_in(campaign.terms)
    if campaign.terms.kind in (PRICE, FLASH_SALE) and named:
        return not named.isdisjoint(skus)
    one = compile_campaigns([campaign])
    return any(one.candidates([line._replace(sku=sku)]) for sku in skus)


def _prices(
    campaign: Campaign, seen: Seen, now: datetime, skus: Sequence[str]
) -> tuple[UnitPrice, ...]:
    """What one unit of each of these costs with the campaign alone, at any time of its own."""
    if campaign.terms.kind not in (PRICE, FLASH_SALE) or not skus:
        return ()
    always = replace(campaign, terms=replace(campaign.terms, valid=None))
    alone, made = compile_campaigns([always]), []
    for offer, line in lines_of(dict.fromkeys(skus, 1), seen.tier, now):
        terms = price([line], seen.buyer, alone, None, now).terms[0]
        if (terms.points, terms.cash) != (offer.points, offer.cash):
            made.append(UnitPrice(offer, terms.points, terms.cash))
    return tuple(made)


def lines_of(
    quantities: Mapping[str, int], tier: str, now: datetime
) -> Iterator[tuple[Offer, Line]]:
    """Goods as prices see them, each with its offer to a tier; SKUs that there are not are left
    out."""
    if not quantities:
        return
    found = catalog.find_offers(list(quantities), consistent=False)
    products = catalog.find_products({each.product_id for each in found.values()})
    for sku, listed in found.items():
        offer, product = listed.to_member(tier, now), products.get(listed.product_id)
        yield (
            offer,
            Line(
                sku,
                offer.product_id,
                quantities[sku],
                offer.points,
                offer.least_points,
                offer.cash,
                offer.cash_equivalent,
                (product.category,) if product else (),
                product.brand if product else None,
            ),
        )
