"""States of orders, their queues and their figures."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.orders.errors import DISPUTE_LOST, MixedKinds, OrderDisputed
from chalicelib.orders.rules import (
    NEXT,
    CashEvent,
    OrderLine,
    Parcel,
    Refund,
    Step,
    advance,
    by_product,
    next_status,
    one_kind,
    queue_of,
    record,
)
from chalicelib.orders.rules.lists import IN_FLOW, LISTS, SHARDS
from tests.orders.rules.making import STATUSES, WAYS, A, B, act, all_refunded, order

pytestmark = pytest.mark.pure

ACTS = (
    *("pay", "cancel", "time_out", "take", "approve", "reject", "ship", "deliver", "confirm"),
    *("use", "lapse", "miss", "reschedule"),
)
UNPAID = {"cancel": "cancelled", "time_out": "cancelled"}
ON_THE_WAY = {"deliver": "delivered", "confirm": "completed"}
AT_THE_COUNTER = {"use": "completed", "lapse": "completed"}
# Written out once more, by hand: (way, state) -> what each act makes of it; other pairs refuse.
ALLOWED: dict[tuple[str, str], dict[str, str]] = {
    ("physical", "awaiting_payment"): {"pay": "awaiting_review", **UNPAID},
    ("physical", "awaiting_review"): {"cancel": "cancelled", "take": "in_review"},
    ("physical", "in_review"): {"approve": "approved", "reject": "rejected"},
    ("physical", "approved"): {"ship": "shipped"},
    ("physical", "shipped"): ON_THE_WAY,
    ("physical", "delivered"): {"confirm": "completed"},
    ("pickup", "awaiting_payment"): {"pay": "awaiting_review", **UNPAID},
    ("pickup", "awaiting_review"): {"cancel": "cancelled", "take": "in_review"},
    ("pickup", "in_review"): {"approve": "approved", "reject": "rejected"},
    ("pickup", "approved"): AT_THE_COUNTER,
    ("virtual", "awaiting_payment"): {"pay": "completed", **UNPAID},
    ("service", "awaiting_payment"): {"pay": "approved", **UNPAID},
    ("service", "approved"): {**AT_THE_COUNTER, "miss": "approved", "reschedule": "approved"},
}
# No order of these goods comes to these states; the table says so for goods of any way.
ALLOWED |= {
    (way, before): acts
    for way in ("pickup", "virtual", "service")
    for before, acts in {
        "awaiting_review": {"cancel": "cancelled", "take": "in_review"},
        "in_review": {"approve": "approved", "reject": "rejected"},
        "shipped": ON_THE_WAY,
        "delivered": {"confirm": "completed"},
    }.items()
}
LOST = CashEvent("dispute_lost", "dp_1", 3_500, "CNY", 0)
WON = CashEvent("dispute_won", "dp_1", 3_500, "CNY", 0)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ACTS)
def test_an_act_leads_to_its_state_or_is_refused(way: str, status: str, name: str) -> None:
    one = order(status, **WAYS[way])
    following = ALLOWED.get((way, status), {}).get(name)
    if following:
        after = advance(one, act(name))
        assert (after.status, after.version) == (following, one.version + 1)
        return
    with pytest.raises(NotAllowedInThisState) as refused:
        advance(one, act(name))
    assert refused.value.facts["status"] == status


def test_the_table_has_no_other_rows() -> None:
    rows = {
        (name, way, before): after
        for (name, of_way, before), after in NEXT.items()
        for way in ([of_way] if of_way else WAYS)
    }
    assert rows == {
        (name, way, before): after
        for (way, before), acts in ALLOWED.items()
        for name, after in acts.items()
    }
    assert {name for name, _, _ in NEXT} == set(ACTS)


def test_a_refusal_names_the_state_in_the_words_of_its_goods() -> None:
    for kind, word in (("service", "To be used"), ("physical", "To be shipped")):
        with pytest.raises(NotAllowedInThisState) as refused:
            next_status(order("approved", kind=kind), "approve")
        assert word in refused.value.detail("en")


def test_a_fully_refunded_order_refuses_every_act_with_that_reason() -> None:
    with pytest.raises(NotAllowedInThisState) as refused:
        next_status(all_refunded(order()), "ship")
    assert refused.value.facts["status"] == "approved"
    assert "已全部退款" in refused.value.detail("zh-CN")
    assert "Refunded in full" in refused.value.detail("en")


def test_a_disputed_order_and_one_with_a_lost_dispute_refuse_acts() -> None:
    disputed = order(disputed=True)
    with pytest.raises(OrderDisputed) as waiting:
        next_status(disputed, "ship")
    with pytest.raises(OrderDisputed) as lost:
        next_status(replace(disputed, cash_events=(LOST,)), "ship")
    with pytest.raises(OrderDisputed) as again:
        next_status(replace(disputed, cash_events=(LOST, WON)), "ship")
    assert lost.value.detail("en") == DISPUTE_LOST.en
    assert waiting.value.detail("en") == again.value.detail("en") == OrderDisputed.hint.en


def test_an_act_is_recorded_as_a_step_with_its_actor_key_and_content() -> None:
    made = act("ship", 7, note="SF1", key=b"k", content=b"c")
    after = advance(order(), made)
    assert (after.status, after.version) == ("shipped", 2)
    assert after.steps[-1] == Step("shipped", 7, "staff", "SF1", "mbr_ops", b"k", b"c")
    assert after.steps[:-1] == order().steps
    assert record(order(), act()).steps[-1].content is None


def test_an_order_holds_goods_of_one_kind() -> None:
    assert one_kind(["virtual", "virtual"]) == "virtual"
    with pytest.raises(MixedKinds):
        one_kind(["virtual", "service"])
    with pytest.raises(MixedKinds):
        one_kind([])


def test_quantities_of_an_order_are_summed_by_product() -> None:
    other = OrderLine("A2", "prd_a", "杯子", "Cup", 2, 0)
    assert by_product([A, B, other]) == {"prd_a": 5, "prd_b": 1}


def test_an_unpaid_order_waits_for_its_payment_for_half_an_hour() -> None:
    assert queue_of(order("awaiting_payment")) == ("payment", 1_000 + 30 * 60 * 1000)
    assert queue_of(order("awaiting_payment", unsettled=True)) == ("payment", 1_801_000)


def test_an_order_is_in_the_queue_of_its_next_step() -> None:
    steps = (
        Step("awaiting_review", 5, "member"),
        Step("in_review", 7, "staff"),
        Step("x", 9, "staff"),
    )
    for status in ("awaiting_review", "in_review", "approved"):
        assert queue_of(order(status, steps=steps)) == (status, 1_000)
    ten_days = 10 * 24 * 3600 * 1000
    assert queue_of(order("shipped", steps=steps)) == ("receipt", 9 + ten_days)
    assert queue_of(order("delivered", steps=steps)) == ("delivered", 9 + ten_days)
    assert queue_of(order("cancelled", steps=steps, unsettled=True)) == ("unsettled", 9)
    for status in ("completed", "cancelled", "rejected"):
        queue, place_ms = queue_of(order(status))
        assert queue in LISTS[status].queues
        assert place_ms == 1_000
    assert queue_of(all_refunded(order("approved")))[0] in LISTS["refunded"].queues


def test_an_order_is_decided_at_its_payment_or_its_end_and_otherwise_when_placed() -> None:
    waits = Step("awaiting_payment", 5, "member")
    later = (Step("approved", 9, "provider"), Step("shipped", 20, "staff"))
    assert order(steps=(waits,)).decided_at_ms == 5
    assert order(steps=(waits, *later)).decided_at_ms == 9
    assert order(steps=later).decided_at_ms == 9


def test_units_refunded_before_the_payment_lower_the_cash() -> None:
    refunds = (
        Refund("rfd_1", 10, 400, 0, b"", lowers=True),
        Refund("rfd_2", 20, 100, 0, b""),
    )
    one = order(refunds=refunds)
    assert (one.points_refunded, one.cash_refunded, one.cash_returned) == (30, 500, 100)
    assert one.cash_taken == 3_500 - 400


def test_refunded_units_count_first_among_the_unshipped_ones() -> None:
    lines = (OrderLine("A", "p", "杯", "Cup", 3, 0, refunded=1), B)
    parcel = Parcel("SF", "1", {"A": 1, "B": 1})
    assert order(lines=lines, parcels=(parcel,)).unshipped() == {"A": 1}
    assert order(lines=lines).unshipped() == {"A": 2, "B": 1}


def test_points_are_held_first_when_a_provider_charges_cash() -> None:
    assert order().was_held
    assert not order(method="cod").was_held
    assert not order(cash=0).was_held
    assert order().reference == "order:ord_1"


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("method", [None, "cod"])
def test_an_order_stands_in_one_list_at_any_time(status: str, method: str | None) -> None:
    steps = (Step(status, 9, "member"),)
    for one in (
        order(status, steps=steps, method=method),
        all_refunded(order(status, steps=steps, method=method)),
        order(status, steps=steps, method=method, unsettled=True),
    ):
        queue, _ = queue_of(one)
        names = {name for name in LISTS if queue in LISTS[name].queues}
        # Goods whose cash is not here yet are a part of those that are shipped.
        assert names == {"uncollected", "shipped"} if queue == "uncollected" else len(names) == 1


def test_ended_orders_are_spread_over_all_queues_of_their_list() -> None:
    ended = [replace(order("completed"), id=f"ord_{number}") for number in range(400)]
    counts = [sum(queue_of(each)[0] == one for each in ended) for one in LISTS["completed"].queues]
    assert len(counts) == SHARDS
    assert min(counts) > 20


def test_whoever_reads_the_lists_in_the_flow_of_orders_misses_none() -> None:
    assert set(IN_FLOW) == set(LISTS) - {"uncollected"}
    for (_, kind, before), after in NEXT.items():
        assert IN_FLOW.index(before) <= IN_FLOW.index(after), (kind, before, after)
