"""Results of campaigns: each purchase adds its difference to the day on which it was made."""

from __future__ import annotations

from msgspec.structs import asdict, replace

from chalicelib import tiers
from chalicelib.campaigns.queries import campaigns as queries
from chalicelib.campaigns.queries.people import buyer_of, facts_of
from chalicelib.campaigns.rules.audiences import held_out, is_in
from chalicelib.campaigns.rules.purchases import Compared, Purchase
from chalicelib.campaigns.rules.results import Sums, changes
from chalicelib.campaigns.tables.results import ResultDayItem, TakerItem
from chalicelib.earning import holds_at
from chalicelib.kernel.clock import from_ms, program_day
from chalicelib.kernel.config import config
from chalicelib.kernel.store.writes import WriteSet, unmoved


def count_results(writes: WriteSet, before: Purchase | None, now: Purchase, member_id: str) -> None:
    """Add to the sums of each campaign of a purchase: two write units, two more for its taker."""
    day = f"{program_day(from_ms(now.at_ms))}"
    for campaign_id, change in changes(before, now).items():
        takers = _count_taker(writes, campaign_id, member_id, change.orders)
        _add(
            writes,
            ResultDayItem.key(campaign_id, day, now.order_id),
            replace(change, takers=takers),
        )


def _count_taker(writes: WriteSet, campaign_id: str, member_id: str, orders: int) -> int:
    """How many takers more there are."""
    if not orders:
        return 0
    key = TakerItem.key(campaign_id, member_id)
    item = TakerItem.find(*key)
    seen = item.orders if item else 0
    after = TakerItem(*key, orders=seen + orders)
    writes.put(after, condition=unmoved(TakerItem.orders, seen))
    return (after.orders > 0) - (seen > 0)


def _add(writes: WriteSet, key: ResultDayItem, change: Sums) -> None:
    changed = {name: more for name, more in asdict(change).items() if more}
    if changed:
        writes.update(
            key, [getattr(ResultDayItem, name).add(more) for name, more in changed.items()]
        )


def compared(purchase: Purchase) -> tuple[Compared, ...]:
    """The campaigns with a hold-out whose audience the member is in, as far as they are live."""
    at = from_ms(purchase.at_ms)
    local = at.astimezone(config().time_zone)
    measured = [
        each.campaign
        for each in queries.live().campaigns
        if each.campaign.terms.holdout_percent and holds_at(each.campaign.terms.valid, at, local)
    ]
    if not measured:
        return ()
    member_id = purchase.member_id
    buyer = buyer_of(facts_of(member_id), tiers.tier_of(member_id))
    return tuple(
        Compared(each.id, held_out(each.id, member_id, each.terms.holdout_percent))
        for each in measured
        if is_in(each.terms.audience, buyer)
    )
