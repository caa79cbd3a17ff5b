"""Changes of a member's profile."""

from __future__ import annotations

from typing import Any

from chalicelib.kernel.errors import Unauthenticated
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.members.tables.items import ProfileItem

_CHANGEABLE = {"nickname": ProfileItem.nickname, "avatar": ProfileItem.avatar}


def change_profile(member_id: str, changes: dict[str, str | None]) -> None:
    """Set the given ones of `nickname` and `avatar`; None clears one.

    Raises Unauthenticated if the member is gone.
    """
    if not changes:
        return
    updates: list[Any] = []
    for name, value in changes.items():
        attribute = _CHANGEABLE[name]
        updates.append(attribute.remove() if value is None else attribute.set(value))
    writes = WriteSet()
    writes.update(
        ProfileItem.key(member_id),
        updates,
        condition=ProfileItem.pk.exists(),
        or_raise=Unauthenticated,
    )
    with_fresh_reads(writes.commit)
