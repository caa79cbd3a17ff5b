"""Conditions that nothing meets: tests of one field that exclude each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from chalicelib.earning.rules.conditions import Condition, below, compiled
from chalicelib.earning.rules.fields import INTEGER, field_of
from chalicelib.kernel.errors import FieldError, Words

_NEVER = Words("与其他条件矛盾，永远不会满足", "contradicts what else is asked: never met")
# Ranges of so many integers are looked at one by one.
_FEW = 64


class _Place(NamedTuple):
    """A part of a tree that has to be met, at its path."""

    path: str
    part: Condition


def contradictions(
    tree: Condition, path: str, given: Sequence[Condition] = ()
) -> Iterator[FieldError]:
    """The tests of a right tree that no value meets together with those before them, or with what
    is `given`, and each `any` of which no branch is possible."""
    parts = list(_needed(tree, path))
    met = _by_field(given)
    for place in parts:
        if place.part.any is not None:
            continue
        together = [*met.get(place.part.field or "", ()), place.part]
        if _can_be_met(together):
            met[place.part.field or ""] = together
        else:
            yield FieldError(f"{place.path}.value", "contradiction", _NEVER)
    for place in parts:
        if place.part.any is not None:
            yield from _choice_faults(place, met)


def _choice_faults(choice: _Place, met: Mapping[str, Sequence[Condition]]) -> Iterator[FieldError]:
    branches = list(below(choice.part, choice.path))
    inner = [fault for at, each in branches for fault in contradictions(each, at)]
    yield from inner
    if not inner and not any(_is_possible(each, met) for _, each in branches):
        yield FieldError(f"{choice.path}.any", "contradiction", _NEVER)


def _is_possible(tree: Condition, met: Mapping[str, Sequence[Condition]]) -> bool:
    tests = (place.part for place in _needed(tree, "") if place.part.any is None)
    return all(
        _can_be_met([*met.get(name, ()), *together]) for name, together in _by_field(tests).items()
    )


def _needed(tree: Condition, path: str) -> Iterator[_Place]:
    """The tests and choices that all have to be met; of a negation those that can be told."""
    if tree.all is not None:
        for at, each in below(tree, path):
            yield from _needed(each, at)
    elif tree.not_ is not None:
        yield from (_Place(f"{path}.not", each) for each in _negated(tree.not_))
    else:
        yield _Place(path, tree)


def _negated(test: Condition) -> Iterator[Condition]:
    if test.op == "=":
        yield Condition(field=test.field, op="!=", value=test.value)
    elif test.op == "!=":
        yield Condition(field=test.field, op="=", value=test.value)
    elif test.op == "in" and isinstance(test.value, list):
        yield from (Condition(field=test.field, op="!=", value=each) for each in test.value)


def _by_field(tests: Iterable[Condition]) -> dict[str, list[Condition]]:
    made: dict[str, list[Condition]] = {}
    for test in tests:
        made.setdefault(test.field or "", []).append(test)
    return made


def _can_be_met(tests: Sequence[Condition]) -> bool:
    """Whether some value meets these tests of one field, as far as they tell."""
    field = field_of(tests[0].field or "")
    assert field is not None, "the tree is right"
    low, high = (field.least, field.most) if field.kind == INTEGER else (-(10**13), 10**13)
    listed: Sequence[Any] | None = None
    for test in tests:
        value: Any = test.value
        if test.op in ("=", "in"):
            listed = value if test.op == "in" else [value]
        low, high = _narrowed(test.op or "=", value, low, high)
    if listed is None and low <= high < low + _FEW:
        listed = range(low, high + 1)
    if listed is None:
        return low <= high
    return any(all(_meets(each, test) for test in tests) for each in listed)


def _meets(value: Any, test: Condition) -> bool:
    return compiled(test, "")({test.field or "": value}) is None


def _narrowed(op: str, value: Any, low: int, high: int) -> tuple[int, int]:
    if op == "between":
        return max(low, value[0]), min(high, value[1])
    if op in (">", ">="):
        return max(low, value + (op == ">")), high
    if op in ("<", "<="):
        return low, min(high, value - (op == "<"))
    return low, high
