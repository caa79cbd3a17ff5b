"""Referrals: who invited whom, and whether the friend's first order has stood its time.

A referral keeps what is known of the friend's orders: the most that was paid and that went back of
each. So facts may come late, again, and in any order.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from chalicelib.earning.rules.tasks import ReferralTerms, Task, TaskLots

DAY_MS = 86_400_000
# More orders than this that all went back: nobody buys so.
MOST_ORDERS = 20
State = Literal["joined", "waiting", "paid", "undone", "refused"]
JOINED: State = "joined"
WAITING: State = "waiting"
PAID: State = "paid"
UNDONE: State = "undone"
REFUSED: State = "refused"
STATES = (JOINED, WAITING, PAID, UNDONE, REFUSED)
# Why a referral is refused, and why who invited got no points.
RING, SAME_DEVICE, SAME_MEMBER = "ring", "same_device", "same_member"


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """What is known of an order: when it was paid, how much, and what went back since.

    `order` is `mall:<id>` or `<partner>:<id>`; amounts are minor units of the program's currency.
    """

    order: str
    paid_at_ms: int
    paid: int
    refunded: int = 0

    @property
    def left(self) -> int:
        return self.paid - self.refunded

    def with_more(self, other: Seen) -> Seen:
        """Both together: amounts only grow."""
        return Seen(
            self.order,
            max(self.paid_at_ms, other.paid_at_ms),
            max(self.paid, other.paid),
            max(self.refunded, other.refunded),
        )


class Promise(msgspec.Struct, frozen=True, array_like=True):
    """What a referral pays, as the task said when the order was paid."""

    task_id: str
    points: int
    terms: ReferralTerms
    lots: TaskLots


class Referral(msgspec.Struct, frozen=True, kw_only=True):
    """A friend who registered by a member's code. `points` is what who invited got by it, and
    `order` the order that counts, of which the return window ends at `due_at_ms`."""

    referrer_id: str
    friend_id: str
    joined_at_ms: int
    state: State = JOINED
    orders: tuple[Seen, ...] = ()
    promise: Promise | None = None
    order: str | None = None
    due_at_ms: int | None = None
    points: int = 0
    friend_points: int = 0
    paid_at_ms: int | None = None
    reason: str | None = None
    version: int = 0


class Told(NamedTuple):
    """News of an order of a member's."""

    member_id: str
    seen: Seen


def with_order(referral: Referral, seen: Seen) -> Referral:
    """The referral, knowing more of an order. One paid before the friend registered is nothing."""
    known = {each.order: each for each in referral.orders}
    if seen.order in known:
        seen = known[seen.order].with_more(seen)
    elif len(known) >= MOST_ORDERS or (seen.paid and not _is_later(seen, referral)):
        return referral
    orders = tuple((known | {seen.order: seen}).values())
    return replace(referral, orders=orders)


def _is_later(order: Seen, referral: Referral) -> bool:
    """Whether an order was paid since the friend registered; shops tell times in whole seconds."""
    return order.paid_at_ms >= referral.joined_at_ms // 1000 * 1000


def counting(referral: Referral, terms: ReferralTerms) -> Seen | None:
    """The friend's first order of which enough is left."""
    good = [
        each
        for each in referral.orders
        if each.left >= terms.order_at_least and _is_later(each, referral)
    ]
    return min(good, key=lambda each: (each.paid_at_ms, each.order), default=None)


def moved(referral: Referral, task: Task | None) -> Referral:
    """The referral after news: waiting for its order, or for another one once that went back.

    `task` is the one in force; what it promises holds from the order on.
    """
    if referral.state not in (JOINED, WAITING):
        return referral
    promise = referral.promise or promise_of(task)
    first = counting(referral, promise.terms) if promise else None
    if promise is None or first is None:
        return replace(referral, state=JOINED, promise=None, order=None, due_at_ms=None)
    due = first.paid_at_ms + promise.terms.wait_days * DAY_MS
    return replace(referral, state=WAITING, promise=promise, order=first.order, due_at_ms=due)


def promise_of(task: Task | None) -> Promise | None:
    if task is None or task.referral is None:
        return None
    return Promise(task.id, task.points, task.referral, task.lots)


def is_undone(referral: Referral) -> bool:
    """Whether the order that a paid referral counts on has gone back since."""
    if referral.state != PAID or referral.promise is None:
        return False
    found = next((each for each in referral.orders if each.order == referral.order), None)
    return found is not None and found.left < referral.promise.terms.order_at_least


def paid(referral: Referral, points: int, friend_points: int, now_ms: int) -> Referral:
    return replace(
        referral,
        state=PAID,
        points=points,
        friend_points=friend_points,
        paid_at_ms=now_ms,
        due_at_ms=None,
    )


def undone(referral: Referral) -> Referral:
    return replace(referral, state=UNDONE)


def next_of(seen: Referral, after: Referral) -> Referral:
    """What is written after what was seen."""
    return replace(after, version=seen.version + 1)


def refused(referral: Referral, reason: str) -> Referral:
    return replace(referral, state=REFUSED, reason=reason, due_at_ms=None)


def reference_of(referral: Referral) -> str:
    """The reference of both sides' entries; with `:undone` behind it, of what takes them back."""
    return f"referral:{referral.friend_id}"
