"""Refunds that the bank or the provider did not take: listed, sent again, or paid by hand."""

from __future__ import annotations

from chalicelib.payments.rules.journal import SALES
from tests.api import new_key
from tests.orders.cashier import Cashier
from tests.orders.refunds import failed_refund, listed, paid, states, units


def test_a_failed_refund_is_listed_and_sent_again(cashier: Cashier) -> None:
    order, refund_id = failed_refund(cashier)
    (failed,) = listed(cashier, order["id"])
    assert (failed["id"], failed["status"]) == (refund_id, "failed")
    assert states(cashier, order) == ["failed"]
    cashier.check_books(order["id"])
    path, key = f"/v1/admin/orders/{order['id']}/refunds/{refund_id}/retry", new_key()
    for replayed in (None, "true"):
        made = cashier.api.post(path, None, as_=cashier.finance, key=key)
        assert (made.status, made.headers.get("Idempotent-Replayed")) == (201, replayed)
        assert made.body["status"] == "due"
    assert states(cashier, order) == ["pending"]
    cashier.act_on(f"PAY#{order['id']}")
    assert states(cashier, order) == ["succeeded"]
    (intent,) = cashier.intents(order["id"])
    assert intent.charge
    assert [r.status for r in intent.charge.refunds] == ["failed", "succeeded"]
    assert listed(cashier, order["id"]) == []
    cashier.check_books(order["id"])
    again = cashier.api.post(path, None, as_=cashier.finance, key=new_key())
    assert (again.status, again.body["current_status"]) == (409, "closed")
    assert cashier.api.post(path, None, as_=cashier.world.ops, key=new_key()).status == 403
    assert len(intent.charge.refunds) == 2


def test_a_refund_sent_several_times_has_the_state_of_the_last_attempt(cashier: Cashier) -> None:
    order, refund_id = failed_refund(cashier)
    for _ in range(2):
        path = f"/v1/admin/orders/{order['id']}/refunds/{refund_id}/retry"
        refund_id = cashier.api.post(path, None, as_=cashier.finance, key=new_key()).body["id"]
        cashier.act_on(f"PAY#{order['id']}")
        assert states(cashier, order) == ["succeeded"]
        (intent,) = cashier.intents(order["id"])
        assert intent.charge
        cashier.provider.fail_refund(intent.id, intent.charge.refunds[-1].id)
        cashier.tell(order["id"], intent.id, "charge.refund.updated")
        assert states(cashier, order) == ["failed"]


def test_a_failed_refund_may_be_paid_from_our_bank(cashier: Cashier) -> None:
    order, refund_id = failed_refund(cashier)
    path, body = (
        f"/v1/admin/orders/{order['id']}/refunds/{refund_id}/paid-by-hand",
        {"bank_reference": "ICBC-42"},
    )
    key = new_key()
    for replayed in (None, "true"):
        done = cashier.api.post(path, body, as_=cashier.finance, key=key)
        assert (done.status, done.headers.get("Idempotent-Replayed")) == (200, replayed)
    assert listed(cashier, order["id"]) == []
    assert states(cashier, order) == ["succeeded"]
    books = cashier.books(order["id"])
    cash = order["cash"]["amount"]
    assert books["assets:bank"] == -cash // 3
    assert books[SALES] == -cash + cash // 3
    other = cashier.api.post(path, {"bank_reference": "B"}, as_=cashier.finance, key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")


def test_a_refund_refused_by_the_provider_is_listed_with_its_reason(cashier: Cashier) -> None:
    order, _ = paid(cashier)
    cashier.provider.refuse_refunds = "charge_disputed"
    cashier.refund(order["id"], units(order, 1))
    cashier.act_on(f"PAY#{order['id']}")
    (failed,) = listed(cashier, order["id"])
    assert failed["failure"] == "charge_disputed"
    cashier.check_books(order["id"])
