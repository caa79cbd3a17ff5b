"""The items of coupons and of how many a member had.

pk CPN#<code>     sk <coupon>        a coupon, in the list of its member; `code` is that of its id
pk MBR#<member>   sk HAD#<template>  how many a member has got of a template
"""

from __future__ import annotations

from functools import partial
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.coupons.rules.coupons import STATUSES, Coupon, short_of
from chalicelib.coupons.rules.templates import Template, reminded_at
from chalicelib.coupons.tables.items import CouponsItem
from chalicelib.kernel.store.attributes import (
    BytesAttribute,
    ChoiceAttribute,
    IntegerAttribute,
    StructAttribute,
)
from chalicelib.kernel.store.indexes import shard_of, shards_of

COUPON, MEMBER, HAD = "CPN#", "MBR#", "HAD#"
due_shard = partial(shard_of, "COUPONS", shards=8)
due_shards = partial(shards_of, "COUPONS", shards=8)


class CouponItem(CouponsItem):
    """A coupon. It stands in the index of due things until it is used or has lapsed."""

    member_id = UnicodeAttribute()
    template_id = UnicodeAttribute()
    template_version = IntegerAttribute()
    status = ChoiceAttribute(STATUSES)
    version = IntegerAttribute()
    valid_from = IntegerAttribute()
    valid_until = IntegerAttribute()
    created_at = IntegerAttribute()
    source = UnicodeAttribute()
    holder = UnicodeAttribute(null=True)
    held_until = IntegerAttribute(null=True)
    used_at = IntegerAttribute(null=True)
    content = BytesAttribute(null=True)
    reminded_at = IntegerAttribute(null=True)
    # For the relay, which reads no template.
    title = StructAttribute[dict[str, str]](dict[str, str], null=True)

    @classmethod
    def key(cls, coupon_id: str) -> CouponItem:
        return cls(COUPON + short_of(coupon_id), coupon_id)

    @classmethod
    def new(cls, coupon: Coupon) -> CouponItem:
        due_ms = reminded_at(coupon.created_at_ms, coupon.valid_until_ms) or coupon.valid_until_ms
        return cls.holding(
            coupon,
            COUPON + short_of(coupon.id),
            coupon.id,
            title={"zh-CN": coupon.title_zh, "en": coupon.title_en},
            due_shard=due_shard(coupon.id),
            due_at=due_s(due_ms),
            list_name=list_of_member(coupon.member_id),
            list_order=order_of(coupon),
        )

    def value(self, template: Template) -> Coupon:
        """The coupon, on the terms of the template as it was when the coupon was given."""
        title = template.title
        terms = template.terms
        return self.into(Coupon, id=self.sk, terms=terms, title_zh=title.zh, title_en=title.en)

    @classmethod
    def changes(cls, after: Coupon) -> list[Action]:
        """What a change of state writes: no index has any of it."""
        told: tuple[tuple[Any, Any], ...] = (
            (cls.holder, after.holder),
            (cls.held_until, after.held_until_ms),
            (cls.used_at, after.used_at_ms),
        )
        rest = [
            attribute.remove() if value is None else attribute.set(value)
            for attribute, value in told
        ]
        return [cls.status.set(after.status), cls.version.set(after.version), *rest]


class HadItem(CouponsItem):
    had = IntegerAttribute()

    @classmethod
    def key(cls, member_id: str, template_id: str) -> HadItem:
        return cls(MEMBER + member_id, HAD + template_id)


def order_of(coupon: Coupon) -> str:
    return f"{coupon.created_at_ms:015d}#{coupon.id}"


def due_s(at_ms: int) -> int:
    """Rounded up: a sweep never looks before the time."""
    return -(-at_ms // 1000)


def list_of_member(member_id: str) -> str:
    return MEMBER + member_id
