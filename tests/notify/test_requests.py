"""What a notice asks of DynamoDB: as little as its promises allow, less when its fact returns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.kernel import senders
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.tables import connection
from chalicelib.notify.actions import CLAIM, deliver, mark_read
from chalicelib.notify.errors import BeingSentElsewhere, SmsNotSent
from infra.bench.write_units import Meter, Spent
from infra.local.resources import dynamodb_client
from tests.notify.delivering import NOW, Outbox, inbox
from tests.notify.telling import entry, order
from tests.world import World


@pytest.fixture
def meter(engine: str, world: World) -> Iterator[Meter]:
    own = dynamodb_client(engine)

    def read(table: str, key: Any) -> Any:
        name = f"jifen-dev-{table}"
        return own.get_item(TableName=name, Key=key, ConsistentRead=True).get("Item", {})

    made = Meter(connection().client, read)
    yield made
    made.remove()


def spent_by(meter: Meter, fact: Fact[Any], now: Any = NOW) -> Spent:
    meter.take()
    deliver(fact, now)
    return meter.take()


def refuse(*_: Any, **__: Any) -> None:
    raise TimeoutError


def test_a_notice_with_a_text_is_a_put_a_look_at_its_member_and_an_update(
    world: World, meter: Meter, outbox: Outbox
) -> None:
    spent = spent_by(meter, order(world.member(), "shipped"))
    assert spent.requests == ["PutItem", "Query", "UpdateItem"]
    assert (spent.write_units, spent.read_units) == (4, 1), spent.lines
    assert outbox[-1]["channel"] == "sms"


def test_a_notice_without_a_text_is_a_put(world: World, meter: Meter) -> None:
    spent = spent_by(meter, entry(world.member()))
    assert (spent.requests, spent.write_units, spent.read_units) == (["PutItem"], 2, 0)


def test_a_fact_that_comes_again_is_one_request(world: World, meter: Meter, outbox: Outbox) -> None:
    member = world.member()
    for fact in (entry(member), order(member, "shipped")):
        deliver(fact, NOW)
        mark_read(member, inbox(member)[0].id)
        for now in (NOW, NOW + 2 * CLAIM):
            spent = spent_by(meter, fact, now)
            assert (spent.requests, spent.write_units, spent.read_units) == (["PutItem"], 1, 0)
    assert [each.read for each in inbox(member)] == [True, True]
    assert [each["channel"] for each in outbox].count("sms") == 1


def test_a_text_that_another_delivery_sends_is_one_request(
    world: World, meter: Meter, monkeypatch: pytest.MonkeyPatch
) -> None:
    fact = order(world.member(), "shipped")
    monkeypatch.setattr(senders, "send_sms", refuse)
    with pytest.raises(SmsNotSent):
        deliver(fact, NOW)
    meter.take()
    with pytest.raises(BeingSentElsewhere):
        deliver(fact, NOW)
    assert meter.take().requests == ["PutItem"]


def test_a_text_that_was_left_is_claimed_by_one_request_more(
    world: World, meter: Meter, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    fact = order(world.member(), "shipped")
    with monkeypatch.context() as failing:
        failing.setattr(senders, "send_sms", refuse)
        with pytest.raises(SmsNotSent):
            deliver(fact, NOW)
    spent = spent_by(meter, fact, NOW + CLAIM)
    assert spent.requests == ["PutItem", "UpdateItem", "Query", "UpdateItem"]
    assert outbox[-1]["channel"] == "sms"


def test_reading_a_notice_is_a_look_and_an_update(world: World, meter: Meter) -> None:
    member = world.member()
    deliver(entry(member), NOW)
    [notice] = inbox(member)
    meter.take()
    assert mark_read(member, notice.id).read
    assert meter.take().requests == ["GetItem", "UpdateItem"]
    assert [each.read for each in inbox(member)] == [True]
    meter.take()
    assert mark_read(member, notice.id).read
    assert meter.take().requests == ["GetItem"]
