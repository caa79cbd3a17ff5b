"""All standings are judged anew by a new ladder, slice by slice, behind all requests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from time import monotonic

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import Moved, Unreadable
from chalicelib.kernel.failures import tell
from chalicelib.kernel.store.tables import MOST_KEYS
from chalicelib.kernel.store.writes import WriteSet, unmoved
from chalicelib.kernel.sweeps import raise_failed
from chalicelib.tiers import queries
from chalicelib.tiers.actions.standings import change_standing, is_due_as
from chalicelib.tiers.rules import standing as rules
from chalicelib.tiers.rules.judging import Judging, Slice
from chalicelib.tiers.tables import LADDER, STANDING, JudgingItem, StandingItem, TiersItem, due_s

# The function ends at 300 s.
WORKING_S = 200


def begin(writes: WriteSet, version: int, now: datetime) -> None:
    """Have all standings judged by a ladder that is put with this transaction."""
    starts_at = due_s(to_ms(now)) + queries.KEPT_S
    writes.put(JudgingItem.of(Judging(version=version, starts_at=starts_at)))


def judge_by_new_ladder(now: datetime) -> int:
    """Judge the standings that are left, as far as time allows; return how many were judged.

    A slice that fails is judged again by the next run.

    Raises ExceptionGroup of the standings that nobody can read, after the others are done.
    """
    found = queries.find_judging()
    if found is None or found.is_done or to_ms(now) < found.starts_at * 1000:
        return 0
    queries.REMEMBERED.keep(LADDER, queries.find_ladder())
    until, unreadable, before = monotonic() + WORKING_S, list[Exception](), found.judged
    for keys in slices(found.cursor):
        after = found.after(_judge_slice(keys, now, unreadable), keys[-1][0] if keys else None)
        if not _marked(found, after):
            break  # Another run goes on, or a newer ladder begins anew.
        found = after
        if monotonic() >= until:
            break
    raise_failed("standings were not judged by the new ladder", unreadable)
    return found.judged - before


def slices(cursor: str | None) -> Iterator[list[tuple[str, str]]]:
    """The keys of standings beyond a cursor, so many at once; none at the end of all."""
    start = {"pk": {"S": cursor}, "sk": {"S": STANDING}} if cursor else None
    found = iter(
        TiersItem.scan(
            TiersItem.sk == STANDING, last_evaluated_key=start, attributes_to_get=["pk", "sk"]
        )
    )
    while keys := [(each.pk, each.sk) for each in islice(found, MOST_KEYS)]:
        yield keys
    yield []


def _judge_slice(keys: list[tuple[str, str]], now: datetime, unreadable: list[Exception]) -> Slice:
    slice_ = Slice()
    for pk, item in StandingItem.read_each(keys):
        try:
            if isinstance(item, Unreadable):
                raise item
            _judge(item, slice_, now)
        except Unreadable as error:
            tell("a standing was not judged", error, what=pk)
            unreadable.append(error)
    return slice_


def _judge(item: StandingItem, slice_: Slice, now: datetime) -> None:
    """Judge one standing: nothing is written if the new ladder changes nothing of it.

    Raises Unreadable.
    """
    seen, at = item.value(), queries.moment(now)
    after, why = rules.rejudged(seen, at)
    if after != seen or not is_due_as(item, after, at):
        change_standing(seen.member_id, rules.rejudged, now)
    slice_.judged += 1
    if why is not None:
        rose = at.ladder.rises(seen.tier, after.tier)
        slice_.risen += rose
        slice_.fallen += not rose


def _marked(seen: Judging, after: Judging) -> bool:
    """Keep how far it is, unless somebody else did."""
    unchanged = (JudgingItem.version == seen.version) & unmoved(JudgingItem.cursor, seen.cursor)
    writes = WriteSet()
    writes.put(JudgingItem.of(after), condition=unchanged, or_raise=Moved)
    try:
        writes.commit()
    except Moved:
        return False
    return True
