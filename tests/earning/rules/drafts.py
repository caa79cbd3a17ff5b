"""Rules in tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from chalicelib.earning.rules.definitions import Rule, RuleDraft
from chalicelib.earning.rules.evaluation import Occasion, compile_rules, evaluate
from chalicelib.earning.rules.items import SoldItem
from chalicelib.earning.rules.stacking import Verdict

ZONE = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2026, 11, 24, 4, tzinfo=UTC)
ITEMS = (
    SoldItem("TEE-1", 10_050, 1, "apparel", "acme", "high"),
    SoldItem("CUP-1", 4_999, 2, "home", "acme", "low"),
)
GOLD_TUESDAYS: dict[str, Any] = {
    "title": {"zh-CN": "金卡周二双倍", "en": "Gold Tuesdays"}, "event": "order.paid",
    "when": {"all": [{"field": "member.tier", "op": "in", "value": ["gold", "diamond"]},
                     {"field": "event.weekday", "op": "=", "value": 2}]},
    "items": {"field": "item.category", "op": "=", "value": "apparel"},
    "effect": {"unit": "points", "per_amount": {"points": 1, "amount": 100}},
    "multiplier_group": None, "stacking": "all", "priority": 10, "caps": {"member_day": 500},
    "budget": 100000, "valid": {"from": None, "until": None, "weekdays": [2], "hours": None},
    "lots": {"pending_days": 7, "expires": {"kind": "end_of_month", "months": 12}},
}  # fmt: skip
PLAIN: dict[str, Any] = {
    "title": {"zh-CN": "购物积分", "en": "Shopping"},
    "event": "order.paid",
    "effect": {"per_amount": {"points": 1, "amount": 100}},
}


def draft(**given: Any) -> RuleDraft:
    return msgspec.convert({**PLAIN, **given}, RuleDraft)


def rule(name: str = "a", version: int = 1, **given: Any) -> Rule:
    return Rule(f"rul_{name}", version, draft(**given))


def paid(**given: Any) -> Occasion:
    told = {
        "type": "order.paid",
        "source": "shop-1",
        "at": TUESDAY,
        "amount": 15_049,
        "currency": "CNY",
        "items": ITEMS,
        "member": {"member.tier": "gold"},
    }
    return Occasion(**{**told, **given})


def verdicts(rules: list[Rule], occasion: Occasion | None = None) -> dict[str, Verdict]:
    made = evaluate(compile_rules(rules), occasion or paid(), [], "CNY", ZONE)
    return {each.rule.id.removeprefix("rul_"): each for each in made}


def points(rules: list[Rule], occasion: Occasion | None = None) -> dict[str, int]:
    return {name: each.decision.points for name, each in verdicts(rules, occasion).items()}


def why(rules: list[Rule], occasion: Occasion | None = None) -> dict[str, tuple[str, str | None]]:
    made = verdicts(rules, occasion)
    return {name: (each.decision.reason, each.path) for name, each in made.items()}
