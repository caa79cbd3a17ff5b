"""What partners tell of orders counts for tiers: paid, refunded, in whatever order it comes."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.earning.events import facts_of
from chalicelib.earning.tables import EventItem
from chalicelib.kernel.store.facts import Fact, handle
from chalicelib.kernel.store.streams import Change
from chalicelib.tiers import ActivityRecorded, queries
from chalicelib.tiers.events import HEARD
from chalicelib.tiers.rules.ladder import Benefits, Ladder
from tests.conftest import Time
from tests.tiers.rules.ladders import ladder
from tests.world import World, new_phone, paid, refunded


def counted(event: Any) -> list[ActivityRecorded]:
    """What the relay tells of an event as it is stored."""
    item = EventItem.find(*EventItem.key("shop-1", event["id"]))
    return [fact.data for fact in facts_of(Change("1", None, item.to_dynamodb_dict()))]


def told(world: World, event: Any) -> list[ActivityRecorded]:
    answer = world.event(event)
    assert answer.status == 200, answer.body
    return counted(event)


def count(facts: list[ActivityRecorded]) -> None:
    """What the queue of tiers does with them."""
    for each in facts:
        handle(Fact.of(f"tier.activity:{each.reference}", each.counted_at, each), HEARD)


def enrolled(world: World) -> tuple[str, Any]:
    member = world.member()
    return member, {"member_id": member}


def test_a_paid_order_counts_its_amount_once_for_all_its_events(world: World) -> None:
    member, who = enrolled(world)
    payment = paid("", amount=19900, member=who)
    (first,) = told(world, payment)
    assert (first.member_id, first.spend, first.orders) == (member, 19900, 1)
    (other,) = told(world, {**payment, "id": f"{payment['id']}:again"}) or [first]
    assert other.reference == first.reference


def test_refunds_of_a_part_count_each_for_itself(world: World) -> None:
    member, who = enrolled(world)
    payment = paid("", amount=1000, member=who)
    told(world, payment)
    parts = [told(world, refunded(payment, amount)) for amount in (300, 700)]
    assert [(each.member_id, each.spend) for (each,) in parts] == [(member, -300), (member, -700)]
    assert len({each.reference for (each,) in parts}) == 2


@pytest.mark.parametrize("amount", [1000, 60])
def test_an_order_is_undone_by_the_refund_with_which_all_has_gone_back(
    world: World, time: Time, amount: int
) -> None:
    """Whether it gave points or not, and in the month in which it was paid."""
    _, who = enrolled(world)
    payment = paid("", amount=amount, member=who)
    (first,) = told(world, payment)
    time.advance(days=40)
    parts = [told(world, refunded(payment, part)) for part in (10, amount - 20, 10)]
    assert [each.orders for (each,) in parts] == [0, 0, -1]
    assert {each.counted_at for (each,) in parts} == {first.counted_at}


def test_a_refund_that_waits_undoes_its_order_once_it_is_applied(world: World) -> None:
    _, who = enrolled(world)
    payment = paid("", amount=1000, member=who)
    parts = [refunded(payment, 400), refunded(payment, 600)]
    assert [told(world, each) for each in parts] == [[], []]
    (first,) = told(world, payment)
    taken = [counted(each)[0] for each in parts]
    assert sorted(each.orders for each in taken) == [-1, 0]
    assert {each.counted_at for each in taken} == {first.counted_at}


def test_a_full_refund_of_a_partners_order_undoes_the_tier_that_it_earned(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    levels = ladder().levels
    silver = replace(levels[1], thresholds={"orders": 2})
    monkeypatch.setattr(queries, "ladder", lambda: Ladder(levels=[levels[0], silver]))
    member, who = enrolled(world)
    payments = [paid("", amount=1000, member=who) for _ in range(2)]
    kept = [("silver", 400), ("silver", 1), ("normal", 599)]
    for payment in payments:
        count(told(world, payment))
    for tier, part in kept:
        count(told(world, refunded(payments[0], part)))
        assert queries.tier_of(member) == tier
    (sums,) = queries.find_standing(member).months.values()
    assert (sums.spend, sums.orders) == (1000, 1)


def test_a_refund_of_an_order_without_points_counts_too(world: World) -> None:
    member, who = enrolled(world)
    payment = paid("", amount=60, member=who)
    told(world, payment)
    (taken,) = told(world, refunded(payment))
    assert (taken.member_id, taken.spend) == (member, -60)


def test_a_refund_that_waits_counts_once_it_is_applied(world: World) -> None:
    member, who = enrolled(world)
    payment = paid("", amount=1000, member=who)
    early = refunded(payment, 400)
    assert told(world, early) == []
    told(world, payment)
    (taken,) = counted(early)
    assert (taken.member_id, taken.spend) == (member, -400)


def test_an_order_of_somebody_unknown_and_one_in_another_currency_count_nothing(
    world: World,
) -> None:
    assert told(world, paid(new_phone())) == []
    _, who = enrolled(world)
    payment = paid("", member=who)
    payment["data"]["currency"] = "USD"
    assert told(world, payment) == []


def test_the_malls_own_orders_count_by_what_orders_tell(world: World) -> None:
    _, who = enrolled(world)
    payment = paid("", member=who)
    told(world, payment)
    item = EventItem.find(*EventItem.key("shop-1", payment["id"]))
    item.pk = EventItem.key("mall", payment["id"])[0]
    assert facts_of(Change("1", None, item.to_dynamodb_dict())) == []


def test_a_change_of_a_record_that_counts_already_tells_nothing(world: World) -> None:
    _, who = enrolled(world)
    payment = paid("", member=who)
    told(world, payment)
    after = EventItem.find(*EventItem.key("shop-1", payment["id"])).to_dynamodb_dict()
    assert facts_of(Change("2", after, after)) == []
    unmatched = {name: value for name, value in after.items() if name != "member_id"}
    assert len(facts_of(Change("3", unmatched, after))) == 1


@pytest.fixture
def gold_earns_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody is of a tier that earns half as much again."""
    made = ladder(Benefits(multiplier_percent=150))
    monkeypatch.setattr(queries, "ladder", lambda: made)
    monkeypatch.setattr(queries, "tier_of", lambda _: "gold")


@pytest.mark.usefixtures("gold_earns_more")
def test_a_tier_multiplies_the_points_of_a_purchase_and_a_refund_takes_them_back(
    world: World,
) -> None:
    member, who = enrolled(world)
    payment = paid("", amount=10100, member=who)
    answer = world.event(payment).body
    assert {each["rule_id"]: each["points"] for each in answer["explain"]} == {
        "purchases": 101,
        "tier": 50,
    }
    assert world.available(member) == 151
    assert world.event(payment).body["status"] == "duplicate"
    assert world.available(member) == 151
    world.event(refunded(payment))
    assert world.available(member) == 0


@pytest.mark.usefixtures("gold_earns_more")
def test_who_is_not_known_yet_earns_the_usual_points(world: World) -> None:
    assert world.event(paid(new_phone(), amount=10000)).body["explain"][0]["points"] == 100
