"""Terms and privacy by version: drafted, published, agreed to, and asked for before an act."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339
from chalicelib.kernel.store.tables import connection
from chalicelib.kernel.web import auth
from chalicelib.kernel.web.requests import Caller
from chalicelib.members.queries import policies
from chalicelib.members.rules.policies import Published
from chalicelib.members.tables.policies import POLICIES, PUBLISHED, PublishedItem
from chalicelib.members.tables.seals import device_hash
from tests.api import Answer, Api, new_key, token
from tests.conftest import Time
from tests.members.people import People, SignedIn, new_phone, refresh
from tests.world import World, paid

DRAFT: dict[str, Any] = {
    "kind": "terms", "name": "2026-12", "title": {"zh-CN": "会员服务条款", "en": "Terms"},
    "text": {"zh-CN": "一、积分不是货币。", "en": "1. Points are not money."},
    "changes": {"zh-CN": "新增转赠。", "en": "Gifts are new."},
}  # fmt: skip


def _ops() -> str:
    return token("mbr_" + "o" * 26, "ops")


@pytest.fixture(autouse=True)
def _nothing_published(engine: str) -> Iterator[None]:
    """Published terms would stop the acts of all other tests."""
    _forget()
    yield
    _forget()


def _forget() -> None:
    PublishedItem(POLICIES, PUBLISHED).delete()
    policies._recall.clear()


def _draft(api: Api, **other: Any) -> Answer:
    return api.post("/v1/admin/policies", {**DRAFT, **other}, as_=_ops(), key=new_key())


def _publish(api: Api, effective_at: str | None = None, **other: Any) -> dict[str, Any]:
    made = _draft(api, **other)
    assert made.status == 201, made
    answer = _publish_draft(api, made.body["id"], effective_at=effective_at)
    assert answer.status == 200, answer
    return dict(answer.body)


def _publish_draft(api: Api, policy_id: str, version: int = 1, **body: Any) -> Answer:
    path = f"/v1/admin/policies/{policy_id}/publish"
    given = {name: value for name, value in body.items() if value}
    return api.post(path, given, as_=_ops(), key=new_key(), headers={"If-Match": str(version)})


def _agree(api: Api, who: SignedIn | str, key: str | None = None, **versions: Any) -> Answer:
    as_ = who if isinstance(who, str) else who.token
    return api.post("/v1/me/consents", versions, as_=as_, key=key or new_key())


def _give(api: Api, as_: str, key: str | None = None) -> Answer:
    body = {"to": {"phone": new_phone()}, "points": 10}
    return api.post("/v1/me/points/transfers", body, as_=as_, key=key or new_key())


def test_without_published_terms_nobody_is_asked(api: Api, people: People, world: World) -> None:
    who = people.sign_in()
    world.give(who.id, 100)
    assert _give(api, who.token).status == 201
    assert api.get("/v1/policies").body == {"terms": None, "privacy": None, "upcoming": []}


def test_a_draft_is_published_and_shown_in_both_languages(api: Api) -> None:
    made = _draft(api)
    assert (made.body["status"], made.body["effective_at"]) == ("draft", None)
    assert api.get("/v1/policies").body["terms"] is None
    assert _publish_draft(api, made.body["id"]).body["status"] == "published"
    shown = api.get("/v1/policies", headers={"Accept-Language": "zh-CN"}).body["terms"]
    assert (shown["version"], shown["title"]) == ("2026-12", "会员服务条款")
    # Also by a process that has not heard of it yet.
    policies._recall.keep(PUBLISHED, Published())
    assert api.get("/v1/policies/terms/2026-12").body["text"] == "1. Points are not money."
    for path in ("terms/2026-11", "privacy/2026-12", "other/2026-12"):
        assert api.get(f"/v1/policies/{path}").status == 404


def test_a_draft_is_changed_and_a_published_version_never_is(api: Api) -> None:
    made = _draft(api).body
    path = f"/v1/admin/policies/{made['id']}"
    changes = {"text": None, "url": "https://example.com/terms"}
    changed = api.patch(path, changes, as_=_ops(), headers={"If-Match": "1"})
    assert (changed.body["url"], changed.body["version"]) == ("https://example.com/terms", 2)
    assert api.patch(path, changes, as_=_ops(), headers={"If-Match": "1"}).status == 412
    both = api.patch(path, {"text": DRAFT["text"]}, as_=_ops(), headers={"If-Match": "2"})
    assert (both.status, both.body["errors"][0]["code"]) == (400, "exactly_one")
    assert _publish_draft(api, made["id"], 2).status == 200
    refused = api.patch(path, {"name": "x"}, as_=_ops(), headers={"If-Match": "3"})
    assert (refused.status, refused.body["code"]) == (409, "not_allowed_in_this_state")
    assert api.get(path, as_=_ops()).body["name"] == "2026-12"


def test_a_replayed_draft_and_publication_answer_the_same(api: Api) -> None:
    key = new_key()
    first = api.post("/v1/admin/policies", DRAFT, as_=_ops(), key=key)
    again = api.post("/v1/admin/policies", DRAFT, as_=_ops(), key=key)
    assert (again.body, again.headers["Idempotent-Replayed"]) == (first.body, "true")
    other = api.post("/v1/admin/policies", {**DRAFT, "name": "x"}, as_=_ops(), key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    path = f"/v1/admin/policies/{first.body['id']}/publish"
    done = [api.post(path, {}, as_=_ops(), key=key, headers={"If-Match": "1"}) for _ in range(2)]
    assert [each.status for each in done] == [200, 200]
    assert done[0].body == done[1].body


def test_a_version_is_published_under_its_name_once(api: Api) -> None:
    _publish(api)
    refused = _publish_draft(api, _draft(api).body["id"])
    assert (refused.status, refused.body["code"]) == (409, "policy_version_taken")


def test_a_new_version_asks_again_before_an_act_and_then_lets_it_go(
    api: Api, people: People, world: World
) -> None:
    who = people.sign_in()
    world.give(who.id, 100)
    _publish(api)
    refused = _give(api, who.token)
    assert (refused.status, refused.body["code"]) == (403, "consent_required")
    assert (refused.body["terms"], "privacy" in refused.body) == ("2026-12", False)
    assert world.available(who.id) == 100
    agreed = _agree(api, who, terms="2026-12")
    assert agreed.status == 201
    assert agreed.body["consent"]["terms"] == "2026-12"
    assert _give(api, agreed.body["access_token"]).status == 201
    # The token from before tells of no consent: then the profile is asked.
    assert _give(api, who.token).status == 201
    assert world.available(who.id) == 80


def test_orders_and_withdrawals_are_refused_too_and_reading_is_not(
    api: Api, people: People, world: World
) -> None:
    who = people.sign_in()
    world.give(who.id, 1000)
    sku = world.sku(points=100)
    _publish(api)
    order = {"items": [{"sku": sku, "quantity": 1}], "address_id": world.address(who.id)}
    placed = api.post("/v1/orders", order, as_=who.token, key=new_key())
    assert (placed.status, placed.body["code"]) == (403, "consent_required")
    assert world.available(who.id) == 1000
    assert api.post("/v1/orders/quote", order, as_=who.token).status == 200
    assert api.get("/v1/me/points", as_=who.token).status == 200


def test_a_replay_outranks_a_missing_consent(api: Api, people: People, world: World) -> None:
    who = people.sign_in()
    world.give(who.id, 100)
    key = new_key()
    body = {"to": {"phone": new_phone()}, "points": 10}

    def give() -> Answer:
        return api.post("/v1/me/points/transfers", body, as_=who.token, key=key)

    first = give()
    _publish(api)
    again = give()
    assert (again.status, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert again.body == first.body
    assert world.available(who.id) == 90


def test_an_act_of_a_member_who_agreed_reads_nothing_for_it(
    api: Api, people: People, world: World
) -> None:
    _publish(api)
    who = people.login(
        *people.challenge(new_phone()), consent={"terms": "2026-12", "privacy": "none"}
    ).body
    caller = auth.verify(who["access_token"], clock.now())
    assert caller.consent == "2026-12|none"
    policies.published_of_late()
    assert _reads(caller) == []
    assert _reads(Caller(caller.member_id, "ses_x", caller.roles)) == ["GetItem", "GetItem"]
    assert _reads(Caller(caller.member_id, "ses_x", caller.roles, "old|none")) != []


def _reads(caller: Caller) -> list[str]:
    sent: list[str] = []

    def note(model: Any, **_: Any) -> None:
        sent.append(model.name)

    client = connection().client
    client.meta.events.register("before-call.dynamodb", note, unique_id="consents")
    try:
        assert policies.missing_consent(caller, clock.now()) is None
    finally:
        client.meta.events.unregister("before-call.dynamodb", unique_id="consents")
    return sent


def test_a_refreshed_token_tells_of_the_consent(api: Api, people: People) -> None:
    who = people.sign_in()
    _publish(api)
    _agree(api, who, terms="2026-12")
    renewed = refresh(api, who.refresh_token).body["access_token"]
    assert auth.verify(renewed, clock.now()).consent == "2026-12|"


def test_a_version_of_the_future_is_shown_and_asked_for_from_its_start(
    api: Api, people: People, world: World, time: Time
) -> None:
    who = people.sign_in()
    world.give(who.id, 100)
    begins = rfc3339(clock.now() + timedelta(hours=1))
    _publish(api, effective_at=begins)
    assert api.get("/v1/policies").body["upcoming"][0]["version"] == "2026-12"
    assert _give(api, who.token).status == 201
    time.advance(minutes=61)
    fresh = token(who.id)
    assert _give(api, fresh).body["code"] == "consent_required"
    assert api.get("/v1/policies").body["terms"]["version"] == "2026-12"


def test_a_consent_given_ahead_counts_from_the_start(
    api: Api, people: People, world: World, time: Time
) -> None:
    who = people.sign_in()
    world.give(who.id, 100)
    _publish(api, effective_at=rfc3339(clock.now() + timedelta(hours=1)))
    assert _agree(api, who, terms="2026-12").status == 201
    time.advance(minutes=61)
    assert _give(api, token(who.id)).status == 201


def test_what_is_not_published_cannot_be_agreed_to(api: Api, people: People) -> None:
    who = people.sign_in()
    _publish(api, name="2026-11")
    _publish(api)
    for name in ("2026-11", "2027-01"):
        refused = _agree(api, who, terms=name)
        assert (refused.status, refused.body["code"]) == (409, "policy_outdated")
        assert refused.body["terms"] == "2026-12"
    assert _agree(api, who).status == 400
    assert api.get("/v1/me/consents", as_=who.token).body["data"] == []


def test_a_replayed_consent_is_one_and_another_under_its_key_is_refused(
    api: Api, people: People
) -> None:
    who, key = people.sign_in(), new_key()
    _publish(api)
    _publish(api, kind="privacy", name="p-1")
    first = _agree(api, who, key, terms="2026-12")
    again = _agree(api, who, key, terms="2026-12")
    assert again.body["consent"] == first.body["consent"]
    assert again.headers["Idempotent-Replayed"] == "true"
    other = _agree(api, who, key, privacy="p-1")
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    assert len(api.get("/v1/me/consents", as_=who.token).body["data"]) == 1
    assert api.post("/v1/me/consents", {"terms": "2026-12"}, as_=who.token).status == 400


def test_the_history_of_consents_is_kept_with_its_place(
    api: Api, people: People, time: Time
) -> None:
    phone = new_phone()
    old = {"terms": "2026-11", "privacy": "p-1"}
    login = people.login(*people.challenge(phone), consent=old).body
    people.login(*people.challenge(phone), consent=old)
    _publish(api)
    time.advance(minutes=1)
    made = {"as_": login["access_token"], "key": new_key(), "headers": {"Jifen-Device": "d" * 32}}
    assert api.post("/v1/me/consents", {"terms": "2026-12"}, **made).status == 201
    newest = policies.consents(login["member"]["id"])[0]
    assert newest.device == device_hash("d" * 32)
    listed = api.get("/v1/me/consents", as_=login["access_token"]).body["data"]
    kept = [(each["terms"], each["privacy"], each["source"]) for each in listed]
    assert kept == [("2026-12", "p-1", "asked"), ("2026-11", "p-1", "sign_in")]
    assert all(each["network"] for each in listed)
    other = people.sign_in()
    assert api.get("/v1/me/consents", as_=other.token).body["data"] == []


def test_events_of_partners_go_on(api: Api, people: People, world: World) -> None:
    who = people.sign_in()
    _publish(api)
    assert world.event(paid(who.phone)).body["status"] == "applied"
