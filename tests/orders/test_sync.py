"""Ops sync an order with the provider; the audit records it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api import Answer, new_key, token
from tests.orders.cashier import Cashier


def sync(cashier: Cashier, order_id: str, **other: Any) -> Answer:
    given = {"as_": cashier.world.ops, "key": new_key(), **other}
    return cashier.api.post(f"/v1/admin/orders/{order_id}/settle", None, **given)


def audited(cashier: Cashier, order_id: str) -> list[Any]:
    path = f"/v1/admin/audit?subject={order_id}"
    acts: list[Any] = cashier.api.get(path, as_=cashier.finance).body["data"]
    return acts


def paid_there(cashier: Cashier) -> str:
    """An order paid at the provider and not synced yet."""
    order = cashier.service()
    cashier.provider.pay(cashier.intent(order["id"]))
    order_id: str = order["id"]
    return order_id


def test_ops_sync_an_order_with_a_lost_webhook(cashier: Cashier) -> None:
    order_id = paid_there(cashier)
    done = sync(cashier, order_id)
    assert (done.status, done.body["status"]) == (200, "approved")
    assert done.body["payment"]["status"] == "succeeded"
    cashier.check_books(order_id)
    (act,) = audited(cashier, order_id)
    assert (act["action"], act["actor"]["roles"]) == ("order.settle", ["ops"])
    assert act["before"] == {"status": "awaiting_payment", "paid": None}


def test_a_repeated_sync_is_one_act_with_one_effect(cashier: Cashier) -> None:
    order_id, key = paid_there(cashier), new_key()
    first = sync(cashier, order_id, key=key)
    books = cashier.books(order_id)
    again = sync(cashier, order_id, key=key)
    assert (again.status, again.body) == (200, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(audited(cashier, order_id)) == 1
    assert sync(cashier, order_id, key=None).status == 200
    assert len(audited(cashier, order_id)) == 2
    assert cashier.books(order_id) == books


def test_a_sync_is_audited_even_during_an_outage_of_the_provider(
    cashier: Cashier,
) -> None:
    order_id, key = paid_there(cashier), new_key()
    cashier.provider.down = True
    before = cashier.show(order_id)
    assert sync(cashier, order_id, key=key).status == 503
    assert cashier.show(order_id) == before
    cashier.provider.down = False
    assert sync(cashier, order_id, key=key).body["status"] == "approved"
    assert len(audited(cashier, order_id)) == 1


@pytest.mark.parametrize("role", ["member", "agent"])
def test_other_roles_cannot_sync_an_order(cashier: Cashier, role: str) -> None:
    order_id = paid_there(cashier)
    before = cashier.show(order_id)
    refused = sync(cashier, order_id, as_=token(cashier.member, role))
    assert (refused.status, refused.body["code"]) == (403, "forbidden")
    assert cashier.show(order_id) == before
    assert audited(cashier, order_id) == []


def test_a_sync_of_an_unknown_order_is_not_found_and_not_audited(cashier: Cashier) -> None:
    assert sync(cashier, "ord_nobody").status == 404
    assert audited(cashier, "ord_nobody") == []
