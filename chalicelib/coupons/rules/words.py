"""What a coupon gives and asks, in words that are made from its data."""

from __future__ import annotations

from typing import NamedTuple

from chalicelib.coupons.rules.scopes import Scope, ScopeExcept
from chalicelib.coupons.rules.terms import (
    AMOUNT_OFF,
    FREE_FREIGHT,
    GIFT,
    PERCENT_OFF,
    POINTS_OFF,
    Terms,
)
from chalicelib.kernel import money
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Words

STATUS_TEXTS = {
    "available": Words("可使用", "Ready to use"),
    "reserved": Words("已占用", "In an order"),
    "used": Words("已使用", "Used"),
    "expired": Words("已过期", "Lapsed"),
    "transferred": Words("转赠中", "On its way to a friend"),
}


class Said(NamedTuple):
    """`worth` is what it gives, as large letters say it; `asks` the least spend; `goods` which."""

    worth: str
    asks: str
    goods: str


def said(terms: Terms, language: str) -> Said:
    """What members read of a coupon."""
    return Said(
        _worth(terms).in_language(language),
        _asks(terms).in_language(language),
        _goods(terms).in_language(language),
    )


def _cash(amount: int) -> tuple[str, str]:
    currency = config().currency
    return money.spoken(amount, currency, "zh-CN"), money.spoken(amount, currency, "en")


def _worth(terms: Terms) -> Words:
    if terms.kind == AMOUNT_OFF:
        zh, en = _cash(terms.amount)
        return Words(f"减 {zh}", f"{en} off")
    if terms.kind == POINTS_OFF:
        return Words(f"减 {terms.amount} 积分", f"{terms.amount} points off")
    if terms.kind == PERCENT_OFF:
        return Words(f"{_tenths(100 - terms.percent)} 折", f"{terms.percent}% off")
    if terms.kind == FREE_FREIGHT:
        return Words("免运费", "Free delivery")
    assert terms.kind == GIFT, "these are all kinds"
    times = f" ×{terms.gift_quantity}" if terms.gift_quantity > 1 else ""
    return Words(f"赠品{times}", f"A gift{times}")


def _tenths(percent: int) -> str:
    """80 percent of a price are 8 折, 85 are 8.5."""
    whole, rest = divmod(percent, 10)
    return f"{whole}.{rest}" if rest else str(whole)


def _asks(terms: Terms) -> Words:
    least, most = Words("无门槛", "No minimum"), _most(terms)
    if terms.least_points:
        points = terms.least_points
        least = Words(f"满 {points} 积分可用", f"On {points} points or more")
    elif terms.least_cash:
        zh, en = _cash(terms.least_cash)
        least = Words(f"满 {zh} 可用", f"On {en} or more")
    if most is None:
        return least
    return Words(f"{least.zh}，{most.zh}", f"{least.en}, {most.en}")


def _most(terms: Terms) -> Words | None:
    """What a percentage takes off at most."""
    zh, en = [], []
    if terms.cap_points is not None:
        zh.append(f"{terms.cap_points} 积分")
        en.append(f"{terms.cap_points} points")
    if terms.cap_cash is not None:
        cash_zh, cash_en = _cash(terms.cap_cash)
        zh.append(cash_zh)
        en.append(cash_en)
    return Words(f"最多减 {'、'.join(zh)}", f"at most {' and '.join(en)} off") if zh else None


def _goods(terms: Terms) -> Words:
    scope = terms.scope
    if _is_everything(scope):
        goods = Words("全场商品", "All goods")
    elif scope.all:
        goods = Words("全场商品，个别商品除外", "All goods but a few")
    else:
        goods = Words("指定商品", "Chosen goods")
    if terms.with_campaigns:
        return goods
    return Words(f"{goods.zh}，不与活动同享", f"{goods.en}, not with other offers")


def _is_everything(scope: Scope) -> bool:
    return scope.all and (scope.except_ or ScopeExcept()) == ScopeExcept()
