"""Orders paid through the official client: one charge, one order, nothing stranded."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.kernel import clock, secrets
from chalicelib.kernel.errors import Unavailable
from chalicelib.orders.actions import sync
from chalicelib.payments.actions import provider as real
from chalicelib.payments.rules.journal import FEES, PROVIDER, SALES
from infra.local.stripe.balance import fee_of
from tests.api import new_key
from tests.conftest import SECRETS, Time
from tests.orders.cashier import Cashier
from tests.payments.fake_gateway import FakeGateway
from tests.stripe_wire.conftest import SECRET, Wire
from tests.world import World


class Till(Cashier):
    """A member whose orders are paid at the wire server, whose webhooks come to the mall."""

    def __init__(self, world: World, wire: Wire) -> None:
        super().__init__(world, FakeGateway())
        self.wire = wire
        self._delivered = 0

    def at_stripe(self, order_id: str) -> Any:
        """The order's one PaymentIntent, with its refunds and disputes."""
        (found,) = self.wire.tell(f"orders/{order_id}/payments")["data"]
        return found

    def started(self, order_id: str, **body: Any) -> str:
        answer = self.start(order_id, body or None)
        assert answer.status == 201, answer.body
        return str(self.at_stripe(order_id)["payment"]["id"])

    def deliver(self) -> list[int]:
        """Deliver the provider's new webhooks to the mall and consume them; returns the answers."""
        self.wire.deliver_all()
        got = self.wire.receiver.got[self._delivered :]
        self._delivered += len(got)
        answers = []
        for body, signature in got:
            headers = {"Stripe-Signature": signature}
            answer = self.api.request("POST", "/v1/webhooks/stripe", body, headers=headers)
            answers.append(answer.status)
            if answer.status == 200:
                self.act_on(f"WHK#{json.loads(body)['data']['object']['id']}")
        return answers

    def sweep_own(self, order_id: str) -> None:
        """Sweep one order: other orders have other providers here."""
        sync.sync_order(order_id, clock.now())

    def act_quietly(self, order_id: str) -> None:
        """Handle the message of a due refund; a failed one would be delivered again."""
        with contextlib.suppress(Unavailable):
            self.act_on(f"PAY#{order_id}")

    def charged(self, order_id: str) -> list[int]:
        """The charges at the provider, of all attempts."""
        listed = self.wire.client().v1.charges.list().data
        ours = f"pay_{order_id.removeprefix('ord_')}"
        return [c.amount for c in listed if c.metadata["payment_id"] == ours and c.paid]


@pytest.fixture
def till(world: World, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> Iterator[Till]:
    gateway = wire.gateway()
    monkeypatch.setattr(real, "gateway", lambda: gateway)
    known = {**SECRETS, "stripe": {"api_key": "unused", "webhook_secrets": [SECRET]}}
    monkeypatch.setattr(secrets, "_secret", known.__getitem__)
    return Till(world, wire)


def test_a_card_pays_an_order(till: Till) -> None:
    order = till.service(points=400)
    till.wire.pay(till.started(order["id"]))
    assert set(till.deliver()) == {200}
    assert till.show(order["id"])["status"] == "approved"
    assert till.charged(order["id"]) == [7920]
    fee = fee_of("card", 7920)
    assert till.books(order["id"]) == {SALES: -7920, FEES: fee, PROVIDER: 7920 - fee}
    assert till.balance() == (4600, 0)


@pytest.mark.parametrize("method", ["alipay", "wechat_pay"])
def test_a_wallet_pays_an_order(till: Till, method: str) -> None:
    order = till.service(payment_method=method)
    till.wire.pay(till.started(order["id"]))
    till.deliver()
    paid = till.show(order["id"])
    assert (paid["status"], paid["payment"]["method"]) == ("approved", method)


def test_another_method_can_pay_after_a_declined_card(till: Till) -> None:
    order = till.service()
    intent = till.started(order["id"])
    card = "pm_card_visa_chargeDeclinedInsufficientFunds"
    till.wire.pay(intent, payment_method=card)
    till.deliver()
    declined = till.show(order["id"])["payment"]
    assert (declined["status"], declined["declined"]) == ("declined", "insufficient_funds")
    assert till.started(order["id"], payment_method="alipay") == intent
    till.wire.pay(intent)
    till.deliver()
    paid = till.show(order["id"])["payment"]
    assert (paid["status"], paid["method"]) == ("succeeded", "alipay")
    assert till.charged(order["id"]) == [1980]


def test_a_cancelled_order_cancels_its_payment(till: Till) -> None:
    order = till.service()
    till.started(order["id"])
    path = f"/v1/orders/{order['id']}/cancel"
    assert till.api.post(path, None, as_=till.me, key=new_key()).status == 200
    till.sweep_own(order["id"])
    assert till.at_stripe(order["id"])["payment"]["status"] == "canceled"
    assert till.show(order["id"])["payment"]["status"] == "cancelled"


def test_parts_and_the_rest_of_an_order_are_refunded(till: Till) -> None:
    order = till.service(3, points=1000)
    till.wire.pay(till.started(order["id"]))
    till.deliver()
    sku = order["lines"][0]["sku"]
    for lines in ([{"sku": sku, "quantity": 1}], None):
        body = {"reason": "破损"} | ({"lines": lines} if lines else {})
        assert till.refund(order["id"], body).status == 201
        till.act_on(f"PAY#{order['id']}")
    till.deliver()
    refunds = till.at_stripe(order["id"])["refunds"]
    assert sorted(refund["amount"] for refund in refunds) == [8580, 17160]
    cash = order["cash"]["amount"]
    fee = fee_of("card", cash)
    assert till.books(order["id"]) == {FEES: fee, PROVIDER: -fee}
    assert till.balance() == (5000, 0)


def test_webhooks_stay_valid_during_a_rotation_of_the_secret(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    rolled = till.wire.tell("webhook_secret/roll", {})["live"]
    assert len(rolled) == 2
    for live in ([SECRET], [rolled[0], rolled[1]], [each for each in rolled if each != SECRET]):
        stripe = {"api_key": "unused", "webhook_secrets": live}
        known = {**SECRETS, "stripe": stripe}
        monkeypatch.setattr(secrets, "_secret", known.__getitem__)
        order = till.service()
        till.wire.pay(till.started(order["id"]))
        assert set(till.deliver()) == {200}
        assert till.show(order["id"])["status"] == "approved"


def test_ten_minutes_without_the_provider_leave_nothing_stuck(till: Till, time: Time) -> None:
    paid, unpaid = till.service(), till.service(points=400)
    intent = till.started(paid["id"])
    till.started(unpaid["id"])
    till.wire.tell("modes", {"held": True})
    till.wire.pay(intent)
    till.wire.tell("modes", {"down": "failing", "held": True})
    assert till.start(till.service()["id"]).status == 503
    time.advance(minutes=31)
    with pytest.raises(ExceptionGroup):
        till.sweep()
    assert till.show(unpaid["id"])["status"] == "cancelled"
    assert till.show(paid["id"])["status"] == "cancelled"
    till.wire.tell("modes", {})
    for order in (paid, unpaid):
        till.sweep_own(order["id"])
    till.act_on(f"PAY#{paid['id']}")
    till.deliver()
    assert till.charged(paid["id"]) == [1980]
    assert [refund["amount"] for refund in till.at_stripe(paid["id"])["refunds"]] == [1980]
    assert till.at_stripe(unpaid["id"])["payment"]["status"] == "canceled"
    fee = fee_of("card", 1980)
    assert till.books(paid["id"]) == {FEES: fee, PROVIDER: -fee}
    assert till.balance() == (5000, 0)


def test_a_slow_provider_makes_no_second_charge(till: Till) -> None:
    order = till.service()
    till.wire.tell("modes", {"slow_ms": 300, "copies": 3, "twins": True, "shuffled": True})
    till.wire.pay(till.started(order["id"]))
    till.wire.tell("clock", {"advance_seconds": 5})
    till.deliver()
    assert till.charged(order["id"]) == [1980]
    assert till.show(order["id"])["status"] == "approved"


@pytest.mark.parametrize("lost", [1, 3])
def test_answers_lost_after_success_make_one_charge_and_one_refund(till: Till, lost: int) -> None:
    order = till.service(2)
    till.wire.tell("modes", {"lose_answers": lost})
    first = till.start(order["id"])
    assert first.status == (503 if lost == 3 else 201)
    intent = till.started(order["id"])
    till.wire.pay(intent)
    till.deliver()
    assert till.show(order["id"])["status"] == "approved"
    till.wire.tell("modes", {"lose_answers": lost})
    assert till.refund(order["id"], {"reason": "x"}).status == 201
    for _ in range(2):
        till.act_quietly(order["id"])
    till.deliver()
    assert till.charged(order["id"]) == [3960]
    assert [refund["amount"] for refund in till.at_stripe(order["id"])["refunds"]] == [3960]
    fee = fee_of("card", 3960)
    assert till.books(order["id"]) == {FEES: fee, PROVIDER: -fee}
