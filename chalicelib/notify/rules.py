"""Which facts become news, and the words that tell them, in Chinese and English."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from chalicelib.kernel.errors import Words

REGISTERED = "member.registered"
ENTRY = "ledger.entry"
ORDER = "order."
ACCRUAL = "accrual"
POINTS = "points"
SIGNATURE = Words("【积分商城】", "[Jifen] ")


class Welcome(msgspec.Struct, frozen=True, tag_field="news", tag="welcome"):
    """A member has registered."""

    member_id: str


class Earned(msgspec.Struct, frozen=True, tag_field="news", tag="earned"):
    """A member has received points."""

    member_id: str
    entry_id: str
    points: int
    balance_after: int
    unit: str


class OrderNews(msgspec.Struct, frozen=True, tag_field="news", tag="order", omit_defaults=True):
    """An order has come into a status; `title` is its first line's, by language."""

    member_id: str
    order_id: str
    status: str
    kind: str
    title: dict[str, str]
    lines: int
    points: int
    carrier: str | None = None
    tracking_number: str | None = None
    reason: str | None = None


News = Welcome | Earned | OrderNews


class Notice(NamedTuple):
    """News in one language; `sms` is None where no text message goes out."""

    title: str
    body: str
    sms: str | None


class OrderWords(NamedTuple):
    """The words of one order status, and the kinds of goods whose buyers get them as a text."""

    title: Words
    text: Words
    sms_for: frozenset[str] = frozenset()


_ANY_KIND = frozenset({"physical", "virtual", "service"})
_WELCOME = (
    Words("欢迎加入", "Welcome"),
    Words(
        "欢迎来到积分商城，从今天起为您累计积分。", "You are in: your points start to count today."
    ),
)
_EARNED = (
    Words("积分到账", "Points received"),
    Words(
        "您获得 {earned}，当前可用 {balance}。", "You received {earned}. You now have {balance}."
    ),
)
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
    "rejected": OrderWords(
        Words("兑换失败", "Redemption declined"),
        Words(
            "您兑换的{goods}未通过审核{refund}。",
            "Your redemption of {goods} was declined{refund}.",
        ),
        _ANY_KIND,
    ),
}
_CODES_READY = OrderWords(
    Words("兑换成功", "Redemption completed"),
    Words(
        "您兑换的{goods}已成功，兑换码请在订单中查看。",
        "Your redemption of {goods} is complete: the codes are in your order.",
    ),
    frozenset({"virtual"}),
)


def news_of(fact_type: str, data: dict[str, Any]) -> News | None:
    """What a fact is to its member; None if it is no news, or of a type that we don't know.

    Only the fields named above are kept, so a code that a fact might hold goes no further.

    Raises msgspec.ValidationError if a fact of a known type lacks what is told of it.
    """
    if fact_type == REGISTERED:
        return msgspec.convert(data, Welcome)
    if fact_type == ENTRY and data.get("type") == ACCRUAL:
        earned = msgspec.convert(data, Earned)
        return earned if earned.points > 0 else None
    if fact_type.startswith(ORDER):
        status = fact_type.removeprefix(ORDER)
        if status in _ORDER_WORDS:
            return msgspec.convert({**data, "status": status}, OrderNews)
    return None


def notice(news: News, language: str) -> Notice:
    """The news in words; `language` is `zh-CN` or `en`."""
    if isinstance(news, Welcome):
        title, body = _WELCOME
        return Notice(title.in_language(language), body.in_language(language), None)
    if isinstance(news, Earned):
        title, body = _EARNED
        text = body.in_language(
            language,
            earned=_amount(news.points, news.unit, language),
            balance=_amount(news.balance_after, news.unit, language),
        )
        return Notice(title.in_language(language), text, None)
    return _order_notice(news, language)


def goes_by_sms(news: News) -> bool:
    """Whether the member gets a text message of it too."""
    return isinstance(news, OrderNews) and news.kind in _words_of(news).sms_for


def _words_of(news: OrderNews) -> OrderWords:
    if news.status == "completed" and news.kind == "virtual":
        return _CODES_READY
    return _ORDER_WORDS[news.status]


def _order_notice(news: OrderNews, language: str) -> Notice:
    words = _words_of(news)
    text = words.text.in_language(
        language,
        goods=_goods(news, language),
        spent=_points_clause(news, Words("（使用 {points}）", " for {points}"), language),
        refund=_points_clause(
            news, Words("，{points}已退回", " and {points} returned to you"), language
        ),
        parcel=_parcel(news, language),
    )
    sms = SIGNATURE.in_language(language) + text if goes_by_sms(news) else None
    return Notice(words.title.in_language(language), text + _reason(news, language), sms)


def _goods(news: OrderNews, language: str) -> str:
    """`「保温杯」等 3 种商品`: the first line by name, the others by number."""
    title = news.title.get(language) or next(iter(news.title.values()), "")
    if news.lines > 1:
        words = Words("「{title}」等 {lines} 种商品", "“{title}” and {others} more")
    else:
        words = Words("「{title}」", "“{title}”")
    return words.in_language(language, title=title, lines=news.lines, others=news.lines - 1)


def _amount(points: int, unit: str, language: str) -> str:
    """`199 积分`, `1 point`; a unit other than points is called what it is."""
    if unit != POINTS:
        return f"{points} {unit}"
    if language == "en":
        return f"{points} point" if points == 1 else f"{points} points"
    return f"{points} 积分"


def _points_clause(news: OrderNews, words: Words, language: str) -> str:
    if news.points == 0:
        return ""
    return words.in_language(language, points=_amount(news.points, POINTS, language))


def _parcel(news: OrderNews, language: str) -> str:
    if not news.tracking_number:
        return ""
    words = Words("，承运商 {carrier}，运单号 {number}", " by {carrier}, tracking number {number}")
    carrier = news.carrier or Words("其他", "another carrier").in_language(language)
    return words.in_language(language, carrier=carrier, number=news.tracking_number)


def _reason(news: OrderNews, language: str) -> str:
    if not news.reason:
        return ""
    return Words("原因：{reason}", " Reason: {reason}").in_language(language, reason=news.reason)
