"""Refunded or disputed goods do not leave; goods of a won dispute do."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.kernel import clock
from chalicelib.orders.actions.codes import hand_out_codes
from chalicelib.orders.events import facts_of
from tests.api import new_key
from tests.orders.cashier import Cashier
from tests.orders.parcels import PARCEL, act
from tests.orders.refunds import units
from tests.orders.streamed import image
from tests.payments.fake_gateway import FakeGateway


def approved(cashier: Cashier, quantity: int = 2) -> tuple[Any, str]:
    """A paid and approved order of physical goods, and its payment."""
    cashier.world.address(cashier.member)
    order = cashier.place(cashier.sku(kind="physical"), quantity)
    intent_id = cashier.pay(order["id"])
    for step in ("take", "approve"):
        assert act(cashier, order, step).status == 200
    return order, intent_id


def listed(cashier: Cashier, status: str) -> list[str]:
    rows = cashier.api.listed(f"/v1/admin/orders?status={status}", as_=cashier.world.ops)
    return [each["id"] for each in rows]


def test_a_disputed_order_takes_no_step(cashier: Cashier) -> None:
    order, intent_id = approved(cashier)
    cashier.provider.dispute(intent_id)
    cashier.tell(order["id"], intent_id, "charge.dispute.created")
    before = cashier.show(order["id"])
    refused = act(cashier, order, "ship", PARCEL)
    assert (refused.status, refused.body["code"]) == (409, "order_disputed")
    assert cashier.show(order["id"]) == before


def test_a_refunded_unit_is_not_shipped(cashier: Cashier) -> None:
    order, _ = approved(cashier)
    assert cashier.refund(order["id"], units(order, 1)).status == 201
    shipped = act(cashier, order, "ship", PARCEL)
    assert (shipped.status, shipped.body["status"]) == (200, "shipped")
    assert [parcel["lines"] for parcel in shipped.body["parcels"]] == [
        {order["lines"][0]["sku"]: 1}
    ]


def test_a_refund_of_the_unshipped_units_makes_the_order_shipped(cashier: Cashier) -> None:
    order, _ = approved(cashier)
    part = PARCEL | {"lines": units(order, 1)["lines"]}
    assert act(cashier, order, "ship", part).body["status"] == "approved"
    assert cashier.refund(order["id"], units(order, 1)).status == 201
    assert cashier.show(order["id"])["status"] == "shipped"


def test_a_fully_refunded_order_leaves_the_queue_and_is_not_shipped(cashier: Cashier) -> None:
    order, _ = approved(cashier)
    assert order["id"] in listed(cashier, "approved")
    assert cashier.refund(order["id"], {"reason": "x"}).status == 201
    assert order["id"] not in listed(cashier, "approved")
    refused = act(cashier, order, "ship", PARCEL)
    assert (refused.status, refused.body["code"]) == (409, "not_allowed_in_this_state")
    assert cashier.show(order["id"])["payment"]["status"] == "refunded"


def test_a_fully_refunded_service_is_not_used(cashier: Cashier) -> None:
    order = cashier.service()
    cashier.pay(order["id"])
    assert cashier.refund(order["id"], {"reason": "x"}).status == 201
    assert act(cashier, order, "use").body["code"] == "not_allowed_in_this_state"


@pytest.mark.parametrize(("refunded", "codes"), [(1, 2), (3, 0)])
def test_codes_are_handed_out_only_for_unrefunded_units(
    cashier: Cashier, refunded: int, codes: int
) -> None:
    order = cashier.place(cashier.sku(kind="virtual"), 3)
    cashier.pay(order["id"])
    assert cashier.refund(order["id"], units(order, refunded)).status == 201
    hand_out_codes(order["id"], clock.to_ms(clock.now()))
    assert len(cashier.show(order["id"])["lines"][0]["codes"]) == codes


def test_a_won_dispute_hands_out_the_withheld_codes(cashier: Cashier) -> None:
    from chalicelib.kernel.store.streams import Change
    from chalicelib.orders.queries.orders import get_order

    order = cashier.place(cashier.sku(kind="virtual"))
    intent_id = cashier.intent(order["id"])
    cashier.provider.pay(intent_id)
    dispute = cashier.provider.dispute(intent_id)
    cashier.tell(order["id"], intent_id)
    hand_out_codes(order["id"], clock.to_ms(clock.now()))
    disputed = get_order(order["id"])
    assert (disputed.disputed, disputed.codes) == (True, None)
    cashier.provider.win(intent_id, dispute.id)
    cashier.tell(order["id"], intent_id, "charge.dispute.closed")
    fact, won = facts_of(Change("1", image(disputed), image(get_order(order["id"]))))
    assert (fact.id, fact.type) == (f"order.completed:{order['id']}", "order.completed")
    assert (won.type, won.data.event) == ("order.cash", "dispute_won")
    hand_out_codes(order["id"], clock.to_ms(clock.now()))
    assert len(cashier.show(order["id"])["lines"][0]["codes"]) == 1


def test_cash_on_delivery_is_refunded_only_by_hand(cashier: Cashier) -> None:
    cashier.world.address(cashier.member)
    order = cashier.place(cashier.sku(kind="physical"), payment_method="cod")
    for step in ("take", "approve", "ship", "deliver"):
        act(cashier, order, step, PARCEL if step == "ship" else None)
    refund = cashier.refund(order["id"], {"reason": "x"}).body
    path = f"/v1/admin/orders/{order['id']}/refunds/{refund['id']}"
    refused = cashier.api.post(f"{path}/retry", None, as_=cashier.finance, key=new_key())
    assert (refused.status, refused.body["code"]) == (409, "not_allowed_in_this_state")
    cashier.sweep()
    assert cashier.show(order["id"])["refunds"][0]["status"] == refund["status"] == "pending"
    body = {"bank_reference": "ICBC-1"}
    paid = cashier.api.post(f"{path}/paid-by-hand", body, as_=cashier.finance, key=new_key())
    assert (paid.status, paid.body["status"]) == (200, "by_hand")
    assert cashier.show(order["id"])["refunds"][0]["status"] == "succeeded"
    assert cashier.books(order["id"]) == {"assets:carriers": 1980, "assets:bank": -1980}


def test_each_start_of_a_payment_has_its_own_retry(cashier: Cashier, provider: FakeGateway) -> None:
    order, second = cashier.service(), new_key()
    cashier.start(order["id"])
    cashier.start(order["id"], {"payment_method": "alipay"}, key=second)
    cashier.start(order["id"], {"payment_method": "wechat_pay"})
    again = cashier.start(order["id"], {"payment_method": "alipay"}, key=second)
    assert again.headers["Idempotent-Replayed"] == "true"
    (intent,) = cashier.intents(order["id"])
    assert intent.method == "wechat_pay"
    other = cashier.start(order["id"], {"payment_method": "card"}, key=second)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    provider.pay(intent.id)
    cashier.tell(order["id"], intent.id)
    late = cashier.start(order["id"], {"payment_method": "alipay"}, key=second)
    assert (late.status, late.body["status"]) == (201, "succeeded")


def test_a_payment_refused_at_its_start_is_cancelled_with_its_order(
    cashier: Cashier, provider: FakeGateway, time: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.payments.errors import PaymentRefused

    def refuse(*_: Any) -> Any:
        raise PaymentRefused(reason="payment_method_not_available")

    monkeypatch.setattr(provider, "create_payment", refuse)
    order = cashier.service()
    refused = cashier.start(order["id"])
    assert (refused.status, refused.body["code"]) == (409, "payment_refused")
    time.advance(minutes=31)
    cashier.sweep()
    cashier.sweep()
    assert cashier.show(order["id"])["payment"]["status"] == "cancelled"
