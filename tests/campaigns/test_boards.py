"""Leaderboards: who agreed, ordered by score and time, closed and paid once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.campaigns.actions.boards import close_boards
from chalicelib.campaigns.queries import boards as queries
from chalicelib.campaigns.rules.boards import MOST_LIVE
from chalicelib.campaigns.tables.boards import BOARDS, COUNTING, CountingBoardsItem
from chalicelib.kernel import clock
from chalicelib.kernel.store.writes import delete_each
from tests.api import Api, new_key, token
from tests.campaigns.missions import ops, purchase, tell, undone
from tests.campaigns.rewarding import balance
from tests.world import World

PATH = "/v1/admin/leaderboards"


@pytest.fixture(autouse=True)
def _no_others(engine: str, time: Any) -> Iterator[None]:
    """Only the boards of a test count, and no day ends within it."""
    time.advance_to_noon()
    delete_each([CountingBoardsItem(BOARDS, COUNTING)])
    yield
    delete_each([CountingBoardsItem(BOARDS, COUNTING)])


def draft(**changes: Any) -> dict[str, Any]:
    prize = {"first": 1, "last": 2, "reward": {"kind": "growth", "amount": 50}}
    title = {"zh-CN": "今日榜", "en": "Of the day"}
    return {"title": title, "metric": "orders", "calendar": "day", "prizes": [prize], **changes}


def publish(api: Api, time: Any, **changes: Any) -> dict[str, Any]:
    made = api.post(PATH, draft(**changes), as_=ops(), key=new_key())
    assert made.status == 201, made.body
    headers = {"If-Match": "1"}
    live = api.post(f"{PATH}/{made.body['id']}/publish", as_=ops(), headers=headers)
    assert live.status == 200, live.body
    time.advance(seconds=11)
    return dict(live.body)


def agree(api: Api, member: str, shown: bool = True) -> None:
    told = api.put("/v1/me/leaderboards", {"shown": shown}, as_=token(member))
    assert (told.status, told.body) == (200, {"shown": shown})


def seen(api: Api, board: dict[str, Any], member: str) -> dict[str, Any]:
    return dict(api.get(f"/v1/leaderboards/{board['id']}", as_=token(member)).body)


def agreed(api: Api, world: World) -> str:
    member = world.member()
    agree(api, member)
    return member


def test_only_who_agreed_is_shown_and_names_are_masked(api: Api, world: World, time: Any) -> None:
    board, shy, bold = publish(api, time), world.member(), agreed(api, world)
    api.patch("/v1/me", {"nickname": "李雷"}, as_=token(bold))
    for member in (shy, bold):
        tell(purchase(member))

    found = seen(api, board, shy)

    assert [(each["place"], each["name"], each["score"]) for each in found["places"]] == [
        (1, "李**", 1),
    ]
    assert found["me"] == {"score": 1, "place": None, "more": False, "is_shown": False}


def test_a_member_agrees_and_withdraws_at_any_time(api: Api, world: World, time: Any) -> None:
    board, member = publish(api, time), world.member()
    tell(purchase(member))

    agree(api, member)
    assert seen(api, board, member)["me"]["place"] == 1
    agree(api, member, shown=False)
    assert seen(api, board, member)["places"] == []


def test_of_equal_scores_the_earlier_one_is_first(api: Api, world: World, time: Any) -> None:
    board = publish(api, time)
    first, second, third = (agreed(api, world) for _ in range(3))
    for member in (first, second, third):
        time.advance(seconds=5)
        tell(purchase(member))
    tell(purchase(third))

    found = seen(api, board, second)

    assert [each["score"] for each in found["places"]] == [2, 1, 1]
    assert [each["is_me"] for each in found["places"]] == [False, False, True]
    assert seen(api, board, first)["me"]["place"] == 2


def test_a_refund_lowers_the_score_and_facts_count_once(api: Api, world: World, time: Any) -> None:
    board, member = publish(api, time, metric="spend"), agreed(api, world)
    told = tell(purchase(member))
    tell(told)
    part = replace(told, version=3, cash=1000)
    tell(part)

    assert seen(api, board, member)["me"]["score"] == 1000
    tell(undone(part))
    assert seen(api, board, member)["places"] == []


def test_points_that_were_earned_count_once(api: Api, world: World, time: Any) -> None:
    from chalicelib.campaigns.actions.boards import count_entry

    board, member = publish(api, time, metric="points_earned"), agreed(api, world)
    for _ in range(2):
        count_entry(member, "ent_1" + member, 30, clock.now())
    count_entry(member, "ent_2" + member, -10, clock.now())

    assert seen(api, board, member)["me"]["score"] == 20


def test_a_closed_period_pays_its_winners_once(api: Api, world: World, time: Any) -> None:
    board = publish(api, time)
    members = [agreed(api, world) for _ in range(3)]
    for member in members:
        time.advance(seconds=5)
        tell(purchase(member))
    period = queries.period_at(queries.get_item(board["id"]).value(), clock.now())
    time.advance(days=1)

    # Back to the time right after the period: nothing is paid until what is late was told.
    early = clock.from_ms(period.until_ms) + timedelta(minutes=1)
    assert close_boards(early, lambda: False) == 0
    late = clock.from_ms(period.until_ms) + timedelta(hours=2)
    assert close_boards(late, lambda: False) == 1
    assert close_boards(late, lambda: False) == 0

    assert [balance(each, "growth") for each in members] == [50, 50, 0]
    previous = api.get(f"/v1/leaderboards/{board['id']}?previous=true", as_=token(members[0])).body
    assert (previous["period"], previous["me"]["place"]) == (period.name, 1)


def test_each_board_that_ended_is_closed_however_many_followed_it(
    api: Api, world: World, time: Any
) -> None:
    member, ended = agreed(api, world), []
    for _ in range(MOST_LIVE + 2):
        board = publish(api, time)
        time.advance(seconds=1)
        tell(purchase(member))
        path, headers = f"{PATH}/{board['id']}/end", {"If-Match": str(board["version"])}
        assert api.post(path, as_=ops(), headers=headers).status == 200
        ended.append(board["id"])
        time.advance(seconds=11)
    late = clock.now() + timedelta(days=2)
    assert close_boards(late, lambda: False) == len(ended)
    assert balance(member, "growth") == 50 * len(ended)
    publish(api, time)
    assert {each.id for each in queries.counting()}.isdisjoint(ended)


def test_places_that_are_given_twice_are_refused(api: Api) -> None:
    reward = {"kind": "points", "amount": 5}
    prizes = [{"first": 1, "last": 2, "reward": reward}, {"first": 2, "last": 2, "reward": reward}]
    refused = api.post(PATH, draft(prizes=prizes), as_=ops(), key=new_key())
    assert (refused.status, refused.body["errors"][0]["field"]) == (400, "prizes[1].last")


def test_a_draft_is_no_board_for_members_and_metrics_stay_once_live(api: Api, world: World) -> None:
    key = new_key()
    made = api.post(PATH, draft(), as_=ops(), key=key)
    again = api.post(PATH, draft(), as_=ops(), key=key)
    assert again.body == made.body
    member, path = world.member(), f"{PATH}/{made.body['id']}"
    assert api.get(f"/v1/leaderboards/{made.body['id']}", as_=token(member)).status == 404
    assert api.post(PATH, draft(), as_=token(member), key=new_key()).status == 403
    live = api.post(f"{path}/publish", as_=ops(), headers={"If-Match": "1"}).body
    refused = api.patch(path, {"metric": "spend"}, as_=ops(), headers={"If-Match": "2"})
    assert (refused.status, refused.body["errors"][0]["field"]) == (400, "metric")
    stale = api.patch(path, {"shown": 5}, as_=ops(), headers={"If-Match": "1"})
    assert stale.status == 412
    ended = api.post(f"{path}/end", as_=ops(), headers={"If-Match": str(live["version"])})
    assert ended.body["status"] == "ended"
