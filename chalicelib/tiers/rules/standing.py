"""A member's standing: what they have done in each month, the tier that it earned and keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from chalicelib.kernel.clock import to_ms
from chalicelib.tiers.rules import birthdays
from chalicelib.tiers.rules.ladder import BASE, METRICS, MOST_MONTHS, Ladder, Level, Metric
from chalicelib.tiers.rules.months import (
    first_counted,
    first_judged,
    kept_until,
    month_of,
    starts_at,
)

Why = Literal["activity", "refund", "review", "grant", "grant_ended", "ladder"]
# The window of a tier's beginning and that of its end, and the one that runs.
_KEPT_MONTHS = MOST_MONTHS + 1


class Sums(NamedTuple):
    """What a member did: minor units of cash, paid orders, points accrued, growth."""

    spend: int = 0
    orders: int = 0
    points: int = 0
    growth: int = 0

    def __add__(self, other: Sums) -> Sums:  # type: ignore[override]
        return Sums(*(one + more for one, more in zip(self, other, strict=True)))

    def by_metric(self) -> dict[Metric, int]:
        return dict(zip(METRICS, self, strict=True))


class Grant(msgspec.Struct, frozen=True):
    """A tier that the staff gave until a moment, in epoch milliseconds."""

    tier: str
    until_ms: int


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A member's standing; `months` are sums by the number of the month.

    `earned` is the tier by the metrics, from `earned_at_ms`, judged again at `until_ms`; it counts
    what was done from the month `counted_from` on. `held` is the tier that no refund takes away,
    kept until `held_until_ms`. `tier` is the one that counts, from `since_ms` on: the earned or the
    granted one. `gifted_year` is the last year whose birthday is done with. Of a member who was
    merged, `merged_into` counts what they do from then on.
    """

    member_id: str
    version: int = 0
    earned: str = BASE
    until_ms: int | None = None
    counted_from: int = 0
    held: str = BASE
    held_until_ms: int | None = None
    since_ms: int | None = None
    months: dict[int, Sums] = {}
    grant: Grant | None = None
    tier: str = BASE
    birthday: str | None = None
    gifted_year: int = 0
    merged_into: str | None = None

    def sums_from(self, month: int, to: int | None = None) -> Sums:
        counted = (
            sums
            for each, sums in self.months.items()
            if month <= each and (to is None or each <= to)
        )
        return sum(counted, Sums())


class Moment(NamedTuple):
    """A ladder at an instant of the program's clock."""

    ladder: Ladder
    now: datetime
    zone: ZoneInfo

    @property
    def now_ms(self) -> int:
        return to_ms(self.now)

    @property
    def month(self) -> int:
        return month_of(self.now, self.zone)

    def kept_until_ms(self, tier: str) -> int | None:
        """When a tier that is given now is judged again; None for the lowest."""
        if self.ladder.rank(tier) == 0:
            return None
        return to_ms(starts_at(kept_until(self.ladder, self.month), self.zone))


class Progress(NamedTuple):
    """How far a member is from the next tier by one metric."""

    metric: Metric
    value: int
    next_tier: str
    needed: int


def count(seen: Standing, month: int, sums: Sums, at: Moment) -> tuple[Standing, Why | None]:
    """The standing once a month has these sums, and why its tier changed, if it did."""
    before = seen.months.get(month, Sums())
    if sums == before:
        return seen, None
    # A clock that runs ahead may be in the next month already.
    kept = range(at.month - _KEPT_MONTHS, at.month + 2)
    months = {each: told for each, told in {**seen.months, month: sums}.items() if each in kept}
    after = replace(seen, months=months)
    fell = any(new < old for new, old in zip(sums, before, strict=True))
    earned = at.ladder.earned(_running(after, at).by_metric())
    if at.ladder.rank(earned) > at.ladder.rank(seen.earned):
        return changed(_upgraded(after, earned, at), "activity", at)
    if fell and at.ladder.refund_undoes_upgrade:
        return changed(_undone(after, at), "refund", at)
    return after, None


def _running(standing: Standing, at: Moment) -> Sums:
    """What counts now."""
    return standing.sums_from(first_counted(at.ladder, at.month), at.month)


def _upgraded(standing: Standing, tier: str, at: Moment) -> Standing:
    until_ms = at.kept_until_ms(tier)
    held: dict[str, object] = {}
    if not at.ladder.refund_undoes_upgrade:
        held = {"held": tier, "held_until_ms": until_ms}
    return replace(
        standing,
        earned=tier,
        until_ms=until_ms,
        counted_from=first_counted(at.ladder, at.month),
        **held,
    )


def _undone(standing: Standing, at: Moment) -> Standing:
    """The standing once a refund is seen: the tier that all else since then earns, or that is held.

    Only what a refund took is missing from these sums, however much time has passed.
    """
    sums = standing.sums_from(standing.counted_from, at.month)
    tier = at.ladder.higher(standing.held, at.ladder.earned(sums.by_metric()))
    if at.ladder.rank(tier) >= at.ladder.rank(standing.earned):
        return standing
    until_ms = standing.held_until_ms if tier == standing.held else standing.until_ms
    return replace(standing, earned=tier, until_ms=until_ms)


def review(seen: Standing, at: Moment) -> tuple[Standing, Why | None]:
    """The standing once what is due is done: a grant ended, a tier judged again."""
    after, why = seen, None
    if after.grant is not None and after.grant.until_ms <= at.now_ms:
        after, why = changed(replace(after, grant=None), "grant_ended", at)
    if after.until_ms is not None and _judged_at_ms(after.until_ms, at.ladder) <= at.now_ms:
        after, judged = changed(_judged(after, at), "review", at)
        why = judged or why
    return after, why if after.tier != seen.tier else None


def _judged_at_ms(until_ms: int, ladder: Ladder) -> int:
    return until_ms + ladder.grace_days * 86_400_000


def _judged(standing: Standing, at: Moment) -> Standing:
    ladder, first = at.ladder, first_counted(at.ladder, at.month)
    earned = ladder.earned(standing.sums_from(first, at.month).by_metric())
    before = first_judged(ladder, at.month)
    if before < first:
        last = ladder.earned(standing.sums_from(before, first - 1).by_metric())
        earned = ladder.higher(earned, last)
    if ladder.downgrade == "one_step" and ladder.rank(earned) < ladder.rank(standing.earned):
        earned = ladder.levels[ladder.rank(standing.earned) - 1].key
    until_ms = at.kept_until_ms(earned)
    return replace(
        standing,
        earned=earned,
        until_ms=until_ms,
        counted_from=first,
        held=earned,
        held_until_ms=until_ms,
    )


def rejudged(seen: Standing, at: Moment) -> tuple[Standing, Why | None]:
    """The standing by a ladder that is new: a member may have reached a higher level, and leaves
    one that is gone. Any other tier is kept for its time, as it was promised."""
    if seen.merged_into is not None:
        return seen, None
    after = _without_gone(seen, at.ladder)
    earned = at.ladder.earned(_running(after, at).by_metric())
    if at.ladder.rank(earned) > at.ladder.rank(after.earned):
        after = _upgraded(after, earned, at)
    return changed(after, "ladder", at)


def at_end(standing: Standing, at: Moment) -> str:
    """The tier once a term ends, of a member who does nothing more."""
    return changed(_judged(standing, at), "review", at)[0].tier


def _without_gone(standing: Standing, ladder: Ladder) -> Standing:
    """The standing without the levels that the ladder lacks."""
    gone: dict[str, object] = {}
    if not ladder.has(standing.earned):
        gone |= {"earned": BASE, "until_ms": None}
    if not ladder.has(standing.held):
        gone |= {"held": BASE, "held_until_ms": None}
    if standing.grant is not None and not ladder.has(standing.grant.tier):
        gone["grant"] = None
    return replace(standing, **gone) if gone else standing


def granted(seen: Standing, grant: Grant, at: Moment) -> tuple[Standing, Why | None]:
    return changed(replace(seen, grant=grant), "grant", at)


def changed(after: Standing, why: Why, at: Moment) -> tuple[Standing, Why | None]:
    """The standing with the tier that counts, and why if that changed."""
    tier = after.earned
    if after.grant is not None:
        tier = at.ladder.higher(after.grant.tier, tier)
    if tier == after.tier:
        return after, None
    return replace(after, tier=tier, since_ms=at.now_ms), why


def due_at_ms(standing: Standing, at: Moment) -> int | None:
    """When something of a standing is to be done by itself; None if nothing ever is."""
    if standing.merged_into is not None:
        return None
    due = [
        _judged_at_ms(standing.until_ms, at.ladder) if standing.until_ms is not None else None,
        standing.grant.until_ms if standing.grant else None,
    ]
    if standing.birthday is not None:
        due.append(to_ms(birthdays.due_at(standing.birthday, standing.gifted_year, at.zone)))
    return min((each for each in due if each is not None), default=None)


def until_ms(standing: Standing) -> int | None:
    """When the tier that counts is judged again, or its grant ends."""
    if standing.grant is not None and standing.tier != standing.earned:
        return standing.grant.until_ms
    return standing.until_ms


def progress(standing: Standing, at: Moment) -> list[Progress]:
    """How far it is to the next tier, by each metric that leads there: one of them is enough."""
    upper = at.ladder.next_above(standing.tier)
    if upper is None:
        return []
    sums = _running(standing, at).by_metric()
    return [_to_go(upper, metric, least, sums) for metric, least in upper.thresholds.items()]


def _to_go(upper: Level, metric: Metric, least: int, sums: Mapping[Metric, int]) -> Progress:
    value = max(0, sums[metric])
    return Progress(metric, value, upper.key, max(0, least - value))


def total(parts: Iterable[Sums]) -> Sums:
    return sum(parts, Sums())


def born(seen: Standing, birthday: str | None, at: Moment) -> Standing:
    """The standing of a member who told their birthday: one of this year that is over is past."""
    if birthday is None:
        return replace(seen, birthday=None)
    past = birthdays.last_year_done(birthday, at.now, at.zone)
    return replace(seen, birthday=birthday, gifted_year=max(past, seen.gifted_year))


def gift_year(standing: Standing, at: Moment) -> int | None:
    """The year whose birthday gift is due now, if one is."""
    if standing.birthday is None:
        return None
    due = birthdays.due_at(standing.birthday, standing.gifted_year, at.zone)
    return standing.gifted_year + 1 if due <= at.now else None
