"""What is due beside the points that a member chooses, and what each step saved of that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chalicelib.campaigns.rules.allocation import allocated
from chalicelib.campaigns.rules.lines import LineTerms
from chalicelib.campaigns.rules.steps import APPLIED, Promise, Reduction, Step


class Paid(NamedTuple):
    """The points and the cash that are paid for a line, for all its units."""

    points: int
    cash: int


class Saving(NamedTuple):
    """What a step saved of the line at a place."""

    at: int
    points: int = 0
    cash: int = 0


class Discount(NamedTuple):
    """What a step saved, line by line; points and cash have those of freight too."""

    step: Step
    savings: tuple[Saving, ...]

    @property
    def points(self) -> int:
        return self.step.outcome.freight[0] + sum(each.points for each in self.savings)

    @property
    def cash(self) -> int:
        return self.step.outcome.freight[1] + sum(each.cash for each in self.savings)


class PointsBack(NamedTuple):
    """Points that a step gives once the order is complete, in parts by line."""

    step: Step
    points: int
    by_line: tuple[Saving, ...]


class Settled(NamedTuple):
    """What each line costs; `discounts` are of the steps that apply, in their order. What a line
    would have cost at the same choice is what it costs and all that was saved of it."""

    lines: tuple[Paid, ...]
    discounts: tuple[Discount, ...] = ()
    points_back: tuple[PointsBack, ...] = ()

    @property
    def points(self) -> int:
        return sum(each.points for each in self.lines)

    @property
    def cash(self) -> int:
        return sum(each.cash for each in self.lines)


def points_by_line(terms: Sequence[LineTerms], points: int) -> list[int]:
    """Points by line: each gets its least; the rest fills the lines in the order given.

    `points` lie between the sums of the least and of the most.
    """
    left = points - sum(each.least for each in terms)
    shares = []
    for each in terms:
        more = min(left, each.points - each.least)
        shares.append(each.least + more)
        left -= more
    assert left == 0, "nobody offers more than the goods cost"
    return shares


def dues(terms: Sequence[LineTerms], points: int) -> list[int]:
    """The cash of each line beside these points, before reductions."""
    return list(map(LineTerms.cash_beside, terms, points_by_line(terms, points)))


def total_due(terms: Sequence[LineTerms], reductions: Sequence[Reduction], points: int) -> int:
    """The cash due for all lines beside these points."""
    left = dues(terms, points)
    return sum(left) - sum(map(sum, reduced(left, reductions)))


def reduced(due: Sequence[int], reductions: Sequence[Reduction]) -> list[list[int]]:
    """What each reduction takes from the cash due for each line, one after the other.

    A reduction takes first from lines that fewer later reductions are about. So its shares there
    change no total, and the cash due never rises when that of a line falls. Among equal lines it
    takes in proportion to what is still due.
    """
    left, taken = list(due), []
    for turn, each in enumerate(reductions):
        shares = [0] * len(left)
        amount = each.amount
        for places in _groups(each, reductions[turn + 1 :]):
            weights = [left[at] for at in places]
            some = min(amount, sum(weights))
            for at, share in zip(places, allocated(some, weights), strict=True):
                shares[at] = share
                left[at] -= share
            amount -= some
        taken.append(shares)
    return taken


def _groups(reduction: Reduction, later: Sequence[Reduction]) -> list[list[int]]:
    """The lines of a reduction, those together that the same later reductions are about."""
    if not later:
        return [list(reduction.lines)]
    found: dict[tuple[int, ...], list[int]] = {}
    for at in reduction.lines:
        touching = tuple(turn for turn, each in enumerate(later) if at in each.lines)
        found.setdefault(touching, []).append(at)
    return [found[key] for key in sorted(found, key=lambda key: (len(key), key))]


def settled(terms: Sequence[LineTerms], steps: Sequence[Step], points: int) -> Settled:
    """What each line costs beside these points, and what each step saved of that."""
    paid = points_by_line(terms, points)
    due = list(map(LineTerms.cash_beside, terms, paid))
    applied = [each for each in steps if each.outcome.reason == APPLIED]
    off = [each.outcome.reduction for each in applied if each.outcome.reduction]
    taken = iter(reduced(due, off))
    saved = _cut_savings(terms, applied, paid)
    discounts = []
    for turn, step in enumerate(applied):
        shares = next(taken) if step.outcome.reduction else [0] * len(due)
        for at, share in enumerate(shares):
            due[at] -= share
        savings = (
            Saving(at, *_sum(saved.get((turn, at)), share)) for at, share in enumerate(shares)
        )
        discounts.append(Discount(step, tuple(each for each in savings if each[1] or each[2])))
    back = tuple(
        made
        for each in applied
        if each.outcome.promise and (made := _points_back(each, each.outcome.promise, paid))
    )
    return Settled(tuple(map(Paid, paid, due)), tuple(discounts), back)


def _sum(cut: tuple[int, int] | None, share: int) -> tuple[int, int]:
    return (0, share) if cut is None else (cut[0], cut[1] + share)


def _cut_savings(
    terms: Sequence[LineTerms], steps: Sequence[Step], paid: Sequence[int]
) -> dict[tuple[int, int], tuple[int, int]]:
    """What the cuts of each step saved of each line, by the step's turn and the line's place.

    A cut of points saves points as far as the line is paid in points, and cash for the rest.
    """
    by_line: dict[int, list[tuple[int, int, int, int]]] = {}
    for turn, step in enumerate(steps):
        for cut in step.outcome.cuts:
            by_line.setdefault(cut.at, []).append((turn, cut.points, cut.cash, cut.equivalent))
    made: dict[tuple[int, int], tuple[int, int]] = {}
    for at, cuts in by_line.items():
        most = terms[at].points
        points, rest = (paid[at], most - paid[at]) if most else (1, 0)
        cut_points, cut_cash = [each[1] for each in cuts], [each[3] for each in cuts]
        saved_points = allocated(sum(cut_points) * points // (most or 1), cut_points)
        saved_cash = allocated(sum(cut_cash) * rest // (most or 1), cut_cash)
        for each, some, more in zip(cuts, saved_points, saved_cash, strict=True):
            made[each[0], at] = some, each[2] + more
    return made


def _points_back(step: Step, promise: Promise, paid: Sequence[int]) -> PointsBack | None:
    there = [paid[at] for at in promise.lines]
    if sum(there) < promise.at_least:
        return None
    points = min(promise.points + sum(there) * promise.percent // 100, promise.most)
    if not points:
        return None
    weights = there if any(there) else [1] * len(there)
    shares = allocated(points, weights)
    return PointsBack(step, points, tuple(map(Saving, promise.lines, shares)))
