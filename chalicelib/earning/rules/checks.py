"""What is wrong with a rule: each fault names its place in the rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

import msgspec

from chalicelib.earning.rules.conditions import DEEPEST, Condition, below, fields_in
from chalicelib.earning.rules.contradictions import contradictions
from chalicelib.earning.rules.definitions import ORDER_PAID, Caps, RuleDraft, RuleEffect, Valid
from chalicelib.earning.rules.fields import ANY, INTEGER, TEXT, TEXTS, Field, field_of
from chalicelib.earning.rules.terms import policy_of
from chalicelib.earning.rules.windows import holds_ever, tests_of
from chalicelib.kernel.errors import FieldError, Invalid, Words

MOST_BYTES = 12_000
_TOO_LARGE = Words("规则过大", "is too large: a rule has 12,000 bytes at most")
_ONE = Words("须且只能有一种：all、any、not 或字段比较", "takes one of all, any, not, or a test")
_DEEP = Words("嵌套不得超过 5 层", "nests more than 5 deep")
_EMPTY = Words("不得为空", "must not be empty")
_UNKNOWN = Words("没有这个字段", "is no field of events, items or members")
_PLACE = Words("此处不能使用该字段", "is not a field that can be used here")
_OP = Words("该字段不支持此比较", "does not fit this field")
_TYPE = Words("取值须为单个值", "must be one value")
_NUMBER = Words("须为数字", "must be a number")
_TEXT = Words("须填写", "must be a text")
_RANGE = Words("超出该字段的取值范围", "is outside of what the field can be")
_LOW_HIGH = Words("须为 [下限, 上限]，且下限不大于上限", "must be [low, high] with low <= high")
_EFFECT = Words(
    "须且只能有一种：per_amount、fixed 或 multiply", "takes one of per_amount, fixed, multiply"
)
_ZERO = Words("不得为 0", "must not be 0")
_NOT_MORE = Words("须大于 100", "must be above 100")
_NO_MONEY = Words("该事件没有金额", "needs an event with an amount")
_ONLY_MULTIPLIERS = Words("只用于倍数规则", "is for rules that multiply only")
_NEVER_HOLDS = Words("该时间段内没有符合的日子或时段", "has no day or hour on which the rule holds")
_TOO_LITTLE = Words("不足以发放一次", "is less than the rule gives once")
_ENDS = Words("须晚于开始时间", "must be after its beginning")

_OPS: dict[str, frozenset[str]] = {
    TEXT: frozenset(["=", "!=", "in", "contains"]),
    INTEGER: frozenset(["=", "!=", "<", "<=", ">", ">=", "in", "between"]),
    TEXTS: frozenset(["contains"]),
    ANY: frozenset(["=", "!=", "<", "<=", ">", ">=", "in", "contains", "between"]),
}


def check_rule(rule: RuleDraft, zone: tzinfo | None = None) -> None:
    """Check that a rule can ever give points, and gives a number that can be told.

    Days and hours of its window are those of the `zone`; without one they are not looked at.

    Raises Invalid naming each faulty place.
    """
    if len(msgspec.json.encode(rule)) > MOST_BYTES:
        raise Invalid(FieldError("when", "too_large", _TOO_LARGE))
    faults = [
        *_tree_faults(rule.when, "when", ("event", "member"), 1),
        *_tree_faults(rule.items, "items", ("item",), 1),
        *_effect_faults(rule.effect, rule.event),
        *_valid_faults(rule.valid or Valid()),
        *_limit_faults(rule),
    ]
    if not faults and rule.lots is not None and rule.lots.expires is not None:
        policy_of(rule.lots.expires)
    faults = faults or list(_never_faults(rule, zone))
    if faults:
        raise Invalid(*faults[:50])


def _never_faults(rule: RuleDraft, zone: tzinfo | None) -> Iterator[FieldError]:
    """What makes a rule give nothing ever although each part of it is right."""
    valid = rule.valid or Valid()
    if zone is not None and not holds_ever(valid, zone):
        yield FieldError("valid", "never_holds", _NEVER_HOLDS)
    if rule.when is not None:
        yield from contradictions(rule.when, "when", tests_of(valid))
    if rule.items is not None:
        yield from contradictions(rule.items, "items")
    fixed, caps = rule.effect.fixed, rule.caps or Caps()
    if fixed is not None and rule.budget is not None:
        most = (fixed, caps.member_day, caps.member_month, caps.member_life)
        if rule.budget < min(each for each in most if each is not None):
            yield FieldError("budget", "below_one_award", _TOO_LITTLE)


def _tree_faults(
    tree: Condition | None, path: str, places: tuple[str, ...], depth: int
) -> Iterator[FieldError]:
    if tree is None:
        return
    given = [tree.all is not None, tree.any is not None, tree.not_ is not None]
    is_test = tree.field is not None or tree.op is not None or tree.value is not None
    if sum(given) + is_test != 1:
        yield FieldError(path, "exactly_one", _ONE)
    elif is_test:
        yield from _test_faults(tree, path, places)
    elif depth > DEEPEST:
        yield FieldError(path, "too_deep", _DEEP)
    elif tree.all == [] or tree.any == []:
        yield FieldError(f"{path}.{'all' if tree.all == [] else 'any'}", "empty", _EMPTY)
    else:
        for at, each in below(tree, path):
            yield from _tree_faults(each, at, places, depth + 1)


def _test_faults(test: Condition, path: str, places: tuple[str, ...]) -> Iterator[FieldError]:
    field = field_of(test.field or "")
    if field is None:
        yield FieldError(f"{path}.field", "unknown_field", _UNKNOWN)
    elif field.place not in places:
        yield FieldError(f"{path}.field", "not_here", _PLACE)
    elif test.op is None or test.op not in _OPS[field.kind]:
        yield FieldError(f"{path}.op", "wrong_operator", _OP)
    else:
        yield from _value_faults(test, field, f"{path}.value")


def _value_faults(test: Condition, field: Field, path: str) -> Iterator[FieldError]:
    value: Any = test.value
    if test.op == "in":
        yield from _list_faults(value, field, path)
    elif test.op == "between":
        yield from _range_faults(value, field, path)
    elif isinstance(value, list | None):
        yield FieldError(path, "wrong_type", _TYPE)
    elif test.op in ("<", "<=", ">", ">=") and type(value) is not int:
        yield FieldError(path, "wrong_type", _NUMBER)
    else:
        yield from _one_fault(value, field, path)


def _list_faults(value: Any, field: Field, path: str) -> Iterator[FieldError]:
    if not isinstance(value, list):
        yield FieldError(path, "wrong_type", _TYPE)
    elif not value:
        yield FieldError(path, "empty", _EMPTY)
    else:
        for number, each in enumerate(value):
            yield from _one_fault(each, field, f"{path}[{number}]")


def _range_faults(value: Any, field: Field, path: str) -> Iterator[FieldError]:
    ends = value if isinstance(value, list) else []
    if len(ends) != 2 or any(type(end) is not int for end in ends) or ends[0] > ends[1]:
        yield FieldError(path, "empty_range", _LOW_HIGH)
    elif field.kind == INTEGER and (ends[1] < field.least or ends[0] > field.most):
        yield FieldError(path, "out_of_range", _RANGE)


def _one_fault(value: Any, field: Field, path: str) -> Iterator[FieldError]:
    if field.kind in (TEXT, TEXTS) and not (isinstance(value, str) and value):
        yield FieldError(path, "wrong_type", _TEXT)
    elif field.kind == INTEGER:
        if type(value) is not int:
            yield FieldError(path, "wrong_type", _NUMBER)
        elif not field.least <= value <= field.most:
            yield FieldError(path, "out_of_range", _RANGE)


def _effect_faults(effect: RuleEffect, event: str) -> Iterator[FieldError]:
    given = [effect.per_amount, effect.fixed, effect.multiply]
    if sum(each is not None for each in given) != 1:
        yield FieldError("effect", "exactly_one", _EFFECT)
        return
    if effect.per_amount is not None:
        if not effect.per_amount.amount:
            yield FieldError("effect.per_amount.amount", "zero", _ZERO)
        if not effect.per_amount.points:
            yield FieldError("effect.per_amount.points", "zero", _ZERO)
        if event == "member.updated":
            yield FieldError("effect.per_amount", "no_amount", _NO_MONEY)
    if effect.fixed == 0:
        yield FieldError("effect.fixed", "zero", _ZERO)
    if effect.multiply is not None and effect.multiply.percent <= 100:
        yield FieldError("effect.multiply.percent", "not_above_100", _NOT_MORE)


def _valid_faults(valid: Valid) -> Iterator[FieldError]:
    if valid.from_ is not None and valid.until is not None and valid.until <= valid.from_:
        yield FieldError("valid.until", "ends_before_it_begins", _ENDS)
    if valid.hours is not None and valid.hours.end <= valid.hours.start:
        yield FieldError("valid.hours.end", "ends_before_it_begins", _ENDS)
    for name in ("weekdays", "days"):
        if getattr(valid, name) == []:
            yield FieldError(f"valid.{name}", "empty", _EMPTY)


def _limit_faults(rule: RuleDraft) -> Iterator[FieldError]:
    if rule.multiplier_group is not None and rule.effect.multiply is None:
        yield FieldError("multiplier_group", "not_a_multiplier", _ONLY_MULTIPLIERS)
    if rule.budget == 0:
        yield FieldError("budget", "zero", _ZERO)
    for name in ("member_day", "member_month", "member_life"):
        if rule.caps is not None and getattr(rule.caps, name) == 0:
            yield FieldError(f"caps.{name}", "zero", _ZERO)
    if rule.items is not None and rule.event != ORDER_PAID and fields_in(rule.items):
        yield FieldError("items", "no_items", Words("该事件没有商品", "needs an event with items"))
