"""Stored forms of an order: the short form and that of earlier releases have the same value."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Unreadable
from chalicelib.kernel.store import packed
from chalicelib.kernel.store.streams import Change
from chalicelib.ledger.rules import NEVER, Account
from chalicelib.ledger.tables import AccountItem
from chalicelib.ledger.tables.rows import AccountRow
from chalicelib.orders import events
from chalicelib.orders.rules.orders import Order, OrderLine, Parcel, Step
from chalicelib.orders.tables import OrderItem
from chalicelib.orders.tables.packing import pack_lines

ids = st.sampled_from(["mbr_aaaaaaaaaaaaaaaaaaaaaaaaaa", "mbr_" + "7" * 26, "prd_1", "", "x" * 40])
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=9)
sums = st.integers(0, 10**12)
lines = st.builds(
    OrderLine,
    texts,
    ids | st.just("prd_" + "a" * 26),
    texts,
    texts,
    st.integers(1, 99),
    sums,
    st.none() | sums,
    sums,
    st.none() | sums,
    st.integers(0, 99),
)
steps = st.builds(
    Step,
    st.sampled_from(["awaiting_review", "cancelled", "a state of later"]),
    st.integers(0, 2**41),
    st.sampled_from(["member", "staff", "system", "a robot"]),
    st.none() | texts,
    st.none() | ids,
    st.none() | st.binary(max_size=12),
    st.none() | st.binary(max_size=12),
)
parcels = st.builds(Parcel, texts, texts, st.dictionaries(texts, st.integers(1, 99), max_size=2))
orders = st.builds(
    Order,
    st.just("ord_1"),
    st.just("mbr_1"),
    st.just("physical"),
    st.just("shipped"),
    sums,
    st.lists(lines, min_size=1, max_size=3).map(tuple),
    sums,
    sums,
    st.binary(max_size=12),
    steps=st.lists(steps, min_size=1, max_size=4).map(tuple),
    parcels=st.lists(parcels, max_size=2).map(tuple),
    cash=sums,
    currency=st.none() | texts,
    method=st.none() | st.sampled_from(["card", "cod", "a new way"]),
    paid=st.none() | texts,
    declined=st.none() | texts,
)


@pytest.fixture
def first_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    before = msgspec.structs.replace(config(), stored_layout=packed.FIRST_LAYOUT)
    monkeypatch.setattr(packed, "config", lambda: before)


def read(image: dict[str, Any]) -> Order:
    order: Order = OrderItem.from_raw_data(image).value()
    return order


@given(order=orders)
def test_an_order_is_read_back_from_its_short_form(order: Order) -> None:
    assert read(OrderItem.of(order).serialize()) == order


@given(order=orders)
def test_points_and_cash_equal_to_the_sums_of_the_lines_are_not_stored(order: Order) -> None:
    points, cash = (sum(getattr(x, each) for x in order.lines) for each in ("points", "cash"))
    image = OrderItem.of(replace(order, points=points, cash=cash)).serialize()
    assert not {"points", "cash"} & set(image)
    assert (read(image).points, read(image).cash) == (points, cash)


@given(many=st.lists(lines, min_size=12, max_size=30).map(tuple))
def test_many_lines_are_never_longer_than_their_rows_and_read_in_both_forms(
    many: tuple[OrderLine, ...],
) -> None:
    order = replace(an_order(), lines=many)
    image, rows = OrderItem.of(order).serialize(), msgspec.msgpack.encode(pack_lines(many))
    assert len(image["lines"]["B"]) <= len(rows)
    assert read(image) == read(image | {"lines": {"B": rows}}) == order


def test_sizes_of_a_shirt_take_a_third_of_their_rows() -> None:
    shirt = OrderLine("TEE-0", f"prd_{'a' * 26}", "纯棉短袖衬衫", "Cotton shirt", 1, 800)
    many = tuple(replace(shirt, sku=f"TEE-RED-{number}") for number in range(12))
    image = OrderItem.of(replace(an_order(), lines=many)).serialize()
    assert 3 * len(image["lines"]["B"]) < len(msgspec.msgpack.encode(pack_lines(many)))
    assert read(image).lines == many


@pytest.mark.parametrize("cut", [0, 1, 40])
def test_deflated_lines_that_are_cut_are_unreadable(cut: int) -> None:
    image = OrderItem.of(replace(an_order(), lines=an_order().lines * 40)).serialize()
    whole = image["lines"]["B"]
    image["lines"] = {"B": whole[: 1 + cut]}
    with pytest.raises(Unreadable):
        read(image)


def an_order() -> Order:
    line = OrderLine("CUP", "prd_1", "保温杯", "Cup", 2, 800, None, 500)
    return Order(
        "ord_1",
        "mbr_1",
        "physical",
        "shipped",
        3,
        (line,),
        800,
        1_000,
        b"c",
        steps=(Step("awaiting_review", 1_000, "member"), Step("shipped", 900, "staff", "n", "m")),
        parcels=(Parcel("SF", "1", {"CUP": 2}),),
        cash=500,
        currency="CNY",
        method="card",
        paid="ch_1",
    )


@pytest.mark.usefixtures("first_layout")
def test_the_first_layout_is_readable_by_earlier_releases() -> None:
    image = OrderItem.of(an_order()).serialize()
    kinds = {name: next(iter(value)) for name, value in image.items()}
    assert (kinds["lines"], kinds["steps"], kinds["parcels"]) == ("S", "S", "S")
    named = {name: image[name] for name in ("points", "cash", "currency", "method", "paid")}
    assert named == {
        "points": {"N": "800"},
        "cash": {"N": "500"},
        "currency": {"S": "CNY"},
        "method": {"S": "card"},
        "paid": {"S": "ch_1"},
    }
    assert "payment" not in image
    assert read(image) == an_order()


def test_the_first_change_of_an_order_of_the_first_layout_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shipped = an_order()
    with monkeypatch.context() as patched:
        before = msgspec.structs.replace(config(), stored_layout=packed.FIRST_LAYOUT)
        patched.setattr(packed, "config", lambda: before)
        older = OrderItem.of(shipped).to_dynamodb_dict()
    now = Step("delivered", 2_000, "staff", "n", "k")
    delivered = replace(shipped, status="delivered", version=4, steps=(*shipped.steps, now))
    newer = OrderItem.of(delivered).to_dynamodb_dict()
    assert {*older["lines"], *newer["lines"]} == {"S", "B"}
    [fact] = events.facts_of(Change("1", older, newer))
    assert fact.type == "order.delivered"


def test_fields_of_a_later_release_are_ignored() -> None:
    image = OrderItem.of(an_order()).serialize()
    for name in ("lines", "steps", "parcels"):
        rows = msgspec.msgpack.decode(image[name]["B"])
        whole = {"lines": 12, "steps": 7, "parcels": 3}[name]
        defaults = [*[None] * 6, None, 0, None, 0, None, None]
        longer = [[*row, *defaults[len(row) : whole], "new"] for row in rows]
        image[name] = {"B": msgspec.msgpack.encode(longer)}
    assert read(image) == an_order()


@pytest.mark.parametrize("name", ["lines", "steps", "parcels", "payment"])
@pytest.mark.parametrize("rows", [[[{}]], {"a": 1}, 7, [[99, 0, 0]]])
def test_rows_of_another_shape_are_unreadable(name: str, rows: Any) -> None:
    image = OrderItem.of(an_order()).serialize()
    image[name] = {"B": msgspec.msgpack.encode(rows)}
    with pytest.raises(Unreadable):
        read(image)


lots = st.dictionaries(st.integers(1, 2**33) | st.just(NEVER), st.integers(1, 10**12), max_size=36)


@given(lots=lots)
def test_lots_are_read_back_from_their_short_form_in_raw_pages_too(
    lots: dict[int, int],
) -> None:
    account = Account("mbr_1:points", posted=sum(lots.values()), lots=lots)
    image = AccountItem.of(account).serialize()
    assert set(image["lots"]) == {"B"}
    assert AccountItem.from_raw_data(image).value() == account
    page = msgspec.json.encode(image)
    row = msgspec.json.Decoder(AccountRow, strict=False).decode(page)
    assert row.value() == account


@pytest.mark.usefixtures("first_layout")
def test_lots_of_the_first_layout_are_a_map() -> None:
    account = Account("mbr_1:points", posted=3, lots={7: 3})
    image = AccountItem.of(account).serialize()
    assert image["lots"] == {"M": {"7": {"N": "3"}}}
    assert AccountItem.from_raw_data(image).value() == account
