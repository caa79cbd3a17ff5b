"""The time of a service, free or in a slot."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace


class Booking(msgspec.Struct, frozen=True):
    """The time of a service, in epoch milliseconds. `until_ms` is the end of its slot, None for a
    free time. `missed`: nobody came.
    """

    at_ms: int
    note: str | None = None
    until_ms: int | None = None
    missed: bool = False

    @property
    def ends_at_ms(self) -> int:
        return self.at_ms if self.until_ms is None else self.until_ms


def is_rebooked(before: Booking | None, now: Booking) -> bool:
    """Whether a booking was moved or missed; a note alone is no news."""
    return before is None or replace(before, note=None) != replace(now, note=None)
