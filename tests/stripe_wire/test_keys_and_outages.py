"""Idempotency keys, and a provider that is slow, down, or loses its answer."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.money import Money
from chalicelib.payments.actions.stripe_gateway import client as gateway_client
from chalicelib.payments.rules.gateway import Gateway
from tests.stripe_wire.conftest import API_KEY, Wire

DUE = Money(1990, "CNY")
BODY = b"amount=1990&currency=cny&allowed_payment_method_types[0]=card"
DAY_S = 24 * 3600


def post(wire: Wire, key: str, body: bytes = BODY) -> tuple[int, dict[str, str], Any]:
    request = urllib.request.Request(
        f"{wire.running.api_base}/v1/payment_intents",
        data=body,
        headers={"Authorization": f"Bearer {API_KEY}", "Idempotency-Key": key},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, dict(answer.headers), json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), json.load(error)


def intents(wire: Wire) -> int:
    return len(wire.client().v1.payment_intents.list({"limit": 100}).data)


def test_the_same_request_under_one_key_has_the_same_answer_marked_as_a_replay(wire: Wire) -> None:
    status, headers, first = post(wire, "key-1")
    assert status == 200
    assert "Idempotent-Replayed" not in headers
    wire.pay(first["id"])
    again, replayed, second = post(wire, "key-1")
    assert (again, second) == (200, first)
    assert replayed["Idempotent-Replayed"] == "true"
    assert replayed["Request-Id"] != headers["Request-Id"]
    assert intents(wire) == 1


def test_another_request_under_one_key_is_refused_and_changes_nothing(wire: Wire) -> None:
    post(wire, "key-1")
    status, _, refused = post(wire, "key-1", BODY.replace(b"1990", b"1991"))
    assert (status, refused["error"]["type"]) == (400, "idempotency_error")
    assert intents(wire) == 1


def test_a_key_is_forgotten_after_a_day(wire: Wire) -> None:
    first = post(wire, "key-1")[2]
    wire.tell("clock", {"advance_seconds": DAY_S - 60})
    assert post(wire, "key-1")[2] == first
    wire.tell("clock", {"advance_seconds": 61})
    assert post(wire, "key-1")[2]["id"] != first["id"]
    assert intents(wire) == 2


def test_one_key_twice_at_once_is_a_conflict(wire: Wire) -> None:
    wire.tell("modes", {"slow_ms": 300})
    found: list[tuple[int, dict[str, str], Any]] = []
    threads = [threading.Thread(target=lambda: found.append(post(wire, "key-1"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(status for status, _, _ in found) == [200, 409]
    [refused] = [body for status, _, body in found if status == 409]
    assert refused["error"]["code"] == "idempotency_key_in_use"
    wire.tell("modes", {})
    assert intents(wire) == 1


def test_many_concurrent_clients_with_one_key_make_one_payment(wire: Wire) -> None:
    wire.tell("modes", {"slow_ms": 20})
    found: list[str] = []

    def create() -> None:
        client = wire.client(max_network_retries=100)
        asked: Any = {
            "amount": 1990,
            "currency": "cny",
            "allowed_payment_method_types": ["card"],
        }
        made = client.v1.payment_intents.create(asked, {"idempotency_key": "key-1"})
        found.append(made.id)

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert intents(wire) == 1


def test_a_refusal_is_kept_under_its_key_unless_validation_failed(wire: Wire) -> None:
    small = BODY.replace(b"1990", b"1")
    assert post(wire, "key-1", small)[0] == 400
    assert post(wire, "key-1", BODY)[0] == 200
    declined = BODY + b"&confirm=true&payment_method=pm_card_visa_chargeDeclined"
    status, _, first = post(wire, "key-2", declined)
    assert status == 402
    again, headers, second = post(wire, "key-2", declined)
    assert (again, second) == (402, first)
    assert headers["Idempotent-Replayed"] == "true"


def test_a_lost_answer_makes_one_payment_and_the_client_recovers_by_itself(wire: Wire) -> None:
    wire.tell("modes", {"lose_answers": 2})
    made = wire.gateway().create_payment("pay_1", "ord_1", DUE, "card")
    assert made.status == "open"
    assert intents(wire) == 1


def test_answers_lost_in_all_retries_make_one_refund(wire: Wire) -> None:
    gateway = wire.gateway()
    intent = gateway.create_payment("pay_1", "ord_1", DUE, "card").id
    wire.pay(intent)
    wire.tell("modes", {"lose_answers": 99})
    with pytest.raises(Unavailable):
        gateway.refund("rfd_1", intent, Money(500, "CNY"))
    wire.tell("modes", {})
    made = gateway.refund("rfd_1", intent, Money(500, "CNY"))
    found = gateway.find_payment(intent)
    assert found.charge is not None
    assert found.charge.refunds == (made,)


CALLS: list[Callable[[Gateway, str], Any]] = [
    lambda gateway, _: gateway.create_payment("pay_2", "ord_2", DUE, "card"),
    lambda gateway, intent: gateway.find_payment(intent),
    lambda gateway, intent: gateway.change_method(intent, "alipay"),
    lambda gateway, intent: gateway.cancel_payment(intent),
    lambda gateway, intent: gateway.refund("rfd_1", intent, DUE),
    lambda gateway, _: gateway.pay_out("wdr_1", "acct_1", DUE),
    lambda gateway, _: gateway.payout_of("wdr_1"),
    lambda gateway, _: gateway.find_payout("tr_1"),
    lambda gateway, _: list(gateway.movements(0, 1)),
    lambda gateway, _: gateway.balance("CNY"),
]


@pytest.mark.parametrize("down", ["unreachable", "failing"])
@pytest.mark.parametrize("call", CALLS)
def test_a_provider_that_is_down_is_unavailable_and_does_nothing(
    wire: Wire, call: Callable[[Gateway, str], Any], down: str
) -> None:
    gateway = wire.gateway()
    intent = gateway.create_payment("pay_1", "ord_1", DUE, "card").id
    wire.tell("modes", {"down": down})
    with pytest.raises(Unavailable):
        call(gateway, intent)
    wire.tell("modes", {})
    assert intents(wire) == 1
    found = gateway.find_payment(intent)
    assert (found.status, found.method) == ("open", "card")


def test_a_rejected_api_key_is_an_outage_for_operators(wire: Wire) -> None:
    gateway = gateway_client.StripeGateway("sk_wrong", wire.running.api_base)
    with pytest.raises(Unavailable):
        gateway.balance("CNY")


def test_a_slow_provider_is_waited_for_up_to_a_timeout(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire.tell("modes", {"slow_ms": 200})
    made = wire.gateway().create_payment("pay_1", "ord_1", DUE, "card")
    assert made.status == "open"
    monkeypatch.setattr(gateway_client, "READ_TIMEOUT_S", 0.05)
    with pytest.raises(Unavailable):
        wire.gateway().find_payment(made.id)
    wire.tell("modes", {})
    assert intents(wire) == 1


def test_all_attempts_of_a_call_end_before_the_timeout_of_api_gateway() -> None:
    tries = 1 + gateway_client.RETRIES
    longest_s = tries * (gateway_client.CONNECT_TIMEOUT_S + gateway_client.READ_TIMEOUT_S)
    pauses_s = gateway_client.RETRIES * stripe.HTTPClient.MAX_DELAY
    assert longest_s + pauses_s < 29


def test_unknown_modes_are_refused(wire: Wire) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        wire.tell("modes", {"colour": 1})
    assert refused.value.code == 400
    assert wire.tell("modes")["down"] is None
