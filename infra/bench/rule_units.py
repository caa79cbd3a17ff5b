"""Units of events that earn by rules, and the time of an event held against many."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import msgspec

from infra.bench import ladders
from infra.bench.in_process import InProcess
from infra.bench.mall import paid_order
from infra.bench.use_cases import UseCase

RULES, ITEMS, TIMES = 500, 10, 51
MOST_MS = 5


class Shop(Protocol):
    """What a measurement needs of a mall."""

    @property
    def ops(self) -> str: ...
    def member(self, name: str) -> dict[str, Any]: ...
    def signature(self, body: Any) -> dict[str, str]: ...


Cases = tuple[tuple[str, dict[str, Any], int | None], ...]
CAP, BUDGET = {"caps": {"member_day": 10**6}}, {"budget": 10**6}
GROWTH = {"effect": {"per_amount": {"points": 1, "amount": 100}, "unit": "growth"}}
# The promise: 7 by one rule, 2 for each cap, budget or further account.
ALONE: Cases = (
    ("one published rule", {}, 7),
    ("one rule with a cap for each member", CAP, 9),
    ("one rule with a budget", BUDGET, 9),
    ("one rule with a cap and a budget", {**CAP, **BUDGET}, 11),
)  # fmt: skip
TOGETHER: Cases = (
    ("two rules, a further entry of the account", {}, None),
    ("two rules, a further entry of the account, and a cap and a budget", {**CAP, **BUDGET}, None),
    ("two rules, an entry of a further account", GROWTH, 9),
)  # fmt: skip


def measure(here: InProcess, shop: Shop) -> list[UseCase]:
    """An event by one rule, with and without limits, and beside the built-in rule."""
    phone, found = shop.member("rules")["phone"], []
    built_in = {"id": "purchases", "version": 0}
    for cases, act in ((ALONE, "retire"), (TOGETHER, "publish")):
        _act(here, shop.ops, built_in, act)
        for name, terms, most in cases:
            rule = _published(here, shop.ops, terms)
            for _ in range(2):  # the first puts the counters, which later events change
                event = paid_order(phone, 12_345)
                _, spent = here.call("POST", "/v1/events", event, "none", **shop.signature(event))
            found.append(UseCase(f"Accrual by {name}", spent, most))
            _act(here, shop.ops, rule, "retire")
    ladders.give(here, shop.ops, multiplier_percent=200)
    event = paid_order(phone, 12_345)
    _, spent = here.call("POST", "/v1/events", event, "none", **shop.signature(event))
    ladders.give(here, shop.ops)
    return [*found, UseCase("Accrual by one rule, and by a tier that doubles it", spent)]


def _published(here: InProcess, ops: str, terms: dict[str, Any]) -> dict[str, Any]:
    draft = {
        "title": {"zh-CN": "测", "en": "Bench"},
        "event": "order.paid",
        "effect": {"per_amount": {"points": 1, "amount": 100}},
        **terms,
    }
    rule, _ = here.call("POST", "/v1/admin/earning-rules", draft, ops)
    return _act(here, ops, rule, "publish")


def _act(here: InProcess, ops: str, rule: dict[str, Any], name: str) -> dict[str, Any]:
    path, headers = f"/v1/admin/earning-rules/{rule['id']}/{name}", {"If-Match": ""}
    headers["If-Match"] = str(rule["version"])
    done: dict[str, Any] = here.call("POST", path, None, ops, **headers)[0]
    return done


def evaluation_ms() -> float:
    """The median CPU time of an event of 10 items held against 500 published rules, in ms."""
    from chalicelib.earning.rules.definitions import Rule, RuleDraft
    from chalicelib.earning.rules.evaluation import Occasion, compile_rules, evaluate
    from chalicelib.earning.rules.items import SoldItem

    rules = compile_rules(
        Rule(f"rul_{number:03}", 1, msgspec.convert(_draft(number), RuleDraft))
        for number in range(RULES)
    )
    event = Occasion(
        type="order.paid",
        source="shop-1",
        at=datetime(2026, 11, 24, 4, tzinfo=UTC),
        amount=10_000,
        currency="CNY",
        items=[SoldItem(f"SKU-{n}", 1_000, 1, f"category-{n}", "acme") for n in range(ITEMS)],
        member={"member.tier": "gold"},
    )
    zone, taken = ZoneInfo("Asia/Shanghai"), []
    for _ in range(TIMES):
        began = time.process_time()
        evaluate(rules, event, [], "CNY", zone)
        taken.append((time.process_time() - began) * 1_000)
    return sorted(taken)[TIMES // 2]


def _draft(number: int) -> dict[str, Any]:
    """A rule whose condition is met, and whose goods are one category of forty, or two brands."""
    return {
        "title": {"zh-CN": "测", "en": "Bench"},
        "event": "order.paid",
        "when": {
            "all": [
                {"field": "member.tier", "op": "in", "value": ["gold", "diamond"]},
                {
                    "any": [
                        {"field": "event.weekday", "op": "=", "value": 2},
                        {"field": "event.hour", "op": "between", "value": [9, 12]},
                    ]
                },
            ]
        },
        "items": {
            "any": [
                {"field": "item.category", "op": "=", "value": f"category-{number % 40}"},
                {"field": "item.brand", "op": "in", "value": ["one", "other"]},
            ]
        },
        "effect": {"per_amount": {"points": 1, "amount": 100}},
    }


def of_evaluation(ms: float) -> str:
    kept = "yes" if ms < MOST_MS else "no"
    return (
        f"An event of {ITEMS} items held against {RULES} published rules: "
        f"p50 {ms:.1f} ms of CPU (promise: under {MOST_MS} ms; kept: {kept})"
    )


if __name__ == "__main__":
    print(of_evaluation(evaluation_ms()))
