"""Templates: coupons as ops define them, how many there are, and who may have one when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from chalicelib.coupons.errors import CouponNotOffered
from chalicelib.coupons.rules.scopes import Scope, ScopeExcept
from chalicelib.coupons.rules.terms import (
    AMOUNT_OFF,
    GIFT,
    PERCENT_OFF,
    POINTS_OFF,
    Terms,
)
from chalicelib.kernel.clock import end_of, from_ms, program_day, to_ms
from chalicelib.kernel.errors import FieldError, Invalid, NotAllowedInThisState, Words
from chalicelib.kernel.spelling import paragraphs
from chalicelib.kernel.texts import kind as text_of
from chalicelib.kernel.years import year_errors

TemplateStatus = Literal["draft", "published", "retired"]
DRAFT: TemplateStatus = "draft"
PUBLISHED: TemplateStatus = "published"
RETIRED: TemplateStatus = "retired"
STATE_NAMES = {
    DRAFT: Words("草稿", "a draft"),
    PUBLISHED: Words("已发布", "published"),
    RETIRED: Words("已下线", "retired"),
}
_NEXT = {PUBLISHED: (DRAFT,), RETIRED: (PUBLISHED,)}

MOST_COUPONS = 100_000_000
Total = Annotated[int, Meta(ge=1, le=MOST_COUPONS)]
PerMember = Annotated[int, Meta(ge=1, le=10_000)]
Price = Annotated[int, Meta(ge=0, le=100_000_000)]
Days = Annotated[int, Meta(ge=1, le=3660)]


class CouponTitle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A coupon's name: at most 40 characters in Chinese and 80 in English."""

    zh: Annotated[str, text_of(40)] = msgspec.field(name="zh-CN")
    en: Annotated[str, text_of(80)]

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.zh


class CouponText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What else members should know: at most 300 characters in each language."""

    zh: Annotated[str, text_of(300, paragraphs, None, 0)] = msgspec.field(default="", name="zh-CN")
    en: Annotated[str, text_of(300, paragraphs, None, 0)] = ""

    def in_language(self, language: str) -> str:
        first, second = (self.en, self.zh) if language == "en" else (self.zh, self.en)
        return first or second


class Template(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A template. A coupon is good for `days`, to the end of the last one, or between `from_ms` and
    `until_ms`. It is given between `offered_from_ms` and `offered_until_ms`.

    `is_listed` templates stand among those to be had, for `price_points` each. Coupons are
    `usable_in_shops`, `transferable`, and given back by the return of a whole order if
    `back_on_return`.
    """

    id: str
    version: int
    status: TemplateStatus
    title: CouponTitle
    terms: Terms
    text: CouponText = CouponText()
    days: int | None = None
    from_ms: int | None = None
    until_ms: int | None = None
    offered_from_ms: int | None = None
    offered_until_ms: int | None = None
    total: int | None = None
    per_member: int | None = 1
    price_points: int = 0
    is_listed: bool = True
    transferable: bool = False
    usable_in_shops: bool = False
    back_on_return: bool = False
    created_at_ms: int = 0
    published_at_ms: int | None = None
    content: bytes | None = None

    def is_offered(self, now_ms: int) -> bool:
        """Whether one is given at this instant: a coupon that has lapsed helps nobody."""
        begun = self.offered_from_ms is None or self.offered_from_ms <= now_ms
        ends = [each for each in (self.offered_until_ms, self.until_ms) if each is not None]
        return self.status == PUBLISHED and begun and all(now_ms < each for each in ends)

    def validity(self, now: datetime) -> tuple[int, int]:
        """From when until when a coupon that is given now may be used, in epoch ms."""
        now_ms = to_ms(now)
        if self.days is not None:
            return now_ms, to_ms(end_of(program_day(now) + timedelta(days=self.days - 1)))
        assert self.until_ms is not None, "a template has days or an end"
        return max(now_ms, self.from_ms or 0), self.until_ms


def check_offered(template: Template, now_ms: int) -> None:
    """Raises CouponNotOffered."""
    if not template.is_offered(now_ms):
        raise CouponNotOffered()


def in_state(template: Template, status: TemplateStatus, now_ms: int) -> Template:
    """Raises NotAllowedInThisState."""
    if template.status not in _NEXT[status]:
        state = STATE_NAMES[template.status]
        raise NotAllowedInThisState(status=template.status).telling(state=state)
    made = {"published_at_ms": now_ms} if status == PUBLISHED else {}
    return msgspec.structs.replace(template, status=status, version=template.version + 1, **made)


def next_of(template: Template, changes: dict[str, Any], terms: dict[str, Any]) -> Template:
    """The next version of a template with some fields and terms changed.

    Raises Invalid naming the field.
    """
    made: Template = msgspec.structs.replace(
        template,
        **changes,
        terms=msgspec.structs.replace(template.terms, **terms),
        version=template.version + 1,
    )
    check_template(made)
    return made


_REQUIRED = Words("必填", "is required")
_NOT_OF_KIND = Words("该类优惠券没有此项", "does not belong to a coupon of this kind")
_NEEDS = {
    AMOUNT_OFF: "amount",
    POINTS_OFF: "amount",
    PERCENT_OFF: "percent",
    GIFT: "gift_sku",
}
_BELONGS = {
    "amount": (AMOUNT_OFF, POINTS_OFF),
    "percent": (PERCENT_OFF,),
    "cap_points": (PERCENT_OFF,),
    "cap_cash": (PERCENT_OFF,),
    "gift_sku": (GIFT,),
    "gift_quantity": (GIFT,),
}


def check_template(template: Template) -> None:
    """Raises Invalid naming the fields that do not fit the kind, or each other."""
    wrong = [*_of_terms(template.terms), *_of_times(template), *_of_ways(template)]
    if wrong:
        raise Invalid(*wrong)


def _of_terms(terms: Terms) -> Iterator[FieldError]:
    plain = Terms(kind=terms.kind)
    needed = _NEEDS.get(terms.kind)
    if needed is not None and not getattr(terms, needed):
        yield FieldError(needed, "required", _REQUIRED)
    for name, kinds in _BELONGS.items():
        if getattr(terms, name) != getattr(plain, name) and terms.kind not in kinds:
            yield FieldError(name, "not_of_kind", _NOT_OF_KIND)
    asks, gives = (terms.least_points, terms.least_cash), terms.amount
    if all(asks):
        words = Words("积分与金额只能填一项", "asks for points or for cash, not for both")
        yield FieldError("least_points", "exactly_one", words)
    asked = {AMOUNT_OFF: terms.least_cash, POINTS_OFF: terms.least_points}.get(terms.kind)
    if asked and gives > asked:
        words = Words("不能高于最低消费", "must not be more than the least spend")
        yield FieldError("amount", "too_large", words)
    yield from _of_scope(terms.scope)


def _of_scope(scope: Scope) -> Iterator[FieldError]:
    named = {name: getattr(scope, name) for name in ScopeExcept.__struct_fields__}
    if scope.all == any(named.values()):
        words = Words("须选全部商品，或列出商品", "takes all goods, or lists of goods")
        yield FieldError("scope", "exactly_one", words)
    but = scope.except_ or ScopeExcept()
    if not scope.all and all(set(each) <= set(getattr(but, name)) for name, each in named.items()):
        words = Words("列出的商品又全部被排除", "leaves out all that it names")
        yield FieldError("scope.except", "contradiction", words)


def _of_times(template: Template) -> Iterator[FieldError]:
    if (template.days is None) == (template.until_ms is None):
        words = Words("须填领取后有效天数，或固定的结束时间", "takes days, or a fixed end")
        yield FieldError("valid", "exactly_one", words)
    yield from year_errors(
        {
            "valid.from": template.from_ms,
            "valid.until": template.until_ms,
            "offered.from": template.offered_from_ms,
            "offered.until": template.offered_until_ms,
        }
    )
    if template.days is not None and template.from_ms is not None:
        words = Words("按天数计算时没有开始时间", "has no beginning if it is counted in days")
        yield FieldError("valid.from", "not_with_days", words)
    later = Words("须晚于开始时间", "must be after it begins")
    for name, begins, ends in (
        ("valid", template.from_ms, template.until_ms),
        ("offered", template.offered_from_ms, template.offered_until_ms),
    ):
        if begins is not None and ends is not None and ends <= begins:
            yield FieldError(f"{name}.until", "too_early", later)
    begins, lapses = template.offered_from_ms, template.until_ms
    if begins is not None and lapses is not None and lapses <= begins:
        words = Words("开始发放时券已过期", "is after the coupons have lapsed")
        yield FieldError("offered.from", "too_late", words)


def _of_ways(template: Template) -> Iterator[FieldError]:
    kind = template.terms.kind
    if template.usable_in_shops and kind not in (AMOUNT_OFF, PERCENT_OFF):
        words = Words(
            "门店收银只支持减金额和打折的券", "only cash and percentages come off at a shop"
        )
        yield FieldError("usable_in_shops", "not_of_kind", words)
    if template.total and template.per_member and template.per_member > template.total:
        words = Words("不能多于总数", "must not be more than the total")
        yield FieldError("per_member", "too_large", words)


REMINDED_BEFORE = timedelta(days=3)


def reminded_at(created_at_ms: int, valid_until_ms: int) -> int | None:
    """When a member is told that a coupon is about to lapse; None if they have just got it."""
    at_ms = to_ms(from_ms(valid_until_ms) - REMINDED_BEFORE)
    return at_ms if at_ms >= to_ms(from_ms(created_at_ms) + timedelta(days=1)) else None
