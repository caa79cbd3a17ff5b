"""What published rules give: each unit, lots of their own, by classes of margin, and by what shops
told of members in any order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib import ledger
from chalicelib.kernel import clock
from chalicelib.ledger.actions import sweeps
from tests.api import new_key, token
from tests.earning.ruling import bought, gave, in_force, of_sku
from tests.earning.shop import account_of, register, sent
from tests.world import World, new_phone, refunded


@pytest.fixture
def phone() -> str:
    return new_phone()


def test_growth_and_rebate_cash_go_to_their_own_accounts_and_back_by_a_refund(
    world: World, phone: str
) -> None:
    member, sku = register(phone), f"UNIT-{new_key()}"
    units = [
        {"when": of_sku(sku), "effect": {"unit": unit, "fixed": fixed}}
        for unit, fixed in (("growth", 40), ("rebate_cash", 250))
    ]

    def held() -> list[int]:
        accounts = [ledger.account_of(member, unit) for unit in ("growth", "rebate_cash")]
        return [ledger.find_account(each).posted for each in accounts]

    with in_force(world, *units):
        payment = bought(phone, (sku, 1_000))
        sent(world, payment)
        assert (held(), world.available(member)) == ([40, 250], 10)
        sent(world, refunded(payment, 500))
        assert held() == [20, 125]
        sent(world, refunded(payment, 500))
        assert held() == [0, 0]


def test_a_rules_lots_are_pending_and_lapse_as_it_says(world: World, phone: str, time: Any) -> None:
    time.advance_to_noon()
    member, sku = register(phone), f"LOTS-{new_key()}"
    lots = {"pending_days": 3, "expires": {"kind": "days", "days": 10}}
    with in_force(world, {"when": of_sku(sku), "effect": {"fixed": 30}, "lots": lots}):
        sent(world, bought(phone, (sku, 0)))
        waiting = account_of(member)
        assert (waiting.pending, world.available(member)) == (30, 0)
        time.advance(days=3, seconds=1)
        sweeps.end_waiting(clock.now())
        assert world.available(member) == 30
        told = world.api.get("/v1/me/points", as_=token(member)).body
        (lapse,) = told["expiring"]
        assert lapse["points"] == 30
        # Ten days count from the day on which they can be spent.
        time.advance(days=9)
        assert world.available(member) == 30
        time.advance(days=2)
        assert world.available(member) == 0


def test_a_rule_by_margin_class_counts_the_goods_of_that_class_alone(
    world: World, phone: str
) -> None:
    register(phone)
    event = bought(phone, ("MARGIN-1", 3_000), ("MARGIN-2", 5_000))
    event["data"]["items"][0]["margin_class"] = "high"
    event["data"]["items"][1]["margin_class"] = "low"
    items = {"field": "item.margin_class", "op": "=", "value": "high"}
    with in_force(world, {"when": of_sku("MARGIN-1"), "items": items}) as (rule,):
        assert gave(sent(world, event))[rule["id"]] == (30, "matched")


def test_what_a_shop_told_earlier_and_sends_late_changes_nothing(world: World, phone: str) -> None:
    register(phone)
    sku, now = f"LATE-{new_key()}", clock.now()

    def tell(level: int, ago: timedelta) -> str:
        event = {
            "id": f"crm:{new_key()}",
            "type": "member.updated",
            "occurred_at": clock.rfc3339(now - ago),
            "member": {"phone": phone},
            "data": {"attributes": {"level": level}},
        }
        return str(sent(world, event)["status"])

    own = {"field": "member.attributes.level", "op": "=", "value": 2}
    assert tell(2, timedelta(hours=1)) == "applied"
    assert tell(1, timedelta(hours=2)) == "applied"
    with in_force(world, {"when": of_sku(sku, own), "effect": {"fixed": 7}}) as (rule,):
        assert gave(sent(world, bought(phone, (sku, 500))))[rule["id"]] == (7, "matched")
