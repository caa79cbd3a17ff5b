"""What a login code costs, and that it costs the same for a member and for nobody."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.kernel.store.tables import connection
from chalicelib.members.tables.items import MembersItem
from infra.bench.write_units import Meter
from infra.local.resources import dynamodb_client
from tests.api import Api
from tests.conftest import Time
from tests.members.asking import Settings, ask, settings, start_of_an_hour
from tests.members.people import People, new_email, new_phone

__all__ = ["settings"]


@pytest.fixture
def meter(engine: str) -> Iterator[Meter]:
    own = dynamodb_client(engine)

    def read(table: str, key: Any) -> Any:
        name = f"jifen-dev-{table}"
        return own.get_item(TableName=name, Key=key, ConsistentRead=True).get("Item", {})

    made = Meter(connection().client, read)
    yield made
    made.remove()


def test_a_code_costs_no_more_than_before_there_were_more_limits(
    api: Api, settings: Settings, meter: Meter, time: Time
) -> None:
    """Eight write units were three counters and the challenge in one transaction."""
    start_of_an_hour(time)
    assert ask(api, new_phone()).status == 202
    assert meter.take().write_units == 7
    assert ask(api, new_phone(), secrets.token_hex(16)).status == 202
    assert meter.take().write_units == 8
    assert ask(api, new_email()).status == 202
    assert meter.take().write_units == 5
    phone = new_phone()
    for _ in range(2):
        assert ask(api, phone).status == 202
    meter.take()
    assert ask(api, phone).status == 429
    assert meter.take().write_units == 1


def test_a_member_and_nobody_cost_the_same_requests(
    api: Api, settings: Settings, people: People, time: Time
) -> None:
    known = people.sign_in().phone
    time.advance(days=2)
    seen = [_requests(api, phone) for phone in (known, new_phone())]
    assert seen[0] == seen[1]
    assert seen[0].count("UpdateItem") == 3


def _requests(api: Api, phone: str) -> list[str]:
    """The operations of a request for a code."""
    sent: list[str] = []
    client = connection().client

    def note(model: Any, **_: Any) -> None:
        sent.append(model.name)

    client.meta.events.register("before-call.dynamodb", note, unique_id="noting")
    try:
        assert ask(api, phone).status == 202
    finally:
        client.meta.events.unregister("before-call.dynamodb", unique_id="noting")
    return sent


def test_a_refused_code_sends_nothing_and_leaves_no_challenge(
    api: Api, settings: Settings, outbox: list[Any], time: Time
) -> None:
    time.advance_to_noon()
    phone = new_phone()
    ask(api, phone)
    ask(api, phone)
    before = sum(row.pk.startswith("OTP#") for row in MembersItem.scan())
    assert ask(api, phone).status == 429
    assert sum(row.pk.startswith("OTP#") for row in MembersItem.scan()) == before
    assert len(outbox) == 2
