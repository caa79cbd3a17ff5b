"""The staff takes orders as a CSV file, in parts."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.web.http import NEXT_CURSOR
from chalicelib.orders.queries.orders import get_order
from tests.api import new_key, token
from tests.orders.placed import Placed, to_approved
from tests.world import ADDRESS, World

PATH = "/v1/admin/exports/orders"


def parts(world: World, **asked: Any) -> list[str]:
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = world.api.get(f"{PATH}?{urlencode({**asked, **cursor})}", as_=world.ops)
        assert answer.status == 200, answer.body
        found.append(answer.body)
        following = answer.headers.get(NEXT_CURSOR)
        if following is None:
            return found
        cursor = {"cursor": following}


def rows(world: World, **asked: Any) -> list[dict[str, str]]:
    text = "".join(parts(world, **asked))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def span(*orders: Placed) -> dict[str, str]:
    times = [get_order(order.id).created_at_ms for order in orders]
    return {"from": rfc3339_ms(min(times)), "to": rfc3339_ms(max(times) + 1)}


def ids_of(found: list[dict[str, str]], *orders: Placed) -> list[str]:
    """The ids of these orders in a file, as often as they stand there: where a day ends, orders of
    other tests may lie in the same span."""
    own = {order.id for order in orders}
    return [row["order_id"] for row in found if row["order_id"] in own]


def test_a_file_has_orders_of_all_states_with_what_a_parcel_needs(world: World) -> None:
    waiting, sent = Placed(world), Placed(world)
    to_approved(sent)
    parcel = {"carrier": "SF", "tracking_number": "SF99001"}
    assert sent.staff("ship", parcel).status == 200
    cancelled = Placed(world)
    assert cancelled.own("cancel").status == 200
    found = rows(world, limit=1, **span(waiting, cancelled))
    by_id = {row["order_id"]: row for row in found}
    assert len(by_id) == len(found)
    assert len(ids_of(found, waiting, sent, cancelled)) == 3
    row = by_id[sent.id]
    assert (row["status"], row["sku"], row["quantity"], row["points"]) == (
        "Shipped",
        sent.sku,
        "2",
        "200",
    )
    assert (row["carrier"], row["tracking_number"]) == ("SF", "SF99001")
    assert row["recipient"]
    assert row["phone"].lstrip("'").startswith("+86")
    assert by_id[cancelled.id]["status"] == "Cancelled"


def test_a_file_has_the_orders_of_one_list_alone(world: World) -> None:
    waiting, cancelled = Placed(world), Placed(world)
    assert cancelled.own("cancel").status == 200
    found = rows(world, status="cancelled", **span(waiting, cancelled))
    assert ids_of(found, waiting, cancelled) == [cancelled.id]
    assert {row["status"] for row in found} == {"Cancelled"}


def test_a_name_that_is_a_formula_stays_text(world: World) -> None:
    member, sku = world.member(500), world.sku(points=10)
    body = {**ADDRESS, "recipient": "=HYPERLINK(1)"}
    made = world.api.post("/v1/me/addresses", body, as_=token(member), key=new_key())
    assert made.status == 201, made.body
    order_id = world.order(member, sku, 1).body["id"]
    placed = get_order(order_id).created_at_ms
    found = rows(world, **{"from": rfc3339_ms(placed), "to": rfc3339_ms(placed + 1)})
    [row] = [each for each in found if each["order_id"] == order_id]
    assert row["recipient"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("role", ["agent", "finance"])
def test_whoever_sends_nothing_gets_no_file(world: World, role: str) -> None:
    assert world.api.get(PATH, as_=token(f"mbr_{role}", role)).status == 403


def test_each_file_stands_in_the_audit_once(world: World) -> None:
    order = Placed(world)
    asked = span(order)
    parts(world, status="awaiting_review", **asked)
    acts = world.api.listed("/v1/admin/audit?subject=orders", as_=world.ops)
    [act] = [
        each
        for each in acts
        if (each["after"]["list"], each["after"]["from"]) == ("awaiting_review", asked["from"])
    ]
    assert act["action"] == "orders.export"


def test_a_cursor_of_another_file_is_refused(world: World) -> None:
    answer = world.api.get(f"{PATH}?cursor=abc", as_=world.ops)
    assert (answer.status, answer.body["code"]) == (400, "invalid_cursor")
