"""Writes of what partners tell of members."""

from __future__ import annotations

from chalicelib.earning.rules import Happening
from chalicelib.earning.tables.people import MemberFactsItem
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import update_alone, with_fresh_reads

MOST_TOLD = 50


def keep_facts(member_id: str, event: Happening) -> None:
    """Keep what an event tells of a member: what it leaves out stays, an older event is late.

    Raises Unavailable.
    """

    def write() -> None:
        key = MemberFactsItem(*MemberFactsItem.key(member_id))
        seen: MemberFactsItem | None = MemberFactsItem.find(key.pk, key.sk)
        if seen is not None and seen.occurred_at >= event.occurred_at_ms:
            return
        item = MemberFactsItem
        said = [item.member_id.set(member_id), item.occurred_at.set(event.occurred_at_ms)]
        if event.birthday is not None:
            said.append(item.birthday.set(event.birthday[0] * 100 + event.birthday[1]))
        if event.attributes:
            told = {**((seen and seen.told) or {}), **event.attributes}
            said.append(item.told.set(dict(list(told.items())[-MOST_TOLD:])))
        same = item.pk.does_not_exist() if seen is None else item.occurred_at == seen.occurred_at
        if not update_alone(key, said, condition=same):
            raise Moved()

    with_fresh_reads(write)
