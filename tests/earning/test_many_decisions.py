"""An event with several decisions: an entry for each, and refunds by each entry's amount."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from chalicelib import ledger
from chalicelib.earning import actions, queries
from chalicelib.earning.routes.bodies import read_event
from chalicelib.earning.rules import PURCHASES, EarningRule
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Unavailable
from chalicelib.ledger.queries import find_pending
from tests.earning.several import BONUS, GROWTH, SEVERAL, UNREACHED, put_in_force
from tests.earning.shop import account_of, points_of, refunded_of, register, sent
from tests.world import World, new_phone, paid, refunded

InForce = Callable[[Sequence[EarningRule]], None]


@pytest.fixture
def in_force(monkeypatch: pytest.MonkeyPatch) -> InForce:
    return lambda rules: put_in_force(monkeypatch, rules)


@pytest.fixture
def phone() -> str:
    return new_phone()


def held_by(member: str) -> tuple[int, int, int]:
    """(points that are spendable, points that are pending, growth)."""
    points, growth = account_of(member), ledger.find_account(ledger.account_of(member, "growth"))
    return points.posted, points.pending, growth.posted


def told(answer: Any) -> list[tuple[str, int, str]]:
    return [(each["rule_id"], each["points"], each["reason"]) for each in answer["explain"]]


GIVEN = [
    ("purchases", 199, "matched"),
    ("bonus", 57, "matched"),
    ("growth", 39, "matched"),
    ("unreached", 0, "below_one_point"),
]


def test_each_giving_rule_makes_an_entry_and_every_rule_is_explained(
    world: World, phone: str, in_force: InForce
) -> None:
    in_force(SEVERAL)
    member, event = register(phone), paid(phone)
    answer = sent(world, event)
    assert (answer["status"], told(answer)) == ("applied", GIVEN)
    assert sorted(entry["rule"] for entry in answer["entries"]) == [
        "bonus",
        "growth",
        "purchases",
    ]
    assert held_by(member) == (199, 57, 39)
    record = queries.find_event("shop-1", event["id"])
    assert record is not None
    assert [(each.rule_id, each.points, each.reason) for each in record.decisions] == GIVEN


def test_a_retry_answers_with_the_first_decisions_whatever_rules_are_in_force(
    world: World, phone: str, in_force: InForce
) -> None:
    in_force(SEVERAL)
    member, event = register(phone), paid(phone)
    first = sent(world, event)
    in_force([PURCHASES])
    assert sent(world, event) == {**first, "status": "duplicate"}
    for number, rules in enumerate(([PURCHASES], [BONUS, UNREACHED], [GROWTH])):
        in_force(rules)
        twin = sent(world, {**event, "id": f"{event['id']}:{number}"})
        assert twin["status"] == "duplicate"
        assert sorted(points_of(twin)) == sorted(points_of(first))
        assert {each for each in told(twin) if each[1]} == set(GIVEN[:3])
    assert held_by(member) == (199, 57, 39)


def test_an_order_of_the_first_release_is_answered_and_refunded_at_its_own_numbers(
    world: World, phone: str, in_force: InForce
) -> None:
    """Purchases alone decide and are stored as in that release."""
    member, event = register(phone), paid(phone)
    first = sent(world, event)
    record = queries.find_event("shop-1", event["id"])
    assert record is not None
    assert set(record.attribute_values) - {"member_id"} == {
        "pk",
        "sk",
        "event_id",
        "order_id",
        "amount",
        "currency",
        "occurred_at",
        "rule",
        "points",
        "reason",
        "digest",
    }
    in_force(SEVERAL)
    assert sent(world, event) == {**first, "status": "duplicate"}
    half, rest = refunded(event, 9_950), refunded(event, 9_950)
    answer = sent(world, half)
    assert told(answer) == [("purchases", -99, "refunded")]
    assert sent(world, half) == {**answer, "status": "duplicate"}
    assert points_of(sent(world, rest)) == [-100]
    assert held_by(member) == (0, 0, 0)


def test_refunds_take_from_each_entry_pro_rata_and_all_of_it_in_the_end(
    world: World, phone: str, in_force: InForce
) -> None:
    in_force(SEVERAL)
    member, event = register(phone), paid(phone)
    sent(world, event)
    in_force([PURCHASES])
    refund = refunded(event, 9_950)
    half = sent(world, refund)
    assert (half["status"], sorted(told(half))) == (
        "applied",
        [("bonus", -28, "refunded"), ("growth", -19, "refunded"), ("purchases", -99, "refunded")],
    )
    assert len(half["entries"]) == 3
    assert held_by(member) == (100, 29, 20)
    assert sent(world, refund) == {**half, "status": "duplicate"}
    for part in (1, 9_948, 1):
        sent(world, refunded(event, part))
    assert held_by(member) == (0, 0, 0)
    assert refunded_of(event) == 19_900
    refused = world.event(refunded(event, 1))
    assert (refused.status, refused.body["code"]) == (409, "refund_exceeds_payment")


def test_a_small_refund_takes_from_the_entries_that_lose_a_whole_point(
    world: World, phone: str, in_force: InForce
) -> None:
    in_force([PURCHASES, GROWTH])
    member, event = register(phone), paid(phone, amount=1_000)
    sent(world, event)
    refund = refunded(event, 100)
    answer = sent(world, refund)
    assert sorted(told(answer)) == [("growth", 0, "refunded"), ("purchases", -1, "refunded")]
    assert points_of(answer) == [-1]
    assert sent(world, refund) == {**answer, "status": "duplicate"}
    assert held_by(member) == (9, 0, 2)


def test_an_order_that_gives_growth_alone_is_marked_and_refunded(
    world: World, phone: str, in_force: InForce
) -> None:
    in_force([GROWTH, UNREACHED])
    member, event = register(phone), paid(phone)
    first = sent(world, event)
    in_force(SEVERAL)
    twin = sent(world, {**event, "id": event["id"] + ":again"})
    assert twin == {**first, "id": twin["id"], "status": "duplicate"}
    assert held_by(member) == (0, 0, 39)
    sent(world, refunded(event, 9_950))
    assert held_by(member) == (0, 0, 20)
    sent(world, refunded(event, 9_950))
    assert held_by(member) == (0, 0, 0)


def test_a_waiting_event_keeps_the_rules_that_were_in_force(
    world: World, phone: str, in_force: InForce
) -> None:
    in_force(SEVERAL)
    event = paid(phone)
    answer = sent(world, event)
    assert (answer["status"], told(answer)) == ("unmatched", GIVEN)
    refund = sent(world, refunded(event, 9_950))
    assert refund["status"] == "unmatched"
    in_force([PURCHASES])
    member = register(phone)
    assert held_by(member) == (100, 29, 20)
    again = sent(world, event)
    assert (again["status"], told(again), len(again["entries"])) == ("duplicate", GIVEN, 3)


def test_a_waiting_refund_takes_from_each_entry_when_its_payment_arrives(
    world: World, phone: str, in_force: InForce
) -> None:
    in_force(SEVERAL)
    member, event = register(phone), paid(phone)
    refund = refunded(event, 9_950)
    assert sent(world, refund)["status"] == "unmatched"
    sent(world, event)
    assert held_by(member) == (100, 29, 20)
    again = sent(world, refund)
    assert (again["status"], len(again["entries"])) == ("duplicate", 3)


def test_a_completed_order_unlocks_all_its_pending_points(
    world: World, phone: str, in_force: InForce
) -> None:
    in_force(SEVERAL)
    member, event = register(phone), paid(phone)
    sent(world, event)
    done = {
        **event,
        "id": event["id"] + ":done",
        "type": "custom.order_completed",
        "data": {"order_id": event["data"]["order_id"]},
    }
    answer = sent(world, done)
    assert sorted(told(answer)) == [
        ("bonus", 57, "unlocked"),
        ("growth", 0, "nothing_pending"),
        ("purchases", 0, "nothing_pending"),
    ]
    assert held_by(member) == (256, 0, 39)
    assert sent(world, done) == {**answer, "status": "duplicate"}


def test_a_retry_after_a_crash_applies_the_recorded_decisions_and_terms(
    world: World, phone: str, in_force: InForce, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_force(SEVERAL)
    member, event = register(phone), paid(phone)
    with monkeypatch.context() as patch:

        def crash(*_: Any) -> None:
            raise Unavailable()

        patch.setattr("chalicelib.ledger.accrue", crash)
        assert world.event(event).status == 503
    assert held_by(member) == (0, 0, 0)
    in_force([PURCHASES])
    before = clock.now()
    answer = sent(world, event)
    assert (answer["status"], told(answer)) == ("applied", GIVEN)
    assert held_by(member) == (199, 57, 39)
    (pending,) = [each for each in answer["entries"] if each["rule"] == "bonus"]
    waiting = find_pending(account_of(member).id, pending["reference"])
    assert waiting is not None
    assert waiting.unlocks_at >= int((before + timedelta(days=7)).timestamp())


@pytest.mark.parametrize("twins", [False, True])
def test_concurrent_copies_of_an_event_make_one_set_of_entries(
    world: World, phone: str, in_force: InForce, twins: bool
) -> None:
    in_force(SEVERAL)
    member, event = register(phone), paid(phone)

    def send(number: int) -> str:
        named = {**event, "id": f"{event['id']}:{number}"} if twins else event
        order = read_event(msgspec.json.encode(named), clock.now(), "shop")
        return actions.receive("shop-1", order, clock.now()).status

    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(send, range(8))).count("applied") == 1
    assert held_by(member) == (199, 57, 39)


def test_an_order_whose_id_begins_with_another_orders_id_has_its_own_receipt(
    world: World, phone: str, in_force: InForce
) -> None:
    in_force(SEVERAL)
    member, event = register(phone), paid(phone)
    longer = paid(phone, order_id=event["data"]["order_id"] + ":purchases", amount=500)
    sent(world, longer)
    assert sent(world, event)["status"] == "applied"
    assert held_by(member) == (204, 57, 40)
    sent(world, refunded(event))
    assert held_by(member) == (5, 0, 1)
