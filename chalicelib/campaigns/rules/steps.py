"""The steps to a price: what each campaign and coupon did for it, or why it did nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from chalicelib.campaigns.rules.lines import MICROS, Cut, Line, saved_by

CAMPAIGN, COUPON = "campaign", "coupon"

APPLIED = "applied"
# It is no price, but holds for this member now: points are multiplied when they are earned.
EARNS_MORE = "earns_more"
NOT_IN_SCOPE, OUT_OF_WINDOW = "not_in_scope", "outside_window"
NOT_IN_AUDIENCE, HELD_OUT = "not_in_audience", "held_out"
NOT_FIRST_ORDER, BELOW_THRESHOLD = "not_first_order", "below_threshold"
INCOMPLETE_SET, NOT_CHEAPER = "incomplete_set", "not_cheaper"
EXCLUDED, OTHER_PRICE = "excluded_by", "lower_price_by"
BUDGET_SPENT, LIMIT_REACHED, GIFT_GONE = "budget_spent", "limit_reached", "gift_gone"
NOT_WITH_COUPON, NOT_WITH_CAMPAIGNS = "not_with_coupon", "not_with_campaigns"
SAVES_NOTHING = "saves_nothing"


class Reduction(NamedTuple):
    """An amount off the cash that is due for the lines at these places, never more than is due."""

    amount: int
    lines: tuple[int, ...]


class Gift(NamedTuple):
    """Units that cost nothing."""

    sku: str
    quantity: int


class Promise(NamedTuple):
    """What is given once the order is complete: `percent` of the points paid for these lines, or
    fixed `points` if at least `at_least` were paid, never above `most`; or a coupon of a
    template."""

    lines: tuple[int, ...]
    most: int
    percent: int = 0
    points: int = 0
    at_least: int = 0
    template_id: str | None = None


class Ahead(NamedTuple):
    """What more goods would give: goods of `missing` more lower the price by `off` more, both in
    `unit`: points, or cash (minor units)."""

    unit: str
    missing: int
    off: int


class Outcome(NamedTuple):
    """What a campaign or a coupon would do. `needed` and `missing` are of a threshold, in `unit`:
    points, cash (minor units) or units of goods. `other` is the id of what stands in its way.
    `bundled` are the units of each line that are in sets, `freight` the points and the cash of the
    freight that is free, and `ahead` is the next step."""

    reason: str = APPLIED
    cuts: tuple[Cut, ...] = ()
    reduction: Reduction | None = None
    gift: Gift | None = None
    promise: Promise | None = None
    freight: tuple[int, int] = (0, 0)
    bundled: tuple[tuple[int, int], ...] = ()
    needed: int | None = None
    missing: int | None = None
    unit: str | None = None
    other: str | None = None
    ahead: Ahead | None = None

    @property
    def is_applied(self) -> bool:
        return self.reason == APPLIED


_REFUSED = {
    reason: Outcome(reason)
    for reason in (
        EARNS_MORE,
        NOT_IN_SCOPE,
        OUT_OF_WINDOW,
        NOT_IN_AUDIENCE,
        HELD_OUT,
        NOT_FIRST_ORDER,
        INCOMPLETE_SET,
        NOT_CHEAPER,
        BUDGET_SPENT,
        LIMIT_REACHED,
        GIFT_GONE,
        SAVES_NOTHING,
    )
}


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step to a price: the outcome of a version of a campaign, or of a coupon of a template."""

    source: str
    id: str
    kind: str
    outcome: Outcome
    version: int = 1
    title_zh: str = ""
    title_en: str = ""
    template_id: str | None = None


def refused(reason: str, other: str | None = None) -> Outcome:
    return Outcome(reason, other=other) if other else _REFUSED[reason]


def below(unit: str, needed: int, there: int) -> Outcome:
    """The refusal of goods below a threshold."""
    return Outcome(BELOW_THRESHOLD, needed=needed, missing=needed - there, unit=unit)


def points_of(outcome: Outcome) -> int:
    """The points that an outcome gives at most."""
    promised = outcome.promise.most if outcome.promise else 0
    return outcome.freight[0] + promised + sum(cut.points for cut in outcome.cuts)


def cash_of(outcome: Outcome) -> int:
    """The cash that an outcome gives at most, whatever part of the points is paid in cash."""
    off = outcome.reduction.amount if outcome.reduction else 0
    return outcome.freight[1] + off + sum(cut.cash + cut.equivalent for cut in outcome.cuts)


def value_of(outcome: Outcome, lines: Sequence[Line], worth: int) -> int:
    """What an outcome is worth to a member in minor units; that of a gift is not known."""
    if not outcome.is_applied:
        return 0
    cash = outcome.freight[1] + (outcome.reduction.amount if outcome.reduction else 0)
    points = outcome.freight[0] + (outcome.promise.most if outcome.promise else 0)
    return cash + points * worth // MICROS + saved_by(outcome.cuts, lines, worth)


def cuts_of(cuts: Iterable[Cut]) -> tuple[Cut, ...]:
    """The cuts that take something."""
    return tuple(cut for cut in cuts if cut.points or cut.cash or cut.equivalent)
