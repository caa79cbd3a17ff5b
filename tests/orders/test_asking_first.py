"""An act that refunds cash syncs the payment first; other acts do not."""

from __future__ import annotations

from tests.api import new_key
from tests.orders.cashier import Cashier
from tests.orders.external_refunds import cancel, reject, reviewed
from tests.orders.refunds import paid


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
