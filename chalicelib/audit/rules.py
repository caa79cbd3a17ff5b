"""Acts of the staff as values, and the months that they are kept by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

Facts = dict[str, str | int | bool | None]

# The program's month in which the audit began: no stage has an older record.
FIRST_MONTH = "2026-11"
LONGEST_TEXT = 200
MOST_FACTS = 80


class Actor(msgspec.Struct, frozen=True):
    """One of the staff: member id, roles, address, request, and what the request was sent with."""

    member_id: str
    roles: frozenset[str]
    source_ip: str | None
    request_id: str
    user_agent: str | None = None


class Act(msgspec.Struct, frozen=True):
    """One act of the staff; `at_ms` in epoch milliseconds.

    `id` is the same for each try of one intention, `content` tells what was asked from other
    content under the same key. `action` is a stable name such as `account.freeze`, `subject` the id
    of whom or what it was done to. `before` and `after` are a few plain facts, never personal
    data: only `reason` and where the actor was are encrypted, and can be forgotten.
    """

    id: str
    action: str
    subject: str
    actor: Actor
    at_ms: int
    reason: str | None = None
    before: Facts = msgspec.field(default_factory=dict)
    after: Facts = msgspec.field(default_factory=dict)
    content: bytes | None = None

    def about(self, subject: str, act_id: str) -> Act:
        """What the same act did to another subject: a record with an id of its own."""
        return replace(self, id=act_id, subject=subject)

    def changing(self, before: Facts, after: Facts) -> Act:
        """The act with what it changes, once that has been read and decided."""
        return replace(self, before=before, after=after)


def differences(before: Any, after: Any) -> tuple[Facts, Facts]:
    """What differs between two values, such as two versions of a product: (before, after).

    Fields of fields have names such as `price.points`; texts are cut to LONGEST_TEXT, and of more
    than MOST_FACTS differences the first are kept. None has no fields.
    """
    old, new = _facts_of(before), _facts_of(after)
    changed = [name for name in [*old, *new] if old.get(name) != new.get(name)]
    names = list(dict.fromkeys(changed))[:MOST_FACTS]
    # Two texts may differ behind the cut: then they say so by their length.
    return _cut(old, names), _cut(new, names)


def _cut(facts: Facts, names: list[str]) -> Facts:
    return {name: _short(facts[name]) for name in names if name in facts}


def _short(value: str | int | bool | None) -> str | int | bool | None:
    if not isinstance(value, str) or len(value) <= LONGEST_TEXT:
        return value
    return f"{value[:LONGEST_TEXT]}… ({len(value)})"


def _facts_of(value: Any) -> Facts:
    return dict(_flat("", msgspec.to_builtins(value))) if value is not None else {}


def _flat(name: str, value: Any) -> Iterator[tuple[str, str | int | bool | None]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _flat(f"{name}.{key}" if name else str(key), each)
    elif isinstance(value, list):
        if all(isinstance(each, str | int) for each in value):
            yield name, ", ".join(map(str, value))
        else:
            for number, each in enumerate(value):
                yield from _flat(f"{name}[{number}]", each)
    elif value is None or isinstance(value, str | int):
        yield name, value
    else:
        yield name, str(value)


def month_of(day: date) -> str:
    """`2026-11`: text that sorts by time."""
    return f"{day:%Y-%m}"


def months_back(newest: str) -> Iterator[str]:
    """This month and all before it, down to the audit's first."""
    yield newest
    year, month = int(newest[:4]), int(newest[5:])
    while newest > FIRST_MONTH:
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        newest = f"{year:04d}-{month:02d}"
        yield newest
