"""What is wrong with a campaign's terms: each fault names its field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple

from chalicelib.campaigns.rules.definitions import (
    BUNDLE,
    FLASH_SALE,
    MULTIPLIER,
    PRICE,
    CampaignDraft,
)
from chalicelib.campaigns.rules.effect_checks import effect_faults
from chalicelib.campaigns.rules.effects import CampaignEffect, PriceEffect
from chalicelib.coupons import Scope
from chalicelib.earning import Valid, holds_ever
from chalicelib.kernel.errors import FieldError, Words
from chalicelib.kernel.years import year_errors

_ONE_EFFECT = Words("须且只能填写该类型的优惠", "takes the effect of its kind, and no other")
_ENDS = Words("须晚于开始时间", "must be after its beginning")
_OVER = Words("已经过去", "is past")
_NEVER = Words("该时间段内没有符合的日子或时段", "has no day or hour on which the campaign holds")
_EMPTY = Words("不得为空", "must not be empty")
_NO_GOODS = Words("没有选择任何商品", "names no goods")
_ALL_OUT = Words("所选商品全部被排除", "leaves out all goods that it names")
_ALL_AND_SOME = Words("已选择全部，不能再指定", "has all: it names none besides")
_NOBODY = Words("没有符合条件的会员", "is nobody")
_ZERO = Words("不得为 0", "must not be 0")


class CheckedAt(NamedTuple):
    """What a check knows beside the terms: the program's zone, the time, and the members of the
    audience (None: they were not counted)."""

    zone: tzinfo
    now: datetime | None = None
    members: int | None = None


def campaign_faults(terms: CampaignDraft, known: CheckedAt) -> list[FieldError]:
    """The faults of a campaign, for which it cannot be kept."""
    return [
        *_kind_faults(terms),
        *effect_faults(terms),
        *_valid_faults(terms.valid or Valid(), known),
        *_scope_faults(terms),
        *_audience_faults(terms, known.members),
        *_limit_faults(terms),
    ]


def _kind_faults(terms: CampaignDraft) -> Iterator[FieldError]:
    names = CampaignEffect.__struct_fields__
    given = [name for name in names if getattr(terms.effect, name) is not None]
    if given != [terms.kind]:
        wrong = next((name for name in given if name != terms.kind), terms.kind)
        yield FieldError(f"effect.{wrong}", "exactly_one", _ONE_EFFECT)


def _valid_faults(valid: Valid, known: CheckedAt) -> Iterator[FieldError]:
    if wrong := [*year_errors({"valid.from": valid.from_, "valid.until": valid.until})]:
        yield from wrong
        return
    if valid.from_ is not None and valid.until is not None and valid.until <= valid.from_:
        yield FieldError("valid.until", "ends_before_it_begins", _ENDS)
        return
    if valid.until is not None and known.now is not None and valid.until <= known.now:
        yield FieldError("valid.until", "is_over", _OVER)
    if valid.hours is not None and valid.hours.end <= valid.hours.start:
        yield FieldError("valid.hours.end", "ends_before_it_begins", _ENDS)
        return
    lists: tuple[tuple[str, list[int] | None], ...] = (
        ("weekdays", valid.weekdays),
        ("days", valid.days),
    )
    empty = [name for name, days in lists if days is not None and not days]
    yield from (FieldError(f"valid.{name}", "empty", _EMPTY) for name in empty)
    if not empty and not holds_ever(valid, known.zone):
        yield FieldError("valid", "never_holds", _NEVER)


def _names_goods(terms: CampaignDraft) -> bool:
    """Whether the effect itself names its goods."""
    if terms.kind in (BUNDLE, MULTIPLIER):
        return True
    effect = getattr(terms.effect, terms.kind)
    return terms.kind in (PRICE, FLASH_SALE) and bool(
        isinstance(effect, PriceEffect) and effect.prices
    )


def _scope_faults(terms: CampaignDraft) -> Iterator[FieldError]:
    if _names_goods(terms):
        return
    scope = terms.scope
    lists = (scope.skus, scope.products, scope.categories, scope.brands)
    if scope.all and any(lists):
        yield FieldError("scope.all", "all_and_some", _ALL_AND_SOME)
    elif not scope.all and not any(lists):
        yield FieldError("scope", "empty_scope", _NO_GOODS)
    elif not scope.all and _is_all_out(scope):
        yield FieldError("scope.except", "empty_scope", _ALL_OUT)


def _is_all_out(scope: Scope) -> bool:
    """Whether each name of a scope is left out by the same name."""
    out = scope.except_
    if out is None:
        return False
    pairs: Sequence[tuple[Iterable[str], Iterable[str]]] = (
        (scope.skus, out.skus),
        (scope.products, out.products),
        (scope.categories, out.categories),
        (scope.brands, out.brands),
    )
    return all(set(named) <= set(left_out) for named, left_out in pairs)


def _audience_faults(terms: CampaignDraft, members: int | None) -> Iterator[FieldError]:
    audience = terms.audience
    named = any((audience.tiers, audience.tags, audience.segments, audience.lists))
    if audience.all and named:
        yield FieldError("audience.all", "all_and_some", _ALL_AND_SOME)
    elif members == 0 or not (audience.all or named):
        yield FieldError("audience", "nobody", _NOBODY)


def _limit_faults(terms: CampaignDraft) -> Iterator[FieldError]:
    if terms.per_member == 0:
        yield FieldError("per_member", "zero", _ZERO)
    if terms.budget is not None:
        for name in terms.budget.__struct_fields__:
            if getattr(terms.budget, name) == 0:
                yield FieldError(f"budget.{name}", "zero", _ZERO)
