"""Reads of referrals: of who invited, and of the friend."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from chalicelib import members
from chalicelib.earning.rules.referrals import Referral
from chalicelib.earning.tables.referrals import (
    DUE_SHARDS,
    DueReferralItem,
    ReferralItem,
    sortable,
)
from chalicelib.kernel.store.joined import joined


def referral_of(friend_id: str) -> Referral | None:
    """The referral by which a member came, read consistently; None if nobody invited them."""
    told = members.referred_by(friend_id)
    if told is None:
        return None
    return find_referral(told.referrer_id, friend_id, told.at_ms)


def find_referral(referrer_id: str, friend_id: str, joined_at_ms: int) -> Referral:
    """A referral as it is, or as it begins."""
    key = ReferralItem.key(referrer_id, friend_id, joined_at_ms)
    found: Referral | None = ReferralItem.find_value(*key)
    return found or Referral(
        referrer_id=referrer_id, friend_id=friend_id, joined_at_ms=joined_at_ms
    )


def referrals_of(referrer_id: str, **page: Any) -> Any:
    """A query of the friends whom a member invited under all their ids, the last one first."""
    query = partial(ReferralItem.query, scan_index_forward=False, consistent_read=True)
    lists = [ReferralItem.partition(each) for each in members.ids_of(referrer_id)]
    return joined(lists, query, ("pk", "sk"), partition="pk", place="sk")(**page)


def friends_of(referrer_id: str, most: int) -> list[str]:
    """The friends whom a member invited last, at most so many."""
    return [each.value().friend_id for each in islice(referrals_of(referrer_id), most)]


def due_referrals(now_ms: int, first: int) -> Iterator[DueReferralItem]:
    """The referrals whose return window is over, shard by shard, beginning with one."""
    for number in range(DUE_SHARDS):
        yield from DueReferralItem.query(
            DueReferralItem.shard((first + number) % DUE_SHARDS),
            DueReferralItem.sk < sortable(now_ms + 1),
        )
