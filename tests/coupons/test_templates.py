"""Ops make, change, publish and retire templates of coupons."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.coupons.actions.giving import grant_now
from chalicelib.coupons.queries.coupons import find_coupon
from chalicelib.coupons.queries.templates import find_template
from chalicelib.kernel import clock, ids
from tests.api import Answer, Api, new_key, token

pytestmark = pytest.mark.usefixtures("engine")
PATH = "/v1/admin/coupon-templates"
DRAFT: dict[str, Any] = {
    "kind": "amount_off",
    "title": {"zh-CN": "满百减十", "en": "10 off 100"},
    "amount": 1000,
    "least_cash": 10_000,
    "valid": {"days": 30},
    "total": 5,
}


@pytest.fixture
def ops() -> str:
    return token(ids.new_id("mbr"), "ops")


def create(api: Api, ops: str, **other: Any) -> Answer:
    return api.post(PATH, {**DRAFT, **other}, as_=ops, key=new_key())


def change(api: Api, ops: str, made: dict[str, Any], **changes: Any) -> Answer:
    version = {"If-Match": str(made["version"])}
    return api.patch(f"{PATH}/{made['id']}", changes, as_=ops, headers=version)


def act(api: Api, ops: str, made: dict[str, Any], name: str) -> Answer:
    version = {"If-Match": str(made["version"])}
    return api.post(f"{PATH}/{made['id']}/{name}", as_=ops, headers=version)


def published(api: Api, ops: str, **other: Any) -> dict[str, Any]:
    done = act(api, ops, create(api, ops, **other).body, "publish")
    assert done.status == 200, done.body
    found: dict[str, Any] = done.body
    return found


def test_a_template_is_a_draft_until_it_is_published_and_ends_retired(api: Api, ops: str) -> None:
    made = create(api, ops)
    assert made.status == 201
    assert (made.body["status"], made.body["left"], made.body["given"]) == ("draft", 5, 0)
    shown = act(api, ops, made.body, "publish").body
    assert (shown["status"], shown["version"], shown["left"]) == ("published", 2, 5)
    retired = act(api, ops, shown, "retire").body
    assert retired["status"] == "retired"
    again = act(api, ops, retired, "publish")
    assert (again.status, again.body["code"]) == (409, "not_allowed_in_this_state")
    assert api.get(f"{PATH}/{made.body['id']}", as_=ops).body == retired


def test_a_key_makes_one_template(api: Api, ops: str) -> None:
    key = new_key()
    first, again = (api.post(PATH, DRAFT, as_=ops, key=key) for _ in range(2))
    assert again.body == first.body
    assert again.headers["Idempotent-Replayed"] == "true"
    other = api.post(PATH, {**DRAFT, "amount": 500}, as_=ops, key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")


def test_a_stale_change_is_refused_and_changes_nothing(api: Api, ops: str) -> None:
    made = create(api, ops).body
    changed = change(api, ops, made, total=8, valid={"days": 7})
    assert (changed.status, changed.body["total"]) == (200, 8)
    assert changed.body["valid"] == {"days": 7, "from": None, "until": None}
    stale = change(api, ops, made, total=9)
    assert (stale.status, stale.body["code"]) == (412, "stale_version")
    assert api.get(f"{PATH}/{made['id']}", as_=ops).body == changed.body


def test_a_new_total_leaves_what_is_not_given_yet(api: Api, ops: str) -> None:
    made = published(api, ops)
    for number in range(3):
        grant_now(made["id"], ids.new_id("mbr"), str(number), clock.now())
    more = change(api, ops, made, total=20)
    assert (more.body["given"], more.body["left"]) == (3, 17)
    none = change(api, ops, more.body, total=None)
    assert (none.body["given"], none.body["left"]) == (3, None)
    grant_now(made["id"], ids.new_id("mbr"), "fourth", clock.now())
    again = change(api, ops, none.body, total=4)
    assert (again.body["given"], again.body["left"]) == (4, 0)
    low = change(api, ops, again.body, total=3)
    assert (low.status, low.body["code"]) == (409, "coupon_total_too_low")


def test_a_coupon_keeps_the_terms_that_it_was_given_on(api: Api, ops: str) -> None:
    made = published(api, ops)
    old, _ = grant_now(made["id"], ids.new_id("mbr"), "old", clock.now())
    change(api, ops, made, amount=700)
    new, _ = grant_now(made["id"], ids.new_id("mbr"), "new", clock.now())
    kept = find_coupon(old.id)
    assert kept is not None
    assert (kept.terms.amount, new.terms.amount) == (1000, 700)


def test_templates_are_listed_by_their_state(api: Api, ops: str) -> None:
    made = create(api, ops).body
    drafts = api.get(f"{PATH}?status=draft", as_=ops).body["data"]
    assert made in drafts
    assert made["id"] not in [each["id"] for each in api.get(PATH, as_=ops).body["data"]]


@pytest.mark.parametrize("role", ["member", "finance"])
def test_only_the_staff_of_the_mall_sees_templates(api: Api, role: str) -> None:
    assert api.get(PATH, as_=token(ids.new_id("mbr"), role)).status == 403


def test_an_agent_reads_templates_and_changes_none(api: Api, ops: str) -> None:
    agent = token(ids.new_id("mbr"), "agent")
    made = create(api, ops).body
    assert api.get(f"{PATH}/{made['id']}", as_=agent).status == 200
    assert create(api, agent).status == 403
    assert change(api, agent, made, total=9).status == 403
    assert act(api, agent, made, "publish").status == 403


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"amount": 0}, "amount", "required"),
        ({"amount": 20_000}, "amount", "too_large"),
        ({"percent": 10}, "percent", "not_of_kind"),
        ({"gift_sku": "CUP-RED"}, "gift_sku", "not_of_kind"),
        ({"least_points": 5}, "least_points", "exactly_one"),
        ({"scope": {"all": True, "skus": ["CUP-RED"]}}, "scope", "exactly_one"),
        ({"scope": {}}, "scope", "exactly_one"),
        (
            {"scope": {"skus": ["CUP-RED"], "except": {"skus": ["CUP-RED"]}}},
            "scope.except",
            "contradiction",
        ),
        ({"valid": {}}, "valid", "exactly_one"),
        ({"valid": {"days": 3, "until": "2027-01-01T00:00:00Z"}}, "valid", "exactly_one"),
        (
            {"valid": {"from": "2027-01-02T00:00:00Z", "until": "2027-01-01T00:00:00Z"}},
            "valid.until",
            "too_early",
        ),
        (
            {"offered": {"from": "2027-01-02T00:00:00Z", "until": "2027-01-01T00:00:00Z"}},
            "offered.until",
            "too_early",
        ),
        ({"per_member": 6}, "per_member", "too_large"),
        (
            {"kind": "points_off", "least_cash": 0, "usable_in_shops": True},
            "usable_in_shops",
            "not_of_kind",
        ),
        ({"kind": "gift", "amount": 0}, "gift_sku", "required"),
        ({"kind": "percent_off", "amount": 0}, "percent", "required"),
    ],
)
def test_a_template_that_contradicts_itself_is_refused_by_field(
    api: Api, ops: str, wrong: dict[str, Any], field: str, code: str
) -> None:
    key = new_key()
    made = api.post(PATH, {**DRAFT, **wrong}, as_=ops, key=key)
    assert made.status == 400, made.body
    assert (field, code) in [(each["field"], each["code"]) for each in made.body["errors"]]
    assert api.post(PATH, DRAFT, as_=ops, key=key).status == 201


def test_a_coupon_that_lapsed_is_not_offered(api: Api, ops: str) -> None:
    made = published(api, ops, valid={"until": "2026-01-01T00:00:00Z"})
    template = find_template(made["id"])
    assert template is not None
    assert not template.is_offered(clock.to_ms(clock.now()))
