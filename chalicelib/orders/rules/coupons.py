"""Whether a coupon applies to goods, and why not, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from chalicelib.campaigns import Step
from chalicelib.coupons import Coupon, CouponNotApplicable
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import JifenError, Words
from chalicelib.kernel.money import spoken
from chalicelib.orders.rules.discounts import Discount, Discounts
from chalicelib.orders.rules.goods import Goods, saves

_WHY = {
    "not_in_scope": Words("订单中没有适用的商品", "It is for none of these goods"),
    "not_with_campaigns": Words(
        "不能与活动优惠同享，用券不会更便宜",
        "It does not go with the campaigns here, and would not make it cheaper",
    ),
    "not_with_coupon": Words(
        "所参加的活动不能叠加优惠券，用券不会更便宜",
        "The campaigns here take no coupon, and it would not make it cheaper",
    ),
    "gift_gone": Words("赠品已送完", "Its gift is gone"),
    "saves_nothing": Words("此单没有可减免的金额", "There is nothing to take off here"),
}
_MISSING = {
    "points": Words("还差 {missing} 积分的商品可用", "Goods of {missing} more points are needed"),
    "cash": Words("还差 {missing} 的商品可用", "Goods of {missing} more are needed"),
    "units": Words("还差 {missing} 件商品可用", "{missing} more units are needed"),
}
_PAYS_NO_CASH = Words(
    "抵扣现金部分；少用一些积分，留出现金即可用券",
    "It takes off cash: pay fewer points, and it applies to the rest",
)


class Judged(NamedTuple):
    """What a coupon would save of a request, or why it cannot be used."""

    coupon: Coupon
    saved: Discount | None = None
    refusal: JifenError | None = None
    is_best: bool = False

    @property
    def worth(self) -> int:
        """What it saves, a point taken as a minor unit: it compares coupons, and is never paid."""
        return self.saved.points + self.saved.cash if self.saved else -1


def ranked(judged: Iterable[Judged]) -> list[Judged]:
    """Those that save most first; of equal ones that which lapses first."""
    found = sorted(judged, key=lambda each: (-each.worth, each.coupon.valid_until_ms))
    return [
        each._replace(is_best=not place and each.saved is not None)
        for place, each in enumerate(found)
    ]


def why_not(step: Step) -> Words:
    """Why a coupon does not apply."""
    outcome = step.outcome
    if outcome.reason != "below_threshold" or outcome.unit not in _MISSING:
        return _WHY.get(outcome.reason, _WHY["saves_nothing"])
    zh = en = str(outcome.missing)
    if outcome.unit == "cash":
        amount, currency = outcome.missing or 0, config().currency
        zh, en = spoken(amount, currency, "zh-CN"), spoken(amount, currency, "en")
    words = _MISSING[outcome.unit]
    return Words(words.zh.format(missing=zh), words.en.format(missing=en))


def problem_of(goods: Goods) -> Words | None:
    """Why the coupon of a price does not apply; None if it does, or there is none."""
    step = goods.priced.coupon
    if step is None:
        return None
    return None if step.outcome.is_applied else why_not(step)


def check_applies(goods: Goods) -> None:
    """Raises CouponNotApplicable."""
    if problem := problem_of(goods):
        raise CouponNotApplicable().saying(problem)


def check_saves(goods: Goods, discounts: Discounts) -> None:
    """Check that the coupon takes something off beside the points that were chosen.

    Raises CouponNotApplicable.
    """
    step = goods.priced.coupon
    if step is not None and not saves(discounts, step):
        raise CouponNotApplicable().saying(_PAYS_NO_CASH)
