"""The fields that conditions of rules may name: their place, their type and their words."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from chalicelib.kernel.errors import Words

Place = Literal["event", "member", "item"]
TEXT, INTEGER, TEXTS, ANY = "text", "integer", "texts", "any"


class Field(NamedTuple):
    """A field: `kind` is the type of its value, `least` and `most` are the bounds of an integer."""

    place: Place
    kind: str
    words: Words
    least: int = 0
    most: int = 10**12


FIELDS: dict[str, Field] = {
    "event.source": Field("event", TEXT, Words("来源", "the source")),
    "event.currency": Field("event", TEXT, Words("币种", "the currency")),
    "event.amount": Field("event", INTEGER, Words("订单金额", "the amount")),
    "event.quantity": Field("event", INTEGER, Words("商品件数", "the number of goods")),
    "event.skus": Field("event", TEXTS, Words("订单商品", "the order")),
    "event.categories": Field("event", TEXTS, Words("订单品类", "the order")),
    "event.brands": Field("event", TEXTS, Words("订单品牌", "the order")),
    "event.weekday": Field("event", INTEGER, Words("星期", "the day of the week"), 1, 7),
    "event.day": Field("event", INTEGER, Words("日期", "the day of the month"), 1, 31),
    "event.month": Field("event", INTEGER, Words("月份", "the month"), 1, 12),
    "event.hour": Field("event", INTEGER, Words("小时", "the hour"), 0, 23),
    "member.tier": Field("member", TEXT, Words("会员等级", "the tier")),
    "member.registered_days": Field(
        "member", INTEGER, Words("注册天数", "the days since registration")
    ),
    "member.birthday_month": Field("member", INTEGER, Words("生日月份", "the birth month"), 1, 12),
    "member.birthday_day": Field("member", INTEGER, Words("生日日期", "the birthday"), 1, 31),
    "item.sku": Field("item", TEXT, Words("商品", "the product")),
    "item.category": Field("item", TEXT, Words("品类", "the category")),
    "item.brand": Field("item", TEXT, Words("品牌", "the brand")),
    "item.margin_class": Field("item", TEXT, Words("毛利等级", "the margin class")),
    "item.amount": Field("item", INTEGER, Words("商品金额", "the amount of the goods")),
    "item.quantity": Field("item", INTEGER, Words("商品件数", "the number of units"), 1),
}  # fmt: skip
# What events and members carry beside these: `data.attributes` of an event.
_OWN = re.compile(r"(event|member)\.attributes\.[a-z0-9_]{1,40}\Z")


def field_of(name: str) -> Field | None:
    """The field of a name, None if there is none."""
    known = FIELDS.get(name)
    if known is not None:
        return known
    own = _OWN.match(name)
    if own is None:
        return None
    place: Place = "member" if own[1] == "member" else "event"
    key = name.rpartition(".")[2]
    return Field(place, ANY, Words(key, key))
