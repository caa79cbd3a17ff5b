"""A rule is held against past events: what it would have cost, with nothing written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.earning.actions import replays
from chalicelib.kernel import ids
from tests.api import new_key, token
from tests.conftest import Time
from tests.earning.replaying import (
    happened,
    job,
    ordered,
    own_days,
    replayed,
    run,
)
from tests.earning.ruling import PATH, act, bought, drafted, in_force, of_sku, ops
from tests.earning.shop import entries_of, register
from tests.world import World, new_phone, refunded

DAY = timedelta(days=1)


def test_a_draft_is_held_against_a_day_and_pays_nothing(world: World, time: Time) -> None:
    day, sku = own_days(time), f"RP-{new_key()}"
    one, other = new_phone(), new_phone()
    members = [register(one), register(other)]
    happened(world, bought(one, (sku, 10_000)), bought(other, (sku, 5_000)), bought(one, ("X", 99)))
    before = [entries_of(each) for each in members]
    draft = drafted(world, when=of_sku(sku), caps={"member_day": 70})
    answer = ordered(world, draft["id"], day, day)
    assert (answer.status, list(answer.body)) == (202, ["job_id"])
    started = job(world, answer.body["job_id"])
    assert (started["status"], started["progress"]) == ("running", {"done": 0, "total": 1})
    done, rounds = run(world, answer.body["job_id"])
    assert (done["status"], done["progress"], rounds) == ("done", {"done": 1, "total": 1}, 1)
    line = {
        "events": 3,
        "matched": 2,
        "paid": 150,
        "would_pay": 270,
        "difference": 120,
        "by_rule": 120,
    }
    assert done["result"] == {
        **line,
        "members": 2,
        "unmatched": 0,
        "unreadable": 0,
        "days": [{"day": f"{day}", **line}],
    }
    assert [entries_of(each) for each in members] == before
    assert world.api.get(f"{PATH}/{draft['id']}", as_=ops()).body["status"] == "draft"


def test_the_same_key_orders_one_replay_and_another_period_is_refused(
    world: World, time: Time
) -> None:
    day, staff = own_days(time), ids.new_id("mbr")
    rule, asking = drafted(world)["id"], {"as_": token(staff, "ops"), "key": new_key()}
    first = ordered(world, rule, day, day, **asking)
    again = ordered(world, rule, day, day, **asking)
    assert (again.status, again.body) == (202, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = ordered(world, rule, day - DAY, day, **asking)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    run(world, first.body["job_id"])
    time.advance(days=500)
    late = ordered(world, rule, day, day, as_=token(staff, "ops"), key=asking["key"])
    assert (late.status, late.body) == (202, first.body)
    listed = world.api.get(f"{PATH}/{rule}/replays", as_=ops()).body
    assert [each["id"] for each in listed["data"]] == [first.body["job_id"]]


@pytest.mark.parametrize(
    ("first", "to", "field", "code"),
    [
        (0, 1, "to", "in_the_future"),
        (0, -1, "to", "invalid_span"),
        (-92, 0, "to", "invalid_span"),
        (-401, -400, "from", "too_old"),
    ],
)
def test_a_period_that_cannot_be_replayed_is_refused_and_no_job_is_kept(
    world: World, time: Time, first: int, to: int, field: str, code: str
) -> None:
    day = own_days(time)
    rule = drafted(world)["id"]
    answer = ordered(world, rule, day + first * DAY, day + to * DAY)
    (fault,) = answer.body["errors"]
    assert (answer.status, fault["field"], fault["code"]) == (400, field, code)
    assert world.api.get(f"{PATH}/{rule}/replays", as_=ops()).body["data"] == []


def test_an_unknown_rule_and_a_member_are_refused(world: World, time: Time) -> None:
    day = own_days(time)
    assert ordered(world, "rul_x", day, day).status == 404
    rule = drafted(world)["id"]
    for role in ("agent", "finance", "member"):
        as_ = token(ids.new_id("mbr"), role)
        assert ordered(world, rule, day, day, as_=as_).status == 403, role
    assert world.api.get("/v1/admin/jobs/job_x/days.csv", as_=ops()).status == 404
    assert world.api.get(f"{PATH}/{rule}/replays", as_=ops()).body["data"] == []


def test_who_ran_a_replay_is_audited(world: World, time: Time) -> None:
    day = own_days(time)
    staff = ids.new_id("mbr")
    rule = drafted(world)["id"]
    made = ordered(world, rule, day, day, as_=token(staff, "ops"))
    path = f"/v1/admin/audit?subject={rule}"
    acts = world.api.get(path, as_=token(staff, "admin")).body["data"]
    (found,) = [each for each in acts if each["action"] == "earning_rule.replay"]
    assert (found["actor"]["member_id"], made.body["job_id"] in str(found["after"])) == (
        staff,
        True,
    )
    assert job(world, made.body["job_id"])["made_by"] == staff


def test_a_period_without_events_gives_days_of_nothing(world: World, time: Time) -> None:
    day = own_days(time)
    result = replayed(world, drafted(world)["id"], day - 2 * DAY, day)
    assert (result["events"], result["would_pay"], result["members"]) == (0, 0, 0)
    assert [each["day"] for each in result["days"]] == [f"{day - n * DAY}" for n in (2, 1, 0)]


def test_the_days_are_a_csv_file_in_the_readers_language(world: World, time: Time) -> None:
    day, phone = own_days(time), new_phone()
    register(phone)
    happened(world, bought(phone, ("TEE-1", 10_000)))
    answer = ordered(world, "purchases", day - DAY, day)
    run(world, answer.body["job_id"])
    path = f"/v1/admin/jobs/{answer.body['job_id']}/days.csv"
    found = world.api.get(path, as_=token(ids.new_id("mbr"), "finance"))
    assert found.headers["Content-Disposition"] == (
        f'attachment; filename="replay-{day - DAY}-{day}.csv"'
    )
    lines = found.body.lstrip("\ufeff").splitlines()
    assert lines == [
        "day,events,matched,paid,would_pay,difference,by_rule",
        f"{day - DAY},0,0,0,0,0,0",
        f"{day},1,1,100,100,0,100",
    ]
    assert "当时发放" in world.api.get(path, as_=ops(), headers={"Accept-Language": "zh-CN"}).body


def test_a_draft_of_next_month_is_tried_without_its_own_period(world: World, time: Time) -> None:
    day, phone, sku = own_days(time), new_phone(), f"RP-{new_key()}"
    register(phone)
    happened(world, bought(phone, (sku, 10_000)))
    valid = {"from": f"{day + DAY}T16:00:00Z"}
    answer = ordered(world, drafted(world, when=of_sku(sku), valid=valid)["id"], day, day)
    done, _ = run(world, answer.body["job_id"])
    assert (done["window_lifted"], done["result"]["by_rule"]) == (True, 100)


def test_the_next_version_of_a_rule_stands_in_its_place(world: World, time: Time) -> None:
    day, phone, sku = own_days(time), new_phone(), f"RP-{new_key()}"
    register(phone)
    with in_force(world, {"when": of_sku(sku)}) as (rule,):
        happened(world, bought(phone, (sku, 10_000)))
        assert replayed(world, rule["id"], day, day)["difference"] == 0
        doubled = {"effect": {"per_amount": {"points": 2, "amount": 100}}}
        changed = world.api.patch(
            f"{PATH}/{rule['id']}", doubled, as_=ops(), headers={"If-Match": "2"}
        )
        assert changed.status == 200, changed.body
        answer = ordered(world, rule["id"], day, day)
        done, _ = run(world, answer.body["job_id"])
        result = done["result"]
        assert (result["paid"], result["would_pay"], result["by_rule"]) == (200, 300, 200)
        again = act(world, changed.body, "publish").body
        assert done["version"] == again["live"]["version"] == 4
        later, _ = run(world, ordered(world, rule["id"], day, day).body["job_id"])
        assert later["version"] == 4


def test_days_without_events_are_listed_too(world: World, time: Time) -> None:
    day, phone, sku = own_days(time), new_phone(), f"RP-{new_key()}"
    register(phone)
    happened(world, bought(phone, (sku, 10_000)))
    result = replayed(world, drafted(world, when=of_sku(sku))["id"], day - 2 * DAY, day)
    assert [each["events"] for each in result["days"]] == [0, 0, 1]


def test_rules_that_change_during_a_replay_do_not_change_it(world: World, time: Time) -> None:
    day, phone, sku = own_days(time), new_phone(), f"RP-{new_key()}"
    register(phone)
    happened(world, bought(phone, (sku, 10_000)))
    draft = drafted(world, when=of_sku(sku))
    answer = ordered(world, draft["id"], day - DAY, day)
    replays.continue_replay(answer.body["job_id"], 0, lambda: True)
    published = act(world, draft, "publish").body
    done, _ = run(world, answer.body["job_id"])
    assert act(world, published, "retire").status == 200
    assert (done["result"]["by_rule"], done["version"]) == (100, 2)
    assert published["live"]["version"] == done["version"]


def test_attributes_of_an_event_are_kept_for_rules_that_ask_for_them(
    world: World, time: Time
) -> None:
    day, phone, sku = own_days(time), new_phone(), f"RP-{new_key()}"
    register(phone)
    small = bought(phone, (sku, 10_000))
    small["data"]["attributes"] = {"channel": "app"}
    large = bought(phone, (sku, 10_000))
    large["data"]["attributes"] = {"channel": "app"} | {f"k{n}": "字" * 64 for n in range(19)}
    happened(world, small, large, bought(phone, (sku, 10_000)))
    asks = {"field": "event.attributes.channel", "op": "=", "value": "app"}
    draft = drafted(world, when=of_sku(sku, asks))
    assert replayed(world, draft["id"], day, day)["by_rule"] == 200


def test_a_tier_is_that_of_the_event_where_it_is_recorded_else_that_of_now(
    world: World, time: Time
) -> None:
    day, phone, sku = own_days(time), new_phone(), f"RP-{new_key()}"
    member_id = register(phone)
    silver, normal = (
        {"field": "member.tier", "op": "=", "value": each} for each in ("silver", "normal")
    )
    happened(world, bought(phone, (sku, 10_000)))
    with in_force(world, {"when": of_sku(sku, normal)}):
        happened(world, bought(phone, (sku, 20_000)))
    body = {"tier": "silver", "until": f"{day + 30 * DAY}T00:00:00Z", "reason": "old friend"}
    path = f"/v1/admin/members/{member_id}/tier"
    granted = world.api.post(path, body, as_=ops(), key=new_key())
    assert granted.status == 200, granted.body
    result = replayed(world, drafted(world, when=of_sku(sku, silver))["id"], day, day)
    assert result["by_rule"] == 100


def test_a_refund_gives_limits_back_in_a_replay_as_it_did_then(world: World, time: Time) -> None:
    day, phone, sku = own_days(time), new_phone(), f"RP-{new_key()}"
    register(phone)
    terms: Any = {
        "when": of_sku(sku),
        "items": {"field": "item.sku", "op": "=", "value": sku},
        "caps": {"member_day": 120},
        "budget": 200,
    }
    with in_force(world, terms) as (rule,):
        first = bought(phone, (sku, 10_000), ("OTHER", 5_000))
        happened(world, first, bought(phone, (sku, 10_000)))
        happened(world, refunded(first, 7_500), bought(phone, (sku, 10_000)))
        result = replayed(world, rule["id"], day, day)
    assert (result["difference"], result["matched"]) == (0, 3)
    assert result["paid"] > 400
