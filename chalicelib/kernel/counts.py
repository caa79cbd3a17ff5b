"""Counts of lists that stop at a hundred: beyond that, people need to know only that it is many."""

from __future__ import annotations

import msgspec

COUNTED_AT_MOST = 100


class SomeOf(msgspec.Struct, frozen=True):
    """The length of a list, up to 100; with `more` it is longer: "100+"."""

    count: int
    more: bool
