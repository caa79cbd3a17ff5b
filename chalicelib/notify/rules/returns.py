"""News of a return by status."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from chalicelib.kernel.clock import day_spoken
from chalicelib.kernel.errors import Words
from chalicelib.kernel.spelling import plainly
from chalicelib.notify.rules.news import ReturnNews
from chalicelib.notify.rules.orders import SIGNATURE, goods_of


class ReturnWords(NamedTuple):
    """The words of a state of a return, and whether the member gets a text message."""

    title: Words
    text: Words
    has_sms: bool = False


_KINDS = {
    "return": Words("退货", "return"),
    "exchange": Words("换货", "exchange"),
    "refund_only": Words("退款", "refund"),
}
_REQUESTED = ReturnWords(
    Words("售后申请已提交", "Request received"),
    Words(
        "您对{goods}的{kind}申请已提交，我们最晚 {day}答复您。",
        "Your request for a {kind} of {goods} was received. We answer by {day}.",
    ),
)
_APPROVED = ReturnWords(
    Words("售后申请已通过", "Request approved"),
    Words(
        "您对{goods}的{kind}申请已通过，请在 {day}前寄回商品，并在申请中填写运单号。",
        "Your request for a {kind} of {goods} is approved. Please send the goods back by {day}, "
        "and enter the parcel's number in your request.",
    ),
    has_sms=True,
)
_REJECTED = ReturnWords(
    Words("售后申请未通过", "Request declined"),
    Words("您对{goods}的{kind}申请未通过。", "Your request for a {kind} of {goods} was declined."),
    has_sms=True,
)
_RECEIVED = ReturnWords(
    Words("已收到您寄回的商品", "Your parcel has arrived"),
    Words(
        "已收到您寄回的部分商品{goods}，收到的部分已办理退款，其余请尽快寄回。",
        "A part of {goods} that you sent back has arrived, and is refunded. Please send the rest.",
    ),
)
_EXCHANGING = ReturnWords(
    Words("已收到您寄回的商品", "Your parcel has arrived"),
    Words(
        "已收到您寄回的{goods}，正在为您安排换货。",
        "{goods} that you sent back has arrived. We are preparing the replacement.",
    ),
)
_EXCHANGED = ReturnWords(
    Words("换货商品已寄出", "Your replacement is on its way"),
    Words(
        "{goods}的换货商品已寄出，由 {carrier} 承运，运单号 {number}。",
        "The replacement of {goods} has been shipped by {carrier}, tracking number {number}.",
    ),
    has_sms=True,
)
_LATE = ReturnWords(
    Words("售后申请已关闭", "Request closed"),
    Words(
        "我们没有在期限内收到您寄回{goods}的运单号，{kind}申请已关闭。如仍需要，可在退换期限内重新申请。",
        "We did not learn in time that {goods} was sent back, so your request for a {kind} is "
        "closed. You can ask again while the time for returns lasts.",
    ),
)
_TO = Words("寄回地址：{place}", " Send it to: {place}")
_REASON = Words("原因：{reason}", " Reason: {reason}")


def words_of(news: ReturnNews) -> ReturnWords | None:
    """None where nothing is news: a refund has a notice of its own."""
    if news.status == "closed":
        return _EXCHANGED if news.tracking_number else None
    if news.status == "received":
        return _EXCHANGING if news.kind == "exchange" else _RECEIVED
    if news.status == "withdrawn":
        return _LATE if news.by == "system" else None
    return {"requested": _REQUESTED, "approved": _APPROVED, "rejected": _REJECTED}[news.status]


def goes_by_sms(news: ReturnNews) -> bool:
    """Whether the member gets a text message too."""
    words = words_of(news)
    return words is not None and words.has_sms


def texts_of(news: ReturnNews, language: str) -> tuple[str, str, str | None]:
    """Title and text of the news, and its text message if there is one."""
    words = words_of(news)
    assert words is not None, "what is no news is not kept"
    by = datetime.fromisoformat(news.due_at) if news.due_at else None
    text = words.text.in_language(
        language,
        goods=goods_of(news.title, news.lines, language),
        kind=_KINDS[news.kind].in_language(language),
        day=day_spoken(by, language) if by else "",
        carrier=plainly(news.carrier or ""),
        number=plainly(news.tracking_number or ""),
    )
    sms = SIGNATURE.in_language(language) + text if words.has_sms else None
    if news.instructions:
        text += _TO.in_language(language, place=plainly(news.instructions))
    if news.reason:
        text += _REASON.in_language(language, reason=plainly(news.reason))
    return words.title.in_language(language), text, sms
