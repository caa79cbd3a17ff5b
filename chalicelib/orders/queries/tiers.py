"""What a member's tier makes of an offer: its price, its limits, and when it opens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib import catalog, tiers
from chalicelib.catalog import Offer, TierRequired


def offer_to(offer: Offer, tier: str, now: datetime) -> Offer:
    """The offer to a member of a tier now."""
    early = timedelta(hours=tiers.benefits_of(tier).early_access_hours)
    return offer.to_member(tier, now, early)


def check_categories(offers: Sequence[Offer], tier: str) -> None:
    """Check that members of a tier may have goods of these categories: nothing is read while all
    may have all.

    Raises TierRequired.
    """
    exclusive = tiers.exclusive_categories()
    if not exclusive:
        return
    categories = catalog.categories_of(offer.product_id for offer in offers)
    for offer in offers:
        allowed = exclusive.get(categories.get(offer.product_id, ""), [tier])
        if tier not in allowed:
            title = catalog.title_of(offer)
            raise TierRequired(sku=offer.sku, tiers=allowed).telling(title=title)
