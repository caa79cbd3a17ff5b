"""Texts of an order's states and price, as members read them."""

from __future__ import annotations

from chalicelib.kernel import money
from chalicelib.kernel.errors import NotAllowedInThisState, Words
from chalicelib.orders.rules.choices import Pair

STATES = {
    "awaiting_payment": Words("待付款", "Awaiting payment"),
    "awaiting_review": Words("待审核", "Awaiting review"),
    "in_review": Words("审核中", "In review"),
    "approved": Words("待发货", "To be shipped"),
    "shipped": Words("已发货", "Shipped"),
    "delivered": Words("已送达", "Delivered"),
    "completed": Words("兑换成功", "Completed"),
    "cancelled": Words("已取消", "Cancelled"),
    "rejected": Words("兑换失败", "Rejected"),
}
# Services and goods that are fetched at a counter: no parcel is on its way.
_OF_WAYS = {
    ("service", "approved"): Words("待使用", "To be used"),
    ("pickup", "approved"): Words("待自提", "To be picked up"),
}
_REFUNDED = Words("已全部退款", "Refunded in full")


# Notes of the system's own steps, and of refunds that it makes; the staff's words stand unchanged.
MISSED, LAPSED, RESCHEDULED, USED = "~missed", "~lapsed", "~rescheduled", "~used"
# Why vouchers ended without a use.
ENDED_BY = {MISSED: "missed", LAPSED: "lapsed"}
NOTES = {
    MISSED: Words("未按时到店", "Nobody came"),
    LAPSED: Words("凭证已过期", "The voucher has expired"),
    RESCHEDULED: Words("已改约", "Rescheduled"),
    USED: Words("部分已核销", "A part was used"),
}


def note_in(language: str, note: str | None) -> str | None:
    """A note as it is read."""
    words = NOTES.get(note or "")
    return words.in_language(language) if words else note


def status_words(way: str, status: str) -> Words:
    """The state as a member reads it, by the way of fulfilment."""
    return _OF_WAYS.get((way, status)) or STATES[status]


def not_allowed(way: str, status: str, *, is_refunded: bool = False) -> NotAllowedInThisState:
    """The refusal of an act, in the member's words for the order's state."""
    state = _REFUNDED if is_refunded else status_words(way, status)
    return NotAllowedInThisState(status=status).telling(state=state)


def price_words(pair: Pair, currency: str) -> Words:
    """`800 积分和 ¥19.80`, `800 points and CNY 19.80`; an amount of 0 is left out."""
    return Words(*(_price(pair, currency, language) for language in ("zh-CN", "en")))


def _price(pair: Pair, currency: str, language: str) -> str:
    points = f"{pair.points} 积分"
    if language == "en":
        points = "1 point" if pair.points == 1 else f"{pair.points} points"
    if not pair.cash:
        return points
    cash = money.spoken(pair.cash, currency, language)
    if not pair.points:
        return cash
    return f"{points} and {cash}" if language == "en" else f"{points}和 {cash}"
