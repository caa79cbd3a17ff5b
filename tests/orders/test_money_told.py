"""Late payments and disputes show to the member and the staff: in the
order, in the inbox, in the list of refunds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.kernel import ids
from chalicelib.kernel.clock import day_spoken
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.tables import OrderItem
from tests.api import new_key, token
from tests.conftest import Time
from tests.orders.cashier import Cashier
from tests.orders.inbox import Inbox
from tests.orders.refunds import listed

BANK = timedelta(days=14)


def _apart(one: str, other: str) -> timedelta:
    return abs(datetime.fromisoformat(one) - datetime.fromisoformat(other))


@pytest.fixture(params=["cancelled", "timed out"])
def late(request: pytest.FixtureRequest, cashier: Cashier, time: Time) -> tuple[Any, str, Inbox]:
    """A cancelled order with a late payment: the order, the payment."""
    order = cashier.service()
    inbox = Inbox(cashier, order["id"])
    intent_id = cashier.intent(order["id"])
    cashier.provider.pay(intent_id)
    if request.param == "cancelled":
        path = f"/v1/orders/{order['id']}/cancel"
        assert cashier.api.post(path, None, as_=cashier.me, key=new_key()).status == 200
    else:
        time.advance(minutes=31)
        cashier.finance = token(ids.new_id("mbr"), "finance")
        cashier.world.ops = token(ids.new_id("mbr"), "ops")
        cashier.provider.down = True
        with pytest.raises(ExceptionGroup):
            cashier.sweep()
        cashier.provider.down = False
    assert cashier.show(order["id"])["status"] == "cancelled"
    cashier.tell(order["id"], intent_id)
    return order, intent_id, inbox


def test_a_late_payment_shows_in_the_order_the_inbox_and_the_list(
    cashier: Cashier, late: tuple[Any, str, Inbox]
) -> None:
    order, _, inbox = late
    shown = cashier.show(order["id"])
    assert (shown["status"], shown["payment"]["status"]) == ("cancelled", "refunded")
    (refund,) = shown["refunds"]
    at = datetime.fromisoformat(refund["at"])
    assert (refund["cash"], refund["points"], refund["status"]) == (order["cash"], 0, "pending")
    assert datetime.fromisoformat(refund["expected_by"]) == at + BANK
    assert refund["reason"] == "Paid after the order had ended"
    told = shown["timeline"][-1]
    assert (told["status"], told["by"]) == ("cancelled", "system")
    assert "CNY 19.80" in told["note"]
    (open_,) = listed(cashier, order["id"], "open")
    assert (open_["id"], open_["amount"], open_["reason"]) == (refund["id"], order["cash"], "late")
    assert open_["expected_by"] == refund["expected_by"]
    inbox.relay()
    (notice,) = inbox.notices()
    assert (notice["type"], notice["data"]["status"]) == ("order.cash", "late")
    assert notice["data"]["cash"] == order["cash"]
    assert _apart(notice["data"]["expected_by"], refund["expected_by"]) < timedelta(minutes=1)
    day = day_spoken(datetime.fromisoformat(notice["data"]["expected_by"]), "zh-CN")
    assert f"最迟 {day}到账" in notice["body"]
    assert day_spoken(at + BANK, "en") in told["note"]
    assert "¥19.80" in notice["body"]
    assert "CNY 19.80" in inbox.notices("en")[0]["body"]


def test_the_staff_and_the_list_of_orders_show_the_same(
    cashier: Cashier, late: tuple[Any, str, Inbox]
) -> None:
    order, _, _ = late
    mine = cashier.show(order["id"])
    staff = cashier.api.get(f"/v1/admin/orders/{order['id']}", as_=cashier.world.ops).body
    (in_list,) = [
        each
        for each in cashier.api.get("/v1/me/orders", as_=cashier.me).body["data"]
        if each["id"] == order["id"]
    ]
    for view in (staff, in_list):
        assert [view[name] for name in ("payment", "refunds", "timeline")] == [
            mine[name] for name in ("payment", "refunds", "timeline")
        ]


def test_a_late_payment_has_one_notice_for_each_step(
    cashier: Cashier, late: tuple[Any, str, Inbox]
) -> None:
    order, intent_id, inbox = late
    inbox.relay()
    cashier.act_on(f"PAY#{order['id']}")
    assert [each["status"] for each in cashier.show(order["id"])["refunds"]] == ["succeeded"]
    assert listed(cashier, order["id"], "open") == []
    (ended,) = listed(cashier, order["id"], "ended")
    assert ended["status"] == "succeeded"
    for _ in "12":
        cashier.tell(order["id"], intent_id, "charge.refunded")
        inbox.relay()
    assert [each["data"]["status"] for each in inbox.notices()] == ["refund_succeeded", "late"]
    assert len(cashier.show(order["id"])["timeline"]) == 3


def test_a_failed_and_repeated_refund_of_a_late_payment_is_reported(
    cashier: Cashier, late: tuple[Any, str, Inbox]
) -> None:
    order, intent_id, inbox = late
    cashier.act_on(f"PAY#{order['id']}")
    inbox.relay()
    charge = cashier.provider.intents[intent_id].charge
    assert charge
    cashier.provider.fail_refund(intent_id, charge.refunds[0].id)
    cashier.tell(order["id"], intent_id, "charge.refund.updated")
    (shown,) = cashier.show(order["id"])["refunds"]
    assert (shown["status"], shown["expected_by"]) == ("failed", None)
    assert inbox.relay() == ["refund.failed"]
    path = f"/v1/admin/orders/{order['id']}/refunds/{shown['id']}/retry"
    again = cashier.api.post(path, None, as_=cashier.finance, key=new_key())
    assert again.status == 201, again.body
    (shown,) = cashier.show(order["id"])["refunds"]
    assert shown["status"] == "pending"
    assert shown["expected_by"] == again.body["expected_by"]
    cashier.act_on(f"PAY#{order['id']}")
    inbox.relay()
    assert [each["data"]["status"] for each in inbox.notices()][:2] == [
        "refund_succeeded",
        "refund_failed",
    ]
    (shown,) = cashier.show(order["id"])["refunds"]
    assert shown["status"] == "succeeded"


def test_an_external_refund_of_a_late_payment_is_reported(
    cashier: Cashier, late: tuple[Any, str, Inbox]
) -> None:
    order, intent_id, inbox = late
    there = cashier.provider.refund_by_hand(intent_id, 500)
    cashier.tell(order["id"], intent_id, "charge.refunded")
    ours, theirs = cashier.show(order["id"])["refunds"]
    assert (theirs["id"], theirs["cash"]["amount"]) == (there.id, 500)
    assert theirs["reason"] == "Refunded by the payment provider"
    (row,) = [x for x in listed(cashier, order["id"], "ended") if x["kind"] == "provider_refund"]
    assert (row["id"], row["amount"]["amount"], row["status"]) == (there.id, 500, "succeeded")
    assert "order.cash" in inbox.relay()
    assert inbox.notices()[0]["data"]["status"] == "refunded_at_provider"
    cashier.provider.fail_refund(intent_id, there.id)
    cashier.tell(order["id"], intent_id, "charge.refund.updated")
    assert [x["id"] for x in cashier.show(order["id"])["refunds"]] == [ours["id"]]
    inbox.relay()
    assert inbox.notices()[0]["data"]["status"] == "provider_refund_failed"
    (row,) = [x for x in listed(cashier, order["id"], "ended") if x["kind"] == "provider_refund"]
    assert row["status"] == "canceled"


def test_a_dispute_of_a_late_payment_shows_as_one(
    cashier: Cashier, late: tuple[Any, str, Inbox]
) -> None:
    order, intent_id, _ = late
    dispute = cashier.provider.dispute(intent_id)
    cashier.tell(order["id"], intent_id, "charge.dispute.created")
    assert cashier.show(order["id"])["payment"]["status"] == "disputed"
    cashier.provider.lose(intent_id, dispute.id)
    cashier.tell(order["id"], intent_id, "charge.dispute.closed")
    assert cashier.show(order["id"])["payment"]["status"] == "refunded"


def test_a_refund_that_an_earlier_release_did_not_report_is_reported_after_a_sync(
    cashier: Cashier, late: tuple[Any, str, Inbox]
) -> None:
    order, intent_id, _ = late
    told = get_order(order["id"])
    OrderItem.of(replace(told, cash_events=(), unapplied=())).save()
    assert cashier.show(order["id"])["refunds"] == []
    cashier.tell(order["id"], intent_id)
    again = get_order(order["id"])
    assert [event.kind for event in again.cash_events] == ["late"]
    assert again.unapplied == told.unapplied
    path = f"/v1/admin/orders/{order['id']}/settle"
    assert cashier.api.post(path, None, as_=cashier.world.ops, key=new_key()).status == 200
    assert get_order(order["id"]) == again, "told once"


def test_an_order_of_an_earlier_release_sends_no_notice_of_old_events(
    cashier: Cashier, late: tuple[Any, str, Inbox], time: Time
) -> None:
    order, _, _ = late
    OrderItem.of(replace(get_order(order["id"]), cash_events=(), unapplied=())).save()
    inbox = Inbox(cashier, order["id"])
    time.advance(days=90)
    cashier.world.ops = token(ids.new_id("mbr"), "ops")
    path = f"/v1/admin/orders/{order['id']}/settle"
    assert cashier.api.post(path, None, as_=cashier.world.ops, key=new_key()).status == 200
    assert [event.kind for event in get_order(order["id"]).cash_events] == ["late"]
    assert "order.cash" not in inbox.relay()
