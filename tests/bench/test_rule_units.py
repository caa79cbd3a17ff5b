"""What events cost that earn by published rules."""

from __future__ import annotations

from typing import Any

from infra.bench.rule_units import evaluation_ms
from infra.bench.write_units import Meter
from tests.api import new_key
from tests.earning.ruling import bought, in_force, of_sku
from tests.earning.shop import register, sent
from tests.world import World, new_phone

# 7 by one rule; another entry of the same account is 4 more.
ONE, ENTRY, MORE = 7, 4, 2


def _spent(world: World, meter: Meter, **limits: Any) -> int:
    """The write units of an event by the built-in rule and another, the second of its member."""
    sku, phone = f"UNITS-{new_key()}", new_phone()
    register(phone)
    with in_force(world, {"when": of_sku(sku), **limits}):
        for _ in range(2):
            event = bought(phone, (sku, 12_300))
            meter.take()
            sent(world, event)
        return meter.take().write_units


def test_a_cap_and_a_budget_cost_two_write_units_each(world: World, meter: Meter) -> None:
    plain = _spent(world, meter)
    assert plain == ONE + ENTRY
    assert _spent(world, meter, caps={"member_day": 10**6}) == plain + MORE
    assert _spent(world, meter, budget=10**7) == plain + MORE
    both = _spent(world, meter, caps={"member_life": 10**6}, budget=10**7)
    assert both == plain + 2 * MORE


def test_an_event_is_held_against_500_rules_within_some_milliseconds() -> None:
    # The promise of 5 ms is measured on a quiet machine by the bench.
    assert evaluation_ms() < 25
