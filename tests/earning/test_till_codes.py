"""A member's code at the till: names the member to a shop, and ends after a minute and a half."""

from __future__ import annotations

import secrets

import pytest

from chalicelib.kernel import clock, ids
from chalicelib.members.tables import seals
from tests.api import Api, token
from tests.conftest import Time
from tests.world import World, paid


def _code(api: Api, member_id: str) -> str:
    answer = api.get("/v1/me/code", as_=token(member_id))
    assert answer.status == 200, answer
    return str(answer.body["code"])


def _event(code: str, **other: object) -> dict[str, object]:
    return {**paid("+8613800138000", **other), "member": {"code": code}}  # type: ignore[arg-type]


def _hold(code: str) -> dict[str, object]:
    hold_id = f"till:{secrets.token_hex(6)}"
    return {"id": hold_id, "member": {"code": code}, "points": 50, "expires_in_seconds": 900}


def test_a_code_is_short_good_for_a_while_and_shown_as_a_picture(api: Api, world: World) -> None:
    shown = api.get("/v1/me/code", as_=token(world.member())).body
    assert len(shown["code"]) == 40
    assert shown["code"].isalnum()
    assert shown["code"] == shown["code"].upper()
    assert shown["qr"].startswith("<svg")
    assert "mbr_" not in shown["code"].lower()


def test_a_shop_names_a_member_by_their_code(api: Api, world: World) -> None:
    member = world.member(100)
    code = _code(api, member)
    answer = world.event(_event(code, amount=10_000))
    assert (answer.status, answer.body["status"]) == (200, "applied")
    assert world.available(member) == 200
    held = world.partner("POST", "/v1/partner/holds", _hold(code))
    assert (held.status, held.body["member_id"]) == (201, member)
    found = world.partner("GET", f"/v1/partner/members?code={code}")
    assert (found.status, found.body["member_id"]) == (200, member)
    assert world.partner("GET", f"/v1/partner/members?code={code.lower()}").status == 200


def test_an_expired_code_is_refused_and_changes_nothing(api: Api, world: World, time: Time) -> None:
    member = world.member(100)
    code = _code(api, member)
    time.advance(seconds=101)
    event = _event(code)
    answers = [
        world.event(event),
        world.partner("POST", "/v1/partner/holds", _hold(code)),
        world.partner("GET", f"/v1/partner/members?code={code}"),
    ]
    told = [(a.status, a.body["code"], a.body["errors"][0]["field"]) for a in answers]
    expired = "till_code_expired"
    assert told == [
        (409, expired, "member.code"),
        (409, expired, "member.code"),
        (409, expired, "code"),
    ]
    assert world.available(member) == 100
    # A refused event keeps no id: with a fresh code it is taken.
    again = {**event, "member": {"code": _code(api, member)}}
    assert world.event(again).body["status"] == "applied"


def test_a_retry_after_the_code_expired_gets_the_first_answer(
    api: Api, world: World, time: Time
) -> None:
    member = world.member(100)
    code = _code(api, member)
    event, hold = _event(code, amount=10_000), _hold(code)
    first = world.event(event)
    held = world.partner("POST", "/v1/partner/holds", hold)
    time.advance(seconds=300)
    again = world.event(event)
    assert (again.status, again.body["status"]) == (200, "duplicate")
    assert again.body["entries"] == first.body["entries"]
    assert world.partner("POST", "/v1/partner/holds", hold).body == held.body
    assert world.available(member) == 150


@pytest.mark.parametrize("change", ["first", "last", "short", "letters", "empty"])
def test_a_forged_code_is_refused(api: Api, world: World, change: str) -> None:
    member = world.member(100)
    code = _code(api, member)
    other = {"A": "B"}.get(code[0], "A")
    end = {"A": "B"}.get(code[-1], "A")
    changed = {"first": other + code[1:], "last": code[:-1] + end, "short": code[:-8]}
    forged = {**changed, "letters": "会员码", "empty": "1" * 40}[change]
    answer = world.event(_event(forged))
    assert (answer.status, answer.body["code"]) == (404, "till_code_invalid")
    assert world.partner("POST", "/v1/partner/holds", _hold(forged)).status == 404
    assert world.available(member) == 100


def test_a_forged_code_in_a_batch_refuses_its_event_alone(api: Api, world: World) -> None:
    member = world.member()
    events = [_event("A" * 40), _event(_code(api, member))]
    answer = world.event({"events": events}).body["events"]
    assert [each["status"] for each in answer] == ["refused", "applied"]
    assert answer[0]["error"]["code"] == "till_code_invalid"


def test_a_code_and_another_name_are_refused_together(api: Api, world: World) -> None:
    member = world.member()
    event = {**_event(_code(api, member)), "member": {"code": "x", "member_id": member}}
    assert world.event(event).body["errors"][0]["code"] == "exactly_one"


def test_a_code_of_nobody_who_is_left_is_no_members(api: Api, world: World) -> None:
    gone = ids.new_id("mbr")
    code = _code(api, gone)
    answer = world.partner("GET", f"/v1/partner/members?code={code}")
    assert (answer.status, answer.body["code"]) == (404, "member_not_found")
    assert world.event(_event(code)).body["status"] == "unmatched"


def test_a_code_opens_within_five_years_of_its_making_only_as_itself(engine: str) -> None:
    now_s = int(clock.now().timestamp())
    made = seals.till_code("mbr_" + "a" * 25 + "e", now_s)
    assert 90 <= made.expires_at - now_s < 100
    text = seals.seal_till_code(made)
    for later_s in (0, 90, 86_400, 365 * 86_400):
        assert seals.open_till_code(text, now_s + later_s) == made


def test_only_members_have_a_code(api: Api) -> None:
    assert api.get("/v1/me/code").status == 401
    assert api.get("/v1/me/code", as_=token("mbr_" + "a" * 26, "ops")).status == 403
