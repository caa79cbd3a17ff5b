"""What a member's tier makes of an offer: its price, its limits, and when it opens."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib import tiers
from chalicelib.catalog import Offer


def offer_to(offer: Offer, tier: str, now: datetime) -> Offer:
    """The offer to a member of a tier now."""
    early = timedelta(hours=tiers.benefits_of(tier).early_access_hours)
    return offer.to_member(tier, now, early)
