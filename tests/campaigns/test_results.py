"""Results over HTTP: exact sums by day of what orders are now."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.campaigns.actions.purchases import record_purchase
from chalicelib.campaigns.actions.results import count_results
from chalicelib.campaigns.events import HEARD
from chalicelib.campaigns.facts import PurchaseChanged
from chalicelib.campaigns.queries.campaigns import forget
from chalicelib.campaigns.rules.audiences import held_out
from chalicelib.campaigns.rules.purchases import PAID, UNDONE, Bought, Purchase, Saved
from chalicelib.kernel import clock, ids
from chalicelib.kernel.store.facts import Fact, handle
from tests.api import new_key, token
from tests.campaigns.drafting import live
from tests.earning.shop import register
from tests.world import World, new_phone

TERMS: dict[str, Any] = {
    "kind": "full_reduction",
    "title": {"zh-CN": "满 1000 减 100", "en": "100 off 1,000"},
    "audience": {"all": True},
    "scope": {"all": True},
    "effect": {"full_reduction": {"unit": "points", "steps": [{"at_least": 1_000, "off": 100}]}},
}


@pytest.fixture
def campaign(world: World) -> str:
    made = world.api.post("/v1/admin/campaigns", TERMS, as_=world.ops, key=new_key())
    assert made.status == 201, made.body
    return str(made.body["id"])


def bought(campaign_id: str, member_id: str, **changes: Any) -> Purchase:
    made = Purchase(
        order_id=ids.new_id("ord"),
        member_id=member_id,
        version=1,
        at_ms=clock.to_ms(clock.now()),
        state=PAID,
        kind="physical",
        lines=(Bought("CUP", "prd_none", 2, 2, points=900, cash=0, cost=4_100),),
        points=900,
        campaigns=(Saved(campaign_id, 1, 100),),
    )
    return replace(made, **changes)


def count(purchase: Purchase) -> None:
    record_purchase(purchase, [count_results])


def test_orders_are_summed_by_day_and_a_member_is_one_taker(world: World, campaign: str) -> None:
    member = ids.new_id("mbr")
    first, second = bought(campaign, member), bought(campaign, member)
    for each in (first, second, first):
        count(each)
    count(replace(second, version=2, state=UNDONE, points=0, campaigns=(Saved(campaign),)))
    path = f"/v1/admin/campaigns/{campaign}/results"
    found = world.api.get(path, as_=world.ops).body
    assert len(found["days"]) == 1
    told = {name: found["total"][name] for name in ("orders", "takers", "points", "points_saved")}
    assert told == {"orders": 1, "takers": 1, "points": 900, "points_saved": 100}
    assert (found["total"]["cost"], found["uplift"]) == (4_100, None)
    count(replace(first, version=2, state=UNDONE, points=0, campaigns=(Saved(campaign),)))
    assert world.api.get(path, as_=world.ops).body["total"]["takers"] == 0


def test_members_who_are_held_out_are_compared_with_the_others(world: World) -> None:
    steps = [{"at_least": 1_000, "off": 100}]
    terms = {
        **TERMS,
        "effect": {"full_reduction": {"unit": "cash", "steps": steps}},
        "budget": {"cash": 50_000},
        "holdout_percent": 50,
    }
    with live(world, terms) as [campaign]:
        forget()
        here = campaign["id"]
        members = [register(new_phone()) for _ in range(12)]
        for each in members:
            saved = () if held_out(here, each, 50) else (Saved(here, 1, 0, 100),)
            count(bought(here, each, cash=900, campaigns=saved))
        held = sum(held_out(here, each, 50) for each in members)
        found = world.api.get(f"/v1/admin/campaigns/{here}/results", as_=world.ops).body
    total = found["total"]
    assert (total["held_orders"], total["held_cash"]) == (held, held * 900)
    treated = len(members) - held
    assert (total["treated_orders"], total["treated_cash"]) == (treated, treated * 900)
    assert (total["orders"], total["cash_saved"]) == (treated, treated * 100)
    assert found["uplift"]["holdout_percent"] == 50


def test_a_file_has_a_line_for_each_day(world: World, campaign: str) -> None:
    count(bought(campaign, ids.new_id("mbr")))
    answer = world.api.get(f"/v1/admin/campaigns/{campaign}/results.csv", as_=world.ops)
    head, line = answer.body.strip().splitlines()
    assert head.lstrip("\ufeff").startswith("Day,Orders,Takers")
    assert line.split(",")[1:4] == ["1", "1", "900"]


@pytest.mark.parametrize("days", ["from=2026-02-01&to=2026-01-01", "from=2020-01-01&to=2026-01-01"])
def test_days_that_are_none_are_refused(world: World, campaign: str, days: str) -> None:
    answer = world.api.get(f"/v1/admin/campaigns/{campaign}/results?{days}", as_=world.ops)
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, "to")


def test_days_before_the_calendar_have_no_results(world: World, campaign: str) -> None:
    for path in ("results", "results.csv"):
        answer = world.api.get(
            f"/v1/admin/campaigns/{campaign}/{path}?to=0001-01-02", as_=world.ops
        )
        assert answer.status == 200, answer.body


def test_members_see_no_results_and_an_unknown_campaign_has_none(
    world: World, campaign: str
) -> None:
    path = f"/v1/admin/campaigns/{campaign}/results"
    assert world.api.get(path, as_=token("mbr_member", "member")).status == 403
    assert world.api.get("/v1/admin/campaigns/cam_none/results", as_=world.ops).status == 404


def test_the_queue_of_purchases_counts_results(world: World, campaign: str) -> None:
    told = PurchaseChanged(purchase=bought(campaign, ids.new_id("mbr")))
    for _ in range(2):
        handle(Fact.of("fct_" + told.purchase.order_id, "2026-11-30T08:00:00Z", told), HEARD)
    found = world.api.get(f"/v1/admin/campaigns/{campaign}/results", as_=world.ops).body
    assert found["total"]["orders"] == 1
