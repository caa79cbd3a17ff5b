"""The ways to earn points, told to who lacks them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib.earning.queries import ways_to_earn
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import InsufficientPoints


@contextmanager
def with_ways_to_earn(call: Call) -> Iterator[None]:
    """Add the ways to earn points to a refusal for missing points."""
    try:
        yield
    except InsufficientPoints as refusal:
        ways = ways_to_earn(call.language, call.now)
        told = InsufficientPoints(**refusal.facts, ways_to_earn=ways)
        raise told.worded_as(refusal) from refusal
