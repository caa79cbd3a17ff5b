"""The API and the functions of tiers make only calls that their policies allow."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel import clock
from chalicelib.tiers import queries
from chalicelib.tiers.actions import reviews
from chalicelib.tiers.actions.forecasts import continue_forecast
from chalicelib.tiers.actions.judging import judge_by_new_ladder
from chalicelib.tiers.rules.judging import Judging
from chalicelib.tiers.rules.ladder import Benefits
from chalicelib.tiers.tables import JudgingItem
from tests.api import new_key, token
from tests.infra.permissions import Guard
from tests.tiers.conftest import stands
from tests.tiers.counting import spend
from tests.tiers.rules.ladders import ladder
from tests.world import World


def test_a_forecast_is_ordered_and_carried_on_by_functions_that_may(
    world: World, guard: Guard
) -> None:
    spend(world.member(), 500)
    levels = [
        {"key": "normal", "title": {"zh-CN": "会员", "en": "Member"}},
        {
            "key": "gold",
            "title": {"zh-CN": "金", "en": "Gold"},
            "thresholds": {"spend": 1},
            "benefits": {"categories": [world.category]},
        },
    ]
    with guard.acting_as("APIHandler"):
        path, body = "/v1/admin/tiers/forecast", {"levels": levels}
        answer = world.api.post(path, body, as_=world.ops, key=new_key())
        job_id = answer.body["job_id"]
    with guard.acting_as("CountActivities"):
        continue_forecast(job_id, 0, lambda: False)
    with guard.acting_as("APIHandler"):
        done = world.api.get(f"/v1/admin/jobs/{job_id}", as_=world.ops).body
    assert (done["status"], done["members"] >= 1) == ("done", True)


def test_the_functions_of_tiers_may_count_judge_and_give(
    world: World, guard: Guard, time: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stands(monkeypatch, ladder(Benefits(birthday_points=5)))
    member = world.member()
    with guard.acting_as("CountActivities"):
        assert spend(member, 500).tier == "gold"
    with guard.acting_as("APIHandler"):
        until = clock.rfc3339(clock.now() + timedelta(days=9))
        body = {"tier": "diamond", "until": until, "reason": "x"}
        path = f"/v1/admin/members/{member}/tier"
        assert world.api.post(path, body, as_=world.ops, key=new_key()).status == 200
        day = clock.program_day(clock.now())
        birthday = {"birthday": f"{day:%m-%d}"}
        assert world.api.patch("/v1/me", birthday, as_=token(member)).status == 200
        assert world.api.get("/v1/me/tier", as_=token(member)).status == 200
    with guard.acting_as("CountActivities"):
        reviews.hear_birthday(member, clock.now())
    time.advance(days=400)
    with guard.acting_as("ReviewTiers"):
        reviews.review_tiers(clock.now())
        assert queries.tier_of(member) == "normal"
    begun = JudgingItem.of(Judging(version=1, starts_at=0))
    begun.save()
    with guard.acting_as("ReviewTiers"):
        assert judge_by_new_ladder(clock.now()) >= 1
    begun.delete()
