"""What a member's tier makes of an offer: its price, its limits, and when it opens.

A tier is asked for where something depends on it alone: mostly nothing does, and nothing is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from chalicelib import catalog, tiers
from chalicelib.catalog import Offer, TierRequired

FindTier = Callable[[], str]


def offer_to(offer: Offer, find_tier: FindTier, now: datetime) -> Offer:
    """The offer to a member of a tier now."""
    if not offer.asks_for_tier and not tiers.some_give("early_access_hours"):
        return offer
    tier = find_tier()
    early = timedelta(hours=tiers.benefits_of(tier).early_access_hours)
    return offer.to_member(tier, now, early)


def check_tier(offer: Offer, find_tier: FindTier) -> None:
    """Check that a member may have an offer.

    Raises TierRequired.
    """
    if offer.rare_terms.tiers:
        offer.check_tier(find_tier())


def is_freight_free(find_tier: FindTier) -> bool:
    """Whether a member's tier pays no freight."""
    return tiers.some_give("free_freight") and tiers.benefits_of(find_tier()).free_freight


def check_categories(offers: Sequence[Offer], find_tier: FindTier) -> None:
    """Check that a member may have goods of these categories: nothing is read while all may have
    all.

    Raises TierRequired.
    """
    exclusive = tiers.exclusive_categories()
    if not exclusive:
        return
    tier, categories = find_tier(), catalog.categories_of(offer.product_id for offer in offers)
    for offer in offers:
        allowed = exclusive.get(categories.get(offer.product_id, ""), [tier])
        if tier not in allowed:
            title = catalog.title_of(offer)
            raise TierRequired(sku=offer.sku, tiers=allowed).telling(title=title)
