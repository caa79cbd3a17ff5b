"""The review of tiers: what is due by time alone, once, and whoever fails holds up no other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib import ledger
from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.tiers import queries
from chalicelib.tiers.actions import reviews
from chalicelib.tiers.rules.ladder import Benefits
from tests.api import token
from tests.tiers.conftest import stands
from tests.tiers.counting import spend
from tests.tiers.rules.ladders import ladder
from tests.world import World

pytestmark = pytest.mark.usefixtures("ladder_in_force")


def reviewed(member: str) -> str:
    reviews.review_tiers(clock.now())
    return queries.tier_of(member)


def to_day(time: Any, month: int, day: int) -> None:
    """Move the clock to noon of the next such day of the program."""
    time.advance_to_noon()
    while (today := clock.program_day(clock.now())) and (today.month, today.day) != (month, day):
        time.advance(days=1)


def test_a_tier_that_was_not_earned_again_falls_when_its_time_is_over(
    world: World, time: Any
) -> None:
    member = world.member()
    until_ms = spend(member, 500).until_ms
    assert until_ms is not None
    time.advance(seconds=(until_ms - clock.to_ms(clock.now())) / 1000 - 60)
    assert reviewed(member) == "gold"
    time.advance(seconds=90)
    assert reviewed(member) == "normal"
    assert [step.why for step in queries.history_of(member)] == ["review", "activity"]
    assert queries.find_standing(member).until_ms is None


def test_a_tier_that_was_earned_again_is_kept_and_no_refund_takes_it(
    world: World, time: Any
) -> None:
    member = world.member()
    spend(member, 500)
    time.advance(days=200)
    spend(member, 500, "again")
    time.advance(days=200)
    assert reviewed(member) == "gold"
    kept = queries.find_standing(member)
    assert (kept.held, kept.held_until_ms) == ("gold", kept.until_ms)
    assert spend(member, -500, "refund", orders=0).tier == "gold"


def test_a_review_that_comes_again_changes_nothing(world: World, time: Any) -> None:
    member = world.member()
    spend(member, 500)
    time.advance(days=400)
    reviewed(member)
    seen = queries.find_standing(member)
    assert reviews.review(member, clock.now())
    assert queries.find_standing(member) == seen


def test_a_standing_that_fails_holds_up_no_other(
    world: World, time: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, other = world.member(), world.member()
    for member in (stuck, other):
        spend(member, 500)
    time.advance(days=400)
    real = reviews.change_standing

    def failing(member: str, *rest: Any) -> Any:
        if member == stuck:
            raise ZeroDivisionError
        return real(member, *rest)

    monkeypatch.setattr(reviews, "change_standing", failing)
    with pytest.raises(ExceptionGroup):
        reviews.review_tiers(clock.now())
    assert queries.tier_of(other) == "normal"
    monkeypatch.setattr(reviews, "change_standing", real)
    assert reviewed(stuck) == "normal"


class TestBirthdays:
    @pytest.fixture(autouse=True)
    def _gifts(self, ladder_in_force: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        stands(monkeypatch, ladder(Benefits(birthday_points=500)))

    def told(self, world: World, member: str, birthday: str) -> Any:
        answer = world.api.patch("/v1/me", {"birthday": birthday}, as_=token(member))
        reviews.hear_birthday(member, clock.now())
        return answer

    def test_a_member_of_the_tier_is_given_points_on_the_day_and_once(
        self, world: World, time: Any
    ) -> None:
        to_day(time, 6, 17)
        member = world.member()
        spend(member, 500)
        assert self.told(world, member, "06-18").body["birthday"] == "06-18"
        reviewed(member)
        assert world.available(member) == 0
        time.advance(days=1)
        reviewed(member)
        reviewed(member)
        assert world.available(member) == 500
        reviews._give(member, 500, clock.program_day(clock.now()).year, clock.now())
        assert world.available(member) == 500

    def test_a_tier_without_a_gift_gives_none_and_the_day_is_over(
        self, world: World, time: Any
    ) -> None:
        to_day(time, 6, 18)
        member = world.member()
        self.told(world, member, "06-18")
        reviewed(member)
        spend(member, 500)
        reviewed(member)
        assert world.available(member) == 0

    def test_a_crash_between_gift_and_mark_gives_no_second_gift(
        self, world: World, time: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        to_day(time, 6, 18)
        member = world.member()
        spend(member, 500)
        self.told(world, member, "06-18")
        with monkeypatch.context() as broken:
            broken.setattr(reviews, "change_standing", _crash)
            with pytest.raises(ZeroDivisionError):
                reviews.review(member, clock.now())
        assert world.available(member) == 500
        reviewed(member)
        assert world.available(member) == 500
        year = clock.now().astimezone(config().time_zone).year
        assert queries.find_standing(member).gifted_year == year
        found = ledger.find_entry(ledger.points_account(member), f"birthday_gift:{year}")
        assert found is not None

    def test_29_february_is_given_on_the_28th_of_a_common_year(
        self, world: World, time: Any
    ) -> None:
        to_day(time, 2, 28)
        if (clock.program_day(clock.now()) + timedelta(days=1)).day == 29:
            time.advance(days=366)
        member = world.member()
        spend(member, 500)
        self.told(world, member, "02-29")
        reviewed(member)
        assert world.available(member) == 500


def _crash(*_: Any) -> None:
    raise ZeroDivisionError
