"""Returns over the API: who may do what, and what goes back."""

from __future__ import annotations

import pytest

from chalicelib.kernel import ids
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.queries.returns import get_return
from tests.api import token
from tests.orders.returned import TO, Returned
from tests.world import World


@pytest.fixture
def returned(world: World) -> Returned:
    return Returned(world)


def test_a_member_asks_for_a_return_and_the_order_keeps_its_units(returned: Returned) -> None:
    made = returned.ask(2)
    assert made.status == 201, made.body
    shown = made.body
    assert (shown["status"], shown["kind"], shown["reason"]) == ("requested", "return", "杯盖漏水")
    assert [(each["quantity"], each["received"]) for each in shown["lines"]] == [(2, 0)]
    assert shown["refundable"]["points"] == 200
    assert shown["due_at"] > shown["created_at"]
    assert returned.show(shown["id"]) == shown
    listed = returned.api.get("/v1/me/returns", as_=returned.me).body
    assert listed == {"data": [shown], "next_cursor": None}
    path = f"/v1/orders/{returned.order_id}"
    assert returned.api.get(f"{path}/returns", as_=returned.me).body["data"] == [shown]
    order = returned.api.get(path, as_=returned.me).body
    assert order["returns"] == [{"id": shown["id"], "lines": {returned.sku: 2}}]
    assert returned.left() == (700, 7, 0)


def test_a_return_gives_points_stock_and_limit_back_when_its_goods_came(world: World) -> None:
    returned = Returned(world, limits={"per_member": 3})
    assert returned.left() == (700, 7, 0)
    return_id = returned.sent(2)
    assert returned.left() == (700, 7, 0)
    assert world.order(returned.member, returned.sku).body["code"] == "limit_reached"
    done = returned.staff(return_id, "receive", {})
    assert (done.status, done.body["status"]) == (200, "closed")
    assert done.body["refunded"]["points"] == 200
    assert done.body["refundable"]["points"] == 0
    assert returned.left() == (900, 9, 2)
    assert [each["status"] for each in done.body["timeline"]] == [
        "requested",
        "approved",
        "sent",
        "received",
        "closed",
    ]
    order = returned.api.get(f"/v1/orders/{returned.order_id}", as_=returned.me).body
    assert order["lines"][0]["returned"] == 2
    assert [each["points"] for each in order["refunds"]] == [200]
    assert order["returns"] == [{"id": return_id, "lines": {}}]
    assert world.order(returned.member, returned.sku, 2).status == 201


def test_fewer_units_are_refunded_as_they_come(returned: Returned) -> None:
    return_id = returned.sent(3)
    some = returned.staff(return_id, "receive", returned.units(1)).body
    assert (some["status"], some["refunded"]["points"]) == ("received", 100)
    assert some["refundable"]["points"] == 200
    assert returned.left() == (800, 8, 1)
    more = returned.staff(return_id, "receive", {**returned.units(1), "restock": False}).body
    assert (more["status"], more["due_at"]) == ("received", some["due_at"])
    assert returned.left() == (900, 8, 2)
    rest = returned.staff(return_id, "receive", {}).body
    assert (rest["status"], rest["refunded"]["points"]) == ("closed", 300)
    assert returned.left() == (1000, 9, 3)


def test_a_refund_without_a_return_is_made_by_its_approval(returned: Returned) -> None:
    return_id = returned.asked(1, "refund_only")
    refused = returned.staff(return_id, "approve", {"instructions": TO})
    assert refused.body["errors"][0]["code"] == "not_for_this_kind"
    done = returned.staff(return_id, "approve").body
    assert (done["status"], done["refunded"]["points"]) == ("closed", 100)
    # Its goods did not come back.
    assert returned.left() == (800, 7, 1)


def test_an_exchange_reserves_its_replacement_and_ships_what_came(returned: Returned) -> None:
    return_id = returned.sent(2, "exchange")
    assert returned.left() == (700, 5, 0)
    came = returned.staff(return_id, "receive", {**returned.units(1), "restock": False}).body
    assert (came["status"], came["refunded"]["points"]) == ("received", 0)
    assert returned.left() == (700, 5, 0)
    parcel = {"carrier": "SF", "tracking_number": "SF-NEW-1"}
    done = returned.staff(return_id, "ship", parcel).body
    assert done["status"] == "closed"
    assert done["replacement"]["lines"] == {returned.sku: 1}
    assert returned.left() == (700, 6, 0)
    # The exchanged unit may be returned again.
    assert returned.ask(3).status == 201


def test_an_exchange_whose_replacement_is_sold_out_is_not_approved(world: World) -> None:
    returned = Returned(world, stock=3)
    return_id = returned.asked(1, "exchange")
    before = returned.state()
    refused = returned.staff(return_id, "approve", {"instructions": TO})
    assert (refused.status, refused.body["code"]) == (409, "out_of_stock")
    assert returned.state() == before


@pytest.mark.parametrize("state", ["requested", "approved"])
def test_a_member_withdraws_before_sending(returned: Returned, state: str) -> None:
    make = returned.asked if state == "requested" else returned.approved
    return_id = make(2, "exchange")
    done = returned.own(return_id, "withdraw")
    assert (done.status, done.body["status"]) == (200, "withdrawn")
    assert returned.left() == (700, 7, 0)
    assert returned.ask(3).status == 201


@pytest.mark.parametrize("state", ["requested", "sent"])
def test_the_staff_declines_with_a_reason_that_the_member_reads(
    returned: Returned, state: str
) -> None:
    make = returned.asked if state == "requested" else returned.sent
    return_id = make(2, "exchange")
    done = returned.staff(return_id, "reject", {"reason": "商品已使用"})
    assert (done.status, done.body["status"]) == (200, "rejected")
    assert returned.show(return_id)["timeline"][-1]["note"] == "商品已使用"
    assert returned.left() == (700, 7, 0)


def test_the_number_of_the_parcel_can_be_corrected_and_finds_the_order(
    returned: Returned,
) -> None:
    return_id = returned.sent()
    first = returned.show(return_id)
    wrong = returned.own(return_id, "sent", {"carrier": "YTO", "tracking_number": "YT 77-88"})
    assert wrong.body["parcel"]["carrier"] == "YTO"
    assert wrong.body["due_at"] == first["due_at"], "its time does not begin anew"
    path = "/v1/admin/orders?tracking_number=yt7788"
    found = returned.api.get(path, as_=returned.world.ops).body["data"]
    assert [each["id"] for each in found] == [returned.order_id]


def test_the_queue_is_by_state_and_age_and_an_order_has_its_own(returned: Returned) -> None:
    first, second = returned.asked(), returned.asked()
    as_ = returned.world.ops

    def listed(query: str) -> list[str]:
        rows = returned.api.listed(f"/v1/admin/returns?{query}", as_=as_)
        return [each["id"] for each in rows if each["member_id"] == returned.member]

    assert listed("") == listed("status=requested") == [first, second]
    assert listed(f"order_id={returned.order_id}") == [second, first]
    returned.staff(first, "approve", {"instructions": TO})
    assert (listed(""), listed("status=approved")) == ([second], [first])
    both = returned.api.get(f"/v1/admin/returns?order_id={returned.order_id}&status=sent", as_=as_)
    assert both.body["errors"][0]["code"] == "one_filter_only"
    assert listed("&order_id=ord_none") == []


def test_the_audit_tells_before_and_after(returned: Returned) -> None:
    return_id = returned.sent(2)
    returned.staff(return_id, "receive", {**returned.units(1), "note": "少一件"})
    path = f"/v1/admin/audit?subject={return_id}"
    acts = returned.api.get(path, as_=token(ids.new_id("mbr"), "admin")).body["data"]
    assert [each["action"] for each in acts] == ["return.receive", "return.approve"]
    assert acts[0]["before"] == {
        "status": "sent",
        "received": 0,
        "restocked": 0,
        "points": 0,
        "cash": 0,
    }
    assert acts[0]["after"] == {
        "status": "received",
        "received": 1,
        "restocked": 1,
        "points": 100,
        "cash": 0,
    }
    assert acts[0]["reason"] == "少一件"


def test_an_order_without_returns_has_no_bytes_for_them(returned: Returned) -> None:
    from chalicelib.orders.tables import OrderItem

    assert "returns" not in OrderItem.of(get_order(returned.order_id)).serialize()
    return_id = returned.asked()
    assert get_return(return_id).version == 1
    assert "returns" in OrderItem.of(get_order(returned.order_id)).serialize()
