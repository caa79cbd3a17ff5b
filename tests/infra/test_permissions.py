"""Every call to DynamoDB in a mall's day is allowed by the calling function's policy."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib import audit, ledger, members
from chalicelib.earning import events as earning_events
from chalicelib.kernel import clock, ids
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.members.actions import limits, transfers
from chalicelib.members.actions.registrations import enrol
from chalicelib.members.queries import destination_of
from chalicelib.notify import actions as notify_actions
from chalicelib.notify import events as notify_events
from chalicelib.notify.errors import BeingSentElsewhere, SmsNotSent
from chalicelib.notify.rules import TEXTS_A_DAY
from chalicelib.orders import events as orders_events
from infra.local import schedules
from tests.api import new_key, token
from tests.conftest import Time
from tests.facts import made, order_data
from tests.infra.permissions import Guard, NotAllowed
from tests.members.giving import facts, give, registered
from tests.members.people import People
from tests.settings import changed
from tests.world import ADDRESS, World, new_phone, paid, refunded

AT = "2026-11-21T08:00:00Z"
ORDER = order_data(status="shipped", points=100, carrier="SF", tracking_number="SF1")


def fact(type_: str, **data: object) -> Fact:
    return made(f"{type_}:{new_key()}", type_, AT, dict(data))


def test_the_guard_refuses_calls_outside_a_policy(guard: Guard, world: World) -> None:
    member = world.member(100)
    with guard.acting_as("FulfilOrders"), pytest.raises(NotAllowed, match="GetItem on Ledger"):
        world.available(member)


def test_the_api_may_sign_members_in_and_change_them(
    guard: Guard, world: World, outbox: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # All tests come from one address, which may have used up its codes of the hour.
    settings = changed(otp_per_ip_hour=1_000_000)
    monkeypatch.setattr(limits, "config", lambda: settings)
    people = People(world.api, outbox)
    with guard.acting_as("APIHandler"):
        me = people.sign_in()
        as_, refresh = me.token, {"refresh_token": me.refresh_token}
        assert world.api.post("/v1/auth/sessions/refresh", refresh).status == 200
        made = world.api.post("/v1/me/addresses", ADDRESS, as_=as_, key=new_key())
        address = f"/v1/me/addresses/{made.body['id']}"
        for path in (
            "",
            "/points",
            "/points/entries",
            "/addresses",
            "/identities",
            "/sessions",
            "/notifications",
            "/orders",
        ):
            assert world.api.get(f"/v1/me{path}", as_=as_).status == 200, path
        assert world.api.delete(address, as_=as_).status == 204
        assert world.api.delete("/v1/auth/sessions", as_=as_).status == 204


def test_the_api_may_change_the_catalog(guard: Guard, world: World) -> None:
    with guard.acting_as("APIHandler"):
        product = world.product(points=100)
        sku, path = product["skus"][0]["sku"], f"/v1/admin/products/{product['id']}"
        changed = world.api.patch(
            path, {"price": {"points": 120}}, as_=world.ops, headers={"If-Match": "1"}
        )
        assert changed.status == 200, changed.body
        restock = {"quantity": 3, "reason": "new delivery"}
        answer = world.api.post(
            f"/v1/admin/skus/{sku}/restock", restock, as_=world.ops, key=new_key()
        )
        assert answer.status in {200, 201}, answer.body
        codes = world.sku(kind="virtual", points=50)
        assert world.api.get(f"/v1/admin/code-pools/{codes}", as_=world.ops).status == 200
        for query in ("", "?sort=points", "?sort=newest&kind=physical&max_points=500"):
            assert world.api.get(f"/v1/products{query}").status == 200
        assert world.api.get("/v1/admin/products", as_=world.ops).status == 200
        assert world.api.get("/v1/categories").status == 200


def test_the_api_may_show_members_and_write_the_audit(guard: Guard, world: World) -> None:
    member = world.member(100)
    actor = audit.Actor("mbr_staff", frozenset({"ops"}), "203.0.113.7", "req-1")
    act = audit.Act(ids.new_id("act"), "account.freeze", member, actor, clock.to_ms(clock.now()))
    with guard.acting_as("APIHandler"):
        writes = WriteSet()
        audit.record(writes, act)
        writes.commit()
        assert audit.find_act(act) == act
        for path in (
            "audit",
            f"audit?subject={member}",
            f"members?id={member}",
            f"members/{member}",
            f"members/{member}/points/entries",
        ):
            assert world.api.get(f"/v1/admin/{path}", as_=world.ops).status == 200, path


def test_the_api_and_the_sweep_may_carry_an_order_to_its_end(
    guard: Guard, world: World, time: Time
) -> None:
    with guard.acting_as("APIHandler"):
        member, sku = world.member(1000), world.sku(points=100, limits={"per_member": 5})
        world.address(member)
        placed = [world.order(member, sku).body["id"] for _ in range(2)]
        cancel = f"/v1/orders/{placed[1]}/cancel"
        assert world.api.post(cancel, as_=token(member), key=new_key()).status == 200
        parcel = {"carrier": "SF", "tracking_number": "SF123456"}
        for act, body in (("take", None), ("approve", None), ("ship", parcel), ("deliver", None)):
            path = f"/v1/admin/orders/{placed[0]}/{act}"
            assert world.api.post(path, body, as_=world.ops, key=new_key()).status == 200
        for asked in (
            "status=in_review",
            "tracking_number=SF123456",
            "code=SF123456",
            f"id={placed[0]}",
            f"member_id={member}",
            "q=13800138000",
        ):
            assert world.api.get(f"/v1/admin/orders?{asked}", as_=world.ops).status == 200, asked
    time.advance(days=11)
    with guard.acting_as("SweepOrders"):
        assert (
            orders_events.sweep_orders(schedules.event("sweep_orders", AT), None)["completed"] >= 1
        )


def test_a_member_may_order_to_an_address(guard: Guard, world: World) -> None:
    member, sku = world.member(1000), world.sku(points=50, stock=3)
    address_id = world.address(member)
    with guard.acting_as("APIHandler"):
        assert world.order(member, sku, address_id=address_id).status == 201
    assert ("dynamodb:BatchGetItem", "MembersTable.Arn") in guard.seen


def test_fulfilment_may_read_the_order_and_take_codes(guard: Guard, world: World) -> None:
    member, sku = world.member(1000), world.sku(kind="virtual", points=50, stock=3)
    order_id = world.order(member, sku).body["id"]
    completed = fact("order.completed", **order_data(order_id=order_id, kind="virtual"))
    with guard.acting_as("FulfilOrders"):
        orders_events.fulfil(completed)
        orders_events.fulfil(completed)
    assert ("dynamodb:DeleteItem", "CatalogTable.Arn") in guard.seen


def test_a_registration_may_apply_its_waiting_events(guard: Guard, world: World) -> None:
    phone = new_phone()
    with guard.acting_as("APIHandler"):
        assert world.event(paid(phone)).status in {200, 202}
    with guard.acting_as("APIHandler"):
        member = enrol(destination_of(phone=phone), roles=(), now=clock.now())
    added = fact(
        "member.identity_added", member_id=member, identity=members.identity_hash(phone=phone)
    )
    with guard.acting_as("ApplyUnmatched"):
        earning_events.claim_waiting(added)
        earning_events.claim_waiting(added)
    assert ("dynamodb:DeleteItem", "CampaignsTable.Arn") in guard.seen
    assert world.available(member) == 199


def test_the_api_may_give_points_and_claim_a_gift_of_a_new_member(
    guard: Guard, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender, friend, phone = world.member(100), world.member(), new_phone()
    look, late = transfers._receiver, []

    def registers_meanwhile(gift: transfers.Gift) -> str | None:
        found = look(gift)
        if gift.destination is not None:
            late.append(enrol(gift.destination, roles=(), now=clock.now()))
        return found

    monkeypatch.setattr(transfers, "_receiver", registers_meanwhile)
    with guard.acting_as("APIHandler"):
        for to in ({"member_id": friend}, {"phone": phone}):
            assert give(world.api, sender, to, 30, message="x").status == 201
    assert (world.available(friend), world.available(late[0])) == (30, 30)
    assert {("dynamodb:Query", "LedgerTable.Arn"), ("dynamodb:DeleteItem", "LedgerTable.Arn")} <= (
        guard.seen
    )


def test_a_registration_may_claim_gifts_and_strangers_may_be_notified(
    guard: Guard, world: World, engine: str, outbox: list[dict[str, str]]
) -> None:
    sender, phone = world.member(100), new_phone()
    for _ in range(TEXTS_A_DAY + 1):
        give(world.api, sender, {"phone": phone}, 10)
    waiting = facts(engine, identity=members.identity_hash(phone=phone))
    with guard.acting_as("NotifyMembers"):
        for each in waiting:
            notify_events._tell(each)
    assert len(outbox) == TEXTS_A_DAY
    friend = enrol(destination_of(phone=phone), roles=(), now=clock.now())
    with guard.acting_as("ApplyUnmatched"):
        earning_events.claim_waiting(registered(phone=phone))
    assert ("dynamodb:DeleteItem", "LedgerTable.Arn") in guard.seen
    assert world.available(friend) == 10 * (TEXTS_A_DAY + 1)
    [*_, received] = facts(engine, member=friend)
    with guard.acting_as("NotifyMembers"):
        notify_events._tell(received)


def test_partners_may_hold_and_capture_points(guard: Guard, world: World) -> None:
    member, path = world.member(100), "/v1/partner/holds"
    with guard.acting_as("APIHandler"):
        for act, body in (("capture", {"points": 10}), ("release", None)):
            hold = {
                "id": new_key(),
                "member": {"member_id": member},
                "points": 20,
                "expires_in_seconds": 60,
            }
            assert world.partner("POST", path, hold).status == 201
            assert world.partner("POST", f"{path}/{hold['id']}/{act}", body).status == 200
            assert world.partner("GET", f"{path}/{hold['id']}").status == 200
        asked = f"/v1/partner/members?member_id={member}"
        assert world.partner("GET", asked).body["points"]["available"] == 90


def test_each_of_two_functions_may_take_back_the_points_of_a_refund(
    guard: Guard, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = changed(purchase_points_pending_days=7)
    monkeypatch.setattr("chalicelib.earning.queries.rules.config", lambda: settings)
    for second in ("ApplyUnmatched", "SweepRefunds"):
        phone = new_phone()
        payment = paid(phone)
        if second == "SweepRefunds":
            member = enrol(destination_of(phone=phone), roles=(), now=clock.now())
        with guard.acting_as("APIHandler"), monkeypatch.context() as patch:
            assert world.event(refunded(payment)).body["status"] == "unmatched"
            # As if it had come between the payment's look and its entry.
            patch.setattr("chalicelib.earning.queries.want_orders", lambda *_: dict)
            assert world.event(payment).status == 200
        if second == "ApplyUnmatched":
            member = enrol(destination_of(phone=phone), roles=(), now=clock.now())
            identity = members.identity_hash(phone=phone)
            added = fact("member.identity_added", member_id=member, identity=identity)
            with guard.acting_as(second):
                earning_events.claim_waiting(added)
        else:
            with guard.acting_as(second):
                earning_events.sweep_refunds(schedules.event("sweep_refunds", AT), None)
        account = ledger.find_account(ledger.points_account(member))
        assert (account.seq, account.pending) == (2, 0)
    assert ("dynamodb:DeleteItem", "LedgerTable.Arn") in guard.seen


def test_a_notice_may_be_written_sent_and_read(
    guard: Guard, world: World, outbox: list[dict[str, str]]
) -> None:
    member = world.member()
    shipped = fact("order.shipped", **{**ORDER, "member_id": member})
    with guard.acting_as("NotifyMembers"):
        notify_events._tell(shipped)
        notify_events._tell(shipped)
    assert {("dynamodb:Query", "MembersTable.Arn"), ("dynamodb:PutItem", "NotifyTable.Arn")} <= (
        guard.seen
    )
    with guard.acting_as("APIHandler"):
        listed = world.api.get("/v1/me/notifications", as_=token(member)).body
        read = f"/v1/me/notifications/{listed['data'][0]['id']}/read"
        assert world.api.post(read, as_=token(member)).status == 200
    assert [each["channel"] for each in outbox].count("sms") == 1


def test_the_next_delivery_may_send_a_failed_text(
    guard: Guard, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = fact("order.shipped", **{**ORDER, "member_id": world.member()})
    now = clock.machine_now()

    def fail(*_: object, **__: object) -> None:
        raise TimeoutError

    monkeypatch.setattr("chalicelib.kernel.senders.send_sms", fail)
    with guard.acting_as("NotifyMembers"):
        for delivered_at in (now, now, now + timedelta(minutes=1)):
            with pytest.raises((BeingSentElsewhere, SmsNotSent)):
                notify_actions.deliver(said, delivered_at)
    wanted = {f"dynamodb:{each}" for each in ("PutItem", "UpdateItem")}
    assert {(action, "NotifyTable.Arn") for action in wanted} <= guard.seen
