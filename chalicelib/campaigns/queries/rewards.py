"""Reads of rewards: one, those that come, those that are due, the sums of closing runs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from chalicelib import members
from chalicelib.campaigns.rules.closings import Closing, joined
from chalicelib.campaigns.rules.rewards import Promise, Sums
from chalicelib.campaigns.tables.items import MarketingItem
from chalicelib.campaigns.tables.rewards import (
    CLOSINGS,
    DUE,
    REFUSED_LIST,
    REWARDS,
    ClosingItem,
    PromiseItem,
    coming_of,
    due_shards,
)
from chalicelib.kernel.cursors import Page, PageQuery, page

SWEPT_EACH_S = 300


def find_promise(member_id: str, reference: str) -> Promise | None:
    """A reward, read consistently."""
    return PromiseItem.find_value(*PromiseItem.key(member_id, reference))


def coming(member_id: str) -> list[Promise]:
    """What a member's rewards will bring under all their ids, the soonest first."""
    found: list[Promise] = []
    for each in members.ids_of(member_id):
        listed = MarketingItem.listed.query(coming_of(each))
        keys = [(item.pk, item.sk) for item in listed]
        found += [item.value() for item in PromiseItem.batch_get(keys)]
    return sorted(found, key=lambda each: (each.due_at_ms, each.reference))


def rewards_of(member_id: str) -> Iterator[Promise]:
    """Every reward of a member's id."""
    for item in PromiseItem.query(REWARDS + member_id, consistent_read=True):
        yield item.value()


def page_of(member_id: str, asked: PageQuery) -> Page[Promise]:
    """A page of all rewards of a member's id.

    Raises InvalidCursor.
    """
    query = partial(PromiseItem.query, REWARDS + member_id, consistent_read=True)
    return page(f"rewards|{member_id}", asked, query, PromiseItem.value)


def refused(asked: PageQuery) -> Page[Promise]:
    """A page of the rewards that could not be paid.

    Raises InvalidCursor.
    """
    query = partial(MarketingItem.listed.query, REFUSED_LIST)
    found = page("rewards|refused", asked, query, lambda item: (item.pk, item.sk))
    items = {(item.pk, item.sk): item for item in PromiseItem.batch_get(found.data)}
    return Page([items[key].value() for key in found.data if key in items], found.next_cursor)


def due_rewards(now_s: int) -> Iterator[tuple[str, str]]:
    """Rewards to be paid or taken back by now, as (member, reference). The first shard is another
    one each time: a run that ends early so leaves none behind."""
    shards = due_shards(DUE)
    first = now_s // SWEPT_EACH_S % len(shards)
    for shard in shards[first:] + shards[:first]:
        for item in MarketingItem.due.query(shard, MarketingItem.due_at <= now_s):
            yield item.pk.removeprefix(REWARDS), item.sk


def closings() -> list[Closing]:
    """The sums of all periods, by kind, the last period first."""
    return joined(
        Closing(*item.names, item.until or 0, _sums(item)) for item in ClosingItem.query(CLOSINGS)
    )


def _sums(item: ClosingItem) -> Sums:
    told = (item.earned, item.worth, item.paid, item.amount, item.refused)
    return Sums(*(each or 0 for each in told))
