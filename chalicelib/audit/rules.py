"""Acts of the staff as values, and the months that they are kept by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec
from msgspec.structs import replace

Facts = dict[str, str | int | bool | None]

# The program's month in which the audit began: no stage has an older record.
FIRST_MONTH = "2026-11"


class Actor(msgspec.Struct, frozen=True):
    """One of the staff: member id, roles, address, request."""

    member_id: str
    roles: frozenset[str]
    source_ip: str | None
    request_id: str


class Act(msgspec.Struct, frozen=True):
    """One act of the staff; `at_ms` in epoch milliseconds.

    `id` is the same for each try of one intention, `content` tells what was asked from other
    content under the same key. `action` is a stable name such as `account.freeze`, `subject` the id
    of whom or what it was done to. `before` and `after` are a few plain facts, never personal
    data: only `reason` and the actor's address are encrypted, and can be forgotten.
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

    def changing(self, before: Facts, after: Facts) -> Act:
        """The act with what it changes, once that has been read and decided."""
        return replace(self, before=before, after=after)


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
