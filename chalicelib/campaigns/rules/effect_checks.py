"""What is wrong with a campaign's effect by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from chalicelib.campaigns.rules.definitions import CampaignDraft
from chalicelib.campaigns.rules.effects import (
    BundleEffect,
    FirstOrderEffect,
    GiveEffect,
    PointsBackEffect,
    PriceEffect,
    ReductionEffect,
    ReductionStep,
)
from chalicelib.kernel.errors import FieldError, Words

_ZERO = Words("不得为 0", "must not be 0")
_EMPTY = Words("不得为空", "must not be empty")
_TWICE = Words("商品重复", "names a SKU twice")
_RISING = Words("须高于上一档", "must be above that of the step before")
_ABOVE = Words("优惠不得超过门槛", "must not be above the value that it takes")
_ONE_STEP = Words("每满减只能有一档", "repeats one step only")
_NEEDS_REPEATS = Words("仅用于每满减", "is for a step that repeats")
_PRICE_OR_PERCENT = Words("须且只能填写 prices 或 percent_off", "takes one of prices, percent_off")
_PERCENT_OR_POINTS = Words("须且只能填写 percent 或 points", "takes one of percent, points")
_SOME_PRICE = Words("须填写积分价或现金价", "takes points or cash, or both")
_ONE_UNIT = Words("套装至少有两件商品", "takes two units or more")
_NOTHING = Words("没有任何赠送", "gives nothing")


def effect_faults(terms: CampaignDraft) -> list[FieldError]:
    """The faults of the effect of the campaign's kind, each with its path."""
    effect = getattr(terms.effect, terms.kind)
    found: list[FieldError] = []
    if isinstance(effect, PriceEffect):
        found = [*_price_faults(effect)]
    elif isinstance(effect, BundleEffect):
        found = [*_bundle_faults(effect)]
    elif isinstance(effect, ReductionEffect):
        found = [*_reduction_faults(effect)]
    elif isinstance(effect, PointsBackEffect):
        found = [*_back_faults(effect)]
    elif isinstance(effect, FirstOrderEffect):
        found = [*_first_faults(effect)]
    elif isinstance(effect, GiveEffect):
        found = [*_zeros(effect, "buy", "give", "most_times")]
    return [each._replace(field=f"effect.{terms.kind}.{each.field}") for each in found]


def _zeros(effect: msgspec.Struct, *names: str) -> Iterator[FieldError]:
    for name in names:
        if getattr(effect, name) == 0:
            yield FieldError(name, "zero", _ZERO)


def _twice(skus: Sequence[str], name: str) -> Iterator[FieldError]:
    for at, sku in enumerate(skus):
        if sku in skus[:at]:
            yield FieldError(f"{name}[{at}].sku", "twice", _TWICE)


def _price_faults(effect: PriceEffect) -> Iterator[FieldError]:
    yield from _zeros(effect, "percent_off", "per_order")
    if bool(effect.prices) == (effect.percent_off is not None):
        yield FieldError("percent_off", "exactly_one", _PRICE_OR_PERCENT)
    yield from _twice([each.sku for each in effect.prices], "prices")
    for at, each in enumerate(effect.prices):
        if each.points is None and each.cash is None:
            yield FieldError(f"prices[{at}].points", "required", _SOME_PRICE)


def _bundle_faults(effect: BundleEffect) -> Iterator[FieldError]:
    yield from _zeros(effect, "per_order")
    yield from _twice([each.sku for each in effect.items], "items")
    for at, each in enumerate(effect.items):
        if not each.quantity:
            yield FieldError(f"items[{at}].quantity", "zero", _ZERO)
    if sum(each.quantity for each in effect.items) < 2:
        yield FieldError("items", "too_few", _ONE_UNIT)


def _reduction_faults(effect: ReductionEffect) -> Iterator[FieldError]:
    yield from _zeros(effect, "most_times")
    if not effect.steps:
        yield FieldError("steps", "empty", _EMPTY)
    yield from _step_faults(effect.steps)
    if effect.repeats and len(effect.steps) > 1:
        yield FieldError("repeats", "one_step", _ONE_STEP)
    if effect.most_times is not None and not effect.repeats:
        yield FieldError("most_times", "needs_repeats", _NEEDS_REPEATS)


def _step_faults(steps: Sequence[ReductionStep]) -> Iterator[FieldError]:
    for at, each in enumerate(steps):
        for name in ("at_least", "off"):
            if not getattr(each, name):
                yield FieldError(f"steps[{at}].{name}", "zero", _ZERO)
        if each.off > each.at_least > 0:
            yield FieldError(f"steps[{at}].off", "above_its_value", _ABOVE)
    for at, (lower, higher) in enumerate(pairwise(steps), start=1):
        for name in ("at_least", "off"):
            if getattr(higher, name) <= getattr(lower, name):
                yield FieldError(f"steps[{at}].{name}", "not_rising", _RISING)


def _back_faults(effect: PointsBackEffect) -> Iterator[FieldError]:
    yield from _zeros(effect, "percent", "points", "cap")
    if (effect.percent is None) == (effect.points is None):
        yield FieldError("percent", "exactly_one", _PERCENT_OR_POINTS)


def _first_faults(effect: FirstOrderEffect) -> Iterator[FieldError]:
    yield from _zeros(effect, "gift_quantity")
    if effect.gift_sku is None and not effect.points and effect.coupon is None:
        yield FieldError("gift_sku", "gives_nothing", _NOTHING)
