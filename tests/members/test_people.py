"""People by their ids: who they are, masked, and nobody else."""

from __future__ import annotations

from chalicelib.kernel import clock, ids
from chalicelib.members.actions.registrations import enrol
from chalicelib.members.queries import destination_of
from tests.api import Answer, token
from tests.members.people import new_email
from tests.world import World, new_phone


def people(world: World, *asked: str) -> Answer:
    path = f"/v1/admin/people?ids={','.join(asked)}"
    return world.api.get(path, as_=token("mbr_staff", "finance"))


def test_people_are_named_and_their_phones_masked(world: World) -> None:
    phone, email = new_phone(), new_email()
    one = enrol(destination_of(phone=phone), roles=(), now=clock.now())
    other = enrol(destination_of(email=email), roles=["ops"], now=clock.now())
    world.api.patch("/v1/me", {"nickname": "小红"}, as_=token(one))
    answer = people(world, one, other, one, ids.new_id("mbr"), "ord_x")
    assert answer.status == 200
    found = {each["id"]: each for each in answer.body["data"]}
    assert found.keys() == {one, other}
    assert len(answer.body["data"]) == 2
    assert (found[one]["nickname"], found[one]["phone"]) == (
        "小红",
        f"{phone[:-8]}****{phone[-4:]}",
    )
    assert found[other]["email"].startswith(f"{email[0]}***@")
    assert phone not in str(answer.body)
    assert email not in str(answer.body)


def test_more_than_a_page_of_people_is_refused(world: World) -> None:
    nobody = [ids.new_id("mbr") for _ in range(21)]
    assert people(world, *nobody[:20]).body == {"data": []}
    answer = people(world, *nobody)
    assert (answer.status, answer.body["errors"][0]["code"]) == (400, "too_many")
    assert people(world).status == 400
