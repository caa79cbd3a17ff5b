"""Batches with undecodable events or unreadable records."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from chalicelib.earning.routes.bodies import SentEvents, sent_id
from chalicelib.earning.tables import EventItem, PartnerOrderItem
from chalicelib.kernel import clock
from chalicelib.kernel.errors import NotJson
from chalicelib.kernel.signatures import sign
from chalicelib.kernel.store.tables import connection
from chalicelib.kernel.web.requests import decode_body
from tests.api import Answer
from tests.earning.shop import register
from tests.world import World, new_phone, paid


def post(world: World, raw: bytes) -> Answer:
    at_s = int(time.time())
    arriving = raw.decode("utf-8", "surrogateescape").encode("utf-8", "surrogatepass")
    signature = f"t={at_s},v1={sign('secret-of-shop-1', at_s, arriving)}"
    headers = {"Jifen-Key": "shop-1", "Jifen-Signature": signature}
    return world.api.request("POST", "/v1/events", raw, headers=headers)


@pytest.mark.parametrize(
    "odd",
    [
        b'{"id":"\xff"}', b'{"\xff":1}', b'{"id":"x","type":"order.paid","\xff":1}',
        b'"\xff"', b'{"id":"\xed\xa0\x80"}', b'{"id":"x","data":{"a":["\xc3"]}}',
    ],
)  # fmt: skip
def test_invalid_utf8_refuses_the_whole_batch_before_anything_is_applied(
    world: World, odd: bytes
) -> None:
    phone = new_phone()
    member = register(phone)
    batch = b'{"events":[' + msgspec.json.encode(paid(phone)) + b"," + odd + b"]}"
    for raw in (batch, odd):
        answer = post(world, raw)
        assert (answer.status, answer.body["code"]) == (400, "invalid_json"), answer.body
    assert world.available(member) == 0


def test_a_body_that_is_no_json_names_no_event() -> None:
    for raw in (b'{"events":[{"id":"\xff"}]}', b'{"events":[{"\xff":1}]}'):
        with pytest.raises(NotJson):
            decode_body(raw, SentEvents, in_parts=True)
    for raw in (b'{"id":"\xff"}', b'{"\xff":1}', b"[" * 5000):
        assert sent_id(raw) is None


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (["data", "order_id"], '"a\\u0000b"', "data.order_id"),
        (["data", "amount"], str(10**20), "data.amount"),
        (["data", "amount"], "9" * 5000, "data.amount"),
        (["occurred_at"], '"0001-01-01T00:00:00+23:59"', "occurred_at"),
        (["occurred_at"], '"9999-12-31T23:59:59-23:59"', "occurred_at"),
        (["occurred_at"], '"0001-01-01T00:00:00Z"', "occurred_at"),
        (["occurred_at"], '"1899-12-31T00:00:00Z"', "occurred_at"),
        (["occurred_at"], '"1999-12-31T23:59:59Z"', "occurred_at"),
        (["member", "member_id"], '"a\\u0000"', "member.member_id"),
        (["data", "items"], "[{}]", "data.items[0].sku"),
    ],
)
def test_an_unstorable_value_refuses_only_its_event(
    world: World, path: list[str], value: str, field: str
) -> None:
    phone = new_phone()
    member = register(phone)
    good, bad, last = paid(phone, amount=100), paid(phone), paid(phone, amount=200)
    if path[0] == "member":
        bad["member"] = {}
    place = bad
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = "@"
    raw = json.dumps({"events": [good, bad, last]}).replace('"@"', value).encode()
    answer = post(world, raw)
    assert answer.status == 200, answer.body
    told = answer.body["events"]
    assert [each["status"] for each in told] == ["applied", "refused", "applied"]
    assert told[1]["id"] == bad["id"]
    assert [each["field"] for each in told[1]["error"]["errors"]] == [field]
    alone = post(world, json.dumps(bad).replace('"@"', value).encode())
    assert (alone.status, alone.body["errors"]) == (400, told[1]["error"]["errors"])
    assert world.available(member) == 3


def test_an_event_is_as_old_as_the_stage_allows_or_refused(world: World) -> None:
    phone = new_phone()
    register(phone)
    edge = clock.now() - timedelta(days=400)
    late = {**paid(phone), "occurred_at": clock.rfc3339(edge - timedelta(minutes=1))}
    refused = world.event(late)
    (fault,) = refused.body["errors"]
    assert (refused.status, fault["field"], fault["code"]) == (400, "occurred_at", "too_old")
    event = {**paid(phone), "occurred_at": clock.rfc3339(edge + timedelta(minutes=1))}
    assert world.event(event).body["status"] == "applied"


@pytest.mark.parametrize("of", ["event", "order"])
@pytest.mark.parametrize("value", [None, {"S": "spoilt"}])
def test_an_unreadable_record_refuses_only_its_event(world: World, of: str, value: Any) -> None:
    phone = new_phone()
    member, client = register(phone), connection().client
    events = [paid(phone, amount=100) for _ in range(3)]
    spoilt = events[1]
    pk, sk = EventItem.key("shop-1", spoilt["id"])
    name = "digest"
    if of == "order":
        pk, sk = PartnerOrderItem.key("shop-1", spoilt["data"]["order_id"])
        name = "order_id" if value is None else "amount"
    image = {"pk": {"S": pk}, "sk": {"S": sk}, **({name: value} if value else {})}
    client.put_item(TableName="jifen-dev-campaigns", Item=image)  # type: ignore[attr-defined]
    try:
        told = world.event({"events": events}).body["events"]
        assert [each["status"] for each in told] == ["applied", "refused", "applied"]
        assert (told[1]["id"], told[1]["error"]["code"]) == (spoilt["id"], "record_unreadable")
        assert pk not in json.dumps(told)
        assert world.available(member) == 2
    finally:
        client.delete_item(  # type: ignore[attr-defined]
            TableName="jifen-dev-campaigns", Key={"pk": {"S": pk}, "sk": {"S": sk}}
        )
