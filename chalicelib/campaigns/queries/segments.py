"""Reads of segments and lists, and of the facts that queries look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial

from chalicelib import ledger
from chalicelib.campaigns.queries.people import want_facts
from chalicelib.campaigns.rules.segments import MemberAudience, Person, SegmentQuery
from chalicelib.campaigns.tables.items import MarketingItem
from chalicelib.campaigns.tables.segments import (
    AUDIENCE,
    AUDIENCES,
    AudienceItem,
    AudiencePartItem,
)
from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.kernel.errors import Unreadable, or_not_found
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.members import Walked, visited_at


def stored_audience(audience_id: str) -> AudienceItem | None:
    found: AudienceItem | None = AudienceItem.find(f"AUDIENCE#{audience_id}", AUDIENCE)
    return found


def find_audience_item(audience_id: str) -> AudienceItem:
    """Raises NotFound."""
    item: AudienceItem = or_not_found(stored_audience(audience_id))
    return item


def list_audiences(asked: PageQuery) -> Page[MemberAudience]:
    """A page of segments and lists, the newest first.

    Raises InvalidCursor.
    """
    query = partial(MarketingItem.listed.query, AUDIENCES, scan_index_forward=False)
    found = page("audiences", asked, query, lambda item: (item.pk, item.sk))
    items = {item.pk: item for item in AudienceItem.batch_get(found.data)}
    return Page([items[pk].audience for pk, _ in found.data if pk in items], found.next_cursor)


def due_audiences(now_s: int) -> Iterator[str]:
    """Those whose members a job has to tell."""
    for item in MarketingItem.due.query(AUDIENCES, MarketingItem.due_at <= now_s):
        yield item.pk.removeprefix("AUDIENCE#")


def ids_of_part(audience_id: str, number: int) -> list[str]:
    item = AudiencePartItem.find(*AudiencePartItem.key(audience_id, number))
    return item.ids if item else []


def people(walked: Sequence[Walked], query: SegmentQuery, now_ms: int) -> list[tuple[str, Person]]:
    """The facts of a page of members: two requests, and one for each if their visits count.

    Members of whom something cannot be read are left out.
    """
    try:
        return _people(walked, query, now_ms)
    except Unreadable:
        found = []
        for each in walked:
            with suppress(Unreadable):
                found += _people([each], query, now_ms)
        return found


def _people(walked: Sequence[Walked], query: SegmentQuery, now_ms: int) -> list[tuple[str, Person]]:
    reads = ReadSet()
    facts = {each.member_id: want_facts(reads, each.member_id) for each in walked}
    reads.read()
    accounts = ledger.find_accounts(ledger.points_account(each.member_id) for each in walked)
    found = []
    for each in walked:
        account = accounts.get(ledger.points_account(each.member_id))
        person = Person(
            registered_ms=each.registered_at_ms,
            tier=each.tier,
            points=account.available(now_ms) if account else 0,
            visited_ms=visited_at(each.member_id) if query.idle_days else None,
            birthday=each.birthday,
            facts=facts[each.member_id](),
        )
        found.append((each.member_id, person))
    return found
