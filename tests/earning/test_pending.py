"""Points that are pending after a purchase: unlocked by time or an action, removed by a refund."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import ledger
from chalicelib.earning.queries import rules as queries
from chalicelib.kernel import clock
from chalicelib.ledger.actions import sweeps
from chalicelib.ledger.queries import find_pending
from tests.api import new_key
from tests.conftest import Time
from tests.earning.shop import account_of, points_of, register, sent, why
from tests.settings import changed
from tests.world import World, new_phone, paid, refunded

DAYS = 14


@pytest.fixture(autouse=True)
def _pending(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = changed(purchase_points_pending_days=DAYS)
    monkeypatch.setattr(queries, "config", lambda: settings)


@pytest.fixture
def phone() -> str:
    return new_phone()


def completed(payment: Any) -> Any:
    return {
        "id": f"{payment['data']['order_id']}:completed:{new_key()}",
        "type": "custom.order_completed",
        "occurred_at": clock.rfc3339(clock.now()),
        "member": payment["member"],
        "data": {"order_id": payment["data"]["order_id"]},
    }


def parts(member: str) -> tuple[int, int]:
    account = account_of(member)
    return account.available(clock.to_ms(clock.now())), account.pending


def test_a_purchase_gives_pending_points_that_time_unlocks(
    world: World, phone: str, time: Time
) -> None:
    member = register(phone)
    (entry,) = sent(world, paid(phone))["entries"]
    assert (entry["points"], entry["balance_after"], parts(member)) == (0, 0, (0, 199))
    assert sent(world, paid(phone))["explain"][0]["points"] == 199
    time.advance(days=DAYS, seconds=-60)
    sweeps.end_waiting(clock.now())
    assert parts(member) == (0, 398)
    time.advance(seconds=120)
    sweeps.end_waiting(clock.now())
    assert parts(member) == (398, 0)


def test_a_rule_sets_the_time_that_its_points_are_pending(world: World) -> None:
    assert f"{DAYS} days" in world.api.get("/v1/earning-rules").body["data"][0]["text"]


def test_a_completed_order_unlocks_its_points_at_once_and_only_once(
    world: World, phone: str
) -> None:
    member, payment, other = register(phone), paid(phone), paid(phone, amount=100)
    sent(world, {"events": [payment, other]})
    event = completed(payment)
    answer = sent(world, event)
    assert why(answer) == ("applied", 199, "unlocked")
    assert (answer["entries"][0]["type"], points_of(answer)) == ("unlock", [199])
    assert sent(world, event) == {**answer, "status": "duplicate"}
    assert points_of(sent(world, completed(payment))) == [199]
    assert (parts(member), account_of(member).seq) == ((199, 1), 3)


def test_a_completion_under_the_id_of_another_event_is_refused(world: World, phone: str) -> None:
    member, payment, other = register(phone), paid(phone), paid(phone)
    sent(world, {"events": [payment, other]})
    event = completed(payment)
    sent(world, event)
    before = account_of(member)
    answer = world.event({**completed(other), "id": event["id"]})
    assert (answer.status, answer.body["code"]) == (409, "event_id_reused")
    assert account_of(member) == before


def test_a_completion_before_its_payment_is_not_kept(world: World, phone: str) -> None:
    member, payment = register(phone), paid(phone)
    event = completed(payment)
    assert why(sent(world, event)) == ("unmatched", 0, "waiting_for_payment")
    sent(world, payment)
    assert parts(member) == (0, 199)
    assert sent(world, event)["status"] == "applied"
    assert parts(member) == (199, 0)


def test_a_refund_takes_pending_points_first(world: World, phone: str) -> None:
    member, payment = register(phone), paid(phone)
    world.give(member, 500)
    sent(world, payment)
    (entry,) = sent(world, refunded(payment, 9950))["entries"]
    assert (entry["type"], entry["points"], parts(member)) == ("clawback", 0, (500, 100))
    assert points_of(sent(world, completed(payment))) == [100]
    assert parts(member) == (600, 0)
    assert points_of(sent(world, refunded(payment, 9950))) == [-100]
    assert parts(member) == (500, 0)


def test_a_full_refund_leaves_nothing_to_unlock(world: World, phone: str) -> None:
    member, payment = register(phone), paid(phone)
    sent(world, payment)
    sent(world, refunded(payment))
    assert why(sent(world, completed(payment))) == ("applied", 0, "nothing_pending")
    assert (parts(member), account_of(member).debt) == ((0, 0), 0)
    accrual = f"order_paid:shop-1:{payment['data']['order_id']}:purchases"
    assert find_pending(ledger.points_account(member), accrual) is None


def test_points_of_a_waiting_event_are_pending_from_the_registration_on(
    world: World, phone: str, time: Time
) -> None:
    payment = paid(phone)
    sent(world, payment)
    time.advance(days=DAYS + 1)
    member = register(phone)
    assert parts(member) == (0, 199)


def test_another_custom_event_has_no_order(world: World, phone: str) -> None:
    event = {**completed(paid(phone)), "type": "custom.anything"}
    answer = world.event(event)
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, "data.order_id")
