"""CPU time of the price engine: a cart of 30 lines against 200 live campaigns, all about it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

LINES, CAMPAIGNS, TIMES = 30, 200, 100
AT_MOST_MS = 3.0
# A Tuesday, noon in Shanghai.
AT = datetime(2026, 12, 1, 4, tzinfo=UTC)


class Taken(NamedTuple):
    """The CPU time of a case in ms; `applied` of the campaigns lowered the price."""

    name: str
    median: float
    slow: float
    applied: int
    at_most: float | None = None


def measure() -> list[Taken]:
    """Price the same cart again and again."""
    from chalicelib.campaigns.rules.audiences import Buyer
    from chalicelib.campaigns.rules.pricing import Priced, price
    from chalicelib.campaigns.rules.sets import compile_campaigns
    from chalicelib.coupons import Coupon, Terms

    cart, buyer = _cart(), Buyer(member_id="mbr_1", tier="gold", orders_before=3)
    several = [_campaign(number, _scope(number)) for number in range(CAMPAIGNS)]
    for_all = [_campaign(number, {"all": True}) for number in range(CAMPAIGNS)]
    terms = Terms(kind="percent_off", percent=10)
    coupon = Coupon(id="cpn_1", template_id="tpl_1", member_id="mbr_1", terms=terms)

    def priced(campaigns: list[Any], some: Coupon | None = None) -> Callable[[], Priced]:
        live = compile_campaigns(campaigns)
        return lambda: price(cart, buyer, live, some, AT)

    found = priced(several)()
    applied = _applied(found)
    half = found.most // 2
    return [
        _taken("the price of a cart", priced(several), applied, AT_MOST_MS),
        _taken("the same with a coupon", priced(several, coupon), applied + 1, AT_MOST_MS),
        _taken(
            "where each campaign is for all goods", priced(for_all), _applied(priced(for_all)())
        ),
        _taken("the cash due beside some points", lambda: found.cash_due(half), applied),
        _taken("what each step saved, line by line", lambda: found.settle(half), applied),
        _taken("all campaigns made ready, once in 30 s", lambda: compile_campaigns(several), 0),
    ]


def _applied(priced: Any) -> int:
    return sum(step.outcome.is_applied for step in priced.steps)


def _taken(
    name: str, act: Callable[[], object], applied: int, at_most: float | None = None
) -> Taken:
    times = []
    for _ in range(TIMES):
        began = time.process_time()
        act()
        times.append((time.process_time() - began) * 1_000)
    times.sort()
    return Taken(name, times[TIMES // 2], times[TIMES * 95 // 100], applied, at_most)


def _cart() -> list[Any]:
    from chalicelib.campaigns.rules.lines import Line

    return [
        Line(
            f"SKU-{number}",
            f"prd_{number}",
            1 + number % 3,
            100 + 37 * number,
            10,
            990 * (number % 2),
            900 + 350 * number,
            (f"category-{number % 10}", "home"),
            f"brand-{number % 6}",
        )
        for number in range(LINES)
    ]


def _scope(number: int) -> dict[str, Any]:
    """A category of three lines, a brand of five, three SKUs, a product, or all goods."""
    skus = [f"SKU-{number * each % LINES}" for each in (1, 7, 11)]
    scopes: list[dict[str, Any]] = [
        {"categories": [f"category-{number % 10}"]},
        {"brands": [f"brand-{number % 6}"]},
        {"skus": sorted({*skus})},
        {"products": [f"prd_{number % LINES}"]},
        {"all": True},
    ]
    return scopes[number // 7 % 5]


def _campaign(number: int, scope: dict[str, Any]) -> Any:
    """A campaign of one of seven kinds: every third is in a group, and for another tier."""
    from chalicelib.campaigns.rules.definitions import Campaign, CampaignDraft

    items = [{"sku": f"SKU-{number % LINES}"}, {"sku": f"SKU-{(number + 7) % LINES}"}]
    steps = {
        "points": [{"at_least": 500 * number + 1, "off": 5 * number + 1}],
        "cash": [{"at_least": 10_000, "off": 50 * number + 1}],
    }
    kind, effect = [
        ("price", {"percent_off": 1 + number % 30}),
        ("flash_sale", {"prices": [{"sku": f"SKU-{number % LINES}", "points": 90}]}),
        ("bundle", {"items": items, "points": 150}),
        ("full_reduction", {"unit": "points", "steps": steps["points"]}),
        ("full_reduction", {"unit": "cash", "steps": steps["cash"]}),
        ("buy_and_give", {"buy": 3, "give_sku": "SKU-GIFT"}),
        ("points_back", {"percent": 5}),
    ][number % 7]
    draft = {
        "kind": kind,
        "title": {"zh-CN": "满减", "en": "Sale"},
        "effect": {kind: effect},
        "scope": scope,
        "priority": number % 5,
        "valid": {"weekdays": [1, 2, 3, 4, 5], "hours": {"start": 8, "end": 22}},
        "audience": {"tiers": ["silver"]} if number % 3 == 1 else {"tiers": ["gold", "silver"]},
        "exclusion_group": f"group-{number % 7}" if number % 3 == 2 else None,
    }
    terms = msgspec.convert(draft, CampaignDraft)
    return Campaign(id=f"cam_{number:03}", terms=terms, status="live")


def of_pricing(found: list[Taken]) -> str:
    """The table, in ms of CPU time."""
    head = ["| what | p50, ms | p95, ms | at most | holds | apply |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *map(_row, found)])


def _row(taken: Taken) -> str:
    bound = holds = ""
    if taken.at_most is not None:
        bound, holds = f"{taken.at_most:g}", "yes" if taken.median < taken.at_most else "no"
    return (
        f"| {taken.name} | {taken.median:.2f} | {taken.slow:.2f} | {bound} | {holds} "
        f"| {taken.applied or ''} |"
    )
