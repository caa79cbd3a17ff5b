"""Past events held against other rules: what each would have given, within limits kept in memory.

The limits begin empty on the first day. They count by the day of each event, in the order in which
events were recorded; what a refund took back may be given again.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from chalicelib.earning.rules.deciding import OF_TIER, Program, decided
from chalicelib.earning.rules.decisions import MATCHED, Decision, Limits
from chalicelib.earning.rules.evaluation import Occasion
from chalicelib.earning.rules.limits import Left, Used, left_of, limited, sum_of
from chalicelib.earning.rules.orders import RefundedOrder
from chalicelib.earning.rules.refunds import Share, part_taken, share_of
from chalicelib.ledger import POINTS

# Of so many awards with limits a refund may still give points back; the oldest are left out.
MOST_ORDERS = 100_000


class Payment(NamedTuple):
    """A recorded event that earned: its order, its member, and the decisions that were kept."""

    order: str
    member_id: str
    occasion: Occasion
    recorded: Sequence[Decision]
    percent: Callable[[], int]


class Line(msgspec.Struct, frozen=True, array_like=True):
    """What events gave: `paid` then, `would` be paid now, `by_rule` of that by the replayed rule.

    `matched` are the events that the rule matched, within its limits or not.
    """

    events: int = 0
    matched: int = 0
    paid: int = 0
    would: int = 0
    by_rule: int = 0

    def __add__(self, other: Line) -> Line:
        mine, theirs = msgspec.structs.astuple(self), msgspec.structs.astuple(other)
        return Line(*(a + b for a, b in zip(mine, theirs, strict=True)))


class Award(msgspec.Struct, array_like=True):
    """Points of a rule with limits; `amount`, `skus` and `refunded` are those of its share."""

    rule_id: str
    points: int
    limits: Limits
    amount: int
    skus: frozenset[str] | None = None
    refunded: int = 0


class Awarded(msgspec.Struct, array_like=True):
    """The awards with limits of an order; `refunded` of `paid` went back so far."""

    member_id: str
    day: str
    paid: int
    awards: list[Award]
    refunded: int = 0


class Counters(msgspec.Struct):
    """All that a replay remembers of the events so far, beside its sums.

    `used` are a member's points of a rule, by a number of both; `left` is by rule; `orders` by a
    number of the order; `touched` are numbers of the members whom the replayed rule gave points.
    """

    used: dict[int, Used] = {}
    left: dict[str, int] = {}
    orders: dict[int, Awarded] = {}
    touched: set[int] = set()

    def packed(self) -> bytes:
        return zlib.compress(msgspec.msgpack.encode(self), 6)

    @classmethod
    def unpacked(cls, content: bytes) -> Counters:
        return msgspec.msgpack.decode(zlib.decompress(content), type=cls)


def pay(
    program: Program,
    rule_id: str,
    unit: str,
    counters: Counters,
    payment: Payment,
    day: date,
) -> Line:
    """What a past event gave, and what it gives now; the counters take it."""
    decisions, _ = decided(program, payment.occasion, payment.percent)
    matched = any(each.rule_id == rule_id and each.reason == MATCHED for each in decisions)
    made = _settled(counters, payment, decisions, day)
    by_rule = _points(made, unit, rule_id)
    if by_rule:
        counters.touched.add(number_of(payment.member_id))
    return Line(1, int(matched), _points(payment.recorded, unit), _points(made, unit), by_rule)


def percent_then(recorded: Sequence[Decision]) -> int | None:
    """What percentage of the usual points a member earned by their tier when these decisions were
    made; None if they do not tell."""
    for each in recorded:
        if each.rule_id == OF_TIER and each.multiplier is not None:
            return each.multiplier.percent
    return 100 if sum_of(recorded, POINTS) > 0 else None


def number_of(*names: str) -> int:
    """A number that tells a member or an order from the others."""
    return int.from_bytes(hashlib.sha256("\n".join(names).encode()).digest()[:8], "big")


def _points(decisions: Sequence[Decision], unit: str, rule_id: str | None = None) -> int:
    return sum(
        each.points
        for each in decisions
        if each.unit == unit and rule_id in (None, each.rule_id) and each.points > 0
    )


def _settled(
    counters: Counters, payment: Payment, decisions: list[Decision], day: date
) -> list[Decision]:
    """The decisions as limits leave them, as `actions.limits.settle` does it of the counters."""
    left = {
        each.rule_id: _left(counters, each, each.limits, payment.member_id, day)
        for each in decisions
        if each.limits is not None
    }
    if not left:
        return decisions
    made = limited(decisions, left)
    awards = [
        _taken(counters, each, each.limits, payment, day)
        for each in made
        if each.limits is not None and each.points
    ]
    if awards:
        paid = payment.occasion.amount or 0
        order = Awarded(payment.member_id, f"{day:%Y-%m-%d}", paid, awards)
        counters.orders[number_of(payment.order)] = order
        while len(counters.orders) > MOST_ORDERS:
            del counters.orders[next(iter(counters.orders))]
    return made


def _left(
    counters: Counters, decision: Decision, limits: Limits, member_id: str, day: date
) -> Left:
    of_member = of_budget = None
    if limits.is_of_member:
        of_member = left_of(limits, _used(counters, decision.rule_id, member_id, day))
    if limits.budget is not None:
        of_budget = counters.left.setdefault(decision.rule_id, limits.budget)
    return Left(of_member, of_budget)


def _used(counters: Counters, rule_id: str, member_id: str, day: date) -> Used:
    found = counters.used.get(number_of(rule_id, member_id))
    return found.on(day) if found else Used.none_on(day)


def _taken(
    counters: Counters, decision: Decision, limits: Limits, payment: Payment, day: date
) -> Award:
    rule_id, points = decision.rule_id, decision.points
    if limits.is_of_member:
        used = _used(counters, rule_id, payment.member_id, day)
        counters.used[number_of(rule_id, payment.member_id)] = used.with_more(points)
    if limits.budget is not None:
        counters.left[rule_id] -= points
    share = share_of(decision, payment.occasion.items, payment.occasion.amount or 0)
    return Award(rule_id, points, limits, share.amount, share.skus)


def give_back(counters: Counters, order: str, refund: RefundedOrder, day: date) -> None:
    """Let limits have back what a refund takes of the awards of an order in the period."""
    found = counters.orders.get(number_of(order))
    if found is None:
        return
    then = date.fromisoformat(found.day)
    for each in found.awards:
        share = Share(each.amount, each.skus)
        points, each.refunded = part_taken(
            share, refund, found.paid, found.refunded, each.refunded, each.points
        )
        if not points:
            continue
        if each.limits.is_of_member:
            used = _used(counters, each.rule_id, found.member_id, day).without(points, then)
            counters.used[number_of(each.rule_id, found.member_id)] = used
        if each.limits.budget is not None:
            counters.left[each.rule_id] += points
    found.refunded += refund.amount


def total_of(lines: Mapping[str, Line]) -> Line:
    """The sum of all days."""
    return sum(lines.values(), Line())
