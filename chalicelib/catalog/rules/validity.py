"""How long virtual goods and services may be used once a member has them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.kernel import clock
from chalicelib.kernel.errors import FieldError, Words
from chalicelib.kernel.years import year_errors

Instant = Annotated[datetime, Meta(tz=True)]
Days = Annotated[int, Meta(ge=1, le=3650)]


class Validity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Either `days` from the redemption, whose own day does not count, or times: `from`, `until`
    or both."""

    days: Days | None = None
    start: Instant | None = msgspec.field(default=None, name="from")
    until: Instant | None = None


def in_utc(validity: Validity | None) -> Validity | None:
    """The same with times as we record them: UTC, in milliseconds."""
    if validity is None:
        return None
    start, until = clock.recorded(validity.start), clock.recorded(validity.until)
    return Validity(days=validity.days, start=start, until=until)


def use_until(validity: Validity | None, redeemed_at: datetime) -> datetime | None:
    """The instant from which what was redeemed can no longer be used; None: never.

    With days it is the end of a day of the program.
    """
    if validity is None:
        return None
    if validity.days is None:
        return validity.until
    return clock.end_of(clock.program_day(redeemed_at) + timedelta(days=validity.days))


def validity_errors(validity: Validity | None, kind: str) -> Iterator[FieldError]:
    """What is wrong with a validity of goods of a kind."""
    if validity is None:
        return
    if kind == "physical":
        words = Words("仅适用于卡券和服务", "is for virtual goods and services")
        yield FieldError("validity", "not_for_physical", words)
    start, until = validity.start, validity.until
    has_times = start is not None or until is not None
    if has_times == (validity.days is not None):
        words = Words("须填天数，或起止时间，二选一", "takes either days or times")
        yield FieldError("validity", "days_or_times", words)
    yield from year_errors({"validity.from": start, "validity.until": until})
    if start is not None and until is not None and until <= start:
        words = Words("须晚于开始时间", "must be later than from")
        yield FieldError("validity.until", "not_after_from", words)
