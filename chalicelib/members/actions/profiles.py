"""Changes of a member's profile."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from chalicelib import catalog
from chalicelib.kernel.clock import day_spoken, from_ms, rfc3339, to_ms
from chalicelib.kernel.errors import Moved, Unauthenticated, Words
from chalicelib.kernel.store.writes import WriteSet, unmoved, with_fresh_reads
from chalicelib.members import queries
from chalicelib.members.errors import BirthdayKept
from chalicelib.members.rules import BIRTHDAY_KEPT_DAYS, LOWEST_TIER
from chalicelib.members.tables.items import ProfileItem

# Of pictures that were sent to the mall: earlier profiles may have one elsewhere.
OWN_PICTURES = "/pictures/"
_CHANGEABLE = {
    "nickname": ProfileItem.nickname,
    "avatar": ProfileItem.avatar,
    "birthday": ProfileItem.birthday,
}


def change_profile(member_id: str, changes: dict[str, str | None], now: datetime) -> None:
    """Set the given ones of `nickname`, `avatar` and `birthday`; None clears one.

    Raises Unauthenticated if the member is gone, BirthdayKept, Invalid.
    """
    if not changes:
        return
    replaced = with_fresh_reads(lambda: _change(member_id, changes, now))
    if replaced is not None:
        # What a crash leaves here goes with the member's other pictures when they are erased.
        catalog.remove_pictures((replaced,))


def _change(member_id: str, changes: dict[str, str | None], now: datetime) -> str | None:
    """Write the changes; the picture that another one took the place of."""
    updates: list[Any] = []
    for name, value in changes.items():
        attribute = _CHANGEABLE[name]
        updates.append(attribute.remove() if value is None else attribute.set(value))
    writes, condition, replaced = WriteSet(), ProfileItem.pk.exists(), None
    seen = queries.profile(member_id) if changes.keys() & {"birthday", "avatar"} else None
    if seen is not None and "birthday" in changes and seen.birthday != changes["birthday"]:
        _check_may_change(seen, now)
        updates.append(ProfileItem.birthday_told_at.set(to_ms(now)))
        condition &= unmoved(ProfileItem.birthday_told_at, seen.birthday_told_at)
    if seen is not None and "avatar" in changes and seen.avatar != changes["avatar"]:
        condition &= unmoved(ProfileItem.avatar, seen.avatar)
        replaced = _with_picture(writes, member_id, seen.avatar, changes["avatar"])
    refusal = Unauthenticated if seen is None else Moved
    writes.update(ProfileItem.key(member_id), updates, condition=condition, or_raise=refusal)
    writes.commit()
    return replaced


def _with_picture(
    writes: WriteSet, member_id: str, before: str | None, after: str | None
) -> str | None:
    """Add to a transaction that a picture is the profile's; the sent one that it replaces.

    Raises Invalid.
    """
    if after is not None:
        catalog.use_picture(writes, after, member_id, member_id, "avatar")
    return before if before is not None and before.startswith(OWN_PICTURES) else None


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
