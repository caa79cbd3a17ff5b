"""What is due beside the points that a member chooses, and what each step saved of that."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from chalicelib.campaigns.rules.allocation import allocated
from chalicelib.campaigns.rules.lines import MICROS, Cut, LineTerms
from chalicelib.campaigns.rules.steps import Promise, Reduction, Step


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


class Planned(NamedTuple):
    """A reduction, and its lines in the groups that it takes from in turn."""

    amount: int
    groups: tuple[tuple[int, ...], ...]


def planned(reductions: Sequence[Reduction]) -> list[Planned]:
    """How amounts off are taken, one after the other.

    Each takes first from the lines that fewer later ones are about. So its shares within a group
    change no total, and the cash due for all never rises when that for a line falls.
    """
    made = []
    for turn, each in enumerate(reductions):
        later = [frozenset(other.lines) for other in reductions[turn + 1 :]]
        groups: dict[tuple[int, ...], list[int]] = {}
        for at in each.lines:
            touching = tuple(number for number, other in enumerate(later) if at in other)
            groups.setdefault(touching, []).append(at)
        in_turn = sorted(groups, key=lambda key: (len(key), key))
        made.append(Planned(each.amount, tuple(tuple(groups[key]) for key in in_turn)))
    return made


def total_due(terms: Sequence[LineTerms], plan: Sequence[Planned], points: int) -> int:
    """The cash due for all lines beside these points."""
    return _reduced_sum(dues(terms, points), plan)


def to_pay(terms: Sequence[LineTerms], plan: Sequence[Planned], worth: int) -> int:
    """What lines cost in minor units if cash is paid wherever it replaces points; where it does
    not, a point is worth so many millionths of one."""
    points = sum(each.points for each in terms if each.equivalent is None)
    cash = [each.cash + (each.equivalent or 0) for each in terms]
    return _reduced_sum(cash, plan) + points * worth // MICROS


def _reduced_sum(left: list[int], plan: Sequence[Planned]) -> int:
    for amount, groups in plan:
        off = amount
        for at in chain.from_iterable(groups):
            some = min(off, left[at])
            left[at] -= some
            off -= some
    return sum(left)


def reduced(due: Sequence[int], plan: Sequence[Planned]) -> list[dict[int, int]]:
    """What each reduction takes from the cash due for each line, by place: in proportion to what is
    still due for the lines of a group."""
    left, taken = list(due), []
    for amount, groups in plan:
        off, shares = amount, {}
        for places in groups:
            weights = [left[at] for at in places]
            some = min(off, sum(weights))
            for at, share in zip(places, allocated(some, weights), strict=True):
                shares[at] = share
                left[at] -= share
            off -= some
        taken.append(shares)
    return taken


def settled(
    terms: Sequence[LineTerms], steps: Sequence[Step], plan: Sequence[Planned], points: int
) -> Settled:
    """What each line costs beside these points, and what each step saved of that."""
    paid = points_by_line(terms, points)
    due = list(map(LineTerms.cash_beside, terms, paid))
    applied = [each for each in steps if each.outcome.is_applied]
    taken = iter(reduced(due, plan))
    saved = _cut_savings(terms, applied, paid)
    discounts = []
    for turn, step in enumerate(applied):
        of_lines = {at: (points, cash) for at, points, cash in saved.get(turn, ())}
        for at, share in (next(taken) if step.outcome.reduction else {}).items():
            due[at] -= share
            of_lines[at] = 0, share
        savings = (Saving(at, *of_lines[at]) for at in sorted(of_lines))
        discounts.append(Discount(step, tuple(each for each in savings if each[1] or each[2])))
    back = tuple(
        made
        for each in applied
        if each.outcome.promise and (made := _points_back(each, each.outcome.promise, paid))
    )
    return Settled(tuple(map(Paid, paid, due)), tuple(discounts), back)


def _cut_savings(
    terms: Sequence[LineTerms], steps: Sequence[Step], paid: Sequence[int]
) -> dict[int, list[Saving]]:
    """What the cuts of each step saved, by the step's turn.

    A cut of points saves points as far as the line is paid in points, and cash for the rest.
    """
    by_line: dict[int, list[tuple[int, Cut]]] = {}
    for turn, step in enumerate(steps):
        for cut in step.outcome.cuts:
            by_line.setdefault(cut.at, []).append((turn, cut))
    made: dict[int, list[Saving]] = {}
    for at, turns in by_line.items():
        most = terms[at].points
        # Goods that cost no points any more had all of them off.
        points, rest, whole = (paid[at], most - paid[at], most) if most else (1, 0, 1)
        of_points, of_cash = [cut.points for _, cut in turns], [cut.equivalent for _, cut in turns]
        saved = allocated(sum(of_points) * points // whole, of_points)
        instead = allocated(sum(of_cash) * rest // whole, of_cash)
        for (turn, cut), some, more in zip(turns, saved, instead, strict=True):
            made.setdefault(turn, []).append(Saving(at, some, cut.cash + more))
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
