"""What campaigns promised with an order is paid once it completes; a return takes its share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from chalicelib.campaigns.actions import rewards
from chalicelib.campaigns.queries import campaigns as queries
from chalicelib.campaigns.queries.rewards import find_promise
from chalicelib.campaigns.rules.definitions import FIRST_ORDER
from chalicelib.campaigns.rules.purchases import COMPLETED, Purchase, Saved
from chalicelib.campaigns.rules.rewards import Reward
from chalicelib.kernel import clock
from chalicelib.kernel.store.writes import WriteSet


class _Due(NamedTuple):
    """A reward that an order brings while it stands: of `whole` points, or of one coupon, so many
    are due."""

    reference: str
    source: str
    reward: Reward
    amount: int


def count_points_back(
    writes: WriteSet, before: Purchase | None, now: Purchase, _member_id: str
) -> None:
    """Promise what an order that completes brings, or make it worth what is left of the order. It
    is promised to the id of the order; the payment finds the id of today."""
    told_at = clock.now()
    for due in _due(now, was_completed=before is not None and before.state == COMPLETED):
        seen = find_promise(now.member_id, due.reference)
        if seen is not None:
            rewards.make_worth(writes, seen, due.amount, told_at)
        elif due.amount:
            rewards.promise(
                writes,
                due.reward,
                now.member_id,
                due.reference,
                told_at,
                source=due.source,
                amount=due.amount,
            )


def settle_points_back(purchase: Purchase, now: datetime) -> None:
    """Pay or take back what a purchase has changed, after it is counted. Safe to repeat."""
    for due in _due(purchase, was_completed=True):
        rewards.settle(purchase.member_id, due.reference, now)


def _due(purchase: Purchase, *, was_completed: bool) -> Iterator[_Due]:
    """What an order brings now. Nothing is looked up before it completes."""
    is_complete = purchase.state == COMPLETED
    if not (is_complete or was_completed):
        return
    for each in purchase.campaigns:
        reference, source = f"campaign:{each.id}:{purchase.order_id}", f"campaign:{each.id}"
        if each.promised:
            whole = Reward("points", each.promised)
            yield _Due(reference, source, whole, each.back if is_complete else 0)
        if (template := _coupon_of(each)) is not None:
            coupon = Reward("coupon", template_id=template)
            yield _Due(f"{reference}:coupon", source, coupon, 1 if is_complete else 0)


def _coupon_of(saved: Saved) -> str | None:
    """The template of the coupon that a first order brings."""
    campaign = queries.find_version(saved.id, saved.version)
    if campaign is None or campaign.terms.kind != FIRST_ORDER:
        return None
    effect = campaign.terms.effect.first_order
    return effect.coupon if effect else None
