"""Orders for points and cash: placed, held, paid, captured; or given back."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.payments.rules.journal import FEES, PROVIDER, SALES
from tests.api import new_key, token
from tests.orders.cashier import Cashier
from tests.payments.fake_gateway import FakeGateway, charge_fee
from tests.world import World


def yuan(fen: int) -> dict[str, Any]:
    return {"amount": fen, "currency": "CNY"}


def test_points_and_cash_are_due_until_the_payment(cashier: Cashier) -> None:
    order = cashier.service(points=400)
    # 1,980 always, and 9,900 x 600 / 1,000 for the points that are not paid.
    assert (order["status"], order["points"], order["cash"]) == (
        "awaiting_payment",
        400,
        yuan(7920),
    )
    started = cashier.start(order["id"]).body
    assert order["payment"] == {
        "status": "awaiting",
        "method": "card",
        "declined": None,
        "expires_at": started["expires_at"],
    }
    assert cashier.balance() == (4600, 400)
    cashier.pay(order["id"])
    paid = cashier.show(order["id"])
    assert (paid["status"], paid["payment"]["status"]) == ("approved", "succeeded")
    assert paid["payment"]["expires_at"] is None
    assert cashier.balance() == (4600, 0)
    fee = charge_fee(7920)
    assert cashier.books(order["id"]) == {SALES: -7920, FEES: fee, PROVIDER: 7920 - fee}


def test_an_order_without_points_takes_as_many_as_the_member_has_and_the_price_allows(
    cashier: Cashier,
) -> None:
    assert cashier.service(2)["points"] == 2000
    assert cashier.service(3)["points"] == 3000
    poor = cashier.world.member(points=250)
    cashier.member = poor
    assert (cashier.service()["points"], cashier.balance()) == (250, (0, 250))


def test_points_that_would_leave_too_little_cash_are_not_taken(cashier: Cashier) -> None:
    almost = cashier.world.member(points=990)
    cashier.member = almost
    order = cashier.place(cashier.sku(cash=None, kind="virtual"))
    # 10 points less would leave 99 minor units; 400 are the least that can be charged.
    assert (order["points"], order["cash"]) == (959, yuan(406))
    refused = cashier.world.order(almost, cashier.sku(cash=None, kind="virtual"), points=0)
    assert refused.body["errors"][0]["code"] == "not_the_price"


def test_cash_below_the_providers_minimum_is_refused_and_changes_nothing(cashier: Cashier) -> None:
    sku = cashier.sku(cash=None, kind="virtual")
    refused = cashier.world.order(cashier.member, sku, points=990)
    assert (refused.status, refused.body["code"]) == (409, "cash_below_minimum")
    assert (refused.body["minimum"], cashier.balance()) == (400, (5000, 0))
    assert cashier.world.stock(sku) == 10


@pytest.mark.parametrize(
    "expected",
    [
        {"points": 400, "cash": yuan(7919)},
        {"points": 399, "cash": yuan(7920)},
        {"points": 400},
        {"points": 400, "cash": {"amount": 7920, "currency": "USD"}},
    ],
)
def test_an_unexpected_price_is_refused_with_the_current_one(
    cashier: Cashier, expected: Any
) -> None:
    sku = cashier.sku(kind="virtual")
    refused = cashier.world.order(cashier.member, sku, points=400, expected=expected)
    assert (refused.status, refused.body["code"]) == (409, "price_changed")
    assert (refused.body["points"], refused.body["cash"]) == (400, 7920)
    good = {"points": 400, "cash": yuan(7920)}
    placed = cashier.world.order(cashier.member, sku, points=400, expected=good)
    assert placed.status == 201


def test_a_quote_shows_points_and_cash_and_writes_nothing(cashier: Cashier) -> None:
    body = {"items": [{"sku": cashier.sku(kind="virtual"), "quantity": 2}], "points": 1500}
    quoted = cashier.api.post("/v1/orders/quote", body, as_=cashier.me)
    assert (quoted.body["points"], quoted.body["cash"]) == (1500, yuan(3960 + 4950))
    assert quoted.body["shortfall"] is None
    missing = cashier.api.post(
        "/v1/orders/quote", {"items": body["items"]}, as_=token(cashier.world.member(points=399))
    )
    assert missing.body["shortfall"]["points"] == 1
    assert cashier.balance() == (5000, 0)


def test_codes_are_handed_out_once_the_order_is_paid(cashier: Cashier) -> None:
    order = cashier.place(cashier.sku(kind="virtual"))
    cashier.pay(order["id"])
    assert cashier.show(order["id"])["status"] == "completed"


def test_a_retry_returns_the_payment_and_other_content_under_its_key_is_refused(
    cashier: Cashier,
) -> None:
    order = cashier.service()
    key = new_key()
    first = cashier.start(order["id"], key=key)
    assert (first.status, first.body["amount"], first.body["status"]) == (201, yuan(1980), "open")
    again = cashier.start(order["id"], key=key)
    assert (again.status, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert again.body == first.body
    other = cashier.start(order["id"], {"payment_method": "alipay"}, key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    changed = cashier.start(order["id"], {"payment_method": "alipay"})
    assert changed.body == first.body
    assert [each.method for each in cashier.intents(order["id"])] == ["alipay"]


def test_a_started_payment_can_be_read_after_its_end(cashier: Cashier) -> None:
    order, key = cashier.service(), new_key()
    cashier.start(order["id"], key=key)
    cashier.pay(order["id"])
    assert cashier.start(order["id"], key=key).body["status"] == "succeeded"
    refused = cashier.start(order["id"])
    assert (refused.status, refused.body["code"]) == (409, "not_allowed_in_this_state")


def test_a_payment_of_anothers_order_is_refused(cashier: Cashier) -> None:
    order = cashier.service()
    path = f"/v1/orders/{order['id']}/payment"
    somebody = token(cashier.world.member())
    assert cashier.api.post(path, None, as_=somebody, key=new_key()).status == 404
    assert cashier.api.post(path, None, as_=cashier.world.ops, key=new_key()).status == 403
    assert cashier.provider.calls == []


def test_a_decline_is_shown_and_the_same_payment_may_succeed(cashier: Cashier) -> None:
    order = cashier.service()
    intent_id = cashier.intent(order["id"])
    cashier.provider.decline(intent_id, "insufficient_funds")
    cashier.tell(order["id"], intent_id, "payment_intent.payment_failed")
    declined = cashier.show(order["id"])["payment"]
    assert (declined["status"], declined["declined"]) == ("declined", "insufficient_funds")
    cashier.pay(order["id"])
    assert cashier.show(order["id"])["payment"]["status"] == "succeeded"


def test_a_cancelled_order_returns_everything_and_cannot_be_paid(
    cashier: Cashier, provider: FakeGateway
) -> None:
    order = cashier.service(points=400)
    intent_id = cashier.intent(order["id"])
    path = f"/v1/orders/{order['id']}/cancel"
    cancelled = cashier.api.post(path, None, as_=cashier.me, key=new_key())
    assert (cancelled.body["status"], cashier.balance()) == ("cancelled", (5000, 0))
    assert cashier.world.stock(order["lines"][0]["sku"]) == 10
    cashier.sweep()
    assert provider.intents[intent_id].status == "canceled"
    assert cashier.show(order["id"])["payment"]["status"] == "cancelled"
    assert cashier.books(order["id"]) == {}


def test_an_unpaid_order_times_out_after_thirty_minutes(cashier: Cashier, time: Any) -> None:
    order = cashier.service(points=400)
    time.advance(minutes=29, seconds=50)
    cashier.sweep()
    assert cashier.show(order["id"])["status"] == "awaiting_payment"
    time.advance(seconds=11)
    assert cashier.start(order["id"]).body["code"] == "not_allowed_in_this_state"
    cashier.sweep()
    shown = cashier.show(order["id"])
    assert (shown["status"], shown["timeline"][-1]["by"]) == ("cancelled", "system")
    assert cashier.balance() == (5000, 0)


def test_the_timeout_finds_a_payment_with_a_lost_webhook(cashier: Cashier, time: Any) -> None:
    order = cashier.service()
    cashier.provider.pay(cashier.intent(order["id"]))
    time.advance(minutes=31)
    cashier.sweep()
    assert cashier.show(order["id"])["status"] == "approved"


def test_a_late_payment_is_refunded_by_itself(
    cashier: Cashier, provider: FakeGateway, time: Any
) -> None:
    order = cashier.service(points=400)
    intent_id = cashier.intent(order["id"])
    provider.down = True
    time.advance(minutes=31)
    with pytest.raises(ExceptionGroup):
        cashier.sweep()
    assert cashier.show(order["id"])["status"] == "cancelled"
    provider.down = False
    provider.pay(intent_id)
    cashier.tell(order["id"], intent_id)
    cashier.act_on(f"PAY#{order['id']}")
    cashier.sweep()
    charge = provider.intents[intent_id].charge
    assert charge is not None
    assert [each.amount for each in charge.refunds] == [7920]
    assert cashier.balance() == (5000, 0)
    assert cashier.books(order["id"]) == {FEES: charge_fee(7920), PROVIDER: -charge_fee(7920)}
    assert cashier.show(order["id"])["status"] == "cancelled"


def test_cash_on_delivery_waits_for_review_and_is_collected_with_the_parcel(
    world: World, cashier: Cashier
) -> None:
    world.address(cashier.member)
    order = cashier.place(cashier.sku(kind="physical"), payment_method="cod")
    assert (order["status"], order["payment"]["status"]) == ("awaiting_review", "due")
    assert cashier.balance() == (4000, 0)
    for step in ("take", "approve", "ship", "deliver"):
        body = {"carrier": "SF", "tracking_number": "SF1"} if step == "ship" else None
        path = f"/v1/admin/orders/{order['id']}/{step}"
        assert world.api.post(path, body, as_=world.ops, key=new_key()).status == 200
    assert cashier.show(order["id"])["payment"]["status"] == "collected"
    assert cashier.books(order["id"]) == {"assets:carriers": 1980, SALES: -1980}
    sent = {"orders": [order["id"]], "bank_reference": "SF-1"}
    brought = cashier.api.post(
        "/v1/admin/cod-remittances", sent, as_=cashier.finance, key="remit-0001"
    )
    assert (brought.status, brought.body["amount"]) == (201, yuan(1980))
    assert cashier.books(order["id"]) == {"assets:bank": 1980, SALES: -1980}
    again = cashier.api.post(
        "/v1/admin/cod-remittances", sent, as_=cashier.finance, key="remit-0001"
    )
    assert (again.body, again.headers["Idempotent-Replayed"]) == (brought.body, "true")
    twice = cashier.api.post(
        "/v1/admin/cod-remittances", sent, as_=cashier.finance, key="remit-0002"
    )
    assert (twice.status, twice.body["code"]) == (409, "not_collected")


def test_only_physical_goods_are_paid_on_delivery(cashier: Cashier) -> None:
    sku = cashier.sku(kind="virtual")
    refused = cashier.world.order(cashier.member, sku, payment_method="cod")
    assert (refused.status, refused.body["errors"][0]["code"]) == (400, "not_for_this_kind")
    assert cashier.world.stock(sku) == 10


def test_a_lost_answer_makes_no_second_payment(cashier: Cashier, provider: FakeGateway) -> None:
    order = cashier.service()
    provider.answers_lost = 1
    assert cashier.start(order["id"]).status == 503
    cashier.pay(order["id"])
    assert len(cashier.intents(order["id"])) == 1
    assert cashier.show(order["id"])["status"] == "approved"


def test_an_unrecorded_payment_is_cancelled_with_its_order(
    cashier: Cashier, provider: FakeGateway, time: Any
) -> None:
    order = cashier.service()
    provider.answers_lost = 1
    assert cashier.start(order["id"]).status == 503
    time.advance(minutes=31)
    cashier.sweep()
    cashier.sweep()
    assert [each.status for each in cashier.intents(order["id"])] == ["canceled"]
    assert cashier.show(order["id"])["status"] == "cancelled"
