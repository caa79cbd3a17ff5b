"""Reads of what rules ask of members."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib import members, tiers
from chalicelib.earning.rules.evaluation import RuleSet
from chalicelib.earning.tables.people import MemberFactsItem
from chalicelib.kernel.clock import from_ms, program_day, rfc3339_ms
from chalicelib.kernel.store.reads import ReadSet

# Of somebody who has not registered yet.
TIER, REGISTERED, BASE = "member.tier", "member.registered_days", "normal"
NOBODY = {TIER: BASE, REGISTERED: 0}


def facts_of_member(member_id: str | None, rules: RuleSet, at: datetime) -> dict[str, Any]:
    """The facts of a member that these rules ask for, by the fields' names: no read if none."""
    asked = rules.asked_of_member
    if not asked:
        return {}
    if member_id is None:
        return NOBODY
    return _facts(
        asked,
        at,
        lambda: tiers.tier_of(member_id),
        lambda: members.registered_at(member_id),
        lambda: MemberFactsItem.find(*MemberFactsItem.key(member_id), consistent=False),
    )


def want_facts(
    reads: ReadSet, member_id: str, rules: RuleSet
) -> Callable[[datetime], dict[str, Any]]:
    """As `facts_of_member`, in a caller's `ReadSet`.

    Returns a function that gives the facts as of a time after `read`.
    """
    asked, nothing = rules.asked_of_member, lambda: None
    tier: Callable[[], str] = lambda: BASE  # noqa: E731 - a reader like the other two
    since: Callable[[], int | None] = nothing
    told: Callable[[], MemberFactsItem | None] = nothing
    if TIER in asked:
        tier = tiers.want_tier_now(reads, member_id)
    if REGISTERED in asked:
        since = members.want_registered(reads, member_id)
    if asked - {TIER, REGISTERED}:
        told = reads.want(MemberFactsItem, *MemberFactsItem.key(member_id), consistent=False)
    return lambda at: _facts(asked, at, tier, since, told)


def _facts(
    asked: frozenset[str],
    at: datetime,
    tier: Callable[[], str],
    since: Callable[[], int | None],
    told: Callable[[], MemberFactsItem | None],
) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if TIER in asked:
        facts[TIER] = tier()
    if REGISTERED in asked and (registered_at := since()) is not None:
        days = program_day(at) - program_day(from_ms(registered_at))
        facts[REGISTERED] = max(0, days.days)
    if asked - {TIER, REGISTERED}:
        facts |= _told_of(told())
    return facts


def _told_of(item: MemberFactsItem | None) -> dict[str, Any]:
    """What partners told of a member by `member.updated`."""
    if item is None:
        return {}
    told = {f"member.attributes.{name}": value for name, value in (item.told or {}).items()}
    if item.birthday is not None:
        month, day = divmod(item.birthday, 100)
        told |= {"member.birthday_month": month, "member.birthday_day": day}
    return told


def told_of(member_id: str) -> list[dict[str, Any]]:
    """What partners told of a member, with its time, for an export."""
    item: MemberFactsItem | None = MemberFactsItem.find(*MemberFactsItem.key(member_id))
    if item is None:
        return []
    birthday = divmod(item.birthday, 100) if item.birthday is not None else None
    return [
        {
            "occurred_at": rfc3339_ms(item.occurred_at),
            "birthday": f"{birthday[0]:02}-{birthday[1]:02}" if birthday else None,
            "attributes": item.told or {},
        }
    ]
