"""Conditions of rules in words for members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.earning.rules.conditions import Condition
from chalicelib.earning.rules.fields import field_of
from chalicelib.earning.rules.window_words import WEEKDAYS
from chalicelib.kernel import money
from chalicelib.kernel.errors import Words

# A figure stands apart from Chinese; words do not.
_HAN = "\u4e00"
_TESTS = {
    "=": Words("为", "is"),
    "!=": Words("不为", "is not"),
    "<": Words("少于", "is below"),
    "<=": Words("不超过", "is at most"),
    ">": Words("超过", "is above"),
    ">=": Words("至少", "is at least"),
    "in": Words("为", "is"),
    "contains": Words("含", "includes"),
    "between": Words("介于", "is between"),
}


def condition_words(condition: Condition, currency: str, names: Mapping[str, Words]) -> Words:
    """A condition in words, without an end. `names` are by field and value:
    `item.category:apparel`."""
    if condition.field is not None:
        return _test(condition, currency, names)
    if condition.not_ is not None:
        inner = condition_words(condition.not_, currency, names)
        return Words(f"并非（{inner.zh}）", f"not ({inner.en})")
    parts = [
        _inner(each, currency, names, is_all=condition.all is not None)
        for each in condition.all or condition.any or ()
    ]
    zh, en = ("，且", " and ") if condition.all is not None else ("，或", " or ")
    return Words(zh.join(each.zh for each in parts), en.join(each.en for each in parts))


def _inner(
    condition: Condition, currency: str, names: Mapping[str, Words], *, is_all: bool
) -> Words:
    """In brackets where the two kinds of lists meet."""
    told = condition_words(condition, currency, names)
    other = condition.any if is_all else condition.all
    return Words(f"（{told.zh}）", f"({told.en})") if other and len(other) > 1 else told


def _test(test: Condition, currency: str, names: Mapping[str, Words]) -> Words:
    name = test.field or ""
    field = field_of(name)
    assert field is not None, "a checked rule names fields that there are"
    values = test.value if isinstance(test.value, list) else [test.value]
    told = [_value(name, each, currency, names) for each in values]
    between = test.op == "between"
    zh = (" 至 " if between else "、").join(each.zh for each in told)
    en = (" and " if between else " or ").join(each.en for each in told)
    verb = _TESTS[test.op or "="]
    gap = " " if zh[:1] < _HAN else ""
    return Words(f"{field.words.zh}{verb.zh}{gap}{zh}", f"{field.words.en} {verb.en} {en}")


def _value(name: str, value: Any, currency: str, names: Mapping[str, Words]) -> Words:
    if name == "event.weekday" and value in range(1, 8):
        return WEEKDAYS[value - 1]
    if name in ("event.amount", "item.amount") and type(value) is int:
        return Words(money.spoken(value, currency, "zh-CN"), money.spoken(value, currency, "en"))
    return names.get(f"{name}:{value}") or Words(str(value), str(value))
