"""Reads of what rules ask of members."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib import members, tiers
from chalicelib.earning.rules.evaluation import RuleSet
from chalicelib.earning.tables.people import MemberFactsItem
from chalicelib.kernel.clock import from_ms, program_day, rfc3339_ms

# Of somebody who has not registered yet.
NOBODY = {"member.tier": "normal", "member.registered_days": 0}


def facts_of_member(member_id: str | None, rules: RuleSet, at: datetime) -> dict[str, Any]:
    """The facts of a member that these rules ask for, by the fields' names: no read if none."""
    asked = {name for name in rules.fields if name.startswith("member.")}
    if not asked:
        return {}
    if member_id is None:
        return NOBODY
    facts: dict[str, Any] = {}
    if "member.tier" in asked:
        facts["member.tier"] = tiers.tier_of(member_id)
    if "member.registered_days" in asked:
        since = members.registered_at(member_id)
        if since is not None:
            days = program_day(at) - program_day(from_ms(since))
            facts["member.registered_days"] = max(0, days.days)
    if asked - {"member.tier", "member.registered_days"}:
        facts |= _told_of(member_id)
    return facts


def _told_of(member_id: str) -> dict[str, Any]:
    """What partners told of a member by `member.updated`."""
    item: MemberFactsItem | None = MemberFactsItem.find(
        *MemberFactsItem.key(member_id), consistent=False
    )
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
