"""Changes of a member's profile."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from chalicelib.kernel.clock import day_spoken, from_ms, rfc3339, to_ms
from chalicelib.kernel.errors import Moved, Unauthenticated, Words
from chalicelib.kernel.store.writes import WriteSet, unmoved, with_fresh_reads
from chalicelib.members import queries
from chalicelib.members.errors import BirthdayKept
from chalicelib.members.rules import BIRTHDAY_KEPT_DAYS, LOWEST_TIER
from chalicelib.members.tables.items import ProfileItem

_CHANGEABLE = {
    "nickname": ProfileItem.nickname,
    "avatar": ProfileItem.avatar,
    "birthday": ProfileItem.birthday,
}


def change_profile(member_id: str, changes: dict[str, str | None], now: datetime) -> None:
    """Set the given ones of `nickname`, `avatar` and `birthday`; None clears one.

    Raises Unauthenticated if the member is gone, BirthdayKept.
    """
    if not changes:
        return

    def write() -> None:
        updates: list[Any] = []
        for name, value in changes.items():
            attribute = _CHANGEABLE[name]
            updates.append(attribute.remove() if value is None else attribute.set(value))
        condition = ProfileItem.pk.exists()
        if "birthday" in changes:
            seen = queries.profile(member_id)
            if seen.birthday != changes["birthday"]:
                _check_may_change(seen, now)
                updates.append(ProfileItem.birthday_told_at.set(to_ms(now)))
                condition &= unmoved(ProfileItem.birthday_told_at, seen.birthday_told_at)
        writes = WriteSet()
        refusal = Moved if "birthday" in changes else Unauthenticated
        writes.update(ProfileItem.key(member_id), updates, condition=condition, or_raise=refusal)
        writes.commit()

    with_fresh_reads(write)


def _check_may_change(seen: ProfileItem, now: datetime) -> None:
    told_at = seen.birthday_told_at or 0
    from_then = from_ms(told_at) + timedelta(days=BIRTHDAY_KEPT_DAYS)
    if now < from_then:
        day = Words(day_spoken(from_then, "zh-CN"), day_spoken(from_then, "en"))
        raise BirthdayKept(changes_from=rfc3339(from_then)).telling(day=day)


def set_tier(writes: WriteSet, member_id: str, tier: str) -> None:
    """Add to a transaction: the profile shows a tier; the commit raises Unauthenticated if the
    member is gone."""
    shown = ProfileItem.tier
    writes.update(
        ProfileItem.key(member_id),
        [shown.remove() if tier == LOWEST_TIER else shown.set(tier)],
        condition=ProfileItem.pk.exists(),
        or_raise=Unauthenticated,
    )
