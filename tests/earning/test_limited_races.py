"""Two tries of one order, of which limits leave one its points and the other none, end as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import pytest

from chalicelib import ledger
from chalicelib.earning import actions, queries
from chalicelib.earning.actions import deciding
from chalicelib.earning.actions import limits as takes
from chalicelib.earning.queries import limits
from chalicelib.earning.queries.rules import InForce
from chalicelib.earning.rules import Outcome, PaidOrder, RefundedOrder
from chalicelib.earning.rules.definitions import Rule, RuleDraft, RuleEffect, RuleTitle
from chalicelib.earning.rules.evaluation import compile_rules
from chalicelib.earning.tables.limits import BudgetItem
from chalicelib.kernel import clock, ids
from chalicelib.kernel.store.writes import update_alone
from tests.api import new_key
from tests.faults.exploring import wander
from tests.faults.schedules import Act
from tests.world import World

PARTNER, AWARD, PAID = "shop-1", 70, 5_000
# By dice. All of them, some 200 for each case, were tried once.
SCHEDULES = 20


class OneOrder:
    """A new order of a member at each start, by a rule whose budget is spent, and comes back."""

    def __init__(self, member: str, unit: str) -> None:
        self.member, self.unit, self.rule = member, unit, f"rul_{new_key()}"
        self.order, self.before = "", 0

    @property
    def in_force(self) -> InForce:
        effect = RuleEffect(fixed=AWARD, unit=self.unit)
        draft = RuleDraft(
            title=RuleTitle("限", "Limited"), event="order.paid", effect=effect, budget=AWARD
        )
        return InForce(compile_rules([Rule(self.rule, 1, draft)]), has_purchases=False)

    @property
    def posted(self) -> int:
        return ledger.find_account(ledger.account_of(self.member, self.unit)).posted

    @property
    def budget(self) -> BudgetItem:
        return BudgetItem(*BudgetItem.key(self.rule, 0))

    def told(self, kind: type[Any], name: str) -> Any:
        event_id = f"{self.order}:{name}"
        return kind(
            id=event_id,
            order_id=self.order,
            occurred_at_ms=clock.to_ms(clock.now()),
            digest=ids.digest(event_id.encode()),
            member_id=self.member,
            identity=None,
            amount=PAID,
            currency="CNY",
        )

    def start(self, second: str) -> Mapping[str, Act]:
        self.order, self.before = f"order-{new_key()}", self.posted
        item = self.budget
        item.left = 0
        item.save()
        acts = {"A": "paid", "B": second}
        found: dict[str, Act] = {
            each: partial(actions.receive, PARTNER, self.told(PaidOrder, name), clock.now())
            for each, name in acts.items()
        }
        # As a refund of another order gives it back.
        return {**found, "C": lambda: update_alone(self.budget, [BudgetItem.left.add(AWARD)])}

    def problems(self, results: Mapping[str, Outcome]) -> Iterator[str]:
        """What is wrong once all is over: the answers, the counters, and a refund of all."""
        entries = queries.accruals_of(PARTNER, self.order, self.member, results["A"].decisions)
        given = sum(each.effect.from_outside for each in entries)
        for name in "AB":
            if sum(each.points for each in results[name].decisions) != given:
                yield f"{name} was answered {results[name]}, and {given} were given"
        if limits.budget_left(self.rule) != {0: AWARD - given}:
            yield f"of the budget {limits.budget_left(self.rule)} is left, {given} were given"
        again = actions.receive(PARTNER, self.told(PaidOrder, "again"), clock.now())
        if (again.status, len(again.entries)) != ("duplicate", len(entries)):
            yield f"the order is told otherwise later: {again}"
        refund = actions.receive(PARTNER, self.told(RefundedOrder, "back"), clock.now())
        if refund.status != "applied" or self.posted != self.before:
            yield f"the refund took back something else: {refund}"


@pytest.fixture
def one_shard(monkeypatch: pytest.MonkeyPatch) -> None:
    """No dice: a schedule is the same each time."""
    for each in (limits, takes):
        monkeypatch.setattr(each, "BUDGET_SHARDS", 1)


@pytest.mark.usefixtures("one_shard")
@pytest.mark.parametrize("unit", ["points", "growth"])
@pytest.mark.parametrize("second", ["paid", "told-again"])
def test_two_tries_of_an_order_under_a_limit_agree_in_each_schedule(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    unit: str,
    second: str,
) -> None:
    order = OneOrder(world.member(), unit)
    monkeypatch.setattr(deciding, "in_force", lambda: order.in_force)
    monkeypatch.setattr(queries, "rules_in_force", list)
    failures = [
        f"{run.schedule}: {each}"
        for run in wander(partial(order.start, second), SCHEDULES)
        for each in order.problems(run.results)
    ]
    assert failures == []
