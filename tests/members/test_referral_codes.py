"""Referral codes: one for each member, taken at the first login alone."""

from __future__ import annotations

from typing import Any

from chalicelib.kernel import clock
from chalicelib.members import actions
from chalicelib.members.actions import referrals
from chalicelib.members.events import facts_of
from chalicelib.members.rules.referrals import LENGTH, LETTERS
from chalicelib.members.tables.items import ProfileItem
from tests.api import Api, new_key, token
from tests.members.people import People, at_once, new_phone
from tests.world import World


def code_of(api: Api, member: str) -> str:
    code: str = api.get("/v1/me", as_=token(member)).body["referral_code"]
    return code


def login(people: People, phone: str, **more: Any) -> Any:
    return people.login(*people.challenge(phone), **more)


def test_each_member_has_a_short_code_that_nobody_misreads(api: Api, world: World) -> None:
    one, other = world.member(), world.member()
    code = code_of(api, one)
    assert (len(code), set(code) <= set(LETTERS)) == (LENGTH, True)
    assert (code_of(api, one), referrals.member_with_code(code)) == (code, one)
    assert code_of(api, other) != code


def test_a_member_of_an_earlier_release_gets_one_code_when_it_is_asked_for(
    api: Api, world: World
) -> None:
    member = world.member()
    ProfileItem.key(member).update([ProfileItem.referral_code.remove()])
    codes = set(at_once(8, lambda _: actions.code_of(member)))
    assert codes == {code_of(api, member)}


def test_the_first_login_takes_a_code_however_it_is_spelt(
    api: Api, world: World, people: People
) -> None:
    inviter = world.member()
    code = code_of(api, inviter)
    made = login(people, new_phone(), referral_code=f" {code[:4].lower()} {code[4:]} ")
    assert (made.status, made.body["created"], made.body["referral"]) == (201, True, "applied")
    told = referrals.referred_by(made.body["member"]["id"])
    assert told is not None
    assert told.referrer_id == inviter


def test_a_code_after_registration_changes_nothing_and_the_login_goes_on(
    api: Api, world: World, people: People
) -> None:
    phone = new_phone()
    member = login(people, phone).body["member"]["id"]
    for code in (code_of(api, world.member()), code_of(api, member), "AAAAAAAA"):
        again = login(people, phone, referral_code=code)
        assert (again.status, again.body["created"]) == (201, False)
        assert again.body["referral"] == "after_registration"
    assert referrals.referred_by(member) is None


def test_a_code_that_nobody_has_is_refused_and_the_login_code_stays_good(
    people: People,
) -> None:
    phone = new_phone()
    challenge, code = people.challenge(phone)
    refused = people.login(challenge, code, referral_code="AAAAAAAA")
    assert (refused.status, refused.body["errors"][0]["field"]) == (400, "referral_code")
    made = people.login(challenge, code)
    assert (made.status, made.body["created"], made.body.get("referral")) == (201, True, None)


def test_nobody_invites_themselves_with_a_phone_that_they_had(
    api: Api, people: People, world: World
) -> None:
    phone, other = new_phone(), new_phone()
    signed_in = login(people, phone).body
    member, own = signed_in["member"]["id"], signed_in["access_token"]
    challenge, code = people.challenge(other)
    body = {"channel": "sms", "challenge_id": challenge, "code": code}
    linked = api.post(
        "/v1/me/identities", {k: body[k] for k in ("challenge_id", "code")}, as_=own, key=new_key()
    )
    assert linked.status == 201, linked.body
    first = next(
        each["id"]
        for each in api.get("/v1/me/identities", as_=own).body["data"]
        if each["id"] != linked.body["id"]
    )
    assert api.delete(f"/v1/me/identities/{first}", as_=own).status == 204
    again = login(people, phone, referral_code=code_of(api, member))
    assert (again.status, again.body["created"]) == (201, True)
    assert again.body["referral"] == "own_code"
    assert referrals.referred_by(again.body["member"]["id"]) is None


def test_the_fact_of_a_registration_tells_who_invited(world: World) -> None:
    from chalicelib.kernel.store.streams import Change

    image = {
        "pk": {"S": "MBR#mbr_b"},
        "sk": {"S": "PROFILE"},
        "created_at": {"N": str(clock.to_ms(clock.now()))},
        "referred_by": {"S": "mbr_a"},
    }
    (fact,) = facts_of(Change("1", None, image))
    assert (fact.data.member_id, fact.data.referred_by, fact.version) == ("mbr_b", "mbr_a", 2)
