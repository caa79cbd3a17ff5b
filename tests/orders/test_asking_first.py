"""An act that refunds cash syncs the payment first; other acts do not."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from pynamodb.exceptions import GetError

from chalicelib.kernel.errors import Unreadable
from chalicelib.orders.actions import sync
from chalicelib.payments import PaymentRefused
from chalicelib.payments.errors import NotAtProvider
from tests.api import new_key
from tests.kernel.wire import faults, no_answer
from tests.logs import recorded
from tests.orders.cashier import Cashier
from tests.orders.external_refunds import cancel, reject, reviewed
from tests.orders.refunds import paid, units


def test_a_refused_or_repeated_act_makes_no_request_to_the_provider(cashier: Cashier) -> None:
    (service, _), (order, _), key = paid(cashier), reviewed(cashier), new_key()
    assert cancel(cashier, order["id"], key=key).status == 200
    cashier.provider.calls.clear()
    assert cancel(cashier, order["id"], key=key).status == 200
    assert cancel(cashier, order["id"]).status == 409
    assert cashier.refund(order["id"], {"reason": "x"}).status == 409
    assert cancel(cashier, service["id"]).status == 409
    assert reject(cashier, service["id"]).status == 409
    assert cashier.provider.calls == []


FAILURES = [
    Unreadable(),
    NotAtProvider(),
    PaymentRefused(reason="x"),
    GetError(),
    EndpointConnectionError(endpoint_url="https://example.com"),
    ClientError({}, "GetItem"),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
def test_a_failed_sync_stops_neither_an_act_nor_its_replay(
    cashier: Cashier, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    (order, _), key = paid(cashier), new_key()

    def fail(*_: Any) -> None:
        raise failure

    monkeypatch.setattr(sync, "sync_order", fail)
    with recorded() as records:
        first = cashier.refund(order["id"], units(order, 1), key=key)
        again = cashier.refund(order["id"], units(order, 1), key=key)
    assert (first.status, again.status, again.body) == (201, 201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    told = [each for each in records if each.msg == "an order was not synced before an act"]
    assert len(told) == 2


def test_a_failed_read_before_the_sync_stops_no_act(cashier: Cashier) -> None:
    order, _ = reviewed(cashier)
    with faults("GetItem", *[no_answer] * 4):
        assert cancel(cashier, order["id"]).status == 200


def test_an_error_of_our_own_code_stops_the_act(
    cashier: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, _ = paid(cashier)
    monkeypatch.setattr(sync, "sync_order", lambda *_: 1 // 0)
    assert cashier.refund(order["id"], units(order, 1)).status == 500
    assert cashier.show(order["id"])["refunds"] == []
