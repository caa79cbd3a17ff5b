"""The staff finds an order by its id, member, phone, e-mail, parcel or code."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.catalog.tables.pools import CodeItem, pool_key
from chalicelib.kernel import clock
from chalicelib.members.actions.registrations import enrol
from chalicelib.members.queries import destination_of
from chalicelib.orders import events
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.tables import ORDER, OrderItem, OrdersItem, TrackingItem
from infra.cli.main import main
from tests.api import new_key, token
from tests.orders.codes import codes_of, completed
from tests.orders.placed import Placed, to_approved
from tests.world import World, new_phone

FILTERS = ("id", "member_id", "phone", "email", "tracking_number", "code")


def page(world: World, *, as_: str | None = None, **asked: Any) -> Any:
    return world.api.get(f"/v1/admin/orders?{urlencode(asked)}", as_=as_ or world.ops)


def found(world: World, **asked: Any) -> list[str]:
    answer = page(world, **asked)
    assert answer.status == 200, answer.body
    return [order["id"] for order in answer.body["data"]]


def shipped(world: World, number: str) -> Placed:
    order = Placed(world)
    to_approved(order)
    sent = order.staff("ship", {"carrier": "SF", "tracking_number": number})
    assert sent.status == 200, sent.body
    return order


def number_of() -> str:
    """A tracking number that no other test has, as its carrier prints it."""
    digits = str(int.from_bytes(new_key().encode()[-6:], "big"))
    return f"sf {digits[:6]}-{digits[6:]}"


def test_an_order_is_found_by_its_id(world: World) -> None:
    order = Placed(world)
    assert found(world, id=order.id) == found(world, q=f" {order.id} ") == [order.id]
    shouted = order.id.upper()
    assert found(world, id=shouted) == found(world, q=shouted) == [order.id]
    assert found(world, id="ord_nobody") == found(world, id=order.member) == []
    assert page(world, id=" ").body["errors"][0]["code"] == "blank"


def test_all_orders_of_a_member_are_found_newest_first(world: World) -> None:
    phone, address = new_phone(), f"{new_key()}@example.com"
    member = enrol(destination_of(phone=phone), roles=(), now=clock.now())
    mail = enrol(destination_of(email=address), roles=(), now=clock.now())
    sku = world.sku(points=10, stock=9, kind="service")
    orders = {}
    for each in (member, mail):
        world.give(each, 100)
        booking = {"booking": {"at": "2099-01-01T00:00:00Z"}}
        placed = [world.order(each, sku, 1, **booking).body["id"] for _ in range(3)]
        orders[each] = placed[::-1]
    cancelled = orders[member][1]
    reviewed = f"/v1/admin/orders/{cancelled}/refunds"
    world.api.post(reviewed, {"reason": "x"}, as_=world.ops, key=new_key())
    local = phone.removeprefix("+86")
    spaced = f"{local[:3]} {local[3:7]}-{local[7:]}"
    for asked in (
        {"member_id": member},
        {"phone": phone},
        {"phone": local},
        {"phone": spaced},
        {"q": member},
        {"q": phone},
        {"q": spaced},
        {"q": member.upper()},
        {"member_id": member.upper()},
    ):
        assert found(world, **asked) == orders[member], asked
    for asked in ({"email": address.upper()}, {"q": address}, {"member_id": mail}):
        assert found(world, **asked) == orders[mail], asked
    for asked in (
        {"member_id": "mbr_nobody"},
        {"phone": new_phone()},
        {"email": "nobody@example.com"},
        {"q": "mbr_nobody"},
        {"q": new_phone()},
        {"q": "nobody@example.com"},
    ):
        assert found(world, **asked) == [], asked


def test_an_order_is_found_by_a_tracking_number_in_any_spelling(world: World) -> None:
    number = number_of()
    first = shipped(world, number)
    plain = number.replace(" ", "").replace("-", "").upper()
    second = shipped(world, plain)
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in plain)
    for typed in (number, plain, plain.lower(), f" {plain[:4]} {plain[4:]}", wide):
        asked = ({"tracking_number": typed}, {"q": typed})
        assert [found(world, **each) for each in asked] == [[second.id, first.id]] * 2, typed
    for typed in (plain[:-1], "-"):
        assert found(world, tracking_number=typed) == []
    shown = page(world, tracking_number=plain).body["data"]
    assert {parcel["tracking_number"] for each in shown for parcel in each["parcels"]} == {
        number.replace(" ", "").upper(),
        plain,
    }


def test_each_parcel_of_an_order_finds_it(world: World) -> None:
    order = Placed(world)
    to_approved(order)
    numbers = [number_of(), number_of()]
    for number in numbers:
        line = {"sku": order.sku, "quantity": 1}
        parcel = {"carrier": "SF", "tracking_number": number, "lines": [line]}
        assert order.staff("ship", parcel).status == 200
    assert [found(world, tracking_number=number) for number in numbers] == [[order.id]] * 2


def test_a_refused_parcel_is_not_found(world: World) -> None:
    order, number = Placed(world), number_of()
    assert order.staff("ship", {"carrier": "SF", "tracking_number": number}).status == 409
    assert found(world, tracking_number=number) == []


def virtual(world: World, codes: list[str]) -> tuple[str, str]:
    """A member's order of virtual goods, and its SKU, whose pool holds these codes."""
    member, sku = world.member(500), world.sku(kind="virtual", stock=0)
    world.codes(sku, codes)
    order_id, fact = completed(world, member, sku, len(codes))
    events.fulfil(fact)
    assert set(codes_of(world, member, order_id)) == set(codes)
    return order_id, sku


def test_an_order_is_found_by_its_code_and_the_code_stays_hidden(world: World) -> None:
    code = f"Gift-{new_key()}"
    order_id, _ = virtual(world, [code, f"Other-{new_key()}"])
    for typed in (code, code.lower(), f" {code.replace('-', ' ')} "):
        assert found(world, code=typed) == found(world, q=typed) == [order_id], typed
    answer = page(world, code=code)
    assert answer.body["data"][0]["lines"][0]["codes"] == []
    assert code not in str(answer.body)
    assert found(world, code=f"{code}x") == []


def test_a_code_in_two_pools_finds_both_orders_and_a_free_one_finds_none(world: World) -> None:
    code = f"TWICE-{new_key()}"
    first, _ = virtual(world, [code])
    free = world.sku(kind="virtual", stock=0)
    world.codes(free, [code])
    assert found(world, code=code) == [first]
    second, _ = virtual(world, [code])
    assert found(world, code=code) == [second, first]


def test_codes_are_looked_up_by_a_hash_and_never_stored_in_the_clear(world: World) -> None:
    code = f"CLEAR-{new_key()}"
    _, sku = virtual(world, [code])
    [item] = CodeItem.query(pool_key(sku), CodeItem.sk.startswith("ISSUED#"))
    assert item.lookup
    assert code.removeprefix("CLEAR-").upper() not in str(item.serialize()).upper()


@pytest.mark.parametrize("by", ["id", "member_id", "tracking_number", "code", "q"])
@pytest.mark.parametrize("letter", ["\ufdfa", "积", "-", "é"])
def test_a_text_that_becomes_empty_or_too_long_by_tidying_finds_nothing(
    world: World, by: str, letter: str
) -> None:
    answer = page(world, **{by: letter * 80})
    if answer.status == 400:
        assert [(x["field"], x["code"]) for x in answer.body["errors"]] == [(by, "too_long")]
    else:
        assert (answer.status, answer.body["data"]) == (200, [])


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"id": "ord_1", "code": "x"}, "code"),
        ({"phone": "13800138000", "email": "a@example.com"}, "email"),
        ({"member_id": "mbr_1", "status": "approved"}, "status"),
        ({"q": "x", "status": "approved"}, "status"),
        ({"q": "x", "tracking_number": "y"}, "q"),
        ({"phone": "12"}, "phone"),
        ({"phone": "   "}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"code": ""}, "code"),
        ({"status": "lost"}, "status"),
        ({"tracking_number": "x" * 81}, "tracking_number"),
    ],
)
def test_conflicting_or_malformed_filters_are_refused_by_name(
    world: World, asked: dict[str, str], field: str
) -> None:
    answer = page(world, **asked)
    assert (answer.status, answer.body["code"]) == (400, "invalid_request"), answer.body
    assert [each["field"] for each in answer.body["errors"]] == [field]


@pytest.mark.parametrize(
    ("role", "status"),
    [("agent", 200), ("ops", 200), ("admin", 200), ("finance", 200), ("member", 403)],
)
@pytest.mark.parametrize("by", [*FILTERS, "q"])
def test_each_role_that_reads_orders_may_search_them(
    world: World, by: str, role: str, status: int
) -> None:
    value = {"phone": "13800138000", "email": "a@example.com"}.get(by, "ord_nobody")
    staff = token("mbr_7dq2kzvdkwqymh6dz4wmbyzixe", *([] if role == "member" else [role]))
    assert page(world, as_=staff, **{by: value}).status == status


def test_a_search_has_pages_and_a_cursor_works_for_its_own_filters_only(world: World) -> None:
    number, member = number_of(), world.member(500)
    by_number = [shipped(world, number).id for _ in range(3)][::-1]
    sku = world.sku(points=10, stock=9, kind="service")
    booking = {"booking": {"at": "2099-01-01T00:00:00Z"}}
    mine = [world.order(member, sku, 1, **booking).body["id"] for _ in range(3)][::-1]
    phone = {"phone": new_phone()}
    asked: list[tuple[dict[str, Any], list[str]]] = [
        *(({name: number}, by_number) for name in ("tracking_number", "q")),
        *(({name: member}, mine) for name in ("member_id", "q")),
    ]
    cursors = []
    for each, wanted in asked:
        first = page(world, limit=2, **each).body
        assert [order["id"] for order in first["data"]] == wanted[:2]
        cursors.append(first["next_cursor"])
        rest = page(world, limit=2, cursor=cursors[-1], **each).body
        assert [order["id"] for order in rest["data"]] == wanted[2:]
        assert rest["next_cursor"] is None
    more = {"status": "approved", "id": mine[0], "code": number, "member_id": "mbr_nobody"}
    others: list[dict[str, Any]] = [
        *(each for each, _ in asked),
        *({"tracking_number": f"{number}1"}, {"q": mine[0]}),
        *({name: value} for name, value in more.items()),
    ]
    for number_of_list, cursor in enumerate(cursors):
        for position, each in enumerate(others):
            if position != number_of_list:
                refused = page(world, cursor=cursor, **each)
                assert (refused.status, refused.body["code"]) == (400, "invalid_cursor"), each
    assert page(world, **phone).body == {"data": [], "next_cursor": None}


def test_parcels_and_codes_of_an_earlier_release_are_found_after_indexing(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    number, code = number_of(), f"OLD-{new_key()}"
    order = shipped(world, number)
    order_id, sku = virtual(world, [code])
    kept = get_order(order.id)
    look_up = TrackingItem.of(kept.id, kept.created_at_ms, number)
    assert look_up is not None
    look_up.delete()
    [item] = CodeItem.query(pool_key(sku), CodeItem.sk.startswith("ISSUED#"))
    item.update([CodeItem.lookup.remove()])
    assert found(world, tracking_number=number) == found(world, code=code) == []
    for _ in range(2):
        assert main(["orders", "index"]) == 0
        assert "findable by tracking number" in capsys.readouterr().out
        assert found(world, tracking_number=number) == [order.id]
        assert found(world, code=code) == [order_id]
    assert get_order(order.id) == kept


@pytest.mark.parametrize("is_marked", [False, True])
def test_a_list_by_state_shows_ended_orders_of_an_earlier_release(
    world: World, is_marked: bool
) -> None:
    member, sku = world.member(100), world.sku(points=1)
    address, as_ = world.address(member), token(member)
    orders = [world.order(member, sku, address_id=address).body["id"] for _ in range(3)]
    for order_id in orders[:2]:
        path = f"/v1/orders/{order_id}/cancel"
        assert world.api.post(path, None, as_=as_, key=new_key()).status == 200
        OrdersItem(order_id, ORDER).update([OrdersItem.ended.remove()])
    if is_marked:
        assert main(["orders", "index"]) == 0
        assert OrderItem.find(orders[0], ORDER).ended == "cancelled"
    for status, wanted in (("cancelled", orders[1::-1]), ("awaiting_review", orders[2:])):
        shown: list[str] = []
        cursor = ""
        for _ in wanted:
            listed = world.api.get(f"/v1/me/orders?status={status}&limit=1{cursor}", as_=as_).body
            shown += [each["id"] for each in listed["data"]]
            cursor = f"&cursor={listed['next_cursor']}"
        assert (shown, listed["next_cursor"]) == (wanted, None)
