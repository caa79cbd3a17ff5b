"""A notice: news in one language."""

from __future__ import annotations

from typing import NamedTuple

from chalicelib.kernel.errors import Words
from chalicelib.notify.rules import (
    accounts,
    cash,
    coupons,
    devices,
    orders,
    points,
    returns,
    reviews,
    tiers,
    withdrawals,
)
from chalicelib.notify.rules.news import (
    AccountNews,
    CashNews,
    CouponNews,
    DeviceNews,
    News,
    OrderNews,
    ReturnNews,
    ReviewNews,
    TierNews,
    Welcome,
    WithdrawalNews,
)

_WELCOME = (
    Words("欢迎加入", "Welcome"),
    Words(
        "欢迎来到积分商城，从今天起为您累计积分。", "You are in: your points start to count today."
    ),
)


class Notice(NamedTuple):
    """News in one language; `sms` is None without a text message."""

    title: str
    body: str
    sms: str | None


def notice(news: News, language: str) -> Notice:
    """The news in words; `language` is `zh-CN` or `en`."""
    if isinstance(news, OrderNews):
        return Notice(*orders.texts_of(news, language))
    if isinstance(news, ReturnNews):
        return Notice(*returns.texts_of(news, language))
    if isinstance(news, CashNews):
        return Notice(*cash.texts_of(news, language))
    if isinstance(news, Welcome):
        title, body = _WELCOME
        return Notice(title.in_language(language), body.in_language(language), None)
    if isinstance(news, DeviceNews):
        return Notice(*devices.texts_of(news, language))
    return Notice(*_other_texts(news, language), None)


def _other_texts(
    news: points.AboutPoints | AccountNews | WithdrawalNews | ReviewNews | TierNews | CouponNews,
    language: str,
) -> tuple[str, str]:
    """Title and text of news that no text message tells."""
    if isinstance(news, WithdrawalNews):
        return withdrawals.texts_of(news, language)
    if isinstance(news, AccountNews):
        return accounts.texts_of(news, language)
    if isinstance(news, ReviewNews):
        return reviews.texts_of(news, language)
    if isinstance(news, TierNews):
        return tiers.texts_of(news, language)
    if isinstance(news, CouponNews):
        return coupons.texts_of(news, language)
    return points.texts_of(news, language)


def goes_by_sms(news: News) -> bool:
    """Whether the member gets a text message too."""
    if isinstance(news, CashNews):
        return cash.goes_by_sms(news)
    if isinstance(news, ReturnNews):
        return returns.goes_by_sms(news)
    return isinstance(news, DeviceNews) or (
        isinstance(news, OrderNews) and orders.goes_by_sms(news)
    )
