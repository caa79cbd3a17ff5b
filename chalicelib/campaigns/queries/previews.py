"""What a member and a cart would get with a campaign's newest terms, beside those in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from chalicelib.campaigns.queries import campaigns as queries
from chalicelib.campaigns.queries.shown import lines_of, seen_as
from chalicelib.campaigns.rules.definitions import Campaign
from chalicelib.campaigns.rules.pricing import price, steps_elsewhere
from chalicelib.campaigns.rules.records import CampaignRecord
from chalicelib.campaigns.rules.sets import compile_campaigns
from chalicelib.campaigns.rules.settling import Settled
from chalicelib.campaigns.rules.steps import Step
from chalicelib.campaigns.rules.warnings import GoodsFacts, Known, campaign_warnings
from chalicelib.campaigns.rules.words import skus_in
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import FieldError, Invalid, Words

_NO_SKU = Words("没有这个 SKU", "is no SKU of the mall")


class Preview(NamedTuple):
    """A cart with all its points paid: each step, what is due, and what it costs on the list."""

    steps: list[Step]
    settled: Settled
    list_points: int
    list_cash: int


def preview(
    campaign_id: str, member_id: str, quantities: Mapping[str, int], now: datetime
) -> Preview:
    """The price of a cart at a moment; nothing is written, and no budget is looked at.

    Raises NotFound, Invalid naming a SKU that there is not.
    """
    newest = newest_of(queries.find_campaign_item(campaign_id).record)
    others = [each for each in queries.read_live().values if each.id != campaign_id]
    seen = seen_as(member_id)
    lines = [line for _, line in lines_of(quantities, seen.tier, now)]
    known = {line.sku for line in lines}
    for number, sku in enumerate(quantities):
        if sku not in known:
            raise Invalid(FieldError(f"items[{number}].sku", "unknown_sku", _NO_SKU))
    asked = replace(seen.buyer, orders_before=seen.facts.orders)
    campaigns = compile_campaigns([newest, *others])
    priced = price(
        lines,
        asked,
        campaigns,
        None,
        now,
        left=queries.left_for(seen.facts),
        worth=config().campaigns.point_worth,
    )
    # The one that is asked about says why not even where none of the goods are its own.
    elsewhere = steps_elsewhere(priced, asked, campaigns, now)
    return Preview(
        [*priced.steps, *(each for each in elsewhere if each.id == campaign_id)],
        priced.settle(priced.most),
        sum(line.points * line.quantity for line in lines),
        sum(line.cash * line.quantity for line in lines),
    )


def newest_of(record: CampaignRecord) -> Campaign:
    """A campaign as if its newest terms were in force."""
    return Campaign(id=record.id, terms=record.terms, version=record.version, status="live")


def warnings_of(record: CampaignRecord, now: datetime) -> list[FieldError]:
    """What a person should know before a campaign's newest terms are in force."""
    skus = dict.fromkeys(sorted(skus_in(record.terms) | set(record.terms.scope.skus)), 1)
    goods = {offer.sku: GoodsFacts(line, offer.cost) for offer, line in lines_of(skus, "", now)}
    others = queries.read_live().values
    known = Known(goods, others, config().currency, config().campaigns.point_worth)
    return campaign_warnings(newest_of(record), known)
