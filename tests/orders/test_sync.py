"""Ops sync an order with the provider; the audit records it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api import Answer, new_key, token
from tests.orders.cashier import Cashier


def settle(cashier: Cashier, order_id: str, **other: Any) -> Answer:
    given = {"as_": cashier.world.ops, "key": new_key(), **other}
    return cashier.api.post(f"/v1/admin/orders/{order_id}/settle", None, **given)


def audited(cashier: Cashier, order_id: str) -> list[Any]:
    path = f"/v1/admin/audit?subject={order_id}"
    acts: list[Any] = cashier.api.get(path, as_=cashier.finance).body["data"]
    return acts


def paid_there(cashier: Cashier) -> str:
    """An order that the provider has the money of, and nobody here knows."""
    order = cashier.service()
    cashier.provider.pay(cashier.intent(order["id"]))
    order_id: str = order["id"]
    return order_id


def test_ops_settle_an_order_of_which_no_webhook_came(cashier: Cashier) -> None:
    order_id = paid_there(cashier)
    done = settle(cashier, order_id)
    assert (done.status, done.body["status"]) == (200, "approved")
    assert done.body["payment"]["status"] == "succeeded"
    cashier.check_books(order_id)
    (act,) = audited(cashier, order_id)
    assert (act["action"], act["actor"]["roles"]) == ("order.settle", ["ops"])
    assert act["before"] == {"status": "awaiting_payment", "paid": None}


def test_a_settlement_that_is_sent_again_is_one_act_and_has_one_effect(cashier: Cashier) -> None:
    order_id, key = paid_there(cashier), new_key()
    first = settle(cashier, order_id, key=key)
    books = cashier.books(order_id)
    again = settle(cashier, order_id, key=key)
    assert (again.status, again.body) == (200, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(audited(cashier, order_id)) == 1
    assert settle(cashier, order_id, key=None).status == 200
    assert len(audited(cashier, order_id)) == 2
    assert cashier.books(order_id) == books


def test_a_sync_is_audited_even_if_the_provider_does_not_answer(
    cashier: Cashier,
) -> None:
    order_id, key = paid_there(cashier), new_key()
    cashier.provider.down = True
    before = cashier.show(order_id)
    assert settle(cashier, order_id, key=key).status == 503
    assert cashier.show(order_id) == before
    cashier.provider.down = False
    assert settle(cashier, order_id, key=key).body["status"] == "approved"
    assert len(audited(cashier, order_id)) == 1


@pytest.mark.parametrize("role", ["member", "agent"])
def test_others_do_not_settle_orders(cashier: Cashier, role: str) -> None:
    order_id = paid_there(cashier)
    before = cashier.show(order_id)
    refused = settle(cashier, order_id, as_=token(cashier.member, role))
    assert (refused.status, refused.body["code"]) == (403, "forbidden")
    assert cashier.show(order_id) == before
    assert audited(cashier, order_id) == []


def test_an_order_that_is_not_there_is_not_settled_and_leaves_no_record(cashier: Cashier) -> None:
    assert settle(cashier, "ord_nobody").status == 404
    assert audited(cashier, "ord_nobody") == []
