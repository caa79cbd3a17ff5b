"""What ops send of templates."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.coupons.rules.scopes import Scope
from chalicelib.coupons.rules.templates import (
    CouponText,
    CouponTitle,
    Days,
    PerMember,
    Price,
    Template,
    Total,
)
from chalicelib.coupons.rules.terms import CouponKind, SomeCash, SomePoints, Terms
from chalicelib.kernel.clock import from_ms, to_ms
from chalicelib.kernel.texts import SkuCode

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Percent = Annotated[int, msgspec.Meta(ge=1, le=100)]
Units = Annotated[int, msgspec.Meta(ge=1, le=100)]


class CouponValidity(msgspec.Struct, forbid_unknown_fields=True):
    """When a coupon may be used: for `days` from when it was got, to the end of the last one, or
    from `from` until `until`, which is excluded."""

    days: Days | None = None
    from_: Instant | None = msgspec.field(default=None, name="from")
    until: Instant | None = None


class CouponWindow(msgspec.Struct, forbid_unknown_fields=True):
    """From when until when coupons are given; null is no end."""

    from_: Instant | None = msgspec.field(default=None, name="from")
    until: Instant | None = None


class TemplateParts(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Parts of a template. `amount` is minor units of cash for `amount_off`, and points for
    `points_off`. `total` and `per_member` limit how many are given, null is no limit. One costs
    `price_points`. `listed` ones stand among the coupons to be had."""

    text: CouponText | UnsetType = UNSET
    amount: SomeCash | UnsetType = UNSET
    percent: Percent | UnsetType = UNSET
    cap_points: SomePoints | UnsetType | None = UNSET
    cap_cash: SomeCash | UnsetType | None = UNSET
    scope: Scope | UnsetType = UNSET
    least_points: SomePoints | UnsetType = UNSET
    least_cash: SomeCash | UnsetType = UNSET
    with_campaigns: bool | UnsetType = UNSET
    gift_sku: SkuCode | UnsetType | None = UNSET
    gift_quantity: Units | UnsetType = UNSET
    offered: CouponWindow | UnsetType = UNSET
    total: Total | UnsetType | None = UNSET
    per_member: PerMember | UnsetType | None = UNSET
    price_points: Price | UnsetType = UNSET
    listed: bool | UnsetType = UNSET
    transferable: bool | UnsetType = UNSET
    usable_in_shops: bool | UnsetType = UNSET
    back_on_return: bool | UnsetType = UNSET


class TemplateDraft(TemplateParts, forbid_unknown_fields=True, kw_only=True):
    """A new template: it is a draft until it is published."""

    kind: CouponKind
    title: CouponTitle
    valid: CouponValidity


class TemplateChange(TemplateParts, forbid_unknown_fields=True, kw_only=True):
    """Any part of a template but its kind. Coupons that members have stay as they are."""

    title: CouponTitle | UnsetType = UNSET
    valid: CouponValidity | UnsetType = UNSET


def parts_of(sent: TemplateParts) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a body says of a template, and of its terms."""
    told = dict(msgspec.structs.asdict(sent).items())
    given = {name: value for name, value in told.items() if value is not UNSET}
    terms = {name: given.pop(name) for name in Terms.__struct_fields__ if name in given}
    if (valid := given.pop("valid", None)) is not None:
        given |= {"days": valid.days, "from_ms": _ms(valid.from_), "until_ms": _ms(valid.until)}
    if (offered := given.pop("offered", None)) is not None:
        given |= {"offered_from_ms": _ms(offered.from_), "offered_until_ms": _ms(offered.until)}
    if "listed" in given:
        given["is_listed"] = given.pop("listed")
    return given, terms


def _ms(at: datetime | None) -> int | None:
    return None if at is None else to_ms(at)


def _at(ms: int | None) -> datetime | None:
    return None if ms is None else from_ms(ms)


def validity_of(template: Template) -> CouponValidity:
    return CouponValidity(template.days, _at(template.from_ms), _at(template.until_ms))


def window_of(template: Template) -> CouponWindow:
    return CouponWindow(_at(template.offered_from_ms), _at(template.offered_until_ms))
