"""The staff drafts, publishes and retires earning rules; each act is audited."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from chalicelib.kernel import clock, ids
from tests.api import Answer, new_key, token
from tests.conftest import Time
from tests.earning.rules.drafts import GOLD_TUESDAYS, PLAIN
from tests.earning.ruling import PATH, act, drafted, in_force, of_sku, shown
from tests.world import World


def test_a_draft_is_made_once_and_earns_nothing(world: World) -> None:
    key = new_key()
    first = world.api.post(PATH, GOLD_TUESDAYS, as_=world.ops, key=key)
    assert (first.status, first.body["status"], first.body["version"]) == (201, "draft", 1)
    again = world.api.post(PATH, GOLD_TUESDAYS, as_=world.ops, key=key)
    assert (again.status, again.body, again.headers["Idempotent-Replayed"]) == (
        201,
        first.body,
        "true",
    )
    other = world.api.post(PATH, PLAIN, as_=world.ops, key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    listed = world.api.get("/v1/earning-rules").body["data"]
    assert first.body["id"] not in {each["rule_id"] for each in listed}
    assert first.body["words"]["title"] == "Gold Tuesdays"


def faults_of(answer: Answer) -> list[tuple[str, str]]:
    assert answer.status == 400, answer.body
    return [(each["field"], each["code"]) for each in answer.body["errors"]]


TIERS = [{"field": "member.tier", "op": "=", "value": each} for each in ("gold", "silver")]
FEBRUARY = {"from": "2027-02-01T00:00:00+08:00", "until": "2027-03-01T00:00:00+08:00"}
WRONG = {
    "contradicts itself": ({"when": {"all": TIERS}}, "when.all[1].value", "contradiction"),
    "never holds": ({"valid": {**FEBRUARY, "days": [30]}}, "valid", "never_holds"),
    "ends before it begins": (
        {"valid": {"from": FEBRUARY["until"], "until": FEBRUARY["from"]}},
        "valid.until",
        "ends_before_it_begins",
    ),
    "names an unknown field": (
        {"when": {"all": [{"field": "member.shoe", "op": "=", "value": 1}]}},
        "when.all[0].field",
        "unknown_field",
    ),
    "divides by zero": (
        {"effect": {"per_amount": {"points": 1, "amount": 0}}},
        "effect.per_amount.amount",
        "zero",
    ),
    "nests too deep": (
        {"when": {"not": {"not": {"not": {"not": {"not": {"not": TIERS[0]}}}}}}},
        "when.not.not.not.not.not",
        "too_deep",
    ),
    "has a budget for no award": (
        {"effect": {"fixed": 9}, "budget": 8},
        "budget",
        "below_one_award",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_rule_is_refused_at_its_place_and_changes_nothing(
    world: World, case: str
) -> None:
    given, at, code = WRONG[case]
    key = new_key()
    assert faults_of(world.api.post(PATH, {**PLAIN, **given}, as_=world.ops, key=key)) == [
        (at, code)
    ]
    made = world.api.post(PATH, PLAIN, as_=world.ops, key=key)
    assert (made.status, "Idempotent-Replayed" in made.headers) == (201, False)
    path, headers = f"{PATH}/{made.body['id']}", {"If-Match": "1"}
    changed = world.api.patch(path, given, as_=world.ops, headers=headers)
    assert faults_of(changed) == [(at, code)]
    assert shown(world, made.body) == made.body


def test_a_misspelt_part_and_a_rule_that_nests_without_end_are_refused(world: World) -> None:
    typo = world.api.post(
        PATH, {**PLAIN, "when": {"all": [{"feild": "x"}]}}, as_=world.ops, key=new_key()
    )
    assert (typo.status, typo.body["code"]) == (400, "unknown_field")
    deep = '{"not":' * 2000 + "{}" + "}" * 2000
    body = b'{"title":{"zh-CN":"a","en":"a"},"event":"order.paid","effect":{"fixed":1},"when":'
    nested = world.api.request(
        "POST", PATH, body + deep.encode() + b"}", as_=world.ops, key=new_key()
    )
    assert nested.status == 400


def test_a_published_rule_is_changed_by_its_next_version(world: World) -> None:
    with in_force(world, {"when": of_sku("NEXT-1"), "budget": 1000}) as (rule,):
        assert (rule["status"], rule["version"], rule["has_changes"]) == ("published", 2, False)
        assert (rule["budget_left"], rule["live"]["version"]) == (1000, 2)
        headers = {"If-Match": "2"}
        path = f"{PATH}/{rule['id']}"
        changed = world.api.patch(path, {"priority": 5}, as_=world.ops, headers=headers)
        assert (changed.status, changed.body["has_changes"]) == (200, True)
        assert changed.body["live"]["terms"] == rule["terms"]
        stale = world.api.patch(path, {"priority": 6}, as_=world.ops, headers=headers)
        assert (stale.status, stale.body["code"]) == (412, "stale_version")
        assert shown(world, rule) == changed.body
        again = act(world, changed.body, "publish").body
        assert (again["live"]["version"], again["live"]["terms"]["priority"]) == (4, 5)
        assert [each["version"] for each in again["versions"]] == [4, 2]
        assert act(world, changed.body, "publish").body == again
        acts = world.api.get(
            f"/v1/admin/audit?subject={rule['id']}", as_=token(ids.new_id("mbr"), "admin")
        ).body["data"]
        assert [each["action"] for each in acts][:2] == [
            "earning_rule.publish",
            "earning_rule.change",
        ]


def test_a_budget_grows_at_once_and_shrinks_to_what_is_spent_at_most(world: World) -> None:
    with in_force(world, {"when": of_sku("BUDGET-0"), "budget": 1001}) as (rule,):
        for budget, left in ((1500, 1500), (20, 20)):
            headers = {"If-Match": str(shown(world, rule)["version"])}
            changed = world.api.patch(
                f"{PATH}/{rule['id']}", {"budget": budget}, as_=world.ops, headers=headers
            )
            assert act(world, changed.body, "publish").body["budget_left"] == left


def test_a_retired_rule_stays_so(world: World) -> None:
    with in_force(world, {"when": of_sku("GONE-1")}) as (rule,):
        gone = act(world, rule, "retire")
        assert (gone.status, gone.body["status"], gone.body["live"]) == (200, "retired", None)
        assert act(world, rule, "retire").body == gone.body
        for name in ("publish", "retire"):
            refused = act(world, gone.body, name)
            assert (refused.status, refused.body["code"]) == (409, "not_allowed_in_this_state")
        change = world.api.patch(
            f"{PATH}/{rule['id']}",
            {"priority": 1},
            as_=world.ops,
            headers={"If-Match": str(gone.body["version"])},
        )
        assert change.status == 409
        assert shown(world, rule) == gone.body
    draft = drafted(world)
    assert act(world, draft, "retire").status == 409


def test_the_built_in_rule_is_listed_and_can_be_retired_and_put_back(world: World) -> None:
    built_in = {"id": "purchases", "version": 0}
    listed = world.api.listed(f"{PATH}?status=published", as_=world.ops)
    assert (listed[-1]["id"], listed[-1]["built_in"]) == ("purchases", True)
    assert act(world, built_in, "publish").status == 409
    gone = act(world, built_in, "retire")
    try:
        assert (gone.status, gone.body["status"]) == (200, "retired")
        told = world.api.get("/v1/earning-rules").body["data"]
        assert "purchases" not in {each["rule_id"] for each in told}
    finally:
        back = act(world, built_in, "publish")
    assert (back.status, back.body["status"]) == (200, "published")


def test_a_rule_whose_time_is_over_is_no_longer_told_to_members(world: World, time: Time) -> None:
    def told() -> set[str]:
        return {each["rule_id"] for each in world.api.get("/v1/earning-rules").body["data"]}

    until = (clock.now() + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    with in_force(world, {"when": of_sku("ENDS-1"), "valid": {"until": until}}) as (rule,):
        assert rule["id"] in told()
        time.advance(hours=1)
        assert rule["id"] not in told()
        assert shown(world, rule)["status"] == "published"


@pytest.mark.parametrize("role", ["agent", "finance", "member"])
def test_only_ops_and_admins_write_rules(world: World, role: str) -> None:
    as_ = token(ids.new_id("mbr"), role)
    rule = drafted(world)
    path, headers = f"{PATH}/{rule['id']}", {"If-Match": "1"}
    answers = [
        world.api.post(PATH, PLAIN, as_=as_, key=new_key()),
        world.api.patch(path, {"priority": 1}, as_=as_, headers=headers),
        world.api.post(f"{path}/publish", as_=as_, headers=headers),
        world.api.post(f"{path}/retire", as_=as_, headers=headers),
    ]
    assert [each.status for each in answers] == [403] * 4
    assert shown(world, rule) == rule
    assert world.api.get(path, as_=as_).status == (200 if role == "agent" else 403)


def test_rules_name_tiers_categories_brands_and_goods_as_the_mall_does(
    world: World,
) -> None:
    ops = world.ops
    title = {"zh-CN": "山间茶", "en": "Hill tea"}
    tea = {"id": new_key().lower(), "title": title}
    for path in ("categories", "brands"):
        made = world.api.post(f"/v1/admin/{path}", tea, as_=ops, key=new_key())
        assert made.status == 201, made.body
    sku = world.product(title=title)["skus"][0]["sku"]
    rule = drafted(
        world,
        when={"field": "member.tier", "op": "in", "value": ["gold", "no-such-tier"]},
        items={
            "any": [
                {"field": "item.category", "op": "in", "value": [tea["id"], "elsewhere"]},
                {"field": "item.brand", "op": "=", "value": tea["id"]},
                {"field": "item.sku", "op": "=", "value": sku},
            ]
        },
    )
    assert "Gold or no-such-tier" in shown(world, rule)["words"]["text"]
    path, zh = f"{PATH}/{rule['id']}", {"Accept-Language": "zh-CN"}
    text = world.api.get(path, as_=ops, headers=zh).body["words"]["text"]
    assert "会员等级为金卡会员、no-such-tier" in text
    assert "品类为山间茶、elsewhere，或品牌为山间茶，或商品为山间茶" in text


@pytest.mark.parametrize("levels", [20, 400, 900, 5000])
def test_a_rule_that_nests_without_end_is_refused(world: World, levels: int) -> None:
    tree = TIERS[0]
    body = json.dumps({**PLAIN, "when": "deep"}).replace(
        '"deep"', '{"not":' * levels + json.dumps(tree) + "}" * levels
    )
    answer = world.api.post(PATH, body.encode(), as_=world.ops, key=new_key())
    assert answer.status == 400, answer.body
