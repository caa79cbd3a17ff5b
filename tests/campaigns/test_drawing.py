"""Draws over HTTP: points and prizes move once, limits and refusals hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib import ledger
from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339
from chalicelib.kernel.store.writes import WriteSet
from tests.api import Api, new_key, token
from tests.campaigns.drawing import Office, Player, points_prize, prizes
from tests.conftest import Time
from tests.world import World

SURE = prizes(points_prize(1_000_000, stock=3))
NEVER = prizes(points_prize(1))


@pytest.fixture
def office(api: Api) -> Office:
    return Office(api)


@pytest.fixture
def player(world: World) -> Player:
    return Player(world.api, world.member(points=100))


def _standing(world: World, lottery: dict[str, Any], player: Player) -> Any:
    """Everything that a refused draw must leave as it is."""
    seen = player.sees(lottery)
    return world.available(player.id), seen["drawn"], seen["prizes"], player.sees(lottery, "/draws")


def test_a_draw_takes_its_price_and_gives_its_prize_once(
    world: World, office: Office, player: Player
) -> None:
    lottery = office.published(prizes=SURE)
    drawn = player.draw(lottery, {"expected": {"points": 10}})
    assert drawn.status == 201
    body = drawn.body
    assert (body["number"], body["points"], body["status"]) == (1, 10, "given")
    assert body["prize"] == {"id": "p1", "kind": "points", "title": "Wheel", "points": 50}
    assert world.available(player.id) == 100 - 10 + 50
    assert player.sees(lottery)["prizes"][0]["left"] == 2
    account = ledger.points_account(player.id)
    for reference, points in ((f"draw:{body['id']}", -10), (f"prize:{body['id']}", 50)):
        entry = ledger.find_entry(account, reference)
        assert entry is not None
        assert entry.points == points
    assert office.results(lottery) | {"prizes": None} == {
        "drawn": 1,
        "points_taken": 10,
        "points_won": 50,
        "waiting": 0,
        "prizes": None,
    }


def test_a_retry_is_the_same_draw_whatever_would_refuse_it_today(
    world: World, office: Office, player: Player
) -> None:
    lottery, key = office.published(prizes=NEVER), new_key()
    first = player.draw(lottery, key=key)
    assert first.status == 201
    office.act(lottery, "end")
    again = player.draw(lottery, key=key)
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert world.available(player.id) == 90
    other = player.draw(lottery, {"expected": {"points": 10}}, key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")


def test_a_key_is_needed(office: Office, player: Player) -> None:
    lottery = office.published()
    path = f"/v1/lotteries/{lottery['id']}/draws"
    refused = player.api.post(path, as_=player.token)
    assert (refused.status, refused.body["code"]) == (400, "idempotency_key_required")
    assert player.sees(lottery)["drawn"] == 0


def test_a_prize_that_is_gone_is_never_won(world: World, office: Office, player: Player) -> None:
    lottery = office.published(prizes=SURE)
    results = [player.draw(lottery).body["prize"]["id"] for _ in range(5)]
    assert results == ["p1", "p1", "p1", "p2", "p2"]
    assert world.available(player.id) == 100 - 50 + 150
    assert [each["won"] for each in office.results(lottery)["prizes"]] == [3, 2]


def test_free_draws_come_first_each_day(
    world: World, office: Office, player: Player, time: Time
) -> None:
    time.advance_to_noon()
    lottery = office.published(prizes=NEVER, free_per_day=1, limits={"total": 9, "day": 2})
    assert player.sees(lottery)["next_draw_points"] == 0
    assert player.draw(lottery).body["points"] == 0
    assert world.available(player.id) == 100
    assert player.sees(lottery)["next_draw_points"] == 10
    surprise = player.draw(lottery, {"expected": {"points": 0}})
    assert (surprise.status, surprise.body["code"]) == (409, "draw_price_changed")
    assert surprise.body["points"] == 10
    assert player.draw(lottery).body["points"] == 10
    refused = player.draw(lottery)
    assert (refused.body["code"], refused.body["limit"]) == ("no_draws_left", "day")
    assert world.available(player.id) == 90
    time.advance(days=1)
    assert player.draw(lottery).body["points"] == 0


def test_a_guaranteed_prize_comes_after_the_losses(office: Office, player: Player) -> None:
    lottery = office.published(prizes=NEVER, guarantee={"after": 2, "prize": "p1"})
    found = [player.draw(lottery).body["prize"]["id"] for _ in range(4)]
    assert found == ["p2", "p2", "p1", "p2"]
    assert player.sees(lottery)["guarantee"] == {"after": 2, "prize_id": "p1", "losses": 1}


def _end(world: World, office: Office, player: Player, lottery: Any) -> None:
    office.act(lottery, "end")


def _spend(world: World, office: Office, player: Player, lottery: Any) -> None:
    writes, account = WriteSet(), ledger.find_account(ledger.points_account(player.id))
    ledger.redeem(writes, account, 95, ledger.Cause(new_key(), "test", 0), clock.now())
    writes.commit()


def _freeze(world: World, office: Office, player: Player, lottery: Any) -> None:
    writes = WriteSet()
    ledger.set_status(writes, player.id, ledger.FROZEN, clock.now())
    writes.commit()


def _draw_all(world: World, office: Office, player: Player, lottery: Any) -> None:
    for _ in range(2):
        assert player.draw(lottery).status == 201


@pytest.mark.parametrize(
    ("before", "terms", "code"),
    [
        (_end, {}, "lottery_over"),
        (_spend, {}, "insufficient_points"),
        (_freeze, {}, "account_frozen"),
        (_freeze, {"free_per_day": 1}, "account_frozen"),
        (_draw_all, {"limits": {"total": 2}}, "no_draws_left"),
    ],
)
def test_a_refused_draw_changes_nothing(
    world: World, office: Office, player: Player, before: Any, terms: Any, code: str
) -> None:
    lottery = office.published(prizes=NEVER, **terms)
    before(world, office, player, lottery)
    standing, key = _standing(world, lottery, player), new_key()
    refused = player.draw(lottery, key=key)
    assert (refused.status, refused.body["code"]) == (409, code)
    assert _standing(world, lottery, player) == standing


def test_missing_points_are_told_with_ways_to_earn(
    world: World, office: Office, player: Player
) -> None:
    lottery = office.published(price_points=130)
    refused = player.draw(lottery).body
    assert (refused["code"], refused["missing_points"]) == ("insufficient_points", 30)
    assert refused["ways_to_earn"]


def test_nobody_draws_before_the_beginning_or_after_the_end(
    office: Office, player: Player, time: Time
) -> None:
    now = clock.now()
    valid = {
        "from": rfc3339(now + timedelta(hours=1)),
        "until": rfc3339(now + timedelta(hours=2)),
    }
    lottery = office.published(valid=valid)
    early = player.draw(lottery)
    assert (early.body["code"], early.body["starts_at"]) == ("lottery_not_started", valid["from"])
    assert player.sees(lottery)["status"] == "scheduled"
    time.advance(hours=1, seconds=1)
    assert player.draw(lottery).status == 201
    time.advance(hours=1)
    assert player.draw(lottery).body["code"] == "lottery_over"
    assert player.sees(lottery)["status"] == "over"


def test_a_draft_and_what_there_is_not_are_hidden(office: Office, player: Player) -> None:
    draft = office.create().body
    for lottery in (draft, {"id": "lot_unknown"}):
        assert player.draw(lottery).status == 404
        for rest in ("", "/draws", "/proof"):
            path = f"/v1/lotteries/{lottery['id']}{rest}"
            assert player.api.get(path, as_=player.token).status == 404


def test_draws_are_of_members_alone_and_each_sees_their_own(
    world: World, office: Office, player: Player
) -> None:
    lottery = office.published()
    path = f"/v1/lotteries/{lottery['id']}/draws"
    assert world.api.post(path, as_=token(player.id, "finance"), key=new_key()).status == 403
    assert world.api.post(path, key=new_key()).status == 401
    player.draw(lottery)
    other = Player(world.api, world.member())
    assert other.sees(lottery, "/draws")["data"] == []
    assert [each["number"] for each in player.sees(lottery, "/draws")["data"]] == [1]
    assert other.sees(lottery)["pseudonym"] != player.sees(lottery)["pseudonym"]


def test_my_draws_come_page_by_page(office: Office, player: Player) -> None:
    lottery = office.published(prizes=NEVER)
    for _ in range(3):
        player.draw(lottery)
    first = player.sees(lottery, "/draws?limit=2")
    rest = player.sees(lottery, f"/draws?limit=2&cursor={first['next_cursor']}")
    assert [each["number"] for each in first["data"] + rest["data"]] == [3, 2, 1]
    assert rest["next_cursor"] is None


def test_lotteries_are_listed_until_a_month_after_their_end(
    office: Office, player: Player, time: Time
) -> None:
    lottery, draft = office.published(), office.create().body

    def listed() -> list[str]:
        found = player.api.listed("/v1/lotteries", as_=player.token)
        return [each["id"] for each in found if each["id"] in (lottery["id"], draft["id"])]

    assert listed() == [lottery["id"]]
    time.advance(days=32)
    assert listed() == [lottery["id"]]
    time.advance(days=2)
    assert listed() == []
