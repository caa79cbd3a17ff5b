"""Steps of a price in words for members and staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chalicelib.campaigns.rules.kinds import POINTS, UNITS
from chalicelib.campaigns.rules.steps import (
    APPLIED,
    BELOW_THRESHOLD,
    BUDGET_SPENT,
    COUPON,
    EARNS_MORE,
    EXCLUDED,
    GIFT_GONE,
    HELD_OUT,
    INCOMPLETE_SET,
    LIMIT_REACHED,
    NOT_CHEAPER,
    NOT_FIRST_ORDER,
    NOT_IN_AUDIENCE,
    NOT_IN_SCOPE,
    NOT_WITH_CAMPAIGNS,
    NOT_WITH_COUPON,
    OTHER_PRICE,
    OUT_OF_WINDOW,
    SAVES_NOTHING,
    Ahead,
    Step,
)
from chalicelib.kernel import money
from chalicelib.kernel.errors import Words

# `{other}` is the title of the campaign or coupon that stands in the way, `{missing}` what is short
# of the threshold `{needed}`.
REASONS = {
    APPLIED: Words("已享受", "applied"),
    EARNS_MORE: Words("完成后可多得积分", "earns more points once the order is complete"),
    NOT_IN_SCOPE: Words("不适用于这些商品", "is not for these goods"),
    OUT_OF_WINDOW: Words("不在活动时间内", "does not run now"),
    NOT_IN_AUDIENCE: Words("不在活动对象范围内", "is not for this member"),
    HELD_OUT: Words("属于对照组，不参与活动", "leaves out this member, to measure its effect"),
    NOT_FIRST_ORDER: Words("仅限首次下单", "is for a first order only"),
    BELOW_THRESHOLD: Words("需满{needed}，还差{missing}", "takes {needed}: {missing} more"),
    INCOMPLETE_SET: Words("未凑齐套装商品", "takes all goods of the set"),
    NOT_CHEAPER: Words("不低于当前价格", "is not below the price as it is"),
    EXCLUDED: Words("不与“{other}”同享", "does not go together with “{other}”"),
    OTHER_PRICE: Words("“{other}”的价格更低", "“{other}” has a lower price"),
    BUDGET_SPENT: Words("活动名额或预算已用完", "has given all that it had"),
    LIMIT_REACHED: Words("已达参与次数上限", "was used as often as one member may"),
    GIFT_GONE: Words("赠品已送完", "has no gifts left"),
    NOT_WITH_COUPON: Words("不与“{other}”同享", "does not go together with “{other}”"),
    NOT_WITH_CAMPAIGNS: Words(
        "不与“{other}”同享，已按更优惠的计算",
        "does not go together with “{other}”, which saves more",
    ),
    SAVES_NOTHING: Words("对这些商品没有优惠", "saves nothing on these goods"),
}


def step_words(step: Step, titles: Mapping[str, Words], currency: str) -> Words:
    """Why a step did something or nothing; `titles` are those of campaigns and coupons, by id."""
    outcome, said = step.outcome, REASONS[step.outcome.reason]
    other = titles.get(outcome.other or "") or Words("其他优惠", "another offer")
    needed = _amount(outcome.needed or 0, outcome.unit, currency)
    missing = _amount(outcome.missing or 0, outcome.unit, currency)
    return Words(
        said.zh.format(other=other.zh, needed=needed.zh, missing=missing.zh),
        said.en.format(other=other.en, needed=needed.en, missing=missing.en),
    )


def ahead_words(ahead: Ahead, currency: str) -> Words:
    """How near the next step is, and what it takes off."""
    missing, off = (_amount(each, ahead.unit, currency) for each in (ahead.missing, ahead.off))
    return Words(
        f"再加购{missing.zh}的商品，可多减{off.zh}",
        f"Add goods of {missing.en} more and get {off.en} off",
    )


def titles_of(steps: Sequence[Step]) -> dict[str, Words]:
    """The titles of what the steps are about, by id."""
    return {step.id: Words(step.title_zh, step.title_en) for step in steps}


def explained(steps: Sequence[Step], currency: str) -> list[Words]:
    """All steps in words, each with its title."""
    titles = titles_of(steps)
    told = []
    for step in steps:
        said, title = step_words(step, titles, currency), titles[step.id]
        kind = Words("优惠券", "Coupon") if step.source == COUPON else Words("活动", "Campaign")
        zh = title.zh or kind.zh
        told.append(Words(f"{zh}：{said.zh}", f"{title.en or kind.en}: {said.en}"))
    return told


def _amount(amount: int, unit: str | None, currency: str) -> Words:
    if unit == POINTS:
        return Words(f" {amount:,} 积分", f"{amount:,} points")
    if unit == UNITS:
        return Words(f" {amount} 件", f"{amount} units" if amount != 1 else "1 unit")
    return Words(
        f" {money.spoken(amount, currency, 'zh-CN')}", money.spoken(amount, currency, "en")
    )
