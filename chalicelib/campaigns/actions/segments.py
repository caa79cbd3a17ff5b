"""Segments and lists: ordered by the staff, told to members' facts by a job, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.campaigns.queries import segments as queries
from chalicelib.campaigns.rules import segments as rules
from chalicelib.campaigns.rules.segments import IDS_A_PART, LIST, MemberAudience, query_faults
from chalicelib.campaigns.tables.people import MemberFactsItem
from chalicelib.campaigns.tables.segments import AudienceItem, AudiencePartItem
from chalicelib.kernel.clock import end_of, program_day, to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import IdempotencyKeyReused, Invalid, Moved
from chalicelib.kernel.store.writes import (
    WriteSet,
    replay_outranks_refusal,
    update_alone,
    with_fresh_reads,
)
from chalicelib.kernel.sweeps import each, raise_failed
from chalicelib.members import walk_members


class _Told(NamedTuple):
    """Whether a member belongs to an audience, and did so far by what is known of them."""

    member_id: str
    is_in: bool
    was_in: bool


def create_audience(
    asked: MemberAudience, member_ids: Sequence[str], content: bytes, act: Act
) -> tuple[MemberAudience, bool]:
    """Order a segment or a list, whose members a job tells: (audience, replayed).

    Raises Invalid, IdempotencyKeyReused.
    """

    def write() -> MemberAudience:
        faults = list(query_faults(asked.query)) if asked.query else []
        if faults:
            raise Invalid(*faults)
        parts = [member_ids[at : at + IDS_A_PART] for at in range(0, len(member_ids), IDS_A_PART)]
        made = replace(asked, parts=len(parts), due_at_ms=asked.created_at_ms)
        writes = WriteSet()
        writes.put_new(AudienceItem.of(made, content), or_raise=IdempotencyKeyReused)
        for number, ids in enumerate(parts):
            writes.put(AudiencePartItem(*AudiencePartItem.key(made.id, number), ids=list(ids)))
        audit.record_change(writes, act, None, made)
        writes.commit()
        return made

    def find() -> MemberAudience | None:
        item = replay_of(queries.stored_audience(asked.id), content)
        return item.audience if item else None

    return replay_outranks_refusal(write, find)


def tell_again(audience_id: str, act: Act, now: datetime) -> MemberAudience:
    """Have a job tell the members of a segment or a list anew.

    Raises NotFound.
    """

    def write() -> MemberAudience:
        item = queries.find_audience_item(audience_id)
        after, writes = rules.begun(item.audience, now), WriteSet()
        _put(writes, item, after)
        audit.record_change(writes, act, item.audience, after)
        writes.commit()
        return after

    return with_fresh_reads(write)


def sweep_audiences(now: datetime, is_over: Callable[[], bool]) -> int:
    """Tell the members of what is due until the run is over; how many pages. The next run goes on
    where this one stopped, also after a crash.

    Raises ExceptionGroup of the failures, after the others are done.
    """
    failed: list[Exception] = []
    due = list(queries.due_audiences(to_ms(now) // 1000))
    done = each(due, lambda audience_id: _tell(audience_id, now, is_over), failed)
    raise_failed("members of audiences were not told", failed)
    return done


def _tell(audience_id: str, now: datetime, is_over: Callable[[], bool]) -> int:
    item, pages = queries.find_audience_item(audience_id), 0
    if item.audience.due_at_ms is None:
        return 0
    for cursor, belongs in _pages(item.audience, now):
        if is_over():
            return pages
        for each_one in belongs:
            _mark(item.audience, each_one)
        found = sum(each_one.is_in for each_one in belongs)
        if not _saved(item, rules.walked(item.audience, cursor, found)):
            return pages
        pages += 1
        item = queries.find_audience_item(audience_id)
    tomorrow = end_of(program_day(now)) + timedelta(hours=1)
    _saved(
        item, rules.finished(item.audience, now, None if item.audience.kind == LIST else tomorrow)
    )
    return pages


def _pages(audience: MemberAudience, now: datetime) -> Iterable[tuple[str, list[_Told]]]:
    """What is left to tell: the place after each page, and who belongs to the audience."""
    if audience.kind == LIST:
        first = 0 if audience.cursor is None else int(audience.cursor) + 1
        for number in range(first, audience.parts):
            ids = queries.ids_of_part(audience.id, number)
            yield str(number), [_Told(member_id, is_in=True, was_in=False) for member_id in ids]
        return
    query, local = audience.query, now.astimezone(config().time_zone)
    assert query is not None, "a segment has a query"
    for page in walk_members(audience.cursor):
        people = queries.people(page, query, to_ms(now))
        told = [
            _Told(
                member_id,
                is_in=rules.is_found(query, person, local),
                was_in=audience.id in person.facts.segments,
            )
            for member_id, person in people
        ]
        yield page[-1].member_id, told


def _mark(audience: MemberAudience, told: _Told) -> None:
    """Write only what changes; safe to repeat."""
    key, kind = MemberFactsItem.key(told.member_id), MemberFactsItem
    names = kind.lists if audience.kind == LIST else kind.segments
    if told.is_in and not told.was_in:
        update_alone(key, [names.add({audience.id})])
    elif told.was_in and not told.is_in:
        update_alone(key, [names.delete({audience.id})])


def _put(writes: WriteSet, seen: AudienceItem, after: MemberAudience) -> None:
    same = AudienceItem.version == seen.version
    writes.put(AudienceItem.of(after, seen.content), condition=same, or_raise=Moved)


def _saved(seen: AudienceItem, after: MemberAudience) -> bool:
    """Whether a page is kept; another run or a new order may have been faster."""
    writes = WriteSet()
    _put(writes, seen, after)
    try:
        writes.commit()
    except Moved:
        return False
    return True
