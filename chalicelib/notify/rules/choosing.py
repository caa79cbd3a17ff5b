"""The choice of facts that become news of a member.

News hold only the fields that notices show, so a code in a fact goes no further.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from chalicelib.coupons import CouponFact, CouponGranted, CouponLapsing, CouponReceived
from chalicelib.ledger import ERASURE, AccountStatusChanged, EntryRecorded, PointsExpiring
from chalicelib.members import MemberRegistered, MembersJoined, NewDevice
from chalicelib.notify.rules import accounts, returns
from chalicelib.notify.rules.news import (
    TRANSFER,
    CashEvent,
    CashNews,
    Change,
    CouponNews,
    DeviceNews,
    Earned,
    Expiring,
    News,
    OrderNews,
    PointsNews,
    Received,
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

WRITTEN_OFF = ":written_off"
CHECK_IN = "check_in:"
REFERRAL = "referral:"
CLAIMED, BOUGHT, BY_CODE = "claim", "points", "code:"
_CHANGES: dict[str, Change] = {
    "transfer_out": "sent",
    "clawback": "clawed_back",
    "expiry": "expired",
    "unlock": "unlocked",
}


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


def _of_entry(told: EntryRecorded) -> News | None:
    if told.source == ERASURE:
        return None
    about: dict[str, Any] = {
        "member_id": told.member_id,
        "entry_id": told.entry_id,
        "unit": told.unit,
        "balance_after": told.balance_after,
    }
    if told.type == "accrual":
        # Who checks in each day sees the points at once: a notice each day would be noise.
        is_told = told.points > 0 and not told.reference.startswith(CHECK_IN)
        return Earned(points=told.points, referral_of=_side(told), **about) if is_told else None
    if told.type == "transfer_in":
        return Received(
            points=told.moved, reference=told.reference, source=told.source, note=told.note, **about
        )
    change = _change(told)
    # Pending points move nothing when they unlock: the notice shows the points that unlock.
    points = told.points if change == "unlocked" else abs(told.moved)
    if change is None or points <= 0:
        return None
    is_gift = told.reference.startswith(TRANSFER)
    transfer_id = told.reference.split(":")[1] if is_gift else None
    return PointsNews(change=change, points=points, transfer_id=transfer_id, **about)


def _side(told: EntryRecorded) -> Literal["inviter", "friend"] | None:
    """Whose reward of a referral an entry is; its reference names the friend."""
    if not told.reference.startswith(REFERRAL):
        return None
    return "friend" if told.reference == f"{REFERRAL}{told.member_id}" else "inviter"


def _change(told: EntryRecorded) -> Change | None:
    if told.type == "reversal":
        return "returned" if told.reference.startswith(TRANSFER) else None
    if told.type == "adjustment":
        if told.reference.endswith(WRITTEN_OFF):
            return None
        return "added" if told.moved > 0 else "taken"
    if told.type == "clawback" and told.reference.startswith(REFERRAL):
        return "referral_undone"
    return _CHANGES.get(told.type)


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
    EntryRecorded: _of_entry,
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
