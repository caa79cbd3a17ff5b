"""News of an order by status."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from chalicelib.kernel.clock import shown
from chalicelib.kernel.errors import Words
from chalicelib.kernel.money import spoken
from chalicelib.kernel.spelling import plainly, quoted
from chalicelib.notify.rules.news import OrderNews
from chalicelib.notify.rules.points import POINTS, amount
from chalicelib.orders import note_in

SIGNATURE = Words("【积分商城】", "[Jifen] ")


class OrderWords(NamedTuple):
    """The words of an order status; `sms_for` are the kinds of goods that get a text message."""

    title: Words
    text: Words
    sms_for: frozenset[str] = frozenset()


_ANY_KIND = frozenset({"physical", "virtual", "service"})
_ORDER_WORDS = {
    "awaiting_review": OrderWords(
        Words("兑换已提交", "Redemption received"),
        Words(
            "您兑换的{goods}已提交{spent}，正在等待审核。",
            "Your redemption of {goods}{spent} was received and waits for review.",
        ),
        _ANY_KIND,
    ),
    "approved": OrderWords(
        Words("兑换已确认", "Redemption approved"),
        Words(
            "您兑换的{goods}已确认，正在为您安排。",
            "Your redemption of {goods} is approved and being prepared.",
        ),
    ),
    "shipped": OrderWords(
        Words("已发货", "Shipped"),
        Words("您兑换的{goods}已发货{parcel}。", "Your {goods} has been shipped{parcel}."),
        _ANY_KIND,
    ),
    "delivered": OrderWords(
        Words("已送达", "Delivered"),
        Words(
            "您兑换的{goods}已送达，请确认收货。",
            "Your {goods} has been delivered. Please confirm that you have it.",
        ),
    ),
    "completed": OrderWords(
        Words("兑换成功", "Redemption completed"),
        Words("您兑换的{goods}已完成。", "Your redemption of {goods} is complete."),
    ),
    "cancelled": OrderWords(
        Words("兑换已取消", "Redemption cancelled"),
        Words(
            "您兑换的{goods}已取消{refund}。", "Your redemption of {goods} was cancelled{refund}."
        ),
    ),
    "refunded": OrderWords(
        Words("退款已办理", "Refund made"),
        Words("您兑换的{goods}已办理退款{refund}。", "A refund of {goods} was made{refund}."),
    ),
    "rejected": OrderWords(
        Words("兑换失败", "Redemption declined"),
        Words(
            "您兑换的{goods}未通过审核{refund}。",
            "Your redemption of {goods} was declined{refund}.",
        ),
        _ANY_KIND,
    ),
    "rescheduled": OrderWords(
        Words("已改约", "Rescheduled"),
        Words("您预约的{goods}已改约{booked}。", "Your booking of {goods} was moved{booked}."),
    ),
    "missed": OrderWords(
        Words("您未按时到店", "You missed your booking"),
        Words(
            "您预约的{goods}已过预约时间，可在订单中改约。",
            "The time of your booking of {goods} has passed. You may choose another in your order.",
        ),
    ),
    "completed_missed": OrderWords(
        Words("预约已过期", "Booking missed"),
        Words(
            "您预约的{goods}未按时到店，预约已失效。",
            "The time of your booking of {goods} has passed, and it can no longer be used.",
        ),
    ),
    "completed_lapsed": OrderWords(
        Words("凭证已过期", "Voucher expired"),
        Words(
            "您兑换的{goods}未在有效期内使用，凭证已失效。",
            "Your voucher for {goods} was not used in time and has expired.",
        ),
    ),
}
# The words of goods without a parcel, by kind and status.
_OF_KINDS = {
    ("virtual", "completed"): OrderWords(
        Words("兑换成功", "Redemption completed"),
        # The codes follow by another queue.
        Words(
            "您兑换的{goods}已成功，卡券码随后可在订单中查看。",
            "Your redemption of {goods} is complete. Its codes follow in your order.",
        ),
        frozenset({"virtual"}),
    ),
    ("pickup", "approved"): OrderWords(
        Words("可到店自提", "Ready to be picked up"),
        Words(
            "您兑换的{goods}已备好，请凭订单中的提货码到店领取。",
            "Your {goods} can be picked up at the store with the code in your order.",
        ),
        frozenset({"pickup"}),
    ),
    ("pickup", "awaiting_review"): _ORDER_WORDS["awaiting_review"]._replace(
        sms_for=frozenset({"pickup"})
    ),
    ("pickup", "completed"): OrderWords(
        Words("已提货", "Picked up"),
        Words("您兑换的{goods}已在门店领取。", "Your {goods} was picked up at the store."),
    ),
    ("service", "approved"): OrderWords(
        Words("预约成功", "Booked"),
        Words(
            "您已成功预约{goods}{booked}，请按时到店使用。",
            "Your {goods} is booked{booked}. Please come in time.",
        ),
        frozenset({"service"}),
    ),
    ("service", "completed"): OrderWords(
        Words("已使用", "Used"),
        Words("您预约的{goods}已使用，期待再次光临。", "You have used {goods}. See you again."),
    ),
    ("service", "cancelled"): OrderWords(
        Words("预约已取消", "Booking cancelled"),
        Words("您预约的{goods}已取消{refund}。", "Your booking of {goods} was cancelled{refund}."),
    ),
}


def goes_by_sms(news: OrderNews) -> bool:
    """Whether the buyer gets a text message too."""
    return news.kind in _words_of(news).sms_for


def _words_of(news: OrderNews) -> OrderWords:
    return _OF_KINDS.get((news.kind, news.status)) or _ORDER_WORDS[news.status]


def texts_of(news: OrderNews, language: str) -> tuple[str, str, str | None]:
    """Title and text of the news, and its text message if there is one."""
    words = _words_of(news)
    text = words.text.in_language(
        language,
        goods=goods_of(news.title, news.lines, language),
        spent=_spent(news, language),
        refund=_refund(news, language),
        parcel=_parcel(news, language),
        booked=_booked(news, language),
    )
    sms = SIGNATURE.in_language(language) + text if goes_by_sms(news) else None
    return words.title.in_language(language), text + _reason(news, language), sms


def goods_of(titles: dict[str, str], lines: int, language: str) -> str:
    """`「保温杯」等 3 种商品`: the first line by name, the others by number."""
    title = quoted(titles.get(language) or next(iter(titles.values()), ""), language)
    if lines <= 1:
        return title
    words = Words("{title}等 {lines} 种商品", "{title} and {others} more")
    return words.in_language(language, title=title, lines=lines, others=lines - 1)


def _spent(news: OrderNews, language: str) -> str:
    parts = [part for part in _price(news, language) if part]
    if not parts:
        return ""
    both = Words("和 ", " and ").in_language(language).join(parts)
    return Words("（使用 {price}）", " for {price}").in_language(language, price=both)


def _refund(news: OrderNews, language: str) -> str:
    """The refund in words: points are back already, cash follows once the bank has moved it."""
    points, cash = _price(news, language)
    back = Words("，{points}已退回", " and {points} returned to you")
    due = Words("，{cash} 将退回", "; {cash} will be returned to you")
    said = back.in_language(language, points=points) if points else ""
    return said + (due.in_language(language, cash=cash) if cash else "")


def _price(news: OrderNews, language: str) -> tuple[str, str]:
    """The points and the cash in words, empty if there are none."""
    points = amount(news.points, POINTS, language) if news.points else ""
    cash = spoken(news.cash, news.currency, language) if news.cash and news.currency else ""
    return points, cash


def _parcel(news: OrderNews, language: str) -> str:
    if not news.tracking_number:
        return ""
    words = Words("，由 {carrier} 承运，运单号 {number}", " by {carrier}, tracking number {number}")
    other = Words("其他", "another carrier").in_language(language)
    carrier = plainly(news.carrier) if news.carrier else other
    return words.in_language(language, carrier=carrier, number=plainly(news.tracking_number))


def _booked(news: OrderNews, language: str) -> str:
    if news.booked_at is None:
        return ""
    at = shown(datetime.fromisoformat(news.booked_at))
    return Words("，时间 {at}", " for {at}").in_language(language, at=at)


def _reason(news: OrderNews, language: str) -> str:
    if not news.reason:
        return ""
    words = Words("原因：{reason}", " Reason: {reason}")
    reason = note_in(language, news.reason) or ""
    return words.in_language(language, reason=plainly(reason))
