"""Who is meant by a campaign, and who of them is held out to measure its effect."""

from __future__ import annotations

import hashlib

import msgspec

from chalicelib.campaigns.rules.definitions import Audience


class Buyer(msgspec.Struct, frozen=True, kw_only=True):
    """A member as campaigns see them. `orders_before` are their orders that are paid and not
    returned; None where nobody asked."""

    member_id: str
    tier: str | None = None
    tags: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    orders_before: int | None = None


def is_in(audience: Audience, buyer: Buyer) -> bool:
    """Whether a member is in an audience: each list that has names has one of theirs."""
    if audience.all:
        return True
    if audience.tiers and buyer.tier not in audience.tiers:
        return False
    if audience.tags and buyer.tags.isdisjoint(audience.tags):
        return False
    if audience.segments and buyer.segments.isdisjoint(audience.segments):
        return False
    if audience.lists and buyer.lists.isdisjoint(audience.lists):
        return False
    return bool(audience.tiers or audience.tags or audience.segments or audience.lists)


def held_out(campaign_id: str, member_id: str, percent: int) -> bool:
    """Whether a member gets nothing of a campaign, by the hash of both: the same at each look."""
    if percent <= 0:
        return False
    digest = hashlib.sha256(f"{campaign_id}\n{member_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 100 < percent
