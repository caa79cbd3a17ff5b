"""Returns of orders with cash, of points that lapse, and of disputed orders."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import ledger
from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from chalicelib.ledger.actions import movements
from chalicelib.orders.actions import return_sweeps
from chalicelib.orders.queries.returns import get_return
from tests.api import new_key
from tests.conftest import Time
from tests.orders.cashier import Cashier
from tests.orders.parcels import Parcel
from tests.orders.refunds import states
from tests.orders.returned import PARCEL, TO, Returned
from tests.settings import changed
from tests.world import World


class Cash(Returned):
    """A delivered order of two units for points and cash, paid by card."""

    def __init__(self, cashier: Cashier) -> None:
        self.world, self.api, self.cashier = cashier.world, cashier.api, cashier
        self.member = cashier.member
        self.sku = cashier.sku(kind="physical")
        self.world.address(self.member)
        self.order_id = cashier.place(self.sku, 2, points=1000)["id"]
        self.intent = cashier.pay(self.order_id)
        for act in ("take", "approve", "ship", "deliver"):
            done = self.on_order(act, PARCEL if act == "ship" else None)
            assert done.status == 200, done.body


@pytest.fixture
def bought(cashier: Cashier) -> Cash:
    return Cash(cashier)


def test_points_and_cash_go_back_as_they_were_paid(bought: Cash) -> None:
    paid = bought.cashier.show(bought.order_id)
    cash = paid["cash"]["amount"]
    asked = bought.ask(1).body
    assert asked["refundable"] == {
        "points": 500,
        "cash": {"amount": cash // 2, "currency": "CNY"},
    }
    bought.staff(asked["id"], "approve", {"instructions": TO})
    done = bought.staff(asked["id"], "receive", {}).body
    assert done["refunded"] == asked["refundable"]
    assert states(bought.cashier, paid) == ["pending"]
    bought.cashier.act_on(f"PAY#{bought.order_id}")
    assert states(bought.cashier, paid) == ["succeeded"]
    bought.cashier.check_books(bought.order_id)
    rest = bought.asked(1, "refund_only")
    assert bought.staff(rest, "approve").body["refunded"]["cash"]["amount"] == cash - cash // 2
    bought.cashier.act_on(f"PAY#{bought.order_id}")
    bought.cashier.check_books(bought.order_id)
    assert bought.cashier.balance() == (5000, 0)
    assert bought.cashier.show(bought.order_id)["payment"]["status"] == "refunded"


def test_a_disputed_order_waits_for_its_bank(bought: Cash, time: Time) -> None:
    return_id, other = bought.sent(1), bought.asked(1, "refund_only")
    bought.cashier.provider.dispute(bought.intent)
    bought.cashier.tell(bought.order_id, bought.intent, "charge.dispute.created")
    before = bought.state()
    for act, body in (("receive", {}),):
        refused = bought.staff(return_id, act, body)
        assert (refused.status, refused.body["code"]) == (409, "order_disputed")
    assert bought.staff(other, "approve").body["code"] == "order_disputed"
    assert bought.ask(1, "refund_only").body["code"] == "order_disputed"
    time.advance(days=10.01)
    for each in (return_id, other):
        assert not return_sweeps.end_time(each, to_ms(clock.now()))
    assert bought.state() == before


def test_a_parcel_that_nobody_paid_for_waits_until_its_returns_are_decided(
    cashier: Cashier,
) -> None:
    parcel = Parcel(cashier)
    parcel.shipped()
    body = {
        "lines": [{"sku": parcel.sku, "quantity": 1}],
        "reason": "没有收到",
        "kind": "refund_only",
    }
    path = f"/v1/orders/{parcel.id}/returns"
    made = cashier.api.post(path, body, as_=cashier.me, key=new_key())
    assert made.status == 201, made.body
    refused = parcel.come_back()
    assert (refused.status, refused.body["code"]) == (409, "return_open")
    done: Any = cashier.api.post(
        f"/v1/admin/returns/{made.body['id']}/approve", {}, as_=cashier.world.ops, key=new_key()
    )
    # The carrier collects less: no cash was paid, so none goes back.
    assert done.body["refunded"] == {"points": 1000, "cash": {"amount": 0, "currency": "CNY"}}
    assert parcel.come_back().status == 200


@pytest.mark.parametrize(("grace", "left"), [(0, 0), (30, 200)])
def test_points_that_have_lapsed_come_back_lapsed_or_with_the_grace_of_the_settings(
    world: World, time: Time, monkeypatch: pytest.MonkeyPatch, grace: int, left: int
) -> None:
    settings = changed(refunded_points_grace_days=grace)
    monkeypatch.setattr(movements, "config", lambda: settings)
    member, sku = world.member(), world.sku(points=100)
    world.give(member, 200, days=5)
    world.address(member)
    returned = Returned.__new__(Returned)
    returned.world, returned.api, returned.member, returned.sku = world, world.api, member, sku
    returned.order_id = world.order(member, sku, 2).body["id"]
    for act in ("take", "approve", "ship", "deliver"):
        returned.on_order(act, PARCEL if act == "ship" else None)
    return_id = returned.sent(2)
    time.advance(days=6)
    done = returned.staff(return_id, "receive", {}).body
    assert done["refunded"]["points"] == 200
    assert world.available(member) == left
    account = ledger.find_account(ledger.points_account(member))
    assert (account.redeemed, account.expired) == (0, 200 - left)
    time.advance(days=31)
    assert world.available(member) == 0
    assert get_return(return_id).status == "closed"
