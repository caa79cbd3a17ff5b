"""The writes of orders for points and cash, from placing to capture and refund."""

from __future__ import annotations

import json
import time
from datetime import datetime
from typing import Any

from infra.bench.floors import alone, together
from infra.bench.in_process import InProcess, token
from infra.bench.mall import LONG_ADDRESS, Mall
from infra.bench.use_cases import UseCase, added
from infra.local.stripe import asking

MOST = 24
PRICE = {
    "points": 1_000_000,
    "cash": {"amount": 10_000, "currency": "CNY"},
    "cash_equivalent": {"amount": 1_000_000, "currency": "CNY"},
    "min_points": 0,
}


def measure(here: InProcess, mall: Mall) -> list[UseCase]:
    """Each step of one order, with items at their largest; its webhooks are held back, so that
    nothing else syncs it."""
    asking.ask(mall.info["stripe"]["api_base"], "modes", {"held": True})
    try:
        return _measure(here, mall)
    finally:
        asking.ask(mall.info["stripe"]["api_base"], "modes", {})


def _measure(here: InProcess, mall: Mall) -> list[UseCase]:
    from chalicelib import payments
    from chalicelib.kernel import clock
    from chalicelib.orders.actions import sync

    order_id, placed, started = _placed(here, mall)
    now = clock.now()
    mall.local(f"pay/{order_id}", "POST", {"does": "pay"})
    _, captured = here.spent(lambda: sync.sync_order(order_id, now))
    steps = [
        UseCase(
            "Placing it: points held, stock reserved",
            placed,
            floor=together("the order", "its stock", entries=1, accounts=1, indexed=1),
        ),
        UseCase("Starting its payment", started, floor=alone("the payment")),
        _webhook(here, mall),
        UseCase(
            "Capture: points captured, the charge in the books",
            captured,
            floor=together("the order", "the charge", entries=1, moving=1, accounts=1, indexed=2),
        ),
    ]
    whole = added("Points and cash, from placing to capture", steps, MOST)
    # While the charge still lies at the provider, which pays out no more than it has.
    withdrawn = _withdrawal(here, mall, now)
    for act in ("take", "approve"):
        here.call("POST", f"/v1/admin/orders/{order_id}/{act}", None, mall.ops)
    path = f"/v1/admin/orders/{order_id}/refunds"
    refund, owed = here.call("POST", path, {"reason": "bench"}, mall.ops)
    _, sent = here.spent(lambda: payments.send_refund(order_id, refund["id"], now))
    return [
        *steps,
        whole,
        UseCase("A refund of it, audited", owed),
        UseCase("Sending that refund, its booking included", sent),
        *withdrawn,
    ]


def _placed(here: InProcess, mall: Mall) -> tuple[str, Any, Any]:
    """An order with a started payment: its id, the requests of placing it and of starting that."""
    member = mall.member("cash")["access_token"]
    address, _ = here.call("POST", "/v1/me/addresses", LONG_ADDRESS, member)
    body = {
        "items": [{"sku": mall.sku(9, price=PRICE), "quantity": 1}],
        "points": 500_000,
        "address_id": address["id"],
    }
    order, placed = here.call("POST", "/v1/orders", body, member)
    _, started = here.call("POST", f"/v1/orders/{order['id']}/payment", None, member)
    return order["id"], placed, started


def _webhook(here: InProcess, mall: Mall) -> UseCase:
    from chalicelib.kernel.signatures import sign

    event = {
        "id": "evt_" + "x" * 24,
        "type": "payment_intent.succeeded",
        "created": int(time.time()),
        "data": {"object": {"id": "pi_" + "x" * 24, "metadata": {"payment_id": "pay_bench"}}},
    }
    at_s, secret = int(time.time()), mall.info["stripe"]["webhook_secret"]
    signature = f"t={at_s},v1={sign(secret, at_s, json.dumps(event).encode())}"
    headers = {"Stripe-Signature": signature}
    _, heard = here.call("POST", "/v1/webhooks/stripe", event, "none", **headers)
    return UseCase("Recording a webhook", heard, 1, floor=alone("the fact"), most_requests=2)


def _withdrawal(here: InProcess, mall: Mall, now: datetime) -> list[UseCase]:
    from chalicelib.withdrawals.actions.sync import sync_withdrawal

    member = mall.member("rebate")
    mine, finance = member["access_token"], token("mbr_bench_finance", "finance")
    gift = {"points": 5000, "unit": "rebate_cash", "reason": "bench"}
    path = f"/v1/admin/members/{member['member_id']}/points/adjustments"
    given, _ = here.call("POST", path, gift, mall.ops)
    here.call("POST", f"/v1/admin/adjustments/{given['id']}/approve", None, finance)
    account = {"kind": "provider", "account": "acct_1BenchMember"}
    here.call("PUT", "/v1/me/payout-account", account, mine)
    asked, spent = here.call("POST", "/v1/me/withdrawals", {"amount": 3000}, mine)
    path = f"/v1/admin/withdrawals/{asked['id']}/approve"
    _, approved = here.call("POST", path, None, finance)
    return [
        UseCase("Asking for a withdrawal", spent),
        UseCase("Approving it, audited", approved),
        UseCase("Paying it out", here.spent(lambda: sync_withdrawal(asked["id"], now))[1]),
    ]
