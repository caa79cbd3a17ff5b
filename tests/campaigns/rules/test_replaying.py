"""What past orders would have cost with a draft."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.campaigns.rules.audiences import Buyer
from chalicelib.campaigns.rules.replaying import Given, PastOrder, Replayed, replay
from tests.campaigns.rules.carts import AT, campaign, line

pytestmark = pytest.mark.pure

ZONE = ZoneInfo("Asia/Shanghai")
OFF = {"unit": "points", "steps": [{"at_least": 1_000, "off": 100}]}


def _order(number: int, points: int = 1_000, **more: Any) -> PastOrder:
    at: datetime = more.pop("at", AT)
    member = more.pop("member", f"mbr_{number}")
    lines = (line("A", points),)
    return PastOrder(
        id=f"ord_{number}", at=at, buyer=Buyer(member_id=member), lines=lines, points=points
    )


def test_each_day_tells_what_a_draft_would_have_given() -> None:
    orders = [_order(1), _order(2, 900), _order(3, at=AT + timedelta(hours=13))]
    made = replay(campaign("full_reduction", OFF), orders, ZONE)
    assert made.by_day == {
        date(2026, 12, 1): Given(orders=2, takers=1, points=100),
        date(2026, 12, 2): Given(orders=1, takers=1, points=100),
    }
    assert made.total == Given(orders=3, takers=2, points=200)
    assert made.reasons == {"applied": 2, "below_threshold": 1}


def test_a_draft_stays_within_its_budget_and_its_limit_per_member() -> None:
    draft = campaign("full_reduction", OFF, budget={"points": 250}, per_member=1)
    orders = [_order(1), _order(2, member="mbr_1"), _order(3), _order(4)]
    made = replay(draft, orders, ZONE)
    assert made.total == Given(orders=4, takers=2, points=200)
    assert made.reasons == {"applied": 2, "limit_reached": 1, "budget_spent": 1}


def test_a_replay_goes_on_where_a_page_ended() -> None:
    draft = campaign("full_reduction", OFF, budget={"takers": 3})
    orders = [_order(number) for number in range(5)]
    whole, paged = replay(draft, orders, ZONE), Replayed()
    for start in range(0, 5, 2):
        paged = replay(draft, orders[start : start + 2], ZONE, so_far=paged)
    assert paged == whole
    assert whole.total.takers == 3


def test_the_days_of_a_draft_hold_and_its_beginning_does_not() -> None:
    valid = {"from": "2027-01-01T00:00:00Z", "weekdays": [2]}
    draft = campaign("full_reduction", OFF, valid=valid)
    made = replay(draft, [_order(1), _order(2, at=AT + timedelta(days=1))], ZONE)
    assert made.reasons == {"applied": 1, "outside_window": 1}


def test_campaigns_beside_a_draft_come_first_where_they_do() -> None:
    beside = campaign("price", {"percent_off": 50}, id="cam_live")
    made = replay(campaign("full_reduction", OFF), [_order(1)], ZONE, [beside])
    assert made.total == Given(orders=1)
