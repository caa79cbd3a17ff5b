"""Cash events of orders show in the order, in the inbox and in the list of refunds."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.kernel.money import Money
from chalicelib.kernel.store.streams import Change
from chalicelib.notify.rules import place_of
from chalicelib.orders import OrderCash
from chalicelib.orders.events import facts_of
from chalicelib.orders.queries.orders import get_order
from chalicelib.payments.rules.gateway import Movement
from tests.api import new_key
from tests.orders.cashier import Cashier
from tests.orders.inbox import Inbox
from tests.orders.refunds import listed, paid, units
from tests.orders.streamed import image


def test_a_charge_of_another_amount_shows_in_order_and_inbox(cashier: Cashier) -> None:
    order = cashier.service()
    inbox = Inbox(cashier, order["id"])
    intent_id = cashier.intent(order["id"])
    intent = cashier.provider.intents[intent_id]
    less = Money(intent.amount.amount - 100, intent.amount.currency)
    cashier.provider.intents[intent_id] = replace(intent, amount=less)
    cashier.provider.pay(intent_id)
    cashier.tell(order["id"], intent_id)
    shown = cashier.show(order["id"])
    assert (shown["status"], shown["payment"]["status"]) == ("awaiting_payment", "refunded")
    assert [each["cash"]["amount"] for each in shown["refunds"]] == [1880]
    assert shown["refunds"][0]["reason"] == "Not the amount of the order"
    assert shown["payment"]["expires_at"] is None
    refused = cashier.start(order["id"])
    assert (refused.status, refused.body["code"]) == (409, "payment_closed")
    inbox.relay()
    assert [each["data"]["status"] for each in inbox.notices()] == ["other_amount"]
    assert "18.80" in inbox.notices()[0]["body"]


@pytest.mark.parametrize(("ends", "told"), [("win", "dispute_won"), ("lose", "dispute_lost")])
def test_a_dispute_shows_in_the_order_from_opening_to_decision(
    cashier: Cashier, ends: str, told: str
) -> None:
    order, intent_id = paid(cashier)
    inbox = Inbox(cashier, order["id"])
    dispute = cashier.provider.dispute(intent_id)
    cashier.tell(order["id"], intent_id, "charge.dispute.created")
    (row,) = listed(cashier, order["id"], "open")
    assert (row["kind"], row["id"], row["status"]) == ("dispute", dispute.id, "sent")
    assert row["expected_by"] is None
    getattr(cashier.provider, ends)(intent_id, dispute.id)
    inbox.relay()
    for _ in "12":
        cashier.tell(order["id"], intent_id, "charge.dispute.closed")
        inbox.relay()
    notes = [step["note"] for step in cashier.show(order["id"])["timeline"] if step["note"]]
    assert len(notes) == 2
    assert [each["data"]["status"] for each in inbox.notices()] == [told, "disputed"]
    (row,) = listed(cashier, order["id"], "ended")
    assert row["status"] == {"win": "canceled", "lose": "succeeded"}[ends]


def test_a_refund_of_units_is_reported_when_its_cash_has_moved_or_failed(cashier: Cashier) -> None:
    order, intent_id = paid(cashier)
    inbox = Inbox(cashier, order["id"])
    made = cashier.refund(order["id"], units(order, 1)).body
    cashier.act_on(f"PAY#{order['id']}")
    assert inbox.relay() == ["order.refunded", "refund.succeeded"]
    charge = cashier.provider.intents[intent_id].charge
    assert charge
    cashier.provider.fail_refund(intent_id, charge.refunds[0].id)
    cashier.tell(order["id"], intent_id, "charge.refund.updated")
    assert inbox.relay() == ["refund.failed"]
    path = f"/v1/admin/orders/{order['id']}/refunds/{made['id']}/paid-by-hand"
    body = {"bank_reference": "ICBC-1"}
    assert cashier.api.post(path, body, as_=cashier.finance, key=new_key()).status == 200
    assert inbox.relay() == ["refund.by_hand"]
    assert [each["data"]["status"] for each in inbox.notices()] == [
        "refund_by_hand",
        "refund_failed",
        "refund_succeeded",
    ]


@pytest.mark.parametrize("act", ["retry", "waive", "paid-by-hand"])
def test_a_refund_of_cash_already_returned_externally_is_refused_with_that_reason(
    cashier: Cashier, act: str
) -> None:
    order, intent_id = paid(cashier)
    dispute = cashier.provider.dispute(intent_id)
    cashier.provider.win(intent_id, dispute.id)
    cashier.tell(order["id"], intent_id, "charge.dispute.closed")
    body = {"waive": {"reason": "x"}, "paid-by-hand": {"bank_reference": "B-1"}}.get(act)
    path = f"/v1/admin/orders/{order['id']}/refunds/{dispute.id}/{act}"
    refused = cashier.api.post(path, body, as_=cashier.finance, key=new_key())
    assert (refused.status, refused.body["code"]) == (409, "not_allowed_in_this_state")


def test_no_cash_event_is_older_than_its_charge(
    cashier: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider tells whole seconds."""
    book = cashier.provider._book

    def in_seconds(*about: Any) -> Movement:
        made = book(*about)
        return replace(made, created_at_ms=made.created_at_ms // 1000 * 1000)

    monkeypatch.setattr(cashier.provider, "_book", in_seconds)
    order, intent_id = paid(cashier)
    cashier.provider.refund_by_hand(intent_id, 500)
    cashier.provider.dispute(intent_id)
    cashier.tell(order["id"], intent_id, "charge.dispute.created")
    told = cashier.show(order["id"])["timeline"]
    assert [step["note"] is None for step in told] == [True, True, False, False]
    assert [step["at"] for step in told] == sorted(step["at"] for step in told)


def test_events_of_one_moment_are_listed_in_their_order(cashier: Cashier) -> None:
    order, intent_id = paid(cashier)
    before = image(get_order(order["id"]))
    dispute = cashier.provider.dispute(intent_id)
    cashier.provider.lose(intent_id, dispute.id)
    cashier.tell(order["id"], intent_id, "charge.dispute.closed")
    told = facts_of(Change("1", before, image(get_order(order["id"]))))
    facts = [each for each in told if isinstance(each.data, OrderCash)]
    places = [place_of(fact.data) for fact in facts]
    assert [fact.data.event for fact in facts] == ["disputed", "dispute_lost"]
    assert places == sorted(set(places))
