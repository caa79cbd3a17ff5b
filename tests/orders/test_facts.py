"""The relay of orders: one fact for each new state, none for what changes no state."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.campaigns import PurchaseChanged
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.streams import Change
from chalicelib.orders import rules
from chalicelib.orders.events import facts_of
from chalicelib.orders.rules import Order, OrderAct, OrderLine, Parcel, Step
from chalicelib.orders.rules.refunds import refund_units
from chalicelib.orders.tables import TakenItem
from tests.orders.streamed import image

pytestmark = pytest.mark.pure

ORDER = Order(
    id="ord_1",
    member_id="mbr_1",
    kind="physical",
    status="awaiting_review",
    version=1,
    lines=(OrderLine("CUP", "prd_1", "保温杯", "Cup", 1, 800),),
    points=800,
    created_at_ms=1_000,
    content=b"c",
    steps=(Step("awaiting_review", 1_000, "member"),),
    address=b"sealed",
)


def advanced(order: Order, *acts: str, note: str | None = None) -> Order:
    for act in acts:
        order = rules.advance(order, OrderAct(act, "staff", "mbr_ops", 2_000, note))
    return order


def news_of(change: Change) -> list[Fact[Any]]:
    """The facts of a change but what campaigns count."""
    return [each for each in facts_of(change) if each.type != PurchaseChanged.TYPE]


def purchases(before: Order | None, after: Order) -> list[tuple[str, int, int]]:
    """What campaigns are told: state, points and units left."""
    change = Change("1", image(before) if before else None, image(after))
    told = [each.data.purchase for each in facts_of(change) if each.type == PurchaseChanged.TYPE]
    return [(each.state, each.points, sum(line.left for line in each.lines)) for each in told]


def test_campaigns_are_told_what_an_order_is_worth_whenever_that_changes() -> None:
    taken = advanced(ORDER, "take")
    shipped = replace(advanced(taken, "approve", "ship"), version=4)
    half, _ = refund_units(
        replace(shipped, lines=(replace(ORDER.lines[0], quantity=2),)),
        {"CUP": 1},
        "rfd_1",
        OrderAct("refund", "staff", "mbr_ops", 2_000),
    )
    assert purchases(None, ORDER) == [("paid", 800, 1)]
    assert purchases(ORDER, taken) == []
    assert purchases(taken, advanced(taken, "reject", note="缺货")) == [("undone", 0, 0)]
    assert purchases(shipped, half) == [("paid", 400, 1)]
    assert purchases(shipped, advanced(shipped, "confirm")) == [("completed", 800, 1)]
    unpaid = replace(ORDER, status="awaiting_payment", cash=100)
    assert purchases(None, unpaid) == purchases(unpaid, advanced(unpaid, "cancel")) == []


def test_a_placed_order_is_a_fact() -> None:
    (fact, _) = news_of(Change("1", None, image(ORDER)))
    assert (fact.id, fact.type) == ("order.awaiting_review:ord_1", "order.awaiting_review")
    assert fact.data.title == {"zh-CN": "保温杯", "en": "Cup"}
    assert (fact.data.member_id, fact.data.points) == ("mbr_1", 800)


def test_each_new_state_is_a_fact_of_its_own() -> None:
    taken = advanced(ORDER, "take")
    (fact,) = news_of(Change("1", image(ORDER), image(taken)))
    assert (fact.type, fact.occurred_at) == ("order.in_review", "1970-01-01T00:00:02Z")
    rejected = advanced(taken, "reject", note="缺货")
    (fact,) = news_of(Change("1", image(taken), image(rejected)))
    assert fact.data.reason == "缺货"
    approved = advanced(taken, "approve")
    parcel = Parcel("SF", "SF1", {"CUP": 1})
    shipped = replace(advanced(approved, "ship"), parcels=(parcel,))
    (fact,) = news_of(Change("1", image(approved), image(shipped)))
    assert (fact.data.carrier, fact.data.tracking_number) == ("SF", "SF1")


def test_a_change_without_a_new_state_is_no_fact() -> None:
    handed = replace(ORDER, codes=b"sealed", version=2)
    assert news_of(Change("1", image(ORDER), image(handed))) == []
    assert news_of(Change("1", image(ORDER), None)) == []
    counter = TakenItem.key("mbr_1", "prd_1")
    counter.taken = 1
    assert news_of(Change("1", None, counter.to_dynamodb_dict())) == []


def test_goods_are_told_of_once_when_they_are_paid_or_need_no_payment() -> None:
    unpaid = replace(ORDER, status="awaiting_payment")
    ended = replace(ORDER, status="cancelled")
    for before, after in ((None, ORDER), (unpaid, ORDER)):
        seen = None if before is None else image(before)
        (_, goods) = news_of(Change("1", seen, image(after)))
        assert (goods.id, goods.data.units) == ("catalog.goods_ordered:ord_1", {"prd_1": 1})
    for before, after in ((None, unpaid), (unpaid, ended), (ORDER, advanced(ORDER, "take"))):
        seen = None if before is None else image(before)
        told = [fact.type for fact in news_of(Change("1", seen, image(after)))]
        assert "catalog.goods_ordered" not in told


def test_a_fact_has_no_personal_data() -> None:
    (fact, _) = news_of(Change("1", None, image(ORDER)))
    assert "address" not in msgspec.to_builtins(fact.data)
    assert "codes" not in msgspec.to_builtins(fact.data)


def test_each_refund_is_a_fact_of_its_own() -> None:
    from chalicelib.orders.rules.refunds import refund_units

    line = OrderLine("CUP", "prd_1", "保温杯", "Cup", 2, 800, None, 1980)
    paid = replace(ORDER, lines=(line,), status="completed", cash=1980, currency="CNY", paid="ch_1")
    act = OrderAct("refund", "staff", "mbr_ops", 3_000, "破损", content=b"r")
    refunded, _ = refund_units(paid, {"CUP": 1}, "rfd_1", act)
    fact, counted, money = news_of(Change("1", image(paid), image(refunded)))
    assert (counted.type, counted.data.spend) == ("tier.activity", -990)
    assert (money.type, money.data.paid) == ("earning.order_money", 1980)
    assert money.data.refunded == 990
    assert (fact.id, fact.type) == ("order.refunded:rfd_1", "order.refunded")
    told = (fact.data.points, fact.data.cash, fact.data.currency, fact.data.reason)
    assert told == (400, 990, "CNY", "破损")
    again, _ = refund_units(refunded, {}, "rfd_2", act)
    second, *_ = news_of(Change("2", image(refunded), image(again)))
    assert second.data.refund_id == "rfd_2"


def test_uncollected_cash_is_not_reported_as_refunded() -> None:
    from chalicelib.orders.rules.refunds import refund_units, return_to_sender

    line = OrderLine("CUP", "prd_1", "保温杯", "Cup", 2, 800, None, 1980)
    due = replace(ORDER, lines=(line,), status="shipped", cash=1980, currency="CNY", method="cod")
    act = OrderAct("refund", "staff", "mbr_ops", 3_000, "破损", content=b"r")
    part, _ = refund_units(due, {"CUP": 1}, "rfd_1", act)
    back, _ = return_to_sender(part, "rfd_2", act)
    for before, after in ((due, part), (part, back)):
        (fact,) = news_of(Change("1", image(before), image(after)))
        assert (fact.type, fact.data.points, fact.data.cash) == ("order.refunded", 400, 0)
