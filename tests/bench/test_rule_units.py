"""What events cost that earn by published rules."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.earning import queries
from infra.bench.rule_units import evaluation_ms
from infra.bench.write_units import Meter, Spent
from tests.api import new_key
from tests.earning.ruling import bought, in_force, of_sku
from tests.earning.shop import register, sent
from tests.world import World, new_phone

# 7 by one rule, 2 more for a cap, a budget and an account. An entry takes 4: of each further rule.
ONE, MORE, ENTRY = 7, 2, 4
CAPS: dict[str, Any] = {"caps": {"member_day": 10**6, "member_life": 10**6}}
BUDGET: dict[str, Any] = {"budget": 10**7}
GROWTH: dict[str, Any] = {"effect": {"per_amount": {"points": 1, "amount": 100}, "unit": "growth"}}


def _spent(world: World, meter: Meter, *rules: dict[str, Any]) -> Spent:
    """The units of an event by these rules, the second one of its member."""
    sku, phone = f"UNITS-{new_key()}", new_phone()
    register(phone)
    with in_force(world, *({"when": of_sku(sku), **each} for each in rules)):
        for _ in range(2):
            event = bought(phone, (sku, 12_300))
            meter.take()
            sent(world, event)
        return meter.take()


@pytest.mark.parametrize(
    ("rules", "most"),
    [
        ([{}], ONE),
        ([CAPS], ONE + MORE),
        ([BUDGET], ONE + MORE),
        ([{**CAPS, **BUDGET}], ONE + 2 * MORE),
        ([{}, {}], ONE + ENTRY),
        ([{**CAPS, **BUDGET}, CAPS], ONE + ENTRY + 3 * MORE),
        ([{}, GROWTH], ONE + ENTRY + MORE),
    ],
    ids=["rule", "cap", "budget", "cap and budget", "rules", "rules with limits", "accounts"],
)
def test_an_accrual_by_published_rules_costs_what_they_touch(
    world: World,
    meter: Meter,
    monkeypatch: pytest.MonkeyPatch,
    rules: list[dict[str, Any]],
    most: int,
) -> None:
    monkeypatch.setattr(queries, "rules_in_force", list)
    spent = _spent(world, meter, *rules)
    assert spent.write_units <= most, spent.lines


def test_the_rules_in_force_are_read_by_no_event(
    world: World, meter: Meter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither are the ladder's tiers: an event by one rule reads what it did before rules."""
    monkeypatch.setattr(queries, "rules_in_force", list)
    # The order, the event, the member; and the account.
    assert _spent(world, meter, {}).read_units <= 3


def test_an_event_is_held_against_500_rules_within_some_milliseconds() -> None:
    # The promise of 5 ms is measured on a quiet machine by the bench.
    assert evaluation_ms() < 25
