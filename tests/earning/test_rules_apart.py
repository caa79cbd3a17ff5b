"""Two events of one order, handled by processes that remember other rules, leave one whole set."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple
from unittest.mock import Mock

import pytest

from chalicelib import ledger
from chalicelib.earning import actions, queries
from chalicelib.earning.actions import deciding
from chalicelib.earning.queries.rules import InForce
from chalicelib.earning.rules import PURCHASES, EarningRule, Outcome, PaidOrder, RefundedOrder
from chalicelib.earning.rules.definitions import Rule, RuleDraft, RuleEffect, RuleTitle
from chalicelib.earning.rules.evaluation import compile_rules
from chalicelib.kernel import clock, ids
from chalicelib.kernel.errors import Unavailable
from tests.api import new_key
from tests.faults.exploring import wander
from tests.faults.schedules import Act
from tests.world import World

PARTNER, PAID = "shop-1", 5_000
UNITS = ("points", "growth")
# By dice; all that there are were tried once.
SCHEDULES = 25


class Rules(NamedTuple):
    """What a process remembers: the built-in rules, and the awards of published ones by unit."""

    built_in: Sequence[EarningRule] = ()
    awards: Sequence[tuple[str, int]] = ()

    @property
    def in_force(self) -> InForce:
        rules = [
            Rule(
                f"rul_{unit}{points}",
                1,
                RuleDraft(
                    title=RuleTitle("送", "Gift"),
                    event="order.paid",
                    effect=RuleEffect(fixed=points, unit=unit),
                ),
            )
            for unit, points in self.awards
        ]
        return InForce(compile_rules(rules), has_purchases=bool(self.built_in))

    @property
    def gives(self) -> tuple[int, int]:
        """(points, growth) for the order."""
        given = dict.fromkeys(UNITS, 0)
        for unit, points in self.awards:
            given[unit] += points
        given["points"] += PAID // 100 * len(self.built_in)
        return given["points"], given["growth"]


NOTHING = Rules()
PURCHASE = Rules([PURCHASES])
POINTS = Rules(awards=[("points", 70)])
MORE = Rules(awards=[("points", 30), ("points", 40)])
GROWTH = Rules(awards=[("growth", 9)])
BOTH = Rules([PURCHASES], [("growth", 9)])
OTHER_BOTH = Rules(awards=[("points", 70), ("growth", 8)])
PAIRS = (
    (PURCHASE, NOTHING),
    (POINTS, NOTHING),
    (PURCHASE, POINTS),
    (PURCHASE, GROWTH),
    (POINTS, GROWTH),
    (POINTS, MORE),
    (BOTH, NOTHING),
    (BOTH, OTHER_BOTH),
    (NOTHING, GROWTH),
)  # fmt: skip


class Processes:
    """One process for each thread: what it remembers of the rules."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._here = threading.local()
        monkeypatch.setattr(deciding, "in_force", lambda: self._rules.in_force)
        monkeypatch.setattr(queries, "rules_in_force", lambda: list(self._rules.built_in))

    @property
    def _rules(self) -> Rules:
        found: Rules = getattr(self._here, "rules", NOTHING)
        return found

    def by(self, rules: Rules, act: Callable[[], Outcome]) -> Outcome:
        self._here.rules = rules
        return act()


class OneOrder:
    """A new order of a member at each start, told by two events."""

    def __init__(self, processes: Processes, member: str, pair: tuple[Rules, Rules]) -> None:
        self.processes, self.member, self.pair = processes, member, pair
        self.order, self.before = "", self.posted

    @property
    def posted(self) -> tuple[int, ...]:
        accounts = (ledger.find_account(ledger.account_of(self.member, each)) for each in UNITS)
        return tuple(each.posted for each in accounts)

    def told(self, name: str, rules: Rules, kind: type[Any] = PaidOrder) -> Outcome:
        event_id = f"{self.order}:{name}"
        event = kind(
            id=event_id,
            order_id=self.order,
            occurred_at_ms=clock.to_ms(clock.now()),
            digest=ids.digest(event_id.encode()),
            member_id=self.member,
            identity=None,
            amount=PAID,
            currency="CNY",
        )
        receive = partial(actions.receive, PARTNER, event, clock.now())
        return self.processes.by(rules, receive)

    def start(self) -> Mapping[str, Act]:
        self.order, self.before = f"order-{new_key()}", self.posted
        return {
            name: partial(self.told, name, rules)
            for name, rules in zip("AB", self.pair, strict=True)
        }

    def problems(self, results: Mapping[str, Outcome]) -> Iterator[str]:
        """What is wrong once both are over: what was given, answered, told later, taken back."""
        given = self.given()
        if given not in [each.gives for each in self.pair]:
            yield f"{given} were given, a part or more of {[each.gives for each in self.pair]}"
        again = {name: self.told(name, rules) for name, rules in zip("AB", self.pair, strict=True)}
        later = {f"by {rules}": self.told(new_key(), rules) for rules in self.pair}
        for name, answer in {**results, **again, **later}.items():
            if _points_in(answer) != given:
                yield f"{name} was answered {answer}"
        if self.given() != given:
            yield "the order was given something later"
        back = self.told("back", NOTHING, RefundedOrder)
        if back.status != "applied" or self.given() != (0, 0):
            yield f"the refund left {self.given()}: {back}"

    def given(self) -> tuple[int, ...]:
        return tuple(now - then for now, then in zip(self.posted, self.before, strict=True))


def _points_in(answer: Outcome) -> tuple[int, ...]:
    made = dict.fromkeys(UNITS, 0)
    for entry in answer.entries:
        made[entry.account_id.rpartition(":")[2]] += entry.effect.from_outside
    return tuple(made.values())


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_two_events_of_an_order_by_other_rules_leave_one_set_in_each_schedule(
    world: World, monkeypatch: pytest.MonkeyPatch, pair: tuple[Rules, Rules]
) -> None:
    order = OneOrder(Processes(monkeypatch), world.member(), pair)
    failures = [
        f"{run.schedule}: {each}"
        for run in wander(order.start, SCHEDULES)
        for each in order.problems(run.results)
    ]
    assert failures == []


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_an_event_after_the_rules_changed_answers_with_the_set_of_the_first(
    world: World, monkeypatch: pytest.MonkeyPatch, pair: tuple[Rules, Rules], first: int
) -> None:
    order = OneOrder(Processes(monkeypatch), world.member(), (pair[first], pair[1 - first]))
    acts = order.start()
    results = {name: act() for name, act in acts.items()}
    assert order.given() == pair[first].gives
    assert list(order.problems(results)) == []


@pytest.mark.parametrize("left", [POINTS, GROWTH, BOTH, OTHER_BOTH], ids=str)
def test_a_set_that_a_crash_left_undone_is_finished_or_replaced_whole(
    world: World, monkeypatch: pytest.MonkeyPatch, left: Rules
) -> None:
    order = OneOrder(Processes(monkeypatch), world.member(), (left, PURCHASE))
    acts = order.start()
    with monkeypatch.context() as dying:
        dying.setattr("chalicelib.ledger.accrue", Mock(side_effect=Unavailable))
        with pytest.raises(Unavailable):
            acts["A"]()
    assert order.given() == (0, 0)
    assert list(order.problems({"B": acts["B"]()})) == []
