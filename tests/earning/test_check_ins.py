"""Check-ins over the API: once a day of the program, with the points of the day."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.earning.actions import check_ins as actions
from chalicelib.kernel import clock
from chalicelib.kernel.errors import JifenError
from tests.api import Answer, Api, new_key, token
from tests.conftest import Time
from tests.earning.shop import account_of, entries_of
from tests.earning.tasks import act, published
from tests.world import World

PATH = "/v1/me/check-ins"


@pytest.fixture(autouse=True)
def noon(time: Time) -> None:
    time.advance_to_noon()


def check_in(api: Api, member: str, key: str | None = None) -> Answer:
    return api.post(PATH, as_=token(member), key=key)


def make_up(api: Api, member: str, day: Any, key: str | None = None) -> Answer:
    body = {"date": str(day)}
    return api.post(f"{PATH}/make-ups", body, as_=token(member), key=key or new_key())


def today() -> Any:
    return clock.program_day(clock.now())


def test_a_check_in_pays_once_a_day(api: Api, world: World, time: Time) -> None:
    member = world.member()
    done = check_in(api, member)
    assert (done.status, done.body["streak_days"], done.body["points"]) == (201, 1, 1)
    again = check_in(api, member)
    assert (again.status, again.body["code"]) == (409, "already_checked_in")
    assert (world.available(member), entries_of(member)) == (1, 1)
    time.advance(days=1)
    assert check_in(api, member).body["streak_days"] == 2
    assert world.available(member) == 2


def test_a_retry_with_the_same_key_gets_the_same_check_in(api: Api, world: World) -> None:
    member, key = world.member(), new_key()
    first, again = check_in(api, member, key), check_in(api, member, key)
    assert (again.status, again.body["points"]) == (201, first.body["points"])
    assert again.headers["Idempotent-Replayed"] == "true"
    assert check_in(api, member, new_key()).status == 409
    assert entries_of(member) == 1


def test_seven_days_in_a_row_give_the_bonus(api: Api, world: World, time: Time) -> None:
    member = world.member()
    points = []
    for _ in range(7):
        points.append(check_in(api, member).body["points"])
        time.advance(days=1)
    assert points == [1, 1, 1, 1, 1, 1, 6]
    shown = api.get(PATH, as_=token(member)).body
    assert (shown["streak_days"], shown["checked_in_today"]) == (7, False)
    assert shown["bonuses"] == [{"days": 7, "points": 5, "in_days": 7}]


def test_the_day_is_the_programs_to_the_millisecond(api: Api, world: World, time: Time) -> None:
    member, midnight = world.member(), clock.end_of(today())
    time.advance(seconds=(midnight - clock.now()).total_seconds() - 1)
    before = actions.check_in(member, None, midnight - timedelta(milliseconds=1))[0]
    after = actions.check_in(member, None, midnight)[0]
    assert (after.day - before.day, after.streak_days) == (timedelta(days=1), 2)


def test_fifty_threads_that_check_in_at_once_are_paid_once(world: World) -> None:
    member, now = world.member(), clock.now()

    def one(_: int) -> str:
        try:
            actions.check_in(member, None, now)
        except JifenError as error:
            return error.code
        return "paid"

    with ThreadPoolExecutor(50) as threads:
        outcomes = list(threads.map(one, range(50)))
    assert sorted(set(outcomes)) == ["already_checked_in", "paid"]
    assert outcomes.count("paid") == 1
    assert (world.available(member), entries_of(member)) == (1, 1)


def test_a_missed_day_is_made_up_once_for_its_price(api: Api, world: World, time: Time) -> None:
    terms = {"bonuses": [], "make_up": {"days_back": 5, "a_month": 31, "points": 30}}
    with published(api, kind="check_in", points=2, check_in=terms):
        member = world.member(points=40)
        check_in(api, member)
        time.advance(days=2)
        check_in(api, member)
        missed, key = today() - timedelta(days=1), new_key()
        made = make_up(api, member, missed, key)
        assert (made.status, made.body["streak_days"], made.body["points"]) == (201, 3, 30)
        assert world.available(member) == 40 + 2 + 2 - 30
        again = make_up(api, member, missed, key)
        assert (again.status, again.body) == (201, made.body)
        assert again.headers["Idempotent-Replayed"] == "true"
        reused = make_up(api, member, missed - timedelta(days=2), key)
        assert (reused.status, reused.body["code"]) == (409, "idempotency_key_reused")
        twice = make_up(api, member, missed)
        assert (twice.status, twice.body["code"]) == (409, "already_checked_in")
        assert world.available(member) == 14
        shown = api.get(PATH, as_=token(member)).body
        if missed.month == today().month:
            assert {"date": str(missed), "made_up": True} in shown["days"]


def test_a_day_that_cannot_be_made_up_is_refused(api: Api, world: World, time: Time) -> None:
    terms = {"bonuses": [], "make_up": {"days_back": 5, "a_month": 31, "points": 30}}
    member = world.member()
    time.advance(days=2)
    with published(api, kind="check_in", points=2, check_in=terms):
        for days in (0, -1, 6):
            refused = make_up(api, member, today() - timedelta(days=days))
            assert (refused.status, refused.body["code"]) == (409, "check_in_not_missed")
        poor = make_up(api, member, today() - timedelta(days=1))
        assert (poor.status, poor.body["code"]) == (409, "insufficient_points")
    with published(api, kind="check_in", points=2, check_in={"bonuses": []}):
        none = make_up(api, member, today() - timedelta(days=1))
        assert (none.status, none.body["code"]) == (409, "make_up_not_offered")
    assert entries_of(member) == 0
    assert api.get(PATH, as_=token(member)).body["days"] == []


def test_points_of_a_check_in_wait_and_lapse_as_ops_say(api: Api, world: World) -> None:
    lots = {"pending_days": 3, "expires": {"kind": "days", "days": 30}}
    with published(api, kind="check_in", points=8, lots=lots):
        member = world.member()
        assert check_in(api, member).body["points"] == 8
        account = account_of(member)
        assert (account.pending, world.available(member)) == (8, 0)


def test_no_check_in_is_offered_once_ops_retire_it(api: Api, world: World) -> None:
    with published(api, kind="check_in", points=8) as task:
        assert act(api, task, "retire").status == 200
        member = world.member()
        refused = check_in(api, member)
        assert (refused.status, refused.body["code"]) == (409, "check_ins_closed")
        assert api.get(PATH, as_=token(member)).body["points"] is None


def test_an_earlier_month_is_shown(api: Api, world: World, time: Time) -> None:
    member, day = world.member(), today()
    check_in(api, member)
    time.advance(days=150)
    shown = api.get(f"{PATH}?month={day:%Y-%m}", as_=token(member)).body
    assert (shown["days"], shown["earned"]) == ([{"date": str(day), "made_up": False}], 1)
    assert (shown["streak_days"], shown["today"]) == (0, str(today()))
    assert api.get(f"{PATH}?month=2026-13", as_=token(member)).status == 400
