"""Times of years that nothing is planned in are refused by their field."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.years import year_errors

pytestmark = pytest.mark.pure

FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 12, 31, 23, 59, 59, tzinfo=UTC)
EARLY, LATE = datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)


def test_the_years_2000_to_2100_are_planned_in() -> None:
    assert not [*year_errors({"from": FIRST, "until": LAST, "other": None})]
    assert not [*year_errors({"from": to_ms(FIRST), "until": to_ms(LAST)})]


@pytest.mark.parametrize("at", [EARLY, LATE, to_ms(EARLY), to_ms(LATE)])
def test_other_years_are_refused_by_their_field(at: datetime | int) -> None:
    found = [*year_errors({"from": FIRST, "until": at})]
    assert [(each.field, each.code) for each in found] == [("until", "out_of_range")]
