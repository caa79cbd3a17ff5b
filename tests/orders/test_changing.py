"""Cancel, review, ship, deliver, confirm: roles, states and returns."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import ledger
from chalicelib.kernel import ids
from chalicelib.kernel.errors import Unavailable
from chalicelib.orders.actions import acts
from chalicelib.orders.queries.orders import find_order
from tests.api import new_key, token
from tests.conftest import Time
from tests.orders.booked import sweep
from tests.orders.placed import Placed, to_approved, to_review
from tests.world import World

PARCEL = {"carrier": "SF", "tracking_number": "SF123456"}


def to_shipped(order: Placed) -> None:
    to_approved(order)
    assert order.staff("ship", PARCEL).status == 200


def to_delivered(order: Placed) -> None:
    to_shipped(order)
    assert order.staff("deliver").status == 200


def test_a_cancelled_order_returns_points_and_stock(world: World) -> None:
    order = Placed(world)
    assert order.left() == (800, 8)
    answer = order.own("cancel")
    assert (answer.status, answer.body["status"]) == (200, "cancelled")
    assert order.left() == (1000, 10)
    entry = ledger.find_entry(ledger.points_account(order.member), f"order:{order.id}:reversed")
    assert entry
    assert (entry.type, entry.points, entry.rule) == ("reversal", 200, "cancelled")


def test_a_cancellation_with_a_field_is_refused(world: World) -> None:
    order = Placed(world)
    path, as_ = f"/v1/orders/{order.id}/cancel", token(order.member)
    refused = world.api.post(path, {"quantity": 1}, as_=as_, key=new_key())
    assert (refused.status, refused.body["code"]) == (400, "unknown_field")
    assert world.api.post(path, b"{", as_=as_, key=new_key()).body["code"] == "invalid_json"
    assert order.left() == (800, 8)
    assert world.api.post(path, {}, as_=as_, key=new_key()).status == 200


def test_a_retried_cancellation_returns_points_and_stock_once(world: World) -> None:
    order, key = Placed(world), new_key()
    first = order.own("cancel", key)
    again = order.own("cancel", key)
    assert again.body == first.body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert order.left() == (1000, 10)
    other_key = order.own("cancel")
    assert (other_key.status, other_key.body["code"]) == (409, "not_allowed_in_this_state")
    assert other_key.body["status"] == 409
    assert order.left() == (1000, 10)


def test_a_parcel_is_reviewed_shipped_delivered_and_completed(world: World) -> None:
    order = Placed(world)
    to_delivered(order)
    answer = order.own("confirm-receipt")
    assert answer.body["status"] == "completed"
    assert answer.body["parcels"] == [{**PARCEL, "lines": {order.sku: 2}, "events": []}]
    assert [step["status"] for step in answer.body["timeline"]] == [
        "awaiting_review",
        "in_review",
        "approved",
        "shipped",
        "delivered",
        "completed",
    ]
    assert [step["by"] for step in answer.body["timeline"]] == [
        "member",
        "staff",
        "staff",
        "staff",
        "staff",
        "member",
    ]
    assert order.left() == (800, 8)


def test_a_rejected_order_returns_everything_and_shows_the_reason(world: World) -> None:
    order, key = Placed(world), new_key()
    to_review(order)
    answer = order.staff("reject", {"reason": "地址无法送达"}, key=key)
    assert (answer.status, answer.body["status"]) == (200, "rejected")
    assert answer.body["timeline"][-1]["note"] == "地址无法送达"
    assert order.left() == (1000, 10)
    again = order.staff("reject", {"reason": "地址无法送达"}, key=key)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = order.staff("reject", {"reason": "缺货"}, key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    assert order.left() == (1000, 10)


def test_points_are_returned_to_their_lots(world: World) -> None:
    order = Placed(world)
    account_id = ledger.points_account(order.member)
    world.give(order.member, 50, days=3)
    before = ledger.find_account(account_id).lots
    answer = world.order(order.member, order.sku)
    order.id = answer.body["id"]
    assert ledger.find_account(account_id).lots != before
    order.own("cancel")
    assert ledger.find_account(account_id).lots == before


ALLOWED = {
    "awaiting_review": {"cancel", "take"},
    "in_review": {"approve", "reject"},
    "approved": {"ship"},
    "shipped": {"deliver", "confirm-receipt"},
    "delivered": {"confirm-receipt"},
}
REACHED_BY = {
    "awaiting_review": lambda order: None,
    "in_review": to_review,
    "approved": to_approved,
    "shipped": to_shipped,
    "delivered": to_delivered,
}
ACTS: dict[str, Any] = {
    "take": None,
    "approve": None,
    "reject": {"reason": "x"},
    "ship": PARCEL,
    "deliver": None,
    "use": None,
}


@pytest.mark.parametrize("state", list(ALLOWED))
def test_every_act_outside_its_states_is_refused(world: World, state: str) -> None:
    order = Placed(world)
    REACHED_BY[state](order)
    left = order.left()
    for act in ("cancel", "confirm-receipt", *ACTS):
        if act in ALLOWED[state]:
            continue
        answer = order.staff(act, ACTS[act]) if act in ACTS else order.own(act)
        assert (answer.status, answer.body["code"]) == (409, "not_allowed_in_this_state"), act
        assert order.status() == state
        assert order.left() == left


def test_a_service_is_used_and_not_shipped(world: World) -> None:
    order = Placed(world, kind="service")
    assert order.status() == "approved"
    assert order.staff("ship", PARCEL).status == 409
    assert order.staff("use").body["status"] == "completed"


def test_an_order_is_shipped_once_every_line_is_in_a_parcel(world: World) -> None:
    order = Placed(world)
    to_approved(order)
    one = {**PARCEL, "lines": [{"sku": order.sku, "quantity": 1}]}
    assert order.staff("ship", one).body["status"] == "approved"
    too_many = {**PARCEL, "lines": [{"sku": order.sku, "quantity": 2}]}
    refused = order.staff("ship", too_many)
    assert (refused.status, refused.body["errors"][0]["code"]) == (400, "more_than_ordered")
    assert order.staff("ship", PARCEL).body["status"] == "shipped"
    seen = find_order(order.id)
    assert seen
    assert [parcel.quantities for parcel in seen.parcels] == [{order.sku: 1}, {order.sku: 1}]


def test_a_retry_of_a_partial_shipment_records_one_parcel(world: World) -> None:
    order, key = Placed(world), new_key()
    to_approved(order)
    one = {**PARCEL, "lines": [{"sku": order.sku, "quantity": 1}]}
    first = order.staff("ship", one, key=key)
    again = order.staff("ship", one, key=key)
    assert again.body == first.body
    assert again.headers["Idempotent-Replayed"] == "true"
    other = order.staff("ship", PARCEL, key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    seen = find_order(order.id)
    assert seen
    assert [parcel.quantities for parcel in seen.parcels] == [{order.sku: 1}]
    assert seen.status == "approved"


def test_only_ops_act_and_agents_may_read(world: World) -> None:
    order = Placed(world)
    agent, member = token(ids.new_id("mbr"), "agent"), token(order.member)
    finance = token(ids.new_id("mbr"), "finance")
    for who in (agent, member, finance):
        assert order.staff("take", as_=who).status == 403
    path = f"/v1/admin/orders/{order.id}"
    assert world.api.get(path, as_=agent).status == 200
    assert world.api.get(path, as_=member).status == 403
    assert world.api.get("/v1/admin/orders", as_=member).status == 403
    assert order.status() == "awaiting_review"


def test_the_review_queue_lists_the_oldest_order_first(world: World) -> None:
    first, second = Placed(world), Placed(world)
    ids_waiting = [order["id"] for order in world.api.listed("/v1/admin/orders", as_=world.ops)]
    assert ids_waiting.index(first.id) < ids_waiting.index(second.id)
    to_review(first)
    in_review = world.api.listed("/v1/admin/orders?status=in_review", as_=world.ops)
    assert first.id in [order["id"] for order in in_review]


def test_a_failing_order_does_not_stop_the_sweep(
    world: World, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [Placed(world), Placed(world)]
    for order in orders:
        to_delivered(order)
    time.advance(days=10.01)
    confirm = acts.confirm_by_time

    def fail_on_the_first(order_id: str, now_ms: int) -> bool:
        if order_id == orders[0].id:
            raise Unavailable()
        return confirm(order_id, now_ms)

    with monkeypatch.context() as patch:
        patch.setattr(acts, "confirm_by_time", fail_on_the_first)
        with pytest.raises(ExceptionGroup):
            sweep()
    assert [order.status() for order in orders] == ["delivered", "completed"]
    sweep()
    assert orders[0].status() == "completed"


def test_a_delivered_order_completes_after_ten_days(world: World, time: Time) -> None:
    order = Placed(world)
    to_delivered(order)
    time.advance(days=9.99)
    sweep()
    assert order.status() == "delivered"
    time.advance(days=0.02)
    sweep()
    assert order.status() == "completed"
    seen = find_order(order.id)
    assert seen
    assert seen.steps[-1].by == "system"
