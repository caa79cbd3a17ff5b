"""A ladder is held against all members before it is published, and nothing of theirs changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.kernel import clock
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.store.streams import Change
from chalicelib.tiers import events, queries
from chalicelib.tiers.actions import forecasts, judging
from chalicelib.tiers.tables import FORECAST, ForecastItem, StandingItem, TiersItem
from tests.api import Answer, new_key, token
from tests.conftest import Time
from tests.tiers.counting import spend
from tests.world import World

PATH, TITLE = "/v1/admin/tiers/forecast", {"zh-CN": "会员", "en": "Member"}
NEVER: Callable[[], bool] = lambda: False  # noqa: E731 - one of two answers


@pytest.fixture(autouse=True)
def _no_ladder(engine: str) -> Iterator[None]:
    """Standings of other tests are none of these tests' concern."""
    _forget()
    yield
    _forget()


def _forget() -> None:
    for item in TiersItem.scan(attributes_to_get=["pk", "sk"]):
        TiersItem(item.pk, item.sk).delete()
    queries.REMEMBERED.clear()


def ladder(silver: int = 100, gold: int = 500, top: str = "gold", **benefits: Any) -> Any:
    levels: list[Any] = [
        {"key": "normal", "title": TITLE},
        {"key": "silver", "title": TITLE, "thresholds": {"spend": silver}},
        {"key": top, "title": TITLE, "thresholds": {"spend": gold}, "benefits": benefits},
    ]
    return {"levels": levels}


def put(world: World, body: Any) -> Answer:
    version = queries.find_ladder().version
    headers = {"If-Match": str(version)}
    answer = world.api.put("/v1/admin/tiers", body, as_=world.ops, headers=headers)
    assert answer.status == 200, answer.body
    return answer


def ordered(world: World, body: Any, **asking: Any) -> Answer:
    return world.api.post(PATH, body, **{"as_": world.ops, "key": new_key(), **asking})


def job(world: World, job_id: str) -> Any:
    answer = world.api.get(f"/v1/admin/jobs/{job_id}", as_=token("mbr_ops", "ops"))
    assert answer.status == 200, answer.body
    return answer.body


def told(job_id: str) -> list[Any]:
    """What the relay publishes of a forecast as it is now."""
    item = ForecastItem.find(*ForecastItem.key(job_id))
    return events.facts_of(Change("1", None, item.to_dynamodb_dict()))


def run(world: World, job_id: str, enough: Callable[[], bool] = NEVER) -> Any:
    for _ in range(100):
        if not (facts := told(job_id)):
            return job(world, job_id)
        for fact in facts:
            forecasts.continue_forecast(fact.data.job_id, fact.data.round, enough)
    raise AssertionError("a forecast ends")


def forecast(world: World, body: Any) -> Any:
    answer = ordered(world, body)
    assert answer.status == 202, answer.body
    return run(world, answer.body["job_id"])


def by_tier(done: Any) -> dict[str, tuple[int, ...]]:
    names = ("members", "rise", "fall", "stay", "then", "fall_later")
    return {each["tier"]: tuple(each[name] for name in names) for each in done["tiers"]}


@pytest.fixture
def three(world: World) -> list[str]:
    """A member of each level of the ladder."""
    put(world, ladder())
    found = [world.member() for _ in range(3)]
    for member, amount in zip(found, (50, 200, 600), strict=True):
        spend(member, amount)
    return found


def test_lower_thresholds_lift_members_and_nothing_is_written(
    world: World, three: list[str]
) -> None:
    before = [StandingItem.find(*StandingItem.key(each)).serialize() for each in three]
    done = forecast(world, ladder(silver=40, gold=150))
    assert (done["status"], done["members"], done["unreadable"]) == ("done", 3, 0)
    assert (done["rise"], done["fall"], done["stay"], done["fall_later"]) == (2, 0, 1, 0)
    assert by_tier(done) == {
        "normal": (1, 1, 0, 0, 0, 0),
        "silver": (1, 1, 0, 0, 1, 0),
        "gold": (1, 0, 0, 1, 2, 0),
    }
    assert [StandingItem.find(*StandingItem.key(each)).serialize() for each in three] == before
    assert queries.find_ladder().version == 1


def test_higher_thresholds_take_a_tier_once_its_time_is_over(
    world: World, three: list[str]
) -> None:
    done = forecast(world, ladder(silver=300, gold=9_000))
    assert (done["rise"], done["fall"], done["stay"], done["fall_later"]) == (0, 0, 3, 2)
    assert by_tier(done)["silver"] == (1, 0, 0, 1, 1, 1)


def test_who_has_a_level_that_is_gone_falls_at_once(world: World, three: list[str]) -> None:
    done = forecast(world, ladder(gold=9_000, top="jade"))
    assert (done["rise"], done["fall"], done["stay"]) == (0, 1, 2)
    assert by_tier(done)["gold"] == (1, 0, 1, 0, 0, 0)


def test_a_forecast_is_what_the_ladder_then_does(
    world: World, three: list[str], time: Time
) -> None:
    body = ladder(silver=40, gold=150)
    done = forecast(world, body)
    put(world, body)
    time.advance(seconds=queries.KEPT_S + 1)
    judging.judge_by_new_ladder(clock.now())
    then = [queries.tier_of(each) for each in three]
    assert {key: then.count(key) for key in by_tier(done)} == {
        key: row[4] for key, row in by_tier(done).items()
    }


def test_a_forecast_in_slices_that_come_twice_counts_nobody_twice(
    world: World, three: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "MOST_KEYS", 1)
    body = ladder(silver=40, gold=150)
    whole = forecast(world, body)
    job_id = ordered(world, body).body["job_id"]
    rounds = 0
    while facts := told(job_id):
        for fact in facts * 2:
            forecasts.continue_forecast(fact.data.job_id, fact.data.round, lambda: True)
        rounds += 1
    assert rounds > 3
    assert job(world, job_id)["tiers"] == whole["tiers"]


def test_a_worker_that_dies_leaves_a_forecast_that_another_ends(
    world: World, three: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = ordered(world, ladder()).body["job_id"]
    with monkeypatch.context() as dying:

        def die(*_: Any) -> None:
            raise Unavailable()

        dying.setattr(forecasts, "was_written", die)
        with pytest.raises(Unavailable):
            run(world, job_id)
    assert job(world, job_id)["status"] == "running"
    assert run(world, job_id)["members"] == 3


def test_a_forecast_without_progress_for_hours_has_failed(world: World, time: Time) -> None:
    job_id = ordered(world, ladder()).body["job_id"]
    time.advance(hours=2, minutes=1)
    assert job(world, job_id)["status"] == "failed"


def test_a_standing_that_nobody_can_read_is_told(world: World, three: list[str]) -> None:
    item: Any = StandingItem.find(*StandingItem.key(three[1]))
    item.update([StandingItem.version.remove()])
    done = forecast(world, ladder())
    assert (done["members"], done["unreadable"]) == (2, 1)


def test_a_retry_is_the_same_job_and_another_ladder_under_its_key_is_refused(
    world: World,
) -> None:
    key = new_key()
    first, again = (ordered(world, ladder(), key=key) for _ in range(2))
    assert (again.status, again.body) == (202, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = ordered(world, ladder(gold=900), key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")


def test_only_those_who_write_the_ladder_forecast_one(world: World) -> None:
    assert ordered(world, ladder(), as_=token("mbr_finance", "finance")).status == 403
    assert ordered(world, ladder(), key=None).body["code"] == "idempotency_key_required"
    refused = ordered(world, ladder(silver=500, gold=500))
    assert (refused.status, refused.body["errors"][0]["code"]) == (400, "not_above")
    assert list(TiersItem.scan(TiersItem.sk == FORECAST)) == []


@pytest.mark.parametrize("way", ["forecast", "put"])
def test_a_category_that_is_not_there_is_refused_by_its_place(world: World, way: str) -> None:
    category = world.category
    body = ladder(categories=[category, "cat_gone"])
    headers = {"If-Match": "0"}
    answer = (
        ordered(world, body)
        if way == "forecast"
        else world.api.put("/v1/admin/tiers", body, as_=world.ops, headers=headers)
    )
    assert (answer.status, answer.body["code"]) == (400, "invalid_request")
    (error,) = answer.body["errors"]
    assert (error["field"], error["code"]) == (
        "levels[2].benefits.categories[1]",
        "unknown_category",
    )
    assert queries.find_ladder().version == 0
    assert put(world, ladder(categories=[category])).body["version"] == 1
