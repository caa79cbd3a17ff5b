"""Cash returned by the provider or the payer's bank is not refunded again."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.orders import OrderRefunded
from chalicelib.orders.events import facts_of
from chalicelib.orders.queries.orders import get_order
from chalicelib.payments.rules.journal import BANK, FEES, LOSSES, PROVIDER, SALES
from tests.api import new_key, token
from tests.orders.cashier import Cashier
from tests.orders.external_refunds import cash_of, close, stands
from tests.orders.refunds import failed_refund, listed, paid, states, units
from tests.orders.streamed import change
from tests.payments.fake_gateway import DISPUTE_FEE, charge_fee


def refused_by_provider(cashier: Cashier) -> tuple[Any, str, str]:
    """An order that was refunded while a dispute of it was not known here: the order, its payment,
    the refund, which the provider has refused."""
    order, intent_id = paid(cashier)
    refund_id = cashier.refund(order["id"], units(order, 3)).body["id"]
    cashier.provider.dispute(intent_id)
    cashier.provider.refuse_refunds = "charge_disputed"
    cashier.act_on(f"PAY#{order['id']}")
    (failed,) = listed(cashier, order["id"])
    assert (failed["id"], failed["failure"]) == (refund_id, "charge_disputed")
    return order, intent_id, refund_id


@pytest.mark.parametrize("end", [None, "lose"])
def test_disputed_cash_is_not_refunded_by_hand(cashier: Cashier, end: str | None) -> None:
    order, intent_id, refund_id = refused_by_provider(cashier)
    if end:
        dispute = cashier.provider.intents[intent_id].charge.disputes[0]  # type: ignore[union-attr]
        cashier.provider.lose(intent_id, dispute.id)
    before = stands(cashier, order["id"])
    refused = close(cashier, order["id"], refund_id, "paid-by-hand")
    assert (refused.status, refused.body["code"]) == (409, "payment_exhausted")
    assert refused.body["left"] == 0
    assert stands(cashier, order["id"]) == before


def test_cash_of_a_won_dispute_may_be_refunded_by_hand(cashier: Cashier) -> None:
    order, intent_id, refund_id = refused_by_provider(cashier)
    dispute = cashier.provider.intents[intent_id].charge.disputes[0]  # type: ignore[union-attr]
    cashier.provider.win(intent_id, dispute.id)
    assert close(cashier, order["id"], refund_id, "paid-by-hand").status == 200


def test_a_refund_by_hand_is_refused_during_an_outage_of_the_provider(cashier: Cashier) -> None:
    order, refund_id = failed_refund(cashier)
    before, key = stands(cashier, order["id"]), new_key()
    cashier.provider.down = True
    assert close(cashier, order["id"], refund_id, "paid-by-hand", key=key).status == 503
    assert stands(cashier, order["id"]) == before
    cashier.provider.down = False
    assert close(cashier, order["id"], refund_id, "paid-by-hand", key=key).status == 200
    cashier.provider.down = True
    again = close(cashier, order["id"], refund_id, "paid-by-hand", key=key)
    assert (again.status, again.headers["Idempotent-Replayed"]) == (200, "true")


def test_refunds_by_hand_and_at_the_provider_never_exceed_the_payment(
    cashier: Cashier,
) -> None:
    order, intent_id = paid(cashier)
    ours = [cashier.refund(order["id"], units(order, 1)).body["id"] for _ in range(3)]
    cashier.provider.refuse_refunds = "insufficient_funds"
    cashier.act_on(f"PAY#{order['id']}")
    cashier.provider.refuse_refunds = None
    third = cash_of(order) // 3
    cashier.provider.refund_by_hand(intent_id, third)
    done = [close(cashier, order["id"], each, "paid-by-hand") for each in ours]
    assert [each.status for each in done] == [200, 200, 409]
    assert (done[2].body["code"], done[2].body["left"]) == ("payment_exhausted", 0)
    assert close(cashier, order["id"], ours[2], "waive").status == 200
    cashier.tell(order["id"], intent_id, "charge.refunded")
    assert cashier.books(order["id"])[BANK] == -2 * third
    assert cashier.books(order["id"]).get(SALES, 0) == 0
    cashier.check_books(order["id"])


def test_a_refund_paid_by_our_bank_is_not_sent_by_the_provider(cashier: Cashier) -> None:
    order, intent_id = paid(cashier)
    third = cash_of(order) // 3
    first = cashier.refund(order["id"], units(order, 1)).body["id"]
    cashier.provider.refuse_refunds = "insufficient_funds"
    cashier.act_on(f"PAY#{order['id']}")
    cashier.provider.refuse_refunds = None
    assert close(cashier, order["id"], first, "paid-by-hand").status == 200
    cashier.provider.refund_by_hand(intent_id, third + 500)
    cashier.provider.down = True
    second = cashier.refund(order["id"], units(order, 1)).body["id"]
    cashier.provider.down = False
    cashier.act_on(f"PAY#{order['id']}")
    (failed,) = listed(cashier, order["id"])
    assert (failed["id"], failed["failure"]) == (second, "exceeds_payment")
    assert close(cashier, order["id"], second, "retry").body["amount"]["amount"] == third - 500
    cashier.act_on(f"PAY#{order['id']}")
    cashier.tell(order["id"], intent_id, "charge.refunded")
    assert SALES not in cashier.books(order["id"])
    cashier.check_books(order["id"])


def test_a_refund_that_is_no_longer_owed_leaves_the_list(cashier: Cashier) -> None:
    order, intent_id, refund_id = refused_by_provider(cashier)
    dispute = cashier.provider.intents[intent_id].charge.disputes[0]  # type: ignore[union-attr]
    cashier.provider.lose(intent_id, dispute.id)
    cashier.tell(order["id"], intent_id, "charge.dispute.closed")
    books, key = cashier.books(order["id"]), new_key()
    for replayed in (None, "true"):
        done = close(cashier, order["id"], refund_id, "waive", key=key)
        assert (done.status, done.headers.get("Idempotent-Replayed")) == (200, replayed)
        assert (done.body["status"], done.body["failure"]) == ("closed", "waived")
    assert listed(cashier, order["id"]) == []
    assert cashier.books(order["id"]) == books
    assert states(cashier, order) == ["succeeded"]
    other = close(cashier, order["id"], refund_id, "waive", {"reason": "其他"}, key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    for act in ("waive", "paid-by-hand", "retry"):
        refused = close(cashier, order["id"], refund_id, act)
        assert (refused.status, refused.body["code"]) == (409, "not_allowed_in_this_state")
    audit = f"/v1/admin/audit?subject={order['id']}"
    acts = cashier.api.get(audit, as_=cashier.finance).body["data"]
    assert [(each["action"], each["reason"]) for each in acts[:1]] == [("refund.waive", "拒付已退")]
    assert refund_id in str(acts[0])


def test_only_finance_waives_a_refund_and_gives_a_reason(cashier: Cashier) -> None:
    order, refund_id = failed_refund(cashier)
    before = stands(cashier, order["id"])
    for role in ("member", "agent", "ops"):
        assert (
            close(cashier, order["id"], refund_id, "waive", as_=token("mbr_1", role)).status == 403
        )
    assert close(cashier, order["id"], refund_id, "waive", {}).status == 400
    assert close(cashier, order["id"], refund_id, "waive", {"reason": ""}).status == 400
    assert close(cashier, order["id"], "rfd_nobody", "waive").status == 404
    assert close(cashier, "ord_nobody", refund_id, "waive").status == 404
    assert stands(cashier, order["id"]) == before


def test_a_refund_finds_a_new_dispute_first(cashier: Cashier) -> None:
    order, intent_id = paid(cashier)
    cashier.provider.dispute(intent_id)
    refused = cashier.refund(order["id"], units(order, 1))
    assert (refused.status, refused.body["code"]) == (409, "order_disputed")
    shown = cashier.show(order["id"])
    assert (shown["refunds"], shown["payment"]["status"]) == ([], "disputed")
    assert listed(cashier, order["id"]) == []


def test_cash_of_an_external_refund_is_not_refunded_again(
    cashier: Cashier,
) -> None:
    order, intent_id = paid(cashier)
    cash = cash_of(order)
    points = cashier.balance()[0]
    cashier.provider.refund_by_hand(intent_id, cash)
    made = cashier.refund(order["id"], units(order, 3))
    assert (made.status, made.body["cash"]["amount"]) == (201, 0)
    cashier.act_on(f"PAY#{order['id']}")
    assert listed(cashier, order["id"]) == []
    assert cashier.balance() == (points + order["points"], 0)
    shown = cashier.show(order["id"])
    assert shown["payment"]["status"] == "refunded"
    assert [each["cash"]["amount"] for each in shown["refunds"]] == [cash, 0]
    assert states(cashier, order) == ["succeeded", "succeeded"]
    assert cashier.books(order["id"]) == {FEES: charge_fee(cash), PROVIDER: -charge_fee(cash)}


def test_an_order_records_an_external_refund_once(cashier: Cashier) -> None:
    order, intent_id = paid(cashier)
    before = get_order(order["id"])
    cashier.provider.refund_by_hand(intent_id, 500)
    for _ in "12":
        cashier.tell(order["id"], intent_id, "charge.refunded")
    shown = cashier.show(order["id"])
    assert shown["payment"]["status"] == "partially_refunded"
    assert [(each["points"], each["cash"]["amount"]) for each in shown["refunds"]] == [(0, 500)]
    after = get_order(order["id"])
    (fact,) = [
        each for each in facts_of(change(before, after)) if isinstance(each.data, OrderRefunded)
    ]
    assert (fact.type, fact.data.cash, fact.data.points) == ("order.refunded", 500, 0)
    third = cash_of(order) // 3
    given = [cashier.refund(order["id"], units(order, 1)).body["cash"]["amount"] for _ in range(3)]
    assert given == [third, third, third - 500]
    cashier.act_on(f"PAY#{order['id']}")
    assert listed(cashier, order["id"]) == []
    assert cashier.show(order["id"])["payment"]["status"] == "refunded"
    cashier.check_books(order["id"])
    assert cashier.books(order["id"]).get(SALES, 0) == 0


def test_the_cash_of_a_failed_external_refund_belongs_to_the_order_again(cashier: Cashier) -> None:
    order, intent_id = paid(cashier)
    there = cashier.provider.refund_by_hand(intent_id, 500)
    cashier.tell(order["id"], intent_id, "charge.refunded")
    cashier.provider.fail_refund(intent_id, there.id)
    cashier.tell(order["id"], intent_id, "charge.refund.updated")
    shown = cashier.show(order["id"])
    assert (shown["payment"]["status"], shown["refunds"]) == ("succeeded", [])
    before = get_order(order["id"])
    assert before.cash_refunded == 0
    made = cashier.refund(order["id"], {"reason": "all"})
    assert made.body["cash"]["amount"] == cash_of(order)


def test_an_external_refund_that_failed_before_its_first_sync_is_no_cash_event(
    cashier: Cashier,
) -> None:
    order, intent_id = paid(cashier)
    before = get_order(order["id"])
    there = cashier.provider.refund_by_hand(intent_id, 500)
    cashier.provider.fail_refund(intent_id, there.id)
    cashier.tell(order["id"], intent_id, "charge.refund.updated")
    after = get_order(order["id"])
    assert after.cash_refunded == 0
    assert facts_of(change(before, after)) == []
    cashier.check_books(order["id"])


def test_a_late_payment_whose_dispute_is_lost_leaves_nothing_unapplied(
    cashier: Cashier, time: Any
) -> None:
    order = cashier.service(points=400)
    intent_id = cashier.intent(order["id"])
    cashier.provider.down = True
    time.advance(minutes=31)
    with pytest.raises(ExceptionGroup):
        cashier.sweep()
    cashier.provider.down = False
    cashier.provider.pay(intent_id)
    dispute = cashier.provider.dispute(intent_id)
    cashier.provider.refuse_refunds = "charge_disputed"
    cashier.tell(order["id"], intent_id)
    cashier.act_on(f"PAY#{order['id']}")
    cashier.finance = token("mbr_finance", "finance")
    (failed,) = listed(cashier, order["id"])
    assert close(cashier, order["id"], failed["id"], "paid-by-hand").status == 409
    cashier.provider.lose(intent_id, dispute.id)
    cashier.tell(order["id"], intent_id, "charge.dispute.closed")
    assert close(cashier, order["id"], failed["id"], "waive").status == 200
    fees = charge_fee(cash_of(order)) + DISPUTE_FEE
    assert cashier.books(order["id"]) == {FEES: fees, PROVIDER: -fees}


def test_a_late_payment_that_went_back_twice_is_a_loss(cashier: Cashier, time: Any) -> None:
    order = cashier.service(points=400)
    intent_id = cashier.intent(order["id"])
    cashier.provider.down = True
    time.advance(minutes=31)
    with pytest.raises(ExceptionGroup):
        cashier.sweep()
    cashier.provider.down = False
    cashier.provider.pay(intent_id)
    cashier.tell(order["id"], intent_id)
    cashier.act_on(f"PAY#{order['id']}")
    dispute = cashier.provider.dispute(intent_id)
    cashier.provider.lose(intent_id, dispute.id)
    cashier.tell(order["id"], intent_id, "charge.dispute.closed")
    assert cashier.books(order["id"])[LOSSES] == cash_of(order)
