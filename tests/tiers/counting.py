"""What members do for their tiers, as the queue tells of it."""

from __future__ import annotations

from typing import Any

from chalicelib.kernel import clock
from chalicelib.kernel.store.facts import Fact, handle
from chalicelib.tiers import ActivityRecorded, queries
from chalicelib.tiers.events import HEARD
from chalicelib.tiers.rules.standing import Standing
from tests.api import new_key


def activity(member: str, spend: int, reference: str = "", orders: int = 1) -> Fact[Any]:
    at = clock.rfc3339(clock.now())
    reference = reference or new_key()
    data = ActivityRecorded(member, reference, at, spend=spend, orders=orders)
    return Fact.of(f"tier.activity:{reference}", at, data)


def spend(member: str, amount: int, reference: str = "", orders: int = 1) -> Standing:
    """Tell the queue's consumer of an order of so many minor units: the standing after it."""
    handle(activity(member, amount, reference, orders), HEARD)
    return queries.find_standing(member)
