"""Points at a partner's checkout: held under the partner's id, captured or released once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.earning import actions
from chalicelib.kernel import clock
from chalicelib.kernel.errors import JifenError
from chalicelib.ledger.actions import sweeps
from tests.api import new_key
from tests.conftest import Time
from tests.earning.shop import account_of
from tests.earning.till import HOLDS, asked, end, freeze, place, replayed, show, state
from tests.world import World


def test_a_hold_sets_points_aside(world: World) -> None:
    member = world.member(1000)
    hold = asked(member)
    answer = place(world, hold)
    assert (answer.status, replayed(answer)) == (201, False)
    expires_at = answer.body.pop("expires_at")
    assert answer.body == {
        "id": hold["id"],
        "member_id": member,
        "status": "held",
        "points": 300,
        "captured": 0,
        "released": 0,
    }
    assert expires_at.endswith("Z")
    assert state(member) == (700, 300)
    shown = show(world, hold)
    assert (shown.status, shown.body) == (200, {**answer.body, "expires_at": expires_at})


def test_a_retry_of_a_hold_is_replayed_although_it_would_be_refused_today(
    world: World, time: Time
) -> None:
    member = world.member(300)
    hold = asked(member)
    first = place(world, hold)
    for again in (place(world, hold), place(world, hold)):
        assert (again.status, replayed(again), again.body) == (201, True, first.body)
    freeze(member)
    assert replayed(place(world, hold))
    assert end(world, hold, "release").status == 200
    time.advance(days=31)
    late = place(world, hold)
    assert (late.status, replayed(late), late.body["status"]) == (201, True, "released")
    assert account_of(member).seq == 3


def test_a_retry_of_a_hold_is_replayed_although_its_member_is_not_found_any_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = asked(world.member(300))
    first = place(world, hold)
    monkeypatch.setattr("chalicelib.members.find_member", lambda **_: None)
    again = place(world, hold)
    assert (again.status, replayed(again), again.body) == (201, True, first.body)
    assert place(world, {**hold, "points": 1}).body["code"] == "idempotency_key_reused"
    assert place(world, asked("mbr_nobody")).body["code"] == "member_not_found"


@pytest.mark.parametrize(
    "change",
    [{"points": 301}, {"expires_in_seconds": 901}, {"member": {"phone": "+8613800138009"}}],
)
def test_the_same_id_with_other_content_is_refused(world: World, change: Any) -> None:
    member = world.member(1000)
    hold = asked(member)
    place(world, hold)
    before = account_of(member)
    answer = place(world, {**hold, **change})
    assert (answer.status, answer.body["code"]) == (409, "idempotency_key_reused")
    other = world.member(1000)
    answer = place(world, {**hold, "member": {"member_id": other}})
    assert (answer.status, answer.body["code"]) == (409, "idempotency_key_reused")
    assert (account_of(member), state(other)) == (before, (1000, 0))


def test_a_capture_without_points_takes_the_whole_hold(world: World) -> None:
    member = world.member(1000)
    hold = asked(member)
    place(world, hold)
    answer = end(world, hold, "capture")
    assert (answer.status, replayed(answer)) == (200, False)
    told = [answer.body[name] for name in ("status", "captured", "released")]
    assert (told, state(member)) == (["captured", 300, 0], (700, 0))
    for again in (end(world, hold, "capture"), end(world, hold, "capture", {"points": 300})):
        assert (again.status, replayed(again), again.body) == (200, True, answer.body)
    raw = world.partner("POST", f"{HOLDS}/{hold['id']}/capture")
    assert (raw.status, replayed(raw)) == (200, True)
    assert account_of(member).seq == 3


def test_a_partial_capture_releases_the_rest(world: World) -> None:
    member = world.member(1000)
    hold = asked(member)
    place(world, hold)
    answer = end(world, hold, "capture", {"points": 120})
    told = [answer.body[name] for name in ("status", "captured", "released")]
    assert (told, state(member)) == (["captured", 120, 180], (880, 0))
    assert account_of(member).redeemed == 120
    before = account_of(member)
    for body in ({"points": 121}, {}):
        other = end(world, hold, "capture", body)
        assert (other.status, other.body["code"]) == (409, "hold_ended")
        assert other.body["hold_status"] == "captured"
    assert end(world, hold, "release").body["code"] == "hold_ended"
    assert account_of(member) == before
    assert show(world, hold).body == answer.body


def test_a_hold_is_released_once(world: World) -> None:
    member = world.member(1000)
    hold = asked(member)
    place(world, hold)
    answer = end(world, hold, "release")
    told = [answer.body[name] for name in ("status", "captured", "released")]
    assert (answer.status, told, state(member)) == (200, ["released", 0, 300], (1000, 0))
    again = end(world, hold, "release")
    assert (replayed(again), again.body) == (True, answer.body)
    refused = end(world, hold, "capture")
    assert (refused.body["code"], refused.body["hold_status"]) == ("hold_ended", "released")
    assert (state(member), account_of(member).seq) == ((1000, 0), 3)


def test_a_capture_of_more_than_the_hold_is_refused(world: World) -> None:
    member = world.member(1000)
    hold = asked(member)
    place(world, hold)
    before = account_of(member)
    answer = end(world, hold, "capture", {"points": 301})
    assert (answer.status, answer.body["code"]) == (409, "capture_exceeds_hold")
    assert (answer.body["held"], account_of(member)) == (300, before)


def test_a_lapsed_hold_is_released_and_not_captured(world: World, time: Time) -> None:
    member = world.member(1000)
    hold = asked(member, expires_in_seconds=60)
    place(world, hold)
    time.advance(seconds=61)
    for swept in (False, True):
        if swept:
            sweeps.end_waiting(clock.now())
            assert state(member) == (1000, 0)
        refused = end(world, hold, "capture")
        assert (refused.status, refused.body["code"]) == (409, "hold_ended")
        assert refused.body["hold_status"] == "expired"
        shown = show(world, hold).body
        assert [shown[name] for name in ("status", "captured", "released")] == ["expired", 0, 300]
    assert account_of(member).seq == 3


def test_a_frozen_account_refuses_new_holds_and_honours_old_ones(world: World) -> None:
    member = world.member(1000)
    hold = asked(member)
    place(world, hold)
    freeze(member)
    before = account_of(member)
    answer = place(world, asked(member))
    assert (answer.status, answer.body["code"]) == (409, "account_frozen")
    assert account_of(member) == before
    assert end(world, hold, "capture").body["status"] == "captured"


def test_a_hold_of_more_than_the_balance_is_refused(world: World) -> None:
    member = world.member(299)
    before = account_of(member)
    answer = place(world, asked(member))
    assert (answer.status, answer.body["code"]) == (409, "insufficient_points")
    assert (answer.body["missing_points"], account_of(member)) == (1, before)
    assert show(world, {"id": "nothing"}).status == 404


def test_another_partners_hold_is_not_found(world: World) -> None:
    member = world.member(1000)
    hold = asked(member)
    place(world, hold)
    before = account_of(member)
    theirs: dict[str, Any] = {"partner": "shop-2", "secret": "secret-2"}
    for answer in (
        show(world, hold, **theirs),
        end(world, hold, "capture", **theirs),
        end(world, hold, "release", **theirs),
    ):
        assert (answer.status, answer.body["code"]) == (404, "hold_not_found")
    assert account_of(member) == before
    assert place(world, hold, **theirs).status == 201
    assert state(member) == (400, 600)


def test_only_one_of_concurrent_captures_and_releases_wins(world: World) -> None:
    for _ in range(3):
        member = world.member(1000)
        hold_id = new_key()
        wanted = actions.HoldRequest(hold_id, 300, 900, b"0" * 12)
        actions.place("shop-1", wanted, member, clock.now())
        gate = threading.Barrier(3)

        def act(
            points: int, hold_id: str = hold_id, gate: threading.Barrier = gate
        ) -> tuple[str, int]:
            gate.wait()
            try:
                if points:
                    held, _ = actions.capture("shop-1", hold_id, points, clock.now())
                else:
                    held, _ = actions.release("shop-1", hold_id, clock.now())
            except JifenError as error:
                return error.code, 0
            return held.status, held.captured

        with ThreadPoolExecutor(3) as threads:
            told = list(threads.map(act, (300, 100, 0)))
        (won,) = [each for each in told if each[0] != "hold_ended"]
        assert [each[0] for each in told].count("hold_ended") == 2
        assert state(member) == (1000 - won[1], 0)
        assert account_of(member).seq == 3


def test_concurrent_copies_of_a_hold_are_placed_once(world: World) -> None:
    member = world.member(1000)
    wanted = actions.HoldRequest(new_key(), 300, 900, b"0" * 12)
    with ThreadPoolExecutor(4) as threads:
        told = list(
            threads.map(lambda _: actions.place("shop-1", wanted, member, clock.now())[1], range(6))
        )
    assert (told.count(False), state(member)) == (1, (700, 300))
