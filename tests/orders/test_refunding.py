"""Refunds of an order's units, and disputes of its cash."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.rules.lines import part
from chalicelib.campaigns.rules.settling import points_by_line
from chalicelib.orders.rules.pricing import (
    Terms,
    cash_of,
    least_of,
    most_of,
    of_units,
)
from chalicelib.payments.rules.journal import DISPUTED, FEES, LOSSES, PROVIDER, SALES
from tests.api import new_key, token
from tests.orders.cashier import Cashier
from tests.orders.refunds import paid, states, units
from tests.payments.fake_gateway import DISPUTE_FEE, FakeGateway, charge_fee


def test_refunds_of_units_sum_to_the_paid_points_and_cash(cashier: Cashier) -> None:
    order, intent_id = paid(cashier, points=1000)
    cash = order["cash"]["amount"]
    assert cash == 3 * 1980 + 9900 * 2000 // 1000
    given_back = []
    for _ in range(3):
        made = cashier.refund(order["id"], units(order, 1))
        assert made.status == 201, made.body
        given_back.append((made.body["points"], made.body["cash"]["amount"]))
        assert made.body["status"] == states(cashier, order)[-1] == "pending"
        cashier.act_on(f"PAY#{order['id']}")
        assert states(cashier, order)[-1] == "succeeded"
    assert given_back == [(333, 8580), (333, 8580), (334, 8580)]
    assert cashier.balance() == (5000, 0)
    cashier.check_books(order["id"])
    assert cashier.books(order["id"]) == {FEES: charge_fee(cash), PROVIDER: -charge_fee(cash)}
    shown = cashier.show(order["id"])
    assert (shown["payment"]["status"], shown["lines"][0]["returned"]) == ("refunded", 3)
    assert [each["reason"] for each in shown["refunds"]] == ["破损"] * 3
    charge = cashier.provider.intents[intent_id].charge
    assert charge
    assert [each.amount for each in charge.refunds] == [8580, 8580, 8580]


@given(
    st.lists(
        st.builds(
            lambda quantity, points, least, cash, equivalent: of_units(
                quantity, points, min(points, least) if equivalent else points, cash, equivalent
            ),
            st.integers(1, 99), st.integers(1, 10**9), st.integers(0, 10**9),
            st.integers(0, 10**9), st.none() | st.integers(1, 10**9),
        ), min_size=1, max_size=5,
    ), st.integers(0, 10**12), st.data(),
)  # fmt: skip
def test_points_fill_the_lines_in_order_and_shares_sum_exactly(
    lines: list[Terms], offered: int, data: st.DataObject
) -> None:
    points = max(least_of(lines), min(offered, most_of(lines)))
    shares = points_by_line(lines, points)
    assert sum(shares) == points
    assert all(
        line.least <= share <= line.points for line, share in zip(lines, shares, strict=True)
    )
    for line, share in zip(lines, shares, strict=True):
        replaced = (line.equivalent or 0) * (line.points - share)
        beside = line.cash_beside(share) - line.cash
        assert beside * line.points >= replaced > (beside - 1) * line.points
        cuts = sorted(data.draw(st.sets(st.integers(1, line.quantity), max_size=4)))
        bounds = [0, *cuts, line.quantity]
        parts = [
            part(share, line.quantity, start, end - start)
            for start, end in itertools.pairwise(bounds)
        ]
        assert sum(parts) == share
        assert min(parts) >= 0
    assert cash_of(lines, points) >= cash_of(lines, most_of(lines))


def test_a_retry_returns_the_refund_and_other_content_under_its_key_is_refused(
    cashier: Cashier,
) -> None:
    order, _ = paid(cashier)
    key = new_key()
    first = cashier.refund(order["id"], units(order, 1), key=key)
    again = cashier.refund(order["id"], units(order, 1), key=key)
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = cashier.refund(order["id"], units(order, 2), key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    assert len(cashier.show(order["id"])["refunds"]) == 1


def test_a_refund_above_the_rest_of_an_order_changes_nothing(cashier: Cashier) -> None:
    order, _ = paid(cashier)
    cashier.refund(order["id"], units(order, 2))
    before = cashier.show(order["id"])
    refused = cashier.refund(order["id"], units(order, 2))
    assert (refused.status, refused.body["code"]) == (409, "refund_exceeds_order")
    assert refused.body["refundable"] == 1
    unknown = {"reason": "x", "lines": [{"sku": "NO-SUCH", "quantity": 1}]}
    assert cashier.refund(order["id"], unknown).body["refundable"] == 0
    twice = {"reason": "x", "lines": [{"sku": "A", "quantity": 1}, {"sku": "A", "quantity": 1}]}
    assert cashier.refund(order["id"], twice).body["errors"][0]["code"] == "duplicate_sku"
    assert cashier.show(order["id"]) == before
    rest = cashier.refund(order["id"], {"reason": "the rest"})
    assert rest.status == 201
    assert cashier.refund(order["id"], {"reason": "more"}).body["code"] == "refund_exceeds_order"


def test_only_the_staff_refunds_an_order_and_only_once_it_is_approved(cashier: Cashier) -> None:
    order = cashier.service()
    path, body = f"/v1/admin/orders/{order['id']}/refunds", {"reason": "x"}
    early = cashier.refund(order["id"], body)
    assert (early.status, early.body["code"]) == (409, "not_allowed_in_this_state")
    assert cashier.api.post(path, body, as_=cashier.me, key=new_key()).status == 403
    agent = token("mbr_agent", "agent")
    assert cashier.api.post(path, body, as_=agent, key=new_key()).status == 403
    assert cashier.refund("ord_nobody", body).status == 404


def test_a_cancelled_paid_order_refunds_its_cash(cashier: Cashier) -> None:
    cashier.world.address(cashier.member)
    order = cashier.place(cashier.sku(kind="physical"), points=400)
    cashier.pay(order["id"])
    assert cashier.show(order["id"])["status"] == "awaiting_review"
    path = f"/v1/orders/{order['id']}/cancel"
    cancelled = cashier.api.post(path, None, as_=cashier.me, key=new_key())
    assert (cancelled.body["status"], cashier.balance()) == ("cancelled", (5000, 0))
    cashier.act_on(f"PAY#{order['id']}")
    fee = charge_fee(7920)
    assert cashier.books(order["id"]) == {FEES: fee, PROVIDER: -fee}
    assert cashier.show(order["id"])["payment"]["status"] == "refunded"


def test_the_sweep_sends_a_refund_with_a_lost_message(cashier: Cashier, time: Any) -> None:
    order, intent_id = paid(cashier)
    cashier.provider.down = True
    cashier.refund(order["id"], units(order, 1))
    with pytest.raises(ExceptionGroup):
        cashier.sweep()
    cashier.provider.down = False
    cashier.provider.answers_lost = 1
    time.advance(minutes=11)
    with pytest.raises(ExceptionGroup):
        cashier.sweep()
    time.advance(minutes=11)
    cashier.sweep()
    charge = cashier.provider.intents[intent_id].charge
    assert charge
    assert len(charge.refunds) == 1
    cashier.check_books(order["id"])


def test_an_external_refund_is_in_our_books(cashier: Cashier) -> None:
    order, intent_id = paid(cashier)
    cashier.provider.refund_by_hand(intent_id, 500)
    cashier.tell(order["id"], intent_id, "charge.refunded")
    cashier.check_books(order["id"])
    assert cashier.books(order["id"])[SALES] == 500 - order["cash"]["amount"]


def test_a_pending_refund_is_synced_until_it_ends(
    cashier: Cashier, provider: FakeGateway, time: Any
) -> None:
    order, intent_id = paid(cashier)
    provider.refunds_pend = True
    cashier.refund(order["id"], units(order, 1))
    cashier.act_on(f"PAY#{order['id']}")
    charge = provider.intents[intent_id].charge
    assert charge
    assert cashier.books(order["id"])[SALES] == -order["cash"]["amount"]
    provider.finish_refund(intent_id, charge.refunds[0].id)
    time.advance(hours=1, minutes=1)
    cashier.sweep()
    cashier.check_books(order["id"])


def test_a_dispute_freezes_an_order_until_it_is_won(cashier: Cashier) -> None:
    order, intent_id = paid(cashier)
    cash = order["cash"]["amount"]
    dispute = cashier.provider.dispute(intent_id)
    cashier.tell(order["id"], intent_id, "charge.dispute.funds_withdrawn")
    frozen = cashier.show(order["id"])
    assert frozen["payment"]["status"] == "disputed"
    assert cashier.books(order["id"])[DISPUTED] == cash
    use = f"/v1/admin/orders/{order['id']}/use"
    for refused in (
        cashier.api.post(use, None, as_=cashier.world.ops, key=new_key()),
        cashier.refund(order["id"], units(order, 1)),
    ):
        assert (refused.status, refused.body["code"]) == (409, "order_disputed")
    assert cashier.show(order["id"]) == frozen
    cashier.provider.win(intent_id, dispute.id)
    cashier.tell(order["id"], intent_id, "charge.dispute.closed")
    assert cashier.show(order["id"])["payment"]["status"] == "succeeded"
    fees = charge_fee(cash) + DISPUTE_FEE
    assert cashier.books(order["id"]) == {SALES: -cash, FEES: fees, PROVIDER: cash - fees}
    assert cashier.api.post(use, None, as_=cashier.world.ops, key=new_key()).status == 200


def test_the_cash_of_a_lost_dispute_is_a_cost(cashier: Cashier) -> None:
    order, intent_id = paid(cashier)
    dispute = cashier.provider.dispute(intent_id)
    cashier.provider.lose(intent_id, dispute.id)
    cashier.tell(order["id"], intent_id, "charge.dispute.closed")
    cashier.tell(order["id"], intent_id, "charge.dispute.closed")
    cash = order["cash"]["amount"]
    fees = charge_fee(cash) + DISPUTE_FEE
    assert cashier.books(order["id"]) == {SALES: -cash, FEES: fees, PROVIDER: -fees, LOSSES: cash}
    assert cashier.show(order["id"])["payment"]["status"] == "disputed"


def test_an_act_after_a_lost_dispute_is_refused_without_waiting_for_the_bank(
    cashier: Cashier,
) -> None:
    order, intent_id = paid(cashier)
    dispute = cashier.provider.dispute(intent_id)
    cashier.tell(order["id"], intent_id, "charge.dispute.created")
    use = f"/v1/admin/orders/{order['id']}/use"

    def details() -> set[str]:
        refused = (
            cashier.api.post(use, None, as_=cashier.world.ops, key=new_key()),
            cashier.refund(order["id"], units(order, 1)),
        )
        assert {each.body["code"] for each in refused} == {"order_disputed"}
        return {each.body["detail"] for each in refused}

    waits, ended = "The bank decides first: ", "The bank has given the cash back to the payer: "
    assert [each.startswith(waits) for each in details()] == [True]
    cashier.provider.lose(intent_id, dispute.id)
    cashier.tell(order["id"], intent_id, "charge.dispute.closed")
    assert [each.startswith(ended) for each in details()] == [True]
    cashier.provider.win(intent_id, dispute.id)
    cashier.tell(order["id"], intent_id, "charge.dispute.closed")
    assert cashier.api.post(use, None, as_=cashier.world.ops, key=new_key()).status == 200
    cashier.provider.dispute(intent_id)
    cashier.tell(order["id"], intent_id, "charge.dispute.created")
    refused = cashier.refund(order["id"], units(order, 1))
    assert refused.body["detail"].startswith(waits)


def test_codes_of_a_disputed_order_are_not_shown(cashier: Cashier) -> None:
    from chalicelib.kernel import clock
    from chalicelib.orders.actions.codes import hand_out_codes

    order = cashier.place(cashier.sku(kind="virtual"))
    intent_id = cashier.pay(order["id"])
    hand_out_codes(order["id"], clock.to_ms(clock.now()))
    assert len(cashier.show(order["id"])["lines"][0]["codes"]) == 1
    dispute = cashier.provider.dispute(intent_id)
    cashier.tell(order["id"], intent_id, "charge.dispute.created")
    assert cashier.show(order["id"])["lines"][0]["codes"] == []
    cashier.provider.win(intent_id, dispute.id)
    cashier.tell(order["id"], intent_id, "charge.dispute.closed")
    assert len(cashier.show(order["id"])["lines"][0]["codes"]) == 1
