"""Conditions of rules: a tree of `all`, `any` and `not` over tests of fields, compiled once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta

DEEPEST = 5
Op = Literal["=", "!=", "<", "<=", ">", ">=", "in", "contains", "between"]
Text = Annotated[str, Meta(max_length=64)]
Number = Annotated[int, Meta(ge=-(10**12), le=10**12)]
Values = Annotated[list[Number | Text], Meta(max_length=100)]
Facts = Mapping[str, Any]
# None if the facts meet the condition, else the path of the part that they do not meet.
Test: TypeAlias = Callable[[Facts], str | None]


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One of `all`, `any`, `not`, which nest 5 deep, or a test: `field`, `op` and `value`.

    `value` is a list for `in`, and for `between` its two ends, both included.
    """

    all: Annotated[list[Condition], Meta(max_length=50)] | None = None
    any: Annotated[list[Condition], Meta(max_length=50)] | None = None
    not_: Condition | None = msgspec.field(default=None, name="not")
    field: Annotated[str, Meta(max_length=80)] | None = None
    op: Op | None = None
    value: bool | Number | Text | Values | None = None


def below(condition: Condition, path: str) -> Iterator[tuple[str, Condition]]:
    """The parts of a condition, one level below it, with their paths."""
    for number, each in enumerate(condition.all or ()):
        yield f"{path}.all[{number}]", each
    for number, each in enumerate(condition.any or ()):
        yield f"{path}.any[{number}]", each
    if condition.not_ is not None:
        yield f"{path}.not", condition.not_


def fields_in(condition: Condition | None) -> frozenset[str]:
    """The names of the fields that a condition looks at."""
    if condition is None:
        return frozenset()
    own = frozenset([condition.field]) if condition.field else frozenset[str]()
    return own.union(*(fields_in(each) for _, each in below(condition, "")))


def texts_in(condition: Condition | None) -> frozenset[tuple[str, str]]:
    """Each field with each text that a condition tests it by."""
    if condition is None:
        return frozenset()
    values = condition.value if isinstance(condition.value, list) else [condition.value]
    own = frozenset((condition.field or "", each) for each in values if isinstance(each, str))
    return own.union(*(texts_in(each) for _, each in below(condition, "")))


def compiled(condition: Condition, path: str) -> Test:
    """The test of a condition that is right; `path` is where it stands in its rule."""
    if condition.all is not None:
        return _all([compiled(each, at) for at, each in below(condition, path)])
    if condition.any is not None:
        return _any([compiled(each, at) for at, each in below(condition, path)], path)
    if condition.not_ is not None:
        inner = compiled(condition.not_, f"{path}.not")
        return lambda facts: path if inner(facts) is None else None
    assert condition.field is not None, "a condition that is no test has parts"
    return _test(condition.field, condition.op or "=", condition.value, path)


def _all(tests: list[Test]) -> Test:
    def test(facts: Facts) -> str | None:
        for each in tests:
            failed = each(facts)
            if failed is not None:
                return failed
        return None

    return test


def _any(tests: list[Test], path: str) -> Test:
    def test(facts: Facts) -> str | None:
        for each in tests:
            if each(facts) is None:
                return None
        return path

    return test


def _test(name: str, op: Op, value: Any, path: str) -> Test:
    # A field that the event or the member lacks meets no test but `!=`. The commonest tests have
    # a function of their own: an item of an order is asked of by each of some hundred rules.
    if op == "=" and isinstance(value, str):
        return lambda facts: None if facts.get(name) == value else path
    if op == "in" and all(isinstance(each, str) for each in value):
        known = frozenset(value)
        return lambda facts: None if facts.get(name) in known else path
    holds = _HOLDS[op](value)
    return lambda facts: None if holds(facts.get(name)) else path


def _same(value: Any) -> Callable[[Any], bool]:
    kind = type(value)
    return lambda own: own == value and type(own) is kind


def _ordered(compare: Callable[[int, int], bool]) -> Callable[[Any], Callable[[Any], bool]]:
    return lambda value: lambda own: type(own) is int and compare(own, value)


def _other(value: Any) -> Callable[[Any], bool]:
    same = _same(value)
    return lambda own: not same(own)


def _contains(value: Any) -> Callable[[Any], bool]:
    return lambda own: own is not None and type(own) in (str, frozenset) and value in own


def _among(value: Any) -> Callable[[Any], bool]:
    known = frozenset(value)
    return lambda own: own in known and type(own) is not bool


def _between(value: Any) -> Callable[[Any], bool]:
    low, high = value
    return lambda own: type(own) is int and low <= own <= high


_HOLDS: dict[Op, Callable[[Any], Callable[[Any], bool]]] = {
    "=": _same,
    "!=": _other,
    "<": _ordered(lambda own, value: own < value),
    "<=": _ordered(lambda own, value: own <= value),
    ">": _ordered(lambda own, value: own > value),
    ">=": _ordered(lambda own, value: own >= value),
    "in": _among,
    "contains": _contains,
    "between": _between,
}
