"""Points of every origin prove themselves, and finance's lines tell where each came from."""

from __future__ import annotations

import pytest

from chalicelib import ledger
from chalicelib.earning import events
from chalicelib.earning.actions import claims, referrals
from chalicelib.earning.rules.referrals import Seen
from chalicelib.finance.rules.lines import points_row
from chalicelib.finance.rules.sheets import POINTS
from chalicelib.finance.rules.wording import RULES
from chalicelib.kernel import clock, ids
from chalicelib.kernel.config import config
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.ledger.tables import EntryItem
from chalicelib.members.actions.registrations import add_member
from chalicelib.members.queries import destination_of
from chalicelib.tiers import queries as tiers
from chalicelib.tiers.actions import reviews
from chalicelib.tiers.rules.ladder import Ladder
from tests.api import Api, new_key, token
from tests.conftest import Time
from tests.earning import tasks
from tests.earning.ruling import bought, in_force, of_sku
from tests.earning.shop import register
from tests.facts import made
from tests.tiers.rules.ladders import level
from tests.world import World, new_phone, refunded

MORE = Ladder(levels=[level("normal", multiplier_percent=150), level("silver", 100)])


def entries(member: str) -> list[ledger.Entry]:
    rows = EntryItem.query(f"ACC#{ledger.points_account(member)}", EntryItem.sk.startswith("ENT#"))
    return sorted((row.value() for row in rows), key=lambda entry: entry.seq)


def assert_explained(world: World, member: str, rules: list[str]) -> None:
    """Each movement has a line with its origin, the lines sum to the account, and it proves."""
    found = entries(member)
    lines = [
        dict(zip(POINTS.columns, points_row(each, config().time_zone), strict=True))
        for each in found
        if each.effect.contra is not None
    ]
    assert [line["rule"].partition("@")[0] for line in lines] == rules
    for line in lines:
        assert line["source"]
        assert line["rule"] in RULES or line["rule"].startswith("rul_")
    assert sum(line["change"] for line in lines) == world.available(member)
    proof = world.api.get(
        f"/v1/admin/ledger/verify?member_id={member}", as_=token(ids.new_id("mbr"), "finance")
    ).body
    assert (proof["ok"], proof["problems"]) == (True, [])


def test_points_of_rules_and_tiers_and_their_refund_are_explained(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiers, "ladder", lambda: MORE)
    phone = new_phone()
    member = register(phone)
    with in_force(world, {"when": of_sku("ORIGIN-1"), "effect": {"fixed": 30}}) as (rule,):
        payment = bought(phone, ("ORIGIN-1", 10_000))
        assert world.event(payment).body["status"] == "applied"
        assert world.event(refunded(payment, 5_000)).body["status"] == "applied"
    found = entries(member)
    assert {each.type for each in found} == {"accrual", "clawback"}
    names = [(each.rule or "").partition("@")[0] for each in found]
    assert set(names) == {"purchases", "tier", rule["id"]}
    assert_explained(world, member, names)


def test_points_of_tasks_and_birthdays_are_explained(api: Api, world: World, time: Time) -> None:
    time.advance_to_noon()
    member = world.member()
    assert api.post("/v1/me/check-ins", as_=token(member)).status == 201
    with tasks.published(api, kind="survey", link="/survey", points=20) as task:
        claims.complete_survey(member, task["id"], "answered", clock.now())
        path = f"/v1/me/tasks/{task['id']}/claims"
        assert api.post(path, as_=token(member), key=new_key()).status == 201
    reviews._give(member, 70, clock.program_day(clock.now()).year, clock.now())
    assert_explained(world, member, ["check_in", "survey", "birthday_gift"])


def invited_by(referrer: str) -> str:
    """A friend who has just registered by a member's code."""
    writes, phone = WriteSet(), destination_of(phone=new_phone())
    now_ms = clock.to_ms(clock.now())
    friend = add_member(writes, phone, language="zh-CN", now_ms=now_ms, referred_by=referrer)
    writes.commit()
    data = {"member_id": friend, "referred_by": referrer}
    events.begin_referral(made("x", "member.registered", "", data))
    return friend


def test_points_of_a_referral_and_of_its_refund_are_explained(
    api: Api, world: World, time: Time
) -> None:
    time.advance_to_noon()
    terms = {"friend_points": 50, "order_at_least": 1000, "wait_days": 15}
    with tasks.published(api, kind="referral", points=100, referral=terms):
        referrer = world.member()
        friend = invited_by(referrer)
        bought_ms, order = clock.to_ms(clock.now()), ids.new_id("ord")
        referrals.note_order(friend, Seen(f"mall:{order}", bought_ms, 5000), clock.now())
        time.advance(days=16)
        referrals.sweep_referrals(clock.now())
        for each, points in ((referrer, 100), (friend, 50)):
            assert world.available(each) == points
            assert_explained(world, each, ["referral"])
        referrals.note_order(friend, Seen(f"mall:{order}", bought_ms, 5000, 5000), clock.now())
        for each in (referrer, friend):
            assert world.available(each) == 0
            assert_explained(world, each, ["referral", "referral"])
