"""Coupons as members see them."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from chalicelib.coupons.rules.coupons import Coupon, Status
from chalicelib.coupons.rules.templates import Template
from chalicelib.coupons.rules.terms import CouponKind
from chalicelib.coupons.rules.words import STATUS_TEXTS, said
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.shapes import shaped


class CouponView(msgspec.Struct):
    """A coupon of a member. `worth`, `asks` and `goods` say in words what it gives, the least spend
    and for which goods. `code` is what a shop's checkout takes, null if shops take none; `order_id`
    is the order that has it."""

    id: str
    template_id: str
    kind: CouponKind
    title: str
    text: str
    worth: str
    asks: str
    goods: str
    status: Status
    status_text: str
    valid_from: str
    valid_until: str
    transferable: bool
    code: str | None
    order_id: str | None
    created_at: str
    used_at: str | None


class OfferedCoupon(msgspec.Struct):
    """A coupon to be had, free or for `price_points`. The member has `had` so many of the
    `per_member` that one may have; `status` is `open`, `had` (no more for them) or `gone`."""

    template_id: str
    kind: CouponKind
    title: str
    text: str
    worth: str
    asks: str
    goods: str
    price_points: int
    status: Literal["open", "had", "gone"]
    had: int
    per_member: int | None
    days: int | None
    valid_until: str | None
    offered_until: str | None


COUPON_EXAMPLE: dict[str, Any] = {
    "id": "cpn_5c3bqbzkmvnl2hwmbkqk5pnjhm", "template_id": "ctp_7wq2m5tzr4xkcv3b6n2lpy5gae",
    "kind": "amount_off", "title": "满 100 减 10", "text": "", "worth": "减 ¥10.00",
    "asks": "满 ¥100.00 可用", "goods": "全场商品", "status": "available", "status_text": "可使用",
    "valid_from": "2026-11-21T08:00:00Z", "valid_until": "2026-12-21T16:00:00Z",
    "transferable": True, "code": None, "order_id": None, "created_at": "2026-11-21T08:00:00Z",
    "used_at": None,
}  # fmt: skip
OFFERED_EXAMPLE: dict[str, Any] = {
    "template_id": "ctp_7wq2m5tzr4xkcv3b6n2lpy5gae", "kind": "amount_off",
    "title": "满 100 减 10", "text": "", "worth": "减 ¥10.00", "asks": "满 ¥100.00 可用",
    "goods": "全场商品", "price_points": 200, "status": "open", "had": 0, "per_member": 1,
    "days": 30, "valid_until": None, "offered_until": None,
}  # fmt: skip


def coupon_view(coupon: Coupon, template: Template, language: str, now_ms: int) -> CouponView:
    words = said(coupon.terms, language)
    status = coupon.status_at(now_ms)
    holder = coupon.holder if status in ("reserved", "used") else None
    return shaped(
        CouponView,
        coupon,
        kind=coupon.terms.kind,
        title=template.title.in_language(language),
        text=template.text.in_language(language),
        worth=words.worth,
        asks=words.asks,
        goods=words.goods,
        status=status,
        status_text=STATUS_TEXTS[status].in_language(language),
        valid_from=rfc3339_ms(coupon.valid_from_ms),
        valid_until=rfc3339_ms(coupon.valid_until_ms),
        transferable=template.transferable and status == "available",
        code=coupon.code if template.usable_in_shops else None,
        order_id=holder if holder and holder.startswith("ord_") else None,
        used_at=None if coupon.used_at_ms is None else rfc3339_ms(coupon.used_at_ms),
    )


def offered_view(template: Template, had: int, *, is_gone: bool, language: str) -> OfferedCoupon:
    words = said(template.terms, language)
    most = template.per_member
    status = "had" if most is not None and had >= most else "gone" if is_gone else "open"
    until, offered_until = template.until_ms, template.offered_until_ms
    return shaped(
        OfferedCoupon,
        template,
        template_id=template.id,
        kind=template.terms.kind,
        title=template.title.in_language(language),
        text=template.text.in_language(language),
        worth=words.worth,
        asks=words.asks,
        goods=words.goods,
        status=status,
        had=had,
        valid_until=None if until is None else rfc3339_ms(until),
        offered_until=None if offered_until is None else rfc3339_ms(offered_until),
    )
