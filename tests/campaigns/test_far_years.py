"""What the staff plans for a year that no calendar reaches is refused: lists of members go on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api import Api, new_key, token

TITLE = {"zh-CN": "测试", "en": "A test"}
PRIZES = [
    {"kind": "points", "title": TITLE, "odds": 1_000, "stock": 1, "points": 5},
    {"kind": "thanks", "title": TITLE, "odds": 999_000},
]
GOAL = {"metric": "orders", "count": 1}
REWARD = {"kind": "points", "amount": 1}
PLANNED: dict[str, dict[str, Any]] = {
    "campaigns": {"kind": "price", "title": TITLE, "effect": {"price": {"percent_off": 10}}},
    "coupon-templates": {"kind": "points_off", "title": TITLE, "amount": 10},
    "lotteries": {"title": TITLE, "prizes": PRIZES, "price_points": 10},
    "missions": {"title": TITLE, "goal": GOAL, "reward": REWARD, "period": "fixed"},
}


@pytest.mark.parametrize("noun", PLANNED)
def test_a_plan_for_the_end_of_the_calendar_is_refused(api: Api, noun: str) -> None:
    valid = {"from": "0001-01-01T00:00:00Z", "until": "9999-12-31T23:59:59Z"}
    staff = token("mbr_ops", "ops")
    body = {**PLANNED[noun], "valid": valid}
    refused = api.post(f"/v1/admin/{noun}", body, as_=staff, key=new_key())
    told = [(each["field"], each["code"]) for each in refused.body["errors"]]
    far = [("valid.from", "out_of_range"), ("valid.until", "out_of_range")]
    assert (refused.status, told) == (400, far)


def test_coupons_are_not_offered_until_the_end_of_the_calendar(api: Api) -> None:
    offered = {"from": None, "until": "9999-12-31T23:59:59Z"}
    body = {**PLANNED["coupon-templates"], "valid": {"days": 3}, "offered": offered}
    refused = api.post(
        "/v1/admin/coupon-templates", body, as_=token("mbr_ops", "ops"), key=new_key()
    )
    told = [(each["field"], each["code"]) for each in refused.body["errors"]]
    assert (refused.status, told) == (400, [("offered.until", "out_of_range")])
