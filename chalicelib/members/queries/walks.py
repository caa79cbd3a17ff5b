"""All members, page by page, for jobs that look at each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from chalicelib.kernel.store.tables import readable
from chalicelib.members.rules import LOWEST_TIER
from chalicelib.members.tables.items import MEMBER, PROFILE, SESSION, ProfileItem, SessionItem

_ROWS_A_PAGE = 100


class Walked(NamedTuple):
    """A member as a job sees them; times in epoch milliseconds, `birthday` as `MM-DD`."""

    member_id: str
    registered_at_ms: int
    tier: str
    birthday: str | None


def walk_members(after: str | None) -> Iterator[list[Walked]]:
    """Pages of all members beyond one, in an order that stays; those that cannot be read are left
    out. It walks the whole table: no request may wait for it."""
    start = {"pk": {"S": MEMBER + after}, "sk": {"S": PROFILE}} if after else None
    found = readable(iter(ProfileItem.scan(ProfileItem.sk == PROFILE, last_evaluated_key=start)))
    while page := list(islice(found, _ROWS_A_PAGE)):
        yield [
            Walked(row.id, row.created_at, row.tier or LOWEST_TIER, row.birthday) for row in page
        ]


def visited_at(member_id: str) -> int | None:
    """When a member was last here, in epoch milliseconds, by the sessions that they still have."""
    rows = SessionItem.query(MEMBER + member_id, SessionItem.sk.startswith(SESSION))
    return max((row.last_used_at for row in readable(iter(rows))), default=None)
