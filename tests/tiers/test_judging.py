"""A new ladder judges all members within minutes, slice by slice, whatever fails on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.kernel import clock
from chalicelib.kernel.store.tables import Item
from chalicelib.tiers import events, queries
from chalicelib.tiers.actions import judging, reviews
from chalicelib.tiers.actions.judging import judge_by_new_ladder
from chalicelib.tiers.tables import StandingItem, TiersItem
from infra.local import schedules
from tests.api import Answer, token
from tests.faults.wire import listed
from tests.tiers.counting import spend
from tests.world import World

TITLE = {"zh-CN": "会员", "en": "Member"}


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


def put(world: World, version: int, gold: int, key: str = "gold", **other: Any) -> Answer:
    levels = [{"key": "normal", "title": TITLE}, {"key": key, "title": TITLE}]
    levels[1]["thresholds"] = {"spend": gold}
    body, headers = {"levels": levels, **other}, {"If-Match": str(version)}
    return world.api.put("/v1/admin/tiers", body, as_=world.ops, headers=headers)


def told(world: World) -> Any:
    return world.api.get("/v1/admin/tiers", as_=world.ops).body["judging"]


def test_a_new_ladder_lifts_who_has_reached_its_levels_without_an_act_of_theirs(
    world: World, time: Any
) -> None:
    put(world, 0, 500)
    poor, rich = world.member(), world.member()
    spend(poor, 40)
    spend(rich, 90)
    made = put(world, 1, 80)
    assert made.body["judging"] == {"status": "waiting", "judged": 0, "risen": 0, "fallen": 0}
    assert judge_by_new_ladder(clock.now()) == 0
    time.advance(seconds=queries.KEPT_S + 1)
    assert judge_by_new_ladder(clock.now()) == 2
    assert (queries.tier_of(poor), queries.tier_of(rich)) == ("normal", "gold")
    assert world.api.get("/v1/me", as_=token(rich)).body["tier"] == "gold"
    assert [step.why for step in queries.history_of(rich)] == ["ladder"]
    assert told(world) == {"status": "done", "judged": 2, "risen": 1, "fallen": 0}
    assert judge_by_new_ladder(clock.now()) == 0


def test_who_has_a_level_that_is_gone_loses_it_and_a_higher_threshold_takes_none(
    world: World, time: Any
) -> None:
    put(world, 0, 100)
    member = world.member()
    spend(member, 150)
    put(world, 1, 9000)
    time.advance(seconds=queries.KEPT_S + 1)
    judge_by_new_ladder(clock.now())
    assert (queries.tier_of(member), told(world)["fallen"]) == ("gold", 0)
    put(world, 2, 9000, key="jade")
    time.advance(seconds=queries.KEPT_S + 1)
    judge_by_new_ladder(clock.now())
    assert (queries.tier_of(member), told(world)["fallen"]) == ("normal", 1)
    assert world.api.get("/v1/me/tier", as_=token(member)).body["until"] is None


def test_a_member_whom_the_ladder_leaves_alone_costs_no_write(world: World, time: Any) -> None:
    put(world, 0, 500)
    member = world.member()
    spend(member, 600)
    put(world, 1, 550)
    time.advance(seconds=queries.KEPT_S + 1)
    with listed() as requests:
        judge_by_new_ladder(clock.now())
    written = [each for each in requests if each.writes and member in str(each)]
    assert (written, told(world)["judged"]) == ([], 1)


def test_a_review_that_fails_keeps_no_new_ladder_from_members(
    world: World, time: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(world, 0, 500)
    member = world.member()
    spend(member, 90)
    put(world, 1, 80)
    time.advance(seconds=queries.KEPT_S + 1)
    monkeypatch.setattr(reviews, "review_tiers", _crash_after(0, None))
    with pytest.raises(ZeroDivisionError):
        events.review_tiers(schedules.event("review_tiers", clock.rfc3339(clock.now())), None)
    assert queries.tier_of(member) == "gold"


def test_other_days_of_grace_are_taken_over(world: World, time: Any) -> None:
    put(world, 0, 500)
    member = world.member()
    spend(member, 600)
    before = StandingItem.find(*StandingItem.key(member)).due_at
    put(world, 1, 500, grace_days=3)
    time.advance(seconds=queries.KEPT_S + 1)
    judge_by_new_ladder(clock.now())
    assert StandingItem.find(*StandingItem.key(member)).due_at - before == 3 * 86_400


class TestSlices:
    """Slices of one standing."""

    @pytest.fixture(autouse=True)
    def _short(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(judging, "MOST_KEYS", 1)

    @pytest.fixture
    def many(self, world: World, time: Any) -> list[str]:
        put(world, 0, 500)
        made = [world.member() for _ in range(5)]
        for each in made:
            spend(each, 90)
        put(world, 1, 80)
        time.advance(seconds=queries.KEPT_S + 1)
        return made

    def test_a_run_that_ends_early_is_gone_on_with(
        self, world: World, many: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as hurried:
            hurried.setattr(judging, "WORKING_S", 0)
            assert judge_by_new_ladder(clock.now()) == 1
            assert told(world) == {"status": "running", "judged": 1, "risen": 1, "fallen": 0}
        assert judge_by_new_ladder(clock.now()) == 4
        assert {queries.tier_of(each) for each in many} == {"gold"}
        assert told(world) == {"status": "done", "judged": 5, "risen": 5, "fallen": 0}

    def test_a_crash_before_any_mark_lifts_everybody_once_in_the_end(
        self, world: World, many: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = judging._marked
        for number in range(6):
            with monkeypatch.context() as broken:
                broken.setattr(judging, "_marked", _crash_after(number % 2, real))
                with pytest.raises(ZeroDivisionError):
                    judge_by_new_ladder(clock.now())
        judge_by_new_ladder(clock.now())
        assert {queries.tier_of(each) for each in many} == {"gold"}
        assert [len(queries.history_of(each)) for each in many] == [1] * 5
        assert told(world)["status"] == "done"

    def test_a_ladder_that_is_put_meanwhile_begins_anew(
        self, world: World, many: list[str], time: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = judging._judge

        def overtaken(*rest: Any) -> None:
            monkeypatch.setattr(judging, "_judge", real)
            put(world, 2, 85)
            real(*rest)

        monkeypatch.setattr(judging, "_judge", overtaken)
        assert judge_by_new_ladder(clock.now()) == 0
        assert told(world)["status"] == "waiting"
        time.advance(seconds=queries.KEPT_S + 1)
        assert judge_by_new_ladder(clock.now()) == 5

    def test_an_outage_skips_nobody(
        self, world: World, many: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as broken:
            broken.setattr(judging, "change_standing", _crash_after(2, judging.change_standing))
            with pytest.raises(ZeroDivisionError):
                judge_by_new_ladder(clock.now())
        assert told(world) == {"status": "running", "judged": 2, "risen": 2, "fallen": 0}
        assert judge_by_new_ladder(clock.now()) == 3
        assert {queries.tier_of(each) for each in many} == {"gold"}

    def test_a_standing_that_nobody_can_read_holds_up_no_other(
        self, world: World, many: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        item: Item = StandingItem.find(*StandingItem.key(many[2]))
        item.update([StandingItem.version.remove()])
        with pytest.raises(ExceptionGroup):
            judge_by_new_ladder(clock.now())
        others = [each for each in many if each != many[2]]
        assert {queries.tier_of(each) for each in others} == {"gold"}
        assert told(world) == {"status": "done", "judged": 4, "risen": 4, "fallen": 0}


def _crash_after(calls: int, real: Any) -> Any:
    left = [calls]

    def call(*rest: Any, **named: Any) -> Any:
        if not left[0]:
            raise ZeroDivisionError
        left[0] -= 1
        return real(*rest, **named)

    return call
