"""Past events held against rules: limits in memory agree with plain arithmetic; periods."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.earning.rules import RefundedOrder
from chalicelib.earning.rules.deciding import Program
from chalicelib.earning.rules.decisions import MATCHED, PURCHASES, Decision, Multiplier
from chalicelib.earning.rules.definitions import Rule
from chalicelib.earning.rules.evaluation import compile_rules
from chalicelib.earning.rules.replaying import (
    MOST_ORDERS,
    Awarded,
    Counters,
    Line,
    Payment,
    give_back,
    pay,
    percent_then,
    total_of,
)
from chalicelib.earning.rules.replays import Replay, check_period, tried_in
from chalicelib.kernel.errors import Invalid
from tests.earning.rules.drafts import ZONE, draft, paid, rule

pytestmark = pytest.mark.pure

DAY = date(2026, 11, 24)


def program(*rules: Rule, built_in: bool = False) -> Program:
    return Program(compile_rules(rules), [PURCHASES] if built_in else [], "CNY", ZONE)


def payment(amount: int, order: str = "o", member: str = "m", **given: Any) -> Payment:
    occasion = paid(amount=amount, items=(), **given)
    return Payment(order, member, occasion, [Decision("purchases", 3, MATCHED)], lambda: 100)


def refund(amount: int) -> RefundedOrder:
    return RefundedOrder(
        id="r",
        order_id="o",
        occurred_at_ms=0,
        digest=b"",
        member_id="m",
        identity=None,
        amount=amount,
        currency="CNY",
    )


def test_a_line_tells_what_was_paid_and_what_would_be() -> None:
    counters = Counters()
    line = pay(program(rule(), built_in=True), "rul_a", "points", counters, payment(10_000), DAY)
    assert line == Line(events=1, matched=1, paid=3, would=200, by_rule=100)
    assert len(counters.touched) == 1
    growth = pay(program(rule()), "rul_a", "growth", counters, payment(10_000), DAY)
    assert growth == Line(events=1, matched=1)


def test_a_rule_that_matches_beyond_its_limits_is_matched_and_gives_nothing() -> None:
    counters, of = Counters(), program(rule(caps={"member_day": 0}))
    assert pay(of, "rul_a", "points", counters, payment(10_000), DAY).matched == 1
    assert (counters.touched, counters.orders) == (set(), {})


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["m", "n"]),
        st.integers(0, 9),  # days on
        st.integers(1, 60_000),
        st.integers(0, 100),  # percent of it that goes back at once
    ),
    max_size=30,
)


@given(STEPS, st.integers(0, 300), st.integers(0, 500), st.integers(0, 2_000))
def test_limits_in_memory_agree_with_plain_arithmetic(
    steps: list[tuple[str, int, int, int]], of_day: int, of_life: int, budget: int
) -> None:
    made = rule(caps={"member_day": of_day, "member_life": of_life}, budget=budget)
    of, counters, day = program(made), Counters(), DAY
    days: dict[tuple[str, date], int] = {}
    life: dict[str, int] = {}
    left = budget
    for number, (member, on, amount, back) in enumerate(steps):
        day += timedelta(on // 5)
        order = f"o{number}"
        line = pay(of, "rul_a", "points", counters, payment(amount, order, member), day)
        wanted = amount // 100
        cut = min(wanted, of_day - days.get((member, day), 0), of_life - life.get(member, 0))
        expected = cut if cut <= left else 0
        assert line.by_rule == expected
        gone = expected * (amount * back // 100) // amount
        give_back(counters, order, refund(amount * back // 100), day)
        left -= expected - gone
        days[member, day] = days.get((member, day), 0) + expected - gone
        life[member] = life.get(member, 0) + expected - gone
        counters = Counters.unpacked(counters.packed())
    assert counters.left.get("rul_a", budget) == left


def test_a_budget_that_the_rest_does_not_cover_gives_nothing_and_stays() -> None:
    of, counters = program(rule(budget=150)), Counters()
    given = [
        pay(of, "rul_a", "points", counters, payment(a, f"{a}"), DAY).by_rule
        for a in (10_000, 9_900, 5_000)
    ]
    assert given == [100, 0, 50]


def test_refunds_give_back_once_what_the_order_got_and_others_nothing() -> None:
    of, counters = program(rule(budget=150)), Counters()
    pay(of, "rul_a", "points", counters, payment(10_000), DAY)
    for amount, left in ((2_500, 75), (7_500, 150)):
        give_back(counters, "o", refund(amount), DAY)
        assert counters.left == {"rul_a": left}
    give_back(counters, "other", refund(10_000), DAY)
    assert counters.left == {"rul_a": 150}


def test_a_day_that_is_over_keeps_what_a_later_refund_takes_back() -> None:
    of, counters = program(rule(caps={"member_day": 100, "member_month": 120})), Counters()
    pay(of, "rul_a", "points", counters, payment(10_000), DAY)
    give_back(counters, "o", refund(10_000), DAY + timedelta(1))
    next_day = pay(of, "rul_a", "points", counters, payment(30_000, "p"), DAY + timedelta(1))
    assert next_day.by_rule == 100


def test_the_oldest_orders_are_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.earning.rules.replaying.MOST_ORDERS", 2)
    of, counters = program(rule(budget=1_000)), Counters()
    for number in range(3):
        pay(of, "rul_a", "points", counters, payment(10_000, f"{number}"), DAY)
    give_back(counters, "0", refund(10_000), DAY)
    assert counters.left == {"rul_a": 700}
    give_back(counters, "2", refund(10_000), DAY)
    assert counters.left == {"rul_a": 800}
    assert MOST_ORDERS > 2


def test_the_tier_of_that_time_is_read_off_the_decisions() -> None:
    by_tier = Decision("tier", 50, MATCHED, multiplier=Multiplier(150, "down"))
    assert percent_then([Decision("purchases", 100, MATCHED), by_tier]) == 150
    assert percent_then([Decision("purchases", 100, MATCHED)]) == 100
    assert percent_then([Decision("purchases", 0, "below_one_point")]) is None
    assert percent_then([Decision("rul_a", 5, MATCHED, "growth")]) is None


def test_a_tier_multiplies_what_a_draft_gives() -> None:
    seen = payment(10_000)._replace(percent=lambda: 150)
    line = pay(program(rule()), "rul_a", "points", Counters(), seen, DAY)
    assert (line.would, line.by_rule) == (150, 100)


@pytest.mark.parametrize(
    ("first", "last", "age_days", "field"),
    [
        (DAY, DAY + timedelta(1), 400, "to"),
        (DAY, DAY - timedelta(1), 400, "to"),
        (DAY - timedelta(92), DAY, 400, "to"),
        (DAY - timedelta(401), DAY - timedelta(400), 400, "from"),
        (DAY - timedelta(401), DAY - timedelta(400), 0, None),
        (DAY - timedelta(91), DAY, 400, None),
        (DAY - timedelta(400), DAY - timedelta(400), 400, None),
        (DAY, DAY, 400, None),
    ],
)
def test_a_period_is_past_in_order_young_and_short(
    first: date, last: date, age_days: int, field: str | None
) -> None:
    if field is None:
        check_period(first, last, DAY, age_days)
        return
    with pytest.raises(Invalid) as refused:
        check_period(first, last, DAY, age_days)
    assert [each.field for each in refused.value.fields] == [field]


NEXT = {"from": "2026-11-30T16:00:00Z"}


@pytest.mark.parametrize(
    ("valid", "rest", "lifted"),
    [
        (None, None, False),
        ({"weekdays": [2]}, {"weekdays": [2]}, False),
        (NEXT, None, True),
        ({**NEXT, "weekdays": [2]}, {"weekdays": [2]}, True),
        ({"from": "2026-11-30T15:59:59Z"}, {"from": "2026-11-30T15:59:59Z"}, False),
        ({"until": "2026-10-31T16:00:00Z"}, None, True),
        ({"until": "2026-10-31T16:00:01Z"}, {"until": "2026-10-31T16:00:01Z"}, False),
    ],
)
def test_a_rule_of_another_month_is_tried_without_its_from_and_until(
    valid: Any, rest: Any, lifted: bool
) -> None:
    tried = tried_in(draft(valid=valid), date(2026, 11, 1), date(2026, 11, 30))
    assert tried == (draft(valid=rest), lifted)


def replay(**given: Any) -> Replay:
    told = {
        "id": "job_x",
        "rule_id": "rul_a",
        "version": 1,
        "unit": "points",
        "made_by": "mbr_x",
        "content": b"",
        "created_at_ms": 0,
        "moved_at_ms": 0,
        "first": "2026-11-01",
        "last": "2026-11-03",
        "rule_parts": 1,
        "day": "2026-11-01",
    }
    return Replay(**{**told, **given})


def test_a_replay_goes_on_day_by_day_and_is_over_after_the_last() -> None:
    seen = [replay()]
    while not seen[-1].is_over:
        seen.append(seen[-1].on_next_day())
    assert [each.day for each in seen] == ["2026-11-01", "2026-11-02", "2026-11-03", None]
    assert [each.days_done for each in seen] == [0, 1, 2, 3]
    hours = 2 * 3600 * 1000
    assert [seen[0].status(hours), seen[0].status(hours + 1)] == ["running", "failed"]
    assert seen[-1].status(10 * hours) == "done"
    assert replay(problem="too_many_members").status(0) == "failed"


def test_sums_are_those_of_all_days() -> None:
    line = Line(1, 2, 3, 4, 5)
    twice = replay().with_line("2026-11-01", line).with_line("2026-11-01", line)
    assert twice.lines == {"2026-11-01": line + line}
    assert total_of(twice.with_line("2026-11-02", line).lines) == Line(3, 6, 9, 12, 15)


def test_what_is_remembered_survives_being_stored() -> None:
    of, counters = program(rule(caps={"member_day": 500}, budget=1_000)), Counters()
    pay(of, "rul_a", "points", counters, payment(10_000), DAY)
    again = Counters.unpacked(counters.packed())
    assert again == counters
    assert isinstance(next(iter(again.orders.values())), Awarded)
