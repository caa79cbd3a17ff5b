"""Events earn by published rules, within their caps and budgets, and tell why."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import msgspec
import pytest

from chalicelib.earning import actions
from chalicelib.earning.actions import limits as takes
from chalicelib.earning.queries import limits
from chalicelib.earning.routes.bodies import read_event
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Unavailable
from tests.api import new_key
from tests.earning.ruling import PATH, bought, drafted, gave, in_force, of_sku, shown
from tests.earning.shop import entries_of, register, sent
from tests.world import World, new_phone, paid


@pytest.fixture
def phone() -> str:
    return new_phone()


def test_an_entry_names_the_rule_and_its_version(world: World, phone: str) -> None:
    sku = f"TEE-{new_key()}"
    register(phone)
    items = {"field": "item.sku", "op": "=", "value": sku}
    with in_force(world, {"items": items}) as (rule,):
        answer = sent(world, bought(phone, (sku, 19_950), ("CUP-1", 5_000)))
        assert gave(answer) == {
            "purchases": (249, "matched"),
            rule["id"]: (199, "matched"),
        }
        points = {each["rule"]: each["points"] for each in answer["entries"]}
        assert points == {"purchases": 249, f"{rule['id']}@{rule['version']}": 199}


def test_every_rule_tells_why_it_gave_nothing(world: World, phone: str) -> None:
    sku = f"WHY-{new_key()}"
    register(phone)
    gold = {"field": "member.tier", "op": "=", "value": "gold"}
    rules = [
        {"when": of_sku(sku, gold)},
        {"when": of_sku(sku), "valid": {"until": "2026-11-01T00:00:00Z"}},
        {"when": of_sku(sku), "effect": {"fixed": 5}, "stacking": "best"},
        {"when": of_sku(sku), "effect": {"fixed": 4}, "stacking": "best"},
    ]
    with in_force(world, *rules) as made:
        answer = sent(world, bought(phone, (sku, 100)))
        told = {each["rule_id"]: each for each in answer["explain"]}
        assert [(told[rule["id"]]["reason"], told[rule["id"]].get("path")) for rule in made] == [
            ("condition_not_met", "when.all[1]"),
            ("out_of_window", "valid"),
            ("matched", None),
            ("lost_to_stacking", "stacking"),
        ]


def test_a_dry_run_answers_the_same_and_writes_nothing(world: World, phone: str) -> None:
    sku = f"DRY-{new_key()}"
    member = register(phone)
    event = bought(phone, (sku, 900))
    with in_force(world, {"when": of_sku(sku), "caps": {"member_life": 5}}) as (rule,):
        dry = world.partner("POST", "/v1/events?dry_run=true", event).body
        assert (dry["status"], dry["entries"]) == ("applied", [])
        assert gave(dry)[rule["id"]] == (5, "matched")
        assert entries_of(member) == 0
        real = sent(world, event)
        assert (real["status"], real["explain"]) == ("applied", dry["explain"])
        again = world.partner("POST", "/v1/events?dry_run=true", event).body
        assert again["status"] == "duplicate"
        refund = {
            **event,
            "id": f"{event['id']}:r",
            "type": "order.refunded",
            "data": {"order_id": event["data"]["order_id"], "currency": "CNY", "amount": 900},
        }
        taken = world.partner("POST", "/v1/events?dry_run=true", refund).body
        assert gave(taken) == {"purchases": (-9, "refunded"), rule["id"]: (-5, "refunded")}
        assert entries_of(member) == 2


def test_the_staff_runs_a_draft_dry(world: World, phone: str) -> None:
    sku = f"TRY-{new_key()}"
    member = register(phone)
    rule = drafted(world, when=of_sku(sku), effect={"multiply": {"percent": 300}})
    answer = world.api.post(
        f"{PATH}/{rule['id']}/dry-run", bought(phone, (sku, 700)), as_=world.ops
    )
    assert answer.status == 200, answer.body
    assert gave(answer.body) == {"purchases": (7, "matched"), rule["id"]: (14, "matched")}
    assert entries_of(member) == 0


def test_a_cap_cuts_an_award_to_what_it_leaves(world: World, phone: str) -> None:
    sku = f"CAP-{new_key()}"
    register(phone)
    with in_force(world, {"when": of_sku(sku), "caps": {"member_day": 15}}) as (rule,):
        given = [gave(sent(world, bought(phone, (sku, 1000))))[rule["id"]] for _ in range(3)]
        assert given == [(10, "matched"), (5, "matched"), (0, "cap_reached")]


def test_caps_of_a_day_and_a_month_begin_anew(world: World, phone: str, time: Any) -> None:
    time.advance_to_noon()
    sku = f"DAY-{new_key()}"
    register(phone)
    caps = {"member_day": 10, "member_life": 25}
    with in_force(world, {"when": of_sku(sku), "caps": caps}) as (rule,):
        given = []
        for _ in range(4):
            given.append(gave(sent(world, bought(phone, (sku, 1000))))[rule["id"]][0])
            time.advance(days=1)
        assert given == [10, 10, 5, 0]


def test_a_full_refund_gives_the_cap_and_the_budget_back(world: World, phone: str) -> None:
    sku = f"BACK-{new_key()}"
    register(phone)
    rules = {"when": of_sku(sku), "caps": {"member_day": 10}, "budget": 10}
    with in_force(world, rules) as (rule,):
        event = bought(phone, (sku, 1000))
        assert gave(sent(world, event))[rule["id"]] == (10, "matched")
        assert shown(world, rule)["budget_left"] == 0
        refund = {
            **event,
            "id": f"{event['id']}:r",
            "type": "order.refunded",
            "data": {"order_id": event["data"]["order_id"], "currency": "CNY", "amount": 1000},
        }
        assert gave(sent(world, refund))[rule["id"]] == (-10, "refunded")
        assert shown(world, rule)["budget_left"] == 10
        assert gave(sent(world, bought(phone, (sku, 1000))))[rule["id"]] == (10, "matched")


@pytest.mark.parametrize("shards", [1, 8])
def test_a_budget_is_never_overrun_by_200_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch, shards: int
) -> None:
    for each in (limits, takes):
        monkeypatch.setattr(each, "BUDGET_SHARDS", shards)
    sku, award = f"RUN-{new_key()}", 7
    phones = [new_phone() for _ in range(20)]
    members = [register(each) for each in phones]
    rule_of = {"when": of_sku(sku), "effect": {"fixed": award}, "budget": 1000}
    with in_force(world, rule_of) as (rule,):

        def earn(number: int) -> int:
            # Not by a route: Chalice keeps one request for all threads of a process.
            body = msgspec.json.encode(bought(phones[number % 20], (sku, 50)))
            event = read_event(body, clock.now(), "shop-1")
            while True:
                with suppress(Unavailable):
                    outcome = actions.receive("shop-1", event, clock.now())
                    return sum(each.points for each in outcome.decisions)

        with ThreadPoolExecutor(200) as threads:
            given = sum(threads.map(earn, range(200)))
        left = shown(world, rule)["budget_left"]
        assert given + left == 1000
        assert given == sum(map(world.available, members))
        assert 0 <= left < award


def test_an_event_of_a_shops_own_earns_by_its_rule(world: World, phone: str) -> None:
    name = f"custom.walk_{new_key()[:8]}"
    register(phone)
    steps = {"field": "event.attributes.steps", "op": ">=", "value": 10_000}
    event = {
        "id": f"walk:{new_key()}",
        "type": name,
        "occurred_at": clock.rfc3339(clock.now()),
        "member": {"phone": phone},
        "data": {"attributes": {"steps": 12_000}},
    }
    with in_force(world, {"event": name, "when": steps, "effect": {"fixed": 20}}) as (rule,):
        answer = sent(world, event)
        assert gave(answer) == {rule["id"]: (20, "matched")}
        assert sent(world, event) == {**answer, "status": "duplicate"}
    other = {**event, "id": f"walk:{new_key()}"}
    assert sent(world, other)["entries"] == []
    stranger = {**event, "id": f"walk:{new_key()}", "member": {"phone": new_phone()}}
    assert sent(world, stranger)["status"] == "unmatched"


def test_a_birthday_told_by_the_shop_counts_in_rules(world: World, phone: str) -> None:
    sku = f"BIRTH-{new_key()}"
    register(phone)
    month = clock.program_day(clock.now()).month
    update = {
        "id": f"crm:{new_key()}",
        "type": "member.updated",
        "occurred_at": clock.rfc3339(clock.now()),
        "member": {"phone": phone},
        "data": {"birthday": f"{month:02}-15", "attributes": {"vip": True}},
    }
    own = [
        {"field": "member.birthday_month", "op": "=", "value": month},
        {"field": "member.attributes.vip", "op": "=", "value": True},
    ]
    with in_force(world, {"when": of_sku(sku, *own)}) as (rule,):
        assert gave(sent(world, bought(phone, (sku, 500))))[rule["id"]][0] == 0
        assert sent(world, update)["status"] == "applied"
        assert gave(sent(world, bought(phone, (sku, 500))))[rule["id"]] == (5, "matched")


def test_an_event_before_its_registration_keeps_its_rules_and_their_caps(
    world: World, phone: str
) -> None:
    sku = f"EARLY-{new_key()}"
    with in_force(world, {"when": of_sku(sku), "caps": {"member_life": 3}}) as (rule,):
        assert sent(world, bought(phone, (sku, 500)))["status"] == "unmatched"
        event = bought(phone, (sku, 500))
        sent(world, event)
    register(phone)
    again = sent(world, event)
    assert again["status"] == "duplicate"
    points = {each["rule"]: each["points"] for each in again["entries"]}
    assert points == {"purchases": 5} or points == {
        "purchases": 5,
        f"{rule['id']}@{rule['version']}": 3,
    }


def test_money_that_does_not_add_up_is_refused(world: World, phone: str) -> None:
    member = register(phone)
    event = bought(phone, ("SUM-1", 500))
    event["data"]["amount"] = 501
    refused = world.event(event)
    assert (refused.status, refused.body["errors"][0]["code"]) == (400, "not_the_sum")
    unknown = paid(phone)
    unknown["data"]["currency"] = "XYZ"
    refused = world.event(unknown)
    assert (refused.status, refused.body["errors"][0]["code"]) == (400, "unknown_currency")
    assert entries_of(member) == 0
