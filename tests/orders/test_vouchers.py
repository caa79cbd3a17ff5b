"""Vouchers: shown, used once at their store, lapsed; bookings that were missed."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

import pytest

from chalicelib.kernel import clock
from chalicelib.orders.actions import counter
from tests.api import new_key, token
from tests.catalog.stores import left_of, new_store, soon
from tests.orders.booked import Booked, Service, sweep, use
from tests.settings import changed
from tests.world import World


@pytest.fixture
def service(world: World) -> Service:
    return Service(world)


def set_to(monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    made = changed(**settings)
    monkeypatch.setattr(counter, "config", lambda: made)


def test_a_booked_service_has_a_voucher_with_a_qr_code(service: Service) -> None:
    order = Booked.of(service, service.slot())
    (voucher,) = order.vouchers()
    assert voucher["sku"] == service.sku
    assert voucher["status"] == "unused"
    assert voucher["code"].isdigit()
    assert len(voucher["code"]) == 12
    assert voucher["qr"].startswith("<svg")
    stranger = token(service.world.member())
    path = f"/v1/orders/{order.id}/vouchers"
    assert service.world.api.get(path, as_=stranger).status == 404


def test_a_voucher_is_used_once_and_completes_its_order(service: Service) -> None:
    order, key = Booked.of(service, service.slot()), new_key()
    world, code = service.world, order.code()
    seen = world.api.get(f"/v1/admin/vouchers/{code}", as_=world.ops).body
    assert (seen["status"], seen["order_id"]) == ("unused", order.id)
    used, again = (use(world, code, service.store, key=key) for _ in range(2))
    assert used.status == 200, used.body
    assert (used.body["status"], used.body["used_store_id"]) == ("used", service.store)
    assert again.body == used.body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert order.show()["status"] == "completed"
    assert order.states() == ["used"]
    before = order.stands()
    twice = use(world, code, service.store)
    assert (twice.status, twice.body["code"]) == (409, "voucher_used")
    assert twice.body["used_store_id"] == service.store
    assert order.stands() == before
    acts = world.api.get(f"/v1/admin/audit?subject={order.id}", as_=token("mbr_a", "admin")).body
    assert [each["action"] for each in acts["data"]] == ["voucher.use"]


def test_a_code_may_be_typed_in_groups(service: Service) -> None:
    order, world = Booked.of(service, service.slot()), service.world
    code = order.code()
    typed = f"{code[:4]}-{code[4:8]}-{code[8:]}"
    assert world.api.get(f"/v1/admin/vouchers/{typed}", as_=world.ops).body["code"] == code
    assert world.api.get("/v1/admin/vouchers/000000000000x", as_=world.ops).status == 404


def test_a_voucher_of_another_store_is_refused(service: Service) -> None:
    order, world = Booked.of(service, service.slot()), service.world
    other, code, before = new_store(world)["id"], order.code(), order.stands()
    elsewhere = use(world, code, other)
    assert (elsewhere.status, elsewhere.body["code"]) == (409, "voucher_of_another_store")
    assert elsewhere.body["voucher_store_id"] == service.store
    nowhere = use(world, code, "sto_none")
    assert (nowhere.status, nowhere.body["errors"][0]["code"]) == (400, "unknown_store")
    assert order.stands() == before


def test_only_its_staff_uses_vouchers_at_a_store_that_names_them(world: World) -> None:
    store = new_store(world, staff=["mbr_clerk"])["id"]
    order = Booked.to_fetch(world, store, world.sku())
    code, before = order.code(), order.stands()
    refused = use(world, code, store)
    assert (refused.status, refused.body["code"]) == (403, "not_this_stores_staff")
    assert use(world, code, store, as_=token(order.member)).status == 403
    assert order.stands() == before
    assert use(world, code, store, as_=token("mbr_clerk", "agent")).status == 200


def test_goods_are_fetched_without_an_address(world: World) -> None:
    store, sku = new_store(world)["id"], world.sku(stock=3)
    order = Booked.to_fetch(world, store, sku, approved=False)
    shown = order.show()
    assert (shown["status"], shown["address"], shown["store_id"]) == (
        "awaiting_review",
        None,
        store,
    )
    assert order.vouchers() == []
    order.staff("take")
    assert order.staff("approve").body["status_text"] == "To be picked up"
    shipped = order.staff("ship", {"carrier": "SF", "tracking_number": "SF1"})
    assert (shipped.status, shipped.body["code"]) == (409, "not_allowed_in_this_state")
    assert use(world, order.code(), store).status == 200
    assert order.show()["status"] == "completed"
    assert world.stock(sku) == 2


def test_orders_that_nobody_can_fetch_are_refused(world: World) -> None:
    member, store = world.member(1000), new_store(world)["id"]
    closed = new_store(world, status="closed")["id"]
    cases = [
        (world.sku(), {"pickup_store_id": closed}, "unknown_store"),
        (world.sku(kind="virtual"), {"pickup_store_id": store}, "not_for_this_kind"),
    ]
    for sku, body, code in cases:
        answer = world.order(member, sku, **body)
        assert (answer.status, answer.body["errors"][0]["code"]) == (400, code)
    assert world.available(member) == 1000


def test_each_line_has_a_voucher_and_the_last_completes_the_order(world: World) -> None:
    store, skus = new_store(world)["id"], [world.sku(), world.sku()]
    order = Booked.to_fetch(world, store, *skus)
    first, second = (each["code"] for each in order.vouchers())
    assert use(world, first, store).status == 200
    assert order.show()["status"] == "approved"
    assert sorted(order.states()) == ["unused", "used"]
    assert use(world, first, store).body["code"] == "voucher_used"
    assert use(world, second, store).status == 200
    assert order.show()["status"] == "completed"


def test_a_refunded_line_has_no_voucher_left(world: World) -> None:
    store, skus = new_store(world)["id"], [world.sku(), world.sku()]
    order = Booked.to_fetch(world, store, *skus)
    codes = {each["sku"]: each["code"] for each in order.vouchers()}
    assert use(world, codes[skus[0]], store).status == 200
    lines = [{"sku": skus[1], "quantity": 1}]
    assert order.staff("refunds", {"reason": "缺货", "lines": lines}).status == 201
    assert order.show()["status"] == "completed"
    gone = use(world, codes[skus[1]], store)
    assert (gone.status, gone.body["code"]) == (409, "voucher_expired")
    assert world.stock(skus[1]) == 10


def test_use_of_the_whole_order_ends_its_vouchers(service: Service) -> None:
    order = Booked.of(service, service.slot())
    assert order.staff("use").status == 200
    assert order.states() == ["used"]
    assert use(service.world, order.code(), service.store).body["code"] == "voucher_used"


def test_one_voucher_is_used_once_under_a_race(service: Service) -> None:
    order = Booked.of(service, service.slot())
    code, answers = order.code(), []

    def try_it() -> None:
        answers.append(use(service.world, code, service.store).status)

    threads = [threading.Thread(target=try_it) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert answers.count(200) == 1
    assert set(answers) == {200, 409}
    assert order.states() == ["used"]


@pytest.mark.parametrize("policy", ["refund", "forfeit"])
def test_an_unused_voucher_lapses_by_the_setting(
    world: World, time: Any, monkeypatch: pytest.MonkeyPatch, policy: str
) -> None:
    set_to(monkeypatch, voucher_lapse=policy)
    store, sku = new_store(world)["id"], world.sku(stock=3)
    order = Booked.to_fetch(world, store, sku)
    code = order.code()
    time.advance(days=92)
    assert order.states() == ["expired"]
    late = use(world, code, store)
    assert (late.status, late.body["code"]) == (409, "voucher_expired")
    sweep()
    sweep()
    shown = order.show()
    assert order.states() == ["expired"]
    assert world.stock(sku) == 3
    if policy == "refund":
        assert (order.left(), shown["lines"][0]["returned"]) == (1000, 1)
        assert shown["refunds"][0]["reason"] == "The voucher has expired"
    else:
        assert (order.left(), shown["status"]) == (900, "completed")
        assert shown["timeline"][-1]["note"] == "The voucher has expired"


def test_a_voucher_is_good_as_long_as_its_goods_are(world: World) -> None:
    store = new_store(world)["id"]
    order = Booked.to_fetch(world, store, world.sku(), approved=True)
    (ninety,) = order.vouchers()
    short = Service(world, validity={"days": 10})
    (ten,) = Booked.of(short, short.slot()).vouchers()
    days = (
        datetime.fromisoformat(ninety["expires_at"]) - datetime.fromisoformat(ten["expires_at"])
    ).days
    assert days == 80


def test_a_missed_booking_may_be_moved(service: Service, time: Any) -> None:
    slot = service.slot(starts_at=clock.rfc3339(soon(hours=3)))
    order = Booked.of(service, slot)
    time.advance(hours=20)
    sweep()
    shown = order.show()
    assert (shown["status"], shown["booking"]["missed"]) == ("approved", True)
    assert order.states() == ["unused"]
    later = service.slot(starts_at=clock.rfc3339(soon(days=2)))
    moved = order.reschedule({"slot_id": later})
    assert (moved.status, moved.body["booking"]["missed"]) == (200, False)
    assert use(service.world, order.code(), service.store).status == 200


@pytest.mark.parametrize("policy", ["refund", "forfeit"])
def test_the_staff_records_a_no_show(
    service: Service, time: Any, monkeypatch: pytest.MonkeyPatch, policy: str
) -> None:
    set_to(monkeypatch, no_show=policy)
    slot = service.slot(starts_at=clock.rfc3339(soon(hours=3)))
    order, key = Booked.of(service, slot), new_key()
    before = order.stands()
    early = order.staff("no-show")
    assert (early.status, early.body["code"]) == (409, "booking_not_over")
    assert order.stands() == before
    time.advance(hours=3)
    done, again = (order.staff("no-show", {"reason": "未到"}, key) for _ in range(2))
    assert done.status == 200, done.body
    assert again.body == done.body
    assert order.states() == ["expired"]
    assert order.left() == (1000 if policy == "refund" else 900)
    assert left_of(slot) == (2 if policy == "refund" else 1)
    assert done.body["status"] == ("approved" if policy == "refund" else "completed")
    sweep()
    assert order.left() == (1000 if policy == "refund" else 900)
