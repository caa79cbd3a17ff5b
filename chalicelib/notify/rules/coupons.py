"""News of a member's coupons."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.kernel.clock import day_spoken
from chalicelib.kernel.errors import Words
from chalicelib.notify.rules.news import CouponNews

_TITLES = {
    "granted": Words("优惠券到账", "You have a coupon"),
    "received": Words("收到好友的优惠券", "A friend gave you a coupon"),
    "lapsing": Words("优惠券即将过期", "A coupon is about to lapse"),
}
_TEXTS = {
    "granted": Words(
        "「{title}」已放入您的优惠券，{day}前可用。",
        "“{title}” is among your coupons. Use it by {day}.",
    ),
    "received": Words(
        "「{title}」已放入您的优惠券，{day}前可用。",
        "“{title}” is among your coupons. Use it by {day}.",
    ),
    "lapsing": Words(
        "「{title}」{day}后过期，记得使用。", "“{title}” lapses after {day}. Remember to use it."
    ),
}


def texts_of(news: CouponNews, language: str) -> tuple[str, str]:
    """Title and text of the news."""
    title = news.title.get(language) or next(iter(news.title.values()), "")
    # Its last day, as pages say it.
    last = datetime.fromisoformat(news.valid_until) - timedelta(seconds=1)
    text = _TEXTS[news.event].in_language(language, title=title, day=day_spoken(last, language))
    return _TITLES[news.event].in_language(language), text
