"""Returns that are refused, and retries of those that are not."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.kernel import ids
from chalicelib.kernel.config import config
from chalicelib.orders.actions import returns as actions
from chalicelib.orders.routes import return_views
from chalicelib.orders.rules.returnable import MAX_RETURNS
from tests.api import new_key, token
from tests.conftest import Time
from tests.orders.returned import PARCEL, TO, Returned
from tests.settings import changed
from tests.world import World


@pytest.fixture
def returned(world: World) -> Returned:
    return Returned(world)


def test_several_returns_of_a_line_never_exceed_it(returned: Returned) -> None:
    returned.sent(2)
    before = returned.state()
    refused = returned.ask(2)
    assert (refused.status, refused.body["code"]) == (409, "return_exceeds_order")
    assert (refused.body["sku"], refused.body["returnable"]) == (returned.sku, 1)
    assert refused.body["detail"] == "1 of “Thermos cup” can be returned"
    body = {"lines": [{"sku": "NONE", "quantity": 1}], "reason": "x", "kind": "return"}
    path = f"/v1/orders/{returned.order_id}/returns"
    none = returned.api.post(path, body, as_=returned.me, key=new_key())
    assert (none.body["code"], none.body["returnable"]) == ("return_exceeds_order", 0)
    assert returned.state() == before
    assert returned.ask(1).status == 201


def test_a_refund_by_the_staff_leaves_what_open_returns_keep(returned: Returned) -> None:
    return_id = returned.sent(2)
    before = returned.state()
    refused = returned.refund(returned.units(2))
    assert (refused.status, refused.body["code"]) == (409, "refund_exceeds_order")
    assert (refused.body["refundable"], "open returns" in refused.body["detail"]) == (1, True)
    assert returned.state() == before
    assert returned.refund().body["points"] == 100
    assert returned.refund().body["refundable"] == 0
    assert returned.staff(return_id, "receive", {}).body["refunded"]["points"] == 200
    assert returned.left()[0] == 1000


REFUSALS: dict[str, Any] = {
    "no lines": {"lines": []},
    "no quantity": {"lines": [{"sku": "S", "quantity": 0}]},
    "a fraction": {"lines": [{"sku": "S", "quantity": 1.5}]},
    "twice the same": {"lines": [{"sku": "S", "quantity": 1}, {"sku": "S", "quantity": 1}]},
    "no reason": {"reason": " "},
    "another kind": {"kind": "gift"},
    "a picture elsewhere": {"pictures": ["https://elsewhere.example/a.jpg"]},
    "too many pictures": {"pictures": ["/pictures/a.jpg"] * 7},
    "a field too many": {"note": "x"},
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_malformed_request_is_refused(returned: Returned, case: str) -> None:
    before = returned.state()
    refused = returned.ask(**REFUSALS[case])
    assert refused.status == 400, refused.body
    assert returned.state() == before


def test_goods_are_returned_in_the_days_after_their_arrival(returned: Returned, time: Time) -> None:
    path = f"/v1/orders/{returned.order_id}"
    assert returned.api.get(path, as_=returned.me).body["returnable_until"] is not None
    time.advance(days=14, hours=23)
    assert returned.ask(1).status == 201
    time.advance(hours=2)
    before = returned.state()
    for kind in ("return", "exchange", "refund_only"):
        refused = returned.ask(1, kind)
        assert (refused.status, refused.body["code"]) == (409, "return_window_closed")
        assert refused.body["days"] == 15
    assert returned.state() == before


def test_goods_that_have_not_arrived_are_refunded_only(world: World) -> None:
    member, sku = world.member(1000), world.sku(points=100)
    world.address(member)
    order_id = world.order(member, sku, 2).body["id"]
    path, as_ = f"/v1/orders/{order_id}/returns", token(member)
    body = {"lines": [{"sku": sku, "quantity": 1}], "reason": "不想要了", "kind": "refund_only"}
    early = world.api.post(path, body, as_=as_, key=new_key())
    assert (early.status, early.body["code"]) == (409, "not_allowed_in_this_state")
    assert early.body["current_status"] == "awaiting_review"
    for act in ("take", "approve"):
        world.api.post(f"/v1/admin/orders/{order_id}/{act}", as_=world.ops, key=new_key())
    refused = world.api.post(path, {**body, "kind": "return"}, as_=as_, key=new_key())
    assert refused.body["code"] == "not_allowed_in_this_state"
    made = world.api.post(path, body, as_=as_, key=new_key())
    assert made.status == 201, made.body
    done = world.api.post(
        f"/v1/admin/returns/{made.body['id']}/approve", {}, as_=world.ops, key=new_key()
    )
    assert done.body["refunded"]["points"] == 100
    # Its unit had not left us: it is on sale again.
    assert (world.available(member), world.stock(sku)) == (900, 9)


def test_codes_and_services_are_not_sent_back(world: World) -> None:
    member, sku = world.member(1000), world.sku(kind="virtual", points=100)
    order_id = world.order(member, sku).body["id"]
    path, as_ = f"/v1/orders/{order_id}/returns", token(member)
    body = {"lines": [{"sku": sku, "quantity": 1}], "reason": "不能用", "kind": "return"}
    for kind in ("return", "exchange"):
        refused = world.api.post(path, {**body, "kind": kind}, as_=as_, key=new_key())
        assert (refused.status, refused.body["code"]) == (409, "not_returnable")
    made = world.api.post(path, {**body, "kind": "refund_only"}, as_=as_, key=new_key())
    assert made.status == 201


def test_an_order_has_a_limited_number_of_returns(returned: Returned) -> None:
    for _ in range(MAX_RETURNS):
        returned.own(returned.asked(), "withdraw")
    before = returned.state()
    refused = returned.ask()
    assert (refused.status, refused.body["code"]) == (409, "return_limit_reached")
    assert refused.body["at_most"] == MAX_RETURNS
    assert returned.state() == before


def test_a_retry_of_a_request_is_the_same_return_and_other_content_is_refused(
    returned: Returned,
) -> None:
    key = new_key()
    first, again = returned.ask(2, key=key), returned.ask(2, key=key)
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = returned.ask(1, key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    assert len(returned.order().returns) == 1


ACTS: dict[str, tuple[str, str, Any, Any]] = {
    "approve": ("staff", "asked", {"instructions": TO}, {"instructions": "elsewhere"}),
    "reject": ("staff", "asked", {"reason": "a"}, {"reason": "b"}),
    "receive": ("staff", "sent", {}, {"restock": False}),
    "ship": ("staff", "received", PARCEL, {**PARCEL, "carrier": "YTO"}),
    "sent": ("own", "approved", PARCEL, {**PARCEL, "carrier": "YTO"}),
    "withdraw": ("own", "asked", None, None),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_retry_of_an_act_changes_nothing_more(returned: Returned, act: str) -> None:
    who, make, body, other = ACTS[act]
    kind = "exchange" if act == "ship" else "return"
    return_id, key = getattr(returned, make)(1, kind), new_key()
    do = getattr(returned, who)
    first = do(return_id, act, body, key=key)
    assert first.status == 200, first.body
    before = returned.state()
    again = do(return_id, act, body, key=key)
    assert (again.status, again.body) == (200, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert returned.state() == before
    if other is not None:
        reused = do(return_id, act, other, key=key)
        assert (reused.status, reused.body["code"]) == (409, "idempotency_key_reused")
    if act != "sent":
        late = do(return_id, act, body)
        assert (late.status, late.body["code"]) == (409, "not_allowed_in_this_state")
        assert "current_status" in late.body
    assert returned.state() == before


@pytest.mark.parametrize("act", ["sent", "withdraw"])
def test_a_return_is_its_members_alone(returned: Returned, act: str) -> None:
    return_id, other = returned.approved(), token(returned.world.member())
    before = returned.state()
    body = PARCEL if act == "sent" else None
    assert returned.own(return_id, act, body, as_=other).status == 404
    assert returned.api.get(f"/v1/returns/{return_id}", as_=other).status == 404
    assert returned.ask(as_=other).status == 404
    assert returned.api.get(f"/v1/orders/{returned.order_id}/returns", as_=other).status == 404
    assert returned.api.get("/v1/me/returns", as_=other).body["data"] == []
    assert returned.state() == before


def test_the_staff_decides_and_agents_read(returned: Returned) -> None:
    return_id = returned.asked()
    before = returned.state()
    for role in ("agent", "finance"):
        as_ = token(ids.new_id("mbr"), role)
        for act, body in (("approve", {}), ("reject", {"reason": "x"}), ("receive", {})):
            assert returned.staff(return_id, act, body, as_=as_).status == 403
        read = returned.api.get(f"/v1/admin/returns/{return_id}", as_=as_)
        assert read.status == (200 if role == "agent" else 403)
    assert returned.staff(return_id, "approve", {}, as_=returned.me).status == 403
    assert returned.api.get("/v1/admin/returns", as_=returned.me).status == 403
    assert returned.state() == before


def test_without_instructions_the_address_of_the_settings_holds(
    returned: Returned, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = returned.staff(returned.asked(), "approve").body
    assert done["instructions"] == config().returns.return_address
    return_id = returned.asked()
    settings = changed(return_address="")
    for module in (actions, return_views):
        monkeypatch.setattr(module, "config", lambda: settings)
    before = returned.state()
    refused = returned.staff(return_id, "approve")
    assert refused.body["errors"][0]["field"] == "instructions"
    assert returned.state() == before


def test_the_staff_is_told_whether_an_approval_needs_instructions(
    returned: Returned, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/v1/admin/returns/{returned.asked()}"
    assert returned.api.get(path, as_=returned.ops).body["needs_instructions"] is False
    settings = changed(return_address="")
    monkeypatch.setattr(return_views, "config", lambda: settings)
    assert returned.api.get(path, as_=returned.ops).body["needs_instructions"] is True
