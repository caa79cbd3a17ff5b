"""Reads of what campaigns know of a member: one item."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.campaigns.rules.audiences import Buyer
from chalicelib.campaigns.rules.people import MemberFacts
from chalicelib.campaigns.tables.people import FACTS, MEMBER, MemberFactsItem
from chalicelib.kernel.store.reads import ReadSet


def want_facts(reads: ReadSet, member_id: str) -> Callable[[], MemberFacts]:
    """Want what campaigns know of a member, in a caller's `ReadSet`.

    Returns a function that gives it after `read`.
    """
    found = reads.want(MemberFactsItem, MEMBER + member_id, FACTS)
    return lambda: item.value() if (item := found()) else MemberFacts(member_id=member_id)


def facts_of(member_id: str) -> MemberFacts:
    """What campaigns know of a member, read consistently."""
    found: MemberFacts | None = MemberFactsItem.find_value(MEMBER + member_id, FACTS)
    return found or MemberFacts(member_id=member_id)


def buyer_of(facts: MemberFacts, tier: str | None) -> Buyer:
    """A member as prices see them."""
    return Buyer(
        member_id=facts.member_id,
        tier=tier,
        tags=facts.tags,
        segments=facts.segments,
        lists=facts.lists,
        orders_before=facts.orders,
    )
