"""Queries of segments: each condition finds those whom it says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.campaigns.rules.people import MemberFacts, Month
from chalicelib.campaigns.rules.segments import Person, SegmentQuery, is_found
from chalicelib.kernel.clock import to_ms

pytestmark = pytest.mark.pure

NOW = datetime(2028, 2, 29, 12, tzinfo=UTC)
FACTS = MemberFacts(
    member_id="mbr_1",
    tags=frozenset({"vip"}),
    bought={"2028-02": Month(1, 1000, 0), "2027-12": Month(2, 3000, 0), "2027-11": Month(9, 9, 9)},
)
PERSON = Person(
    registered_ms=to_ms(datetime(2027, 5, 1, tzinfo=UTC)),
    tier="gold",
    points=500,
    visited_ms=to_ms(datetime(2028, 1, 30, 12, tzinfo=UTC)),
    birthday="02-29",
    facts=FACTS,
)


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ({"tiers": ["gold", "silver"]}, True),
        ({"tiers": ["silver"]}, False),
        ({"tags": ["vip"]}, True),
        ({"tags": ["new"]}, False),
        ({"points_at_least": 500, "points_at_most": 500}, True),
        ({"points_at_least": 501}, False),
        ({"orders_at_least": 3, "orders_at_most": 3}, True),
        ({"orders_at_least": 12, "months": 4}, True),
        ({"spent_at_least": 4000, "spent_at_most": 4000}, True),
        ({"spent_at_least": 1001, "months": 2}, False),
        ({"idle_days": 30}, True),
        ({"idle_days": 31}, False),
        ({"birthday_months": [2]}, True),
        ({"birthday_months": [3]}, False),
        ({"registered_from": datetime(2027, 5, 1, tzinfo=UTC)}, True),
        ({"registered_until": datetime(2027, 5, 1, tzinfo=UTC)}, False),
        ({"tiers": ["gold"], "tags": ["new"]}, False),
    ],
)
def test_a_query_finds_those_of_whom_all_of_it_holds(query: Any, finds: bool) -> None:
    assert is_found(SegmentQuery(**query), PERSON, NOW) is finds
