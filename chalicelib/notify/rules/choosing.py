"""The choice of facts that become news of a member.

News hold only the fields that notices show, so a code in a fact goes no further.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from chalicelib.coupons import CouponFact, CouponGranted, CouponLapsing, CouponReceived
from chalicelib.ledger import AccountStatusChanged, EntryRecorded, PointsExpiring
from chalicelib.members import MemberRegistered, MembersJoined, NewDevice
from chalicelib.notify.rules import accounts, entries, returns
from chalicelib.notify.rules.news import (
    CashEvent,
    CashNews,
    CouponNews,
    DeviceNews,
    Expiring,
    News,
    OrderNews,
    ReturnNews,
    ReviewNews,
    TierNews,
    Welcome,
    WithdrawalNews,
)
from chalicelib.orders import (
    OrderApproved,
    OrderAwaitingReview,
    OrderCancelled,
    OrderCash,
    OrderChanged,
    OrderCompleted,
    OrderDelivered,
    OrderMissed,
    OrderRefunded,
    OrderRejected,
    OrderRescheduled,
    OrderShipped,
    ReturnApproved,
    ReturnChanged,
    ReturnClosed,
    ReturnReceived,
    ReturnRejected,
    ReturnRequested,
    ReturnWithdrawn,
    ReviewPublished,
    ReviewReplied,
)
from chalicelib.payments import RefundByHand, RefundChanged, RefundFailed, RefundSucceeded
from chalicelib.tiers import TierDowngraded, TierUpgraded
from chalicelib.withdrawals import (
    WithdrawalApproved,
    WithdrawalChanged,
    WithdrawalFailed,
    WithdrawalPaid,
    WithdrawalRejected,
    WithdrawalReturned,
)

CLAIMED, BOUGHT, BY_CODE = "claim", "points", "code:"


def news_of(told: Any) -> News | None:
    """The news in the data of a fact; None if there are none.

    Raises msgspec.ValidationError.
    """
    make = _NEWS.get(type(told))
    return None if make is None else make(told)


def _welcome(told: MemberRegistered) -> News:
    return Welcome(told.member_id)


def _new_device(told: NewDevice) -> News:
    return DeviceNews(told.member_id, told.session_id, told.device, told.at, told.network)


def _expiring(told: PointsExpiring) -> News:
    return Expiring(told.member_id, told.unit, told.points, told.expires_at, told.days)


def _of_order(told: OrderChanged) -> News:
    parcel = (
        (told.carrier, told.tracking_number) if isinstance(told, OrderShipped) else (None, None)
    )
    status = told.TYPE.removeprefix("order.")
    if isinstance(told, OrderCompleted) and told.ended:
        status = f"completed_{told.ended}"
    is_fetched = told.kind == "physical" and told.store_id is not None
    return OrderNews(
        told.member_id,
        told.order_id,
        status,
        "pickup" if is_fetched else told.kind,
        told.title,
        told.lines,
        told.points,
        told.cash,
        told.currency,
        *parcel,
        reason=told.reason if isinstance(told, OrderRejected) else None,
        booked_at=told.booked_at,
    )


def _of_refund(told: OrderRefunded) -> News | None:
    if told.order_status in ("cancelled", "rejected"):
        return None  # the notice of the order's end tells its refund
    return OrderNews(
        told.member_id,
        told.order_id,
        "refunded",
        told.kind,
        told.title,
        told.lines,
        told.points,
        told.cash,
        told.currency,
        reason=told.reason,
    )


def _of_return(told: ReturnChanged) -> News | None:
    parcel = told if isinstance(told, ReturnClosed) else None
    news = ReturnNews(
        told.member_id,
        told.return_id,
        told.order_id,
        told.TYPE.removeprefix("return."),
        told.kind,
        told.title,
        told.lines,
        told.by,
        told.due_at,
        told.instructions if isinstance(told, ReturnApproved) else None,
        told.reason if isinstance(told, ReturnRejected) else None,
        parcel.carrier if parcel else None,
        parcel.tracking_number if parcel else None,
    )
    return news if returns.words_of(news) else None


def _of_money(told: OrderCash) -> News:
    """Raises msgspec.ValidationError for an event of a newer release."""
    event = msgspec.convert(told.event, CashEvent)
    return CashNews(
        told.member_id,
        told.order_id,
        event,
        told.amount,
        told.currency,
        told.title,
        told.lines,
        told.expected_by,
    )


def _of_refunded_cash(event: CashEvent) -> Callable[[RefundChanged], News]:
    def made(told: RefundChanged) -> News:
        return CashNews(
            told.member_id,
            told.order_id,
            event,
            told.amount,
            told.currency,
            expected_by=told.expected_by,
        )

    return made


def _of_withdrawal(status: str) -> Callable[[WithdrawalChanged], News]:
    def made(told: WithdrawalChanged) -> News:
        return WithdrawalNews(
            told.member_id, told.withdrawal_id, status, told.amount, told.currency, told.reason
        )

    return made


def _of_review(told: ReviewPublished | ReviewReplied) -> News:
    event: Literal["published", "replied"] = (
        "published" if isinstance(told, ReviewPublished) else "replied"
    )
    return ReviewNews(
        told.member_id, told.review_id, told.order_id, told.product_id, event, told.title
    )


def _of_tier(told: TierUpgraded | TierDowngraded) -> News:
    event: Literal["upgraded", "downgraded"] = (
        "upgraded" if isinstance(told, TierUpgraded) else "downgraded"
    )
    return TierNews(told.member_id, told.tier, event, told.title, told.why, told.until)


def _of_coupon(told: CouponFact) -> News | None:
    """None for a coupon that a member took for themselves: they see it at once."""
    if isinstance(told, CouponGranted) and told.source in (BOUGHT, CLAIMED):
        return None
    if isinstance(told, CouponGranted) and told.source.startswith(BY_CODE):
        return None
    event: Literal["granted", "received", "lapsing"] = "granted"
    if not isinstance(told, CouponGranted):
        event = "lapsing" if isinstance(told, CouponLapsing) else "received"
    return CouponNews(told.member_id, told.coupon_id, event, told.title, told.valid_until)


_NEWS: dict[type[Any], Callable[[Any], News | None]] = {
    MemberRegistered: _welcome,
    MembersJoined: accounts.of_merge,
    NewDevice: _new_device,
    EntryRecorded: entries.of_entry,
    PointsExpiring: _expiring,
    AccountStatusChanged: accounts.of_status,
    OrderAwaitingReview: _of_order,
    OrderApproved: _of_order,
    OrderShipped: _of_order,
    OrderDelivered: _of_order,
    OrderCompleted: _of_order,
    OrderRescheduled: _of_order,
    OrderMissed: _of_order,
    OrderCancelled: _of_order,
    OrderRejected: _of_order,
    OrderRefunded: _of_refund,
    OrderCash: _of_money,
    ReturnRequested: _of_return,
    ReturnApproved: _of_return,
    ReturnRejected: _of_return,
    ReturnReceived: _of_return,
    ReturnClosed: _of_return,
    ReturnWithdrawn: _of_return,
    RefundSucceeded: _of_refunded_cash("refund_succeeded"),
    RefundFailed: _of_refunded_cash("refund_failed"),
    RefundByHand: _of_refunded_cash("refund_by_hand"),
    ReviewPublished: _of_review,
    ReviewReplied: _of_review,
    TierUpgraded: _of_tier,
    TierDowngraded: _of_tier,
    CouponGranted: _of_coupon,
    CouponReceived: _of_coupon,
    CouponLapsing: _of_coupon,
    WithdrawalApproved: _of_withdrawal("approved"),
    WithdrawalRejected: _of_withdrawal("rejected"),
    WithdrawalPaid: _of_withdrawal("paid"),
    WithdrawalFailed: _of_withdrawal("failed"),
    WithdrawalReturned: _of_withdrawal("returned"),
}
# The facts that may be news.
NEWS_FACTS = tuple(_NEWS)
