"""What a refund takes back of the points of a rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chalicelib.earning.rules.decisions import Decision
from chalicelib.earning.rules.items import SoldItem
from chalicelib.earning.rules.orders import RefundedOrder
from chalicelib.ledger import pro_rata


class Share(NamedTuple):
    """The part of a payment that a rule counted: so much of it, and these goods.

    `skus` is None of a rule that counted the whole order.
    """

    amount: int
    skus: frozenset[str] | None = None


def share_of(decision: Decision | None, items: Sequence[SoldItem], paid: int) -> Share:
    """The share of a decision in a payment; the whole of it where items are not known."""
    if decision is None or decision.matched is None or not items:
        return Share(paid)
    bits = int(decision.matched, 16)
    matched = [item for number, item in enumerate(items) if bits >> number & 1]
    return Share(sum(item.amount for item in matched), frozenset(each.sku for each in matched))


def refunded_of(share: Share, refund: RefundedOrder, paid: int, before: int, so_far: int) -> int:
    """How much of a share a refund gives back: that of its items, or its part of the payment.

    `before` of the payment was refunded, `so_far` of the share. A refund of all that is left gives
    back all of the share.
    """
    left = share.amount - so_far
    if before + refund.amount >= paid:
        return left
    if share.skus is None:
        return min(left, refund.amount)
    if refund.items:
        own = sum(item.amount for item in refund.items if item.sku in share.skus)
        return min(left, own)
    part = share.amount * (before + refund.amount) // paid - share.amount * before // paid
    return min(left, part)


def part_taken(
    share: Share, refund: RefundedOrder, paid: int, before: int, of_rule: int, granted: int
) -> tuple[int, int]:
    """The points that a refund takes of an award of `granted`, and what was refunded of its share.

    `before` of the payment was refunded, `of_rule` of the share of a rule by items; the second
    number is 0 of a rule that counted the whole order.
    """
    is_part = share.skus is not None
    so_far = of_rule if is_part else before
    amount = refunded_of(share, refund, paid, before, so_far)
    points = taken_back(granted, share.amount, so_far, amount)
    return points, so_far + amount if is_part else 0


def taken_back(granted: int, paid: int, before: int, amount: int) -> int:
    """The points that a refund of `amount` takes, after `before` of `paid` was refunded."""
    if not paid:
        return 0
    return pro_rata(granted, paid, before + amount) - pro_rata(granted, paid, before)
