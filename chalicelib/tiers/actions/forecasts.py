"""Forecasts of a ladder: ordered once, looked at in rounds, each saved whole or not at all.

A forecast's item is its own message: each put of one that is not over makes the relay of the
table's stream publish a fact. No standing is written.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import asdict, replace

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.kernel import clock
from chalicelib.kernel.clock import from_ms, to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import IdempotencyKeyReused, Unreadable
from chalicelib.kernel.store.writes import (
    WriteSet,
    replay_outranks_refusal,
    unmoved,
    was_written,
)
from chalicelib.tiers import queries
from chalicelib.tiers.actions.judging import slices
from chalicelib.tiers.actions.ladders import check_ladder
from chalicelib.tiers.rules.forecasts import Forecast, Tally
from chalicelib.tiers.rules.ladder import Ladder, LadderDraft
from chalicelib.tiers.rules.standing import Moment
from chalicelib.tiers.tables import ForecastItem, StandingItem


def start_forecast(
    job_id: str, draft: LadderDraft, content: bytes, act: Act, now: datetime
) -> tuple[Forecast, bool]:
    """Order a forecast: (forecast, replayed).

    Raises Invalid, IdempotencyKeyReused.
    """

    def write() -> Forecast:
        check_ladder(draft)
        version = queries.find_ladder().version + 1
        made = Forecast(
            id=job_id,
            ladder=Ladder(**asdict(draft), version=version),
            made_by=act.actor.member_id,
            content=content,
            created_at_ms=to_ms(now),
            moved_at_ms=to_ms(now),
        )
        writes = WriteSet()
        writes.put_new(ForecastItem.of(made), or_raise=IdempotencyKeyReused)
        audit.record(writes, act.changing({}, {"job": job_id}))
        writes.commit()
        return made

    return replay_outranks_refusal(write, lambda: replay_of(queries.find_forecast(job_id), content))


def continue_forecast(job_id: str, round_: int, enough: Callable[[], bool]) -> None:
    """Look at standings until all are seen or `enough` is true after a slice.

    A message that comes twice or late finds the forecast in a later round and does nothing.
    """
    seen = queries.find_forecast(job_id)
    if seen is None or seen.is_done or seen.round != round_:
        return
    after = seen
    for keys in slices(seen.cursor):
        after = after.with_slice(_tally(keys, after), keys[-1][0] if keys else None)
        if enough():
            break
    after = replace(after, round=seen.round + 1, moved_at_ms=to_ms(clock.now()))
    same = unmoved(ForecastItem.round, seen.round)
    was_written(lambda: ForecastItem.of(after).save(condition=same))


def _tally(keys: list[tuple[str, str]], forecast: Forecast) -> Tally:
    at = Moment(forecast.ladder, from_ms(forecast.created_at_ms), config().time_zone)
    tally = Tally()
    for _, item in StandingItem.read_each(keys):
        try:
            if isinstance(item, Unreadable):
                raise item
            tally.add(item.value(), at)
        except Unreadable:
            tally.unreadable += 1
    return tally
