"""The costs of the largest use cases: write units, read units and item sizes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib import ledger
from chalicelib.kernel import clock
from infra.bench.mall import LONG_ADDRESS
from infra.bench.write_units import Meter, item_size
from tests.api import new_key, token
from tests.bench.largest_items import full_of_lots, largest, long_product
from tests.world import World, new_phone, paid, refunded


def test_an_accrual_with_its_event_costs_at_most_7_writes_and_3_reads(
    world: World, meter: Meter
) -> None:
    from chalicelib.members.actions.registrations import enrol
    from chalicelib.members.queries import destination_of

    phone = new_phone()
    member = enrol(destination_of(phone=phone), roles=(), now=clock.now())
    full_of_lots(world, member)
    event = paid(phone, order_id="o" * 64)
    event["id"] = event["id"].ljust(128, "x")
    meter.take()
    assert world.event(event).body["status"] == "applied"
    spent = meter.take()
    assert spent.write_units <= 7, spent.lines
    # With the profile: the member's tier and referral stand there.
    assert spent.read_units <= 3
    assert largest(spent) < 1024


@pytest.mark.parametrize("kind", ["physical", "virtual"])
def test_a_redemption_of_one_sku_costs_at_most_11_writes_and_3_reads(
    world: World, meter: Meter, kind: str
) -> None:
    member = world.member()
    full_of_lots(world, member)
    address = world.api.post(
        "/v1/me/addresses", LONG_ADDRESS, as_=token(member), key=new_key()
    ).body["id"]
    if kind == "virtual":
        sku = long_product(world, kind="virtual", stock=0)
        world.codes(sku, [new_key()])
    else:
        sku = long_product(world)
    body = {"items": [{"sku": sku, "quantity": 1}], "address_id": address}
    meter.take()
    answer = world.api.post("/v1/orders", body, as_=token(member), key=new_key())
    spent = meter.take()
    assert answer.status == 201, answer.body
    assert spent.write_units <= 11, spent.lines
    moves = {line.what.split()[-1]: line.units for line in spent.lines if line.sparse}
    # Each order stands in one list of the staff's.
    assert moves.pop("waiting") == 1
    # The soonest lot is used up, so the account moves to the next one's time.
    assert moves == {"due": 2, "reminders": 2}
    # With the profile: the member's tier and referral stand there.
    assert spent.read_units <= 3
    assert largest(spent) < 1024, spent.lines


def test_a_hold_and_its_capture_cost_at_most_14_writes_and_a_release_7(
    world: World, meter: Meter
) -> None:
    member = world.member()
    full_of_lots(world, member)
    path, spent = "/v1/partner/holds", {}
    for act in ("capture", "release"):
        hold = {
            "id": act.ljust(64, "x"),
            "member": {"member_id": member},
            "points": 10**9,
            "expires_in_seconds": 900,
        }
        meter.take()
        assert world.partner("POST", path, hold).status == 201
        spent["hold"] = meter.take()
        ended = world.partner(
            "POST", f"{path}/{hold['id']}/{act}", {} if act == "capture" else None
        )
        assert ended.status == 200, ended.body
        spent[act] = meter.take()
    both = spent["hold"].write_units + spent["capture"].write_units
    assert both <= 14, [*spent["hold"].lines, *spent["capture"].lines]
    assert spent["release"].write_units <= 7, spent["release"].lines
    assert {each.requests.count("TransactWriteItems") for each in spent.values()} == {1}
    assert max(map(largest, spent.values())) < 1024


def test_a_refund_costs_at_most_10_writes_and_7_reads(world: World, meter: Meter) -> None:
    from chalicelib.members.actions.registrations import enrol
    from chalicelib.members.queries import destination_of

    phone = new_phone()
    member = enrol(destination_of(phone=phone), roles=(), now=clock.now())
    full_of_lots(world, member)
    event = paid(phone, order_id="o" * 63 + "r", amount=10**8)
    world.event(event)
    refund = {**refunded(event, 5 * 10**7), "id": "r".ljust(128, "x")}
    meter.take()
    assert world.event(refund).body["status"] == "applied"
    spent = meter.take()
    assert spent.write_units <= 10, spent.lines
    assert spent.read_units <= 7, spent.requests
    assert largest(spent) < 1024


def test_a_balance_is_one_read_and_a_page_of_history_one_query(world: World, meter: Meter) -> None:
    member = world.member(5)
    meter.take()
    world.api.get("/v1/me/points", as_=token(member))
    balance = meter.take()
    assert (balance.requests, balance.read_units) == (["GetItem"], 1)
    world.api.get("/v1/me/points/entries", as_=token(member))
    assert meter.take().requests == ["Query"]


def test_a_filter_that_drops_everything_takes_one_query_for_a_hundred_entries(
    world: World, meter: Meter
) -> None:
    member = world.member()
    for _ in range(12):
        world.give(member, 1)
    meter.take()
    path = "/v1/me/points/entries?type=redemption&limit=1"
    assert world.api.get(path, as_=token(member)).body == {"data": [], "next_cursor": None}
    assert meter.take().requests == ["Query"]


def test_a_refused_order_writes_nothing_and_asks_for_no_transaction(
    world: World, meter: Meter
) -> None:
    member = world.member(1)
    world.address(member)
    sku = world.sku(points=2)
    meter.take()
    assert world.order(member, sku).body["code"] == "insufficient_points"
    assert "TransactWriteItems" not in meter.take().requests


def test_no_request_path_scans(world: World, meter: Meter) -> None:
    member = world.member(500)
    world.address(member)
    sku = world.sku()
    as_ = token(member)
    meter.take()
    order = world.order(member, sku).body
    for path in (
        "/v1/me",
        "/v1/me/orders",
        f"/v1/orders/{order['id']}",
        "/v1/me/points/entries",
        "/v1/products?sort=points",
        "/v1/products?kind=physical",
        "/v1/categories",
        "/v1/me/addresses",
        "/v1/me/notifications",
        "/v1/me/sessions",
        "/v1/me/identities",
    ):
        assert world.api.get(path, as_=as_).status == 200, path
    for path in ("/v1/admin/orders", "/v1/admin/products", "/v1/admin/categories"):
        assert world.api.get(path, as_=world.ops).status == 200, path
    assert "Scan" not in meter.take().requests


def test_item_sizes_follow_the_guide_of_dynamodb() -> None:
    item = {
        "s": {"S": "保"},
        "n": {"N": "-1200"},
        "b": {"B": b"1234"},
        "m": {"M": {"a": {"N": "1"}}},
        "l": {"L": [{"BOOL": True}]},
        "x": {"SS": ["ab", "c"]},
    }
    names = 6
    assert item_size(item) == names + 3 + 3 + 4 + (3 + 1 + 2 + 1) + (3 + 1 + 1) + 3


@pytest.mark.parametrize(
    ("number", "size"),
    [("0", 1), ("7", 2), ("10", 2), ("100", 2), ("120", 3), ("-360", 4), ("1200", 2), ("12300", 3),
     ("1795000000123", 8), ("0.05", 2)],
)  # fmt: skip
def test_a_number_takes_a_byte_for_each_two_digits(number: str, size: int) -> None:
    """As DynamoDB Local counts them: by pairs from the point, none for zeros at either end."""
    assert item_size({"n": {"N": number}}) == 1 + size


def test_the_balance_of_a_lapsed_account_needs_no_write(world: World, meter: Meter) -> None:
    member = world.member()
    world.give(member, 10, days=1)
    account = ledger.find_account(ledger.points_account(member))
    later = clock.now() + timedelta(days=2)
    assert account.available(clock.to_ms(later)) == 0
