"""The time of a service, free or in a slot."""

from __future__ import annotations

import msgspec


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
