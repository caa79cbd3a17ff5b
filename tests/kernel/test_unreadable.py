"""An unreadable record is reported to the log and the staff, and does not end a list."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from chalicelib import ledger
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Unreadable
from chalicelib.kernel.store.pages import Integer, Text, pages
from chalicelib.kernel.store.streams import Change
from chalicelib.kernel.store.tables import connection
from chalicelib.ledger.tables import EntryItem, account_key
from chalicelib.ledger.tables.rows import Key
from chalicelib.notify.actions import deliver
from chalicelib.orders import events as orders_events
from tests.api import token
from tests.kernel.conftest import Spoil
from tests.kernel.unreadable_answers import assert_named, assert_not_named, last_page
from tests.ledger.books import give, new_account
from tests.notify import telling
from tests.world import World, new_phone, paid


@pytest.fixture
def order(world: World, spoil: Spoil) -> tuple[str, list[str]]:
    """A member with three orders, the newest first; the second cannot be read."""
    member, sku = world.member(1000), world.sku(points=10)
    address = world.address(member)
    placed = [world.order(member, sku, address_id=address).body["id"] for _ in range(3)][::-1]
    spoil("orders", placed[1], "ORDER", "lines", {"S": '[["S-1"]]'})
    return member, placed


def test_a_members_list_skips_an_unreadable_record(
    world: World,
    order: tuple[str, list[str]],
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    member, placed = order
    answer = world.api.get("/v1/me/orders", as_=token(member))
    assert [each["id"] for each in answer.body["data"]] == [placed[0], placed[2]]
    (said,) = [each for each in caplog.records if each.message == "a record cannot be read"]
    assert (said.levelname, vars(said)["table"]) == ("ERROR", "jifen-dev-orders")
    assert vars(said)["key"] == f"{placed[1]} ORDER"
    assert "Expected `array` of at least length" in vars(said)["why"]
    metrics = [line for line in capsys.readouterr().out.splitlines() if "RecordUnreadable" in line]
    assert len(metrics) == 1
    assert json.loads(metrics[0])["stage"] == "dev"


def test_pages_of_a_members_list_continue_after_an_unreadable_record(
    world: World, order: tuple[str, list[str]]
) -> None:
    member, placed = order
    found, cursor, asked = [], "", 0
    while cursor is not None:
        answer = world.api.get(f"/v1/me/orders?limit=1{cursor}", as_=token(member))
        assert answer.status == 200
        found += [each["id"] for each in answer.body["data"]]
        following = answer.body["next_cursor"]
        cursor, asked = following and f"&cursor={following}", asked + 1
    assert (found, asked) == ([placed[0], placed[2]], 3)


def test_the_staff_learns_the_key_of_an_unreadable_record_and_members_do_not(
    world: World, order: tuple[str, list[str]]
) -> None:
    member, placed = order
    path, key = f"/v1/orders/{placed[1]}", f"{placed[1]} ORDER"
    assert_not_named(world.api.get(path, as_=token(member)), key)
    assert_named(world.api.get(f"/v1/admin/orders/{placed[1]}", as_=world.ops), "orders", key)
    assert_named(
        last_page(world, "/v1/admin/orders?status=awaiting_review&limit=100"), "orders", key
    )


def test_a_list_of_products_skips_an_unreadable_one_and_reports_it(
    world: World, spoil: Spoil
) -> None:
    product, other = world.product(), world.product()
    sku = product["skus"][0]["sku"]
    key = spoil("catalog", f"PRD#{product['id']}", "PRODUCT", "product", {"S": "{}"})
    assert_not_named(world.api.get(f"/v1/products/{product['id']}"), key)
    staffs = world.api.get(f"/v1/admin/products/{product['id']}", as_=world.ops)
    assert_named(staffs, "catalog", key)
    stock = spoil("catalog", f"SKU#{sku}", "SHARD#00", "available", {"S": "ten"})
    shown = world.api.get(f"/v1/products?category={world.category}")
    assert {each["id"]: each["stock"]["available"] for each in shown.body["data"]} == {
        product["id"]: 0,
        other["id"]: 10,
    }
    assert_named(last_page(world, "/v1/admin/products?limit=100"), "catalog", stock)


def test_an_inbox_and_a_history_skip_unreadable_records(world: World, spoil: Spoil) -> None:
    member = world.member(5)
    for _ in range(2):
        deliver(telling.entry(member), clock.machine_now())
    listed = "/v1/me/notifications"
    ids = [each["id"] for each in world.api.get(listed, as_=token(member)).body["data"]]
    spoil("notify", f"MBR#{member}", f"NTC#{ids[0]}", "news", {"S": '{"news":"tomorrows"}'})
    left = world.api.get(listed, as_=token(member)).body["data"]
    assert [each["id"] for each in left] == ids[1:]
    world.give(member, 7)
    entries = world.api.get("/v1/me/points/entries", as_=token(member)).body["data"]
    account = ledger.points_account(member)
    reference = next(iter(EntryItem.query(account_key(account), EntryItem.sk.startswith("ENT#"))))
    spoil("ledger", reference.pk, reference.sk, "lots", {"M": {"soon": {"N": "7"}}})
    left = world.api.get("/v1/me/points/entries", as_=token(member)).body["data"]
    assert len(left) == len(entries) - 1 == 1


def test_one_unreadable_record_refuses_one_event_of_a_batch(world: World, spoil: Spoil) -> None:
    spoilt, sound, phone = world.member(9), world.member(), new_phone()
    account = f"ACC#{ledger.points_account(spoilt)}"
    key = spoil("ledger", account, "ACCOUNT", "lots", {"S": "none"})
    events = [{**paid(phone), "member": {"member_id": member}} for member in (sound, spoilt, sound)]
    answers = world.event({"events": events}).body["events"]
    assert [each["status"] for each in answers] == ["applied", "refused", "applied"]
    error = answers[1]["error"]
    assert (error["code"], error["errors"]) == ("record_unreadable", [])
    assert key.partition(" ")[0] not in json.dumps(error)
    assert_not_named(world.event(events[1]), key)


def test_a_page_reports_an_item_that_is_none_of_its_rows(spoil: Spoil) -> None:
    account = new_account()
    for number in range(3):
        give(account, 10, f"r{number}")
    key = spoil("ledger", account_key(account), "ENT#r1", "seq", {"S": "second"})

    class Row(Key):
        seq: Integer
        rule: Text | None = None

    request = {
        "TableName": "jifen-dev-ledger",
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": account_key(account)}},
    }
    with pytest.raises(Unreadable) as refusal:
        list(pages("Query", Row, request))
    assert refusal.value.facts == {"table": "jifen-dev-ledger", "key": key}


def test_an_unreadable_stream_record_is_reported_before_it_stops_its_stream(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    member, sku = world.member(100), world.sku(points=10, kind="virtual")
    placed = world.order(member, sku).body["id"]
    client: Any = connection().client
    where = {"pk": {"S": placed}, "sk": {"S": "ORDER"}}
    image = client.get_item(TableName="jifen-dev-orders", Key=where)["Item"]
    image = {name: value for name, value in image.items() if "B" not in value}
    with pytest.raises(Unreadable):
        orders_events.facts_of(Change("1", None, {**image, "steps": {"S": "{}"}}))
    (said,) = [each for each in caplog.records if each.message == "a record cannot be read"]
    assert vars(said)["key"] == f"{placed} ORDER"


def test_a_report_of_a_record_quotes_nothing_of_it() -> None:
    from chalicelib.kernel.store.tables import unreadable

    error = unreadable("t", {"pk": {"S": "a"}, "sk": {"S": "b"}}, ValueError("李雷 13800138000"))
    assert (error.facts, error.fields[0].message.en) == ({"table": "t", "key": "a b"}, "a b")
    assert msgspec.json.encode(error.facts) == b'{"table":"t","key":"a b"}'
