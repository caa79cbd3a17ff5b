"""What the staff sees of a member besides points: devices and notes."""

from __future__ import annotations

from typing import Any

from chalicelib.members.tables.items import MembersItem
from tests.api import Answer, Api, new_key, token
from tests.members.people import People
from tests.world import World

NOTE = {"text": "来电核实：换绑手机\n周五回电"}


def path_of(member: str) -> str:
    return f"/v1/admin/members/{member}/notes"


def note(world: World, member: str, body: Any, key: str | None = None) -> Answer:
    as_ = token("mbr_staff", "agent")
    return world.api.post(path_of(member), body, as_=as_, key=key or new_key())


def notes(world: World, member: str, query: str = "") -> Any:
    answer = world.api.get(f"{path_of(member)}{query}", as_=token("mbr_staff", "ops"))
    assert answer.status == 200, answer.body
    return answer.body


def test_the_staff_sees_a_members_devices(api: Api, people: People) -> None:
    who = people.sign_in()
    people.sign_in(who.phone)
    path = f"/v1/admin/members/{who.id}/sessions"
    theirs = api.get(path, as_=token("mbr_staff", "agent"))
    own = api.get("/v1/me/sessions", as_=who.token)
    assert theirs.status == 200
    assert theirs.body["data"] == [{**each, "current": False} for each in own.body["data"]]
    assert len(theirs.body["data"]) == 2
    for role, status in (("ops", 200), ("admin", 200), ("finance", 403), ("member", 403)):
        assert api.get(path, as_=token("mbr_staff", role)).status == status


def test_a_note_is_listed_newest_first_and_stored_sealed(world: World) -> None:
    member = world.member()
    first, second = note(world, member, NOTE), note(world, member, {"text": "已处理"})
    assert (first.status, first.body["text"], first.body["by"]) == (201, NOTE["text"], "mbr_staff")
    assert notes(world, member)["data"] == [second.body, first.body]
    page = notes(world, member, "?limit=1")
    rest = notes(world, member, f"?limit=1&cursor={page['next_cursor']}")
    assert page["data"] + rest["data"] == [second.body, first.body]
    stored = repr([item.to_dynamodb_dict() for item in MembersItem.query(f"MBR#{member}")])
    assert "换绑" not in stored


def test_a_retry_of_a_note_is_one_note_and_another_text_is_refused(world: World) -> None:
    member, key = world.member(), new_key()
    first, again = note(world, member, NOTE, key), note(world, member, NOTE, key)
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = note(world, member, {"text": "x"}, key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    assert len(notes(world, member)["data"]) == 1


def test_a_note_is_audited_without_its_words(world: World) -> None:
    member = world.member()
    made = note(world, member, NOTE)
    path = f"/v1/admin/audit?subject={member}"
    (act,) = world.api.get(path, as_=token("mbr_staff", "ops")).body["data"]
    assert (act["action"], act["after"]["note"]) == ("member.note", made.body["id"])
    assert "换绑" not in str(act)


def test_notes_are_for_the_staff_about_members_who_exist(world: World) -> None:
    member = world.member()
    for role in ("finance", "member"):
        as_ = token("mbr_staff", role)
        assert world.api.get(path_of(member), as_=as_).status == 403
        assert world.api.post(path_of(member), NOTE, as_=as_, key=new_key()).status == 403
    assert note(world, member, {"text": ""}).status == 400
    assert note(world, member, {"text": "x" * 501}).status == 400
    assert note(world, f"mbr_{'a' * 26}", NOTE).status == 404
    assert notes(world, member)["data"] == []
