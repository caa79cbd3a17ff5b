"""The provider's webhooks: signed, recorded once, processed, replayed."""

from __future__ import annotations

import time as machine
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from chalicelib.kernel import ids
from chalicelib.payments.rules.webhooks import check_signature, read_webhook
from tests.api import Api, new_key, token
from tests.orders.cashier import Cashier
from tests.orders.conftest import cashier, provider

__all__ = ["cashier", "provider"]

LAST_SECOND = 253_402_300_799  # of the year 9999


def event(about: str | None = None, **changes: Any) -> dict[str, Any]:
    about = about or f"pi_{new_key()}"
    return {
        "id": f"evt_{new_key()}",
        "type": "payment_intent.succeeded",
        "created": 1_790_000_000,
        "data": {"object": {"id": about, "amount": 1980, "metadata": {}}},
        **changes,
    }


def told_at(created_s: int, about: str = "pi_told") -> bytes:
    told = event(about, created=created_s)
    return msgspec.json.encode(told)


def kept(cashier: Cashier, about: str) -> list[Any]:
    path = f"/v1/admin/webhooks?object={about}"
    return list(cashier.api.get(path, as_=cashier.finance).body["data"])


def test_a_fact_is_stored_once_whichever_event_reports_it(cashier: Cashier) -> None:
    told = event()
    about = told["data"]["object"]["id"]
    first, twice = cashier.webhook(told), cashier.webhook(told)
    twin = cashier.webhook({**told, "id": f"evt_{new_key()}", "created": 1_790_000_005})
    assert [answer.status for answer in (first, twice, twin)] == [200, 200, 200]
    assert [answer.body["duplicate"] for answer in (first, twice, twin)] == [False, True, True]
    (only,) = kept(cashier, about)
    assert (only["event_id"], only["acted_on"]) == (told["id"], True)
    other = {**told, "data": {"object": {**told["data"]["object"], "amount": 1}}}
    assert cashier.webhook(other).body["duplicate"] is False
    assert len(kept(cashier, about)) == 2


@pytest.mark.parametrize("secret", ["whsec_new", "whsec_old"])
@pytest.mark.parametrize("off_s", [-299, 299])
def test_both_live_secrets_are_accepted_within_five_minutes(
    cashier: Cashier, secret: str, off_s: int
) -> None:
    at_s = int(machine.time()) + off_s
    assert cashier.webhook(event(), secret=secret, at_s=at_s).status == 200


FORGED: dict[str, Callable[[Cashier, Any], Any]] = {
    "forged": lambda cashier, told: cashier.webhook(told, secret="whsec_gone"),
    "stale": lambda cashier, told: cashier.webhook(told, at_s=int(machine.time()) - 301),
    # The clock runs on until the mall looks at it.
    "future": lambda cashier, told: cashier.webhook(told, at_s=int(machine.time()) + 900),
    "none": lambda cashier, told: cashier.api.post("/v1/webhooks/stripe", told),
}


@pytest.mark.parametrize("how", FORGED)
def test_an_unsigned_or_old_webhook_is_refused_and_not_stored(cashier: Cashier, how: str) -> None:
    told = event()
    refused = FORGED[how](cashier, told)
    timely = how in ("forged", "none")
    code = "webhook_signature_invalid" if timely else "webhook_signature_expired"
    assert (refused.status, refused.body["code"]) == (401, code)
    assert kept(cashier, told["data"]["object"]["id"]) == []


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=1",
        "v1=00",
        "t=1,t=2,v1=" + "0" * 64,
        "t=x,v1=00",
        "t=١,v1=00",
        "t=1,v1=\N{SNOWMAN}",
        "t=" + "9" * 40 + ",v1=00",
    ],
)
def test_a_header_that_is_no_signature_is_refused(header: str) -> None:
    from chalicelib.payments.errors import WebhookSignatureInvalid

    with pytest.raises(WebhookSignatureInvalid):
        check_signature(header, b"{}", ["secret"], 1)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"id": 1}', b'{"id":"evt","type":"a","created":1,'
             b'"data":{"object":[]}}', b'{"id":"evt","type":"a","created":"x","data":{}}',
             told_at(-1), told_at(LAST_SECOND + 1), told_at(9 * 10**17),
             b'{"id":"evt","type":"a","created":1,"data":{"object":{"id":"pi_nested","a":'
             + b"[" * 5000 + b"]" * 5000 + b"}}}"]
)  # fmt: skip
def test_a_signed_body_that_is_no_event_is_refused_by_name(cashier: Cashier, body: bytes) -> None:
    refused = cashier.webhook(body)
    assert (refused.status, refused.body["errors"][0]["code"]) == (400, "unreadable_event")
    assert kept(cashier, "pi_nested") == kept(cashier, "pi_told") == []


def test_a_webhook_of_the_last_second_of_year_9999_can_be_read(cashier: Cashier) -> None:
    assert cashier.webhook(told_at(LAST_SECOND, "pi_last")).status == 200
    (only,) = kept(cashier, "pi_last")
    assert only["created_at"] == "9999-12-31T23:59:59Z"


def test_an_id_too_long_for_a_key_is_cut() -> None:
    about = {"id": "ch_1", "payment_intent": "x" * 3000, "metadata": {"payment_id": "y" * 3000}}
    told = event(type="charge.updated", data={"object": about})
    read = read_webhook(msgspec.json.encode(told), 1)
    assert (len(read.intent or ""), len(read.ours or "")) == (255, 255)


def test_an_unknown_kind_of_event_is_stored_and_ignored(cashier: Cashier) -> None:
    told = event(f"cus_{new_key()}", type="customer.created")
    assert cashier.webhook(told).status == 200
    about = told["data"]["object"]["id"]
    (only,) = kept(cashier, about)
    assert only["acted_on"] is False
    cashier.provider.calls.clear()
    cashier.act_on(f"WHK#{about}")
    assert cashier.provider.calls == []


def test_a_webhook_about_no_payment_of_ours_is_ignored(cashier: Cashier) -> None:
    about = event()["data"]["object"]["id"]
    cashier.webhook(event(about))
    cashier.act_on(f"WHK#{about}")
    assert cashier.provider.calls == ["find_payment"]


def test_a_replay_by_ops_has_no_second_effect(cashier: Cashier) -> None:
    order = cashier.service()
    intent_id = cashier.pay(order["id"])
    (told,) = kept(cashier, intent_id)
    before = cashier.show(order["id"]), cashier.books(order["id"])
    path = f"/v1/admin/webhooks/{intent_id}/{told['fact']}/replay"
    for times in (1, 2):
        replayed = cashier.api.post(path, None, as_=cashier.world.ops, key=new_key())
        assert (replayed.status, replayed.body["replays"]) == (202, times)
        cashier.act_on(f"WHK#{intent_id}")
    assert (cashier.show(order["id"]), cashier.books(order["id"])) == before
    gone = f"/v1/admin/webhooks/{intent_id}/{'0' * 32}/replay"
    assert cashier.api.post(gone, None, as_=cashier.world.ops).status == 404
    assert cashier.api.post(path, None, as_=cashier.me).status == 403


def audited(cashier: Cashier, about: str) -> list[Any]:
    acts = cashier.api.get(f"/v1/admin/audit?subject={about}", as_=cashier.finance).body["data"]
    return [(act["action"], act["before"], act["after"]) for act in acts]


def test_a_replay_is_audited_once_for_each_key(
    cashier: Cashier,
) -> None:
    order = cashier.service()
    intent_id = cashier.pay(order["id"])
    (told,) = kept(cashier, intent_id)
    path, key = f"/v1/admin/webhooks/{intent_id}/{told['fact']}/replay", new_key()
    for replayed in (None, "true"):
        answer = cashier.api.post(path, None, as_=cashier.world.ops, key=key)
        assert (answer.status, answer.body["replays"]) == (202, 1)
        assert answer.headers.get("Idempotent-Replayed") == replayed
    assert cashier.api.post(path, None, as_=cashier.world.ops).body["replays"] == 2
    after = [{"replays": times, "fact": told["fact"]} for times in (1, 2)]
    assert audited(cashier, intent_id) == [
        ("webhook.replay", {"replays": 1}, after[1]),
        ("webhook.replay", {"replays": 0}, after[0]),
    ]


def test_a_refused_replay_is_not_audited(cashier: Cashier) -> None:
    told = event()
    about = told["data"]["object"]["id"]
    cashier.webhook(told)
    (before,) = kept(cashier, about)
    path = f"/v1/admin/webhooks/{about}/{before['fact']}/replay"
    gone = f"/v1/admin/webhooks/{about}/{'0' * 32}/replay"
    assert cashier.api.post(gone, None, as_=cashier.world.ops, key=new_key()).status == 404
    assert cashier.api.post(path, None, as_=cashier.me, key=new_key()).status == 403
    bad = cashier.api.post(path, {"again": True}, as_=cashier.world.ops, key=new_key())
    assert (bad.status, bad.body["code"]) == (400, "unknown_field")
    assert kept(cashier, about) == [before]
    assert audited(cashier, about) == []


def test_the_relay_publishes_each_relevant_webhook_once(cashier: Cashier) -> None:
    webhook = read_webhook(msgspec.json.encode(event("pi_1")), 1)
    assert webhook.is_acted_on
    assert webhook.intent == "pi_1"
    refund = event("re_1", type="refund.updated")
    refund["data"]["object"] |= {"payment_intent": "pi_1"}
    assert read_webhook(msgspec.json.encode(refund), 1).intent == "pi_1"


def test_a_webhook_is_recorded_in_one_request(cashier: Cashier, api: Api) -> None:
    from chalicelib.kernel.store.tables import connection

    made: list[str] = []
    client: Any = connection().client
    client.meta.events.register(
        "before-call.dynamodb.*", lambda model, **_: made.append(model.name), unique_id="count"
    )
    try:
        cashier.webhook(event())
    finally:
        client.meta.events.unregister("before-call.dynamodb.*", unique_id="count")
    assert made == ["PutItem"]


def test_only_the_staff_may_read_webhooks(cashier: Cashier) -> None:
    for refused in (cashier.me, token("mbr_agent", "agent")):
        answer = cashier.api.get("/v1/admin/webhooks?object=pi_1", as_=refused)
        assert answer.status == 403


def test_a_payment_without_an_order_of_ours_is_ignored(cashier: Cashier) -> None:
    about = f"pi_{new_key()}"
    told = event(about)
    told["data"]["object"]["metadata"] = {"payment_id": ids.new_id("pay")}
    cashier.webhook(told)
    cashier.act_on(f"WHK#{about}")
    assert cashier.provider.calls == []
